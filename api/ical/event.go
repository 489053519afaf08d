package ical

import (
	"slices"
	"strconv"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"gather/api/feeds"
	"gather/directory"
	"gather/directory/vocabulary"
)

// composer makes the events of one activity.
type composer struct {
	site     feeds.Site
	a        directory.Activity // without what is not public
	text     string
	location string
}

func compose(site feeds.Site, a *directory.Activity) *composer {
	c := &composer{site: site, a: a.Public()}
	c.text, c.location = site.Text(&c.a), c.where()
	return c
}

// events are all events of the activity in span: each series followed by its
// overrides in order of time, then single sessions.
func (c *composer) events(span window) []*ics.VEvent {
	t := timetableOf(&c.a, span)
	var out []*ics.VEvent
	for i := range t.series {
		s := &t.series[i]
		out = append(out, c.recurring(s))
		slices.SortFunc(s.overrides, func(x, y directory.Session) int { return strings.Compare(x.Key, y.Key) })
		for _, changed := range s.overrides {
			out = append(out, c.override(s, changed))
		}
	}
	slices.SortFunc(t.singles, func(x, y directory.Session) int { return strings.Compare(x.Key, y.Key) })
	for _, s := range t.singles {
		out = append(out, c.single(s))
	}
	return out
}

// recurring is the event of a series. Its times are wall-clock times, so that they
// stay the same when the clocks change.
func (c *composer) recurring(s *series) *ics.VEvent {
	e := c.event(s.uid, directory.Session{Status: directory.SessionOn})
	start := wallOf(s.first)
	wallStamp(e, ics.ComponentPropertyDtStart, start)
	if s.repeat.End != "" {
		wallStamp(e, ics.ComponentPropertyDtEnd, wallOf(s.first[:11]+s.repeat.End))
	}
	e.AddProperty(ics.ComponentPropertyRrule, rule(s.repeat, s.until))
	for _, key := range s.leftOut {
		wallStamp(e, ics.ComponentPropertyExdate, wallOf(key))
	}
	return e
}

// override is the event that replaces one session of a series.
func (c *composer) override(s *series, changed directory.Session) *ics.VEvent {
	e := c.event(s.uid, changed)
	wallStamp(e, ics.ComponentPropertyRecurrenceId, wallOf(changed.Key))
	times(e, changed)
	return e
}

// single is the event of a session that is in no series.
func (c *composer) single(s directory.Session) *ics.VEvent {
	e := c.event(c.a.ID+"-"+strings.NewReplacer("-", "", ":", "").Replace(s.Key), s)
	times(e, s)
	return e
}

// times sets when s takes place. An open end is left out: the event then has no
// length in a calendar, and the text names no end.
func times(e *ics.VEvent, s directory.Session) {
	stamp(e, ics.ComponentPropertyDtStart, s.Start)
	if s.End != nil {
		stamp(e, ics.ComponentPropertyDtEnd, *s.End)
	}
}

// event is everything but the times. The UID is made from the activity's id, so
// that it never changes. DTSTAMP is when the activity last changed, so that the
// same revision gives the same bytes; SEQUENCE is that revision.
func (c *composer) event(uid string, s directory.Session) *ics.VEvent {
	e := ics.NewEvent(uid + "@" + c.site.Host())
	text := func(p string, value string) {
		if value = feeds.Clean(value); value != "" {
			e.AddProperty(ics.ComponentProperty(p), value)
		}
	}
	text("DTSTAMP", c.a.Updated.UTC().Format(utcLayout))
	text("LAST-MODIFIED", c.a.Updated.UTC().Format(utcLayout))
	if !c.a.Created.IsZero() {
		text("CREATED", c.a.Created.UTC().Format(utcLayout))
	}
	text("SEQUENCE", strconv.FormatInt(c.a.Rev, 10))
	text("SUMMARY", summary(c.a.Title, s.Status))
	text("DESCRIPTION", join("\n\n", changeText(s), c.text))
	text("LOCATION", c.location)
	if c.a.Venue != nil && c.a.Located != nil {
		text("GEO", degrees(c.a.Located.Lat)+";"+degrees(c.a.Located.Lon))
	}
	text("URL", c.url(s))
	for _, label := range c.site.InterestLabels(&c.a) {
		text("CATEGORIES", label)
	}
	for _, contact := range c.a.Contacts {
		text("CONTACT", join(", ", contact.Role, contact.Name, contact.Phone, contact.Email))
	}
	if c.a.Online != nil && c.a.Online.URL != "" {
		e.AddProperty("CONFERENCE", feeds.Clean(c.a.Online.URL), ics.WithValue("URI"))
	}
	status := ics.ObjectStatusConfirmed
	if s.Status == directory.SessionCancelled {
		status = ics.ObjectStatusCancelled
	}
	text("STATUS", string(status))
	text("TRANSP", string(ics.TransparencyTransparent)) // it does not make a subscriber busy
	return e
}

