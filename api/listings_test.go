package api_test

import (
	"encoding/json"
	"encoding/xml"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// elements are the elements of a page with this name, in order.
func (r reply) elements(name string) []*html.Node {
	r.t.Helper()
	doc := must(html.Parse(strings.NewReader(string(r.body))))(r.t)
	var out []*html.Node
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode && n.Data == name {
			out = append(out, n)
		}
	}
	return out
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// inner is the text in an element, white space made single.
func inner(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// fullListing says as much as a listing can say on a page.
const fullListing = `{
	"title": "Tuesday Chair Yoga", "summary": "Gentle yoga on chairs.", "description": "First part.\n\nSecond part.", "interests": ["chair-yoga"], "delivery": ["venue", "online"],
	"cy": {"title": "Ioga cadair ddydd Mawrth", "what_to_expect": "Bydd rhywun wrth y drws."},
	"venue": {"name": "St Mary's Hall", "address": {"town": "Sale", "postcode": "M33 7DB"}, "getting_there": {"stop": "Sale Metrolink", "stop_metres": 200}},
	"online": {"platform": "Zoom"}, "website": "https://example.org/yoga", "languages": ["en", "cy"],
	"schedule": {"repeats": [{"every": "week", "days": ["tue"], "start": "14:00", "end": "15:30"}]},
	"cost": {"kind": "fixed", "pounds": 3.5}, "audience": {"min_age": 18},
	"access": {"step-free": {"answer": "yes", "note": "ramp at the side"}, "lift": {"answer": "no"}},
	"first_visit": {"facts": {"companion-welcome": {"answer": "yes"}, "dogs-welcome": {"answer": "no"}}, "what_to_expect": "Somebody waits at the door.", "group_max": 12},
	"contacts": [{"role": "Host", "phone": "0161 496 0001", "public": true}, {"role": "Home", "phone": "0161 496 0002", "public": false}]
}`

func TestPageOfAnActivity(t *testing.T) {
	s := newSite(t)
	g := s.trusted("Northgate Friends")
	a, _ := s.publish(g.Key, fullListing)
	s.do("PUT", "/v1/activities/"+a.ID+"/sessions/2026-06-16T14:00", `{"status": "cancelled", "note": "The hall is being painted"}`, key(g.Key), ifMatch("*")).is(http.StatusOK)
	s.do("PUT", "/v1/activities/"+a.ID+"/sessions/2026-06-23T14:00", `{"status": "moved", "to": {"date": "2026-06-24", "start": "10:00"}}`, key(g.Key), ifMatch("*")).is(http.StatusOK)
	at := "/activities/" + a.ID
	r := s.get(at).is(http.StatusOK)
	text := inner(r.elements("main")[0])
	for _, want := range []string{
		"Tuesday Chair Yoga", "Run byNorthgate Friends", "First part.", "Second part.", "Every Tuesday, 14:00 to 15:30",
		"Tuesday 16 June 2026, 14:00 to 15:30 Cancelled: The hall is being painted", "Wednesday 24 June 2026, 10:00 Moved", "St Mary's Hall, Sale, M33 7DB", "Online: Zoom", "Nearest stop: Sale Metrolink, 200 metres",
		"Somebody waits at the door.", "At most 12 people.", "Step-free entranceYes: ramp at the side", "LiftNo", "Is there a hearing loop?", "£3.50 a session", "Ages 18 and over.",
		"Languages: English, Welsh", "Host: 0161 496 0001", "Last checked 2 June 2026.", "Bydd rhywun wrth y drws.",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q: %s", want, text)
		}
	}
	for _, bad := range []string{"0161 496 0002", "Can you get in without any steps?", "Is there a lift?", "null", "ZgotmplZ"} {
		if strings.Contains(string(r.body), bad) {
			t.Errorf("the page says %q", bad)
		}
	}
	links := map[string]bool{}
	for _, name := range []string{"a", "link"} {
		for _, l := range r.elements(name) {
			links[attribute(l, "href")] = true
		}
	}
	for _, want := range []string{"/v1" + at + ".ics", "webcal://gather.example/v1" + at + ".ics", "/groups/" + g.Group.ID, "https://gather.example" + at, "tel:01614960001", "https://example.org/yoga"} {
		if !links[want] {
			t.Errorf("the page has no link to %s", want)
		}
	}
	for link := range links {
		if strings.HasPrefix(link, "/") {
			s.get(link).is(http.StatusOK)
		}
	}
	var welsh []string
	for _, section := range r.elements("section") {
		welsh = append(welsh, attribute(section, "lang"))
	}
	if strings.Join(welsh, " ") != "cy" {
		t.Errorf("sections in the languages %q", welsh)
	}

	bare, _ := s.publish(g.Key, `{"title": "Phone a friend", "delivery": ["phone"]}`)
	text = inner(s.get("/activities/" + bare.ID).is(http.StatusOK).elements("main")[0])
	if strings.Count(text, "Not stated: ask") != 4 || !strings.Contains(text, "By telephone.") || !strings.Contains(text, "No public contact is stated.") {
		t.Errorf("what is not stated is not asked: %s", text)
	}
}

func TestPagesHaveTheirJSONLD(t *testing.T) {
	s, g, a, _ := town(t)
	for at, want := range map[string]string{
		"/activities/" + a.ID:                                "https://gather.example/activities/" + a.ID,
		"/activities/" + a.ID + "/sessions/2026-06-09T14:00": "https://gather.example/activities/" + a.ID + "/sessions/2026-06-09T14:00",
		"/groups/" + g.Group.ID:                              "",
	} {
		r := s.get(at).is(http.StatusOK)
		scripts := r.elements("script")
		if want == "" {
			if len(scripts) > 0 {
				t.Errorf("%s has scripts", at)
			}
			continue
		}
		if len(scripts) != 1 || attribute(scripts[0], "type") != "application/ld+json" {
			t.Errorf("%s has %d scripts", at, len(scripts))
			continue
		}
		var event struct {
			ID        string `json:"@id"`
			URL, Name string
			StartDate string
			Location  []any
		}
		check(t, json.Unmarshal([]byte(scripts[0].FirstChild.Data), &event))
		canonical := ""
		for _, l := range r.elements("link") {
			if attribute(l, "rel") == "canonical" {
				canonical = attribute(l, "href")
			}
		}
		if event.ID != want || event.URL != want || event.Name == "" || event.StartDate == "" || len(event.Location) == 0 || canonical != want {
			t.Errorf("%s is %+v, canonical %s", at, event, canonical)
		}
	}
}

func TestListingPagesCanBeReadByEveryone(t *testing.T) {
	s, g, a, _ := town(t)
	for _, at := range []string{"/activities/" + a.ID, "/activities/" + a.ID + "/sessions/2026-06-09T14:00", "/groups/" + g.Group.ID} {
		r := s.get(at).is(http.StatusOK)
		page := string(r.body)
		for what, form := range map[string]string{"the language": `<html lang="en-GB">`, "a title": `<title>[^<]+ – Gather</title>`, "a main part": `<main id="main">`, "a way past the head": `href="#main"`, "a main heading": `<h1>`, "a scale": `content="width=device-width, initial-scale=1"`} {
			if n := len(regexp.MustCompile(form).FindAllString(page, -1)); n != 1 {
				t.Errorf("%s has %s %d times", at, what, n)
			}
		}
		if regexp.MustCompile(`(?i)<script(?: type="application/ld\+json")?[^>]*src|<style|\son[a-z]+=|style=|<img|<th>`).MatchString(page) {
			t.Errorf("%s has script, style, pictures, or table headings without a scope", at)
		}
		for _, link := range r.elements("a") {
			if inner(link) == "" {
				t.Errorf("%s has a link without text", at)
			}
		}
		if policy := r.header.Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "script-src") {
			t.Errorf("%s has the policy %q", at, policy)
		}
	}
}

