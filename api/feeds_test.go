package api_test

import (
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"gather/directory"
)

// forms are the forms of activities with their media types.
var forms = map[string]string{
	"json": "application/json", "ics": "text/calendar", "atom": "application/atom+xml", "geojson": "application/geo+json", "csv": "text/csv", "jsonld": "application/ld+json",
}

// parse reads a body in a form, and fails the test where it is none.
func (r reply) parse(form string) {
	r.t.Helper()
	text, err := string(r.body), error(nil)
	switch form {
	case "ics":
		if !strings.HasPrefix(text, "BEGIN:VCALENDAR\r\n") || !strings.HasSuffix(text, "END:VCALENDAR\r\n") || strings.Count(text, "\nBEGIN:VEVENT") != strings.Count(text, "\nEND:VEVENT") {
			err = fmt.Errorf("not a whole calendar")
		}
	case "csv":
		_, err = csv.NewReader(strings.NewReader(text)).ReadAll()
	case "atom", "xml":
		for d := xml.NewDecoder(strings.NewReader(text)); err == nil; {
			_, err = d.Token()
		}
		if err == io.EOF {
			err = nil
		}
	default:
		if !json.Valid(r.body) {
			err = fmt.Errorf("not JSON")
		}
	}
	if err != nil {
		r.t.Errorf("%s is not %s: %v: %.1000s", r.what, form, err, text)
	}
}

// town is a site with a group that has two activities, in the index.
func town(t *testing.T) (s *site, g directory.Registered, yoga1, walk directory.Activity) {
	t.Helper()
	s = newSite(t)
	g = s.trusted("Northgate Friends")
	yoga1, _ = s.publish(g.Key, yoga)
	walk, _ = s.publish(g.Key, strings.NewReplacer("Tuesday Chair Yoga", "River Walk", "Gentle yoga on chairs.", "Along the river.", "chair-yoga", "walking").Replace(yoga))
	s.catchUp()
	return s, g, yoga1, walk
}

func TestEveryFormBothWays(t *testing.T) {
	s, g, a, _ := town(t)
	session := "/v1/activities/" + a.ID + "/sessions/2026-06-09T14:00"
	for _, row := range []struct{ at, forms string }{
		{"/v1/activities", "json ics atom geojson csv jsonld"},
		{"/v1/activities/" + a.ID, "json ics atom geojson csv jsonld"},
		{"/v1/groups/" + g.Group.ID + "/activities", "json ics atom geojson csv jsonld"},
		{session, "json ics jsonld"},
	} {
		for form, media := range forms {
			offered := strings.Contains(" "+row.forms+" ", " "+form+" ")
			for _, ending := range []string{form, strings.ToUpper(form)} {
				r := s.get(row.at+"."+ending, header("Accept", "image/png"))
				switch {
				case !offered:
					if r.status != http.StatusNotFound || r.kind() != "no-such-address" {
						t.Errorf("%s: %d", r.what, r.status)
					}
				default:
					r.is(http.StatusOK).parse(form)
					if got, _, _ := strings.Cut(r.header.Get("Content-Type"), ";"); got != media {
						t.Errorf("%s is %s", r.what, got)
					}
				}
			}
			r := s.get(row.at, header("Accept", media+", image/png;q=0.9"))
			if !offered {
				r.is(http.StatusNotAcceptable)
				continue
			}
			r.is(http.StatusOK).parse(form)
			if got, _, _ := strings.Cut(r.header.Get("Content-Type"), ";"); got != media || !strings.Contains(strings.Join(r.header.Values("Vary"), ", "), "Accept,") && !strings.HasSuffix(strings.Join(r.header.Values("Vary"), ", "), "Accept") {
				t.Errorf("%s with Accept %s is %s and varies by %q", r.what, media, got, r.header.Values("Vary"))
			}
		}
		for _, accept := range []string{"", "*/*", "text/html,application/xhtml+xml,*/*;q=0.8", "application/*"} {
			if got := s.get(row.at, header("Accept", accept)).is(http.StatusOK).header.Get("Content-Type"); !strings.HasPrefix(got, "application/json") {
				t.Errorf("%s with Accept %q is %s", row.at, accept, got)
			}
		}
		for _, ending := range []string{".", ".xml", ".ics.csv", ".json/"} {
			if r := s.get(row.at + ending); r.status != http.StatusNotFound {
				t.Errorf("%s: %d", r.what, r.status)
			}
		}
	}
	s.get("/v1/activities/" + nobody + ".ics").is(http.StatusNotFound)
	s.get("/v1/groups/" + nobody + "/activities.ics").is(http.StatusNotFound)
	s.get("/v1/activities/" + a.ID + "/sessions/2026-06-10T14:00.ics").is(http.StatusNotFound)
	s.get("/v1/activities/" + a.ID + "/sessions/nonsense").is(http.StatusNotFound)
}

