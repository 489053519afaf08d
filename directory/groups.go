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
	// Key is the secret of its publisher key. It is shown only once.
	Key string `json:"key" example:"gather_0123…"`
}

// idFor returns the id of what an idempotency key makes: the same for the same
// caller, kind and key, so that a repeated request finds what the first one made.
// It is a UUID of version 8 (RFC 9562) over SHA-256.
func idFor(by Principal, kind Kind, idempotency string) string {
	sum := sha256.Sum256([]byte(by.Key + "\x00" + by.actor() + "\x00" + string(kind) + "\x00" + idempotency))
	var b [16]byte
	copy(b[:], sum[:])
	return formatUUID(b, 8)
}

// Register makes a group and a publisher key for it. Anyone may; the group is
// trusted at once if by may trust it, otherwise it stays pending until a builder
// trusts it.
//
// A repeat with the same idempotency key and the same details returns the same
// group with a new secret, as long as nothing else happened to the group; later
// it fails with ErrConflict, and with other details with ErrReused. The
// idempotency key must be hard to guess, because with it anybody can get that
// secret.
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

// registerAgain handles a repeated registration.
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

// place records roughly where g is.
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

// Group returns a group. A group that is not trusted is seen only by itself
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

// ReadGroup reads the group in a record of KindGroup, as followers of the change
// log get it.
func ReadGroup(r Record) (Group, error) { return readGroup(r) }

// readGroup reads the group in a record.
func readGroup(r Record) (Group, error) {
	var g Group
	if err := json.Unmarshal(r.Doc, &g); err != nil {
		return Group{}, fmt.Errorf("read group %q: %w", Quote(r.ID), err)
	}
	g.Rev, g.Change = r.Rev, r.Change
	return g, nil
}

// Groups returns up to limit groups of a status, in order of id, with ids
// greater than after, that by may trust. Others get ErrForbidden.
func (d *Directory) Groups(ctx context.Context, by Principal, status GroupStatus, after string, limit int) ([]Group, error) {
	if by.Role != RoleAdmin && by.Role != RoleBuilder {
		return nil, fmt.Errorf("list groups: %w", by.forbidden(needsArea))
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
		return Group{}, fmt.Errorf("revise group %s: %w", id, by.forbidden(needsWriter))
	}
	if g.Status == GroupSuspended && by.Role == RolePublisher {
		return Group{}, suspended(id)
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
		return Group{}, fmt.Errorf("move group %s out of the builder's area: %w", id, by.forbidden("With this postcode the group would be outside it."))
	}
	return d.saveGroup(ctx, by, g, revised, rev, "revise")
}

// trustedAs refuses a change of the name or the district under which a builder
// trusted a group: it may not become another group by itself.
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
// revision, and publishes or hides its activities with it: at once, however
// many they are. Builders may, in their area, and admins.
func (d *Directory) SetGroupStatus(ctx context.Context, by Principal, id string, rev int64, status GroupStatus) (Group, error) {
	g, err := d.group(ctx, id)
	if err != nil {
		return Group{}, err
	}
	if !by.mayTrust(g.where()) {
		return Group{}, fmt.Errorf("set the status of group %s: %w", id, by.forbidden(needsBuilder))
	}
	switch status {
	case GroupPending, GroupTrusted, GroupSuspended:
	default:
		return Group{}, InvalidField("status", `say "trusted", "suspended" or "pending"`, "%q is not a status of a group", string(status))
	}
	was := g
	g.Status = status
	action := map[GroupStatus]string{GroupPending: "untrust", GroupTrusted: "trust", GroupSuspended: "suspend"}[status]
	return d.saveGroup(ctx, by, was, g, rev, action)
}

// saveGroup writes g, which replaces was, and in the same transaction those of
// its listings that have another name or status. Those of a larger group follow
// in a cascade, which is opened in that transaction.
func (d *Directory) saveGroup(ctx context.Context, by Principal, was, g Group, rev int64, action string) (Group, error) {
	if rev != g.Rev {
		return Group{}, fmt.Errorf("group %s at %d, not %d: %w", g.ID, g.Rev, rev, ErrConflict)
	}
	g.Updated = d.now()
	changed := was.Name != g.Name || was.Published() != g.Published()
	w, err := d.groupWrite(g, rev, by, action)
	if err != nil {
		return Group{}, err
	}
	for {
		with, whole, err := d.withGroup(ctx, by, g, changed)
		if err != nil {
			return Group{}, err
		}
		rs, err := d.store.Commit(ctx, append([]Write{w}, with...))
		if errors.Is(err, ErrConflict) {
			if now, readErr := d.group(ctx, g.ID); readErr == nil && now.Rev == rev {
				continue // the conflict was with one of its activities, not the group
			}
		}
		if err != nil {
			return Group{}, fmt.Errorf("%s group %s: %w", action, g.ID, err)
		}
		g.Rev, g.Change = rs[0].Rev, rs[0].Change
		switch {
		case !changed && whole:
			return g, nil
		case whole:
			// Once the group is committed, nothing can be written with its
			// old state. This updates what was published just before.
			return g, d.updateActivities(ctx, by, g.ID, g.Change)
		}
		select {
		case d.opened <- struct{}{}:
		default: // RunCascades has a wake-up already
		}
		return g, nil
	}
}

// withGroup returns the Writes that go with that of g: those of its listings, or
// none if they have its name and status already. whole is false for a larger
// group, whose cascade is opened instead. If the name or status changed, all
// listings are written: one that has the new values already may have them only
// because an earlier cascade has not reached it yet.
func (d *Directory) withGroup(ctx context.Context, by Principal, g Group, changed bool) (writes []Write, whole bool, err error) {
	rs, err := d.store.Find(ctx, KindActivity, "group", g.ID, "", MaxWrites)
	if err != nil {
		return nil, false, fmt.Errorf("activities of group %s: %w", g.ID, err)
	}
	outdated := changed
	for i := 0; i < len(rs) && !outdated; i++ {
		a, err := readActivity(rs[i])
		if err != nil {
			return nil, false, err
		}
		now := a
		now.follow(&g)
		outdated = now.GroupName != a.GroupName || now.Status != a.Status
	}
	switch {
	case !outdated || len(rs) == 0:
		return nil, true, nil
	case len(rs) == MaxWrites:
		open, err := d.openCascade(ctx, by, g.ID)
		return []Write{open}, false, err
	}
	for _, r := range rs {
		w, err := d.followWrite(&g, r, by)
		if err != nil {
			return nil, false, err
		}
		writes = append(writes, w)
	}
	return writes, true, nil
}
