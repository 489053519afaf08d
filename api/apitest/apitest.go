// Package apitest serves a directory over HTTP in tests of other packages.
package apitest

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"gather/api"
	"gather/api/openactive"
	"gather/directory"
	"gather/directory/gazetteer"
	"gather/directory/vocabulary"
	"gather/search/index"
)

// URL is the public address of a Site that is given none.
const URL = "https://gather.example"

// Site is the API of a directory, with its own index and without limits.
type Site struct {
	// Handler serves the requests that a server at the public address would get.
	Handler  http.Handler
	t        testing.TB
	mu       sync.Mutex
	follower *index.Follower
}

// Options are the optional settings of a Site.
type Options struct {
	// URL is its public address, without a slash at its end; empty: URL.
	URL string
	// Now is its clock; nil: the directory's own.
	Now func() time.Time
}

var places = sync.OnceValues(func() (*gazetteer.Gazetteer, error) { return gazetteer.Open("") })

// New makes a Site of d, which is closed when the test ends.
func New(t testing.TB, d *directory.Directory, o Options) *Site {
	t.Helper()
	if o.URL == "" {
		o.URL = URL
	}
	if o.Now == nil {
		o.Now = d.Now
	}
	words, err := vocabulary.Default()
	if err != nil {
		t.Fatal(err)
	}
	known, err := places()
	if err != nil {
		t.Fatal(err)
	}
	quiet := slog.New(slog.DiscardHandler)
	ix, err := index.Open(t.TempDir(), index.Options{Words: words, Places: known, Now: o.Now, Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := ix.Close(); err != nil {
			t.Error(err)
		}
	})
	h, err := api.New(api.Deps{
		Directory: d, Index: ix, Vocabulary: words, Places: known, Log: quiet, Now: o.Now, PublicURL: o.URL,
		Ready: func(context.Context) error { return nil }, Metrics: prometheus.NewRegistry(), OpenAPI: []byte("paths: {}\n"),
		Dataset: openactive.Dataset{Licence: "https://creativecommons.org/licenses/by/4.0/"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return &Site{Handler: h, t: t, follower: &index.Follower{Source: d, Index: ix, Log: quiet}}
}

// CatchUp indexes everything that was written so far.
func (s *Site) CatchUp() {
	s.t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.follower.CatchUp(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}
