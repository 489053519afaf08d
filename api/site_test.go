package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"github.com/prometheus/client_golang/prometheus"

	"gather/api"
	"gather/api/openactive"
	"gather/directory"
	"gather/directory/boltstore"
	"gather/directory/gazetteer"
	"gather/directory/vocabulary"
	"gather/search/index"
)

// site is a whole Gather behind HTTP: a store on the disk, an index that
// follows it, and the API.
type site struct {
	t        testing.TB
	url      string
	deps     api.Deps
	store    *boltstore.Store
	follower *index.Follower
	clock    *clock
	log      *lines
	client   *http.Transport
	handler  http.Handler
	// admin is the secret of an admin key.
	admin string
}

// clock is a clock that tests move.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) forward(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// lines is a log kept for reading.
type lines struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// dataset says who publishes in tests.
var dataset = openactive.Dataset{
	Name: "Gather", Description: "Community activities", Publisher: "Northgate Council", Email: "hello@gather.example",
	Logo: "https://gather.example/docs/logo.svg", Licence: "https://creativecommons.org/licenses/by/4.0/",
	Discussion: "https://gather.example/", Documentation: "https://gather.example/docs",
}

// newSite starts a site that has nothing in it but an admin key; alter may
// change what it is made of.
func newSite(t testing.TB, alter ...func(*api.Deps)) *site {
	t.Helper()
	return newSiteOver(t, func(s directory.Store) directory.Store { return s }, alter...)
}

// newSiteOver starts a site whose directory keeps its records in what around
// makes of its store.
func newSiteOver(t testing.TB, around func(directory.Store) directory.Store, alter ...func(*api.Deps)) *site {
	t.Helper()
	words := must(vocabulary.Default())(t)
	places := must(gazetteer.Open(""))(t)
	store := must(boltstore.Open(t.TempDir()))(t)
	t.Cleanup(func() { check(t, store.Close()) })
	s := &site{t: t, store: store, clock: &clock{now: time.Date(2026, 6, 2, 9, 0, 0, 0, time.UTC)}, log: &lines{},
		client: &http.Transport{DisableCompression: true}}
	log := slog.New(slog.NewJSONHandler(s.log, nil))
	ix := must(index.Open(t.TempDir(), index.Options{Words: words, Places: places, Now: s.clock.Now, Log: log}))(t)
	t.Cleanup(func() { check(t, ix.Close()) })
	s.follower = &index.Follower{Source: directory.New(store, words, places), Index: ix, Log: log}
	dir := directory.New(around(store), words, places)
	dir.Now = s.clock.Now
	s.deps = api.Deps{
		Directory: dir, Index: ix, Vocabulary: words, Places: places, Log: log, Now: s.clock.Now,
		Ready:   func(context.Context) error { return nil },
		Metrics: prometheus.NewRegistry(), Version: "test", PublicURL: "https://gather.example/", Dataset: dataset, OpenAPI: must(os.ReadFile("../openapi.yaml"))(t),
	}
	for _, f := range alter {
		f(&s.deps)
	}
	s.handler = must(api.New(s.deps))(t)
	server := httptest.NewServer(s.handler)
	t.Cleanup(server.Close)
	t.Cleanup(s.client.CloseIdleConnections)
	s.url = server.URL
	root := directory.Principal{Key: "test", Role: directory.RoleAdmin}
	s.admin = must(dir.CreateKey(t.Context(), root, directory.NewKey{Label: "Tests", Role: directory.RoleAdmin}))(t).Secret
	return s
}

// follow runs the index's follower until the test ends.
func (s *site) follow() {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- s.follower.Run(ctx) }()
	s.t.Cleanup(func() {
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			s.t.Errorf("the follower ended with %v", err)
		}
	})
}

func (s *site) catchUp() {
	s.t.Helper()
	check(s.t, s.follower.CatchUp(s.t.Context()))
}

// must answers v, or fails the test: must(f())(t).
func must[V any](v V, err error) func(testing.TB) V {
	return func(t testing.TB) V {
		t.Helper()
		check(t, err)
		return v
	}
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// reply is an answer that was held against the OpenAPI document.
type reply struct {
	t      testing.TB
	what   string
	status int
	header http.Header
	body   []byte
}

// option changes a request before it is sent.
type option func(*http.Request)

func header(name, value string) option {
	return func(r *http.Request) { r.Header.Add(name, value) }
}

func key(secret string) option { return header("Authorization", "Bearer "+secret) }

func ifMatch(tag string) option { return header("If-Match", tag) }

// do sends a request; a body that is not a string is sent as JSON.
func (s *site) do(method, path string, body any, options ...option) reply {
	s.t.Helper()
	var data []byte
	switch body := body.(type) {
	case nil:
	case string:
		data = []byte(body)
	default:
		data = must(json.Marshal(body))(s.t)
	}
	r := must(http.NewRequestWithContext(s.t.Context(), method, s.url+path, bytes.NewReader(data)))(s.t)
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
		if method == http.MethodPatch {
			r.Header.Set("Content-Type", "application/merge-patch+json")
		}
	}
	for _, o := range options {
		o(r)
	}
	if r.Header.Get("Content-Type") == "none" {
		r.Header.Del("Content-Type")
	}
	response := must(s.client.RoundTrip(r))(s.t)
	defer response.Body.Close()
	out := reply{t: s.t, what: method + " " + path, status: response.StatusCode, header: response.Header, body: must(io.ReadAll(response.Body))(s.t)}
	out.keepsPromises(r, response)
	return out
}

