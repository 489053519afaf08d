package api

import (
	"errors"
	"fmt"
	"hash/fnv"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"gather/api/feeds"
	"gather/directory"
	"gather/search"
	"gather/search/index"
)

// searchAge is how long, in seconds, the result of a search may be cached: long
// enough for a busy page to share one, short enough that nobody sees stale results.
const searchAge = "max-age=30"

// search finds activities.
//
//	@Summary		Search
//	@Description	Finds published activities. Repeat a parameter for all of its values, separate them with commas for any of them: access=step-free&access=hearing-loop asks for both, day=tue,thu for either. Names of values are in /v1/vocabularies.
//	@Description	What a listing does not state is not no: such listings are counted in unstated, and ask in each item says what to ask first. When little is found, rescue offers wider queries with their counts.
//	@Description	With Accept, all results come at once as a calendar to subscribe to, GeoJSON, CSV or JSON-LD; or as an Atom feed of new and changed activities, newest first, one page at a time. These formats do not take facets and explain; only Atom takes limit and cursor, and without a filter it also lists what was withdrawn. They hold only what is public.
//	@ID				searchActivities
//	@Tags			Find
//	@Produce		json,text/calendar,application/atom+xml,application/geo+json,text/csv,application/ld+json
//	@Param			If-None-Match	header		string		false	"ETag of the copy that you have: 304 if it is current"
//	@Success		200				{object}	search.Answer
//	@Header			200				{string}	ETag	"Version of the answer"
//	@Success		304				"Your copy is current"
//	@Failure		400,401,406,429,500,503	{object}	Problem
//	@Router			/v1/activities [get]
func (s *server) search(c *call) error {
	values, err := url.ParseQuery(c.Request().URL.RawQuery)
	if err != nil {
		return badParams(directory.InvalidField("", "percent-encode it", "the query string cannot be read"))
	}
	near := values.Get("near")
	q, err := search.ParseQuery(values, s.Vocabulary)
	if err == nil {
		err = feedQuery(c.format, q)
	}
	if err != nil {
		return badParams(s.alsoNear(err, near))
	}
	if err := s.caughtUp(c, q); err != nil {
		return err
	}
	if c.format != feeds.JSON {
		return s.searchFeed(c, q)
	}
	h := c.Response().Header()
	h.Set(echo.HeaderCacheControl, c.visibility()+", "+searchAge)
	h.Set("Etag", s.searchTag(q))
	if c.unchanged(h.Get("Etag")) {
		return c.notModified()
	}
	return s.sendAnswer(c, q)
}

// sendAnswer runs q and sends the result.
func (s *server) sendAnswer(c *call, q search.Query) error {
	buf := s.buffers.Get().(*[]byte)
	defer func() {
		if cap(*buf) <= maxBuffer {
			s.buffers.Put(buf)
		}
	}()
	answer, err := s.Index.AppendAnswer(c.Request().Context(), q, (*buf)[:0])
	if *buf = answer; err != nil {
		return badParams(s.alsoNear(err, q.Near))
	}
	return s.send(c, http.StatusOK, jsonType, answer)
}

// maxBuffer is the capacity in bytes above which a buffer is not reused, so that
// one large answer does not hold its memory for good: a page of twenty with all
// facets takes some tens of thousands.
const maxBuffer = 256 << 10

// searchFile finds activities, in the format of the file ending.
//
//	@Summary		Search, in one format
//	@Description	The same as /v1/activities, with the same parameters, in the format that the file ending names, for clients that cannot send an Accept header: a spreadsheet, a map, a calendar. A calendar can be subscribed to: webcal:// instead of https://.
//	@ID				searchActivitiesAs
//	@Tags			Find
//	@Produce		json,text/calendar,application/atom+xml,application/geo+json,text/csv,application/ld+json
//	@Param			format			path		string		true	"The format"	Enums(json, ics, atom, geojson, csv, jsonld)
//	@Param			q				query		string		false	"Words, as in /v1/activities, and so are all other parameters"	maxlength(300)	example(chair yoga)
//	@Param			If-None-Match	header		string		false	"ETag of the copy that you have: 304 if it is current"
//	@Success		200				{object}	search.Answer
//	@Header			200				{string}	ETag	"Version of the answer"
//	@Success		304				"Your copy is current"
//	@Failure		400,401,404,406,429,500,503	{object}	Problem
//	@Router			/v1/activities.{format} [get]
func (s *server) searchFile(c *call) error { return s.search(c) }

