// Package ical writes activities as iCalendar (RFC 5545, with the calendar
// properties of RFC 7986), for people to put sessions into their own calendars.
//
// Regular times become recurring events, one for each Repeat of a schedule, or
// several where long pauses part it; cancelled, moved and full sessions become
// overrides of those; single dates become events by themselves. The writer is
// github.com/arran4/golang-ical, which escapes and folds; what it gets wrong is
// kept away from it: texts go through feeds.Clean first (folding bad UTF-8, it
// cuts letters in half), lines end in CRLF (it uses the machine's own), and no parameter has
// a value that needs quoting (it escapes those with backslashes).
//
// The window. A calendar holds the sessions from the first of January of last
// year (YearsBack) to the last of December of the year after next (YearsAhead).
// A series without an end, and without pauses that come every year, goes on
// beyond the window, as its rule does; one with such pauses stops there, because
// iCalendar has no rule that leaves out a season. The window moves once a year,
// so the same revision of an activity gives the same bytes all the year.
package ical

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"time"

	ics "github.com/arran4/golang-ical"

	"gather/api/feeds"
	"gather/directory"
)

// MediaType is the Content-Type of everything this package writes.
const MediaType = "text/calendar; charset=utf-8"

// The window of a calendar, in calendar years either side of the one it is
// written in. People look up when they were last there, and book a year ahead;
// more would only make every refresh longer.
const (
	YearsBack  = 1
	YearsAhead = 2
)

// refresh is how often a subscribed calendar is asked to come back. Twice a day
// is often enough for "cancelled today" to be seen by the evening before, and
// seldom enough for the thousands of phones that may follow one search.
const refresh = "PT12H"

// Calendar says what a calendar of many activities is called and where it is.
type Calendar struct {
	// Name is shown as the calendar's title: the search or the group.
	Name string
	// Description is a sentence more; may be empty.
	Description string
	// Page is the address of the same for people, Source the address of this
	// calendar. Both may be empty.
	Page, Source string
	// Updated is when the newest activity in it changed; zero leaves it out.
	Updated time.Time
}

// WriteActivity writes all sessions of a in the window around at.
func WriteActivity(w io.Writer, site feeds.Site, at time.Time, a *directory.Activity) error {
	head := Calendar{Name: a.Title, Description: a.Summary, Page: site.ActivityURL(a.ID), Updated: a.Updated}
	return WriteCalendar(w, site, at, head, func(yield func(*directory.Activity, error) bool) { yield(a, nil) })
}

// WriteSession writes one session of a, which a.Session or a.Sessions answered,
// as an event by itself. Its UID is not that of the series, so that a calendar
// may hold both.
func WriteSession(w io.Writer, site feeds.Site, a *directory.Activity, s directory.Session) error {
	head := Calendar{Name: a.Title, Page: site.SessionURL(a.ID, s.Key), Updated: a.Updated}
	return write(w, head, func(out func(*ics.VEvent) error) error {
		return out(compose(site, a).single(s))
	})
}

// WriteCalendar writes the sessions in the window around at of every activity,
// in the order given. It holds one activity at a time. The error is that of w
// or the first one of activities, after which the calendar is not whole.
func WriteCalendar(w io.Writer, site feeds.Site, at time.Time, head Calendar, activities feeds.Activities) error {
	return write(w, head, func(out func(*ics.VEvent) error) error {
		span := windowAround(at)
		for a, err := range activities {
			if err != nil {
				return fmt.Errorf("reading activities for a calendar: %w", err)
			}
			for _, e := range compose(site, a).events(span) {
				if err := out(e); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// write puts a calendar's head and end around the events that body writes.
func write(w io.Writer, head Calendar, body func(out func(*ics.VEvent) error) error) error {
	// Lines of 75 octets without the line break: RFC 5545 section 3.1.
	form := &ics.SerializationConfiguration{MaxLength: 75, PropertyMaxLength: 75, NewLine: "\r\n"}
	const end = "END:VCALENDAR\r\n"
	var frame bytes.Buffer
	if err := head.frame().SerializeTo(&frame, form); err != nil {
		return fmt.Errorf("writing the head of a calendar: %w", err)
	}
	buffered := bufio.NewWriter(w)
	buffered.Write(bytes.TrimSuffix(frame.Bytes(), []byte(end))) // Flush answers its error
	err := body(func(e *ics.VEvent) error {
		if err := e.SerializeTo(buffered, form); err != nil {
			return fmt.Errorf("writing an event: %w", err)
		}
		return nil
	})
	if err != nil {
		return err
	}
	buffered.WriteString(end)
	if err := buffered.Flush(); err != nil {
		return fmt.Errorf("writing a calendar: %w", err)
	}
	return nil
}

// frame is the calendar without events. METHOD is left out: this is a calendar
// to look at, not an invitation to answer.
func (c Calendar) frame() *ics.Calendar {
	cal := &ics.Calendar{}
	add := func(name, value string, params ...ics.PropertyParameter) {
		if value = feeds.Clean(value); value == "" {
			return
		}
		p := ics.CalendarProperty{BaseProperty: ics.BaseProperty{IANAToken: name, Value: value, ICalParameters: map[string][]string{}}}
		for _, param := range params {
			k, v := param.KeyValue()
			p.ICalParameters[k] = v
		}
		cal.CalendarProperties = append(cal.CalendarProperties, p)
	}
	add("VERSION", "2.0")
	add("PRODID", "-//Gather//Community activities//EN")
	add("CALSCALE", "GREGORIAN")
	add("NAME", c.Name)
	add("X-WR-CALNAME", c.Name)
	add("DESCRIPTION", c.Description)
	add("X-WR-CALDESC", c.Description)
	add("X-WR-TIMEZONE", zoneID)
	add("URL", c.Page)
	add("SOURCE", c.Source, ics.WithValue("URI"))
	if !c.Updated.IsZero() {
		add("LAST-MODIFIED", c.Updated.UTC().Format(utcLayout))
	}
	add("REFRESH-INTERVAL", refresh, ics.WithValue("DURATION"))
	add("X-PUBLISHED-TTL", refresh)
	cal.AddVTimezone(zone())
	return cal
}
