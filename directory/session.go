package directory

import (
	"sort"
	"time"

	"github.com/teambition/rrule-go"
)

// MaxSessions is the most sessions that one call computes: five a day for as
// far ahead as schedules are searched. The rules refuse a schedule with more.
const MaxSessions = 2000

// Sessions returns the sessions of a that start at or after from and before
// until, in order of start, at most limit (0 or more than MaxSessions: that
// many). Cancelled sessions are included, with that status; a moved one appears
// at its new time only.
func (a *Activity) Sessions(from, until time.Time, limit int) []Session {
	if a.Schedule == nil || !from.Before(until) {
		return nil
	}
	if limit <= 0 || limit > MaxSessions {
		limit = MaxSessions
	}
	sessions := a.Schedule.sessions(wall(from), wall(until), limit+len(a.SessionChanges))
	sessions = applyChanges(sessions, a.Schedule, a.SessionChanges, from, until)
	sort.Slice(sessions, func(i, j int) bool {
		if !sessions[i].Start.Equal(sessions[j].Start) {
			return sessions[i].Start.Before(sessions[j].Start)
		}
		return sessions[i].Key < sessions[j].Key
	})
	if len(sessions) > limit {
		sessions = sessions[:limit]
	}
	return sessions
}

// nextHorizons are how many days ahead NextSession looks, one after the other:
// most activities meet within a fortnight, a yearly event is found, and the
// search ends for one whose dates are all past.
var nextHorizons = [...]int{14, 70, 400}

// NextSession returns the first session that takes place and has not ended at
// now. A session without an end counts as over two hours after its start.
func (a *Activity) NextSession(now time.Time) (Session, bool) {
	const openEnd = 2 * time.Hour
	from := now.Add(-12 * time.Hour)
	for _, days := range nextHorizons {
		until := now.AddDate(0, 0, days)
		for _, s := range a.Sessions(from, until, 0) {
			end := s.Start.Add(openEnd)
			if s.End != nil {
				end = *s.End
			}
			if s.Happens() && end.After(now) {
				return s, true
			}
		}
		from = until
	}
	return Session{}, false
}

// Session returns the session with this key as the schedule has it, with its
// change if it has one, and whether there is such a session.
func (a *Activity) Session(key string) (Session, bool) {
	start, err := time.Parse(sessionKeyLayout, key)
	if err != nil || a.Schedule == nil {
		return Session{}, false
	}
	for _, s := range a.Schedule.sessions(start, start.Add(time.Minute), MaxSessions) {
		if s.Key != key {
			continue
		}
		for _, c := range a.SessionChanges {
			if c.Session == key {
				s = c.apply(s)
			}
		}
		return s, true
	}
	return Session{}, false
}

// sessions computes the sessions whose wall-clock start is in [from, until),
// soonest first, without changes, at most limit.
func (s *Schedule) sessions(from, until time.Time, limit int) []Session {
	seen := map[string]bool{}
	var out []Session
	add := func(start time.Time, startClock, endClock string) {
		key := start.Format(sessionKeyLayout)
		if seen[key] || start.Before(from) || !start.Before(until) {
			return
		}
		seen[key] = true
		out = append(out, session(key, start, startClock, endClock))
	}
	for _, r := range s.Repeats {
		for _, start := range r.starts(from, until, s.leftOut, limit) {
			add(start, r.Start, r.End)
		}
	}
	for _, d := range s.Dates {
		// A single date counts even during a pause.
		if start, err := time.Parse(sessionKeyLayout, d.Date+"T"+d.Start); err == nil && !s.excepted(start) {
			add(start, d.Start, d.End)
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Key < out[j].Key })
	if len(out) > limit {
		out = out[:limit]
	}
	return out
}

// session makes the session that starts at this wall-clock time.
func session(key string, start time.Time, startClock, endClock string) Session {
	s := Session{Key: key, Start: onWall(start), Status: SessionOn}
	from, err1 := time.Parse(clockLayout, startClock)
	to, err2 := time.Parse(clockLayout, endClock)
	if err1 == nil && err2 == nil {
		end := onWall(start.Add(to.Sub(from)))
		if !end.After(s.Start) { // the spring change skips its end: keep its length
			end = s.Start.Add(to.Sub(from))
		}
		s.End = &end
	}
	return s
}

// leftOut reports whether the schedule leaves out this wall-clock time.
func (s *Schedule) leftOut(t time.Time) bool {
	if s.excepted(t) {
		return true
	}
	date, yearly := t.Format(DateLayout), t.Format(yearlyLayout)
	for _, p := range s.Pauses {
		day := date
		if len(p.From) == len(yearlyLayout) {
			day = yearly
		}
		in := day >= p.From && day <= p.Until
		if p.From > p.Until { // a yearly pause over the new year
			in = day >= p.From || day <= p.Until
		}
		if in {
			return true
		}
	}
	return false
}

func (s *Schedule) excepted(t time.Time) bool {
	date := t.Format(DateLayout)
	for _, e := range s.Except {
		if e == date {
			return true
		}
	}
	return false
}