// searchBody finds activities by a query in the body.
//
//	@Summary		Search with a body
//	@Description	The same as GET /v1/activities, with the parameters as the fields of a JSON object: needs that are sent this way do not end up in the logs and histories of proxies and browsers. Faults are reported in the same way. Every entry of a list has to match; an entry may list alternatives, separated by commas.
//	@ID				searchActivitiesByBody
//	@Tags			Find
//	@Accept			json
//	@Produce		json
//	@Param			query	body		search.Request	true	"The query"
//	@Success		200		{object}	search.Answer
//	@Failure		400,401,406,408,413,415,429,500,503	{object}	Problem
//	@Router			/v1/activities/search [post]
func (s *server) searchBody(c *call) error {
	body, err := c.readBody(jsonType)
	if err != nil {
		return err
	}
	q, err := search.DecodeQuery(body, s.Vocabulary)
	if err != nil {
		return s.badQuestion(body, err)
	}
	if err := s.caughtUp(c, q); err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderCacheControl, "no-store")
	return s.sendAnswer(c, q)
}

// badQuestion turns the error of a posted query into one of the table: a fault in the
// form of the body, or a fault in a parameter, as for a query in the URL.
func (s *server) badQuestion(body []byte, err error) error {
	var r search.Request
	form := directory.Decode(body, &r)
	err = s.alsoNear(err, r.Near)
	if form != nil {
		return unformed(err)
	}
	return badParams(err)
}

// caughtUp waits until the index has the change that q asks for.
func (s *server) caughtUp(c *call, q search.Query) error {
	if q.AfterChange == 0 {
		return nil
	}
	err := s.Index.WaitFor(c.Request().Context(), q.AfterChange)
	if errors.Is(err, index.ErrNotYet) {
		return explain(fmt.Errorf("%w: %w", errNotReady, err), "Change %d cannot be found yet. Try again soon.", q.AfterChange)
	}
	return err
}

// searchTag returns the ETag of the result of q. The result depends on the query, the
// content of the index, the synonyms, and the time. Within a minute the same listings
// match, and only as_of and the last digit of trust can differ, so the ETag uses the
// minute and is weak.
func (s *server) searchTag(q search.Query) string {
	h := fnv.New64a()
	h.Write([]byte(q.String()))
	minute := s.Now().Unix() / int64(time.Minute/time.Second)
	return fmt.Sprintf(`W/"%s.%d.%d.%d.%x"`, s.runID, s.Index.Cursor(), s.Index.SynonymsRead(), minute, h.Sum64())
}

// Suggestions are ways to go on with what has been typed.
type Suggestions struct {
	Items []search.Suggestion `json:"items"`
}

// suggest completes what is typed.
//
//	@Summary		Suggest while typing
//	@Description	Activities, interests, groups and places that begin with what has been typed, each with the query it stands for.
//	@ID				suggest
//	@Tags			Find
//	@Produce		json
//	@Param			q		query		string	true	"What has been typed"	example(kni)
//	@Param			near	query		string	false	"A place: activities near it come first"	example(M33 7DB)
//	@Param			lang	query		string	false	"Language of the texts"	Enums(en, cy)	default(en)
//	@Param			limit	query		integer	false	"Most suggestions"	minimum(1)	maximum(20)	default(8)
//	@Success		200		{object}	Suggestions
//	@Success		304		"Your copy is current"
//	@Failure		400,401,406,429,500,503	{object}	Problem
//	@Router			/v1/suggest [get]
func (s *server) suggest(c *call) error {
	p := c.params
	typed, lang := p.text("q"), p.text("lang")
	if typed == "" {
		p.faults.Add("q", "give what has been typed", "is missing")
	}
	if lang != "" && lang != "en" && lang != "cy" {
		p.faults.Add("lang", "write en or cy", "is %q", lang)
	}
	limit := int(p.number("limit", search.DefaultSuggestions, 1, search.MaxSuggestions))
	if err := p.err(); err != nil {
		return err
	}
	items, err := s.Index.Suggest(c.Request().Context(), typed, p.text("near"), lang, limit)
	if err != nil {
		return badParams(err)
	}
	c.Response().Header().Set(echo.HeaderCacheControl, c.visibility()+", "+searchAge)
	return s.answer(c, http.StatusOK, Suggestions{Items: append([]search.Suggestion{}, items...)})
}

// newRunID returns an id that differs from one start of the process to the next.
func newRunID(now time.Time) string { return strconv.FormatInt(now.UnixNano(), 36) }
