package openactive

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"gather/directory"
)

const zone = "Europe/London"

// dayNames are the days of a schedule, Monday first, with their names in
// schema.org and in iCalendar.
var dayNames = []struct{ code, schema, ical string }{
	{"mon", "Monday", "MO"}, {"tue", "Tuesday", "TU"}, {"wed", "Wednesday", "WE"}, {"thu", "Thursday", "TH"},
	{"fri", "Friday", "FR"}, {"sat", "Saturday", "SA"}, {"sun", "Sunday", "SU"},
}

// schedules are the regular times of a, and each single date as its own schedule.
// Dates in pauses are listed as exceptions for as long as sessions are listed.
func (m *Mapping) schedules(a *directory.Activity, at time.Time) []Schedule {
	var out []Schedule
	add := func(s Schedule, start, end string) {
		s.Type, s.ScheduledEventType, s.ScheduleTimezone = "Schedule", "ScheduledSession", zone
		s.StartTime, s.EndTime, s.Duration = start, end, duration(clock(start), clock(end))
		s.IDTemplate = m.base + SessionsPath + "/" + a.ID + "/{startDate}"
		if end == "" { // OpenActive accepts this only as a PartialSchedule
			s.Type, s.Duration, s.ScheduledEventType, s.IDTemplate = "PartialSchedule", "", "", ""
		}
		out = append(out, s)
	}
	for i := range a.Schedule.Repeats {
		r := &a.Schedule.Repeats[i]
		s := Schedule{StartDate: r.From, EndDate: r.Until, RepeatFrequency: fmt.Sprintf("P%dW", max(1, r.Interval)), ExceptDate: exceptions(a.Schedule, r, at)}
		if r.Every == "month" {
			s.RepeatFrequency = fmt.Sprintf("P%dM", max(1, r.Interval))
		}
		s.ByDay = days(r)
		add(s, r.Start, r.End)
	}
	for _, d := range a.Schedule.Dates {
		if !slices.Contains(a.Schedule.Except, d.Date) {
			add(Schedule{StartDate: d.Date, EndDate: d.Date, RepeatFrequency: "P1D", RepeatCount: 1}, d.Start, d.End)
		}
	}
	return out
}

// days are the days of r: names of schema.org if it is weekly, and days with
// their place in the month, as in iCalendar, if it is monthly.
func days(r *directory.Repeat) []string {
	var out []string
	for _, d := range dayNames {
		if !slices.Contains(r.Days, d.code) {
			continue
		}
		if r.Every != "month" {
			out = append(out, "https://schema.org/"+d.schema)
			continue
		}
		for _, n := range r.Nth {
			out = append(out, strconv.Itoa(n)+d.ical)
		}
	}
	return out
}

// exceptions are the starts that r has by itself and that s leaves out.
func exceptions(s *directory.Schedule, r *directory.Repeat, at time.Time) []string {
	if len(s.Except)+len(s.Pauses) == 0 {
		return nil
	}
	all := directory.Activity{Details: directory.Details{Schedule: &directory.Schedule{Repeats: []directory.Repeat{*r}}}}
	left := directory.Activity{Details: directory.Details{Schedule: &directory.Schedule{Repeats: []directory.Repeat{*r}, Except: s.Except, Pauses: s.Pauses}}}
	kept := map[string]bool{}
	from, until := window(at)
	for _, x := range left.Sessions(from, until, 0) {
		kept[x.Key] = true
	}
	var out []string
	for _, x := range all.Sessions(from, until, 0) {
		if !kept[x.Key] {
			out = append(out, x.Start.Format(time.RFC3339))
		}
	}
	return out
}

// clock parses HH:MM as the time since midnight.
func clock(text string) time.Duration {
	t, err := time.Parse("15:04", text)
	if err != nil {
		return 0
	}
	return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute
}

// duration is the time from start to end in ISO 8601, such as PT1H30M.
func duration(start, end time.Duration) string {
	d := end - start
	text := "PT"
	if h := int(d / time.Hour); h > 0 {
		text += strconv.Itoa(h) + "H"
	}
	if m := int(d % time.Hour / time.Minute); m > 0 {
		text += strconv.Itoa(m) + "M"
	}
	return text
}
