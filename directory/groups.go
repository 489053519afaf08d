package directory

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
)

// Registered is a new group with the key to publish for it.
type Registered struct {
	Group Group `json:"group"`
	// Key is the secret of its publisher key. It is shown this once.
	Key string `json:"key" example:"gather_0123…"`
}

// idFor answers the id of what an idempotency key makes: the same for the same
// caller, kind and key, so that a repeated request finds what the first made.
// It is a UUID of version 8 (RFC 9562) over SHA-256.
func idFor(by Principal, kind Kind, idempotency string) string {
	sum := sha256.Sum256([]byte(by.Key + "\x00" + by.actor() + "\x00" + string(kind) + "\x00" + idempotency))
	var b [16]byte
	copy(b[:], sum[:])
	return formatUUID(b, 8)
}

// Register makes a group and a publisher key for it. Anyone may; the group is
// pending, unless by may trust it, until a builder trusts it.
//
// A repeat with the same idempotency key (which has to be hard to guess: it
// stands for the secret that the caller may not have received) and the same
// details answers the same group with a fresh secret, as long as nothing else
// happened to the group; later it is ErrConflict, and with other details
// ErrReused.
func (d *Directory) Register(ctx context.Context, by Principal, details GroupDetails, idempotency string) (Registered, error) {
	c := d.check()
	where := c.group(&details)
	if err := c.Err(); err != nil {
		return Registered{}, err
	}
	g := Group{ID: d.NewID(), Status: GroupPending, GroupDetails: details}
	if idempotency != "" {
		g.ID = idFor(by, KindGroup, idempotency)
	}
	g.place(where)
	if by.mayTrust(where) {
		g.Status = GroupTrusted
	}
	g.Created, g.Updated = d.now(), d.now()
	secret := newSecret()
	key := Key{
		ID: idFor(Principal{Key: g.ID}, KindKey, "register"), Label: "registered with " + g.Name, Role: RolePublisher,
		Group: g.ID, Hash: hashSecret(secret), Created: d.now(),
	}
	key.Label = Quote(key.Label)
	groupWrite, err := d.groupWrite(g, 0, by, "register")
	if err != nil {
		return Registered{}, err
	}
	keyWrite, err := d.keyWrite(key, 0, by, "register")
	if err != nil {
		return Registered{}, err
	}
	rs, err := d.store.Commit(ctx, []Write{groupWrite, keyWrite})
	if errors.Is(err, ErrConflict) && idempotency != "" {
		return d.registerAgain(ctx, by, g.ID, details, key)
	}
	if err != nil {
		return Registered{}, fmt.Errorf("register group: %w", err)
	}
	g.Rev, g.Change = rs[0].Rev, rs[0].Change
	return Registered{Group: g, Key: secret}, nil
}

// registerAgain answers a repeated registration.
func (d *Directory) registerAgain(ctx context.Context, by Principal, id string, details GroupDetails, key Key) (Registered, error) {
	var g Group
	r, err := d.get(ctx, KindGroup, id, &g)
	if err != nil {
		return Registered{}, err
	}
	g.Rev, g.Change = r.Rev, r.Change
	switch {
	case r.Rev == 1 && !reflect.DeepEqual(g.GroupDetails, details):
		return Registered{}, fmt.Errorf("register group %s: %w", id, ErrReused)
	case r.Rev != 1:
		return Registered{}, fmt.Errorf("register group %s again: it was changed since: %w", id, ErrConflict)
	}
	var old Key
	kr, err := d.get(ctx, KindKey, key.ID, &old)
	if err != nil {
		return Registered{}, err
	}
	secret := newSecret()
	key.Hash, key.Created = hashSecret(secret), old.Created
	w, err := d.keyWrite(key, kr.Rev, by, "register again")
	if err != nil {
		return Registered{}, err
	}
	if _, err := d.store.Commit(ctx, []Write{guard(KindGroup, id, 1), w}); err != nil {
		return Registered{}, fmt.Errorf("register group %s again: %w", id, err)
	}
	return Registered{Group: g, Key: secret}, nil
}

// place notes roughly where g is.
func (g *Group) place(where *Location) {
	g.Outcode, g.District, g.DistrictName = "", "", ""
	if where != nil {
		g.Outcode, g.District, g.DistrictName = where.Outcode, where.District, where.DistrictName
	}
}

