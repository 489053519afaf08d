package directory

import (
	"context"
	"fmt"
	"iter"
	"time"
)

// This file is the only place that knows what anybody may see. Everything that
// shows records to the public (the API, feeds, standards, the sitemap, the
// index, exports) reads them through it.

// Published reports whether anybody may see a.
func (a *Activity) Published() bool { return a.Status == StatusPublished }

// Published reports whether anybody may see g, and its activities.
func (g *Group) Published() bool { return g.Status == GroupTrusted }

// activityStatus is the status that the activities of g have.
func (g *Group) activityStatus() Status {
	if g.Published() {
		return StatusPublished
	}
	return StatusPending
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
	// Activity is what an activity says, with public contacts only; nil for
	// one that nobody may see, or nobody any more.
	Activity *Activity
	// Group is the same of a group.
	Group *Group
}

// PublicChanges answers up to limit entries of the change log whose Change is
// greater than after, in order: each record once, at its newest revision. A
// reader that goes on from the last Change it got never misses a write.
func (d *Directory) PublicChanges(ctx context.Context, after int64, limit int) ([]PublicChange, error) {
	rs, err := d.store.Changes(ctx, after, limit)
	if err != nil {
		return nil, fmt.Errorf("changes after %d: %w", after, err)
	}
	return publicChanges(rs)
}

// PublicHistory answers up to limit revisions of an activity with Rev less
// than before (0: from the newest), newest first, as anybody could see them
// when they were the newest.
func (d *Directory) PublicHistory(ctx context.Context, id string, before int64, limit int) ([]PublicChange, error) {
	rs, err := d.store.History(ctx, KindActivity, id, before, limit)
	if err != nil {
		return nil, fmt.Errorf("history of activity %s: %w", Quote(id), err)
	}
	return publicChanges(rs)
}

func publicChanges(rs []Record) ([]PublicChange, error) {
	out := make([]PublicChange, len(rs))
	for i, r := range rs {
		p, err := publicChange(r)
		if err != nil {
			return nil, err
		}
		out[i] = p
	}
	return out, nil
}

func publicChange(r Record) (PublicChange, error) {
	p := PublicChange{Kind: r.Kind, ID: r.ID, Rev: r.Rev, Change: r.Change, At: r.At}
	if r.Gone {
		return p, nil
	}
	switch r.Kind {
	case KindActivity:
		a, err := readActivity(r)
		if err != nil {
			return p, err
		}
		if a.Published() {
			a = a.Public()
			p.Activity = &a
		}
	case KindGroup:
		g, err := readGroup(r)
		if err != nil {
			return p, err
		}
		if g.Published() {
			g = g.Public()
			p.Group = &g
		}
	}
	return p, nil
}

// PublicActivity answers an activity as anybody may see it: ErrGone for one
// that was public and is withdrawn, ErrNotFound for any other that is not.
func (d *Directory) PublicActivity(ctx context.Context, id string) (PublicChange, error) {
	r, err := d.store.Get(ctx, KindActivity, id)
	if err != nil {
		return PublicChange{}, fmt.Errorf("read activity %q: %w", Quote(id), err)
	}
	p, err := publicChange(r)
	if err == nil && p.Activity == nil {
		err = d.notPublic(ctx, r.ID, r.Gone)
	}
	return p, err
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
// withdrawal, what stood before, and a few more for a group that lost its
// trust in between.
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

// PublicGroup answers a group as anybody may see it: ErrNotFound for one that
// is not trusted.
func (d *Directory) PublicGroup(ctx context.Context, id string) (PublicChange, error) {
	r, err := d.store.Get(ctx, KindGroup, id)
	if err != nil {
		return PublicChange{}, fmt.Errorf("read group %q: %w", Quote(id), err)
	}
	p, err := publicChange(r)
	if err == nil && p.Group == nil {
		err = fmt.Errorf("group %s: %w", id, ErrNotFound)
	}
	return p, err
}

// publicPage is how many records EachPublished reads at a time.
const publicPage = 100

// EachPublished visits every activity that anybody may see, as they may see
// it, by group and id. That order stays while others write: what is public all
// the time is visited once. It ends with the first error.
func (d *Directory) EachPublished(ctx context.Context) iter.Seq2[*Activity, error] {
	return func(yield func(*Activity, error) bool) {
		for g, err := range d.each(ctx, KindGroup, "status", string(GroupTrusted)) {
			if err != nil {
				yield(nil, err)
				return
			}
			for r, err := range d.each(ctx, KindActivity, "group", g.ID) {
				var p PublicChange
				if err == nil {
					p, err = publicChange(r)
				}
				if err != nil {
					yield(nil, err)
					return
				}
				if p.Activity != nil && !yield(p.Activity, nil) {
					return
				}
			}
		}
	}
}

// each visits the records of a kind with a lookup, in order of id. It ends
// with the first error.
func (d *Directory) each(ctx context.Context, kind Kind, name, value string) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		for after := ""; ; {
			rs, err := d.store.Find(ctx, kind, name, value, after, publicPage)
			if err != nil {
				yield(Record{}, fmt.Errorf("records of kind %s with %s %q: %w", kind, name, value, err))
				return
			}
			for _, r := range rs {
				if !yield(r, nil) {
					return
				}
			}
			if len(rs) < publicPage {
				return
			}
			after = rs[len(rs)-1].ID
		}
	}
}
