package api

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"gather/api/feeds"
	"gather/directory"
)

// register adds a group.
//
//	@Summary		Register a group
//	@Description	Anyone may register a group; no key is needed. The answer holds the key to publish with, which is shown this once. Its activities stay pending until a community builder trusts the group.
//	@Description	An Idempotency-Key stands for that secret: make it random, and keep it. Repeating the request with it returns the same group with a new secret.
//	@ID				registerGroup
//	@Tags			Groups
//	@Accept			json
//	@Produce		json
//	@Param			Idempotency-Key	header		string					false	"16 to 100 visible ASCII characters, random"
//	@Param			group			body		directory.GroupDetails	true	"What the group says about itself"
//	@Success		201				{object}	directory.Registered
//	@Header			201				{string}	ETag		"Version of the group"
//	@Header			201				{integer}	Change		"Change number of this write"
//	@Header			201				{string}	Location	"Address of the group"
//	@Failure		400,401,406,408,409,413,415,422,429,500,503	{object}	Problem
//	@Router			/v1/groups [post]
func (s *server) register(c *call) error {
	once, err := c.idempotency()
	if err != nil {
		return err
	}
	var d directory.GroupDetails
	if err := c.decode(&d); err != nil {
		return err
	}
	r, err := s.Directory.Register(c.Request().Context(), c.by, d, once)
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderLocation, "/v1/groups/"+r.Group.ID)
	return s.written(c, http.StatusCreated, r.Group.ID, r.Group.Change, r)
}

// GroupList is a page of groups.
type GroupList struct {
	// Items are groups in the order of their ids.
	Items []directory.Group `json:"items"`
	// Next is the after of the page after this one; absent on the last.
	Next string `json:"next,omitempty"`
}

// groups lists the groups of a status.
//
//	@Summary		List groups by status
//	@Description	For community builders (the groups of their area) and admins: which groups wait to be trusted.
//	@ID				listGroups
//	@Tags			Groups
//	@Produce		json
//	@Security		Bearer
//	@Param			status	query		string	false	"Which groups"	Enums(pending, trusted, suspended)	default(pending)
//	@Param			after	query		string	false	"next of the previous page"	format(uuid)
//	@Param			limit	query		integer	false	"Groups per page"	minimum(1)	maximum(100)	default(20)
//	@Success		200		{object}	GroupList
//	@Success		304		"Your copy is current"
//	@Failure		400,401,403,406,429,500,503	{object}	Problem
//	@Router			/v1/groups [get]
func (s *server) groups(c *call) error {
	p := c.params
	status := directory.GroupPending
	if p.values.Has("status") {
		status = directory.GroupStatus(p.text("status"))
	}
	switch status {
	case directory.GroupPending, directory.GroupTrusted, directory.GroupSuspended:
	default:
		p.faults.Add("status", `say "pending", "trusted" or "suspended"`, "is %q", string(status))
	}
	after, limit := p.after(), p.limit()
	if err := p.err(); err != nil {
		return err
	}
	items, err := s.Directory.Groups(c.Request().Context(), c.by, status, after, limit)
	if err != nil {
		return err
	}
	page := GroupList{Items: items}
	if len(items) == limit {
		page.Next = items[limit-1].ID
	}
	c.seen()
	return s.answer(c, http.StatusOK, page)
}

// group reads one group.
//
//	@Summary		Read a group
//	@Description	Anyone may read a group that is trusted. Its postcode, contacts that are not public, and groups that are not trusted are shown to the group and its builders only.
//	@ID				readGroup
//	@Tags			Groups
//	@Produce		json
//	@Param			id				path		string	true	"Id of the group"	format(uuid)
//	@Param			If-None-Match	header		string	false	"ETag of the copy that you have: 304 if it is current"
//	@Success		200				{object}	directory.Group
//	@Header			200				{string}	ETag	"Version, to be sent as If-Match with a change"
//	@Header			200				{integer}	Change	"Change number of its newest write"
//	@Success		304				"Your copy is current"
//	@Failure		400,401,404,406,429,500,503	{object}	Problem
//	@Router			/v1/groups/{id} [get]
func (s *server) group(c *call) error {
	g, err := s.Directory.Group(c.Request().Context(), c.by, c.Param("id"))
	if err != nil {
		return err
	}
	return s.shown(c, g.ID, g.Change, g)
}

// groupToChange reads the group of a request that changes it, and fails unless
// If-Match names its version. Whether the caller may change it is checked on
// writing.
func (s *server) groupToChange(c *call, whole bool) (directory.Group, error) {
	if err := c.needIfMatch(); err != nil {
		return directory.Group{}, err
	}
	g, err := s.Directory.Group(c.Request().Context(), c.by, c.Param("id"))
	if err != nil {
		return directory.Group{}, err
	}
	return g, c.ifMatch(g.ID, g.Change, whole)
}

// changeGroup writes a change of g, whose version If-Match named, and sends the
// result.
func (s *server) changeGroup(c *call, g directory.Group, whole bool, write func(directory.Group) (directory.Group, error)) error {
	g, err := overtaking(g, func() (directory.Group, error) { return s.groupToChange(c, whole) }, write)
	if err != nil {
		return err
	}
	return s.written(c, http.StatusOK, g.ID, g.Change, g)
}

