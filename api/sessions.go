package api

import (
	"fmt"
	"io"
	"net/http"
	"time"

	"gather/api/feeds"
	"gather/api/ical"
	"gather/directory"
)

// Sessions are the sessions of one activity in a stretch of time.
type Sessions struct {
	Activity string    `json:"activity" format:"uuid"`
	From     time.Time `json:"from" format:"date-time"`
	To       time.Time `json:"to" format:"date-time"`
	// Items are the sessions that start in it, soonest first; cancelled ones
	// are among them, marked.
	Items []directory.Session `json:"items"`
	// Note is what the group says about its times beside the rules.
	Note string `json:"note,omitempty"`
}

const (
	// sessionsAhead is how far ahead sessions are listed by default: a season.
	sessionsAhead = 90 * 24 * time.Hour
	// maxSessionSpan is the longest time between from and to: two years, so that a
	// yearly event shows twice.
	maxSessionSpan = 2 * 366 * 24 * time.Hour
)

// sessions lists the sessions of an activity.
//
//	@Summary		List an activity's sessions
//	@Description	The dated sessions that start at or after from and before to, computed from the schedule, with those that are cancelled, moved or full. All times are in Europe/London.
//	@ID				listSessions
//	@Tags			Find
//	@Produce		json
//	@Param			id		path		string	true	"Id of the activity"	format(uuid)
//	@Param			from	query		string	false	"Date (2026-12-01) or time with offset; now if left out"	example(2026-12-01)
//	@Param			to		query		string	false	"Date or time with offset, not included; at most two years after from; 90 days after it if left out"	example(2027-01-01)
//	@Param			limit	query		integer	false	"Most sessions"	minimum(1)	maximum(100)	default(20)
//	@Success		200		{object}	Sessions
//	@Header			200		{integer}	Age	"Seconds since the index last had all changes, where the store cannot be reached and the index is read in its place; else absent"
//	@Header			200		{string}	Cache-Status	"gather-index where the index was read in place of the store (RFC 9211); else absent"
//	@Success		304		"Your copy is current"
//	@Failure		400,401,404,406,410,429,500,503	{object}	Problem
//	@Router			/v1/activities/{id}/sessions [get]
func (s *server) sessions(c *call) error {
	p := c.params
	from := p.moment("from", s.Now())
	to := p.moment("to", from.Add(sessionsAhead))
	switch {
	case !from.Before(to):
		p.faults.Add("to", "give a later time than from", "is not after from")
	case to.Sub(from) > maxSessionSpan:
		p.faults.Add("to", "ask for at most two years at once", "is too long after from")
	}
	limit := p.limit()
	if err := p.err(); err != nil {
		return err
	}
	a, err := s.readActivity(c, c.by)
	if err != nil {
		return err
	}
	out := Sessions{
		Activity: a.ID, From: from.In(directory.London()).Truncate(time.Second), To: to.In(directory.London()).Truncate(time.Second),
		Items: append([]directory.Session{}, a.Sessions(from, to, limit)...),
	}
	if a.Schedule != nil {
		out.Note = a.Schedule.Note
	}
	c.seen()
	return s.answer(c, http.StatusOK, out)
}

// OneSession is one session of an activity.
type OneSession struct {
	Activity string `json:"activity" format:"uuid"`
	Title    string `json:"title" example:"Tuesday Chair Yoga"`
	directory.Session
}

// session reads one session of an activity.
//
//	@Summary		Read one session
//	@Description	One dated session as it stands: on, cancelled, moved or full. Ask by Accept, or by a file ending after the session (.ics, .jsonld), for an entry in a calendar or a schema.org Event.
//	@ID				readSession
//	@Tags			Find
//	@Produce		json,text/calendar,application/ld+json
//	@Param			id				path		string	true	"Id of the activity"	format(uuid)
//	@Param			session			path		string	true	"The start that the schedule gives it; a file ending may follow"	example(2026-12-01T10:00)
//	@Param			If-None-Match	header		string	false	"ETag of the copy that you have: 304 if it is current"
//	@Success		200				{object}	OneSession
//	@Header			200				{string}	ETag	"Version; that of the JSON is the activity's, to be sent as If-Match with a change"
//	@Header			200				{integer}	Change	"Change number of the activity's newest write"
//	@Header			200				{integer}	Age	"Seconds since the index last had all changes, where the store cannot be reached and the index is read in its place; else absent"
//	@Header			200				{string}	Cache-Status	"gather-index where the index was read in place of the store (RFC 9211); else absent"
//	@Success		304				"Your copy is current"
//	@Failure		400,401,404,406,410,429,500,503	{object}	Problem
//	@Router			/v1/activities/{id}/sessions/{session} [get]
func (s *server) session(c *call) error {
	by := c.by
	if c.format != feeds.JSON {
		by = directory.Principal{}
	}
	a, session, err := s.sessionOf(c, by)
	if err != nil {
		return err
	}
	if c.format == feeds.JSON {
		return s.shown(c, a.ID, a.Change, OneSession{a.ID, a.Title, session})
	}
	return s.file(c, &a, a.ID+"."+session.Key, func(w io.Writer) error {
		if c.format == feeds.ICS {
			return ical.WriteSession(w, s.site, &a, session)
		}
		ld, err := s.site.SessionLD(&a, session)
		if err == nil {
			_, err = w.Write(ld)
		}
		return err
	})
}

