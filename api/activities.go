package api

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"gather/api/feeds"
	"gather/directory"
)

// NewActivity is the body of POST /v1/activities: a listing and its group.
type NewActivity struct {
	// Group is the id of the group that runs the activity. A publisher may
	// leave it out: their own group is the default.
	Group string `json:"group,omitempty" format:"uuid"`
	directory.Details
}

// publish adds an activity.
//
//	@Summary		Publish an activity
//	@Description	Adds an activity to a group. It can be found at once if the group is trusted; else it stays pending until a community builder trusts the group.
//	@Description	Give the change number of the response to a search as after_change, and that search includes this write.
//	@ID				publishActivity
//	@Tags			Publish
//	@Accept			json
//	@Produce		json
//	@Security		Bearer
//	@Param			Idempotency-Key	header		string		false	"16 to 100 visible ASCII characters, random. Repeating the request with the same key and body returns what the first one created, without creating another."
//	@Param			activity		body		NewActivity	true	"The listing. Fields that are left out are not stated, which is never taken for no."
//	@Success		201				{object}	directory.Activity
//	@Header			201				{string}	ETag		"Version, to be sent as If-Match with the next change"
//	@Header			201				{integer}	Change		"Change number of this write"
//	@Header			201				{string}	Location	"Address of the activity"
//	@Failure		400,401,403,406,408,409,413,415,422,429,500,503	{object}	Problem
//	@Router			/v1/activities [post]
func (s *server) publish(c *call) error {
	once, err := c.idempotency()
	if err != nil {
		return err
	}
	var n NewActivity
	if err := s.decodeListing(c, &n, &n.Details); err != nil {
		return err
	}
	n.Group, _ = plainID(n.Group)
	a, err := s.Directory.Publish(c.Request().Context(), c.by, n.Group, n.Details, once)
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderLocation, "/v1/activities/"+a.ID)
	return s.written(c, http.StatusCreated, a.ID, a.Change, a)
}

// written sends the record as it is after a write, with its ETag and its change
// number.
func (s *server) written(c *call, status int, id string, change int64, v any) error {
	h := c.Response().Header()
	h.Set("Etag", tag(id, change, false))
	h.Set("Change", strconv.FormatInt(change, 10))
	h.Set(echo.HeaderCacheControl, "no-store")
	return s.answer(c, status, v)
}

// shown sends one record that was read.
func (s *server) shown(c *call, id string, change int64, v any) error {
	h := c.Response().Header()
	h.Set("Etag", tag(id, change, !c.keyed || c.fromIndex))
	h.Set("Change", strconv.FormatInt(change, 10))
	c.seen()
	return s.answer(c, http.StatusOK, v)
}

// activity reads one activity.
//
//	@Summary		Read an activity
//	@Description	Anyone may read what is published. Contacts that are not public, and listings that are pending, are shown to the group and its builders only.
//	@Description	Without a key the response lacks what is not public, and has an ETag of its own, which PUT does not accept.
//	@Description	While the store cannot be reached, an activity that searches find is read from the index, as of Age seconds ago and without what is not public; any other is 503, because only the store knows whether it is new, hidden or withdrawn.
//	@ID				readActivity
//	@Tags			Find
//	@Description	As a calendar, Atom, GeoJSON, CSV or JSON-LD it holds only what is public, with or without a key. Ask for them by Accept, or by a file ending after the id: .ics, .atom, .geojson, .csv, .jsonld.
//	@Produce		json,text/calendar,application/atom+xml,application/geo+json,text/csv,application/ld+json
//	@Param			id				path		string	true	"Id of the activity; a file ending may follow"	format(uuid)
//	@Param			If-None-Match	header		string	false	"ETag of the copy that you have: 304 if it is current"
//	@Success		200				{object}	directory.Activity
//	@Header			200				{string}	ETag	"Version; that of the JSON is to be sent as If-Match with a change"
//	@Header			200				{integer}	Change	"Change number of its newest write"
//	@Header			200				{integer}	Age	"Seconds since the index last had all changes, where the store cannot be reached and the index is read in its place; else absent"
//	@Header			200				{string}	Cache-Status	"gather-index where the index was read in place of the store (RFC 9211); else absent"
//	@Success		304				"Your copy is current"
//	@Failure		400,401,404,406,410,429,500,503	{object}	Problem
//	@Router			/v1/activities/{id} [get]
func (s *server) activity(c *call) error {
	if c.format != feeds.JSON {
		return s.activityFile(c)
	}
	a, err := s.readActivity(c, c.by)
	if err != nil {
		return err
	}
	return s.shown(c, a.ID, a.Change, a)
}

