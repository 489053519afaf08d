package harvest_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"gather/directory"
	"gather/directory/harvest"
)

// Whatever a source does, a harvest ends, reports why, and keeps what it fetched.
func TestMisbehavingSources(t *testing.T) {
	one := series("1", "One")
	for _, c := range []struct {
		name    string
		serve   func(w http.ResponseWriter, r *http.Request, n int)
		stopped string // empty: not
		titles  string
		asked   int // at most
	}{
		{"cut off in the middle", func(w http.ResponseWriter, r *http.Request, n int) {
			w.Header().Set("Content-Length", "1000")
			fmt.Fprint(w, `{"next":"/x","items":[`)
		}, "read the response", "", 6},
		{"cut off page of a feed", func(w http.ResponseWriter, r *http.Request, n int) {
			if n == 1 {
				fmt.Fprint(w, page("/?p=2", one))
				return
			}
			fmt.Fprint(w, `{"next":"/?p=3","items":[{"state":"upd`)
		}, "not a page of a feed", "One", 2},
		{"a next that goes round", func(w http.ResponseWriter, r *http.Request, n int) {
			fmt.Fprint(w, page(map[string]string{"": "/?p=2", "2": "/?p=3", "3": "/?p=2"}[r.URL.Query().Get("p")], one))
		}, "leads back", "One", 3},
		{"a next of its own with items", func(w http.ResponseWriter, r *http.Request, n int) { fmt.Fprint(w, page("/", one)) }, "leads back", "One", 1},
		{"a next that is no address", func(w http.ResponseWriter, r *http.Request, n int) { fmt.Fprint(w, page("file:///etc/passwd", one)) }, "no address", "", 1},
		{"an empty page in the middle", func(w http.ResponseWriter, r *http.Request, n int) {
			switch r.URL.Query().Get("p") {
			case "":
				fmt.Fprint(w, page("/?p=2"))
			case "2":
				fmt.Fprint(w, page("/?p=3", one))
			default:
				fmt.Fprint(w, page("/?p=3"))
			}
		}, "", "One", 3},
		{"items that are none", func(w http.ResponseWriter, r *http.Request, n int) {
			if r.URL.Query().Get("p") == "" {
				fmt.Fprint(w, `{"next":"/?p=2","items":[null,7,{"state":"updated"},{"state":"updated","id":{"a":1}}]}`)
				return
			}
			fmt.Fprint(w, page("/?p=2"))
		}, "", "", 2},
		{"too large", func(w http.ResponseWriter, r *http.Request, n int) {
			chunk := []byte(strings.Repeat(" ", 1<<20))
			for range 66 {
				if _, err := w.Write(chunk); err != nil {
					return
				}
			}
		}, "larger than", "", 1},
		{"busy, then not", func(w http.ResponseWriter, r *http.Request, n int) {
			if n < 3 {
				w.Header().Set("Retry-After", "7")
				w.WriteHeader(http.StatusTooManyRequests)
				return
			}
			fmt.Fprint(w, page("/?p=2", feedItems(r, one)...))
		}, "", "One", 4},
		{"busy for hours", func(w http.ResponseWriter, r *http.Request, n int) {
			w.Header().Set("Retry-After", "7200")
			w.WriteHeader(http.StatusServiceUnavailable)
		}, "retry in 2h0m0s", "", 1},
		{"out of order for good", func(w http.ResponseWriter, r *http.Request, n int) { w.WriteHeader(http.StatusBadGateway) }, "502", "", 6},
		{"not there", func(w http.ResponseWriter, r *http.Request, n int) { w.WriteHeader(http.StatusNotFound) }, "is not there", "", 1},
		{"not allowed", func(w http.ResponseWriter, r *http.Request, n int) { w.WriteHeader(http.StatusForbidden) }, "403", "", 1},
		{"redirects without end", func(w http.ResponseWriter, r *http.Request, n int) {
			http.Redirect(w, r, fmt.Sprintf("/%d", n), http.StatusFound)
		}, "redirected more than", "", 7},
		{"a redirect away from the web", func(w http.ResponseWriter, r *http.Request, n int) {
			w.Header().Set("Location", "ftp://example.org/")
			w.WriteHeader(http.StatusFound)
		}, "not the web", "", 1},
		{"a web page", func(w http.ResponseWriter, r *http.Request, n int) {
			fmt.Fprint(w, "<html><title>Hello</title></html>")
		}, "no column for the title", "", 1},
		{"a list that never turns its page", func(w http.ResponseWriter, r *http.Request, n int) {
			fmt.Fprint(w, `{"total_pages":9,"page_number":1,"contents":[{"id":"1","name":"Tea","status":"active","service_at_locations":[],"phones":[{"number":"01632 960001"}]}]}`)
		}, "leads back", "Tea", 2},
		{"a list with a service that is gone", func(w http.ResponseWriter, r *http.Request, n int) {
			switch r.URL.Path {
			case "/":
				fmt.Fprint(w, `{"total_pages":1,"page_number":1,"contents":[{"id":"1","name":"Tea","status":"active"},{"id":"2","name":"Cake","status":"active"}]}`)
			case "/1":
				w.WriteHeader(http.StatusGone)
			default:
				fmt.Fprint(w, `{"id":"2","name":"Cake","status":"active","phones":[{"number":"01632 960001"}]}`)
			}
		}, "", "Cake", 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			h, n := newHere(t, &clock{now: opened}), 0
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { n++; c.serve(w, r, n) }))
			defer s.Close()
			r := h.harvest(s.URL + "/")
			if got := r.Feeds[0].Stopped; !strings.Contains(got, c.stopped) || (c.stopped == "") != (got == "") {
				t.Errorf("stopped by %q, want %q", got, c.stopped)
			}
			if got := h.titles(); got != c.titles {
				t.Errorf("took %s, want %s", got, c.titles)
			}
			if n > c.asked || n != r.Requests && !strings.Contains(c.name, "redirects") {
				t.Errorf("asked %d times, and says %d; want at most %d", n, r.Requests, c.asked)
			}
			if c.name == "busy, then not" && (len(h.waited) < 2 || h.waited[0] < 7*time.Second) {
				t.Errorf("asked to wait for 7 s, it waited %v", h.waited)
			}
		})
	}
}

