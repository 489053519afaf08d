package calendar

import (
	"math"
	"time"

	"gather/directory"
)

const (
	// FarthestDays is how many days ahead a window may reach: a year, as far as
	// schedules are computed.
	FarthestDays = 366
	// HorizonDays is how far ahead sessions are computed when a listing is
	// indexed. The month beyond farthestDays is how long a listing may lie in
	// the index before its sessions are computed again.
	HorizonDays = 400
	// defaultWeeks is how far ahead a day or time of day is looked for when no
	// dates are given: a quarter of a year holds every monthly session thrice.
	defaultWeeks = 13
	// openEnd is how long a session without an end counts as going on, as for
	// directory.Activity.NextSession.
	openEnd = 2 * 60
)

// WallMinutes is the wall clock of London at t, in minutes since 1 January
// 1970 as if London had no summer time: days have 1,440 of them, so the date,
// the day of the week and the time of day are plain arithmetic.
func WallMinutes(t time.Time) int32 {
	t = t.In(directory.London())
	return int32(time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), 0, 0, time.UTC).Unix() / 60)
}

// WallTime is w as a time in UTC whose clock shows what London's shows.
func WallTime(w int32) time.Time { return time.Unix(int64(w)*60, 0).UTC() }

// moment is the time at which the clocks of London show w.
func moment(w int32) time.Time {
	t := WallTime(w)
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), 0, 0, directory.London())
}

// Weekday is the day of the week of w, 0 for Monday. 1 January 1970 was a
// Thursday.
func Weekday(w int32) int { return int(w/DayMinutes+3) % 7 }

// Occurrence is one session that takes place: its wall-clock start, its length
// in minutes (-1: open), and which of the listing's session changes it has
// (-1: none).
type Occurrence [3]int32

func (o Occurrence) Start() int32 { return o[0] }

func (o Occurrence) end() int32 {
	if o[1] < 0 {
		return o[0] + openEnd
	}
	return o[0] + o[1]
}

// UpcomingByDirectory computes the sessions of a that take place from a day before now
// to the horizon, in order.
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
		o := Occurrence{WallMinutes(s.Start), -1, -1}
		if s.End != nil {
			o[1] = int32(s.End.Sub(s.Start) / time.Minute)
		}
		if i, ok := change[s.Key]; ok {
			o[2] = i
		}
		out = append(out, o)
	}
	return out
}

// Session writes o out.
func (o Occurrence) Session(changes []directory.SessionChange) directory.Session {
	s := directory.Session{Key: WallTime(o.Start()).Format("2006-01-02T15:04"), Start: moment(o.Start()), Status: directory.SessionOn}
	if o[1] >= 0 {
		end := s.Start.Add(time.Duration(o[1]) * time.Minute)
		s.End = &end
	}
	if o[2] >= 0 && int(o[2]) < len(changes) {
		c := changes[o[2]]
		s.Key, s.Status, s.Note = c.Session, c.Status, c.Note
	}
	return s
}

// Window is when sessions are looked for: they start at or after from, and
// before until, both wall clock.
type Window struct{ From, Until int32 }

// NewWindow is the window of sessions between two dates, YYYY-MM-DD, both
// included and each empty for open: without an end, the next thirteen weeks;
// never what has begun already at now. The error is a *directory.Invalid when
// it reaches further than sessions are known.
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

// dateMinutes is the start of a date in wall minutes. Dates out of all reason
// are brought to the ends of what those can hold.
func dateMinutes(date string) (int32, bool) {
	t, err := time.Parse(directory.DateLayout, date)
	return int32(min(max(t.Unix()/60, 0), math.MaxInt32/2)), err == nil
}
