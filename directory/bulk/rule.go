package bulk

import (
	"gather/directory"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// hsdsSchedule is a row of HSDS's schedule table: an iCalendar rule in fields.
type hsdsSchedule struct {
	From        text `json:"valid_from"`
	Until       text `json:"valid_to"`
	Start       text `json:"dtstart"`
	Last        text `json:"until"`
	Count       text `json:"count"`
	Freq        text `json:"freq"`
	Interval    text `json:"interval"`
	ByDay       text `json:"byday"`
	ByMonthDay  text `json:"bymonthday"`
	ByWeekNo    text `json:"byweekno"`
	ByYearDay   text `json:"byyearday"`
	Description text `json:"description"`
	OpensAt     text `json:"opens_at"`
	ClosesAt    text `json:"closes_at"`
	Notes       text `json:"notes"`
}

// inWords is a schedule in a few words.
func inWords(r hsdsSchedule) string {
	words := strings.ToLower(r.Freq.line())
	if r.ByDay != "" {
		words += " on " + r.ByDay.line()
	}
	if r.OpensAt != "" {
		words += " from " + r.OpensAt.line()
	}
	if r.ClosesAt != "" {
		words += " to " + r.ClosesAt.line()
	}
	return strings.TrimSpace(words)
}

// once reports whether r is one date: it begins and ends on the same.
func (r hsdsSchedule) once() bool {
	day := dateOf(r.Start, r.From)
	last := r.Until
	if last == "" {
		last = r.Last
	}
	return day != "" && clock(r.OpensAt) != "" && (dateOf(last) == day || r.Count == "1")
}

// icalDay is a day of a BYDAY, with the week of the month it may have.
var icalDay = regexp.MustCompile(`^([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)$`)

var icalDays = map[string]string{"MO": "mon", "TU": "tue", "WE": "wed", "TH": "thu", "FR": "fri", "SA": "sat", "SU": "sun"}

// rule adds r to s as a repeat, if it is one that ours can say.
func (r hsdsSchedule) rule(s *directory.Schedule, until text) bool {
	out := directory.Repeat{Start: clock(r.OpensAt), End: clock(r.ClosesAt), Until: dateOf(until)}
	if out.Start == "" || r.Count != "" || r.ByWeekNo != "" || r.ByYearDay != "" {
		return false
	}
	weeks, ok := r.days(&out)
	if !ok {
		return false
	}
	if v := r.Interval.number(); v != nil && *v > 1 && *v <= 52 && *v == float64(int(*v)) {
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
		out.Every, out.Days = "week", append([]string{}, dayOrder...)
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
func (r hsdsSchedule) days(out *directory.Repeat) (weeks map[string][]int, ok bool) {
	weeks = map[string][]int{}
	for _, part := range strings.FieldsFunc(strings.ToUpper(string(r.ByDay)), func(c rune) bool { return c == ',' || c == ' ' || c == ';' }) {
		if code, ok := dayOf(strings.ToLower(part)); ok {
			out.Days = appendNew(out.Days, code)
			continue
		}
		m := icalDay.FindStringSubmatch(part)
		if m == nil {
			return nil, false
		}
		day := icalDays[m[2]]
		out.Days = appendNew(out.Days, day)
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
func (r hsdsSchedule) begin(interval int) string {
	start, from := dateOf(r.Start, r.From), dateOf(r.From)
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