func (d *Directory) groupWrite(g Group, rev int64, by Principal, action string) (Write, error) {
	g.Rev, g.Change = 0, 0 // the record carries them
	return d.write(KindGroup, g.ID, rev, by, action, g, false, Lookup{Name: "status", Value: string(g.Status)})
}

// Group answers a group. A group that is not trusted is seen only by itself
// and by those who may trust it; to others it is ErrNotFound. Contacts that
// are not public, and the postcode, are shown to the same people only.
func (d *Directory) Group(ctx context.Context, by Principal, id string) (Group, error) {
	g, err := d.group(ctx, id)
	if err != nil {
		return Group{}, err
	}
	if by.mayActFor(id, g.where()) {
		return g, nil
	}
	if !g.Published() {
		return Group{}, fmt.Errorf("group %q: %w", id, ErrNotFound)
	}
	return g.Public(), nil
}

func (d *Directory) group(ctx context.Context, id string) (Group, error) {
	r, err := d.store.Get(ctx, KindGroup, id)
	if err != nil {
		return Group{}, fmt.Errorf("read group %q: %w", Quote(id), err)
	}
	return readGroup(r)
}

// readGroup reads the group in a record.
func readGroup(r Record) (Group, error) {
	var g Group
	if err := json.Unmarshal(r.Doc, &g); err != nil {
		return Group{}, fmt.Errorf("read group %q: %w", Quote(r.ID), err)
	}
	g.Rev, g.Change = r.Rev, r.Change
	return g, nil
}

// Groups answers up to limit groups of a status, in order of id, with ids
// greater than after, that by may trust. Others get ErrForbidden.
func (d *Directory) Groups(ctx context.Context, by Principal, status GroupStatus, after string, limit int) ([]Group, error) {
	if by.Role != RoleAdmin && by.Role != RoleBuilder {
		return nil, fmt.Errorf("list groups: %w", ErrForbidden)
	}
	groups := []Group{}
	for len(groups) < limit {
		rs, err := d.store.Find(ctx, KindGroup, "status", string(status), after, limit)
		if err != nil {
			return nil, fmt.Errorf("list groups: %w", err)
		}
		for _, r := range rs {
			after = r.ID
			g, err := readGroup(r)
			if err != nil {
				return nil, err
			}
			if by.mayTrust(g.where()) && len(groups) < limit {
				groups = append(groups, g)
			}
		}
		if len(rs) < limit {
			break
		}
	}
	return groups, nil
}

// ReviseGroup replaces what a group says about itself, if rev is its newest
// revision.
func (d *Directory) ReviseGroup(ctx context.Context, by Principal, id string, rev int64, details GroupDetails) (Group, error) {
	g, err := d.group(ctx, id)
	if err != nil {
		return Group{}, err
	}
	if !by.mayActFor(id, g.where()) {
		return Group{}, fmt.Errorf("revise group %s: %w", id, ErrForbidden)
	}
	if g.Status == GroupSuspended && by.Role == RolePublisher {
		return Group{}, fmt.Errorf("revise group %s, which is suspended: %w", id, ErrForbidden)
	}
	c := d.check()
	where := c.group(&details)
	revised := g
	revised.GroupDetails = details
	revised.place(where)
	if g.Published() && by.Role == RolePublisher {
		c.trustedAs(g, revised)
	}
	if err := c.Err(); err != nil {
		return Group{}, err
	}
	if by.Role == RoleBuilder && !by.Area.Holds(revised.where()) {
		return Group{}, fmt.Errorf("move group %s out of the builder's area: %w", id, ErrForbidden)
	}
	return d.saveGroup(ctx, by, revised, rev, "revise")
}

// trustedAs holds a group to the name and the district that a builder trusted
// it under: it may not become another one by itself.
func (c *check) trustedAs(was, now Group) {
	const fix = "ask a builder to change it: the group was trusted as it is"
	if now.Name != was.Name {
		c.Add("name", fix, "is not the name the group was trusted under")
	}
	if now.District != was.District || now.Outcode != was.Outcode && was.District == "" {
		c.Add("postcode", fix, "is not in the district the group was trusted in")
	}
}

