package directory

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"time"
)

// This file alone decides what anybody may see. Everything that shows records to
// the public (the API, feeds, standards, the sitemap, the index, exports) reads
// them through it.

// Published reports whether anybody may see a.
func (a *Activity) Published() bool { return a.Status == StatusPublished }

// Published reports whether anybody may see g, and its activities.
func (g *Group) Published() bool { return g.Status == GroupTrusted }

// follow copies into a the name of its group as it is now, and whether anybody
// may see it. Every reader needs this: records hold both as they were when the
// listing was written, and the listings of a large group are written some time
// after the group (see cascade.go).
func (a *Activity) follow(g *Group) {
	a.GroupName = g.Name
	switch {
	case a.Status == StatusWithdrawn:
	case g.Published():
		a.Status = StatusPublished
	default:
		a.Status = StatusPending
	}
}

// PublicChange is an entry of the change log as anybody may see it: that a
// record was written, and what it says if anybody may see it.
type PublicChange struct {
	Kind   Kind
	ID     string
	Rev    int64
	Change int64
	// At is when it was written, UTC, to the millisecond.
	At time.Time
	// Activity is the activity, with public contacts only; nil if the public
	// may not, or may no longer, see it.
	Activity *Activity
	// Group is the same for a group.
	Group *Group
}

// PublicChanges returns up to limit entries of the change log whose Change is
// greater than after, in order: each record once, at its newest revision. A
// reader that goes on from the last Change it got never misses a write.
func (d *Directory) PublicChanges(ctx context.Context, after int64, limit int) ([]PublicChange, error) {
	rs, err := d.store.Changes(ctx, after, limit)
	if err != nil {
		return nil, fmt.Errorf("changes after %d: %w", after, err)
	}
	return d.public(ctx, rs)
}

// PublicHistory returns up to limit revisions of an activity with Rev less
// than before (0: from the newest), newest first, as anybody could see them
// when they were the newest.
func (d *Directory) PublicHistory(ctx context.Context, id string, before int64, limit int) ([]PublicChange, error) {
	rs, err := d.store.History(ctx, KindActivity, id, before, limit)
	if err != nil {
		return nil, fmt.Errorf("history of activity %s: %w", Quote(id), err)
	}
	out := make([]PublicChange, len(rs))
	for i, r := range rs {
		a, err := readActivity(r)
		if err != nil {
			return nil, err
		}
		out[i] = r.public()
		d.show(&out[i], &a)
	}
	return out, nil
}

// public returns what anybody may see of records. Activities go by their groups
// as those are after the records were read.
func (d *Directory) public(ctx context.Context, rs []Record) ([]PublicChange, error) {
	out := make([]PublicChange, len(rs))
	var read []*Activity
	for i, r := range rs {
		out[i] = r.public()
		switch {
		case r.Gone:
		case r.Kind == KindActivity:
			a, err := readActivity(r)
			if err != nil {
				return nil, err
			}
			out[i].Activity, read = &a, append(read, &a)
		case r.Kind == KindGroup:
			g, err := readGroup(r)
			if err != nil {
				return nil, err
			}
			if g.Published() {
				g = g.Public()
				out[i].Group = &g
			}
		}
	}
	groups, err := d.groupsOf(ctx, read)
	if err != nil {
		return nil, err
	}
	for i := range out {
		if a := out[i].Activity; a != nil {
			out[i].Activity = nil
			if g := groups[a.Group]; g != nil {
				a.follow(g)
				d.show(&out[i], a)
			}
		}
	}
	return out, nil
}

// groupsOf reads the groups of activities, by id.
func (d *Directory) groupsOf(ctx context.Context, as []*Activity) (map[string]*Group, error) {
	groups := map[string]*Group{}
	for _, a := range as {
		groups[a.Group] = nil
	}
	for ids := range slices.Chunk(slices.Sorted(maps.Keys(groups)), MaxWrites) {
		rs, err := d.store.GetMany(ctx, KindGroup, ids)
		if err != nil {
			return nil, fmt.Errorf("read groups: %w", err)
		}
		for _, r := range rs {
			g, err := readGroup(r)
			if err != nil {
				return nil, err
			}
			groups[r.ID] = &g
		}
	}
	return groups, nil
}

// public returns r without its document.
func (r *Record) public() PublicChange {
	return PublicChange{Kind: r.Kind, ID: r.ID, Rev: r.Rev, Change: r.Change, At: r.At}
}

// show puts a into p if anybody may see it.
func (d *Directory) show(p *PublicChange, a *Activity) {
	if a.Published() {
		shown := d.shown(*a)
		p.Activity = &shown
	}
}

// shown returns a as anybody may see it.
func (d *Directory) shown(a Activity) Activity { return Shown(a, d.Places) }

// Shown returns a published activity as anybody may see it, for those who keep
// copies. The location of an activity without a venue may be somebody's home:
// only its sector is ever shown.
func Shown(a Activity, places Gazetteer) Activity {
	if a.Venue == nil && a.Located.fine() {
		loc, err := places.Sector(a.Located.Sector)
		if a.Located = &loc; err != nil {
			a.Located = nil
		}
	}
	return a.Public()
}

