package icalendar

import (
	"fmt"
	"strings"
	"time"

	"gather/directory"
	"gather/directory/bulk/freetext"
	"gather/directory/bulk/loose"
)

var dayNames = map[string]string{"mon": "Monday", "tue": "Tuesday", "wed": "Wednesday", "thu": "Thursday", "fri": "Friday", "sat": "Saturday", "sun": "Sunday"}

var ordinals = map[int]string{1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last"}

// InWords returns the whole rule as text, for a note; it is empty for an empty
// rule. Parts that are not valid stay as they are written.
func (r Rule) InWords() string {
	parts := []string{r.everyInWords()}
	add := func(before string, t loose.Text, after string) {
		if t != "" {
			parts = append(parts, before+" "+t.Line()+after)
		}
	}
	if days := r.daysInWords(); days != "" {
		parts = append(parts, "on "+days)
	}
	add("on day", r.ByMonthDay, " of the month")
	add("on day", r.ByYearDay, " of the year")
	add("in week", r.ByWeekNo, " of the year")
	if months := monthsInWords(r.ByMonth); months != "" {
		parts = append(parts, "in "+months)
	}
	add("from", r.OpensAt, "")
	add("to", r.ClosesAt, "")
	if n := freetext.Duration(r.Duration); n > 0 {
		parts = append(parts, fmt.Sprintf("for %d minutes", n))
	}
	add("", r.Count, " times")
	for _, end := range []struct{ word, date string }{{"beginning on", r.begins()}, {"until", r.until()}} {
		if at, err := time.Parse(directory.DateLayout, end.date); err == nil {
			parts = append(parts, end.word+" "+at.Format("2 January 2006"))
		}
	}
	return freetext.OneSpace(strings.Join(parts, " "))
}

func (r Rule) everyInWords() string {
	freq, interval, ok := r.every()
	if !ok {
		return strings.TrimSpace(strings.ToLower(r.Freq.Line()) + " " + r.Interval.Line())
	}
	if r.Freq == "" && interval == 1 {
		return ""
	}
	if interval == 1 {
		return strings.ToLower(freq)
	}
	unit := map[string]string{"DAILY": "days", "WEEKLY": "weeks", "MONTHLY": "months", "YEARLY": "years"}[freq]
	return fmt.Sprintf("every %d %s", interval, unit)
}

func (r Rule) daysInWords() string {
	days, weeks, ok := r.days()
	if !ok {
		return freetext.Commas(r.ByDay.Line(), r.Weekday.Line())
	}
	var out []string
	for _, day := range days {
		if len(weeks[day]) == 0 {
			out = append(out, dayNames[day])
		}
		for _, n := range weeks[day] {
			out = append(out, "the "+ordinals[n]+" "+dayNames[day])
		}
	}
	return list(out)
}

func monthsInWords(t loose.Text) string {
	months, ok := numbers(t, 1, 12)
	if !ok {
		return t.Line()
	}
	out := make([]string, len(months))
	for i, m := range months {
		out[i] = time.Month(m).String()
	}
	return list(out)
}

// list joins parts: "a", "a and b", or "a, b and c".
func list(parts []string) string {
	n := len(parts)
	if n < 2 {
		return strings.Join(parts, "")
	}
	return strings.Join(parts[:n-1], ", ") + " and " + parts[n-1]
}
