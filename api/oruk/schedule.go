package oruk

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"gather/directory"
)

// dayNames are the days of a schedule, Monday first, with their iCalendar and
// English names.
var dayNames = []struct{ code, ical, name string }{
	{"mon", "MO", "Monday"}, {"tue", "TU", "Tuesday"}, {"wed", "WE", "Wednesday"}, {"thu", "TH", "Thursday"},
	{"fri", "FR", "Friday"}, {"sat", "SA", "Saturday"}, {"sun", "SU", "Sunday"},
}

// Schedules returns the rows of when a takes place. A rule with pauses or
// excepted dates from today on becomes one row for each date range between them,
// because the standard cannot express exceptions.
func (m *Mapping) Schedules(a *directory.Activity) []Schedule {
	s := a.Schedule
	if s == nil {
		return nil
	}
	var out []Schedule
	add := func(row Schedule) {
		row.ID = derived(a.ID, "schedule", strconv.Itoa(len(out)))
		row.ServiceID, row.AttendingType, row.Notes = a.ID, strings.Join(a.Delivery, ", "), notes(s)
		out = append(out, row)
	}
	gaps := gapsFrom(s, m.Now)
	for i := range s.Repeats {
		r := &s.Repeats[i]
		row := rule(r)
		for _, span := range dateRanges(r.From, r.Until, m.Now.In(directory.London()).Format(directory.DateLayout), gaps) {
			row.ValidFrom, row.ValidTo = span[0], span[1]
			add(row)
		}
	}
	for _, d := range s.Dates {
		if slices.Contains(s.Except, d.Date) {
			continue
		}
		add(Schedule{
			ValidFrom: d.Date, ValidTo: d.Date, DTStart: d.Date, Count: 1,
			OpensAt: d.Start, ClosesAt: d.End, Description: longDate(d.Date) + ", " + times(d.Start, d.End),
		})
	}
	if len(out) == 0 && s.Note != "" {
		add(Schedule{Description: s.Note})
		out[0].Notes = ""
	}
	return out
}

// rule maps a regular time, without its first and last date.
func rule(r *directory.Repeat) Schedule {
	row := Schedule{Freq: "WEEKLY", DTStart: r.From, Interval: max(1, r.Interval), OpensAt: r.Start, ClosesAt: r.End}
	var days, names []string
	nths := []int{0}
	if r.Every == "month" {
		row.Freq, nths = "MONTHLY", r.Nth
	}
	for _, n := range nths {
		for _, d := range dayNames {
			if !slices.Contains(r.Days, d.code) {
				continue
			}
			if n == 0 {
				days, names = append(days, d.ical), append(names, d.name)
				continue
			}
			days, names = append(days, strconv.Itoa(n)+d.ical), append(names, ordinal(n)+" "+d.name)
		}
	}
	row.ByDay = strings.Join(days, ",")
	row.Description = every(r) + list(names) + ", " + times(r.Start, r.End)
	return row
}

func every(r *directory.Repeat) string {
	unit := "week"
	if r.Every == "month" {
		unit = "month"
	}
	switch {
	case r.Interval > 1:
		return fmt.Sprintf("Every %d %ss on ", r.Interval, unit)
	case unit == "month":
		return "Every month on the "
	}
	return "Every "
}

func ordinal(n int) string {
	switch n {
	case -1:
		return "last"
	case 1:
		return "first"
	case 2:
		return "second"
	case 3:
		return "third"
	case 4:
		return "fourth"
	case 5:
		return "fifth"
	}
	return strconv.Itoa(n) + "th"
}

