package main

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"gather/directory/mongostore/mongotest"
)

// TestReadWhileTheDatabaseIsDown kills the database under a node that serves: what
// searches find is read as before, writes are refused, and both end with its return.
func TestReadWhileTheDatabaseIsDown(t *testing.T) {
	database := mongotest.Start(t)
	store := []string{"--mongodb", database.URI, "--data", t.TempDir()}
	admin := strings.TrimSpace(gather(t, append([]string{"keys", "create", "--role", "admin", "--label", "test", "--quiet"}, store...)...))
	s := serve(t, append(store, "--rate-limit", "0")...)
	l := listing(trustedGroup(t, s, admin), "Northgate")
	l["cy"] = map[string]any{"title": "Ioga Cadair"}
	var a struct{ ID string }
	s.ask("POST", "/v1/activities", admin, l).want(t, http.StatusCreated, &a)
	s.within(a.ID, true, url.Values{"q": {"yoga"}})

	paths := []string{"/v1/activities/" + a.ID, "/v1/activities/" + a.ID + ".ics", "/activities/" + a.ID}
	before := map[string]answer{}
	for _, path := range paths {
		before[path] = s.ask("GET", path, "", nil).want(t, http.StatusOK, nil)
	}
	database.Kill()
	for _, path := range paths {
		r := s.ask("GET", path, "", nil).want(t, http.StatusOK, nil)
		if was := before[path]; !bytes.Equal(r.body, was.body) || r.header.Get("ETag") != was.header.Get("ETag") {
			t.Errorf("%s: %s while the database is down, before %s", path, r.body, was.body)
		}
		if r.header.Get("Age") == "" || !strings.HasPrefix(r.header.Get("Cache-Status"), "gather-index; hit;") {
			t.Errorf("%s: nothing says that the database is down: %v", path, r.header)
		}
	}
	s.ask("PATCH", paths[0], admin, map[string]any{"summary": "New"}, "If-Match", "*").want(t, http.StatusServiceUnavailable, nil)
	s.ask("GET", "/v1/activities/00000000-0000-4000-8000-000000000000", "", nil).want(t, http.StatusServiceUnavailable, nil)

	if err := database.Restart(); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		r := s.ask("GET", paths[0], "", nil).want(t, http.StatusOK, nil)
		if r.header.Get("Cache-Status") == "" {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("the database is back, and the index is still read:\n%s", s.log)
		}
	}
	s.ask("PATCH", paths[0], admin, map[string]any{"summary": "New"}, "If-Match", "*").want(t, http.StatusOK, nil)
	if n := strings.Count(s.log.String(), "activities are read from the index"); n != 1 {
		t.Errorf("that the store is away is logged %d times:\n%s", n, s.log)
	}
	s.stop()
}
