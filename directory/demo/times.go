package demo

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"gather/directory"
)

// readTimes parses the short form of the times of a kind:
//
//	week tue,thu 10:00 12:00        every week
//	2week wed 19:00 21:00           every second week
//	month 1,3 sat 10:00 13:00       the first and third Saturday; -1 is the last
//	dates +12 14:00 17:00;+40 ...   single dates, in days after the anchor
//
// anchor is the Monday of the current week. The schedule is nil for an empty
// text.
func readTimes(text string, anchor time.Time) (*directory.Schedule, error) {
	if text == "" {
		return nil, nil
	}
	s := &directory.Schedule{}
	how, rest, _ := strings.Cut(text, " ")
	if how == "dates" {
		for _, one := range strings.Split(rest, ";") {
			f := strings.Fields(one)
			if len(f) != 3 {
				return nil, fmt.Errorf("dates %q: want +days start end", one)
			}
			days, err := strconv.Atoi(f[0])
			if err != nil {
				return nil, fmt.Errorf("dates %q: %w", one, err)
			}
			s.Dates = append(s.Dates, directory.SessionDate{Date: anchor.AddDate(0, 0, days).Format(directory.DateLayout), Start: f[1], End: f[2]})
		}
		return s, nil
	}
	f := strings.Fields(rest)
	r := directory.Repeat{Every: "week"}
	switch how {
	case "week":
	case "2week":
		// The anchor changes every week. A fixed Monday keeps an activity in
		// the same fortnights whenever the demonstration is loaded.
		r.Interval, r.From = 2, "2025-01-06"
	case "month":
		r.Every = "month"
		if len(f) != 4 {
			return nil, fmt.Errorf("times %q: want month nth days start end", text)
		}
		for _, n := range strings.Split(f[0], ",") {
			nth, err := strconv.Atoi(n)
			if err != nil {
				return nil, fmt.Errorf("times %q: %w", text, err)
			}
			r.Nth = append(r.Nth, nth)
		}
		f = f[1:]
	default:
		return nil, fmt.Errorf("times %q: unknown form", text)
	}
	if len(f) != 3 {
		return nil, fmt.Errorf("times %q: want days start end", text)
	}
	r.Days, r.Start, r.End = strings.Split(f[0], ","), f[1], f[2]
	s.Repeats = []directory.Repeat{r}
	return s, nil
}

// schoolHolidays returns the yearly holidays of English and Welsh schools, roughly.
func schoolHolidays() []directory.Pause {
	return []directory.Pause{
		{From: "12-20", Until: "01-05", Reason: "term-break"}, {From: "02-15", Until: "02-23", Reason: "term-break"},
		{From: "04-01", Until: "04-14", Reason: "term-break"}, {From: "05-24", Until: "06-01", Reason: "term-break"},
		{From: "07-20", Until: "09-02", Reason: "term-break"}, {From: "10-25", Until: "11-02", Reason: "term-break"},
	}
}

// dayName returns the English name of the first day of a schedule, "Sunday" when
// it has no weekly or monthly times.
func dayName(s *directory.Schedule) string {
	names := map[string]string{"mon": "Monday", "tue": "Tuesday", "wed": "Wednesday", "thu": "Thursday", "fri": "Friday", "sat": "Saturday", "sun": "Sunday"}
	if s == nil || len(s.Repeats) == 0 {
		return "Sunday"
	}
	return names[s.Repeats[0].Days[0]]
}
