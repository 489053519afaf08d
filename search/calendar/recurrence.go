package calendar

import (
	"math/bits"
	"slices"
)

// weekMinutes is how many wall minutes a week has.
const weekMinutes = 7 * DayMinutes

// mondayShift is added to wall minutes so that weeks begin on Monday: 1 January
// 1970 was a Thursday.
const mondayShift = 3 * DayMinutes

// weekAndMinute is the number of the week of w, and the minute of that week.
func weekAndMinute(w int32) (week, minute int32) {
	w += mondayShift
	return w / weekMinutes, w % weekMinutes
}

// Recurrence is the sessions of a listing that start at one minute of the week and
// have one length: a year of a weekly class is one Recurrence.
type Recurrence struct {
	Minute int16  // of the week, from Monday 00:00
	Length int16  // in minutes, -1 for an open end
	First  uint16 // the week of bit 0 of Weeks, counted as weekAndMinute does
	Change uint16 // one more than the index of its session change, 0 for none
	Weeks  uint64 // in which it takes place: HorizonDays are at most 59 weeks
}

// Recurrences packs sessions, which must be in order of time.
func Recurrences(sessions []Occurrence) []Recurrence {
	var rs []Recurrence
	if len(sessions) == 0 {
		return nil
	}
	first, _ := weekAndMinute(sessions[0].Start())
	for _, o := range sessions {
		week, minute := weekAndMinute(o.Start())
		r := Recurrence{Minute: int16(minute), Length: int16(o.length), First: uint16(first), Change: uint16(o.change + 1)}
		at := slices.IndexFunc(rs, func(have Recurrence) bool {
			return have.Minute == r.Minute && have.Length == r.Length && have.Change == r.Change
		})
		if at < 0 {
			at, rs = len(rs), append(rs, r)
		}
		rs[at].Weeks |= 1 << (week - first)
	}
	return rs
}

// Weekday is the day of the week, 0 for Monday.
func (r Recurrence) Weekday() int { return int(r.Minute) / DayMinutes }

// Clock is the time of day in minutes since midnight.
func (r Recurrence) Clock() int { return int(r.Minute) % DayMinutes }

// start is the start in the week of a bit of Weeks, in wall minutes.
func (r Recurrence) start(bit int) int32 {
	return (int32(r.First)+int32(bit))*weekMinutes + int32(r.Minute) - mondayShift
}

// Within is r.Weeks without the weeks in which r does not start in the span.
func (r Recurrence) Within(s Span) uint64 {
	lo, hi := s.fromWeek-int32(r.First), s.untilWeek-int32(r.First)
	if int32(r.Minute) < s.fromMinute {
		lo++
	}
	if int32(r.Minute) < s.untilMinute {
		hi++
	}
	return r.Weeks & below(hi) &^ below(lo)
}

// below has the bits under n.
func below(n int32) uint64 {
	switch {
	case n <= 0:
		return 0
	case n >= 64:
		return ^uint64(0)
	}
	return 1<<n - 1
}

// Span is a Window by weeks, for Recurrence.Within.
type Span struct{ fromWeek, fromMinute, untilWeek, untilMinute int32 }

// NewSpan is the span of w; it is empty where w ends before it begins.
func NewSpan(w Window) Span {
	var s Span
	s.fromWeek, s.fromMinute = weekAndMinute(w.From)
	s.untilWeek, s.untilMinute = weekAndMinute(max(w.Until, w.From))
	return s
}

// occurrence is the session of r in the week of a bit of Weeks.
func (r Recurrence) occurrence(bit int) Occurrence {
	return Occurrence{r.start(bit), int32(r.Length), int32(r.Change) - 1}
}

// NextOf is the first session that is not over at now, in wall minutes.
func NextOf(rs []Recurrence, now int32) (best Occurrence, ok bool) {
	for _, r := range rs {
		length := int32(r.Length)
		if length < 0 {
			length = openEnd
		}
		// A session is not over if it started less than its length ago.
		weeks := r.Within(NewSpan(Window{From: max(0, now-length+1), Until: farthest}))
		if weeks == 0 {
			continue
		}
		if o := r.occurrence(bits.TrailingZeros64(weeks)); !ok || o.before(best) {
			best, ok = o, true
		}
	}
	return best, ok
}

// farthest is later than any session.
const farthest = 1 << 30

// before orders sessions by time; of two at one time, one that was not changed is
// first.
func (o Occurrence) before(p Occurrence) bool {
	return o.start < p.start || o.start == p.start && o.change < p.change
}

// SessionTest is what a session must fit: it is on one of some days and starts
// within one of some times of day.
type SessionTest struct {
	Days    uint8 // as bits, bit 0 for Monday
	clocks  []ClockRange
	anytime bool // the clocks are the whole day
}

// NewSessionTest is the test for days, as bits from Monday on, and times of day.
func NewSessionTest(days uint8, clocks []ClockRange) SessionTest {
	return SessionTest{Days: days, clocks: clocks, anytime: len(clocks) == 1 && clocks[0] == WholeDay}
}

// Fits reports whether one session of rs in the span fits the test.
func (t SessionTest) Fits(rs []Recurrence, s Span) bool {
	for i := range rs {
		r := &rs[i]
		if t.Days>>r.Weekday()&1 != 0 && (t.anytime || InClocks(t.clocks, r.Clock())) && r.Within(s) != 0 {
			return true
		}
	}
	return false
}

// FirstOf is the first session of rs in the span that fits the test.
func (t SessionTest) FirstOf(rs []Recurrence, s Span) (best Occurrence, ok bool) {
	for _, r := range rs {
		if t.Days>>r.Weekday()&1 == 0 || !InClocks(t.clocks, r.Clock()) {
			continue
		}
		if weeks := r.Within(s); weeks != 0 {
			if o := r.occurrence(bits.TrailingZeros64(weeks)); !ok || o.before(best) {
				best, ok = o, true
			}
		}
	}
	return best, ok
}
