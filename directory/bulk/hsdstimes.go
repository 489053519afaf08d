package bulk

import (
	"gather/directory"
)

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
