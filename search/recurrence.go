package search

import (
	"math/bits"
	"slices"
)

// weekMinutes is how many wall minutes a week has.
const weekMinutes = 7 * dayMinutes

// mondayShift moves wall minutes so that whole weeks begin on a Monday: 1
// January 1970 was a Thursday.
const mondayShift = 3 * dayMinutes

// weekAndMinute are the number of the week of w, and the minute in that week.
func weekAndMinute(w int32) (week, minute int32) {
	w += mondayShift
	return w / weekMinutes, w % weekMinutes
}

// recurrence is all sessions of a listing that start at the same minute of the
// week and last equally long: a year of a weekly class is one of them.
type recurrence struct {
	minute int16  // of the week
	length int16  // in minutes, -1: open
	first  uint16 // the week that bit 0 of weeks stands for
	change uint16 // one more than which of the listing's session changes it has, 0: none
	weeks  uint64 // horizonDays and a day before are at most 59 weeks
}

// recurrences packs sessions, which are in order.
func recurrences(sessions []occurrence) []recurrence {
	var rs []recurrence
	if len(sessions) == 0 {
		return nil
	}
	first, _ := weekAndMinute(sessions[0].start())
	for _, o := range sessions {
		week, minute := weekAndMinute(o.start())
		r := recurrence{minute: int16(minute), length: int16(o[1]), first: uint16(first), change: uint16(o[2] + 1)}
		at := slices.IndexFunc(rs, func(have recurrence) bool {
			return have.minute == r.minute && have.length == r.length && have.change == r.change
		})
		if at < 0 {
			at, rs = len(rs), append(rs, r)
		}
		rs[at].weeks |= 1 << (week - first)
	}
	return rs
}

func (r recurrence) weekday() int { return int(r.minute) / dayMinutes }
func (r recurrence) clock() int   { return int(r.minute) % dayMinutes }

// start is the wall-clock start in the week of a bit.
func (r recurrence) start(bit int) int32 {
	return (int32(r.first)+int32(bit))*weekMinutes + int32(r.minute) - mondayShift
}

// within are the weeks, as bits, in which r starts in a span.
func (r recurrence) within(s span) uint64 {
	lo, hi := s.fromWeek-int32(r.first), s.untilWeek-int32(r.first)
	if int32(r.minute) < s.fromMinute {
		lo++
	}
	if int32(r.minute) < s.untilMinute {
		hi++
	}
	return r.weeks & below(hi) &^ below(lo)
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

// span is a window as recurrences are asked about it.
type span struct{ fromWeek, fromMinute, untilWeek, untilMinute int32 }

func newSpan(w window) span {
	var s span
	s.fromWeek, s.fromMinute = weekAndMinute(w.from)
	s.untilWeek, s.untilMinute = weekAndMinute(max(w.until, w.from))
	return s
}

// occurrence is the session of r in the week of a bit.
func (r recurrence) occurrence(bit int) occurrence {
	return occurrence{r.start(bit), int32(r.length), int32(r.change) - 1}
}

// nextOf is the first session that is not over at now, as of wall clock.
func nextOf(rs []recurrence, now int32) (best occurrence, ok bool) {
	for _, r := range rs {
		length := int32(r.length)
		if length < 0 {
			length = openEnd
		}
		// It is not over while its start is after now less its length.
		weeks := r.within(newSpan(window{from: max(0, now-length+1), until: farthest}))
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
func (o occurrence) before(p occurrence) bool {
	return o[0] < p[0] || o[0] == p[0] && o[2] < p[2]
}

// sessionTest is what one and the same session must fit.
type sessionTest struct {
	days    uint8 // bits, 0 for Monday
	clocks  []clockRange
	anytime bool // the clocks are the whole day
}

// fits reports whether one of rs fits the test within the span.
func (t sessionTest) fits(rs []recurrence, s span) bool {
	for i := range rs {
		r := &rs[i]
		if t.days>>r.weekday()&1 != 0 && (t.anytime || inClocks(t.clocks, r.clock())) && r.within(s) != 0 {
			return true
		}
	}
	return false
}

// firstOf is the first session in the span that fits the test.
func (t sessionTest) firstOf(rs []recurrence, s span) (best occurrence, ok bool) {
	for _, r := range rs {
		if t.days>>r.weekday()&1 == 0 || !inClocks(t.clocks, r.clock()) {
			continue
		}
		if weeks := r.within(s); weeks != 0 {
			if o := r.occurrence(bits.TrailingZeros64(weeks)); !ok || o.before(best) {
				best, ok = o, true
			}
		}
	}
	return best, ok
}
