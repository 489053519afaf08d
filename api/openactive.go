package api

import (
	"context"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"gather/api/openactive"
)

// The Cache-Control that RPDE recommends: an hour for full pages, and eight seconds
// for the last page, where new items appear.
const (
	rpdeAge     = "public, max-age=3600"
	rpdeLastAge = "public, max-age=8"
)

// activeDataset serves /openactive.
//
//	@Summary		About the OpenActive feeds
//	@Description	A page that describes the two feeds of physical activities below, their licence and their publisher, for people and, in JSON-LD, for programs: https://openactive.io.
//	@ID				activeDataset
//	@Tags			Standards
//	@Produce		html
//	@Success		200	{string}	string	"A page with a schema.org Dataset in it"
//	@Success		304	"Your copy is current"
//	@Failure		400,401,406,429,500,503	{object}	Problem
//	@Router			/openactive [get]
func (s *server) activeDataset(c *call) error {
	page, err := s.active.DatasetPage()
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderCacheControl, rpdeAge)
	return s.send(c, http.StatusOK, echo.MIMETextHTMLCharsetUTF8, page)
}

// activeSeries serves /openactive/session-series.
//
//	@Summary		Feed of regular times
//	@Description	A page of an OpenActive feed (Realtime Paged Data Exchange 1.0, https://openactive.io/realtime-paged-data-exchange): physical activities only. Begin without parameters and follow next; a page without items whose next is its own address is the last one for now.
//	@ID				activeSeries
//	@Tags			Standards
//	@Produce		json,application/vnd.openactive.rpde+json
//	@Param			afterChangeNumber	query	integer	false	"Only items after this number, as in next"	minimum(0)
//	@Param			limit				query	integer	false	"Most items per page"	minimum(1)	maximum(1000)	default(500)
//	@Success		200	{object}	object	"As the standard defines it"
//	@Success		304	"Your copy is current"
//	@Failure		400,401,406,429,500,503	{object}	Problem
//	@Router			/openactive/session-series [get]
func (s *server) activeSeries(c *call) error { return s.feedPage(c, s.active.Series) }

// activeSessions serves /openactive/scheduled-sessions.
//
//	@Summary		Feed of dated sessions
//	@Description	A page of an OpenActive feed (Realtime Paged Data Exchange 1.0, https://openactive.io/realtime-paged-data-exchange): physical activities only. Begin without parameters and follow next; a page without items whose next is its own address is the last one for now.
//	@ID				activeSessions
//	@Tags			Standards
//	@Produce		json,application/vnd.openactive.rpde+json
//	@Param			afterChangeNumber	query	integer	false	"Only items after this number, as in next"	minimum(0)
//	@Param			limit				query	integer	false	"Most items per page"	minimum(1)	maximum(1000)	default(500)
//	@Success		200	{object}	object	"As the standard defines it"
//	@Success		304	"Your copy is current"
//	@Failure		400,401,406,429,500,503	{object}	Problem
//	@Router			/openactive/scheduled-sessions [get]
func (s *server) activeSessions(c *call) error { return s.feedPage(c, s.active.Sessions) }

// feedPage sends the page of a feed that the parameters ask for.
func (s *server) feedPage(c *call, read func(context.Context, openactive.Ask) (openactive.Page, error)) error {
	ask := openactive.Ask{After: c.params.changeNumber("afterChangeNumber"), Limit: int(c.params.number("limit", 0, 1, openactive.MaxLimit))}
	if err := c.params.err(); err != nil {
		return err
	}
	page, err := read(c.Request().Context(), ask)
	if err != nil {
		return err
	}
	age := rpdeAge
	if page.Last {
		age = rpdeLastAge
	}
	c.Response().Header().Set(echo.HeaderCacheControl, age)
	return s.sendStandard(c, page)
}

// changeNumber reads a change number in RPDE's form: decimal digits without a sign
// or leading zeros. It is 0, the start of the feed, when there is none.
func (p *params) changeNumber(name string) int64 {
	text := p.values.Get(name)
	if text == "" && !p.values.Has(name) {
		return 0
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 || strconv.FormatInt(n, 10) != text {
		p.faults.Add(name, "give a change number as next has it", "is %q", text)
		return 0
	}
	return n
}
