// Package icalendar reads regular times that files store as the parts of an
// iCalendar rule (RFC 5545, RRULE), as HSDS and OpenActive do.
package icalendar

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"gather/directory"
	"gather/directory/bulk/freetext"
	"gather/directory/bulk/loose"
)

// Rule is a regular time in the fields of HSDS's schedule table, as they are in
// the file.
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
	ByMonth     loose.Text `json:"bymonth"`
	ByWeekNo    loose.Text `json:"byweekno"`
	ByYearDay   loose.Text `json:"byyearday"`
	Description loose.Text `json:"description"`
	OpensAt     loose.Text `json:"opens_at"`
	ClosesAt    loose.Text `json:"closes_at"`
	Notes       loose.Text `json:"notes"`
	// Weekday is the day in versions of HSDS before 2: a name, or a number from
	// 1 for Monday.
	Weekday loose.Text `json:"weekday"`
	// Duration is the length of a session as an ISO 8601 duration, which
	// OpenActive has instead of an end.
	Duration loose.Text `json:"duration"`
}

// Reading is the result of reading a Rule.
type Reading struct {
	// Read is true if its times are in the schedule.
	Read bool
	// Ended is the date on which it ended, YYYY-MM-DD, or empty if it has not.
	Ended string
	// Remarks say what was uncertain or left out, each as a sentence without its
	// subject.
	Remarks []string
	// Note is text about its times for which a schedule has no field; may be
	// empty.
	Note string
}

// Read adds rules to s, and returns the result of each. Rules that have ended
// before today, YYYY-MM-DD, are left out, and so are those that a schedule cannot
// hold exactly.
func Read(s *directory.Schedule, rules []Rule, today string) []Reading {
	out := make([]Reading, len(rules))
	var held []Rule
	for i, r := range rules {
		if end := r.ends(); end != "" && end < today {
			out[i].Ended = end
			continue
		}
		held = append(held, r)
	}
	season, oneSeason := seasonOf(held)
	for i, r := range rules {
		if out[i].Ended == "" {
			out[i] = r.read(s, today, oneSeason)
		}
	}
	if oneSeason && len(s.Repeats) > 0 {
		s.Pauses = append(s.Pauses, pausesBetween(season)...)
	}
	return out
}

func (r Rule) read(s *directory.Schedule, today string, oneSeason bool) (out Reading) {
	t, ok := r.times(&out)
	switch {
	case !ok:
	case r.once():
		s.Dates, out.Read = append(s.Dates, directory.SessionDate{Date: r.begins(), Start: t.start, End: t.end}), true
	case r.ByMonth == "" || oneSeason:
		out.Read = r.addRepeat(s, t)
	}
	if ok && !out.Read {
		dates, bounded := r.dates()
		switch {
		case !bounded || len(dates) == 0 || len(dates) > maxDates:
		case dates[len(dates)-1] < today:
			return Reading{Ended: dates[len(dates)-1]}
		default:
			for _, date := range dates {
				s.Dates = append(s.Dates, directory.SessionDate{Date: date, Start: t.start, End: t.end})
			}
			out.Read = true
		}
	}
	if !out.Read {
		out.Note, out.Remarks = "", nil // the whole rule becomes a note instead
	}
	return out
}

// span is the start and the end of a session, HH:MM; the end may be empty.
type span struct{ start, end string }

// times reads the time of day. It is false if there is none, as in a rule for the
// whole day.
func (r Rule) times(out *Reading) (t span, ok bool) {
	start, zoned, ok := freetext.Minutes(r.OpensAt, r.begins())
	if !ok && r.OpensAt == "" {
		start, zoned, ok = freetext.Minutes(r.Start, r.begins()) // DTSTART with a time
	}
	if !ok || start == freetext.Midnight {
		return t, false
	}
	end, _, hasEnd := freetext.Minutes(r.ClosesAt, r.begins())
	if length := freetext.Duration(r.Duration); !hasEnd && r.ClosesAt == "" && length > 0 {
		if end, hasEnd = start+length, true; end > freetext.Midnight {
			end -= freetext.Midnight
		}
	}
	if start == 0 && (!hasEnd || end == 0 || end >= freetext.Midnight-1) {
		return t, false
	}
	t.start = freetext.HHMM(start)
	if shown := freetext.Clock(r.OpensAt); zoned && shown != t.start && r.OpensAt != "" {
		out.Remarks = append(out.Remarks, fmt.Sprintf("%s is %s on the clocks of London, as of %s", r.OpensAt.Line(), t.start, r.begins()))
	} else if zoned && r.begins() == "" {
		out.Remarks = append(out.Remarks, fmt.Sprintf("%s has a zone and no date; it was taken as %s in London", r.OpensAt.Line(), t.start))
	}
	switch {
	case !hasEnd && r.ClosesAt != "":
		out.Remarks = append(out.Remarks, fmt.Sprintf("the end, %s, is not a time; it was left out", directory.Quote(r.ClosesAt.Line())))
	case !hasEnd:
	case end > start && end < freetext.Midnight:
		t.end = freetext.HHMM(end)
	case freetext.PastMidnight(start, end):
		out.Note = freetext.UntilNext(end)
		out.Remarks = append(out.Remarks, "goes on past midnight; its end is kept in words")
	default:
		out.Remarks = append(out.Remarks, fmt.Sprintf("ends at %s, before it begins; the end was left out", r.ClosesAt.Line()))
	}
	return t, true
}

