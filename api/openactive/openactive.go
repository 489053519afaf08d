// Package openactive publishes physical activities as OpenActive open data: a
// dataset page, and one RPDE feed each of regular and of dated sessions,
// straight from the change log. Where it differs from the standard is in
// docs/feeds.md.
package openactive

import (
	"bytes"
	gocontext "context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"gather/directory"
	"gather/directory/vocabulary"
)

// Where the dataset page and the two feeds are.
const (
	DatasetPath  = "/openactive"
	SeriesPath   = "/openactive/session-series"
	SessionsPath = "/openactive/scheduled-sessions"
)

// ErrMethod: the address takes only GET and HEAD. The Allow header is set.
var ErrMethod = errors.New("only GET and HEAD are taken here")

// Source is the log that the feeds are read from. A directory.Directory is one.
type Source interface {
	PublicChanges(ctx gocontext.Context, after int64, limit int) ([]directory.PublicChange, error)
	PublicHistory(ctx gocontext.Context, id string, before int64, limit int) ([]directory.PublicChange, error)
}

// Options are what a Handler works with. All of them are needed, save those
// of the dataset page that say so.
type Options struct {
	// BaseURL is the public address of the directory, without a slash at its
	// end. Feeds name their next page by it: it must be how clients reach them.
	BaseURL    string
	Vocabulary *vocabulary.Vocabulary
	// Page answers the web address of an activity that names no website.
	Page func(id string) string
	// Now is the clock.
	Now func() time.Time
	// Dataset is what the dataset page says of the publisher.
	Dataset Dataset
	// Problem answers a request that failed. Faults of parameters are a
	// *directory.Invalid whose fields are the parameters' names; beside it
	// come ErrMethod, directory.ErrNotFound and errors of the Source.
	Problem func(w http.ResponseWriter, r *http.Request, err error)
}

// Handler serves the feeds. It needs no key, and lets web pages of any origin
// read. It keeps nothing in memory and is safe for concurrent use.
type Handler struct {
	o       Options
	source  Source
	mapping *Mapping
	mux     *http.ServeMux
}

// New makes a Handler that reads from source. The error can only mean that the
// program was built from faulty data files.
func New(source Source, o Options) (*Handler, error) {
	m, err := NewMapping(o.Vocabulary, o.BaseURL, o.Page)
	if err != nil {
		return nil, err
	}
	h := &Handler{o: o, source: source, mapping: m, mux: http.NewServeMux()}
	for path, serve := range map[string]func(http.ResponseWriter, *http.Request) error{
		DatasetPath:  h.dataset,
		SeriesPath:   h.feed(h.series),
		SessionsPath: h.feed(h.sessions),
	} {
		f := h.around(serve)
		h.mux.HandleFunc(path, f)
		h.mux.HandleFunc(path+"/{$}", f)
	}
	h.mux.HandleFunc("/", h.around(func(http.ResponseWriter, *http.Request) error { return directory.ErrNotFound }))
	return h, nil
}

// ServeHTTP answers one request. The request's path is the full one.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) { h.mux.ServeHTTP(w, r) }

// around does what every request needs.
func (h *Handler) around(serve func(http.ResponseWriter, *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		head := w.Header()
		head.Set("Access-Control-Allow-Origin", "*")
		switch r.Method {
		case http.MethodGet, http.MethodHead:
		case http.MethodOptions:
			head.Set("Access-Control-Allow-Methods", "GET, HEAD")
			head.Set("Access-Control-Allow-Headers", "*")
			w.WriteHeader(http.StatusNoContent)
			return
		default:
			head.Set("Allow", "GET, HEAD, OPTIONS")
			h.o.Problem(w, r, ErrMethod)
			return
		}
		if err := serve(w, r); err != nil {
			h.o.Problem(w, r, err)
		}
	}
}

// The Cache-Control that RPDE asks for: pages before the last may be kept for
// an hour, the last for eight seconds, since it is where news appears.
const (
	cachePage = "public, max-age=3600"
	cacheLast = "public, max-age=8"
)

// feed serves pages of a feed.
func (h *Handler) feed(read func(gocontext.Context, ask) (page, error)) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		a, err := h.asked(r)
		if err != nil {
			return err
		}
		p, err := read(r.Context(), a)
		if err != nil {
			return fmt.Errorf("feed %s after %d: %w", a.path, a.after, err)
		}
		body, err := json.Marshal(rpde{Next: p.next, Items: p.items, License: h.o.Dataset.Licence})
		if err != nil {
			return fmt.Errorf("write a page of %s: %w", a.path, err)
		}
		head := w.Header()
		head.Set("Content-Type", "application/json")
		head.Set("Cache-Control", cachePage)
		if p.last {
			head.Set("Cache-Control", cacheLast)
		}
		_, _ = bytes.NewReader(append(body, '\n')).WriteTo(w) // a caller who is gone is told nothing
		return nil
	}
}
