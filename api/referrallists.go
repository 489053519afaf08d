package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"gather/api/feeds"
	"gather/api/oruk"
	"gather/directory"
	"gather/search"
)

// The parameters of Open Referral's lists: those of HSDS 3.0 and of the UK
// profile together. An empty one counts as left out.
var (
	orukListParams         = taken{names: orukNames(), blank: true}
	orukTermParams         = taken{names: orukNames("taxonomy_id", "top_only", "parent_id"), blank: true}
	orukOrganizationParams = taken{
		names: orukNames("full", "full_service", "taxonomy_term_id", "taxonomy_id"),
		many:  []string{"taxonomy_term_id", "taxonomy_id"}, blank: true,
	}
	orukServiceParams = taken{
		names: orukNames("taxonomy_term_id", "taxonomy_id", "organization_id", "modified_after", "minimal", "full",
			"minimum_age", "maximum_age", "start_time", "end_time", "day", "postcode", "proximity"),
		many: []string{"taxonomy_term_id", "taxonomy_id", "day"}, blank: true,
	}
)

// orukNames returns the parameters of every list, and more.
func orukNames(more ...string) []string {
	return append([]string{"search", "page", "per_page", "format"}, more...)
}

// The sizes of Open Referral's pages and parameters. The default page is what most
// harvesters ask for; a page of full services of the largest size is about a
// megabyte. format=ndjson has no pages.
const (
	orukPerPage    = 50
	maxOrukPerPage = 100
	// maxOrukPage keeps page*per_page in range.
	maxOrukPage = 10_000_000
	// maxOrukSearch is the longest search text, in bytes.
	maxOrukSearch = 200
	// maxOrukFound is the most results of a search for words.
	maxOrukFound = 10_000
	// maxOrukMetres is the largest radius: the length of Great Britain.
	maxOrukMetres = 1_500_000
)

// orukList is what to send of a list: one page, or all of it as lines.
type orukList struct {
	page, perPage int
	lines         bool
}

// orukList reads the parameters that every list has. An Accept header of NDJSON is
// the same as format=ndjson.
func (c *call) orukList() orukList {
	p := c.params
	l := orukList{page: int(p.number("page", 1, 1, maxOrukPage)), perPage: int(p.number("per_page", orukPerPage, 1, maxOrukPerPage))}
	switch format := p.text("format"); format {
	case "":
		l.lines = c.format == feeds.NDJSON
	case "json":
	case "ndjson":
		l.lines = true
	default:
		p.faults.Add("format", "say json or ndjson", "is %q", format)
	}
	if l.lines && (p.values.Has("page") || p.values.Has("per_page")) {
		p.faults.Add("page", "leave page and per_page out", "cannot go with format=ndjson, which answers everything")
	}
	return l
}

// orukSearch reads the words to search for.
func (p *params) orukSearch() string {
	text := p.text("search")
	if len(text) > maxOrukSearch {
		p.faults.Add("search", fmt.Sprintf("give at most %d bytes", maxOrukSearch), "is too long")
		return ""
	}
	return text
}

// orukFilter reads the parameters of lists of services, except search.
func (s *server) orukFilter(p *params) oruk.Filter {
	f := oruk.Filter{
		Terms: p.ids("taxonomy_term_id"), Taxonomies: p.ids("taxonomy_id"), Organization: p.id("organization_id"),
		ModifiedAfter: p.modifiedAfter(), MinimumAge: p.optional("minimum_age", 0, 150), MaximumAge: p.optional("maximum_age", 0, 150),
		Days: p.orukDays(), Start: p.clock("start_time"), End: p.clock("end_time"),
	}
	metres := p.number("proximity", 0, 1, maxOrukMetres)
	if !p.values.Has("postcode") {
		if p.values.Has("proximity") {
			p.faults.Add("proximity", "give a postcode too", "has no postcode to be near to")
		}
		return f
	}
	at, err := s.Places.Postcode(p.text("postcode"))
	var no *directory.NoPlace
	switch {
	case errors.As(err, &no):
		p.faults.Add("postcode", no.Fix, "%s", no.Detail)
	case err != nil:
		p.faults.Add("postcode", "give a full postcode", "cannot be read")
	case metres > 0:
		f.Near, f.Metres = &at.Position, float64(metres)
	default:
		f.Covers = &at
	}
	return f
}