// toChange reads the activity of a request that changes it. It fails unless the
// caller may change it and If-Match names its version; whole is as in ifMatch.
func (s *server) toChange(c *call, whole bool) (directory.Activity, error) {
	if err := c.needIfMatch(); err != nil {
		return directory.Activity{}, err
	}
	a, err := s.Directory.ForRevision(c.Request().Context(), c.by, c.Param("id"))
	if err != nil {
		return directory.Activity{}, err
	}
	return a, c.ifMatch(a.ID, a.Change, whole)
}

// changeActivity writes a change of a, whose version If-Match named, and sends the
// result.
func (s *server) changeActivity(c *call, a directory.Activity, whole bool, write func(directory.Activity) (directory.Activity, error)) error {
	a, err := overtaking(a, func() (directory.Activity, error) { return s.toChange(c, whole) }, write)
	if err != nil {
		return err
	}
	return s.written(c, http.StatusOK, a.ID, a.Change, a)
}

// revise replaces an activity.
//
//	@Summary		Replace a listing
//	@Description	Replaces the whole of what the group wrote; what is left out is no longer stated. It counts as the group's word that the listing is true now.
//	@ID				replaceActivity
//	@Tags			Publish
//	@Accept			json
//	@Produce		json
//	@Security		Bearer
//	@Param			id			path		string				true	"Id of the activity"	format(uuid)
//	@Param			If-Match	header		string				true	"ETag of the version that you read with your key, or * for any version"
//	@Param			details		body		directory.Details	true	"The listing, without the fields that only the directory sets"
//	@Success		200			{object}	directory.Activity
//	@Header			200			{string}	ETag	"The new version"
//	@Header			200			{integer}	Change	"Change number of this write"
//	@Failure		400,401,403,404,406,408,409,410,412,413,415,422,428,429,500,503	{object}	Problem
//	@Router			/v1/activities/{id} [put]
func (s *server) revise(c *call) error {
	a, err := s.toChange(c, true)
	if err != nil {
		return err
	}
	var d directory.Details
	if err := s.decodeListing(c, &d, &d); err != nil {
		return err
	}
	return s.changeActivity(c, a, true, func(a directory.Activity) (directory.Activity, error) {
		return s.Directory.Revise(c.Request().Context(), c.by, a.ID, a.Rev, d)
	})
}

// patch changes parts of an activity.
//
//	@Summary		Change parts of a listing
//	@Description	JSON merge patch (RFC 7396): fields that are sent replace those that are there, null removes one, objects are merged, lists replaced whole. It counts as the group's word that the listing is true now.
//	@ID				patchActivity
//	@Tags			Publish
//	@Accept			application/merge-patch+json
//	@Produce		json
//	@Security		Bearer
//	@Param			id			path		string	true	"Id of the activity"	format(uuid)
//	@Param			If-Match	header		string	true	"ETag of the version that you read, or * for any version"
//	@Param			patch		body		object	true	"The fields to change"
//	@Success		200			{object}	directory.Activity
//	@Header			200			{string}	ETag	"The new version"
//	@Header			200			{integer}	Change	"Change number of this write"
//	@Failure		400,401,403,404,406,408,409,410,412,413,415,422,428,429,500,503	{object}	Problem
//	@Router			/v1/activities/{id} [patch]
func (s *server) patch(c *call) error {
	a, err := s.toChange(c, false)
	if err != nil {
		return err
	}
	body, err := c.readBody(patchType)
	if err != nil {
		return err
	}
	return s.changeActivity(c, a, false, func(a directory.Activity) (directory.Activity, error) {
		d, err := s.merge(a.Details, body)
		if err != nil {
			return a, err
		}
		return s.Directory.Revise(c.Request().Context(), c.by, a.ID, a.Rev, d)
	})
}