// PublicActivity returns an activity as anybody may see it: ErrGone for one
// that was public and is withdrawn, ErrNotFound for any other that is not.
func (d *Directory) PublicActivity(ctx context.Context, id string) (PublicChange, error) {
	r, err := d.store.Get(ctx, KindActivity, id)
	if err != nil {
		return PublicChange{}, fmt.Errorf("read activity %q: %w", Quote(id), err)
	}
	ps, err := d.public(ctx, []Record{r})
	if err != nil {
		return PublicChange{}, err
	}
	if ps[0].Activity == nil {
		err = d.notPublic(ctx, r.ID, r.Gone)
	}
	return ps[0], err
}

// PublicActivities returns the activities with these ids as anybody may see
// them, in their order; nil for one that nobody may.
func (d *Directory) PublicActivities(ctx context.Context, ids []string) ([]*Activity, error) {
	byID := make(map[string]*Activity, len(ids))
	for some := range slices.Chunk(ids, MaxWrites) {
		rs, err := d.store.GetMany(ctx, KindActivity, some)
		if err != nil {
			return nil, fmt.Errorf("read activities: %w", err)
		}
		ps, err := d.public(ctx, rs)
		if err != nil {
			return nil, err
		}
		for _, p := range ps {
			byID[p.ID] = p.Activity
		}
	}
	as := make([]*Activity, len(ids))
	for i, id := range ids {
		as[i] = byID[id]
	}
	return as, nil
}

// notPublic is the error for those who may not see an activity: ErrGone if it
// is withdrawn and they could see it before, else ErrNotFound.
func (d *Directory) notPublic(ctx context.Context, id string, withdrawn bool) error {
	if !withdrawn {
		return fmt.Errorf("activity %s: %w", id, ErrNotFound)
	}
	was, err := d.WasPublished(ctx, id)
	switch {
	case err != nil:
		return err
	case was:
		return fmt.Errorf("activity %s: %w", id, ErrGone)
	}
	return fmt.Errorf("activity %s, which was never published: %w", id, ErrNotFound)
}

// publishedPage is how many revisions WasPublished reads at a time: the
// withdrawal, the one before, and a few more for a group that lost its trust in
// between.
const publishedPage = 5

// WasPublished reports whether any revision of an activity was published. It
// reads back to the last one that was: for nearly all that is withdrawn, the
// one before.
func (d *Directory) WasPublished(ctx context.Context, id string) (bool, error) {
	for before := int64(0); ; {
		ps, err := d.PublicHistory(ctx, id, before, publishedPage)
		if err != nil {
			return false, err
		}
		for _, p := range ps {
			if p.Activity != nil {
				return true, nil
			}
		}
		if len(ps) < publishedPage {
			return false, nil
		}
		before = ps[len(ps)-1].Rev
	}
}

// PublicGroup returns a group as anybody may see it: ErrNotFound for one that
// is not trusted.
func (d *Directory) PublicGroup(ctx context.Context, id string) (PublicChange, error) {
	r, err := d.store.Get(ctx, KindGroup, id)
	if err != nil {
		return PublicChange{}, fmt.Errorf("read group %q: %w", Quote(id), err)
	}
	ps, err := d.public(ctx, []Record{r})
	if err != nil {
		return PublicChange{}, err
	}
	if ps[0].Group == nil {
		err = fmt.Errorf("group %s: %w", id, ErrNotFound)
	}
	return ps[0], err
}

// publicPage is how many records EachPublished reads at a time.
const publicPage = 100

// EachPublished visits every activity that anybody may see, as they may see
// it, by group and id. That order stays while others write: what is public all
// the time is visited once. It ends with the first error.
func (d *Directory) EachPublished(ctx context.Context) iter.Seq2[*Activity, error] {
	return func(yield func(*Activity, error) bool) {
		for groups, err := range d.each(ctx, KindGroup, "status", string(GroupTrusted)) {
			if err != nil {
				yield(nil, err)
				return
			}
			for _, g := range groups {
				for a, err := range d.publishedBy(ctx, g.ID) {
					if !yield(a, err) || err != nil {
						return
					}
				}
			}
		}
	}
}

// publishedBy visits the activities of a group that anybody may see, in order
// of id. It ends with the first error.
func (d *Directory) publishedBy(ctx context.Context, group string) iter.Seq2[*Activity, error] {
	return func(yield func(*Activity, error) bool) {
		for rs, err := range d.each(ctx, KindActivity, "group", group) {
			var ps []PublicChange
			if err == nil {
				ps, err = d.public(ctx, rs)
			}
			if err != nil {
				yield(nil, err)
				return
			}
			for _, p := range ps {
				if p.Activity != nil && !yield(p.Activity, nil) {
					return
				}
			}
		}
	}
}

// each visits the records of a kind with a lookup, in order of id, a page at a
// time. It ends with the first error.
func (d *Directory) each(ctx context.Context, kind Kind, name, value string) iter.Seq2[[]Record, error] {
	return func(yield func([]Record, error) bool) {
		for after := ""; ; {
			rs, err := d.store.Find(ctx, kind, name, value, after, publicPage)
			if err != nil {
				yield(nil, fmt.Errorf("records of kind %s with %s %q: %w", kind, name, value, err))
				return
			}
			if !yield(rs, nil) || len(rs) < publicPage {
				return
			}
			after = rs[len(rs)-1].ID
		}
	}
}
