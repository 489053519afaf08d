package api

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"slices"

	"github.com/labstack/echo/v4"

	"gather/api/openactive"
	"gather/api/oruk"
	"gather/search"
)

// speakStandards makes the handlers of the standards that have addresses of
// their own.
func (s *server) speakStandards() error {
	s.referral = oruk.New(s.Directory, oruk.Options{
		BaseURL: s.PublicURL, OpenAPIURL: s.PublicURL + "/openapi.yaml", Vocabulary: s.Vocabulary, Places: s.Places,
		Now: s.Now, Search: s.idsWith, Problem: handBack,
	})
	var err error
	s.active, err = openactive.New(s.Directory, openactive.Options{
		BaseURL: s.PublicURL, Vocabulary: s.Vocabulary, Page: s.site.ActivityURL, Now: s.Now, Dataset: s.Dataset, Problem: handBack,
	})
	return err
}

// idsWith answers the ids of at most limit published activities that have
// these words, best first.
func (s *server) idsWith(ctx context.Context, text string, limit int) ([]string, error) {
	q, err := search.ParseQuery(url.Values{"q": {text}}, s.Vocabulary)
	if err != nil {
		return nil, badParams(err)
	}
	var ids []string
	for page, err := range s.foundIDs(ctx, q) {
		if err != nil {
			return nil, err
		}
		if ids = append(ids, page...); len(ids) >= limit {
			return ids[:limit], nil
		}
	}
	return ids, nil
}

// failure is where a standard's handler leaves its error; the context of the
// request leads there.
type failure struct{ err error }

type failureKey struct{}

// handBack hands an error of a standard's handler to the one place that
// answers with problems.
func handBack(_ http.ResponseWriter, r *http.Request, err error) {
	r.Context().Value(failureKey{}).(*failure).err = err
}

// within is the writer of a standard's handler: headers go to the answer, the
// body where it is told.
type within struct {
	header http.Header
	status int
	body   io.Writer
}

func (w *within) Header() http.Header         { return w.header }
func (w *within) WriteHeader(status int)      { w.status = status }
func (w *within) Write(p []byte) (int, error) { return w.body.Write(p) }

// serve lets a standard's handler write the body of an answer, and answers its
// status.
func (c *call) serve(ctx context.Context, body io.Writer, h http.Handler) (status int, err error) {
	var f failure
	w := &within{c.Response().Header(), http.StatusOK, body}
	h.ServeHTTP(w, c.Request().WithContext(context.WithValue(ctx, failureKey{}, &f)))
	w.header.Set(echo.HeaderAccessControlExposeHeaders, corsRead)
	return w.status, badParams(f.err)
}

// speak answers with what a standard's handler answers, its lines as a stream.
// Who accepts lines only, asks for them.
func (s *server) speak(c *call, h http.Handler) error {
	query := c.Request().URL.Query()
	if !query.Has("format") && !accepts(c.Request().Header.Values(echo.HeaderAccept), []string{jsonType}) && slices.Contains(c.route.produces, ndjsonType) {
		query.Set("format", "ndjson")
		r := c.Request().Clone(c.Request().Context())
		r.URL.RawQuery = query.Encode()
		c.SetRequest(r)
	}
	if query.Get("format") == "ndjson" {
		return s.stream(c, ndjsonType, func(ctx context.Context, w io.Writer) error {
			_, err := c.serve(ctx, w, h)
			return err
		})
	}
	var body bytes.Buffer
	status, err := c.serve(c.Request().Context(), &body, h)
	switch {
	case err != nil:
		return err
	case status == http.StatusNotModified:
		return c.notModified()
	}
	return s.send(c, status, c.Response().Header().Get(echo.HeaderContentType), body.Bytes())
}

// ndjsonType is the media type of one JSON value a line.
const ndjsonType = "application/x-ndjson"
