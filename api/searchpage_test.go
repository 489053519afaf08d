package api_test

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

var browser = header("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")

// open reads a page as a browser does.
func (s *site) open(at string, status int, options ...option) *goquery.Document {
	s.t.Helper()
	r := s.get(at, append(options, browser)...).is(status)
	if got := r.header.Get("Content-Type"); !strings.EqualFold(got, "text/html; charset=utf-8") {
		s.t.Fatalf("%s is %q", at, got)
	}
	return must(goquery.NewDocumentFromReader(strings.NewReader(string(r.body))))(s.t)
}

// words are the texts of what a selector finds, without line ends.
func words(page *goquery.Document, selector string) (texts []string) {
	page.Find(selector).Each(func(_ int, x *goquery.Selection) {
		texts = append(texts, strings.Join(strings.Fields(x.Text()), " "))
	})
	return texts
}

// hostile is a listing whose texts are markup.
const hostile = `{
	"title": "<script>alert(1)</script> & \"quotes\"", "summary": "<b>bold</b>", "interests": ["singing"], "delivery": ["online", "phone"], "cost": {"kind": "fixed", "pounds": 3.5, "per": "session", "concession_pounds": 2},
	"schedule": {"repeats": [{"every": "week", "days": ["thu"], "start": "10:00"}]}, "access": {"step-free": {"answer": "no"}},
	"catchment": {"nationwide": true}
}`

func withListings(t *testing.T) *site {
	s := newSite(t)
	g := s.trusted("Northgate Friends")
	s.publish(g.Key, yoga)
	s.publish(g.Key, hostile)
	s.catchUp()
	return s
}

func TestSearchPage(t *testing.T) {
	s := withListings(t)
	for _, row := range []struct{ at, selector, want string }{
		{"/", "h1", "Find something to do near you"},
		{"/?q=yoga&near=&within=5&age=", "#count", "1 activity found"},
		{"/?q=yoga", "article h3", "Tuesday Chair Yoga"},
		{"/?q=yoga", "article .main dd", "Tuesday 2 June, 2 pm to 3:30 pm"},
		{"/?q=yoga&near=Sale", "article .distance", "About 0.1 miles away"},
		{"/?q=yoga", "article dl > div:nth-child(3) dd", "Not stated: ask"},
		{"/?q=yoga", "article dl > div:nth-child(4) dd", "step-free"},
		{"/?q=yoga", "article dl > div:nth-child(5) dd", "you can bring someone"},
		{"/?q=yoga", ".by", "Run by Northgate Friends"},
		{"/?q=quotes", "article h3", `<script>alert(1)</script> & "quotes"`},
		{"/?q=quotes", "article dl > div:nth-child(3) dd", "£3.50 a session, £2 for some people"},
		{"/?q=quotes", "article .no", "Not there: Step-free entrance"},
		{"/?q=quotes", "article .main:nth-child(2) dd", "Online · By phone"},
		{"/?day=tue&day=thu", "#count", "2 activities found"}, // boxes mean either
		{"/?access=step-free&access=hearing-loop&q=yoga", "#count", "Nothing found"},
		{"/?access=step-free&q=yoga", ".chips li a", "× Step-free entrance"},
		{"/near/Sale", "#near", ""},
		{"/near/Sale?q=yoga", "article h3", "Tuesday Chair Yoga"},
		{"/interests/yoga", "article h3", "Tuesday Chair Yoga"},
		{"/?q=yoga&utm_source=mail&fbclid=x", "#count", "1 activity found"},
		{"/?q=yoga&lang=cy", "#count", "Cafwyd hyd i 1 gweithgaredd"},
		{"/?q=yoga&lang=cy", "article .main dd", "Dydd Mawrth 2 Mehefin, 2 yp tan 3:30 yp"},
		{"/?near=Xyzzyx", ".faults li", `No place called "Xyzzyx" is known. Check the spelling, name the nearest town, or give a postcode.`},
		{"/embed/search?q=yoga", "article h3 a[target=_blank]", "Tuesday Chair Yoga"},
	} {
		status := http.StatusOK
		if row.selector == ".faults li" {
			status = http.StatusBadRequest
		}
		if got := words(s.open(row.at, status), row.selector); len(got) == 0 || got[0] != row.want {
			t.Errorf("%s: %s is %q, want %q", row.at, row.selector, got, row.want)
		}
	}
}

