// Package icalendar reads a regular time that a foreign file has as the parts
// of an iCalendar rule (RFC 5545, RRULE), as HSDS and OpenActive do.
package icalendar

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"gather/directory"
	"gather/directory/bulk/freetext"
	"gather/directory/bulk/loose"
)

// Rule is a regular time in the fields of HSDS's schedule table. All are as
// they stand in the file.
type Rule struct {
	From        loose.Text `json:"valid_from"`
	Until       loose.Text `json:"valid_to"`
	Start       loose.Text `json:"dtstart"`
	Last        loose.Text `json:"until"`
	Count       loose.Text `json:"count"`
	Freq        loose.Text `json:"freq"`
	Interval    loose.Text `json:"interval"`
	ByDay       loose.Text `json:"byday"`
	ByMonthDay  loose.Text `json:"bymonthday"`
	ByWeekNo    loose.Text `json:"byweekno"`
	ByYearDay   loose.Text `json:"byyearday"`
	Description loose.Text `json:"description"`
	OpensAt     loose.Text `json:"opens_at"`
	ClosesAt    loose.Text `json:"closes_at"`
	Notes       loose.Text `json:"notes"`
}

// InWords is the rule in a few words, for a note.
func (r Rule) InWords() string {
	words := strings.ToLower(r.Freq.Line())
	if r.ByDay != "" {
		words += " on " + r.ByDay.Line()
	}
	if r.OpensAt != "" {
		words += " from " + r.OpensAt.Line()
	}
	if r.ClosesAt != "" {
		words += " to " + r.ClosesAt.Line()
	}
	return strings.TrimSpace(words)
}

// Once reports whether r is a single date: it begins and ends on the same day.
func (r Rule) Once() bool {
	day := freetext.FirstDate(r.Start, r.From)
	last := r.Until
	if last == "" {
		last = r.Last
	}
	return day != "" && freetext.Clock(r.OpensAt) != "" && (freetext.FirstDate(last) == day || r.Count == "1")
}

// icalDay is a day of a BYDAY, with the week of the month it may have.
var icalDay = regexp.MustCompile(`^([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)$`)

var icalDays = map[string]string{"MO": "mon", "TU": "tue", "WE": "wed", "TH": "thu", "FR": "fri", "SA": "sat", "SU": "sun"}

// AddTo adds r to s as a repeat that ends on until, empty for open. It is false,
// and s unchanged, for a rule that a directory.Repeat cannot say.
func (r Rule) AddTo(s *directory.Schedule, until loose.Text) bool {
	out := directory.Repeat{Start: freetext.Clock(r.OpensAt), End: freetext.Clock(r.ClosesAt), Until: freetext.FirstDate(until)}
	if out.Start == "" || r.Count != "" || r.ByWeekNo != "" || r.ByYearDay != "" {
		return false
	}
	weeks, ok := r.days(&out)
	if !ok {
		return false
	}
	if v := r.Interval.Number(); v != nil && *v > 1 && *v <= 52 && *v == float64(int(*v)) {
		out.Interval = int(*v)
	}
	switch strings.ToUpper(string(r.Freq)) {
	case "WEEKLY", "":
		if len(weeks) > 0 || r.ByMonthDay != "" || len(out.Days) == 0 {
			return false
		}
		out.Every = "week"
	case "DAILY":
		if out.Interval > 1 || len(out.Days) > 0 {
			return false
		}
		out.Every, out.Days = "week", append([]string{}, freetext.Week...)
	case "MONTHLY":
		if len(weeks) != len(out.Days) || len(weeks) == 0 || r.ByMonthDay != "" {
			return false
		}
		out.Every = "month"
	default:
		return false
	}
	out.From = r.begin(out.Interval)
	if out.Interval > 1 && out.From == "" {
		return false
	}
	if out.End != "" && out.End <= out.Start {
		out.End = ""
	}
	s.Repeats = append(s.Repeats, byWeeks(out, weeks)...)
	return true
}

// days reads BYDAY into out.Days, and answers the weeks of the month that each
// day has. It is false for what is no day.
func (r Rule) days(out *directory.Repeat) (weeks map[string][]int, ok bool) {
	weeks = map[string][]int{}
	for _, part := range strings.FieldsFunc(strings.ToUpper(string(r.ByDay)), func(c rune) bool { return c == ',' || c == ' ' || c == ';' }) {
		if code, ok := freetext.Weekday(strings.ToLower(part)); ok {
			if !slices.Contains(out.Days, code) {
				out.Days = append(out.Days, code)
			}
			continue
		}
		m := icalDay.FindStringSubmatch(part)
		if m == nil {
			return nil, false
		}
		day := icalDays[m[2]]
		if !slices.Contains(out.Days, day) {
			out.Days = append(out.Days, day)
		}
		if m[1] == "" {
			continue
		}
		n, _ := strconv.Atoi(m[1])
		if n < -1 {
			return nil, false
		}
		if !slices.Contains(weeks[day], n) {
			weeks[day] = append(weeks[day], n)
		}
	}
	return weeks, true
}

// byWeeks parts a regular time of some days of a month into one for each set
// of weeks: the first Monday and the third Friday are two.
func byWeeks(r directory.Repeat, weeks map[string][]int) []directory.Repeat {
	if r.Every != "month" {
		return []directory.Repeat{r}
	}
	var out []directory.Repeat
	for _, day := range r.Days {
		i := slices.IndexFunc(out, func(x directory.Repeat) bool { return slices.Equal(x.Nth, weeks[day]) })
		if i < 0 {
			part := r
			part.Days, part.Nth = nil, weeks[day]
			out, i = append(out, part), len(out)
		}
		out[i].Days = append(out[i].Days, day)
	}
	return out
}

// begin is the date from which r holds. dtstart says which weeks a rule of
// every so many falls on; where it lies before valid_from, it is moved up by
// whole intervals.
func (r Rule) begin(interval int) string {
	start, from := freetext.FirstDate(r.Start, r.From), freetext.FirstDate(r.From)
	if from <= start || from == "" {
		return start
	}
	switch {
	case interval <= 1:
		return from
	case !strings.EqualFold(string(r.Freq), "WEEKLY"):
		return start
	}
	first, err1 := time.Parse(directory.DateLayout, start)
	later, err2 := time.Parse(directory.DateLayout, from)
	if err1 != nil || err2 != nil {
		return start
	}
	days := int(later.Sub(first).Hours() / 24)
	return first.AddDate(0, 0, days-days%(7*interval)).Format(directory.DateLayout)
}
