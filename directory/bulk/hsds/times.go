package hsds

import (
	"gather/directory"
	"gather/directory/bulk/draft"
	"gather/directory/bulk/freetext"
	"gather/directory/bulk/icalendar"
)

// takeTimes maps the schedules of the service, or otherwise those of its
// locations. It adds a fault where all of them have ended.
func takeTimes(d *draft.Draft, s service) {
	rows := s.Schedules
	for _, at := range s.AtLocations {
		if len(rows) == 0 {
			rows = at.Schedules
		}
		if l := at.Location.Value; l != nil && len(rows) == 0 {
			rows = l.Schedules
		}
	}
	if len(rows) == 0 {
		return
	}
	out := &directory.Schedule{}
	d.Details.Schedule = out
	ended := ""
	over := 0
	for i, r := range icalendar.Read(out, rows, d.File.Today().Format(directory.DateLayout)) {
		row := rows[i]
		words, note := row.InWords(), row.Words()
		for _, remark := range r.Remarks {
			d.Warn("schedule", words, "%s", remark)
		}
		out.Note = freetext.Sentences(out.Note, r.Note)
		switch {
		case r.Ended != "":
			over++
			ended = max(ended, r.Ended)
			d.Warn("schedule", words, "ended on %s; its times were left out and its words kept", r.Ended)
		case r.Read:
		case row.OpensAt == "" && row.ByDay == "" && row.Weekday == "" && note != "":
			d.TakeTimes(note)
			continue
		case words != "":
			d.Warn("schedule", words, "could not be read as days and times for sure; its words are kept")
			out.Note = freetext.Sentences(out.Note, words)
		}
		out.Note = freetext.Sentences(out.Note, note)
	}
	if over == len(rows) {
		d.Fault("schedule", "", "leave it out of the file, or give its coming dates", "is all over: it ended on %s", ended)
	}
}
