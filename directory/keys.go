package directory

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"
)

// NewKey says what key to make.
type NewKey struct {
	Label string `json:"label" example:"Sale surgery"`
	Role  Role   `json:"role" enums:"publisher,link-worker,builder,admin"`
	// Group is needed for a publisher, and only there.
	Group string `json:"group,omitempty"`
	// Area is for a builder: the districts or outcodes that they look after.
	Area *Area `json:"area,omitempty"`
	// Everywhere is for a builder without an area, who looks after the whole
	// country.
	Everywhere bool `json:"everywhere,omitempty"`
	// Expires is when it stops working; absent is never.
	Expires *time.Time `json:"expires,omitempty" format:"date-time"`
}

// CreatedKey is a new key with its secret, which is shown only once.
type CreatedKey struct {
	Key    Key    `json:"key"`
	Secret string `json:"secret" example:"gather_0123…"`
}

func (d *Directory) keyWrite(k Key, rev int64, by Principal, action string) (Write, error) {
	k.Rev, k.Change = 0, 0
	return d.write(KindKey, k.ID, rev, by, action, k, false,
		Lookup{Name: "hash", Value: k.Hash, Unique: true}, Lookup{Name: "holder", Value: string(k.Role) + "/" + k.Group})
}

// Authenticate returns the holder of a secret. It fails with ErrUnauthorised for
// one that is unknown, expired or revoked.
func (d *Directory) Authenticate(ctx context.Context, secret string) (Principal, error) {
	if !wellFormedSecret(secret) {
		return Principal{}, &Denied{ErrUnauthorised, "What was sent is not a key of this directory: keys begin with gather_ and are 50 characters long."}
	}
	rs, err := d.store.Find(ctx, KindKey, "hash", hashSecret(secret), "", 1)
	if err != nil {
		return Principal{}, fmt.Errorf("look a key up: %w", err)
	}
	if len(rs) == 0 {
		return Principal{}, &Denied{ErrUnauthorised, "This key is not known to this directory."}
	}
	var k Key
	if err := json.Unmarshal(rs[0].Doc, &k); err != nil {
		return Principal{}, fmt.Errorf("read key %s: %w", rs[0].ID, err)
	}
	switch {
	case k.Revoked != nil:
		return Principal{}, &Denied{ErrUnauthorised, "This key was revoked on " + k.Revoked.Format(time.DateOnly) + "."}
	case k.Expires != nil && !d.Now().Before(*k.Expires):
		return Principal{}, &Denied{ErrUnauthorised, "This key expired on " + k.Expires.Format(time.DateOnly) + "."}
	}
	p := Principal{Key: k.ID, Role: k.Role, Group: k.Group}
	if k.Area != nil {
		p.Area = *k.Area
	}
	return p, nil
}

// CreateKey makes a key. Admins make any; builders make publishers for groups
// of their area.
func (d *Directory) CreateKey(ctx context.Context, by Principal, n NewKey) (CreatedKey, error) {
	if err := d.mayMakeKey(ctx, by, n); err != nil {
		return CreatedKey{}, err
	}
	c := d.check()
	if c.newKey(&n, d.Now()); c.Err() != nil {
		return CreatedKey{}, c.Err()
	}
	if n.Role == RolePublisher {
		if _, err := d.group(ctx, n.Group); errors.Is(err, ErrNotFound) {
			c.Add("group", "register it first", "there is no such group")
			return CreatedKey{}, c.Err()
		} else if err != nil {
			return CreatedKey{}, err
		}
	}
	secret := newSecret()
	k := Key{
		ID: d.NewID(), Label: n.Label, Role: n.Role, Group: n.Group, Area: n.Area,
		Hash: hashSecret(secret), Created: d.now(), Expires: n.Expires,
	}
	w, err := d.keyWrite(k, 0, by, "create")
	if err != nil {
		return CreatedKey{}, err
	}
	rs, err := d.store.Commit(ctx, []Write{w})
	if err != nil {
		return CreatedKey{}, fmt.Errorf("create key: %w", err)
	}
	k.Rev, k.Change, k.Hash = rs[0].Rev, rs[0].Change, ""
	return CreatedKey{Key: k, Secret: secret}, nil
}

func (d *Directory) mayMakeKey(ctx context.Context, by Principal, n NewKey) error {
	if by.Role == RoleAdmin {
		return nil
	}
	if by.Role == RoleBuilder && n.Role == RolePublisher {
		g, err := d.group(ctx, n.Group)
		if err == nil && by.Area.Holds(g.where()) {
			return nil
		}
		if err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
	}
	needs := needsAdmin
	if n.Role == RolePublisher {
		needs = needsBuilder
	}
	return fmt.Errorf("manage keys: %w", by.forbidden(needs))
}