func TestFeedsHoldWhatTheSearchFinds(t *testing.T) {
	s, g, a, b := town(t)
	for at, want := range map[string]string{
		"/v1/activities.%s":        a.ID + " " + b.ID,
		"/v1/activities.%s?q=yoga": a.ID,
		"/v1/activities.%s?near=M33&within=3&access=step-free&q=river": b.ID,
		"/v1/activities.%s?day=wed":                                    "",
		"/v1/groups/" + g.Group.ID + "/activities.%s":                  a.ID + " " + b.ID,
		"/v1/activities/" + a.ID + ".%s":                               a.ID,
	} {
		for form := range forms {
			r := s.get(fmt.Sprintf(at, form)).is(http.StatusOK)
			r.parse(form)
			for _, id := range []string{a.ID, b.ID} {
				// A feed may name itself; an activity names its page.
				if got := strings.Contains(string(r.body), "activities/"+id) || strings.Contains(string(r.body), `"id":"`+id) || strings.Contains(string(r.body), "UID:"+id); got != strings.Contains(want, id) {
					t.Errorf("%s has %s: %v", r.what, id, got)
				}
			}
			if strings.Contains(string(r.body), "0161 496 0002") {
				t.Errorf("%s has a contact that is not public", r.what)
			}
			if mine := s.get(fmt.Sprintf(at, form), key(g.Key)).is(http.StatusOK); form != "json" && strings.Contains(string(mine.body), "0161 496 0002") {
				t.Errorf("%s with the group's key has a contact that is not public", r.what)
			}
		}
	}
	for at, field := range map[string]string{
		"/v1/activities.csv?limit=5": "limit", "/v1/activities.ics?cursor=x": "cursor", "/v1/activities.geojson?facets=all": "facets", "/v1/activities.atom?explain=true": "explain",
		"/v1/activities.atom?sort=title": "sort", "/v1/activities.atom?cursor=x": "cursor", "/v1/activities.atom?q=yoga&cursor=x": "cursor", "/v1/activities.ics?acess=ramp": "acess",
		"/v1/groups/" + g.Group.ID + "/activities.csv?limit=5": "limit",
	} {
		if r := s.get(at); r.status != http.StatusBadRequest || r.faults() != field {
			t.Errorf("%s: %d %s", at, r.status, r.body)
		}
	}
	s.get("/v1/activities.csv?near=Nowhereville").is(http.StatusBadRequest)
}