// summary is the title, with "Cancelled" or "Full" before it: many calendars show
// neither STATUS nor the description.
func summary(title, status string) string {
	switch status {
	case directory.SessionCancelled:
		return "Cancelled: " + title
	case directory.SessionFull:
		return "Full: " + title
	}
	return title
}

// changeText describes how a session differs from its schedule, and why.
func changeText(s directory.Session) string {
	text := ""
	switch s.Status {
	case directory.SessionCancelled:
		text = "This session is cancelled."
	case directory.SessionFull:
		text = "This session is full."
	case directory.SessionMoved:
		text = "This session was moved from " + wallOf(s.Key).Format("Monday 2 January 2006, 15:04") + "."
	}
	return join(" ", text, s.Note)
}

func (c *composer) url(s directory.Session) string {
	if s.Key == "" {
		return c.site.ActivityURL(c.a.ID)
	}
	return c.site.SessionURL(c.a.ID, s.Key)
}

// where is the venue's address, and the labels of other deliveries.
func (c *composer) where() string {
	var parts []string
	for _, d := range c.a.Delivery {
		if d == "venue" {
			parts = append(parts, feeds.AddressLine(c.a.Venue))
			continue
		}
		label := d
		if t, ok := c.site.Words.Term(vocabulary.Delivery, d); ok {
			label = t.Label
		}
		parts = append(parts, label)
	}
	return join(" / ", parts...)
}

// degrees formats v with six decimals, a tenth of a metre.
func degrees(v float64) string { return strconv.FormatFloat(v, 'f', 6, 64) }

// join is strings.Join without empty parts.
func join(between string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(slices.Clone(parts), func(p string) bool { return p == "" }), between)
}

// days are the weekdays of RFC 5545 by our codes.
var days = map[string]string{"mon": "MO", "tue": "TU", "wed": "WE", "thu": "TH", "fri": "FR", "sat": "SA", "sun": "SU"}

// rule is the RRULE of a repeat that ends at until, or never if that is zero. Weeks
// start on Monday, which matters for an interval of two.
func rule(r directory.Repeat, until time.Time) string {
	parts := []string{"FREQ=WEEKLY"}
	if r.Every == "month" {
		parts[0] = "FREQ=MONTHLY"
	}
	if r.Interval > 1 {
		parts = append(parts, "INTERVAL="+strconv.Itoa(r.Interval))
	}
	var byDay []string
	for _, d := range r.Days {
		if r.Every != "month" {
			byDay = append(byDay, days[d])
			continue
		}
		for _, n := range r.Nth {
			byDay = append(byDay, strconv.Itoa(n)+days[d])
		}
	}
	parts = append(parts, "BYDAY="+strings.Join(byDay, ","), "WKST=MO")
	if !until.IsZero() {
		parts = append(parts, "UNTIL="+until.UTC().Format(utcLayout))
	}
	return strings.Join(parts, ";")
}

// endOf is the last second of a date in London, or the zero time without a date.
func endOf(date string) time.Time {
	day, err := time.Parse(directory.DateLayout, date)
	if err != nil {
		return time.Time{}
	}
	return asRead(day.Add(24*time.Hour - time.Second))
}

// lastKey is the key of the last possible session of r, or empty if r has no end.
func lastKey(r directory.Repeat) string {
	if r.Until == "" {
		return ""
	}
	return r.Until + "T" + r.Start
}
