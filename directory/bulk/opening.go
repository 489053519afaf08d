package bulk

import (
	"gather/directory"
	"strings"
)

// opening puts opening times in free text into d's schedule.
func (d *draft) opening(text string) {
	text = stated(text)
	if text == "" {
		return
	}
	if d.details.Schedule == nil {
		d.details.Schedule = &directory.Schedule{}
	}
	s := d.details.Schedule
	o := readOpenings(text)
	s.Repeats = append(s.Repeats, o.repeats...)
	s.TermTime = s.TermTime || o.termTime
	kept := line(text)
	switch {
	case !o.sure:
		d.warn("schedule", text, "could not be read as days and times for sure; it is kept as a note")
	case o.guessed:
		d.warn("schedule", text, "does not say morning or afternoon; it was read as %s", said(o.repeats))
	case strings.Contains(strings.ToLower(kept), "holiday"):
	default:
		kept = ""
	}
	s.Note = join(s.Note, kept)
	if kept != "" && s.Note == kept+"." {
		s.Note = kept
	}
}

// said writes repeats the short way, for reports.
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
