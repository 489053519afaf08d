package ical

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"gather/directory"
)

// keyLayout is the layout of directory.Session.Key.
const keyLayout = "2006-01-02T15:04"

// longestGap is how many sessions in a row are excepted one by one; a longer gap
// starts a new event. The summer break of a weekly group is seven dates, which is
// better than two events; that of a daily one is fifty.
const longestGap = 12

// window is the period whose sessions a calendar holds, from midnight of 1 January
// in London to that of a later year.
type window struct{ from, until time.Time }

func windowAround(at time.Time) window {
	year := at.In(directory.London()).Year()
	return window{newYear(year - YearsBack), newYear(year + YearsAhead + 1)}
}

func newYear(year int) time.Time {
	return time.Date(year, time.January, 1, 0, 0, 0, 0, directory.London())
}

func (w window) holds(t time.Time) bool { return !t.Before(w.from) && t.Before(w.until) }

// series is one recurring event: every session of a repeat from first to last,
// both included, except those in leftOut.
type series struct {
	uid         string // without the host
	repeat      directory.Repeat
	first, last string // session keys; last is empty where more may follow
	until       time.Time
	leftOut     []string
	overrides   []directory.Session
}

func (s *series) spans(key string) bool {
	return key >= s.first && (s.last == "" || key <= s.last)
}

// timetable is the sessions of an activity as events: the series, and the sessions
// that are separate events.
type timetable struct {
	series  []series
	singles []directory.Session
}

// timetableOf is the timetable of a in span.
func timetableOf(a *directory.Activity, span window) timetable {
	var t timetable
	if a.Schedule == nil {
		return t
	}
	taken := map[string]bool{} // keys of repeats that another time may clash with
	for i := range a.Schedule.Repeats {
		t.series = append(t.series, seriesOf(a, i, span, taken)...)
	}
	for _, d := range a.Schedule.Dates {
		key := d.Date + "T" + d.Start
		if taken[key] {
			continue
		}
		taken[key] = true
		if s, ok := a.Session(key); ok && (span.holds(s.Start) || span.holds(keyTime(key))) {
			t.singles = append(t.singles, s)
		}
	}
	t.addChanges(a, span, taken)
	t.addClockChanges(a, span)
	return t
}

// keyTime is the scheduled start of a session.
func keyTime(key string) time.Time { return asRead(wallOf(key)) }

// wallOf is the wall-clock time of a session key, or the zero time.
func wallOf(key string) time.Time {
	t, err := time.Parse(keyLayout, key)
	if err != nil {
		return time.Time{}
	}
	return t
}

// alone is an activity with only one repeat of a, and, with leavingOut, a's pauses
// and exceptions.
func alone(a *directory.Activity, repeat int, leavingOut bool) *directory.Activity {
	s := directory.Schedule{Repeats: a.Schedule.Repeats[repeat : repeat+1]}
	if leavingOut {
		s.Except, s.Pauses = a.Schedule.Except, a.Schedule.Pauses
	}
	return &directory.Activity{Details: directory.Details{Schedule: &s}}
}

// seriesOf makes the events of repeat i of a, as few as possible. It adds keys that
// may clash with a later repeat or a date to taken, and leaves out those that are
// taken already, because a session that is listed twice is one.
func seriesOf(a *directory.Activity, i int, span window, taken map[string]bool) []series {
	r := a.Schedule.Repeats[i]
	uid := fmt.Sprintf("%s-r%d", a.ID, i+1)
	before, after := clashes(a.Schedule, i)
	if len(a.Schedule.Except)+len(a.Schedule.Pauses) == 0 && !before && !after {
		first := alone(a, i, false).Sessions(span.from, span.until, 1)
		if len(first) == 0 {
			return nil
		}
		return []series{{uid: uid, repeat: r, first: first[0].Key, last: lastKey(r), until: endOf(r.Until)}}
	}
	kept := map[string]bool{}
	for _, s := range everySession(alone(a, i, true), span) {
		if !taken[s.Key] {
			kept[s.Key] = true
		}
	}
	goesOn := !before && !pausedBeyond(a.Schedule, span)
	all := everySession(alone(a, i, false), span)
	parts := split(all, kept, goesOn)
	for k := range parts {
		p := &parts[k]
		p.uid, p.repeat = uid, r
		if k > 0 {
			p.uid += "-" + strings.ReplaceAll(p.first[:len(directory.DateLayout)], "-", "")
		}
		if p.last == "" {
			p.last, p.until = lastKey(r), endOf(r.Until)
		}
	}
	for key := range kept {
		taken[key] = true
	}
	return parts
}