func TestPagesOfWhatIsNotPublic(t *testing.T) {
	s, g, a, b := town(t)
	waiting := s.register("Not trusted yet")
	hidden, _ := s.publish(waiting.Key, yoga)
	s.do("DELETE", "/v1/activities/"+a.ID, nil, key(g.Key), ifMatch("*")).is(http.StatusOK)
	for at, status := range map[string]int{
		"/activities/" + hidden.ID: 404, "/groups/" + waiting.Group.ID: 404, "/activities/" + nobody: 404, "/groups/" + nobody: 404,
		"/activities/" + a.ID: 410, "/activities/" + a.ID + "/sessions/2026-06-09T14:00": 410, "/activities/" + b.ID + "/sessions/2026-06-10T14:00": 404,
	} {
		s.get(at, key(waiting.Key)).is(status)
	}
	var map1 struct {
		URLs []struct {
			Loc string `xml:"loc"`
		} `xml:"url"`
	}
	check(t, xml.Unmarshal(s.get("/sitemap.xml").is(http.StatusOK).body, &map1))
	var have []string
	for _, u := range map1.URLs {
		have = append(have, u.Loc)
		s.get(strings.TrimPrefix(u.Loc, "https://gather.example")).is(http.StatusOK)
	}
	if len(have) != 2 || have[0] != "https://gather.example/groups/"+g.Group.ID || have[1] != "https://gather.example/activities/"+b.ID {
		t.Errorf("the sitemap has %q", have)
	}
	if text := string(s.get("/robots.txt").is(http.StatusOK).body); !strings.Contains(text, "Sitemap: https://gather.example/sitemap.xml\n") || strings.Contains(text, "Disallow: /\n") {
		t.Errorf("robots.txt: %s", text)
	}
	s.get("/sitemaps/1.xml").is(http.StatusOK)
	for _, at := range []string{"/sitemaps/2.xml", "/sitemaps/0.xml", "/sitemaps/1", "/sitemaps/-1.xml", "/sitemaps/99999999999999999999.xml", "/sitemaps/x.xml"} {
		s.get(at).is(http.StatusNotFound)
	}
}