// What is chosen stays chosen, can be taken back one by one, and the words stay when
// all is cleared.
func TestSearchPageKeepsWhatIsChosen(t *testing.T) {
	s := withListings(t)
	page := s.open("/?q=yoga&near=M33+7DB&within=10&day=tue,wed&cost=5&age=70&checked=6&access_unknown=include&access=step-free&sort=distance", http.StatusOK)
	for selector, want := range map[string]string{
		"#q": "yoga", "#near": "M33 7DB", "#within option[selected]": "10", "#sort option[selected]": "distance", "#age": "70",
		"input[name=cost][checked]": "5", "#access input[name=access][checked]": "step-free", "#access_unknown[checked]": "include", "input[type=hidden][name=checked]": "6",
	} {
		if got := page.Find(selector).AttrOr("value", "nothing"); got != want {
			t.Errorf("%s has %q, want %q", selector, got, want)
		}
	}
	chips := page.Find(".chips[aria-labelledby=chosen] a")
	if chips.Length() != 7 {
		t.Fatalf("chosen: %q", words(page, ".chips[aria-labelledby=chosen] a"))
	}
	chips.Each(func(_ int, a *goquery.Selection) {
		after := s.open(a.AttrOr("href", ""), http.StatusOK)
		if n := after.Find(".chips[aria-labelledby=chosen] a").Length(); n != 6 {
			t.Errorf("without %q: %d are chosen, want 6", strings.TrimSpace(a.Text()), n)
		}
	})
	clear, ok := page.Find(`#results a:contains("Clear all")`).Attr("href")
	after := s.open(clear, http.StatusOK)
	if n := after.Find(".chips[aria-labelledby=chosen] a").Length(); !ok || n != 0 || after.Find("#q").AttrOr("value", "") != "yoga" || after.Find("#near").AttrOr("value", "") != "M33 7DB" {
		t.Errorf("%s: %d are chosen after clearing, or the words are gone", clear, n)
	}
}

// Nobody is left on an empty page, and every link that a page offers works.
func TestSearchPageLeadsOn(t *testing.T) {
	s := withListings(t)
	for _, at := range []string{"/", "/?lang=cy", "/?q=yoga&near=Sale&access=hearing-loop", "/?q=yoga+in+Sale", "/?q=yogga", "/?near=Newport", "/embed/search?q=yoga&lang=cy", "/?near=nowhere+at+all"} {
		page := must(goquery.NewDocumentFromReader(strings.NewReader(string(s.get(at, browser).body))))(t)
		if lang := page.Find("html").AttrOr("lang", ""); (lang == "cy") != strings.Contains(at, "lang=cy") {
			t.Errorf("%s is in %q", at, lang)
		}
		page.Find(`a[href^="/"]`).Each(func(_ int, a *goquery.Selection) {
			link := a.AttrOr("href", "")
			bad := strings.Contains(at, "nowhere") && a.AttrOr("hreflang", "") == "cy" // the same question in Welsh
			if r := s.get(link, browser); r.status != http.StatusOK && !bad {
				t.Errorf("%s links to %s: %d", at, link, r.status)
			}
		})
		if strings.Contains(string(must(page.Html())(t)), "{") {
			t.Errorf("%s shows a text without words: %s", at, regexp.MustCompile(`\{[^}]*\}`).FindString(string(must(page.Html())(t))))
		}
	}
	empty := s.open("/?q=yoga&near=Sale&access=hearing-loop", http.StatusOK)
	if empty.Find("article").Length() != 0 || empty.Find(`[aria-labelledby=rescue] a, .note a`).Length() == 0 {
		t.Errorf("an empty page offers nothing: %s", empty.Text())
	}
}

