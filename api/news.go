package api

import (
	"bytes"
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"gather/api/feeds"
	"gather/directory"
	"gather/search"
)

const (
	// logStep is how many change numbers are scanned at once, newest first, and
	// logSteps how many such steps one page may take. Most changes are of
	// activities, so one step usually fills a page.
	logStep  = 500
	logSteps = 20
)

// news sends one page of an Atom feed of new and changed activities, newest first.
func (s *server) news(c *call, f feed) error {
	if f.query.Limit == 0 {
		f.query.Limit = maxPageSize
	}
	newest := f.query
	newest.Cursor, newest.Limit, newest.Sort = "", 0, ""
	latest := feed{f.title, f.path, newest}.self(s.site, feeds.Atom)
	head := feeds.AtomFeed{ID: latest, Self: c.here(s.site.URL), Title: f.title}
	var (
		as   []*directory.Activity
		next string
		err  error
	)
	if asked := f.query; everything(newest) {
		as, next, err = s.recent(c.Request().Context(), asked.Cursor, asked.Limit)
	} else {
		as, next, err = s.newest(c.Request().Context(), asked)
	}
	if err != nil {
		return err
	}
	head.Updated = time.Unix(0, 0)
	if len(as) > 0 {
		head.Updated = as[0].Updated
	}
	if next != "" {
		q := newest
		q.Cursor, q.Limit = next, f.query.Limit
		if q.Limit == maxPageSize {
			q.Limit = 0
		}
		head.Next = feed{path: "/v1/activities", query: q}.self(s.site, feeds.Atom)
	}
	var body bytes.Buffer
	if err := feeds.WriteAtom(&body, s.site, head, func(yield func(*directory.Activity, error) bool) {
		for _, a := range as {
			if !yield(a, nil) {
				return
			}
		}
	}); err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set(echo.HeaderCacheControl, c.visibility()+", "+feedAge)
	h.Set(echo.HeaderContentDisposition, disposition(f.title, feeds.Atom))
	return s.send(c, http.StatusOK, feeds.Atom.ContentType(), body.Bytes())
}

// here returns the URL of the request, at the public address.
func (c *call) here(base string) string { return base + c.Request().URL.RequestURI() }

// newest returns a page of what q finds, newest change first, and the cursor of the
// next page.
func (s *server) newest(ctx context.Context, q search.Query) ([]*directory.Activity, string, error) {
	q.Sort = search.SortUpdated
	page, err := s.Index.Find(ctx, q)
	if err != nil {
		return nil, "", badParams(err)
	}
	as, err := s.Directory.PublicActivities(ctx, page.IDs)
	return slices.DeleteFunc(as, func(a *directory.Activity) bool { return a == nil }), page.Next, err
}

// recent returns at most limit activities from the change log, newest change first,
// including those that were taken down, which have only an id. before is the change
// number to go back from, empty for the end of the log; next is the one for the
// page after.
func (s *server) recent(ctx context.Context, before string, limit int) (as []*directory.Activity, next string, err error) {
	to, err := s.Directory.Last(ctx)
	if err != nil {
		return nil, "", err
	}
	if before != "" {
		n, err := strconv.ParseInt(before, 10, 64)
		if err != nil || n < 1 {
			return nil, "", badParams(&directory.Invalid{Faults: []directory.Fault{{
				Field: "cursor", Detail: "is not a cursor of ours", Fix: "follow the link rel=next of the page before, or begin again without a cursor",
			}}})
		}
		to = min(to, n-1)
	}
	for step := 0; step < logSteps && to > 0; step++ {
		from := max(0, to-logStep)
		ps, err := s.Directory.PublicChanges(ctx, from, int(to-from))
		if err != nil {
			return nil, "", err
		}
		for _, p := range slices.Backward(ps) {
			if p.Change > to || p.Kind != directory.KindActivity {
				continue
			}
			a := p.Activity
			if a == nil {
				if p.Rev == 1 {
					continue // its only revision was never public
				}
				was, err := s.Directory.WasPublished(ctx, p.ID)
				if err != nil {
					return nil, "", err
				}
				if !was {
					continue
				}
				a = &directory.Activity{ID: p.ID, Change: p.Change, Updated: p.At} // taken down
			}
			if len(as) == limit {
				return as, strconv.FormatInt(as[limit-1].Change, 10), nil
			}
			as = append(as, a)
		}
		to = from
	}
	if to > 0 {
		next = strconv.FormatInt(to+1, 10)
	}
	return as, next, nil
}
