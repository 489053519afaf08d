package openactive

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"gather/directory"
	"gather/directory/bulk/draft"
	"gather/directory/bulk/freetext"
	"gather/directory/bulk/icalendar"
	"gather/directory/bulk/loose"
)

// momentForms are the layouts in which feeds write a date with a time.
var momentForms = []string{time.RFC3339Nano, "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05.999999999", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02 15:04"}

// readMoment parses a date with a time and returns it as London local time,
// held as UTC. A time without a zone is taken to be London's.
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

// session returns e as one dated session; false where its start cannot be
// parsed.
func (e *event) session() (session, bool) {
	start, ok := readMoment(e.Start)
	end, _ := readMoment(e.End)
	return session{start: start, end: end, cancelled: strings.Contains(e.Status.Line(), "EventCancelled")}, ok
}

// date returns the session as a date of a schedule. A session that ends on
// another day gets no end time; more says in words when it ends.
func (s session) date() (d directory.SessionDate, more string) {
	d = directory.SessionDate{Date: s.start.Format(directory.DateLayout), Start: s.start.Format("15:04")}
	switch next := s.start.AddDate(0, 0, 1).Format(directory.DateLayout); {
	case !s.end.After(s.start):
	case s.end.Format(directory.DateLayout) == d.Date:
		if end := s.end.Format("15:04"); end > d.Start {
			d.End = end
		}
	case s.end.Format(directory.DateLayout) == next && s.end.Hour() < 6:
		return d, freetext.UntilNext(s.end.Hour()*60 + s.end.Minute())
	default:
		return d, "The session of " + s.start.Format("2 January 2006") + " goes on until " + s.end.Format("2 January 2006, 15:04") + "."
	}
	return d, ""
}

// takeTimes maps the times of an activity. Where its schedule can be read, that
// is the rule, and cancelled sessions become its exceptions. Without a schedule,
// or with one that cannot be read, the future sessions become its dates.
func (f *Feed) takeTimes(d *draft.Draft, e *event) {
	s := &directory.Schedule{}
	d.Details.Schedule = s
	unread, past := takeSchedules(d, s, e.Schedules)
	dated := len(e.Schedules) == 0 || len(unread) > 0
	sessions := f.sessionsOf(d, e)
	today := d.File.Today()
	for _, x := range sessions {
		switch date, more := x.date(); {
		case x.start.Before(today):
			past = true
		case x.cancelled && len(s.Repeats) > 0:
			s.Except = draft.AppendNew(s.Except, x.start.Format(directory.DateLayout))
		case x.cancelled || !dated || slices.Contains(s.Dates, date):
		case len(s.Dates) == maxDated:
			d.Warn("schedule", "", "has %d sessions; the first %d to come were taken", len(sessions), maxDated)
			dated = false
		default:
			s.Dates, s.Note = append(s.Dates, date), freetext.Sentences(s.Note, more)
		}
	}
	keepWords(d, s, unread, len(sessions) > 0)
	s.Note = freetext.Sentences(s.Note, e.TimesNote.Line())
	switch {
	case len(s.Repeats)+len(s.Dates) > 0:
	case past && len(unread) == 0, len(sessions) > 0 && past:
		d.Fault("schedule", "", "leave it out of the feed, or give its coming dates", "has only dates that are past")
	case s.Note == "" && e.Start != "":
		s.Note = "Begins " + e.Start.Line()
		d.Warn("schedule", e.Start.Line(), "could not be read as a date with a time; it is kept as a note")
	}
}

// keepWords adds the schedules that could not be read to the note, unless dated
// sessions give the exact times.
func keepWords(d *draft.Draft, s *directory.Schedule, unread []string, sessions bool) {
	for _, words := range unread {
		switch {
		case len(s.Dates) > 0 && sessions:
			d.Warn("schedule", words, "could not be read as days and times for sure; the dated sessions were taken")
		default:
			d.Warn("schedule", words, "could not be read as days and times for sure; its words are kept")
			s.Note = freetext.Sentences(s.Note, words)
		}
	}
}

// maxDated is the most single dates that directory allows in a schedule.
const maxDated = 366

// sessionsOf returns the dated sessions of an event by start, at most
// maxSessions.
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

// frequency matches a repeatFrequency: P1W, P2W, P1M, P1D, P14D.
var frequency = regexp.MustCompile(`^P(\d{1,3})([DWMY])$`)

// oftenWords are the repeat frequencies that older feeds write as words.
var oftenWords = map[string]string{"daily": "P1D", "weekly": "P1W", "fortnightly": "P2W", "monthly": "P1M", "biweekly": "P2W"}

// takeSchedules adds the schedules of an event to s. It returns those that could
// not be read, in words, and whether any has ended.
func takeSchedules(d *draft.Draft, s *directory.Schedule, schedules []schedule) (unread []string, past bool) {
	rules := make([]icalendar.Rule, len(schedules))
	for i, t := range schedules {
		rules[i] = t.rule()
	}
	today := d.File.Today().Format(directory.DateLayout)
	for i, r := range icalendar.Read(s, rules, today) {
		words := rules[i].InWords()
		for _, remark := range r.Remarks {
			d.Warn("schedule", words, "%s", remark)
		}
		s.Note = freetext.Sentences(s.Note, r.Note)
		switch {
		case r.Ended != "":
			past = true
			continue
		case !r.Read:
			unread = append(unread, words)
		}
		for _, except := range schedules[i].Except {
			if on := day(loose.Text(except)); on >= today {
				s.Except = draft.AppendNew(s.Except, on)
			}
		}
	}
	return unread, past
}

// rule returns the schedule as an iCalendar rule.
func (t schedule) rule() icalendar.Rule {
	every := strings.ToUpper(t.Every.Line())
	if every == "" {
		every = oftenWords[strings.ToLower(t.Often.Line())]
	}
	days := make([]string, len(t.Days))
	for i, name := range t.Days {
		days[i] = name[strings.LastIndexAny(name, "/:#")+1:]
	}
	r := icalendar.Rule{
		From: loose.Text(day(t.From)), Start: loose.Text(day(t.From)), Until: loose.Text(day(t.Until)), Count: t.Count,
		OpensAt: t.Starts, ClosesAt: t.Ends, Duration: t.Duration, Freq: loose.Text(every),
		ByDay: loose.Text(strings.Join(days, ",")), ByMonthDay: loose.Text(strings.Join(t.MonthDays, ",")), ByMonth: loose.Text(strings.Join(t.Months, ",")),
	}
	if f := frequency.FindStringSubmatch(every); f != nil {
		r.Freq, r.Interval = loose.Text(map[string]string{"D": "DAILY", "W": "WEEKLY", "M": "MONTHLY", "Y": "YEARLY"}[f[2]]), loose.Text(f[1])
	}
	if zone := strings.ToUpper(t.Zone.Line()); zone == "UTC" || zone == "ETC/UTC" || zone == "Z" {
		r.OpensAt, r.ClosesAt = inUTC(r.OpensAt), inUTC(r.ClosesAt)
	}
	return r
}

// inUTC returns a time of day marked as UTC with a trailing Z.
func inUTC(t loose.Text) loose.Text {
	if at := freetext.Clock(t); at != "" && !strings.HasSuffix(strings.ToUpper(t.Line()), "Z") {
		return loose.Text(at + "Z")
	}
	return t
}

// day returns the London date of t, a date with or without a time; empty where
// t is neither.
func day(t loose.Text) string {
	if at, ok := readMoment(t); ok {
		return at.Format(directory.DateLayout)
	}
	return freetext.FirstDate(t)
}
