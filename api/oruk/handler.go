package oruk

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"gather/directory"
	"gather/directory/vocabulary"
)

// Prefix is the path that the API is served at, with and without a slash
// after it.
const Prefix = "/oruk/v3"

// The version that the root document names, and where its profile is
// described.
const (
	version = "HSDS-UK-3.0"
	profile = "https://github.com/OpenReferralUK/uk-profile/blob/main/docs/index.md"
)

// ErrMethod: the address takes only GET and HEAD. The Allow header is set.
var ErrMethod = errors.New("only GET and HEAD are taken here")

// Options are what a Handler works with. All of them are needed.
type Options struct {
	// BaseURL is the public address of the directory, without a slash at its
	// end, and OpenAPIURL where its OpenAPI document is.
	BaseURL, OpenAPIURL string
	Vocabulary          *vocabulary.Vocabulary
	Places              directory.Gazetteer
	// Now is the clock.
	Now func() time.Time
	// Search answers the ids of at most limit published activities that have
	// these words, best first.
	Search func(ctx context.Context, text string, limit int) ([]string, error)
	// Problem answers a request that failed. Faults of parameters are a
	// *directory.Invalid whose fields are the parameters' names; beside it
	// come ErrMethod, directory.ErrNotFound, directory.ErrGone, and errors of
	// the Source and of Search.
	Problem func(w http.ResponseWriter, r *http.Request, err error)
}

// Handler serves Open Referral UK below Prefix. It needs no key, and lets web
// pages of any origin read. It is safe for concurrent use.
type Handler struct {
	o          Options
	source     Source
	taxonomies *Taxonomies
	catalogue  *catalogue
	mux        *http.ServeMux
}

// New makes a Handler that reads from source. It reads nothing yet: the first
// request, or CatchUp, does.
func New(source Source, o Options) *Handler {
	t := NewTaxonomies(o.Vocabulary, o.BaseURL)
	h := &Handler{o: o, source: source, taxonomies: t, catalogue: newCatalogue(source, o.Places, t), mux: http.NewServeMux()}
	for path, serve := range map[string]func(http.ResponseWriter, *http.Request) error{
		"":                           h.root,
		"/services":                  h.services,
		"/services/{id}":             h.service,
		"/service_at_locations":      h.locations,
		"/service_at_locations/{id}": h.location,
		"/organizations":             h.organizations,
		"/organizations/{id}":        h.organization,
		"/taxonomies":                h.listTaxonomies,
		"/taxonomies/{id}":           h.taxonomy,
		"/taxonomy_terms":            h.terms,
		"/taxonomy_terms/{id}":       h.term,
	} {
		f := h.around(serve)
		h.mux.HandleFunc(Prefix+path, f)
		h.mux.HandleFunc(Prefix+path+"/{$}", f)
	}
	h.mux.HandleFunc("/", h.around(func(http.ResponseWriter, *http.Request) error { return directory.ErrNotFound }))
	return h
}

// ServeHTTP answers one request. The request's path is the full one, with
// Prefix.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) { h.mux.ServeHTTP(w, r) }

// CatchUp reads all changes since the last time into the catalogue. Every
// request for a list does this; calling it at start, and from a follower,
// only keeps the first from waiting.
func (h *Handler) CatchUp(ctx context.Context) error { return h.catalogue.catchUp(ctx) }

// around does what every request needs.
func (h *Handler) around(serve func(http.ResponseWriter, *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		head := w.Header()
		head.Set("Access-Control-Allow-Origin", "*")
		head.Set("Access-Control-Expose-Headers", "ETag")
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

func (h *Handler) root(w http.ResponseWriter, r *http.Request) error {
	if err := newParams(r).Err(); err != nil {
		return err
	}
	return send(w, r, Details{Version: version, Profile: profile, OpenAPIURL: h.o.OpenAPIURL})
}

func (h *Handler) mapping() *Mapping {
	return &Mapping{Taxonomies: h.taxonomies, Places: h.o.Places, Now: h.o.Now()}
}

// maxAge is how long, in seconds, an answer may be used without asking again:
// a minute, so that a corrected listing is soon seen.
const maxAge = 60

// send answers v, or 304 where the caller has it. The ETag is made of the body
// itself, since alerts change with the date and organizations by themselves.
func send(w http.ResponseWriter, r *http.Request, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("write open referral JSON: %w", err)
	}
	sum := sha256.Sum256(body)
	tag := `"` + hex.EncodeToString(sum[:12]) + `"`
	head := w.Header()
	head.Set("Content-Type", "application/json")
	head.Set("ETag", tag)
	head.Set("Cache-Control", fmt.Sprintf("public, max-age=%d", maxAge))
	if has(r.Header.Get("If-None-Match"), tag) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	_, _ = bytes.NewReader(append(body, '\n')).WriteTo(w) // a caller who is gone is told nothing
	return nil
}

// has reports whether an If-None-Match header names tag.
func has(header, tag string) bool {
	for _, x := range strings.Split(header, ",") {
		if x = strings.TrimSpace(x); x == "*" || strings.TrimPrefix(x, "W/") == tag {
			return true
		}
	}
	return false
}