// begins is the date from which r counts, empty if it is not stated.
func (r Rule) begins() string { return freetext.FirstDate(r.Start, r.From) }

// until is the last date on which r can fall, empty if it has no end.
func (r Rule) until() string {
	a, b := freetext.FirstDate(r.Until), freetext.FirstDate(r.Last)
	if a == "" || b != "" && b < a {
		return b
	}
	return a
}

// ends is the date of the last session of r, as far as its dates say; it is empty
// if r has no end.
func (r Rule) ends() string {
	if r.Count == "1" {
		return cmp.Or(r.begins(), r.until())
	}
	last := r.until()
	if r.Count != "" {
		if dates, ok := r.dates(); ok && len(dates) > 0 {
			last = dates[len(dates)-1]
		}
	}
	return last
}

// once reports whether r is a single date: it starts and ends on the same day.
func (r Rule) once() bool {
	day := r.begins()
	return day != "" && (r.until() == day || r.Count == "1")
}

// addRepeat adds r to s as a repeat. It is false, and s unchanged, for a rule that
// a directory.Repeat cannot express.
func (r Rule) addRepeat(s *directory.Schedule, t span) bool {
	out := directory.Repeat{Start: t.start, End: t.end, Until: r.until()}
	if r.ByWeekNo != "" || r.ByYearDay != "" || r.ByMonthDay != "" {
		return false
	}
	if r.Count != "" {
		dates, ok := r.dates()
		if !ok || len(dates) == 0 {
			return false
		}
		out.Until = dates[len(dates)-1]
	}
	every, interval, ok := r.every()
	if !ok {
		return false
	}
	days, weeks, ok := r.days()
	if !ok {
		return false
	}
	switch every {
	case "WEEKLY":
		if len(weeks) > 0 || len(days) == 0 {
			return false
		}
		out.Every = "week"
	case "DAILY":
		if interval > 1 || len(weeks) > 0 {
			return false
		}
		if len(days) == 0 {
			days = slices.Clone(freetext.Week)
		}
		out.Every = "week"
	case "MONTHLY":
		if len(weeks) != len(days) || len(weeks) == 0 {
			return false
		}
		out.Every = "month"
	default:
		return false
	}
	if out.Days = days; interval > 1 {
		out.Interval = interval
	}
	out.From = r.validFrom(every, interval)
	if interval > 1 && out.From == "" {
		return false
	}
	s.Repeats = append(s.Repeats, byWeeks(out, weeks)...)
	return true
}

// byWeeks splits a monthly repeat into one for each set of weeks: the first Monday
// and the third Friday are two.
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

// validFrom is the date from which r holds. With an interval over one week, dtstart
// decides in which weeks r falls; if it is before valid_from, it is moved forward
// by whole intervals.
func (r Rule) validFrom(every string, interval int) string {
	start, from := r.begins(), freetext.FirstDate(r.From)
	if from <= start || from == "" {
		return start
	}
	switch {
	case interval <= 1:
		return from
	case every != "WEEKLY":
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

// AddTo adds r to s as a repeat that ends on until, or has no end if that is empty.
// It is false, and s unchanged, for a rule that a directory.Repeat cannot express.
func (r Rule) AddTo(s *directory.Schedule, until loose.Text) bool {
	r.Until, r.Last = until, ""
	t, ok := r.times(&Reading{})
	return ok && r.addRepeat(s, t)
}

// Words returns the description and the notes of r.
func (r Rule) Words() string {
	return freetext.Sentences(r.Description.Line(), strings.TrimSpace(r.Notes.Line()))
}