// withdraw takes an activity down.
//
//	@Summary		Withdraw a listing
//	@Description	Takes the listing down: searches no longer find it, and reading it answers 410. Its history stays.
//	@ID				withdrawActivity
//	@Tags			Publish
//	@Produce		json
//	@Security		Bearer
//	@Param			id			path		string	true	"Id of the activity"	format(uuid)
//	@Param			If-Match	header		string	true	"ETag of the version that you read, or * for any version"
//	@Success		200			{object}	directory.Activity	"The withdrawn listing"
//	@Header			200			{string}	ETag	"The last version"
//	@Header			200			{integer}	Change	"Change number of this write"
//	@Failure		400,401,403,404,406,409,410,412,428,429,500,503	{object}	Problem
//	@Router			/v1/activities/{id} [delete]
func (s *server) withdraw(c *call) error {
	a, err := s.toChange(c, false)
	if err != nil {
		return err
	}
	return s.changeActivity(c, a, false, func(a directory.Activity) (directory.Activity, error) {
		return s.Directory.Withdraw(c.Request().Context(), c.by, a.ID, a.Rev)
	})
}

// NewCheck says how a listing was confirmed.
type NewCheck struct {
	// How is visit, phone or email; for a group's own listing it is owner, and
	// nothing else.
	How string `json:"how" enums:"visit,phone,email,owner" example:"phone"`
}

// check confirms an activity.
//
//	@Summary		Confirm a listing
//	@Description	Records that somebody confirmed the listing, and how. A group says owner for its own listings; its builders and link workers say how they confirmed it. If-Match names the version that was confirmed.
//	@ID				checkActivity
//	@Tags			Keep true
//	@Accept			json
//	@Produce		json
//	@Security		Bearer
//	@Param			id			path		string		true	"Id of the activity"	format(uuid)
//	@Param			If-Match	header		string		true	"ETag of the version that you read, or * for any version"
//	@Param			check		body		NewCheck	true	"How it was confirmed"
//	@Success		201			{object}	directory.Activity
//	@Header			201			{string}	ETag	"The new version"
//	@Header			201			{integer}	Change	"Change number of this write"
//	@Failure		400,401,403,404,406,408,409,410,412,413,415,422,428,429,500,503	{object}	Problem
//	@Router			/v1/activities/{id}/checks [post]
func (s *server) check(c *call) error {
	read := func() (directory.Activity, error) {
		if err := c.needIfMatch(); err != nil {
			return directory.Activity{}, err
		}
		a, err := s.Directory.Activity(c.Request().Context(), c.by, c.Param("id"))
		if err != nil {
			return a, err
		}
		return a, c.ifMatch(a.ID, a.Change, false)
	}
	a, err := read()
	if err != nil {
		return err
	}
	var n NewCheck
	if err := c.decode(&n); err != nil {
		return err
	}
	a, err = overtaking(a, read, func(a directory.Activity) (directory.Activity, error) {
		return s.Directory.Check(c.Request().Context(), c.by, a.ID, a.Rev, n.How)
	})
	if err != nil {
		return err
	}
	return s.written(c, http.StatusCreated, a.ID, a.Change, a)
}

// History is a page of the revisions of an activity.
type History struct {
	// Items are revisions, newest first.
	Items []directory.Revision `json:"items"`
	// Next is the before of the page after this one; absent on the last.
	Next int64 `json:"next,omitempty"`
}

// history lists the revisions of an activity.
//
//	@Summary		Read a listing's history
//	@Description	Every revision of the activity, newest first, to those who may write it: earlier ones can hold contacts that are no longer public.
//	@ID				readHistory
//	@Tags			Keep true
//	@Produce		json
//	@Security		Bearer
//	@Param			id		path		string	true	"Id of the activity"	format(uuid)
//	@Param			before	query		integer	false	"Only revisions before this one: next of the previous page"	minimum(1)
//	@Param			limit	query		integer	false	"Revisions per page"	minimum(1)	maximum(100)	default(20)
//	@Success		200		{object}	History
//	@Success		304		"Your copy is current"
//	@Failure		400,401,403,404,406,429,500,503	{object}	Problem
//	@Router			/v1/activities/{id}/history [get]
func (s *server) history(c *call) error {
	before, limit := c.params.number("before", 0, 1, 1<<53), c.params.limit()
	if err := c.params.err(); err != nil {
		return err
	}
	items, err := s.Directory.History(c.Request().Context(), c.by, c.Param("id"), before, limit)
	if err != nil {
		return err
	}
	h := History{Items: items}
	if len(items) == limit && items[limit-1].Rev > 1 {
		h.Next = items[limit-1].Rev
	}
	c.seen()
	return s.answer(c, http.StatusOK, h)
}
