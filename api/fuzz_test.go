package api_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"gather/api"
	"gather/directory"
)

// answer asks the handler without a network.
func (s *site) answer(r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return w
}

// Whatever is asked, there is an answer: what was asked for, or a problem that
// is the caller's to solve.
func FuzzRequest(f *testing.F) {
	for _, seed := range []struct{ method, path, query, accept, tag, body string }{
		{"GET", "/v1/activities", "q=yoga&near=M33 7DB&within=3", "*/*", "*", ""},
		{"GET", "/v1/places", "q=\xff", "application/json;q=0", `"a", W/"b`, ""},
		{"GET", "/v1/places/nearest", "lat=53&lon=1e400", "", "", ""},
		{"GET", "/v1/suggest", "q=a;b&limit=-1", "application/*;q=2", ",,,", ""},
		{"GET", "/v1/activities/%zz/sessions", "from=2026-01-01T00:00:00Z&to=x", ";;;", `"`, ""},
		{"POST", "/v1/activities/search", "", "application/json", "", `{"near":"M33 7DB","within":3}`},
		{"POST", "/v1/activities/search", "", "", "", `{"bbox":[1e308,-1e308,0,0],"age":-1}`},
		{"POST", "/v1/groups", "", "", "", `{"name":"\ud800"}`},
		{"GET", "/problems/..", "", "", "", ""},
	} {
		f.Add(seed.method, seed.path, seed.query, seed.accept, seed.tag, seed.body)
	}
	s := newSite(f)
	f.Fuzz(func(t *testing.T, method, path, query, accept, tag, body string) {
		r := httptest.NewRequest(http.MethodGet, "/", strings.NewReader(body))
		r.Method, r.URL = method, &url.URL{Path: "/" + strings.TrimPrefix(path, "/"), RawQuery: query}
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Accept", accept)
		r.Header.Set("If-None-Match", tag)
		if strings.Contains(query, "after_change") || strings.Contains(body, "after_change") {
			return // it would wait
		}
		w := s.answer(r)
		if w.Code < 200 || w.Code >= 500 {
			t.Fatalf("%s %q?%q: %d %s", method, path, query, w.Code, w.Body)
		}
		if w.Code < 400 {
			return
		}
		var p api.Problem
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || p.Status != w.Code {
			t.Fatalf("%s %q?%q: %d, not a problem: %s", method, path, query, w.Code, w.Body)
		}
	})
}

// A patch that is taken leaves a listing that a PUT would take; one that is
// not leaves the listing as it was.
func FuzzPatch(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{"summary":null}`, `{"venue":{"address":{"postcode":"SW1A 1AA"}}}`, `{"access":{"step-free":null}}`, `{"a":1,"a":2}`,
		`{"schedule":{"repeats":[]}}`, `[1]`, `{"title":"x"}`, "{\"title\":\"\xff\"}", `{"cy":{"title":"Ioga"}}`, `{"interests":[null]}`,
	} {
		f.Add([]byte(seed))
	}
	s := newSite(f)
	g := s.trusted("Northgate Friends")
	a, _ := s.publish(g.Key, yoga)
	at := "/v1/activities/" + a.ID
	f.Fuzz(func(t *testing.T, patch []byte) {
		ask := func(method, body, mediaType string) *httptest.ResponseRecorder {
			r := httptest.NewRequest(method, at, strings.NewReader(body))
			r.Header.Set("Authorization", "Bearer "+g.Key)
			r.Header.Set("Content-Type", mediaType)
			r.Header.Set("If-Match", "*")
			return s.answer(r)
		}
		before := ask("GET", "", "").Body.String()
		w := ask("PATCH", string(patch), "application/merge-patch+json")
		switch {
		case w.Code == http.StatusOK:
			var now directory.Activity
			check(t, json.Unmarshal(w.Body.Bytes(), &now))
			if w := ask("PUT", string(must(json.Marshal(now.Details))(t)), "application/json"); w.Code != http.StatusOK {
				t.Fatalf("patch %q was taken, the result is not: %s", patch, w.Body)
			}
		case w.Code >= 500 || w.Code < 400:
			t.Fatalf("patch %q: %d %s", patch, w.Code, w.Body)
		default:
			if after := ask("GET", "", "").Body.String(); after != before {
				t.Fatalf("patch %q was refused, and the listing changed from %s to %s", patch, before, after)
			}
		}
	})
}