// feedItems are the items of the first page of a feed whose second is its end.
func feedItems(r *http.Request, items ...map[string]any) []map[string]any {
	if r.URL.Query().Get("p") != "" {
		return nil
	}
	return items
}

func TestPausesGrowAndKeepTheSpacing(t *testing.T) {
	h := newHere(t, &clock{now: opened})
	h.o.Spacing = time.Second
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) }))
	defer s.Close()
	h.harvest(s.URL)
	// After each failure its pause and then, since the clock stands still, the spacing.
	least := []time.Duration{time.Second, time.Second, 2 * time.Second, time.Second, 4 * time.Second, time.Second, 8 * time.Second, time.Second, 16 * time.Second, time.Second}
	if len(h.waited) != len(least) {
		t.Fatalf("waited %v", h.waited)
	}
	for i, want := range least {
		if h.waited[i] < want || h.waited[i] > 2*want {
			t.Errorf("wait %d is %s, want %s to %s", i, h.waited[i], want, 2*want)
		}
	}
}

// A slow source is abandoned when the harvest's context ends.
func TestASlowSourceIsCutOff(t *testing.T) {
	h := newHere(t, &clock{now: opened})
	release := make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, `{"next":`)
		w.(http.Flusher).Flush()
		select {
		case <-release:
		case <-r.Context().Done():
		}
	}))
	defer s.Close()
	defer close(release)
	ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
	defer cancel()
	o := h.o
	o.URLs = []string{s.URL}
	r, err := harvest.Harvest(ctx, h.dir, admin, o)
	if !errors.Is(err, context.DeadlineExceeded) || len(r.Feeds) != 1 || r.Feeds[0].Stopped == "" {
		t.Errorf("%v %+v", err, r)
	}
}

func TestPrivateAddressesAreNotAsked(t *testing.T) {
	asked := 0
	inner := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked++ }))
	defer inner.Close()
	port := inner.URL[strings.LastIndex(inner.URL, ":"):]
	for _, address := range []string{
		inner.URL, "http://localhost" + port, "http://[::1]" + port, "http://[::ffff:127.0.0.1]" + port, "http://0.0.0.0" + port, "http://10.0.0.1", "http://172.16.0.1",
		"http://192.168.1.1", "http://169.254.169.254/latest/meta-data", "http://100.64.0.1", "http://[fd00::1]", "http://[fe80::1]", "http://[64:ff9b::7f00:1]", "http://[2002:7f00:1::]", "http://224.0.0.1",
	} {
		h := newHere(t, &clock{now: opened})
		h.o.AllowPrivate = false
		r := h.harvest(address)
		if !strings.Contains(r.Feeds[0].Stopped, harvest.ErrPrivate.Error()) {
			t.Errorf("%s: %q", address, r.Feeds[0].Stopped)
		}
		if r.Requests != 1 {
			t.Errorf("%s was tried %d times", address, r.Requests)
		}
	}
	if asked != 0 {
		t.Errorf("the server on this machine was asked %d times", asked)
	}
}

func TestAddressesThatCannotBeFollowed(t *testing.T) {
	for _, address := range []string{"ftp://example.org", "https://", "https://me:secret@example.org/", "file:///etc/passwd", ":"} {
		h := newHere(t, &clock{now: opened})
		o := h.o
		o.URLs = []string{address}
		_, err := harvest.Harvest(context.Background(), h.dir, admin, o)
		var bad *directory.Invalid
		if !errors.As(err, &bad) {
			t.Errorf("%s: %v", address, err)
		}
	}
}
