package calendar

import (
	"slices"
	"strconv"
	"strings"

	"gather/directory/vocabulary"
)

// ClockRange is a part of the day in minutes since midnight; a session is in
// it when it starts at or after from, and before until.
type ClockRange struct{ From, Until int }

// InClocks reports whether one of the ranges holds a minute of the day.
func InClocks(ranges []ClockRange, minute int) bool {
	return slices.ContainsFunc(ranges, func(r ClockRange) bool { return minute >= r.From && minute < r.Until })
}

const DayMinutes = 24 * 60

// WholeDay holds every time of day.
var WholeDay = ClockRange{0, DayMinutes}

// ParseClockRange reads "18:00-20:00"; 24:00 is the end of the day.
func ParseClockRange(s string) (ClockRange, bool) {
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

// TimesOfDay are the ranges that the alternatives of a time parameter name.
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
