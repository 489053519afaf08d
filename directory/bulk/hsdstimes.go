package bulk

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"gather/directory"
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

// today is the date on the wall in London.
func (f *file) today() time.Time {
	y, mo, d := f.now.In(directory.London()).Date()
	return time.Date(y, mo, d, 0, 0, 0, 0, time.UTC)
}

// hsdsTimes takes the schedules of the service, or else those of its places.
func hsdsTimes(d *draft, s hsdsService) {
	rows := s.Schedules
	for _, at := range s.AtLocations {
		if len(rows) == 0 {
			rows = at.Schedules
		}
		if l := at.Location.value; l != nil && len(rows) == 0 {
			rows = l.Schedules
		}
	}
	if len(rows) == 0 {
		return
	}
	out := &directory.Schedule{}
	d.details.Schedule = out
	for _, r := range rows {
		note := join(r.Description.line(), r.Notes.line())
		until := r.Until
		if r.Last != "" && (until == "" || r.Last < until) {
			until = r.Last
		}
		if when, ok := readDate(string(until)); ok && when.Before(d.file.today()) {
			d.warn("schedule", inWords(r), "ended on %s; its times were left out and its words kept", when.Format(directory.DateLayout))
			out.Note = join(out.Note, note)
			continue
		}
		switch {
		case r.once():
			out.Dates = append(out.Dates, directory.SessionDate{Date: dateOf(r.Start, r.From), Start: clock(r.OpensAt), End: clock(r.ClosesAt)})
		case r.rule(out, until):
		case r.OpensAt == "" && r.ByDay == "" && note != "":
			d.opening(note)
			note = ""
		default:
			d.warn("schedule", inWords(r), "could not be read as days and times for sure; its words are kept")
			if note == "" {
				out.Note = join(out.Note, inWords(r))
			}
		}
		out.Note = join(out.Note, note)
	}
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

// dateOf is the first of these that is a date, as YYYY-MM-DD.
func dateOf(texts ...text) string {
	for _, t := range texts {
		if when, ok := readDate(string(t)); ok {
			return when.Format(directory.DateLayout)
		}
	}
	return ""
}

// clockForms are the ways in which files write a time of the day.
var clockForms = []string{"15:04", "15:04:05", "15:04Z07:00", "15:04:05Z07:00", "3:04pm", "3:04 pm", "3pm", "3 pm"}

// clock is a time of the day as HH:MM on the wall; a zone is left out, as these
// files write the wall clock and add the zone by habit.
func clock(t text) string {
	s := strings.ToLower(t.line())
	for _, form := range clockForms {
		if when, err := time.Parse(form, strings.ToUpper(s)); err == nil && !strings.Contains(form, "pm") {
			return when.Format("15:04")
		}
		if when, err := time.Parse(form, s); err == nil {
			return when.Format("15:04")
		}
	}
	return ""
}
