package api_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

func TestOpenReferralIsServed(t *testing.T) {
	s, g, a, _ := town(t)
	term := struct {
		Contents []struct{ ID string }
	}{}
	s.get("/oruk/v3/taxonomy_terms?per_page=1").is(http.StatusOK).into(&term)
	for _, at := range []string{"", "/services", "/services/" + a.ID, "/service_at_locations", "/organizations", "/organizations/" + g.Group.ID, "/taxonomies", "/taxonomy_terms", "/taxonomy_terms/" + term.Contents[0].ID} {
		with, without := s.get("/oruk/v3"+at+"/").is(http.StatusOK), s.get("/oruk/v3"+at).is(http.StatusOK)
		if !bytes.Equal(with.body, without.body) || without.header.Get("Content-Type") != "application/json" {
			t.Errorf("/oruk/v3%s differs with a slash at its end, or is %s", at, without.header.Get("Content-Type"))
		}
		s.get("/oruk/v3"+at, header("If-None-Match", without.etag())).is(http.StatusNotModified)
		if !strings.Contains(without.header.Get("Access-Control-Expose-Headers"), "RateLimit") {
			t.Errorf("/oruk/v3%s: pages of other origins may read %s only", at, without.header.Get("Access-Control-Expose-Headers"))
		}
	}
	var page struct {
		Total    int `json:"total_items"`
		Contents []struct{ ID, Name, URL string }
	}
	s.get("/oruk/v3/services?search=river").is(http.StatusOK).into(&page)
	if page.Total != 1 || page.Contents[0].Name != "River Walk" {
		t.Errorf("searching finds %+v", page)
	}
	for at, field := range map[string]string{
		"/oruk/v3/services?per_page=x": "per_page", "/oruk/v3/services?nonsense=1": "nonsense", "/oruk/v3/services?postcode=nowhere": "postcode",
		"/oruk/v3?nonsense=1": "nonsense", "/oruk/v3/services?format=ndjson&nonsense=1": "nonsense", "/openactive/session-series?afterChangeNumber=x": "afterChangeNumber",
		"/openactive?x=1": "x",
	} {
		if r := s.get(at); r.status != http.StatusBadRequest || r.faults() != field {
			t.Errorf("%s: %d %s", at, r.status, r.body)
		}
	}
	for at, status := range map[string]int{"/oruk/v3/services/" + nobody: 404, "/oruk/v3/services/x": 404, "/oruk/v3/nonsense": 404, "/oruk": 404, "/oruk/v3/services/" + nobody + "/x": 404} {
		s.get(at).is(status)
	}
	s.do("DELETE", "/v1/activities/"+a.ID, nil, key(g.Key), ifMatch("*")).is(http.StatusOK)
	s.get("/oruk/v3/services/" + a.ID).is(http.StatusGone)
	s.do("POST", "/oruk/v3/services", "{}").is(http.StatusMethodNotAllowed)
}

func TestOpenReferralStreams(t *testing.T) {
	s, _, _, _ := town(t)
	for _, ask := range []struct {
		at     string
		accept string
	}{{"/oruk/v3/services?format=ndjson", "*/*"}, {"/oruk/v3/services", "application/x-ndjson"}, {"/oruk/v3/services/?full=true", "application/x-ndjson, text/csv"}} {
		r := s.get(ask.at, header("Accept", ask.accept), header("Accept-Encoding", "gzip")).is(http.StatusOK)
		if r.header.Get("Content-Type") != "application/x-ndjson" || r.header.Get("Content-Encoding") != "gzip" {
			t.Errorf("%s is %s, %s", ask.at, r.header.Get("Content-Type"), r.header.Get("Content-Encoding"))
		}
		lines := bufio.NewScanner(must(gzip.NewReader(bytes.NewReader(r.body)))(t))
		lines.Buffer(nil, 1<<20)
		n := 0
		for ; lines.Scan(); n++ {
			if !json.Valid(lines.Bytes()) {
				t.Errorf("%s: line %d is %s", ask.at, n, lines.Text())
			}
		}
		if lines.Err() != nil || n != 2 {
			t.Errorf("%s has %d lines, %v", ask.at, n, lines.Err())
		}
	}
}