// sessionOf reads the activity and the session that the path names.
func (s *server) sessionOf(c *call, by directory.Principal) (directory.Activity, directory.Session, error) {
	a, err := s.readActivity(c, by)
	if err != nil {
		return a, directory.Session{}, err
	}
	session, ok := a.Session(c.Param("session"))
	if !ok {
		err = fmt.Errorf("session %q of activity %s: %w", directory.Quote(c.Param("session")), a.ID, directory.ErrNotFound)
	}
	return a, session, err
}

// NewSessionChange says how a session differs from the schedule.
type NewSessionChange struct {
	// Status is cancelled, moved, full, or on (only the note differs).
	Status string `json:"status" enums:"cancelled,moved,full,on" example:"cancelled"`
	// To is when it takes place instead; with status moved, and only then.
	To *directory.SessionDate `json:"to,omitempty"`
	// Note says why, at most 300 characters.
	Note string `json:"note,omitempty" example:"The hall is being painted"`
}

// changeSession cancels, moves or marks a session.
//
//	@Summary		Change one session
//	@Description	Cancels or moves a session, marks it full, or adds a note to it. Doing it again replaces the change.
//	@ID				changeSession
//	@Tags			Publish
//	@Accept			json
//	@Produce		json
//	@Security		Bearer
//	@Param			id			path		string				true	"Id of the activity"	format(uuid)
//	@Param			session		path		string				true	"The start that the schedule gives it"	example(2026-12-01T10:00)
//	@Param			If-Match	header		string				true	"ETag of the activity that you read, or * for any version"
//	@Param			change		body		NewSessionChange	true	"How it differs"
//	@Success		200			{object}	directory.Activity
//	@Header			200			{string}	ETag	"The new version"
//	@Header			200			{integer}	Change	"Change number of this write"
//	@Failure		400,401,403,404,406,408,409,410,412,413,415,422,428,429,500,503	{object}	Problem
//	@Router			/v1/activities/{id}/sessions/{session} [put]
func (s *server) changeSession(c *call) error {
	a, err := s.toChange(c, false)
	if err != nil {
		return err
	}
	var n NewSessionChange
	if err := c.decode(&n); err != nil {
		return err
	}
	return s.setSession(c, a, directory.SessionChange{Session: c.Param("session"), Status: n.Status, To: n.To, Note: n.Note})
}

// restoreSession removes the change of a session.
//
//	@Summary		Undo the change of a session
//	@Description	The session takes place as in the schedule again.
//	@ID				restoreSession
//	@Tags			Publish
//	@Produce		json
//	@Security		Bearer
//	@Param			id			path		string	true	"Id of the activity"	format(uuid)
//	@Param			session		path		string	true	"The start that the schedule gives it"	example(2026-12-01T10:00)
//	@Param			If-Match	header		string	true	"ETag of the activity that you read, or * for any version"
//	@Success		200			{object}	directory.Activity
//	@Header			200			{string}	ETag	"The new version"
//	@Header			200			{integer}	Change	"Change number of this write"
//	@Failure		400,401,403,404,406,409,410,412,422,428,429,500,503	{object}	Problem
//	@Router			/v1/activities/{id}/sessions/{session} [delete]
func (s *server) restoreSession(c *call) error {
	a, err := s.toChange(c, false)
	if err != nil {
		return err
	}
	return s.setSession(c, a, directory.SessionChange{Session: c.Param("session"), Status: directory.SessionOn})
}

func (s *server) setSession(c *call, a directory.Activity, ch directory.SessionChange) error {
	return s.changeActivity(c, a, false, func(a directory.Activity) (directory.Activity, error) {
		return s.Directory.ChangeSession(c.Request().Context(), c.by, a.ID, a.Rev, ch)
	})
}