// reviseGroup replaces what a group says about itself.
//
//	@Summary		Replace what a group says about itself
//	@Description	Replaces the whole; what is left out is no longer stated. Its listings follow when its name changes.
//	@ID				replaceGroup
//	@Tags			Groups
//	@Accept			json
//	@Produce		json
//	@Security		Bearer
//	@Param			id			path		string					true	"Id of the group"	format(uuid)
//	@Param			If-Match	header		string					true	"ETag of the version that you read with your key, or * for any version"
//	@Param			group		body		directory.GroupDetails	true	"What the group says about itself"
//	@Success		200			{object}	directory.Group
//	@Header			200			{string}	ETag	"The new version"
//	@Header			200			{integer}	Change	"Change number of this write"
//	@Failure		400,401,403,404,406,408,409,412,413,415,422,428,429,500,503	{object}	Problem
//	@Router			/v1/groups/{id} [put]
func (s *server) reviseGroup(c *call) error {
	g, err := s.groupToChange(c, true)
	if err != nil {
		return err
	}
	var d directory.GroupDetails
	if err := c.decode(&d); err != nil {
		return err
	}
	return s.changeGroup(c, g, true, func(g directory.Group) (directory.Group, error) {
		return s.Directory.ReviseGroup(c.Request().Context(), c.by, g.ID, g.Rev, d)
	})
}

// NewStatus is the new status of a group.
type NewStatus struct {
	Status directory.GroupStatus `json:"status" enums:"pending,trusted,suspended" example:"trusted"`
}

// setStatus trusts or suspends a group.
//
//	@Summary		Trust or suspend a group
//	@Description	Community builders decide this in their area. Trusting a group publishes its activities; anything else hides them.
//	@ID				setGroupStatus
//	@Tags			Groups
//	@Accept			json
//	@Produce		json
//	@Security		Bearer
//	@Param			id			path		string		true	"Id of the group"	format(uuid)
//	@Param			If-Match	header		string		true	"ETag of the version that you read, or * for any version"
//	@Param			status		body		NewStatus	true	"The status it is to have"
//	@Success		200			{object}	directory.Group
//	@Header			200			{string}	ETag	"The new version"
//	@Header			200			{integer}	Change	"Change number of this write"
//	@Failure		400,401,403,404,406,408,409,412,413,415,422,428,429,500,503	{object}	Problem
//	@Router			/v1/groups/{id}/status [put]
func (s *server) setStatus(c *call) error {
	g, err := s.groupToChange(c, false)
	if err != nil {
		return err
	}
	var n NewStatus
	if err := c.decode(&n); err != nil {
		return err
	}
	return s.changeGroup(c, g, false, func(g directory.Group) (directory.Group, error) {
		return s.Directory.SetGroupStatus(c.Request().Context(), c.by, g.ID, g.Rev, n.Status)
	})
}

// ActivityList is a page of activities.
type ActivityList struct {
	// Items are activities in the order of their ids.
	Items []directory.Activity `json:"items"`
	// Next is the after of the page after this one; absent on the last.
	Next string `json:"next,omitempty"`
}

// groupActivities lists the activities of a group.
//
//	@Summary		List a group's activities
//	@Description	The published ones; to the group and its builders, the pending ones too. As a calendar, Atom, GeoJSON, CSV or JSON-LD, asked for by Accept, the published ones, all at once; these take no parameters.
//	@ID				listGroupActivities
//	@Tags			Groups
//	@Produce		json,text/calendar,application/atom+xml,application/geo+json,text/csv,application/ld+json
//	@Param			id		path		string	true	"Id of the group"	format(uuid)
//	@Param			after	query		string	false	"next of the previous page"	format(uuid)
//	@Param			limit	query		integer	false	"Activities per page"	minimum(1)	maximum(100)	default(20)
//	@Success		200		{object}	ActivityList
//	@Success		304		"Your copy is current"
//	@Failure		400,401,404,406,429,500,503	{object}	Problem
//	@Router			/v1/groups/{id}/activities [get]
func (s *server) groupActivities(c *call) error {
	if c.format != feeds.JSON {
		return s.groupFeed(c)
	}
	after, limit := c.params.after(), c.params.limit()
	if err := c.params.err(); err != nil {
		return err
	}
	items, err := s.Directory.Activities(c.Request().Context(), c.by, c.Param("id"), after, limit)
	if err != nil {
		return err
	}
	page := ActivityList{Items: items}
	if len(items) == limit {
		page.Next = items[limit-1].ID
	}
	c.seen()
	return s.answer(c, http.StatusOK, page)
}

// groupActivitiesFile lists the activities of a group in the format of the file
// ending.
//
//	@Summary		List a group's activities in one format
//	@Description	The same as /v1/groups/{id}/activities, in the format that the file ending names, for clients that cannot send an Accept header. A calendar can be subscribed to: webcal:// instead of https://.
//	@ID				listGroupActivitiesAs
//	@Tags			Groups
//	@Produce		json,text/calendar,application/atom+xml,application/geo+json,text/csv,application/ld+json
//	@Param			id		path		string	true	"Id of the group"	format(uuid)
//	@Param			format	path		string	true	"The format"	Enums(json, ics, atom, geojson, csv, jsonld)
//	@Param			after	query		string	false	"For json: next of the previous page"	format(uuid)
//	@Param			limit	query		integer	false	"For json: activities per page"	minimum(1)	maximum(100)	default(20)
//	@Success		200		{object}	ActivityList
//	@Success		304		"Your copy is current"
//	@Failure		400,401,404,406,429,500,503	{object}	Problem
//	@Router			/v1/groups/{id}/activities.{format} [get]
func (s *server) groupActivitiesFile(c *call) error { return s.groupActivities(c) }