// SetGroupStatus trusts, suspends or un-trusts a group, if rev is its newest
// revision, and publishes or hides its activities with it. Builders may, in
// their area, and admins.
func (d *Directory) SetGroupStatus(ctx context.Context, by Principal, id string, rev int64, status GroupStatus) (Group, error) {
	g, err := d.group(ctx, id)
	if err != nil {
		return Group{}, err
	}
	if !by.mayTrust(g.where()) {
		return Group{}, fmt.Errorf("set the status of group %s: %w", id, ErrForbidden)
	}
	switch status {
	case GroupPending, GroupTrusted, GroupSuspended:
	default:
		return Group{}, InvalidField("status", `say "trusted", "suspended" or "pending"`, "%q is not a status of a group", string(status))
	}
	g.Status = status
	action := map[GroupStatus]string{GroupPending: "untrust", GroupTrusted: "trust", GroupSuspended: "suspend"}[status]
	return d.saveGroup(ctx, by, g, rev, action)
}

// saveGroup writes g and, in the same transaction, up to MaxWrites-1 of the
// activities that do not carry its name and status yet. Those of a larger group
// follow in transactions of their own, and so do activities that were published
// while this ran: once the group is committed nothing new can be written on its
// old state, so this ends. A kill in between leaves activities behind
// that carry the group's old state; the same request again finishes them.
func (d *Directory) saveGroup(ctx context.Context, by Principal, g Group, rev int64, action string) (Group, error) {
	if rev != g.Rev {
		return Group{}, fmt.Errorf("group %s at %d, not %d: %w", g.ID, g.Rev, rev, ErrConflict)
	}
	g.Updated = d.now()
	w, err := d.groupWrite(g, rev, by, action)
	if err != nil {
		return Group{}, err
	}
	for {
		outdated, err := d.outdated(ctx, by, g)
		if err != nil {
			return Group{}, err
		}
		rs, err := d.store.Commit(ctx, append([]Write{w}, outdated...))
		if errors.Is(err, ErrConflict) {
			if now, readErr := d.group(ctx, g.ID); readErr == nil && now.Rev == rev {
				continue // one of its activities was written just now, not the group
			}
		}
		if err != nil {
			return Group{}, fmt.Errorf("%s group %s: %w", action, g.ID, err)
		}
		g.Rev, g.Change = rs[0].Rev, rs[0].Change
		return g, d.updateActivities(ctx, by, g)
	}
}

// updateActivities writes the activities of g that do not carry its name and
// status until there are none, or until the group is changed again: that change
// then updates them.
func (d *Directory) updateActivities(ctx context.Context, by Principal, g Group) error {
	for {
		outdated, err := d.outdated(ctx, by, g)
		if err != nil || len(outdated) == 0 {
			return err
		}
		_, err = d.store.Commit(ctx, append([]Write{guard(KindGroup, g.ID, g.Rev)}, outdated...))
		switch {
		case errors.Is(err, ErrConflict): // an activity, or the group, was written just now
			now, err := d.group(ctx, g.ID)
			if err != nil || now.Rev != g.Rev {
				return err
			}
		case err != nil:
			return fmt.Errorf("activities of group %s: %w", g.ID, err)
		}
	}
}

// outdated makes the Writes of up to MaxWrites-1 activities of g that do not
// carry its name and status.
func (d *Directory) outdated(ctx context.Context, by Principal, g Group) ([]Write, error) {
	var writes []Write
	for after := ""; ; {
		rs, err := d.store.Find(ctx, KindActivity, "group", g.ID, after, MaxWrites)
		if err != nil {
			return nil, fmt.Errorf("activities of group %s: %w", g.ID, err)
		}
		for _, r := range rs {
			after = r.ID
			a, err := readActivity(r)
			if err != nil {
				return nil, err
			}
			if a.GroupName == g.Name && a.Status == g.activityStatus() {
				continue
			}
			a.GroupName, a.Status = g.Name, g.activityStatus()
			w, err := d.activityWrite(a, r.Rev, by, "follow group")
			if err != nil {
				return nil, err
			}
			if writes = append(writes, w); len(writes) == MaxWrites-1 {
				return writes, nil
			}
		}
		if len(rs) < MaxWrites {
			return writes, nil
		}
	}
}