func TestFeedsSayHowLongTheyHold(t *testing.T) {
	s, g, a, _ := town(t)
	session := "/v1/activities/" + a.ID + "/sessions/2026-06-09T14:00.ics"
	calendars := []string{"/v1/activities.ics", "/v1/activities.ics?q=yoga", "/v1/groups/" + g.Group.ID + "/activities.ics", "/v1/activities/" + a.ID + ".ics", session}
	others := []string{"/v1/activities.csv", "/v1/activities.jsonld", "/v1/activities.atom", "/v1/activities.geojson?q=yoga", "/v1/activities/" + a.ID + ".csv", "/sitemap.xml", "/activities/" + a.ID}
	tags := map[string]string{}
	for _, at := range append(calendars, others...) {
		r := s.get(at).is(http.StatusOK)
		tags[at] = r.etag()
		if r.header.Get("Cache-Control") == "" || !strings.HasPrefix(r.header.Get("Cache-Control"), "public") {
			t.Errorf("%s has Cache-Control %q", at, r.header.Get("Cache-Control"))
		}
		if at == "/sitemap.xml" {
			continue // a stream that says how long it holds, and has no tag
		}
		again := s.get(at, header("If-None-Match", r.etag()))
		if again.status != http.StatusNotModified || len(again.body) > 0 || again.etag() != r.etag() {
			t.Errorf("%s again with %s: %d %q", at, r.etag(), again.status, again.etag())
		}
		zipped := s.get(at, header("Accept-Encoding", "gzip")).is(http.StatusOK)
		if s.get(at, header("Accept-Encoding", "gzip"), header("If-None-Match", zipped.etag())).status != http.StatusNotModified {
			t.Errorf("%s compressed, again with %s, is sent again", at, zipped.etag())
		}
	}
	s.clock.forward(40 * 24 * time.Hour)
	for _, at := range calendars {
		s.get(at, header("If-None-Match", tags[at])).is(http.StatusNotModified)
	}
	if r := s.get("/v1/activities.csv", header("If-None-Match", tags["/v1/activities.csv"])); r.status != http.StatusOK {
		t.Error("the next sessions are those of a month ago")
	}
	s.do("PUT", "/v1/activities/"+a.ID+"/sessions/2026-07-14T14:00", `{"status": "cancelled"}`, key(g.Key), ifMatch("*")).is(http.StatusOK)
	s.catchUp()
	for _, at := range calendars {
		r := s.get(at, header("If-None-Match", tags[at])).is(http.StatusOK)
		if at != session && !strings.Contains(string(r.body), "STATUS:CANCELLED") {
			t.Errorf("%s does not say that a session is cancelled", at)
		}
		tags[at] = r.etag()
	}
	s.clock.forward(365 * 24 * time.Hour)
	for _, at := range calendars {
		s.get(at, header("If-None-Match", tags[at])).is(http.StatusOK)
	}
}

func TestFilesHaveNames(t *testing.T) {
	s := newSite(t)
	g := s.trusted("Northgate Friends")
	a, _ := s.publish(g.Key, withYoga("Tuesday Chair Yoga", `Iôga; \"y gadair\" / ../../etc/passwd =1+1 `+strings.Repeat("x", 60)))
	b, _ := s.publish(g.Key, withYoga("Tuesday Chair Yoga", "瑜伽课"))
	s.catchUp()
	long := "i-ga-y-gadair-etc-passwd-1-1-" + strings.Repeat("x", 31)
	for at, want := range map[string]string{
		"/v1/activities/" + a.ID + ".ics":                  `attachment; filename="` + long + `.ics"`,
		"/v1/activities/" + b.ID + ".csv":                  `attachment; filename="activities.csv"`,
		"/v1/activities/" + a.ID + ".jsonld":               `inline; filename="` + long + `.jsonld"`,
		"/v1/activities.geojson?q=io%22ga%0D%0AX&near=M33": "",
		"/v1/activities.geojson?q=io%22ga&near=M33":        `attachment; filename="gather-io-ga-near-m33.geojson"`,
		"/v1/groups/" + g.Group.ID + "/activities.atom":    `inline; filename="northgate-friends.atom"`,
	} {
		if got := s.get(at).header.Get("Content-Disposition"); got != want {
			t.Errorf("%s is saved as %s, want %s", at, got, want)
		}
	}
}

// hostileListing tries to break out of every form.
var hostileListing = strings.NewReplacer(
	"Tuesday Chair Yoga", `=cmd|'/c calc'!A1 <script>alert(1)</script> & \"x\" ]]> 名`,
	"Gentle yoga on chairs.", `</script><script>alert(2)</script>, one;two\\three --> &amp; END:VCALENDAR`,
	"St Mary's Hall", `@SUM(A1) \"Hall\" <b>`, `"Host"`, `"<i>Host</i>"`,
).Replace(strings.Replace(yoga, `"title"`, `"description": "first\nEND:VEVENT\nEND:VCALENDAR\nBEGIN:VCALENDAR\n\n<img src=x onerror=alert(3)>\t\"q\",x", "title"`, 1))

