package calendar

import (
	"math/bits"
	"slices"
)

// weekMinutes is how many wall minutes a week has.
const weekMinutes = 7 * DayMinutes

// mondayShift moves wall minutes so that whole weeks begin on a Monday: 1
// January 1970 was a Thursday.
const mondayShift = 3 * DayMinutes

// weekAndMinute are the number of the week of w, and the minute in that week.
func weekAndMinute(w int32) (week, minute int32) {
	w += mondayShift
	return w / weekMinutes, w % weekMinutes
}

// Recurrence is all sessions of a listing that start at the same minute of the
// week and last equally long: a year of a weekly class is one of them.
type Recurrence struct {
	Minute int16  // of the week
	Length int16  // in minutes, -1: open
	First  uint16 // the week that bit 0 of weeks stands for
	Change uint16 // one more than which of the listing's session changes it has, 0: none
	Weeks  uint64 // horizonDays and a day before are at most 59 weeks
}

// Recurrences packs sessions, which are in order.
func Recurrences(sessions []Occurrence) []Recurrence {
	var rs []Recurrence
	if len(sessions) == 0 {
		return nil
	}
	first, _ := weekAndMinute(sessions[0].Start())
	for _, o := range sessions {
		week, minute := weekAndMinute(o.Start())
		r := Recurrence{Minute: int16(minute), Length: int16(o[1]), First: uint16(first), Change: uint16(o[2] + 1)}
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

func (r Recurrence) Weekday() int { return int(r.Minute) / DayMinutes }
func (r Recurrence) Clock() int   { return int(r.Minute) % DayMinutes }

// start is the wall-clock start in the week of a bit.
func (r Recurrence) start(bit int) int32 {
	return (int32(r.First)+int32(bit))*weekMinutes + int32(r.Minute) - mondayShift
}

// Within are the weeks, as bits, in which r starts in a span.
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

// Span is a window as recurrences are asked about it.
type Span struct{ fromWeek, fromMinute, untilWeek, untilMinute int32 }

func NewSpan(w Window) Span {
	var s Span
	s.fromWeek, s.fromMinute = weekAndMinute(w.From)
	s.untilWeek, s.untilMinute = weekAndMinute(max(w.Until, w.From))
	return s
}

// occurrence is the session of r in the week of a bit.
func (r Recurrence) occurrence(bit int) Occurrence {
	return Occurrence{r.start(bit), int32(r.Length), int32(r.Change) - 1}
}

// NextOf is the first session that is not over at now, as of wall clock.
func NextOf(rs []Recurrence, now int32) (best Occurrence, ok bool) {
	for _, r := range rs {
		length := int32(r.Length)
		if length < 0 {
			length = openEnd
		}
		// It is not over while its start is after now less its length.
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

// before puts sessions in order of time; at the same time one as scheduled
// comes before a changed one.
func (o Occurrence) before(p Occurrence) bool {
	return o[0] < p[0] || o[0] == p[0] && o[2] < p[2]
}

// SessionTest is what one and the same session must fit.
type SessionTest struct {
	Days    uint8 // bits, 0 for Monday
	clocks  []ClockRange
	anytime bool // the clocks are the whole day
}

// NewSessionTest asks for a session on one of some days, as bits from Monday on,
// that starts within one of some times of day.
func NewSessionTest(days uint8, clocks []ClockRange) SessionTest {
	return SessionTest{Days: days, clocks: clocks, anytime: len(clocks) == 1 && clocks[0] == WholeDay}
}

// Fits reports whether one of rs fits the test within the span.
func (t SessionTest) Fits(rs []Recurrence, s Span) bool {
	for i := range rs {
		r := &rs[i]
		if t.Days>>r.Weekday()&1 != 0 && (t.anytime || InClocks(t.clocks, r.Clock())) && r.Within(s) != 0 {
			return true
		}
	}
	return false
}

// FirstOf is the first session in the span that fits the test.
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
