// Package api is Gather over HTTP: publishing, keeping true, and finding.
//
// Handlers read what was sent, ask the directory or the index, and answer.
// They decide no rule and no status of an error: rules live in package
// directory, statuses in one table (problem.go), and the duties of every
// request (keys, limits, deadline, log) in one wrapper (middleware.go).
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
	"gather/directory"
	"gather/directory/gazetteer"
	"gather/directory/vocabulary"
	"gather/search/index"
)

// Deps is what the API works with. All of it is needed, save Proxies.
type Deps struct {
	Directory  *directory.Directory
	Index      *index.Index
	Vocabulary *vocabulary.Vocabulary
	Places     *gazetteer.Gazetteer
	// Ready answers nil once searches can be answered and are up to date,
	// else what is missing, in words for the operator.
	Ready func(context.Context) error
	Log   *slog.Logger
	// Now is the clock.
	Now func() time.Time
	// Metrics is where the counters go, and what /metrics shows.
	Metrics *prometheus.Registry
	Limits  Limits
	// Proxies is how many proxies of the operator's own stand before this
	// server, each adding the address it saw to X-Forwarded-For. 0 means that
	// the header is not believed. With more, nobody may reach the server past
	// the proxies: they could claim to be anyone.
	Proxies int
	// PublicURL is the address people reach this server by: links in feeds
	// and pages are made of it.
	PublicURL string
	// Dataset says who publishes the directory's open data, on what terms.
	// Its Name is what the directory is called.
	Dataset openactive.Dataset
	// Version of the program.
	Version string
	// OpenAPI is openapi.yaml.
	OpenAPI []byte
}

type server struct {
	Deps
	limits  *limiter
	keys    *keyCache
	metrics *metrics
	docs    *reference
	// gzipWriters holds *gzipWriter for reuse.
	gzipWriters *sync.Pool
	// buffers holds *[]byte that results of searches are written into.
	buffers *sync.Pool
	// runID is part of the ETags of searches: after a restart the index may have
	// been rebuilt, and its change numbers alone no longer say what it holds.
	runID string
	// site is the directory as feeds name it.
	site feeds.Site
	// referral and active are what is said in Open Referral UK and OpenActive.
	referral *oruk.Catalogue
	active   *openactive.Feeds
	// streams are the long answers that are being sent.
	streams streams
	// operating are the paths of the routes that operate the server.
	operating map[string]bool
}

// New makes the handler of every route. It starts nothing. The error can only
// mean that the program was built from faulty data files.
func New(d Deps) (http.Handler, error) {
	d.PublicURL = strings.TrimRight(d.PublicURL, "/")
	s := &server{
		site: feeds.Site{Name: d.Dataset.Name, URL: d.PublicURL, Words: d.Vocabulary},
		Deps: d, limits: newLimiter(d.Limits), keys: newKeyCache(d.Directory, d.Now),
		metrics: newMetrics(d.Metrics), docs: newReference(d.OpenAPI), gzipWriters: newGzipWriters(),
		buffers: &sync.Pool{New: func() any { return new([]byte) }}, runID: newRunID(d.Now()),
		operating: map[string]bool{},
	}
	s.referral = oruk.New(d.Directory, oruk.Options{BaseURL: d.PublicURL, Vocabulary: d.Vocabulary, Places: d.Places, Now: d.Now})
	var err error
	if s.active, err = openactive.New(d.Directory, openactive.Options{
		BaseURL: d.PublicURL, Vocabulary: d.Vocabulary, Page: s.site.ActivityURL, Now: d.Now, Dataset: d.Dataset,
	}); err != nil {
		return nil, err
	}
	e := echo.New()
	e.HTTPErrorHandler = s.errorHandler
	e.Use(s.middleware)
	for _, r := range s.routes() {
		e.Add(r.method, r.path, s.route(r))
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
	// with room for the headers beside it.
	maxHeaderBytes = 32 << 10
)

// Server is an http.Server for handler at addr, with the timeouts and limits
// that a server on the open network needs. Its log gets what net/http itself
// has to say.
func Server(handler http.Handler, addr string, log *slog.Logger) *http.Server {
	return &http.Server{
		Addr: addr, Handler: handler,
		ReadHeaderTimeout: readHeaderTimeout, ReadTimeout: readTimeout,
		WriteTimeout: writeTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeaderBytes,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}
