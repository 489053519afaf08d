package openactive

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"gather/directory"
	"gather/directory/bulk/draft"
	"gather/directory/bulk/freetext"
	"gather/directory/bulk/icalendar"
	"gather/directory/bulk/loose"
)

// momentForms are the ways in which feeds write a date with a time.
var momentForms = []string{time.RFC3339Nano, "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05.999999999", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02 15:04"}

// readMoment reads a date with a time as the wall clock of London shows it. One
// without a zone is of London already.
func readMoment(t loose.Text) (time.Time, bool) {
	for _, form := range momentForms {
		at, err := time.Parse(form, t.Line())
		if err != nil || at.Year() < 1990 || at.Year() > 2200 {
			continue
		}
		if strings.Contains(form, "Z07:00") {
			at = at.In(directory.London())
		}
		return time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), at.Minute(), 0, 0, time.UTC), true
	}
	return time.Time{}, false
}

// session reads e as one dated session.
func (e *event) session() (session, bool) {
	start, ok := readMoment(e.Start)
	end, _ := readMoment(e.End)
	return session{start: start, end: end, cancelled: strings.Contains(e.Status.Line(), "EventCancelled")}, ok
}

// date is the session as a date of a schedule. An end on another day is left
// open.
func (s session) date() directory.SessionDate {
	d := directory.SessionDate{Date: s.start.Format(directory.DateLayout), Start: s.start.Format("15:04")}
	if s.end.After(s.start) && s.end.Format(directory.DateLayout) == d.Date {
		d.End = s.end.Format("15:04")
	}
	return d
}

// takeTimes takes when an activity takes place. Its schedule is the rule; then
// of its dated sessions only those that are cancelled matter, as dates left
// out. Without a schedule the sessions that are to come are its dates.
func (f *Feed) takeTimes(d *draft.Draft, e *event) {
	s := &directory.Schedule{}
	d.Details.Schedule = s
	past := false
	for _, t := range e.Schedules {
		past = !takeSchedule(d, s, t) || past
	}
	sessions := f.sessionsOf(d, e)
	today := d.File.Today()
	for _, x := range sessions {
		switch {
		case x.start.Before(today):
			past = true
		case x.cancelled && len(s.Repeats) > 0:
			s.Except = draft.AppendNew(s.Except, x.start.Format(directory.DateLayout))
		case x.cancelled || len(e.Schedules) > 0:
		case len(s.Dates) == maxDated:
			d.Warn("schedule", "", "has %d sessions; the first %d to come were taken", len(sessions), maxDated)
			s.Note = freetext.Sentences(s.Note, e.TimesNote.Line())
			return
		default:
			if !slices.Contains(s.Dates, x.date()) {
				s.Dates = append(s.Dates, x.date())
			}
		}
	}
	s.Note = freetext.Sentences(s.Note, e.TimesNote.Line())
	switch {
	case len(s.Repeats)+len(s.Dates) > 0 || s.Note != "":
	case past:
		d.Fault("schedule", "", "leave it out of the feed, or give its coming dates", "has only dates that are past")
	case e.Start != "":
		s.Note = "Begins " + e.Start.Line()
		d.Warn("schedule", e.Start.Line(), "could not be read as a date with a time; it is kept as a note")
	}
}

// maxDated is the most single dates in a schedule, as the rules have it.
const maxDated = 366

// sessionsOf are the dated sessions of an event, in order.
func (f *Feed) sessionsOf(d *draft.Draft, e *event) []session {
	var out []session
	for _, x := range f.sessions[d.SourceID()] {
		out = append(out, x)
	}
	for _, sub := range e.SubEvents {
		if x, ok := sub.session(); ok && len(out) < maxSessions {
			out = append(out, x)
		}
	}
	if x, ok := e.session(); ok && len(out) == 0 && len(e.Schedules) == 0 {
		out = append(out, x)
	}
	slices.SortFunc(out, func(a, b session) int { return a.start.Compare(b.start) })
	return out
}

// frequency is a repeatFrequency: P1W, P2W, P1M, P1D.
var frequency = regexp.MustCompile(`^P(\d{1,2})([DWMY])$`)

// oftenWords are the frequencies of old feeds.
var oftenWords = map[string]string{"daily": "P1D", "weekly": "P1W", "fortnightly": "P2W", "monthly": "P1M", "biweekly": "P2W"}

// takeSchedule adds a schedule to s, and reports whether it is not past.
func takeSchedule(d *draft.Draft, s *directory.Schedule, t schedule) bool {
	every := strings.ToUpper(t.Every.Line())
	if every == "" {
		every = oftenWords[strings.ToLower(t.Often.Line())]
	}
	row := icalendar.Rule{From: loose.Text(day(t.From)), Start: loose.Text(day(t.From)), Until: loose.Text(day(t.Until)), Count: t.Count, OpensAt: t.Starts, ClosesAt: t.Ends, ByMonthDay: loose.Text(strings.Join(t.MonthDays, ","))}
	for i, name := range t.Days {
		t.Days[i] = name[strings.LastIndexAny(name, "/:#")+1:]
	}
	row.ByDay = loose.Text(strings.Join(t.Days, ","))
	f := frequency.FindStringSubmatch(every)
	if f != nil {
		row.Freq, row.Interval = loose.Text(map[string]string{"D": "DAILY", "W": "WEEKLY", "M": "MONTHLY"}[f[2]]), loose.Text(f[1])
	}
	begin, err := time.Parse(directory.DateLayout, string(row.Start))
	if row.Freq == "WEEKLY" && row.ByDay == "" && err == nil {
		row.ByDay = loose.Text(begin.Weekday().String())
	}
	if n := row.Count.Number(); n != nil && *n > 1 && row.Freq == "WEEKLY" && err == nil && len(t.Days) < 2 {
		weeks, _ := strconv.Atoi(string(row.Interval))
		row.Until, row.Count = loose.Text(begin.AddDate(0, 0, 7*weeks*(int(min(*n, 2000))-1)).Format(directory.DateLayout)), ""
	}
	if last, err := time.Parse(directory.DateLayout, string(row.Until)); err == nil && last.Before(d.File.Today()) {
		return false
	}
	switch {
	case row.Count == "1" && err == nil && begin.Before(d.File.Today()):
		return false
	case row.Once():
		s.Dates = append(s.Dates, directory.SessionDate{Date: string(row.Start), Start: freetext.Clock(t.Starts), End: freetext.Clock(t.Ends)})
	case !row.AddTo(s, row.Until):
		words := row.InWords()
		if words == "" {
			words = strings.TrimSpace(fmt.Sprintf("%s %s", t.Often.Line(), every))
		}
		d.Warn("schedule", words, "could not be read as days and times for sure; its words are kept")
		s.Note = freetext.Sentences(s.Note, words)
	}
	for _, except := range t.Except {
		if on := day(loose.Text(except)); on >= d.File.Today().Format(directory.DateLayout) {
			s.Except = draft.AppendNew(s.Except, on)
		}
	}
	return true
}

// day is the date in London of a date, with a time or without; empty for none.
func day(t loose.Text) string {
	if at, ok := readMoment(t); ok {
		return at.Format(directory.DateLayout)
	}
	return freetext.FirstDate(t)
}
