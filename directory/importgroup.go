package directory

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"

	"gather/directory/vocabulary"
)

// stays says why a listing stays in the group it belongs to here although its
// source has it under another now; empty when it follows its source. It does so
// only out of a group that an import made: who registered here keeps its
// listings, as do those who changed them. A group of the same name is the same
// one, read in another format. And nothing gets out of a group that is suspended
// by being listed under another.
func (m *importing) stays(ctx context.Context, a *Activity) (why string, err error) {
	const other = "belongs to another group here"
	was, known := m.others[a.Group]
	if !known {
		if was, err = m.d.group(ctx, a.Group); err != nil {
			return "", err
		}
		m.others[a.Group] = was
	}
	switch {
	case was.Status == GroupSuspended:
		return "belongs to a group that is suspended here", nil
	case a.EditedHere, !m.by.mayActFor(was.ID, was.where()), vocabulary.Fold(was.Name) == vocabulary.Fold(m.group.Name):
		return other, nil
	}
	first, err := m.d.store.History(ctx, KindGroup, was.ID, 2, 1)
	switch {
	case err != nil:
		return "", fmt.Errorf("history of group %s: %w", was.ID, err)
	case len(first) == 0 || first[0].Action != actionImport:
		return other, nil
	}
	return "", nil
}

// EnsureGroup answers the group that imports of this source made of the one
// with this key, its id at the source, or makes it; a group made here is
// trusted when by may trust it. One that is there follows what its source says
// of it, its name too: what was changed here stays, as does what the source
// does not mention, and a suspended group as a whole.
func (d *Directory) EnsureGroup(ctx context.Context, by Principal, source, key string, details GroupDetails) (Group, error) {
	id := idFor(Principal{}, KindGroup, "import\x00"+source+"\x00"+key)
	g, err := d.group(ctx, id)
	switch {
	case err == nil:
		return d.followSource(ctx, by, g, details)
	case !errors.Is(err, ErrNotFound):
		return Group{}, err
	}
	c := d.check()
	where := c.group(&details)
	if err := c.Err(); err != nil {
		return Group{}, err
	}
	g = Group{ID: id, Status: GroupPending, Created: d.now(), Updated: d.now(), GroupDetails: details}
	g.place(where)
	if !by.mayTrust(where) {
		return Group{}, fmt.Errorf("make a group for an import: %w", by.forbidden(needsBuilder))
	}
	g.Status = GroupTrusted
	w, err := d.groupWrite(g, 0, by, actionImport)
	if err != nil {
		return Group{}, err
	}
	rs, err := d.store.Commit(ctx, []Write{w})
	if errors.Is(err, ErrConflict) { // another import made it just now
		return d.group(ctx, g.ID)
	}
	if err != nil {
		return Group{}, fmt.Errorf("make a group for an import: %w", err)
	}
	g.Rev, g.Change = rs[0].Rev, rs[0].Change
	return g, nil
}

// followSource brings g up to what its source says of it now. Where the rules
// refuse that, g stays as it is: it is no reason to lose its listings.
func (d *Directory) followSource(ctx context.Context, by Principal, g Group, details GroupDetails) (Group, error) {
	if g.Status == GroupSuspended || !by.mayActFor(g.ID, g.where()) {
		return g, nil
	}
	if c := d.check(); c.group(&details) == nil && len(c.Faults) > 0 {
		return g, nil
	}
	theirs, err := asObject(details)
	if err != nil {
		return g, err
	}
	ours, err := asObject(g.GroupDetails)
	if err != nil {
		return g, err
	}
	stated := maps.Clone(ours)
	maps.Copy(stated, theirs)
	if now, err := groupOf(stated); err != nil || sameGroup(now, g.GroupDetails) {
		return g, err
	}
	base, err := d.groupBase(ctx, g.ID)
	if err != nil {
		return g, err
	}
	var m merged
	revised := g
	if revised.GroupDetails, err = groupOf(m.objects("", base, ours, stated, true)); err != nil {
		return g, err
	}
	c := d.check()
	revised.place(c.group(&revised.GroupDetails))
	if len(c.Faults) > 0 || sameGroup(revised.GroupDetails, g.GroupDetails) {
		return g, nil
	}
	saved, err := d.saveGroup(ctx, by, g, revised, g.Rev, actionImport)
	if errors.Is(err, ErrConflict) { // somebody changes it: the next import sees
		return d.group(ctx, g.ID)
	}
	return saved, err
}

// groupBase is what the source of a group last said of it.
func (d *Directory) groupBase(ctx context.Context, id string) (object, error) {
	var revisions []revision
	for before := int64(0); ; {
		rs, err := d.store.History(ctx, KindGroup, id, before, historyPage)
		if err != nil {
			return nil, fmt.Errorf("history of group %s: %w", id, err)
		}
		for _, r := range rs {
			g, err := readGroup(r)
			if err != nil {
				return nil, err
			}
			o, err := asObject(g.GroupDetails)
			if err != nil {
				return nil, err
			}
			revisions = append(revisions, revision{o, r.Action == actionImport})
			before = r.Rev
		}
		if len(rs) < historyPage {
			return baseOf(revisions), nil
		}
	}
}

func groupOf(o object) (GroupDetails, error) {
	var g GroupDetails
	b, err := json.Marshal(o)
	if err == nil {
		err = json.Unmarshal(b, &g)
	}
	if err != nil {
		return GroupDetails{}, fmt.Errorf("merge a group: %w", err)
	}
	return g, nil
}

// sameGroup compares what is said of two groups: nothing and an empty list are
// the same.
func sameGroup(a, b GroupDetails) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && string(x) == string(y)
}
