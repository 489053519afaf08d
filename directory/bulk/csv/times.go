package csv

import (
	"strings"

	"gather/directory"
	"gather/directory/bulk/draft"
	"gather/directory/bulk/freetext"
)

// takeTimes takes the days, times and dates of a row. A row that is all over is
// refused.
func takeTimes(d *draft.Draft, row row) {
	day, start, end := row.get("day"), freetext.PlainClock(row.get("start")), freetext.PlainClock(row.get("end"))
	times := start
	switch {
	case end != "" && start != "":
		times += " - " + end
	case end != "":
		times = "until " + end
	}
	if times == "" {
		times = freetext.PlainClock(row.get("time"))
	}
	date := row.get("date")
	switch {
	case date != "" && day == "":
		takeDate(d, date, times)
	case day != "" || times != "":
		d.TakeTimes(strings.TrimSpace(day + " " + times))
	}
	d.TakeTimes(row.get("opening"))
	takeRange(d, row)
}

// takeDate takes one dated session. What is no date with a time stays words.
func takeDate(d *draft.Draft, date, times string) {
	on := freetext.FirstDate(date)
	at, ok := freetext.ReadTimes(times)
	if on == "" || !ok {
		d.TakeTimes(strings.TrimSpace(date + " " + times))
		return
	}
	if on < d.File.Today().Format(directory.DateLayout) {
		d.Fault("schedule.dates", date, "leave it out of the file, or give its coming dates", "is past")
		return
	}
	s := d.Schedule()
	s.Dates = append(s.Dates, directory.SessionDate{Date: on, Start: at.Start, End: at.End})
	if at.Late {
		s.Note = freetext.Sentences(s.Note, freetext.Line(times))
		d.Warn("schedule", times, "goes on past midnight; its end is kept in words")
	}
}

// takeRange takes the first and the last date of the regular times of a row.
func takeRange(d *draft.Draft, row row) {
	from, until := row.get("from_date"), row.get("until_date")
	first, last := freetext.FirstDate(from), freetext.FirstDate(until)
	if last != "" && last < d.File.Today().Format(directory.DateLayout) {
		d.Fault("schedule", until, "leave it out of the file, or give its coming dates", "is all over: this was its last date")
		return
	}
	if last != "" && first > last {
		d.Warn("schedule", from+" to "+until, "ends before it begins; both dates were left out")
		return
	}
	for _, x := range []struct{ text, date, word string }{{from, first, "From"}, {until, last, "Until"}} {
		if x.text == "" || x.date != "" && d.Details.Schedule != nil && len(d.Details.Schedule.Repeats) > 0 {
			continue
		}
		if x.date == "" {
			d.Warn("schedule", x.text, "is not a date; it is kept as a note")
		}
		s := d.Schedule()
		s.Note = freetext.Sentences(s.Note, x.word+" "+freetext.Line(x.text))
	}
	if s := d.Details.Schedule; s != nil {
		for i := range s.Repeats {
			s.Repeats[i].From, s.Repeats[i].Until = first, last
		}
	}
}
