package freetext

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"gather/directory"
)

// The forms of a date without the day of the week and "th". A date such as
// 03/04/2025 is British.
var (
	isoDate   = regexp.MustCompile(`^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})`)
	britDate  = regexp.MustCompile(`^(\d{1,2}) ?[-/.] ?(\d{1,2}) ?[-/.] ?(\d{4}|\d{2})\b`)
	wordDate  = regexp.MustCompile(`^(\d{1,2})[- /.]*(?:of )?([a-z]{3,9})[- /.,]*(\d{4}|\d{2})\b`)
	monthDate = regexp.MustCompile(`^([a-z]{3,9}) (\d{1,2}),? (\d{4})\b`)
	monthOnly = regexp.MustCompile(`^([a-z]{3,9})[- /.']*(\d{4}|\d{2})$`)
	monthYear = regexp.MustCompile(`^(\d{1,2})[-/](\d{4})$`)
	packed    = regexp.MustCompile(`^(\d{4})(\d{2})(\d{2})$`)
	serial    = regexp.MustCompile(`^(\d{5})(\.\d+)?$`)

	weekdayBefore = regexp.MustCompile(`^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[., ]+`)
	ordinalAfter  = regexp.MustCompile(`\b(\d{1,2})(?:st|nd|rd|th)\b`)
	clockAfter    = regexp.MustCompile(`^(?:t|,? (?:at )?)(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)? ?(am|pm)? ?(z|utc|bst|gmt|(?:gmt|utc)?[+-]\d{2}:?\d{2})?(?: \(.*\)| \d{4})?$`)
)

// Date reads a date, with or without a time of day. ok is false for what is none,
// and for years before 1990 and after 2199, which are typing errors.
func Date(text string) (date time.Time, ok bool) {
	date, _, ok = readDate(strings.ToLower(Line(text)))
	return date, ok
}

// SheetDate reads when a row was last updated, in the forms that spreadsheets and
// people use: those of Date, a month (its first day), a spreadsheet's number of
// days since 1900, and eight digits.
func SheetDate(text string) (date time.Time, ok bool) {
	s := strings.ToLower(Line(text))
	if date, _, ok = readDate(s); ok {
		return date, true
	}
	if m := serial.FindStringSubmatch(s); m != nil {
		days, _ := strconv.Atoi(m[1])
		return plausible(time.Date(1899, 12, 30+days, 0, 0, 0, 0, time.UTC))
	}
	if m := packed.FindStringSubmatch(s); m != nil {
		return calendarDate(m[1], m[2], m[3])
	}
	if m := monthYear.FindStringSubmatch(s); m != nil {
		return calendarDate(m[2], m[1], "1")
	}
	if m := monthOnly.FindStringSubmatch(s); m != nil {
		return calendarDate(m[2], m[1], "1")
	}
	return time.Time{}, false
}

// readDate reads a text in lower case. zoned is true if the date has a time with a
// zone; it is then in UTC.
func readDate(s string) (date time.Time, zoned, ok bool) {
	s = ordinalAfter.ReplaceAllString(weekdayBefore.ReplaceAllString(s, ""), "$1")
	var rest string
	for _, form := range []struct {
		re               *regexp.Regexp
		year, month, day int
	}{{isoDate, 1, 2, 3}, {britDate, 3, 2, 1}, {wordDate, 3, 2, 1}, {monthDate, 3, 1, 2}} {
		m := form.re.FindStringSubmatch(s)
		if m == nil {
			continue
		}
		if date, ok = calendarDate(m[form.year], m[form.month], m[form.day]); !ok {
			return date, false, false
		}
		rest = s[len(m[0]):]
		break
	}
	if !ok {
		date, rest, ok = scriptDate(s)
	}
	if !ok || rest == "" {
		return date, false, ok
	}
	m := clockAfter.FindStringSubmatch(rest)
	if m == nil {
		return time.Time{}, false, false
	}
	return addClock(date, m)
}

// scriptDate reads a date as programs print it: "apr 3 10:15:00 gmt 2015".
func scriptDate(s string) (date time.Time, rest string, ok bool) {
	month, after, _ := strings.Cut(s, " ")
	day, clock, _ := strings.Cut(strings.TrimLeft(after, " "), " ")
	i := strings.LastIndexByte(clock, ' ')
	if len(month) != 3 || i < 0 {
		return date, "", false
	}
	date, ok = calendarDate(clock[i+1:], month, day)
	return date, " " + clock[:i], ok
}

// addClock adds the parts of clockAfter to a date.
func addClock(date time.Time, m []string) (at time.Time, zoned, ok bool) {
	h, _ := strconv.Atoi(m[1])
	minute, _ := strconv.Atoi(m[2])
	second, _ := strconv.Atoi(m[3])
	if m[4] != "" && h <= 12 {
		if h %= 12; m[4] == "pm" {
			h += 12
		}
	}
	if h > 24 || minute > 59 || second > 60 {
		return at, false, false
	}
	zone := strings.TrimPrefix(strings.TrimPrefix(strings.ReplaceAll(m[5], ":", ""), "gmt"), "utc")
	switch {
	case m[5] == "":
		zone = "+0000"
	case m[5] == "bst":
		zone = "+0100"
	case zone == "" || zone == "z":
		zone = "+0000"
	}
	z, err := time.Parse("-0700", zone)
	if err != nil {
		return at, false, false
	}
	_, offset := z.Zone()
	return date.Add(time.Duration(h)*time.Hour + time.Duration(minute)*time.Minute + time.Duration(second-offset)*time.Second), m[5] != "", true
}

// calendarDate returns the date of these parts, if it exists. The month may be a
// word, and a year of two digits is from 1970 to 2069.
func calendarDate(year, month, day string) (time.Time, bool) {
	y, err1 := strconv.Atoi(year)
	d, err2 := strconv.Atoi(day)
	mo, err3 := strconv.Atoi(month)
	if err3 != nil && len(month) >= 3 {
		err3 = nil
		for m := time.January; m <= time.December; m++ {
			if strings.HasPrefix(strings.ToLower(m.String()), month) || month == "sept" && m == time.September {
				mo = int(m)
			}
		}
	}
	if len(year) == 2 {
		if y += 2000; y >= 2070 {
			y -= 100
		}
	}
	t := time.Date(y, time.Month(mo), d, 0, 0, 0, 0, time.UTC)
	if err1 != nil || err2 != nil || err3 != nil || t.Day() != d || int(t.Month()) != mo {
		return time.Time{}, false
	}
	return plausible(t)
}

func plausible(t time.Time) (time.Time, bool) {
	if t.Year() < 1990 || t.Year() >= 2200 {
		return time.Time{}, false
	}
	return t, true
}

// FirstDate returns the first of these texts that is a date, as YYYY-MM-DD, or
// nothing. With a time and a zone, it is the date in London.
func FirstDate[T ~string](texts ...T) string {
	for _, t := range texts {
		when, zoned, ok := readDate(strings.ToLower(Line(string(t))))
		if !ok {
			continue
		}
		if zoned {
			when = when.In(directory.London())
		}
		return when.Format(directory.DateLayout)
	}
	return ""
}
