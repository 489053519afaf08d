// Package api is Gather's HTTP API: publishing, confirming and finding activities.
//
// Handlers read the request, call the directory or the index, and write the
// response. They apply no rules and choose no status for an error: rules live in
// package directory, statuses in one table (problem.go), and what every request
// needs (keys, limits, deadline, log) in one middleware (middleware.go).
package api

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"

	"gather/api/feeds"
	"gather/api/openactive"
	"gather/api/oruk"
	"gather/api/web"
	"gather/directory"
	"gather/directory/gazetteer"
	"gather/directory/vocabulary"
	"gather/search/index"
)

// Deps are the dependencies and settings of the API. All are required, except Proxies.
type Deps struct {
	Directory  *directory.Directory
	Index      *index.Index
	Vocabulary *vocabulary.Vocabulary
	Places     *gazetteer.Gazetteer
	// Ready returns nil once searches work and are up to date, and otherwise an
	// error that tells the operator what is missing.
	Ready func(context.Context) error
	Log   *slog.Logger
	// Now is the clock.
	Now func() time.Time
	// Metrics is the registry that the API adds its counters to and that /metrics
	// shows.
	Metrics *prometheus.Registry
	Limits  Limits
	// Proxies is how many of the operator's own proxies are in front of this
	// server, each appending the address it saw to X-Forwarded-For. With 0 the
	// header is ignored. With more, the server must only be reachable through the
	// proxies: a client that bypasses them can claim any address.
	Proxies int
	// PublicURL is the address that the public uses; links in feeds and pages
	// start with it.
	PublicURL string
	// Dataset says who publishes the directory's open data, on what terms.
	// Its Name is the name of the directory.
	Dataset openactive.Dataset
	// Version is that of the program.
	Version string
	// OpenAPI is the content of openapi.yaml.
	OpenAPI []byte
}

type server struct {
	Deps
	limits  *limiter
	keys    *keyCache
	metrics *metrics
	docs    *reference
	outage  outage
	// gzipWriters holds *gzipWriter for reuse.
	gzipWriters *sync.Pool
	// buffers holds *[]byte that results of searches are written into.
	buffers *sync.Pool
	// runID is part of the ETags of searches: after a restart the index may have
	// been rebuilt, and its change numbers alone no longer say what it holds.
	runID string
	// site holds the name and address that feeds use.
	site feeds.Site
	// referral and active produce Open Referral UK and OpenActive.
	referral *oruk.Catalogue
	active   *openactive.Feeds
	// pages makes the pages to search on.
	pages *web.Pages
	// streams counts the streamed responses in progress.
	streams streams
	// operating holds the paths of routes with operates set.
	operating map[string]bool
	// methods holds the methods of each route, by path.
	methods map[string][]string
}

// New returns the handler of all routes. It starts no goroutines. An error can only
// mean that the program was built with faulty data files.
func New(d Deps) (http.Handler, error) {
	d.PublicURL = strings.TrimRight(d.PublicURL, "/")
	s := &server{
		site: feeds.Site{Name: d.Dataset.Name, URL: d.PublicURL, Words: d.Vocabulary},
		Deps: d, limits: newLimiter(d.Limits), keys: newKeyCache(d.Directory, d.Now),
		metrics: newMetrics(d.Metrics), docs: newReference(d.OpenAPI), gzipWriters: newGzipWriters(),
		buffers: &sync.Pool{New: func() any { return new([]byte) }}, runID: newRunID(d.Now()),
		operating: map[string]bool{}, methods: map[string][]string{},
	}
	s.referral = oruk.New(d.Directory, oruk.Options{BaseURL: d.PublicURL, Vocabulary: d.Vocabulary, Places: d.Places, Now: d.Now})
	var err error
	if s.active, err = openactive.New(d.Directory, openactive.Options{
		BaseURL: d.PublicURL, Vocabulary: d.Vocabulary, Page: s.site.ActivityURL, Now: d.Now, Dataset: d.Dataset,
	}); err != nil {
		return nil, err
	}
	if s.pages, err = web.New(d.Vocabulary, d.Dataset.Name, gazetteer.Attribution); err != nil {
		return nil, err
	}
	e := echo.New()
	e.HTTPErrorHandler = s.errorHandler
	e.Use(s.middleware)
	for _, r := range s.routes() {
		e.Add(r.method, r.path, s.route(r))
		s.methods[r.path] = append(s.methods[r.path], r.method)
		if r.operates {
			s.operating[r.path] = true
		}
	}
	return addressed(e), nil
}

// The timeouts of a connection. They are above requestTimeout, so that a slow
// request gets an answer, and low enough that idle or crawling clients cannot
// hold connections for long.
const (
	readHeaderTimeout = 5 * time.Second
	readTimeout       = 15 * time.Second
	writeTimeout      = 30 * time.Second
	idleTimeout       = 2 * time.Minute
	// maxHeaderBytes holds the longest search address that a browser sends,
	// and the other headers.
	maxHeaderBytes = 32 << 10
)

// Server returns an http.Server for handler at addr, with the timeouts and limits
// that a server on the public internet needs. What net/http itself logs goes to
// log as warnings.
func Server(handler http.Handler, addr string, log *slog.Logger) *http.Server {
	return &http.Server{
		Addr: addr, Handler: handler,
		ReadHeaderTimeout: readHeaderTimeout, ReadTimeout: readTimeout,
		WriteTimeout: writeTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeaderBytes,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}
