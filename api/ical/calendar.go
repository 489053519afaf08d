// Package ical writes activities as iCalendar (RFC 5545, with the calendar
// properties of RFC 7986), for people to put sessions into their own calendars.
//
// Regular times become recurring events: one for each Repeat of a schedule, or
// several if long pauses split it. Cancelled, moved and full sessions become
// overrides of those; single dates become separate events. The library,
// github.com/arran4/golang-ical, escapes and folds. Its bugs are avoided: texts
// go through feeds.Clean first (it splits letters when it folds invalid UTF-8),
// line ends are set to CRLF (its default is the machine's own), and no parameter
// has a value that needs quoting (it escapes those with backslashes).
//
// The window: a calendar holds the sessions from 1 January of last year
// (YearsBack) to 31 December of the year after next (YearsAhead). A series
// without an end and without yearly pauses continues after the window, as its
// rule does. One with yearly pauses ends there, because iCalendar cannot except
// a season. The window moves once a year, so one revision of an activity gives
// the same bytes all year.
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

// The window of a calendar, in calendar years before and after the one it is
// written in. People look up when they were last there, and book a year ahead;
// more would only make every refresh larger.
const (
	YearsBack  = 1
	YearsAhead = 2
)

// refresh is how often subscribers are asked to read the calendar again. Twice a
// day is often enough for a cancellation to be seen the evening before, and rare
// enough for thousands of phones that follow one search.
const refresh = "PT12H"

// Calendar is the metadata of a calendar.
type Calendar struct {
	// Name is shown as the calendar's title: the search or the group.
	Name string
	// Description is a sentence about it; may be empty.
	Description string
	// Page is the address of the web page with the same content, and Source the
	// address of this calendar. Both may be empty.
	Page, Source string
	// Updated is when the newest activity in it changed; zero leaves it out.
	Updated time.Time
}

// WriteActivity writes all sessions of a in the window around at.
func WriteActivity(w io.Writer, site feeds.Site, at time.Time, a *directory.Activity) error {
	head := Calendar{Name: a.Title, Description: a.Summary, Page: site.ActivityURL(a.ID), Updated: a.Updated}
	return WriteCalendar(w, site, at, head, func(yield func(*directory.Activity, error) bool) { yield(a, nil) })
}

// WriteSession writes one session of a, as returned by a.Session or a.Sessions, as
// a separate event. Its UID differs from that of the series, so that a calendar
// can hold both.
func WriteSession(w io.Writer, site feeds.Site, a *directory.Activity, s directory.Session) error {
	head := Calendar{Name: a.Title, Page: site.SessionURL(a.ID, s.Key), Updated: a.Updated}
	return write(w, head, func(out func(*ics.VEvent) error) error {
		return out(compose(site, a).single(s))
	})
}

// WriteCalendar writes the sessions in the window around at of every activity,
// in the given order. It holds one activity at a time. The error is that of w or
// the first of activities; the calendar is then incomplete.
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

// write writes a calendar's head, the events from body, and its end.
func write(w io.Writer, head Calendar, body func(out func(*ics.VEvent) error) error) error {
	// Lines of 75 octets without the line break: RFC 5545 section 3.1.
	form := &ics.SerializationConfiguration{MaxLength: 75, PropertyMaxLength: 75, NewLine: "\r\n"}
	const end = "END:VCALENDAR\r\n"
	var frame bytes.Buffer
	if err := head.frame().SerializeTo(&frame, form); err != nil {
		return fmt.Errorf("writing the head of a calendar: %w", err)
	}
	buffered := bufio.NewWriter(w)
	buffered.Write(bytes.TrimSuffix(frame.Bytes(), []byte(end))) // Flush returns its error
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

// frame is the calendar without events. METHOD is left out, because this is no
// invitation.
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
