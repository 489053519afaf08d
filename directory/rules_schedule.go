package directory

// This file has the rules of a Schedule: times exist and are in order, and there
// are no more than MaxSessions sessions to compute.

import (
	"strings"
	"time"

	"gather/directory/vocabulary"
)

func (c *check) schedule(s *Schedule) {
	if s == nil {
		return
	}
	if !c.atMost("schedule.repeats", len(s.Repeats), maxRepeats) {
		return
	}
	for i := range s.Repeats {
		c.repeat(nth("schedule.repeats", i), &s.Repeats[i])
	}
	if !c.atMost("schedule.dates", len(s.Dates), maxDates) {
		return
	}
	for i := range s.Dates {
		c.sessionDate(nth("schedule.dates", i), &s.Dates[i])
	}
	if !c.atMost("schedule.except", len(s.Except), maxDates) {
		return
	}
	for i := range s.Except {
		c.date(nth("schedule.except", i), &s.Except[i])
		if s.Except[i] == "" {
			c.Add(nth("schedule.except", i), "leave it out", "is empty")
		}
	}
	if !c.atMost("schedule.pauses", len(s.Pauses), maxPauses) {
		return
	}
	for i := range s.Pauses {
		c.pause(nth("schedule.pauses", i), &s.Pauses[i])
	}
	c.text("schedule.note", &s.Note, maxNote)
	if n := len(s.Repeats) + len(s.Dates); n > 0 && len(c.Faults) == 0 {
		c.tooOften(s)
	}
}

// tooOften refuses a schedule with more sessions than are computed, because the
// rest could never be found.
func (c *check) tooOften(s *Schedule) {
	const days = 400
	from := wall(c.now)
	if len(s.sessions(from, from.AddDate(0, 0, days), MaxSessions+1)) > MaxSessions {
		c.Add("schedule.repeats", "give opening hours as one session a day", "has more than %d sessions in %d days", MaxSessions, days)
	}
}

func (c *check) repeat(path string, r *Repeat) {
	switch r.Every {
	case "week":
		if len(r.Nth) > 0 {
			c.Add(at(path, "nth"), `leave it out, or say every "month"`, "picks weeks of a month, and this repeats every week")
		}
	case "month":
		if len(r.Nth) == 0 {
			c.Add(at(path, "nth"), "say which: [1] for the first such day of the month, [-1] for the last", "is missing")
		}
		if !c.atMost(at(path, "nth"), len(r.Nth), 6) {
			return
		}
		for i, n := range r.Nth {
			if n != -1 && (n < 1 || n > 5) {
				c.Add(nth(at(path, "nth"), i), "give 1 to 5, or -1 for the last", "%d is out of range", n)
			}
		}
	default:
		c.Add(at(path, "every"), `say "week" or "month"`, "%q is neither week nor month", r.Every)
	}
	c.between(at(path, "interval"), r.Interval, 0, 52)
	if len(r.Days) == 0 {
		c.Add(at(path, "days"), `say which: ["tue"]`, "is missing")
	}
	c.terms(at(path, "days"), vocabulary.Day, r.Days, 7)
	c.startEnd(path, &r.Start, &r.End)
	from, okFrom := c.date(at(path, "from"), &r.From)
	until, okUntil := c.date(at(path, "until"), &r.Until)
	if okFrom && okUntil && until.Before(from) {
		c.Add(at(path, "until"), "give a date on or after from", "is before from")
	}
	if r.Interval > 1 && r.From == "" {
		c.Add(at(path, "from"), "give the date of one session, to say which weeks", "is missing, and interval is over 1")
	}
}

func (c *check) startEnd(path string, start, end *string) {
	from, ok1 := c.clock(at(path, "start"), start)
	to, ok2 := c.clock(at(path, "end"), end)
	if *start == "" {
		c.Add(at(path, "start"), "give the time it starts as HH:MM", "is missing")
	}
	if ok1 && ok2 && !to.After(from) {
		c.Add(at(path, "end"), "give a time later than start; leave end out where it goes past midnight", "is not later than start")
	}
}

func (c *check) sessionDate(path string, d *SessionDate) {
	c.date(at(path, "date"), &d.Date)
	if d.Date == "" {
		c.Add(at(path, "date"), "give the date as YYYY-MM-DD", "is missing")
	}
	c.startEnd(path, &d.Start, &d.End)
}

func (c *check) pause(path string, p *Pause) {
	c.term(at(path, "reason"), vocabulary.Pause, &p.Reason)
	p.From, p.Until = strings.TrimSpace(p.From), strings.TrimSpace(p.Until)
	_, err1 := time.Parse(yearlyLayout, p.From)
	_, err2 := time.Parse(yearlyLayout, p.Until)
	if err1 == nil && err2 == nil {
		return // every year; it may run over the new year
	}
	for _, end := range []struct{ name, value string }{{"from", p.From}, {"until", p.Until}} {
		if end.value == "" {
			c.Add(at(path, end.name), "give YYYY-MM-DD, or MM-DD in both for every year", "is missing")
		}
	}
	if err1 == nil || err2 == nil {
		c.Add(path, "give YYYY-MM-DD in both, or MM-DD in both for every year", "has ends of two forms")
		return
	}
	from, ok1 := c.date(at(path, "from"), &p.From)
	until, ok2 := c.date(at(path, "until"), &p.Until)
	if ok1 && ok2 && until.Before(from) {
		c.Add(at(path, "until"), "give a date on or after from", "is before from")
	}
}
