package calendar

import (
	"math"
	"time"

	"gather/directory"
)

const (
	// FarthestDays is how many days ahead a window may reach.
	FarthestDays = 366
	// HorizonDays is how many days ahead sessions are computed when a listing is
	// indexed. What it is more than FarthestDays is how long a listing may stay
	// indexed until its sessions are computed again.
	HorizonDays = 400
	// defaultWeeks is how long a window without an end is: a quarter of a year has
	// every monthly session three times.
	defaultWeeks = 13
	// openEnd is how many minutes a session without an end is taken to last, as in
	// directory.Activity.NextSession.
	openEnd = 2 * 60
)

// WallMinutes is the wall clock of London at t, in minutes since 1 January 1970 as
// if London had no summer time: every day has DayMinutes, so the date, the day of
// the week and the time of day are plain arithmetic.
func WallMinutes(t time.Time) int32 {
	t = t.In(directory.London())
	return int32(time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), 0, 0, time.UTC).Unix() / 60)
}

// WallTime is the time in UTC whose clock shows w, which are wall minutes.
func WallTime(w int32) time.Time { return time.Unix(int64(w)*60, 0).UTC() }

// londonTime is the time at which the clocks of London show w.
func londonTime(w int32) time.Time {
	t := WallTime(w)
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), 0, 0, directory.London())
}

// Weekday is the day of the week of the wall minute w, 0 for Monday. 1 January
// 1970 was a Thursday.
func Weekday(w int32) int { return int(w/DayMinutes+3) % 7 }

// Occurrence is one session that takes place.
type Occurrence struct {
	start  int32 // wall minutes
	length int32 // minutes, -1 for an open end
	change int32 // index into the listing's session changes, -1 for none
}

// Start is when it starts, in wall minutes.
func (o Occurrence) Start() int32 { return o.start }

// Changed reports whether it is one of the listing's session changes.
func (o Occurrence) Changed() bool { return o.change >= 0 }

// UpcomingByDirectory is Upcoming as package directory computes it, for any
// schedule. It is also what Upcoming is tested against.
func UpcomingByDirectory(a *directory.Activity, now time.Time) []Occurrence {
	change := map[string]int32{}
	for i, c := range a.SessionChanges {
		change[c.Session] = int32(i)
	}
	var out []Occurrence
	for _, s := range a.Sessions(now.AddDate(0, 0, -1), now.AddDate(0, 0, HorizonDays), 0) {
		if !s.Happens() {
			continue
		}
		o := Occurrence{start: WallMinutes(s.Start), length: -1, change: -1}
		if s.End != nil {
			o.length = int32(s.End.Sub(s.Start) / time.Minute)
		}
		if i, ok := change[s.Key]; ok {
			o.change = i
		}
		out = append(out, o)
	}
	return out
}

// Session is o with what changes, those of its listing, say of it.
func (o Occurrence) Session(changes []directory.SessionChange) directory.Session {
	s := directory.Session{Key: WallTime(o.Start()).Format("2006-01-02T15:04"), Start: londonTime(o.Start()), Status: directory.SessionOn}
	if o.length >= 0 {
		end := s.Start.Add(time.Duration(o.length) * time.Minute)
		s.End = &end
	}
	if o.change >= 0 && int(o.change) < len(changes) {
		c := changes[o.change]
		s.Key, s.Status, s.Note = c.Session, c.Status, c.Note
	}
	return s
}

// Window is when sessions are searched for: they start at or after From and before
// Until, both in wall minutes.
type Window struct{ From, Until int32 }

// NewWindow is the window between two dates, YYYY-MM-DD, both included. Without
// from it begins now, and never before; without to it is thirteen weeks long. The
// error is a *directory.Invalid when it reaches more than FarthestDays ahead.
func NewWindow(from, to string, now time.Time) (Window, error) {
	minute := WallMinutes(now)
	today := minute - minute%DayMinutes
	w := Window{From: minute}
	if d, ok := dateMinutes(from); ok && d > minute {
		w.From = d
	}
	w.Until = w.From - w.From%DayMinutes + (defaultWeeks*7+1)*DayMinutes
	if d, ok := dateMinutes(to); ok {
		w.Until = d + DayMinutes
	}
	if w.Until > today+(FarthestDays+1)*DayMinutes {
		field := "to"
		if to == "" {
			field = "from"
		}
		return Window{}, &directory.Invalid{Faults: []directory.Fault{{
			Field: field, Detail: "reaches further ahead than sessions are known", Fix: "ask for at most 366 days from today",
		}}}
	}
	return w, nil
}

// dateMinutes is the start of a date in wall minutes. Dates that these cannot hold
// become the nearest that they can.
func dateMinutes(date string) (int32, bool) {
	if date == "" {
		return 0, false
	}
	t, err := time.Parse(directory.DateLayout, date)
	return int32(min(max(t.Unix()/60, 0), math.MaxInt32/2)), err == nil
}
