package search

import (
	"slices"
	"strconv"
	"strings"

	"gather/directory/vocabulary"
)

// clockRange is a part of the day in minutes since midnight; a session is in
// it when it starts at or after from, and before until.
type clockRange struct{ from, until int }

// inClocks reports whether one of the ranges holds a minute of the day.
func inClocks(ranges []clockRange, minute int) bool {
	return slices.ContainsFunc(ranges, func(r clockRange) bool { return minute >= r.from && minute < r.until })
}

const dayMinutes = 24 * 60

// wholeDay holds every time of day.
var wholeDay = clockRange{0, dayMinutes}

// parseClockRange reads "18:00-20:00"; 24:00 is the end of the day.
func parseClockRange(s string) (clockRange, bool) {
	from, until, ok := strings.Cut(s, "-")
	if !ok {
		return clockRange{}, false
	}
	a, ok1 := parseClock(strings.TrimSpace(from))
	b, ok2 := parseClock(strings.TrimSpace(until))
	return clockRange{a, b}, ok1 && ok2 && a < b
}

// parseClock reads HH:MM, from 00:00 to 24:00, as minutes since midnight.
func parseClock(s string) (int, bool) {
	if len(s) != 5 || s[2] != ':' {
		return 0, false
	}
	h, err1 := strconv.ParseUint(s[:2], 10, 8)
	m, err2 := strconv.ParseUint(s[3:], 10, 8)
	minutes := int(h)*60 + int(m)
	return minutes, err1 == nil && err2 == nil && m < 60 && minutes <= dayMinutes
}

// timesOfDay are the ranges that the alternatives of a time parameter name.
func timesOfDay(alternatives []string, words *vocabulary.Vocabulary) []clockRange {
	var ranges []clockRange
	for _, id := range alternatives {
		if r, ok := parseClockRange(id); ok {
			ranges = append(ranges, r)
			continue
		}
		if t, ok := words.Term(vocabulary.TimeOfDay, id); ok {
			from, ok1 := parseClock(t.From)
			until, ok2 := parseClock(t.Until)
			if ok1 && ok2 {
				ranges = append(ranges, clockRange{from, until})
			}
		}
	}
	return ranges
}