// modifiedAfter reads a date or a date and time, in UTC unless it has an offset.
func (p *params) modifiedAfter() time.Time {
	const name = "modified_after"
	if !p.values.Has(name) {
		return time.Time{}
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02T15:04", directory.DateLayout} {
		if t, err := time.Parse(layout, p.text(name)); err == nil {
			return t
		}
	}
	p.faults.Add(name, "give a date and time such as 2026-01-31T09:00:00Z (write + as %2B)", "is %q", p.text(name))
	return time.Time{}
}

// orukDays reads the days of the week, separated by commas or repeated.
func (p *params) orukDays() (days oruk.Days) {
	for _, text := range strings.Split(strings.Join(p.values["day"], ","), ",") {
		text = strings.TrimSpace(text)
		day, ok := oruk.ParseDay(text)
		if !ok && text != "" {
			p.faults.Add("day", "say MO, TU, WE, TH, FR, SA or SU", "%q is not a day", text)
		}
		days |= day
	}
	return days
}

// services sends a list of services, or of services at locations.
func (s *server) services(c *call, list func(context.Context, oruk.Filter, oruk.Shown) (oruk.List, error)) error {
	p, ctx := c.params, c.Request().Context()
	l, f, text := c.orukList(), s.orukFilter(p), p.orukSearch()
	how := oruk.Brief
	switch minimal, full := p.flag("minimal"), p.flag("full"); {
	case minimal && full:
		p.faults.Add("minimal", "ask for minimal or for full", "cannot go with full")
	case minimal:
		how = oruk.Minimal
	case full:
		how = oruk.Full
	}
	if err := p.err(); err != nil {
		return err
	}
	if text != "" {
		var err error
		if f.Found, err = s.idsWith(ctx, text); err != nil {
			return err
		}
	}
	found, err := list(ctx, f, how)
	if err != nil {
		return err
	}
	return s.sendList(c, l, found)
}

// idsWith returns the ids of published activities that match these words, best
// first, at most maxOrukFound. It is empty, not nil, if there are none.
func (s *server) idsWith(ctx context.Context, text string) ([]string, error) {
	q, err := search.ParseQuery(url.Values{"q": {text}}, s.Vocabulary)
	if err != nil {
		return nil, badParams(err)
	}
	ids := []string{}
	for page, err := range s.foundIDs(ctx, q) {
		if err != nil {
			return nil, fmt.Errorf("search for services: %w", err)
		}
		if ids = append(ids, page...); len(ids) >= maxOrukFound {
			break
		}
	}
	return ids[:min(maxOrukFound, len(ids))], nil
}

// sendList sends a page of list, or all of it, one entity per line.
func (s *server) sendList(c *call, l orukList, list oruk.List) error {
	if l.lines {
		c.Response().Header().Set(echo.HeaderCacheControl, orukAge)
		return s.stream(c, feeds.NDJSON.ContentType(), func(ctx context.Context, w io.Writer) error {
			lines := json.NewEncoder(w)
			return list.Each(ctx, func(entity any) error { return lines.Encode(entity) })
		})
	}
	page, err := list.Page(c.Request().Context(), l.page, l.perPage)
	if err != nil {
		return err
	}
	return s.sendStandard(c, page)
}

// orukAge is the Cache-Control of Open Referral: a minute, so that a corrected
// listing shows soon.
const orukAge = "public, max-age=60"

// sendStandard sends v as JSON that is safe inside an HTML page, with the
// Cache-Control that is set, or else orukAge.
func (s *server) sendStandard(c *call, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encode the answer: %w", err)
	}
	h := c.Response().Header()
	if h.Get(echo.HeaderCacheControl) == "" {
		h.Set(echo.HeaderCacheControl, orukAge)
	}
	return s.send(c, http.StatusOK, jsonType, append(body, '\n'))
}
