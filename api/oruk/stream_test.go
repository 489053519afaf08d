package oruk_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"gather/api/oruk"
	"gather/directory"
)

// failing is a store that cannot be reached once left reads are done.
type failing struct {
	directory.Store
	left atomic.Int64
}

func (f *failing) Get(ctx context.Context, kind directory.Kind, id string) (directory.Record, error) {
	if f.left.Add(-1) < 0 {
		return directory.Record{}, directory.ErrUnavailable
	}
	return f.Store.Get(ctx, kind, id)
}

func TestABrokenStreamDoesNotLookComplete(t *testing.T) {
	w := open(t)
	g := w.group(northgate())
	for range 250 {
		w.publish(g.ID, directory.Details{Title: "Phone a friend", Description: strings.Repeat("We talk. ", 100), Delivery: []string{"phone"}})
	}
	source := &failing{Store: w.store}
	w.serve(source, opened)
	server := httptest.NewServer(w.site.Handler)
	defer server.Close()
	client := &http.Client{Transport: &http.Transport{DisableCompression: true}}
	defer client.CloseIdleConnections()
	for _, c := range []struct {
		reads  int64
		status int // 0: broken off
	}{{10_000, http.StatusOK}, {150, 0}, {0, http.StatusServiceUnavailable}} {
		source.left.Store(c.reads)
		res, err := client.Get(server.URL + prefix + "/services?format=ndjson")
		if err != nil {
			t.Fatal(err)
		}
		_, err = io.Copy(io.Discard, res.Body)
		res.Body.Close()
		if (err != nil) != (c.status == 0) || (c.status != 0 && res.StatusCode != c.status) {
			t.Errorf("after %d reads: %d, ends with %v; want %d", c.reads, res.StatusCode, err, c.status)
		}
	}
}

func TestACancelledRequestEnds(t *testing.T) {
	w := open(t)
	w.publish(w.group(northgate()).ID, directory.Details{Title: "Phone a friend", Delivery: []string{"phone"}})
	c := oruk.New(w.dir, oruk.Options{BaseURL: "https://gather.example", Vocabulary: w.dir.Words, Places: w.dir.Places, Now: w.dir.Now})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := c.CatchUp(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("CatchUp with a cancelled context: %v", err)
	}
	if err := c.CatchUp(t.Context()); err != nil {
		t.Errorf("CatchUp after that: %v", err)
	}
}

func FuzzParametersAreReadOrRefused(f *testing.F) {
	for _, seed := range []string{"", "page=2&per_page=3", "day=MO,TU&start_time=10:00", "postcode=M33+7DB&proximity=5", "modified_after=2026-01-01T00:00:00Z",
		"taxonomy_id=00000000-0000-4000-8000-000000000001", "minimum_age=5&maximum_age=", "search=caf%C3%A9", "%", "format=ndjson&full=1"} {
		f.Add(seed)
	}
	w, _ := full(f)
	w.site.CatchUp()
	f.Fuzz(func(t *testing.T, query string) {
		for _, path := range []string{"/services", "/service_at_locations", "/organizations", "/taxonomy_terms"} {
			r := httptest.NewRequest(http.MethodGet, prefix+path, nil)
			r.URL = &url.URL{Path: prefix + path, RawQuery: query}
			res := httptest.NewRecorder()
			w.site.Handler.ServeHTTP(res, r)
			if res.Code != http.StatusOK && res.Code != http.StatusBadRequest {
				t.Errorf("%s?%s: %d %.300s", path, query, res.Code, res.Body)
			}
		}
	})
}
