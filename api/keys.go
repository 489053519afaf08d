package api

import (
	"net/http"

	"gather/directory"
)

// createKey makes a key.
//
//	@Summary		Make a key
//	@Description	Admins make any key; builders make publishers' keys for groups of their area. The secret is shown this once. There is no Idempotency-Key here: if the answer was lost, make another key and revoke the first.
//	@ID				createKey
//	@Tags			Keys
//	@Accept			json
//	@Produce		json
//	@Security		Bearer
//	@Param			key	body		directory.NewKey	true	"Whose key, and what it may do"
//	@Success		201	{object}	directory.CreatedKey
//	@Header			201	{string}	ETag	"Version of the key"
//	@Header			201	{integer}	Change	"Change number of this write"
//	@Failure		400,401,403,406,408,413,415,422,429,500,503	{object}	Problem
//	@Router			/v1/keys [post]
func (s *server) createKey(c *call) error {
	var n directory.NewKey
	if err := c.decode(&n); err != nil {
		return err
	}
	n.Group, _ = plainID(n.Group)
	k, err := s.Directory.CreateKey(c.Request().Context(), c.by, n)
	if err != nil {
		return err
	}
	return s.written(c, http.StatusCreated, k.Key.ID, k.Key.Change, k)
}

// KeyList is a page of keys.
type KeyList struct {
	// Items are keys in the order of their ids, without their secrets.
	Items []directory.Key `json:"items"`
	// Next is the after of the page after this one; absent on the last.
	Next string `json:"next,omitempty"`
}

// listKeys lists keys.
//
//	@Summary		List keys
//	@Description	The keys of a role. Admins see any; builders the publishers' keys of groups in their area.
//	@ID				listKeys
//	@Tags			Keys
//	@Produce		json
//	@Security		Bearer
//	@Param			role	query		string	true	"Which keys"	Enums(publisher, link-worker, builder, admin)
//	@Param			group	query		string	false	"Of which group; with role publisher, and only then"	format(uuid)
//	@Param			after	query		string	false	"next of the previous page"	format(uuid)
//	@Param			limit	query		integer	false	"Keys per page"	minimum(1)	maximum(100)	default(20)
//	@Success		200		{object}	KeyList
//	@Success		304		"Your copy is current"
//	@Failure		400,401,403,406,429,500,503	{object}	Problem
//	@Router			/v1/keys [get]
func (s *server) listKeys(c *call) error {
	p := c.params
	role := directory.Role(p.text("role"))
	group, _ := plainID(p.text("group"))
	switch publisher := role == directory.RolePublisher; {
	case publisher && group == "":
		p.faults.Add("group", "give the id of the group whose keys are meant", "is missing")
	case !publisher && p.values.Has("group"):
		p.faults.Add("group", "leave it out: only publishers' keys are of a group", "does not go with role %q", string(role))
	}
	after, limit := p.after(), p.limit()
	if err := p.err(); err != nil {
		return err
	}
	items, err := s.Directory.Keys(c.Request().Context(), c.by, role, group, after, limit)
	if err != nil {
		return badParams(err)
	}
	page := KeyList{Items: items}
	if len(items) == limit {
		page.Next = items[limit-1].ID
	}
	c.seen()
	return s.answer(c, http.StatusOK, page)
}

// OwnKey describes the key of a request.
type OwnKey struct {
	ID   string         `json:"id" format:"uuid"`
	Role directory.Role `json:"role" enums:"publisher,link-worker,builder,admin"`
	// Group is the group that a publisher publishes for.
	Group string `json:"group,omitempty" format:"uuid"`
	// Area is where a builder acts; absent is everywhere.
	Area *directory.Area `json:"area,omitempty"`
}

// ownKey reads the caller's own key.
//
//	@Summary		Read what your key is
//	@Description	The id, role, group and area of the key that the request is made with.
//	@ID				readOwnKey
//	@Tags			Keys
//	@Produce		json
//	@Security		Bearer
//	@Success		200	{object}	OwnKey
//	@Success		304	"Your copy is current"
//	@Failure		400,401,406,429,500,503	{object}	Problem
//	@Router			/v1/keys/self [get]
func (s *server) ownKey(c *call) error {
	k := OwnKey{ID: c.by.Key, Role: c.by.Role, Group: c.by.Group}
	if area := c.by.Area; len(area.Districts)+len(area.Outcodes) > 0 {
		k.Area = &area
	}
	c.seen()
	return s.answer(c, http.StatusOK, k)
}

// revokeKey stops a key.
//
//	@Summary		Revoke a key
//	@Description	Stops a key permanently, within seconds. Admins may; builders may stop publishers' keys of groups in their area; anyone may stop their own. No If-Match is needed: stopping a key that leaked must not wait for anything. Doing it again changes nothing.
//	@ID				revokeKey
//	@Tags			Keys
//	@Produce		json
//	@Security		Bearer
//	@Param			id	path		string	true	"Id of the key"	format(uuid)
//	@Success		200	{object}	directory.Key
//	@Header			200	{string}	ETag	"Version of the key"
//	@Header			200	{integer}	Change	"Change number of this write"
//	@Failure		400,401,403,404,406,409,429,500,503	{object}	Problem
//	@Router			/v1/keys/{id} [delete]
func (s *server) revokeKey(c *call) error {
	k, err := s.Directory.RevokeKey(c.Request().Context(), c.by, c.Param("id"))
	s.keys.forget()
	if err != nil {
		return err
	}
	return s.written(c, http.StatusOK, k.ID, k.Change, k)
}
