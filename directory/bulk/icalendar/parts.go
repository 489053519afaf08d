package icalendar

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/teambition/rrule-go"

	"gather/directory"
	"gather/directory/bulk/freetext"
	"gather/directory/bulk/loose"
)

// icalDay matches a day of a BYDAY, which may have a week of the month.
var icalDay = regexp.MustCompile(`^([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)$`)

var icalDays = map[string]string{"MO": "mon", "TU": "tue", "WE": "wed", "TH": "thu", "FR": "fri", "SA": "sat", "SU": "sun"}

// listOf returns the items of a list such as "MO,WE".
func listOf(t loose.Text) []string {
	return strings.FieldsFunc(strings.ToUpper(string(t)), func(c rune) bool { return c == ',' || c == ' ' || c == ';' })
}

// every returns the frequency and the interval. A rule of every seven days is one
// of every week. It is false if either is not valid.
func (r Rule) every() (freq string, interval int, ok bool) {
	freq, interval = strings.ToUpper(r.Freq.Line()), 1
	if v := r.Interval.Number(); v != nil {
		if interval = int(*v); interval < 1 || interval > 366 || float64(interval) != *v {
			return "", 0, false
		}
	} else if r.Interval != "" {
		return "", 0, false
	}
	if freq == "" && (r.ByDay != "" || r.Weekday != "") {
		freq = "WEEKLY"
	}
	if freq == "DAILY" && interval%7 == 0 {
		freq, interval = "WEEKLY", interval/7
	}
	return freq, interval, slices.Contains([]string{"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}, freq) && interval <= 52
}

// days returns the days of the week, in order, and the weeks of the month of each.
// A weekly rule without days falls on the day of DTSTART. It is false if a day is
// not valid.
func (r Rule) days() (days []string, weeks map[string][]int, ok bool) {
	weeks = map[string][]int{}
	add := func(day string) {
		if !slices.Contains(days, day) {
			days = append(days, day)
		}
	}
	for _, part := range append(listOf(r.ByDay), listOf(r.Weekday)...) {
		if code, ok := freetext.Weekday(strings.ToLower(part)); ok {
			add(code)
			continue
		}
		if n, err := strconv.Atoi(part); err == nil && r.Weekday != "" && n >= 0 && n <= 7 {
			add(freetext.Week[(n+6)%7]) // Sunday is 7 in some files and 0 in others
			continue
		}
		m := icalDay.FindStringSubmatch(part)
		if m == nil {
			return nil, nil, false
		}
		day := icalDays[m[2]]
		add(day)
		if m[1] == "" {
			continue
		}
		n, _ := strconv.Atoi(m[1])
		if n < -1 {
			return nil, nil, false
		}
		if !slices.Contains(weeks[day], n) {
			weeks[day] = append(weeks[day], n)
		}
	}
	if freq, _, _ := r.every(); len(days) == 0 && freq == "WEEKLY" {
		if first, err := time.Parse(directory.DateLayout, freetext.FirstDate(r.Start)); err == nil {
			add(freetext.Week[(int(first.Weekday())+6)%7])
		}
	}
	return days, weeks, true
}

// maxDates is the most dates that a rule is expanded into: a course has no more
// than a year of them.
const maxDates = 366

// dates returns the dates of a rule with a start and an end, in order. It is false
// for a rule without them, and for one that RFC 5545 does not allow. A rule of
// more than 2,000 sessions counts as one without an end.
func (r Rule) dates() ([]string, bool) {
	const most = 2000
	begin, err := time.Parse(directory.DateLayout, r.begins())
	freq, interval, ok := r.every()
	if err != nil || !ok {
		return nil, false
	}
	o := rrule.ROption{Dtstart: begin, Interval: interval, Freq: map[string]rrule.Frequency{"DAILY": rrule.DAILY, "WEEKLY": rrule.WEEKLY, "MONTHLY": rrule.MONTHLY, "YEARLY": rrule.YEARLY}[freq]}
	if n := r.Count.Number(); n != nil && *n >= 1 && *n <= most && *n == float64(int(*n)) {
		o.Count = int(*n)
	} else if r.Count != "" {
		return nil, false
	}
	if last, err := time.Parse(directory.DateLayout, r.until()); err == nil {
		o.Until = last
	} else if o.Count == 0 {
		return nil, false
	}
	days, weeks, ok := r.days()
	if !ok {
		return nil, false
	}
	for _, day := range days {
		w := rruleDays[day]
		if len(weeks[day]) == 0 {
			o.Byweekday = append(o.Byweekday, w)
		}
		for _, n := range weeks[day] {
			o.Byweekday = append(o.Byweekday, w.Nth(n))
		}
	}
	for _, part := range []struct {
		text        loose.Text
		least, most int
		to          *[]int
	}{{r.ByMonthDay, -31, 31, &o.Bymonthday}, {r.ByMonth, 1, 12, &o.Bymonth}, {r.ByWeekNo, -53, 53, &o.Byweekno}, {r.ByYearDay, -366, 366, &o.Byyearday}} {
		if *part.to, ok = numbers(part.text, part.least, part.most); !ok {
			return nil, false
		}
	}
	rule, err := rrule.NewRRule(o)
	if err != nil {
		return nil, false
	}
	var out []string
	next := rule.Iterator()
	for t, ok := next(); ok; t, ok = next() {
		if out = append(out, t.Format(directory.DateLayout)); len(out) > most {
			return nil, false
		}
	}
	return out, true
}

var rruleDays = map[string]rrule.Weekday{"mon": rrule.MO, "tue": rrule.TU, "wed": rrule.WE, "thu": rrule.TH, "fri": rrule.FR, "sat": rrule.SA, "sun": rrule.SU}

// numbers reads a list of numbers from least to most, except 0. It is false if an
// item is not such a number.
func numbers(t loose.Text, least, most int) ([]int, bool) {
	var out []int
	for _, part := range listOf(t) {
		n, err := strconv.Atoi(part)
		if err != nil || n == 0 || n < least || n > most {
			return nil, false
		}
		out = append(out, n)
	}
	return out, true
}

// seasonOf returns the months of all of these rules. It is false if the rules
// differ, or if one has no months or some that are not valid.
func seasonOf(rules []Rule) ([]int, bool) {
	var season []int
	for i, r := range rules {
		months, ok := numbers(r.ByMonth, 1, 12)
		slices.Sort(months)
		if months = slices.Compact(months); !ok || len(months) == 0 || i > 0 && !slices.Equal(months, season) {
			return nil, false
		}
		season = months
	}
	return season, len(season) > 0
}

// pausesBetween returns the yearly pauses that leave out all other months.
func pausesBetween(season []int) []directory.Pause {
	var out []directory.Pause
	for i, month := range season {
		next := season[(i+1)%len(season)]
		if next == month%12+1 {
			continue
		}
		const leap = 2024
		from := time.Date(leap, time.Month(month)+1, 1, 0, 0, 0, 0, time.UTC)
		until := time.Date(leap, time.Month(next), 0, 0, 0, 0, 0, time.UTC)
		out = append(out, directory.Pause{From: from.Format("01-02"), Until: until.Format("01-02"), Reason: "season"})
	}
	return out
}
