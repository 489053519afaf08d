package hsds

import (
	"gather/directory"
	"gather/directory/bulk/draft"
	"gather/directory/bulk/freetext"
)

// takeTimes takes the schedules of the service, or else those of its places.
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
	for _, r := range rows {
		note := freetext.Sentences(r.Description.Line(), r.Notes.Line())
		until := r.Until
		if r.Last != "" && (until == "" || r.Last < until) {
			until = r.Last
		}
		if when, ok := freetext.Date(string(until)); ok && when.Before(d.File.Today()) {
			d.Warn("schedule", r.InWords(), "ended on %s; its times were left out and its words kept", when.Format(directory.DateLayout))
			out.Note = freetext.Sentences(out.Note, note)
			continue
		}
		switch {
		case r.Once():
			out.Dates = append(out.Dates, directory.SessionDate{Date: freetext.FirstDate(r.Start, r.From), Start: freetext.Clock(r.OpensAt), End: freetext.Clock(r.ClosesAt)})
		case r.AddTo(out, until):
		case r.OpensAt == "" && r.ByDay == "" && note != "":
			d.TakeTimes(note)
			note = ""
		default:
			d.Warn("schedule", r.InWords(), "could not be read as days and times for sure; its words are kept")
			if note == "" {
				out.Note = freetext.Sentences(out.Note, r.InWords())
			}
		}
		out.Note = freetext.Sentences(out.Note, note)
	}
}