func TestOpenActiveIsServed(t *testing.T) {
	s, _, a, _ := town(t)
	priced, _ := s.publish(s.admin, `{"group": "`+a.Group+`", `+strings.TrimPrefix(withYoga(`"contacts"`, `"cost": {"kind": "free"}, "contacts"`), "{"))
	for _, path := range []string{"/openactive/session-series", "/openactive/scheduled-sessions"} {
		items, next := 0, path
		for page := 0; ; page++ {
			var feed struct {
				Next  string
				Items []struct {
					State string
					Data  json.RawMessage
				}
			}
			r := s.get(next, header("Accept", "application/vnd.openactive.rpde+json; version=1, application/json;q=0.5")).is(http.StatusOK)
			r.into(&feed)
			items += len(feed.Items)
			if len(feed.Items) > 0 && r.header.Get("Cache-Control") != "public, max-age=3600" {
				t.Errorf("%s may be kept %q", next, r.header.Get("Cache-Control"))
			}
			if !strings.HasPrefix(feed.Next, "https://gather.example"+path) {
				t.Fatalf("%s leads to %s", next, feed.Next)
			}
			if again := strings.TrimPrefix(feed.Next, "https://gather.example"); again == next {
				if r.header.Get("Cache-Control") != "public, max-age=8" {
					t.Errorf("the last page of %s may be kept %q", path, r.header.Get("Cache-Control"))
				}
				break
			} else if next = again; page == 5 {
				t.Fatalf("%s never ends", path)
			}
		}
		if items == 0 {
			t.Errorf("%s has nothing of %s", path, priced.ID)
		}
		s.get(path + "/").is(http.StatusOK)
	}
	page := s.get("/openactive/").is(http.StatusOK)
	if !strings.HasPrefix(page.header.Get("Content-Type"), "text/html") || !strings.Contains(string(page.body), "Northgate Council") {
		t.Errorf("the dataset page is %s: %s", page.header.Get("Content-Type"), page.body)
	}
	if svg := s.get("/docs/logo.svg").is(http.StatusOK); svg.header.Get("Content-Type") != "image/svg+xml" {
		t.Errorf("the logo is %s", svg.header.Get("Content-Type"))
	}
}

func TestParametersOfOpenActiveAreRefused(t *testing.T) {
	s := newSite(t)
	for _, c := range []struct{ query, field string }{
		{"afterChangeNumber=x", "afterChangeNumber"}, {"afterChangeNumber=-1", "afterChangeNumber"}, {"afterChangeNumber=007", "afterChangeNumber"},
		{"afterChangeNumber=+1", "afterChangeNumber"}, {"afterChangeNumber=%2B1", "afterChangeNumber"}, {"afterChangeNumber=", "afterChangeNumber"},
		{"afterChangeNumber=9223372036854775808", "afterChangeNumber"}, {"afterChangeNumber=1&afterChangeNumber=2", "afterChangeNumber"},
		{"afterchangenumber=1", "afterchangenumber"}, {"afterTimestamp=1&afterId=2", "afterId afterTimestamp"},
		{"limit=0", "limit"}, {"limit=1001", "limit"}, {"limit=many", "limit"}, {"%zz", ""},
	} {
		for _, path := range []string{"/openactive/session-series", "/openactive/scheduled-sessions"} {
			if r := s.get(path + "?" + c.query); r.status != http.StatusBadRequest || r.faults() != c.field {
				t.Errorf("%s?%s: %d %s, want faults of %q", path, c.query, r.status, r.body, c.field)
			}
		}
	}
	for _, path := range []string{"/openactive/session-series?limit=1", "/openactive/scheduled-sessions?limit=1000&afterChangeNumber=9223372036854775807"} {
		r := s.get(path).is(http.StatusOK)
		if got := r.header.Get("Access-Control-Allow-Origin"); got != "*" {
			t.Errorf("%s may be read by pages of %q", path, got)
		}
		s.do("DELETE", path, nil).is(http.StatusMethodNotAllowed)
	}
	s.get("/openactive/elsewhere").is(http.StatusNotFound)
}

func TestStandardsSayThatTheStoreIsDown(t *testing.T) {
	s, _, a, _ := town(t)
	s.get("/oruk/v3/services").is(http.StatusOK)
	check(t, s.store.Close())
	for _, at := range []string{"/oruk/v3/services", "/oruk/v3/services/" + a.ID, "/oruk/v3/services?format=ndjson", "/openactive/session-series", "/v1/activities.csv", "/v1/activities.ics?q=yoga", "/v1/activities.atom", "/sitemap.xml", "/groups/" + a.Group} {
		r := s.get(at)
		if r.status < 500 || strings.Contains(string(r.body), "bolt") || strings.Contains(string(r.body), "closed") {
			t.Errorf("%s: %d %s", at, r.status, r.body)
		}
	}
}