// The page is walked to its end by its own links, and shows each listing once.
func TestSearchPageIsPaged(t *testing.T) {
	s := newSite(t)
	g := s.trusted("Northgate Friends")
	for range 45 {
		s.publish(g.Key, yoga)
	}
	s.catchUp()
	var seen []string
	at := "/?q=yoga&near=Sale"
	for pages := 0; at != ""; pages++ {
		if pages > 3 {
			t.Fatal("more than 3 pages")
		}
		page := s.open(at, http.StatusOK)
		page.Find("article h3 a").Each(func(_ int, a *goquery.Selection) { seen = append(seen, a.AttrOr("href", "")) })
		if first := page.Find(`nav a:contains("first page")`).Length(); (first == 1) != (pages > 0) {
			t.Errorf("page %d has %d links to the first", pages+1, first)
		}
		at = page.Find("a[rel=next]").AttrOr("href", "")
	}
	slices.Sort(seen)
	if got := len(slices.Compact(seen)); got != 45 {
		t.Errorf("%d listings on all pages, want 45", got)
	}
}

func TestSearchPageIsForEveryone(t *testing.T) {
	s := withListings(t)
	for _, at := range []string{"/?q=yoga&near=Sale&access=step-free", "/?near=Xyzzyx&age=old", "/embed/search?q=yoga", "/nowhere"} {
		r := s.get(at, browser)
		page := must(goquery.NewDocumentFromReader(strings.NewReader(string(r.body))))(t)
		for what, n := range map[string]int{"h1": page.Find("h1").Length(), "main": page.Find("main").Length(), "title": page.Find("title").Length()} {
			if n != 1 {
				t.Errorf("%s has %d %s", at, n, what)
			}
		}
		page.Find("input:not([type=hidden]), select").Each(func(_ int, x *goquery.Selection) {
			if id := x.AttrOr("id", ""); page.Find(`label[for="`+id+`"]`).Length() != 1 {
				t.Errorf("%s: field %q has no label of its own", at, id)
			}
			for _, id := range strings.Fields(x.AttrOr("aria-describedby", "")) {
				if page.Find("#"+id).Length() != 1 {
					t.Errorf("%s: a field is described by %q, which is not there", at, id)
				}
			}
		})
		page.Find(`a[href^="#"]`).Each(func(_ int, x *goquery.Selection) {
			if page.Find(x.AttrOr("href", "")).Length() != 1 {
				t.Errorf("%s links to %s, which is not there", at, x.AttrOr("href", ""))
			}
		})
		if page.Find("script, style, [style], img").Length() != 0 {
			t.Errorf("%s has script, style or pictures in it", at)
		}
		policy, framed := r.header.Get("Content-Security-Policy"), strings.HasPrefix(at, "/embed")
		if !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "frame-ancestors *") != framed || (r.header.Get("X-Frame-Options") == "") != framed {
			t.Errorf("%s: policy %q, X-Frame-Options %q", at, policy, r.header.Get("X-Frame-Options"))
		}
	}
}

// Browsers get a page when something fails, programs a problem.
func TestFailuresArePagesForBrowsers(t *testing.T) {
	s := withListings(t)
	g := s.trusted("Southgate Friends")
	a, r := s.publish(g.Key, yoga)
	s.do("DELETE", "/v1/activities/"+a.ID, nil, key(g.Key), ifMatch(r.etag())).is(http.StatusOK)
	for _, row := range []struct {
		at, lang, title string
		status          int
	}{
		{"/nowhere", "en", "We cannot find that page", 404},
		{"/activities/" + nobody, "cy-GB, en;q=0.5", "Ni allwn ddod o hyd i'r dudalen honno", 404},
		{"/activities/" + a.ID, "", "This is no longer listed", 410},
		{"/interests/nothing", "", "We cannot find that page", 404},
		{"/groups/" + nobody + "?after=x", "", "There is a problem with the address", 400},
	} {
		page := s.open(row.at, row.status, header("Accept-Language", row.lang))
		if got := words(page, "h1"); !slices.Equal(got, []string{row.title}) || page.Find("form[role=search]").Length() != 1 {
			t.Errorf("%s: %q, want %q and a search", row.at, got, row.title)
		}
		if got := s.get(row.at).is(row.status).header.Get("Content-Type"); got != "application/problem+json" {
			t.Errorf("%s for a program is %q", row.at, got)
		}
	}
	if got := s.get("/v1/activities?"+url.Values{"near": {"Xyzzyx"}}.Encode(), browser).header.Get("Content-Type"); got != "application/problem+json" {
		t.Errorf("a browser at the API gets %q", got)
	}
}