func list(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

func times(start, end string) string {
	if end == "" {
		return "from " + start
	}
	return start + " to " + end
}

// notes is what the rows cannot express, as text.
func notes(s *directory.Schedule) string {
	var texts []string
	if s.TermTime {
		texts = append(texts, "In school terms only.")
	}
	for _, p := range s.Pauses {
		if len(p.From) == len("01-02") {
			texts = append(texts, fmt.Sprintf("Every year there is a pause from %s to %s.", dayMonth(p.From), dayMonth(p.Until)))
		}
	}
	if s.Note != "" {
		texts = append(texts, s.Note)
	}
	return strings.Join(texts, " ")
}

func dayMonth(date string) string {
	t, err := time.Parse("01-02", date)
	if err != nil {
		return date
	}
	return t.Format("2 January")
}

func longDate(date string) string {
	t, err := time.Parse(directory.DateLayout, date)
	if err != nil {
		return date
	}
	return t.Format("Monday 2 January 2006")
}

// gap is a range of dates, both included, in which nothing takes place.
type gap struct{ from, until string }

// yearsAhead is for how many years after this one yearly pauses interrupt the
// rows. The notes name them for all years.
const yearsAhead = 1

// gapsFrom are the gaps of s that have not ended at now, merged and in order.
func gapsFrom(s *directory.Schedule, now time.Time) []gap {
	now = now.In(directory.London())
	today := now.Format(directory.DateLayout)
	var gaps []gap
	for _, e := range s.Except {
		gaps = append(gaps, gap{e, e})
	}
	for _, p := range s.Pauses {
		if len(p.From) != len("01-02") {
			gaps = append(gaps, gap{p.From, p.Until})
			continue
		}
		for year := now.Year() - 1; year <= now.Year()+yearsAhead; year++ {
			end := year
			if p.From > p.Until { // over the new year
				end++
			}
			gaps = append(gaps, gap{fmt.Sprintf("%04d-%s", year, p.From), lastDay(end, p.Until)})
		}
	}
	gaps = slices.DeleteFunc(gaps, func(g gap) bool { return g.until < today })
	slices.SortFunc(gaps, func(a, b gap) int { return strings.Compare(a.from+a.until, b.from+b.until) })
	var merged []gap
	for _, g := range gaps {
		if n := len(merged); n > 0 && g.from <= nextDay(merged[n-1].until, 1) {
			merged[n-1].until = max(merged[n-1].until, g.until)
			continue
		}
		merged = append(merged, g)
	}
	return merged
}

// lastDay is a yearly date in a year; 29 February is the 28th except in leap years.
func lastDay(year int, monthDay string) string {
	date := fmt.Sprintf("%04d-%s", year, monthDay)
	if _, err := time.Parse(directory.DateLayout, date); err != nil {
		return fmt.Sprintf("%04d-02-28", year)
	}
	return date
}

// nextDay is date moved by days.
func nextDay(date string, days int) string {
	t, err := time.Parse(directory.DateLayout, date)
	if err != nil {
		return date
	}
	return t.AddDate(0, 0, days).Format(directory.DateLayout)
}

// dateRanges splits the dates from..until at gaps; an empty date is an open end.
// It leaves out what is before a gap that contains today.
func dateRanges(from, until, today string, gaps []gap) [][2]string {
	var out [][2]string
	for i, g := range gaps {
		if from != "" && g.until < from {
			continue
		}
		if until != "" && g.from > until {
			break
		}
		before := nextDay(g.from, -1)
		past := i == 0 && g.from <= today // all before this gap is past
		if !past && (from == "" || from <= before) {
			out = append(out, [2]string{from, before})
		}
		from = nextDay(g.until, 1)
	}
	if until == "" || from <= until {
		out = append(out, [2]string{from, until})
	}
	return out
}

// alertAhead is how far ahead an alert looks: four weeks, about as far as people
// plan.
const alertAhead = 28 * 24 * time.Hour

// standing returns the status and the alert of a at m.Now.
func (m *Mapping) standing(a *directory.Activity) (status, alert string) {
	s := a.Schedule
	if s == nil || len(s.Repeats)+len(s.Dates) == 0 {
		return "active", ""
	}
	var said []string
	if len(a.SessionChanges) > 0 {
		for _, x := range a.Sessions(m.Now, m.Now.Add(alertAhead), 0) {
			if text := changed(x); text != "" {
				said = append(said, text)
			}
		}
	}
	next, ok := a.NextSession(m.Now)
	if !ok {
		return "inactive", strings.Join(said, " ")
	}
	if g, paused := pauseAt(s, m.Now); paused && next.Start.In(directory.London()).Format(directory.DateLayout) > g.until {
		said = append([]string{fmt.Sprintf("Paused until %s; next on %s.", longDate(g.until), next.Start.Format("Monday 2 January 2006 at 15:04"))}, said...)
		return "temporarily closed", strings.Join(said, " ")
	}
	return "active", strings.Join(said, " ")
}

// changed describes how a session was changed; it is empty if it was not.
func changed(x directory.Session) string {
	key, err := time.Parse("2006-01-02T15:04", x.Key)
	if err != nil {
		return ""
	}
	const day = "Monday 2 January at 15:04"
	text := ""
	switch x.Status {
	case directory.SessionCancelled:
		text = "Cancelled: " + key.Format(day)
	case directory.SessionMoved:
		text = "Moved: " + key.Format(day) + " is now on " + x.Start.Format(day)
	case directory.SessionFull:
		text = "Full: " + key.Format(day)
	default:
		return ""
	}
	if x.Note != "" {
		text += " (" + x.Note + ")"
	}
	return text + "."
}

// pauseAt returns the pause of s that is on at now.
func pauseAt(s *directory.Schedule, now time.Time) (gap, bool) {
	today := now.In(directory.London()).Format(directory.DateLayout)
	pauses := directory.Schedule{Pauses: s.Pauses}
	for _, g := range gapsFrom(&pauses, now) {
		if g.from <= today && today <= g.until {
			return g, true
		}
	}
	return gap{}, false
}
