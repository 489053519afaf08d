package calendar

import (
	"slices"
	"strconv"
	"strings"

	"gather/directory/vocabulary"
)

// ClockRange is a part of the day in minutes since midnight. A session is in it
// that starts at or after From and before Until.
type ClockRange struct{ From, Until int }

// InClocks reports whether a minute of the day is in one of the ranges.
func InClocks(ranges []ClockRange, minute int) bool {
	return slices.ContainsFunc(ranges, func(r ClockRange) bool { return minute >= r.From && minute < r.Until })
}

// DayMinutes is how many minutes of wall clock a day has, summer time or not.
const DayMinutes = 24 * 60

// WholeDay is every time of day.
var WholeDay = ClockRange{0, DayMinutes}

// ParseClockRange reads "18:00-20:00"; 24:00 is the end of the day. ok is false
// for anything else, and for an end that is not after the start.
func ParseClockRange(s string) (r ClockRange, ok bool) {
	from, until, ok := strings.Cut(s, "-")
	if !ok {
		return ClockRange{}, false
	}
	a, ok1 := parseClock(strings.TrimSpace(from))
	b, ok2 := parseClock(strings.TrimSpace(until))
	return ClockRange{a, b}, ok1 && ok2 && a < b
}

// parseClock reads HH:MM, from 00:00 to 24:00, as minutes since midnight.
func parseClock(s string) (int, bool) {
	if len(s) != 5 || s[2] != ':' {
		return 0, false
	}
	h, err1 := strconv.ParseUint(s[:2], 10, 8)
	m, err2 := strconv.ParseUint(s[3:], 10, 8)
	minutes := int(h)*60 + int(m)
	return minutes, err1 == nil && err2 == nil && m < 60 && minutes <= DayMinutes
}

// TimesOfDay returns the ranges that alternatives of the time parameter stand for:
// ids of vocabulary.TimeOfDay, or ranges themselves. Others are left out.
func TimesOfDay(alternatives []string, words *vocabulary.Vocabulary) []ClockRange {
	var ranges []ClockRange
	for _, id := range alternatives {
		if r, ok := ParseClockRange(id); ok {
			ranges = append(ranges, r)
			continue
		}
		if t, ok := words.Term(vocabulary.TimeOfDay, id); ok {
			from, ok1 := parseClock(t.From)
			until, ok2 := parseClock(t.Until)
			if ok1 && ok2 {
				ranges = append(ranges, ClockRange{from, until})
			}
		}
	}
	return ranges
}
