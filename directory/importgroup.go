package directory

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"

	"gather/directory/vocabulary"
)

// stays returns why a listing stays in its group although its source now has it
// under another, or "" if it moves. It moves only out of a group that an import
// made: a group that registered here keeps its listings, and so does one whose
// listing was changed here. It does not move to a group of the same name, which
// is the same group read from another format. And it does not leave a suspended
// group: that would publish it again.
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

// EnsureGroup returns the group that imports of this source made of the one
// with this key, its id at the source, or makes it: trusted, which by must be
// allowed to do. An existing group is updated to what its source says about it,
// including its name. What was changed here stays, as does what the source does
// not mention, and a suspended group stays as it is.
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

// followSource updates g to what its source says about it now. If that breaks a
// rule g stays as it is, so that its listings are still imported.
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
	if errors.Is(err, ErrConflict) { // somebody changed it: leave it to the next import
		return d.group(ctx, g.ID)
	}
	return saved, err
}

// groupBase returns what the source of a group last said about it.
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

// sameGroup compares the details of two groups. An absent and an empty list are
// equal.
func sameGroup(a, b GroupDetails) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && string(x) == string(y)
}