func TestHostileTextsStayTexts(t *testing.T) {
	s := newSite(t)
	g := s.trusted(`<script>alert(4)</script> "Friends" =1+1`)
	a, _ := s.publish(g.Key, hostileListing)
	s.catchUp()
	for _, at := range []string{"/v1/activities", "/v1/activities/" + a.ID, "/v1/groups/" + g.Group.ID + "/activities"} {
		for form := range forms {
			r := s.get(at + "." + form).is(http.StatusOK)
			r.parse(form)
			if text := string(r.body); form == "ics" && (strings.Count(text, "\nEND:VCALENDAR") != 1 || strings.Count(text, "\nBEGIN:VEVENT") != 1) ||
				form == "jsonld" && strings.Contains(text, "<") || form == "csv" && (strings.Contains(text, "\n=") || strings.Contains(text, ",=") || strings.Contains(text, ",@")) {
				t.Errorf("%s: %s", r.what, text)
			}
		}
	}
	for _, at := range []string{"/oruk/v3/services/" + a.ID, "/openactive/session-series", "/oruk/v3/organizations?search=friends"} {
		s.get(at).is(http.StatusOK).parse("json")
	}
	for _, at := range []string{"/activities/" + a.ID, "/activities/" + a.ID + "/sessions/2026-06-09T14:00", "/groups/" + g.Group.ID} {
		page := string(s.get(at).is(http.StatusOK).body)
		for _, bad := range []string{"alert(1)</script>", "alert(2)</script>", "<img", "<b>", "<i>", "alert(4)</script>"} {
			if strings.Contains(page, bad) {
				t.Errorf("%s has %s in it: %s", at, bad, page)
			}
		}
	}
}

// entries reads the ids of an Atom feed's entries and deleted entries, and the
// address of the next page.
func (r reply) entries() (ids, gone []string, next string) {
	r.t.Helper()
	var feed struct {
		Entries []struct {
			ID string `xml:"id"`
		} `xml:"entry"`
		Deleted []struct {
			Ref string `xml:"ref,attr"`
		} `xml:"http://purl.org/atompub/tombstones/1.0 deleted-entry"`
		Links []struct {
			Rel  string `xml:"rel,attr"`
			Href string `xml:"href,attr"`
		} `xml:"link"`
	}
	if err := xml.Unmarshal(r.body, &feed); err != nil {
		r.t.Fatalf("%s: %v: %.500s", r.what, err, r.body)
	}
	for _, e := range feed.Entries {
		ids = append(ids, strings.TrimPrefix(e.ID, "urn:uuid:"))
	}
	for _, d := range feed.Deleted {
		gone = append(gone, strings.TrimPrefix(d.Ref, "urn:uuid:"))
	}
	for _, l := range feed.Links {
		if l.Rel == "next" {
			next = strings.TrimPrefix(l.Href, "https://gather.example")
		}
	}
	return ids, gone, next
}

func TestNewsGoesBackToTheBeginning(t *testing.T) {
	s := newSite(t)
	g := s.trusted("Northgate Friends")
	var made []string
	for i := range 7 {
		a, _ := s.publish(g.Key, withYoga("Tuesday Chair Yoga", fmt.Sprintf("Yoga %d", i)))
		made = append([]string{a.ID}, made...)
		s.clock.forward(time.Second)
	}
	waiting := s.register("Not trusted yet")
	hidden, _ := s.publish(waiting.Key, yoga)
	s.do("DELETE", "/v1/activities/"+made[4], nil, key(g.Key), ifMatch("*")).is(http.StatusOK)
	s.catchUp()
	for _, row := range []struct {
		at   string
		gone int
	}{{"/v1/activities.atom?limit=2", 1}, {"/v1/activities.atom?limit=2&q=yoga", 0}, {"/v1/activities.atom?limit=2&group=" + g.Group.ID, 0}} {
		var have, gone []string
		for at, pages := row.at, 0; at != ""; pages++ {
			if pages == 10 {
				t.Fatalf("%s never ends", row.at)
			}
			ids, deleted, next := s.get(at).is(http.StatusOK).entries()
			if len(ids)+len(deleted) > 2 {
				t.Errorf("%s has more than was asked for", at)
			}
			have, gone, at = append(have, ids...), append(gone, deleted...), next
		}
		want := strings.Join(append(append([]string{}, made[:4]...), made[5:]...), " ")
		if strings.Join(have, " ") != want || len(gone) != row.gone || row.gone > 0 && gone[0] != made[4] {
			t.Errorf("%s has %v and %v, want %v", row.at, have, gone, want)
		}
		if strings.Contains(strings.Join(append(have, gone...), " "), hidden.ID) {
			t.Errorf("%s names a listing that nobody has seen", row.at)
		}
	}
}