// split splits the sessions that are kept into series without long gaps. With
// goesOn, the last of them has no end.
func split(all []directory.Session, kept map[string]bool, goesOn bool) []series {
	var parts []series
	var gap []string
	for _, s := range all {
		if !kept[s.Key] {
			gap = append(gap, s.Key)
			continue
		}
		if len(parts) == 0 || len(gap) > longestGap {
			parts = append(parts, series{first: s.Key})
		} else {
			p := &parts[len(parts)-1]
			p.leftOut = append(p.leftOut, gap...)
		}
		p := &parts[len(parts)-1]
		p.last, p.until = s.Key, keyTime(s.Key)
		gap = nil
	}
	if goesOn && len(parts) > 0 {
		p := &parts[len(parts)-1]
		p.last, p.until = "", time.Time{}
		p.leftOut = append(p.leftOut, gap...)
	}
	return parts
}

// everySession is all sessions of a in span, computed a year at a time, because one
// call returns at most directory.MaxSessions.
func everySession(a *directory.Activity, span window) []directory.Session {
	var all []directory.Session
	for from := span.from; from.Before(span.until); {
		until := newYear(from.In(directory.London()).Year() + 1)
		all = append(all, a.Sessions(from, until, 0)...)
		from = until
	}
	return all
}

// clashes reports whether a repeat before the i-th, or a repeat or date after
// it, can give the same session.
func clashes(s *directory.Schedule, i int) (before, after bool) {
	r := s.Repeats[i]
	for j, other := range s.Repeats {
		if j == i || other.Start != r.Start || !slices.ContainsFunc(other.Days, func(d string) bool { return slices.Contains(r.Days, d) }) {
			continue
		}
		before, after = before || j < i, after || j > i
	}
	for _, d := range s.Dates {
		after = after || d.Start == r.Start
	}
	return before, after
}

// pausedBeyond reports whether sessions are left out after span, so that a rule
// without an end would be wrong.
func pausedBeyond(s *directory.Schedule, span window) bool {
	end := span.until.Format(directory.DateLayout)
	for _, p := range s.Pauses {
		if len(p.From) != len(directory.DateLayout) || p.Until >= end {
			return true
		}
	}
	return slices.ContainsFunc(s.Except, func(date string) bool { return date >= end })
}

// addChanges adds changed sessions to their series as overrides. A session that
// was moved into span from outside it becomes a separate event.
func (t *timetable) addChanges(a *directory.Activity, span window, taken map[string]bool) {
	for _, c := range a.SessionChanges {
		s, ok := a.Session(c.Session)
		if !ok {
			continue // the schedule no longer has this session
		}
		if owner := t.owner(a, c.Session); owner != nil {
			owner.overrides = append(owner.overrides, s)
			continue
		}
		single := slices.ContainsFunc(t.singles, func(other directory.Session) bool { return other.Key == s.Key })
		if !single && span.holds(s.Start) && !span.holds(keyTime(s.Key)) {
			t.singles = append(t.singles, s)
		}
	}
}

// owner is the series that has this session, or nil.
func (t *timetable) owner(a *directory.Activity, key string) *series {
	for i := range t.series {
		s := &t.series[i]
		if !strings.HasSuffix(key, "T"+s.repeat.Start) || !s.spans(key) || slices.Contains(s.leftOut, key) {
			continue
		}
		only := directory.Activity{Details: directory.Details{Schedule: &directory.Schedule{Repeats: []directory.Repeat{s.repeat}}}}
		if _, ok := only.Session(key); ok {
			return s
		}
	}
	return nil
}

// addClockChanges adds overrides with exact times for sessions in the hours in
// which the clocks change: calendars differ in how they read a time that occurs
// twice or never, and in whether such a session is an hour longer.
func (t *timetable) addClockChanges(a *directory.Activity, span window) {
	const changed = "02:00" // the clocks change at 01:00 UTC
	for i := range t.series {
		r := t.series[i].repeat
		if r.Start >= changed {
			continue
		}
		for year := span.from.Year(); year < span.until.Year(); year++ {
			for _, month := range []time.Month{time.March, time.October} {
				key := lastSunday(year, month).Format(directory.DateLayout) + "T" + r.Start
				s, ok := a.Session(key)
				if !ok || s.Status != directory.SessionOn || s.Note != "" || t.owner(a, key) != &t.series[i] || plainly(s, r) {
					continue
				}
				t.series[i].overrides = append(t.series[i].overrides, s)
			}
		}
	}
}

// plainly reports whether every calendar reads s correctly from its series: it
// starts and ends when the clocks show the times of r.
func plainly(s directory.Session, r directory.Repeat) bool {
	shows := func(t, wall time.Time) bool {
		return asRead(wall).Equal(t) && t.In(directory.London()).Format(localLayout) == wall.Format(localLayout)
	}
	start := wallOf(s.Key)
	if !shows(s.Start, start) || s.End == nil {
		return shows(s.Start, start)
	}
	end := wallOf(s.Key[:11] + r.End)
	return shows(*s.End, end) && s.End.Sub(s.Start) == end.Sub(start)
}

func lastSunday(year int, month time.Month) time.Time {
	last := time.Date(year, month, 31, 0, 0, 0, 0, time.UTC) // both months have 31 days
	return last.AddDate(0, 0, -int(last.Weekday()))
}
