package openactive

import (
	"net/url"
	"strings"
	"time"

	"gather/directory"
)

// ahead is how far ahead of its last write the dated sessions of an activity are
// listed: 26 weeks, the time in which the trust in an unconfirmed listing halves
// (directory.TrustHalfLife). Confirming it lists the next 26 weeks.
const ahead = directory.TrustHalfLife

// maxListed is how many sessions of one activity are listed at most, about five a
// day; see span.
const maxListed = 1000

// midnight is the start of t's day in London.
func midnight(t time.Time) time.Time {
	t = t.In(directory.London())
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, directory.London())
}

// window is the period whose sessions an activity lists that was last written at
// the time at.
func window(at time.Time) (from, until time.Time) {
	return midnight(at), midnight(at).Add(ahead)
}

// listed are the sessions that an activity lists, in order. They depend only on
// the activity and on when it was written.
func listed(a *directory.Activity, at time.Time) []directory.Session {
	from, until := window(at)
	return a.Sessions(from, until, maxListed)
}

// Session maps a session of an activity to a ScheduledSession.
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

// sessionID is the @id of a session: the idTemplate of its schedule, with its
// scheduled start in UTC. A moved session keeps its id.
func (m *Mapping) sessionID(activity, key string) string {
	start, err := time.ParseInLocation("2006-01-02T15:04", key, directory.London())
	if err != nil {
		start = time.Time{}
	}
	stamp := strings.ReplaceAll(url.PathEscape(start.UTC().Format(time.RFC3339)), ":", "%3A")
	return m.base + SessionsPath + "/" + activity + "/" + stamp
}