func (s *site) get(path string, options ...option) reply {
	s.t.Helper()
	return s.do(http.MethodGet, path, nil, options...)
}

// is fails the test unless the status is this one.
func (r reply) is(status int) reply {
	r.t.Helper()
	if r.status != status {
		r.t.Fatalf("%s: status %d, want %d: %.2000s", r.what, r.status, status, r.body)
	}
	return r
}

func (r reply) etag() string { return r.header.Get("ETag") }

// into reads the body into v.
func (r reply) into(v any) {
	r.t.Helper()
	if err := json.Unmarshal(r.body, v); err != nil {
		r.t.Fatalf("%s: %v: %.500s", r.what, err, r.body)
	}
}

// problem answers the problem that the body is.
func (r reply) problem() api.Problem {
	r.t.Helper()
	var p api.Problem
	r.into(&p)
	return p
}

// faults are the fields that the problem names, in order; those that have
// several faults on end once.
func (r reply) faults() string {
	r.t.Helper()
	var fields []string
	for _, f := range r.problem().Errors {
		fields = append(fields, f.Field)
		if f.Detail == "" || f.Fix == "" {
			r.t.Errorf("%s: fault %q does not say what is wrong and what to do: %+v", r.what, f.Field, f)
		}
	}
	return strings.Join(slices.Compact(fields), " ")
}

// kind is the last part of the problem's type.
func (r reply) kind() string {
	r.t.Helper()
	return strings.TrimPrefix(r.problem().Type, "/problems/")
}

// spec is the OpenAPI document, made strict: what it does not mention may not
// be in an answer.
var spec = sync.OnceValues(func() (routers.Router, error) {
	for _, media := range []string{"text/html", "text/css", "text/calendar", "application/atom+xml", "text/csv", "application/xml", "image/svg+xml", "application/x-ndjson"} {
		openapi3filter.RegisterBodyDecoder(media, func(body io.Reader, _ http.Header, _ *openapi3.SchemaRef, _ openapi3filter.EncodingFn) (any, error) {
			text, err := io.ReadAll(body)
			return string(text), err
		})
	}
	doc, err := openapi3.NewLoader().LoadFromFile("../openapi.yaml")
	if err != nil {
		return nil, err
	}
	no := false
	for _, schema := range doc.Components.Schemas {
		if s := schema.Value; s.Type.Is("object") && len(s.Properties) > 0 {
			s.AdditionalProperties = openapi3.AdditionalProperties{Has: &no}
		}
	}
	return gorillamux.NewRouter(doc)
})

// keepsPromises holds an answer against the OpenAPI document and against what
// every answer carries.
func (r reply) keepsPromises(request *http.Request, response *http.Response) {
	r.t.Helper()
	for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Access-Control-Allow-Origin": "*", "Referrer-Policy": "no-referrer"} {
		if got := r.header.Get(name); got != want {
			r.t.Errorf("%s: %s: %q, want %q", r.what, name, got, want)
		}
	}
	if r.header.Get("Request-Id") == "" || r.header.Get("Content-Security-Policy") == "" {
		r.t.Errorf("%s: Request-Id or Content-Security-Policy is missing", r.what)
	}
	page := strings.HasPrefix(r.header.Get("Content-Type"), "text/html") && strings.Contains(request.Header.Get("Accept"), "text/html")
	if r.status >= 400 && !page {
		p := r.problem()
		if r.header.Get("Content-Type") != "application/problem+json" || p.Status != r.status || p.Title == "" || p.Instance != "urn:uuid:"+r.header.Get("Request-Id") {
			r.t.Errorf("%s: not a problem with its status and instance: %s %s", r.what, r.header.Get("Content-Type"), r.body)
		}
	}
	router, err := spec()
	check(r.t, err)
	plain := request.Clone(request.Context())
	plain.URL.Scheme, plain.URL.Host, plain.Host = "", "", ""
	plain.URL.RawPath = ""
	if path := strings.TrimRight(plain.URL.Path, "/"); path != "" {
		plain.URL.Path = path // as the document says of all of them
	}
	route, pathParams, err := router.FindRoute(plain)
	if err != nil {
		if r.status != http.StatusNotFound && r.status != http.StatusMethodNotAllowed && request.Method != http.MethodOptions && request.Method != http.MethodHead {
			r.t.Errorf("%s: answered %d at an address that openapi.yaml does not have: %v", r.what, r.status, err)
		}
		return
	}
	if r.header.Get("Content-Encoding") == "gzip" || request.Method == http.MethodHead {
		return
	}
	err = openapi3filter.ValidateResponse(request.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: plain, PathParams: pathParams, Route: route},
		Status:                 response.StatusCode, Header: response.Header, Body: io.NopCloser(bytes.NewReader(r.body)),
		Options: &openapi3filter.Options{IncludeResponseStatus: true, MultiError: true},
	})
	if err != nil {
		r.t.Errorf("%s: the answer is not as openapi.yaml has it: %v", r.what, err)
	}
}