// weekdays are the days of a Repeat as the RRULE library names them.
var weekdays = map[string]rrule.Weekday{
	"mon": rrule.MO, "tue": rrule.TU, "wed": rrule.WE, "thu": rrule.TH,
	"fri": rrule.FR, "sat": rrule.SA, "sun": rrule.SU,
}

// starts computes the wall-clock starts of r in [from, until) that leftOut
// does not leave out, at most limit.
func (r Repeat) starts(from, until time.Time, leftOut func(time.Time) bool, limit int) []time.Time {
	rule, err := r.rule(from)
	if err != nil {
		return nil // Check refuses what cannot be a rule
	}
	var out []time.Time
	next := rule.Iterator()
	for t, ok := next(); ok && t.Before(until) && len(out) < limit; t, ok = next() {
		if !t.Before(from) && !leftOut(t) {
			out = append(out, t)
		}
	}
	return out
}

// rule returns r as an RFC 5545 recurrence rule in wall-clock time. It starts
// close to near, so that an old rule costs no more than a new one.
func (r Repeat) rule(near time.Time) (*rrule.RRule, error) {
	clock, err := time.Parse(clockLayout, r.Start)
	if err != nil {
		return nil, err
	}
	begin := near
	if r.From != "" {
		if begin, err = time.Parse(DateLayout, r.From); err != nil {
			return nil, err
		}
	}
	begin = r.skipTo(begin, near)
	opt := rrule.ROption{
		Freq: rrule.WEEKLY, Interval: max(1, r.Interval), Wkst: rrule.MO,
		Dtstart: time.Date(begin.Year(), begin.Month(), begin.Day(), clock.Hour(), clock.Minute(), 0, 0, time.UTC),
	}
	if r.Until != "" {
		last, err := time.Parse(DateLayout, r.Until)
		if err != nil {
			return nil, err
		}
		opt.Until = last.Add(24*time.Hour - time.Second)
	}
	if r.Every == "month" {
		opt.Freq = rrule.MONTHLY
	}
	for _, d := range r.Days {
		day, ok := weekdays[d]
		switch {
		case !ok:
			continue
		case r.Every == "month":
			for _, n := range r.Nth {
				opt.Byweekday = append(opt.Byweekday, day.Nth(n))
			}
		default:
			opt.Byweekday = append(opt.Byweekday, day)
		}
	}
	return rrule.NewRRule(opt)
}

// skipTo moves begin forward by whole intervals, to shortly before near.
func (r Repeat) skipTo(begin, near time.Time) time.Time {
	const week = 7 * 24 * time.Hour
	step := max(1, r.Interval)
	if !begin.Before(near) {
		return begin
	}
	if r.Every == "month" {
		first := time.Date(begin.Year(), begin.Month(), 1, 0, 0, 0, 0, time.UTC)
		months := (near.Year()-first.Year())*12 + int(near.Month()-first.Month())
		if skip := (months/step - 1) * step; skip > 0 {
			return first.AddDate(0, skip, 0)
		}
		return begin
	}
	monday := begin.AddDate(0, 0, -(int(begin.Weekday())+6)%7)
	weeks := int(near.Sub(monday) / week)
	if skip := (weeks/step - 1) * step; skip > 0 {
		return monday.AddDate(0, 0, 7*skip)
	}
	return begin
}

// applyChanges applies changes to sessions, adds those that were moved into
// [from, until), and drops those that were moved out of it.
func applyChanges(sessions []Session, sched *Schedule, changes []SessionChange, from, until time.Time) []Session {
	if len(changes) == 0 {
		return sessions
	}
	byKey := make(map[string]SessionChange, len(changes))
	for _, c := range changes {
		byKey[c.Session] = c
	}
	var out []Session
	within := func(s Session) bool { return !s.Start.Before(from) && s.Start.Before(until) }
	for _, s := range sessions {
		if c, ok := byKey[s.Key]; ok {
			delete(byKey, s.Key)
			s = c.apply(s)
		}
		if within(s) {
			out = append(out, s)
		}
	}
	for _, c := range byKey { // moved here from outside the window
		if c.Status != SessionMoved || c.To == nil {
			continue
		}
		start, err := time.Parse(sessionKeyLayout, c.Session)
		if err != nil || len(sched.sessions(start, start.Add(time.Minute), 1)) == 0 {
			continue // the schedule no longer has this session
		}
		if s := c.apply(Session{Key: c.Session}); within(s) {
			out = append(out, s)
		}
	}
	return out
}

// apply returns s with the change c.
func (c SessionChange) apply(s Session) Session {
	if c.Status == SessionMoved && c.To != nil {
		if start, err := time.Parse(sessionKeyLayout, c.To.Date+"T"+c.To.Start); err == nil {
			s = session(s.Key, start, c.To.Start, c.To.End)
		}
	}
	s.Status, s.Note = c.Status, c.Note
	return s
}