func (c *check) newKey(n *NewKey, now time.Time) {
	c.line("label", &n.Label, maxLine)
	if n.Label == "" {
		c.Add("label", "say whose key it is, by role or organisation", "is missing")
	}
	switch n.Role {
	case RolePublisher, RoleLinkWorker, RoleBuilder, RoleAdmin:
	default:
		c.Add("role", `say "publisher", "link-worker", "builder" or "admin"`, "%q is not a role", string(n.Role))
	}
	switch {
	case n.Role == RolePublisher && n.Group == "":
		c.Add("group", "give the id of the group that the publisher publishes for", "is missing")
	case n.Role != RolePublisher && n.Group != "":
		c.Add("group", "leave it out: only a publisher has a group", "does not go with role %q", string(n.Role))
	}
	c.keyArea(n)
	if n.Expires != nil && !n.Expires.After(now) {
		c.Add("expires", "give a time in the future, or leave it out", "is in the past")
	}
}

// keyArea requires of a builder, and allows for nobody else, either an area or
// everywhere: nobody should get the whole country by leaving a field out.
func (c *check) keyArea(n *NewKey) {
	if n.Area != nil && n.Area.everywhere() {
		n.Area = nil
	}
	switch {
	case n.Role != RoleBuilder && n.Area != nil:
		c.Add("area", "leave it out: only a builder has an area", "does not go with role %q", string(n.Role))
	case n.Role != RoleBuilder && n.Everywhere:
		c.Add("everywhere", "leave it out: only a builder has an area", "does not go with role %q", string(n.Role))
	case n.Role == RoleBuilder && n.Area == nil && !n.Everywhere:
		c.Add("area", "give the districts or outcodes that the builder looks after, or say that everywhere is true", "is missing")
	case n.Area != nil && n.Everywhere:
		c.Add("everywhere", "leave either it or the area out", "cannot go with an area")
	}
	if n.Area != nil {
		c.districts("area.districts", n.Area.Districts)
		c.atMost("area.outcodes", len(n.Area.Outcodes), maxOutcodes)
		for i, code := range n.Area.Outcodes {
			loc, err := c.places.Outcode(code)
			if no, ok := err.(*NoPlace); ok {
				c.Add(nth("area.outcodes", i), no.Fix, "%s", no.Detail)
				continue
			}
			n.Area.Outcodes[i] = loc.Outcode
		}
	}
}

// RevokeKey revokes a key. Admins may revoke any; builders publishers' keys of
// groups in their area; anyone their own. Revoking a key again changes nothing.
func (d *Directory) RevokeKey(ctx context.Context, by Principal, id string) (Key, error) {
	var k Key
	r, err := d.get(ctx, KindKey, id, &k)
	if err != nil {
		return Key{}, d.hideKey(by, err)
	}
	if by.Key != id {
		if err := d.mayMakeKey(ctx, by, NewKey{Role: k.Role, Group: k.Group}); err != nil {
			return Key{}, err
		}
	}
	if k.Rev, k.Change = r.Rev, r.Change; k.Revoked != nil {
		k.Hash = ""
		return k, nil
	}
	now := d.now()
	k.Revoked = &now
	w, err := d.keyWrite(k, r.Rev, by, "revoke")
	if err != nil {
		return Key{}, err
	}
	rs, err := d.store.Commit(ctx, []Write{w})
	if err != nil {
		return Key{}, fmt.Errorf("revoke key: %w", err)
	}
	k.Rev, k.Change, k.Hash = rs[0].Rev, rs[0].Change, ""
	return k, nil
}

// hideKey hides from those who may not manage keys which ones exist.
func (d *Directory) hideKey(by Principal, err error) error {
	if errors.Is(err, ErrNotFound) && by.Role != RoleAdmin && by.Role != RoleBuilder {
		return fmt.Errorf("revoke a key: %w", by.forbidden(needsBuilder))
	}
	return err
}

// Keys returns up to limit keys of a role (and group, for publishers), in
// order of id, with ids greater than after. Only admins may, and builders for
// the groups of their area.
func (d *Directory) Keys(ctx context.Context, by Principal, role Role, group, after string, limit int) ([]Key, error) {
	if !slices.Contains([]Role{RolePublisher, RoleLinkWorker, RoleBuilder, RoleAdmin}, role) {
		c := d.check()
		c.Add("role", `say "publisher", "link-worker", "builder" or "admin"`, "%q is not a role", string(role))
		return nil, c.Err()
	}
	if err := d.mayMakeKey(ctx, by, NewKey{Role: role, Group: group}); err != nil {
		return nil, err
	}
	rs, err := d.store.Find(ctx, KindKey, "holder", string(role)+"/"+group, after, limit)
	if err != nil {
		return nil, fmt.Errorf("list keys: %w", err)
	}
	keys := make([]Key, 0, len(rs))
	for _, r := range rs {
		var k Key
		if err := json.Unmarshal(r.Doc, &k); err != nil {
			return nil, fmt.Errorf("read key %s: %w", r.ID, err)
		}
		k.Rev, k.Change, k.Hash = r.Rev, r.Change, ""
		keys = append(keys, k)
	}
	return keys, nil
}
