package draft

import (
	"strings"

	"gather/directory"
	"gather/directory/bulk/freetext"
)

// TakeTimes reads opening times from free text into d's schedule.
func (d *Draft) TakeTimes(text string) {
	text = freetext.Stated(text)
	if text == "" {
		return
	}
	s := d.Schedule()
	o := freetext.ReadOpenings(text)
	s.Repeats = append(s.Repeats, o.Repeats...)
	s.TermTime = s.TermTime || o.TermTime
	kept := freetext.Line(text)
	switch {
	case !o.Sure:
		d.Warn("schedule", text, "could not be read as days and times for sure; it is kept as a note")
	case o.Late:
		d.Warn("schedule", text, "goes on past midnight; it was read as %s, and its end is kept in words", said(o.Repeats))
	case o.Guessed:
		d.Warn("schedule", text, "does not say morning or afternoon; it was read as %s", said(o.Repeats))
	case strings.Contains(strings.ToLower(kept), "holiday"):
	default:
		kept = ""
	}
	s.Note = freetext.Sentences(s.Note, kept)
	if kept != "" && s.Note == kept+"." {
		s.Note = kept
	}
}

// said formats repeats briefly, for reports.
func said(rs []directory.Repeat) string {
	parts := make([]string, len(rs))
	for i, r := range rs {
		parts[i] = strings.Join(r.Days, " ") + " " + r.Start
		if r.End != "" {
			parts[i] += "-" + r.End
		}
	}
	return strings.Join(parts, ", ")
}

// Schedule returns the draft's schedule, creating it if necessary.
func (d *Draft) Schedule() *directory.Schedule {
	if d.Details.Schedule == nil {
		d.Details.Schedule = &directory.Schedule{}
	}
	return d.Details.Schedule
}
