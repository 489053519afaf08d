package api

import (
	"bytes"
	"context"
	"fmt"
	"hash/fnv"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"gather/api/feeds"
	"gather/api/ical"
	"gather/directory"
	"gather/search"
)

// feedAge is how long, in seconds, a response with many activities may be cached:
// subscribers poll every few hours, and a cancelled session has to show soon.
const feedAge = "max-age=300"

// feed is a list of activities to send in one of the formats.
type feed struct {
	// title is shown to people; path is its address without a file ending.
	title, path string
	query       search.Query
}

// self returns the address of the feed in a format.
func (f feed) self(site feeds.Site, form feeds.Format) string {
	q := f.query
	q.AfterChange = 0
	if strings.HasPrefix(f.path, "/v1/groups/") {
		q.Group = "" // the path names it
	}
	address := site.URL + f.path + "." + string(form)
	if text := q.String(); text != "" {
		address += "?" + text
	}
	return address
}

// searchFeed sends everything that q finds.
func (s *server) searchFeed(c *call, q search.Query) error {
	title := s.Dataset.Name
	if q.Words != "" {
		title += ": " + q.Words
	}
	if q.Near != "" {
		title += " near " + q.Near
	}
	return s.feed(c, feed{title, "/v1/activities", q})
}

// groupFeed sends all published activities of a group.
func (s *server) groupFeed(c *call) error {
	for _, name := range []string{"after", "limit"} {
		if c.params.values.Has(name) {
			c.params.faults.Add(name, "leave it out", "has no place here: this form has everything at once")
		}
	}
	if err := c.params.err(); err != nil {
		return err
	}
	g, err := s.Directory.Group(c.Request().Context(), directory.Principal{}, c.Param("id"))
	if err != nil {
		return err
	}
	return s.feed(c, feed{g.Name, "/v1/groups/" + g.ID + "/activities", search.Query{Group: g.ID}})
}

// feedQuery refuses parameters that only make sense for pages of JSON when another
// format is asked for.
func feedQuery(form feeds.Format, q search.Query) error {
	if form == feeds.JSON {
		return nil
	}
	var fs directory.Faults
	refuse := func(name string, given bool, why string) {
		if given {
			fs.Add(name, "leave it out", "has no place here: %s", why)
		}
	}
	refuse("facets", len(q.Facets) > 0, "this form has the activities only")
	refuse("explain", q.Explain, "this form has the activities only")
	if form == feeds.Atom {
		refuse("sort", q.Sort != "" && q.Sort != search.SortUpdated, "a feed has the newest first")
	} else {
		refuse("limit", q.Limit > 0, "this form has everything at once")
		refuse("cursor", q.Cursor != "", "this form has everything at once")
	}
	return fs.Err()
}

func (s *server) feed(c *call, f feed) error {
	if c.format == feeds.Atom {
		return s.news(c, f)
	}
	h := c.Response().Header()
	h.Set(echo.HeaderCacheControl, c.visibility()+", "+feedAge)
	h.Set("Etag", s.feedTag(c.format, f.query))
	if c.unchanged(h.Get("Etag")) {
		return c.notModified()
	}
	h.Set(echo.HeaderContentDisposition, disposition(f.title, c.format))
	return s.stream(c, c.format.ContentType(), func(ctx context.Context, w io.Writer) error {
		as := s.found(ctx, f.query)
		if everything(f.query) {
			as = s.Directory.EachPublished(ctx)
		}
		switch c.format {
		case feeds.ICS:
			head := ical.Calendar{Name: f.title, Source: f.self(s.site, feeds.ICS)}
			return ical.WriteCalendar(w, s.site, s.Now(), head, as)
		case feeds.CSV:
			return feeds.WriteCSV(w, s.site, s.Now(), as)
		case feeds.GeoJSON:
			return feeds.WriteGeoJSON(w, s.site, s.Now(), as)
		default:
			return writeGraph(w, s.site, s.Now(), as)
		}
	})
}

// writeGraph writes activities as one JSON-LD document, one activity per line.
func writeGraph(w io.Writer, site feeds.Site, at time.Time, activities feeds.Activities) error {
	if _, err := io.WriteString(w, `{"@context":"https://schema.org","@graph":[`); err != nil {
		return err
	}
	between := "\n"
	for a, err := range activities {
		if err != nil {
			return err
		}
		ld, err := site.ActivityLD(a, at)
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(w, "%s%s", between, ld); err != nil {
			return err
		}
		between = ",\n"
	}
	_, err := io.WriteString(w, "\n]}\n")
	return err
}

