package oruk_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync/atomic"
	"testing"

	"gather/api/oruk"
	"gather/directory"
)

// failing is a source that cannot be reached after so many reads.
type failing struct {
	oruk.Source
	left atomic.Int64
}

func (f *failing) PublicActivity(ctx context.Context, id string) (directory.PublicChange, error) {
	if f.left.Add(-1) < 0 {
		return directory.PublicChange{}, directory.ErrUnavailable
	}
	return f.Source.PublicActivity(ctx, id)
}

func TestABrokenStreamIsNotTakenForAWholeOne(t *testing.T) {
	w := open(t)
	g := w.group(northgate())
	for range 250 {
		w.publish(g.ID, directory.Details{Title: "Phone a friend", Delivery: []string{"phone"}})
	}
	source := &failing{Source: w.dir}
	w.serve(source, opened)
	server := httptest.NewServer(w.h)
	defer server.Close()
	for _, c := range []struct {
		reads  int64
		status int // 0: broken off
	}{{10_000, http.StatusOK}, {150, 0}, {0, http.StatusInternalServerError}} {
		source.left.Store(c.reads)
		res, err := http.Get(server.URL + oruk.Prefix + "/services?format=ndjson")
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
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := w.h.CatchUp(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("CatchUp with a cancelled context: %v", err)
	}
	if err := w.h.CatchUp(t.Context()); err != nil {
		t.Errorf("CatchUp after that: %v", err)
	}
}

func FuzzParametersAreReadOrRefused(f *testing.F) {
	for _, seed := range []string{"", "page=2&per_page=3", "day=MO,TU&start_time=10:00", "postcode=M33+7DB&proximity=5", "modified_after=2026-01-01T00:00:00Z",
		"taxonomy_id=00000000-0000-4000-8000-000000000001", "minimum_age=5&maximum_age=", "search=caf%C3%A9", "%", "format=ndjson&full=1"} {
		f.Add(seed)
	}
	w, _ := full(f)
	f.Fuzz(func(t *testing.T, query string) {
		for _, path := range []string{"/services", "/service_at_locations", "/organizations", "/taxonomy_terms"} {
			r := httptest.NewRequest(http.MethodGet, oruk.Prefix+path, nil)
			r.URL = &url.URL{Path: oruk.Prefix + path, RawQuery: query}
			res := httptest.NewRecorder()
			w.h.ServeHTTP(res, r)
			if res.Code != http.StatusOK && res.Code != http.StatusBadRequest {
				t.Errorf("%s?%s: %d %.300s", path, query, res.Code, res.Body)
			}
		}
	})
}
