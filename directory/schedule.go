package directory

import (
	"sync"
	"time"
	_ "time/tzdata" // Europe/London on machines without zone files
)

// Schedule says when an activity takes place, on the clocks of Europe/London.
// A session at 10:00 is at 10:00 on the wall both in winter and in summer.
type Schedule struct {
	// Repeats are the regular times, at most 20.
	Repeats []Repeat `json:"repeats,omitempty"`
	// Dates are single dates, in addition to the regular times, at most 366.
	Dates []SessionDate `json:"dates,omitempty"`
	// Except are dates left out, YYYY-MM-DD, at most 366.
	Except []string `json:"except,omitempty" example:"2026-12-29"`
	// Pauses are date ranges left out, at most 40.
	Pauses []Pause `json:"pauses,omitempty"`
	// TermTime is true where it runs in school terms only; the Pauses say
	// which weeks those leave out.
	TermTime bool `json:"term_time,omitempty"`
	// Note holds times that do not fit a rule, at most 500 characters.
	Note string `json:"note,omitempty"`
}

// Repeat is one regular time.
type Repeat struct {
	// Every is week or month.
	Every string `json:"every" enums:"week,month" example:"week"`
	// Interval is 2 for every second week or month, and so on to 52; absent is 1.
	Interval int `json:"interval,omitempty"`
	// Days are days of the week: mon, tue, wed, thu, fri, sat, sun.
	Days []string `json:"days" example:"tue"`
	// Nth picks days of a month: 1 is the first such day, 5 the fifth, -1 the
	// last. Needed with every month, and only there.
	Nth []int `json:"nth,omitempty"`
	// Start and End are wall-clock times, HH:MM; End may be absent where it
	// is open, and is later than Start.
	Start string `json:"start" example:"10:00"`
	End   string `json:"end,omitempty" example:"11:30"`
	// From and Until are the first and last date it can fall on, YYYY-MM-DD.
	// From is needed where Interval is over 1: it says which weeks.
	From  string `json:"from,omitempty" example:"2026-01-06"`
	Until string `json:"until,omitempty"`
}

// SessionDate is one dated session.
type SessionDate struct {
	Date  string `json:"date" example:"2026-12-22"`
	Start string `json:"start" example:"14:00"`
	End   string `json:"end,omitempty" example:"16:00"`
}

// Pause is a range of dates, both ends included, on which nothing happens.
type Pause struct {
	// From and Until are both YYYY-MM-DD, or both MM-DD for every year; a
	// yearly pause may run over the new year.
	From  string `json:"from" example:"2026-07-20"`
	Until string `json:"until" example:"2026-09-01"`
	// Reason is term-break, season or other.
	Reason string `json:"reason,omitempty"`
}

// SessionChange is a session that differs from the schedule.
type SessionChange struct {
	// Session names it by the wall-clock start the schedule gives it,
	// YYYY-MM-DDTHH:MM.
	Session string `json:"session" example:"2026-12-01T10:00"`
	// Status is cancelled, moved, full, or on (only the note differs).
	Status string `json:"status" enums:"cancelled,moved,full,on"`
	// To is when it takes place instead; only with status moved.
	To *SessionDate `json:"to,omitempty"`
	// Note says why, at most 300 characters.
	Note string `json:"note,omitempty"`
}

// The statuses a Session can have.
const (
	SessionOn        = "on"
	SessionCancelled = "cancelled"
	SessionMoved     = "moved"
	SessionFull      = "full"
)

// Session is one dated occurrence of an activity.
type Session struct {
	// Key names the session: the wall-clock start its schedule gives it,
	// YYYY-MM-DDTHH:MM. A moved session keeps its key.
	Key string `json:"session" example:"2026-12-01T10:00"`
	// Start and End are in Europe/London and carry its offset; End is absent
	// where it is open.
	Start time.Time  `json:"start" format:"date-time"`
	End   *time.Time `json:"end,omitempty" format:"date-time"`
	// Status is on, cancelled, moved or full.
	Status string `json:"status" enums:"on,cancelled,moved,full"`
	Note   string `json:"note,omitempty"`
}

// Happens reports whether the session takes place: it is not cancelled.
func (s Session) Happens() bool { return s.Status != SessionCancelled }

// London is the time zone of all wall-clock times in a directory.
var London = sync.OnceValue(func() *time.Location {
	zone, err := time.LoadLocation("Europe/London")
	if err != nil {
		panic("directory: no Europe/London in the embedded zones: " + err.Error())
	}
	return zone
})

// The layouts of wall-clock texts.
const (
	DateLayout       = "2006-01-02"
	clockLayout      = "15:04"
	sessionKeyLayout = "2006-01-02T15:04"
	yearlyLayout     = "01-02"
)

// wall returns the wall-clock time of t in London, as if it were UTC. The dates
// of a schedule are computed in it, because there every day has 24 hours.
func wall(t time.Time) time.Time {
	t = t.In(London())
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
}

// onWall returns the moment at which the clocks of London show w. For a time
// that the autumn change shows twice it is the first, as in RFC 5545, section
// 3.3.5; for one that the spring change skips (01:30) it is an hour later.
func onWall(w time.Time) time.Time {
	t := time.Date(w.Year(), w.Month(), w.Day(), w.Hour(), w.Minute(), w.Second(), w.Nanosecond(), London())
	if first := t.Add(-time.Hour); wall(first).Equal(w) {
		return first
	}
	if wall(t).Equal(w) {
		return t
	}
	if shown := wall(t); shown.Before(w) {
		return t.Add(time.Hour)
	}
	return t
}