// feedTag returns the ETag of what q finds, in a format. The response depends on the
// query, on the content of the index and on the time. For a calendar of a query
// without times, the year is enough, since it holds that year's sessions; all
// others name or filter by the next session, so their ETag changes every minute.
func (s *server) feedTag(form feeds.Format, q search.Query) string {
	q.AfterChange = 0
	now := s.Now().In(directory.London())
	span := now.Format("2006")
	timed := len(q.Day)+len(q.Time) > 0 || q.From != "" || q.To != "" || q.PlacesNow || q.CheckedMonths > 0
	if form != feeds.ICS || timed {
		span = strconv.FormatInt(now.Unix()/int64(time.Minute/time.Second), 10)
	}
	h := fnv.New64a()
	h.Write([]byte(q.String()))
	return fmt.Sprintf(`W/"%s.%d.%s.%s.%x"`, s.runID, s.Index.Cursor(), form, span, h.Sum64())
}

// activityFile sends the public part of one activity in a format other than JSON.
func (s *server) activityFile(c *call) error {
	a, err := s.readActivity(c, directory.Principal{})
	if err != nil {
		return err
	}
	return s.file(c, &a, a.ID, func(w io.Writer) error {
		one := func(yield func(*directory.Activity, error) bool) { yield(&a, nil) }
		switch c.format {
		case feeds.ICS:
			return ical.WriteActivity(w, s.site, s.Now(), &a)
		case feeds.Atom:
			self := s.site.URL + "/v1/activities/" + a.ID + ".atom"
			return feeds.WriteAtom(w, s.site, feeds.AtomFeed{ID: self, Self: self, Title: a.Title, Page: s.site.ActivityURL(a.ID), Updated: a.Updated}, one)
		case feeds.CSV:
			return feeds.WriteCSV(w, s.site, s.Now(), one)
		case feeds.GeoJSON:
			return feeds.WriteGeoJSON(w, s.site, s.Now(), one)
		default:
			ld, err := s.site.ActivityLD(&a, s.Now())
			if err == nil {
				_, err = w.Write(ld)
			}
			return err
		}
	})
}

// file sends what write writes about an activity; what is its id, or that of one of
// its sessions. A calendar depends only on the revision and the year, so its ETag
// needs no body; all others can name the next session, and have a hash as ETag.
func (s *server) file(c *call, a *directory.Activity, what string, write func(io.Writer) error) error {
	h := c.Response().Header()
	c.seen()
	h.Set("Change", strconv.FormatInt(a.Change, 10))
	if c.format == feeds.ICS {
		h.Set("Etag", fmt.Sprintf(`W/"%s.%d.ics.%d"`, what, a.Change, s.Now().In(directory.London()).Year()))
		if c.unchanged(h.Get("Etag")) {
			return c.notModified()
		}
	}
	var body bytes.Buffer
	if err := write(&body); err != nil {
		return fmt.Errorf("activity %s as %s: %w", a.ID, c.format, err)
	}
	h.Set(echo.HeaderContentDisposition, disposition(a.Title, c.format))
	return s.send(c, http.StatusOK, c.format.ContentType(), body.Bytes())
}

// maxFileName is the longest file name, in bytes, without its ending: what still
// shows in a list of downloads.
const maxFileName = 60

// disposition returns the Content-Disposition of a response: a file name in ASCII,
// as an attachment for formats that browsers do not show.
func disposition(title string, form feeds.Format) string {
	var name strings.Builder
	for _, r := range strings.ToLower(title) {
		switch {
		case name.Len() == maxFileName:
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			name.WriteRune(r)
		case name.Len() > 0 && !strings.HasSuffix(name.String(), "-"):
			name.WriteByte('-')
		}
	}
	kind, file := "inline", strings.Trim(name.String(), "-")
	if file == "" {
		file = "activities"
	}
	if form == feeds.ICS || form == feeds.CSV || form == feeds.GeoJSON {
		kind = "attachment"
	}
	return fmt.Sprintf(`%s; filename="%s.%s"`, kind, file, form)
}
