package freetext

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"gather/directory"
)

// Midnight is 24:00, the end of a day, in minutes.
const Midnight = 24 * 60

// clockForm is a time of day as files write it: 14:00, 14:00:00, 2.30 pm,
// 1400hrs, 09:00Z, 09:00+01:00, with or without a date before it. Offsets west of
// London do not match: 13:15-14:00 is a range.
var clockForm = regexp.MustCompile(`^(?:(\d{4}-\d{2}-\d{2})[t ]|\d{1,2}/\d{1,2}/\d{4} )?(?:(\d{1,2})(?:[:.](\d{2})(?:[:.]\d{2}(?:\.\d+)?)?)?|(\d{2})(\d{2})) ?(am|pm|a\.m\.?|p\.m\.?|hrs|hours|h)? ?(z|utc|gmt|\+0[0-2]:?00)?$`)

// dayFraction is a time as spreadsheets store it: a fraction of a day.
var dayFraction = regexp.MustCompile(`^0?\.\d{2,}$`)

// clockTimeOf is a time of day in minutes since midnight, with the zone and the
// date that are written with it; both may be empty.
type clockTimeOf struct {
	minutes    int
	zone, date string
}

// readClock reads a time of day; 24:00 is Midnight. ok is false for a number of
// one or two digits alone, which may be anything.
func readClock(text string) (c clockTimeOf, ok bool) {
	s := strings.ToLower(Line(text))
	switch s {
	case "noon", "midday", "12 noon", "12noon":
		return clockTimeOf{minutes: 12 * 60}, true
	case "midnight", "12 midnight", "12midnight":
		return clockTimeOf{minutes: Midnight}, true
	}
	if dayFraction.MatchString(s) {
		part, err := strconv.ParseFloat(s, 64)
		return clockTimeOf{minutes: int(math.Round(part * Midnight))}, err == nil
	}
	m := clockForm.FindStringSubmatch(s)
	if m == nil {
		return c, false
	}
	hour, minute, half := m[2]+m[4], m[3]+m[5], strings.ReplaceAll(m[6], ".", "")
	if minute == "" && half == "" {
		return c, false
	}
	h, _ := strconv.Atoi(hour)
	n, _ := strconv.Atoi(minute)
	switch {
	case half == "am" || half == "pm":
		if h < 1 || h > 12 && half == "am" || h > 23 {
			return c, false
		}
		if h %= 12; half == "pm" {
			h += 12
		}
		if early, _ := strconv.Atoi(hour); early > 12 {
			h = early // "14:00 pm"
		}
	case h == 24 && n == 0:
		return clockTimeOf{Midnight, m[7], m[1]}, true
	}
	if h > 23 || n > 59 {
		return c, false
	}
	return clockTimeOf{h*60 + n, m[7], m[1]}, true
}

// Clock returns a time of day as HH:MM and ignores its zone. It is empty for what
// is no time, and for 24:00.
func Clock[T ~string](t T) string {
	c, ok := readClock(string(t))
	if !ok || c.minutes == Midnight {
		return ""
	}
	return hhmm(c.minutes)
}

// PlainClock returns a time of day as HH:MM if the text is nothing else, and
// otherwise the text as it is.
func PlainClock(text string) string {
	if at := Clock(text); at != "" {
		return at
	}
	return text
}

// Minutes returns the minutes since midnight in London of a time of day, at most
// Midnight. One with a zone is converted to London's time on date, YYYY-MM-DD;
// without a date it counts as London's. zoned reports whether there is a zone. ok
// is false for what is no time, and for a time on another day in London.
func Minutes[T ~string](t T, date string) (minutes int, zoned, ok bool) {
	c, ok := readClock(string(t))
	if !ok {
		return 0, false, false
	}
	if c.date >= "1990" {
		date = c.date
	}
	if c.zone == "" || date == "" {
		return c.minutes, c.zone != "", true
	}
	zone := strings.ReplaceAll(c.zone, ":", "")
	if zone[0] != '+' {
		zone = "+0000"
	}
	at, err := time.Parse(directory.DateLayout+" -0700", date+" "+zone)
	if err != nil {
		return 0, true, false
	}
	there := at.Add(time.Duration(c.minutes) * time.Minute).In(directory.London())
	minutes = there.Hour()*60 + there.Minute()
	switch {
	case there.Format(directory.DateLayout) == date:
		return minutes, true, true
	case minutes == 0 && c.minutes > 0: // the midnight that ends the day
		return Midnight, true, true
	}
	return 0, true, false
}

// duration matches an ISO 8601 duration: PT1H30M, PT90M, P0DT2H.
var duration = regexp.MustCompile(`^P(?:0D)?T(?:(\d{1,2})H)?(?:(\d{1,4})M)?(?:\d{1,2}S)?$`)

// Duration returns an ISO 8601 duration in minutes, or 0 if it is none, under a
// minute or over a day.
func Duration[T ~string](t T) int {
	m := duration.FindStringSubmatch(strings.ToUpper(Line(string(t))))
	if m == nil {
		return 0
	}
	h, _ := strconv.Atoi(m[1])
	n, _ := strconv.Atoi(m[2])
	if n += 60 * h; n > Midnight {
		return 0
	}
	return n
}

// HHMM formats minutes since midnight as HH:MM.
func HHMM(minutes int) string { return hhmm(minutes) }

func hhmm(minutes int) string { return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60) }

// If the end is before the start, a session that starts in the evening and ends by
// breakfast, such as a night café, goes on past midnight.
const (
	evening   = 17 * 60
	breakfast = 6 * 60
)

// PastMidnight reports whether a session with this start and end, in minutes since
// midnight, goes on to midnight or into the next morning.
func PastMidnight(start, end int) bool {
	if end == Midnight || end == 0 {
		return start > 0
	}
	return start >= evening && end <= breakfast
}

// UntilNext is a sentence about the end, at or after midnight, of a session.
func UntilNext(end int) string {
	if end == 0 || end == Midnight {
		return "Ends at midnight."
	}
	return "Ends at " + hhmm(end) + " the next morning."
}
