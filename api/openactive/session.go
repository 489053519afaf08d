package openactive

import (
	"net/url"
	"strings"
	"time"

	"gather/directory"
)

// ahead is how far ahead of its last writing the dated sessions of an activity
// are listed: 26 weeks, after which nobody has confirmed it for so long that
// its trust has halved (directory.TrustHalfLife). Confirming it lists the
// next 26 weeks.
const ahead = directory.TrustHalfLife

// maxListed is the most sessions of one activity that are listed, some five a
// day; see span.
const maxListed = 1000

// midnight is the beginning of t's day in London.
func midnight(t time.Time) time.Time {
	t = t.In(directory.London())
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, directory.London())
}

// window is the time whose sessions are listed of what was written at.
func window(at time.Time) (from, until time.Time) {
	return midnight(at), midnight(at).Add(ahead)
}

// listed are the sessions of a that are listed, in order, as written at. It
// depends on nothing else.
func listed(a *directory.Activity, at time.Time) []directory.Session {
	from, until := window(at)
	return a.Sessions(from, until, maxListed)
}

// Session answers the ScheduledSession that s of a is.
func (m *Mapping) Session(a *directory.Activity, s directory.Session) ScheduledSession {
	x := ScheduledSession{
		Context: context, Type: "ScheduledSession", ID: m.sessionID(a.ID, s.Key), Identifier: sessionItem(a.ID, s.Key),
		SuperEvent: m.seriesID(a.ID), URL: m.url(a), StartDate: s.Start.Format(time.RFC3339),
		EventStatus: "https://schema.org/EventScheduled",
	}
	if s.End != nil {
		x.EndDate, x.Duration = s.End.Format(time.RFC3339), duration(0, s.End.Sub(s.Start))
	}
	if a.FirstVisit != nil {
		x.MaximumAttendeeCapacity = a.FirstVisit.GroupMax
	}
	switch s.Status {
	case directory.SessionCancelled:
		x.EventStatus = "https://schema.org/EventCancelled"
	case directory.SessionMoved:
		x.EventStatus = "https://schema.org/EventRescheduled"
	case directory.SessionFull:
		x.RemainingAttendeeCapacity = new(int)
	}
	return x
}

// sessionItem is the id of a session in the feed.
func sessionItem(activity, key string) string { return activity + "/" + key }

// sessionID is the @id of a session: the idTemplate of its schedule, filled
// with the start that the schedule gives it, in UTC. A moved session keeps it.
func (m *Mapping) sessionID(activity, key string) string {
	start, err := time.ParseInLocation("2006-01-02T15:04", key, directory.London())
	if err != nil {
		start = time.Time{}
	}
	stamp := strings.ReplaceAll(url.PathEscape(start.UTC().Format(time.RFC3339)), ":", "%3A")
	return m.base + SessionsPath + "/" + activity + "/" + stamp
}
