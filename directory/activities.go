package directory

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"sort"
	"strings"
)

// guardTries is how often a write is tried when its group keeps changing.
// Groups change rarely: a third conflict in a row is not chance.
const guardTries = 3

// Publish adds an activity to a group: to the caller's own, for a publisher,
// if group is empty. It is pending until the group is trusted.
//
// A repeat with the same idempotency key returns what the first request made;
// with other details it fails with ErrReused.
func (d *Directory) Publish(ctx context.Context, by Principal, group string, details Details, idempotency string) (Activity, error) {
	if group == "" && by.Role == RolePublisher {
		group = by.Group
	}
	if group == "" {
		return Activity{}, InvalidField("group", "name the group that runs the activity", "is missing")
	}
	c := d.check()
	where := c.details(&details)
	c.ownSource(by, nil, details.Source)
	if err := c.Err(); err != nil {
		return Activity{}, err
	}
	a := Activity{ID: d.NewID(), Group: group, Located: where, Details: details}
	if idempotency != "" {
		a.ID = idFor(by, KindActivity, idempotency)
	}
	for try := 1; ; try++ {
		saved, err := d.publish(ctx, by, a)
		if !errors.Is(err, ErrConflict) {
			return saved, err
		}
		if idempotency != "" {
			first, findErr := d.publishedAs(ctx, a)
			if !errors.Is(findErr, ErrNotFound) {
				return first, findErr
			}
		}
		if try == guardTries {
			return Activity{}, err
		}
	}
}

// ownSource keeps a publisher from claiming that a listing comes from somewhere
// else: the claim would show, and would keep the true import out.
func (c *check) ownSource(by Principal, was, now *Source) {
	if by.Role != RolePublisher || now == nil || was != nil && *was == *now {
		return
	}
	c.Add("source", "leave it out, or as it was: only imports and builders set it", "is not a publisher's to set")
}

func (d *Directory) publish(ctx context.Context, by Principal, a Activity) (Activity, error) {
	g, err := d.writableGroup(ctx, by, a.Group)
	if err != nil {
		return Activity{}, err
	}
	a.Created, a.Updated = d.now(), d.now()
	a.Checked = Checked{At: d.now(), By: by.actor(), How: by.wrote()}
	w, err := d.activityWrite(&g, &a, 0, by, "publish")
	if err != nil {
		return Activity{}, err
	}
	rs, err := d.store.Commit(ctx, []Write{guard(KindGroup, g.ID, g.Rev), w})
	if err != nil {
		return Activity{}, fmt.Errorf("publish: %w", err)
	}
	a.Rev, a.Change = rs[0].Rev, rs[0].Change
	return a, nil
}

// publishedAs returns what an earlier request with a's id made, ErrReused if
// its details were different, ErrNotFound if there was none.
func (d *Directory) publishedAs(ctx context.Context, a Activity) (Activity, error) {
	rs, err := d.store.History(ctx, KindActivity, a.ID, 2, 1)
	if err != nil {
		return Activity{}, fmt.Errorf("read activity %s: %w", a.ID, err)
	}
	if len(rs) == 0 {
		return Activity{}, ErrNotFound
	}
	first, err := readActivity(rs[0])
	if err != nil {
		return Activity{}, err
	}
	if first.Group != a.Group || !sameDetails(first.Details, a.Details) {
		return Activity{}, fmt.Errorf("publish %s: %w", a.ID, ErrReused)
	}
	return first, nil
}

// sameDetails compares what two Details say: nothing and an empty list are
// the same.
func sameDetails(a, b Details) bool {
	if reflect.DeepEqual(a, b) {
		return true
	}
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && string(x) == string(y)
}

// writableGroup returns a group that by may write for.
func (d *Directory) writableGroup(ctx context.Context, by Principal, id string) (Group, error) {
	g, err := d.group(ctx, id)
	if errors.Is(err, ErrNotFound) && (by.Role == RoleAdmin || by.Role == RoleBuilder) {
		return Group{}, InvalidField("group", "register it first", "there is no such group")
	}
	if err != nil && !errors.Is(err, ErrNotFound) {
		return Group{}, err
	}
	if err != nil || !by.mayActFor(id, g.where()) {
		return Group{}, fmt.Errorf("write for group %q: %w", Quote(id), by.forbidden(needsWriter))
	}
	if g.Status == GroupSuspended && by.Role == RolePublisher {
		return Group{}, suspended(id)
	}
	return g, nil
}

// sourceKey is the lookup that keeps one activity for each listing of a
// source; empty when the source gives no id.
func (s *Source) sourceKey() string {
	if s == nil || s.ID == "" {
		return ""
	}
	return s.Name + "\n" + s.ID
}

// activityWrite copies into a what follows its group g, and returns the Write
// of a. It fails if g is another group, so that no listing is ever written with
// the name or the status of a group that is not its own.
func (d *Directory) activityWrite(g *Group, a *Activity, rev int64, by Principal, action string) (Write, error) {
	if a.Group != g.ID {
		return Write{}, fmt.Errorf("write activity %s of group %s: it is not one of group %s", a.ID, a.Group, g.ID)
	}
	a.follow(g)
	doc := *a
	doc.Rev, doc.Change = 0, 0 // the record carries them
	return d.write(KindActivity, a.ID, rev, by, action, doc, a.Status == StatusWithdrawn, a.lookups()...)
}

// lookups returns the lookups of an activity: its group, and the listing of a
// source that it was made from.
func (a *Activity) lookups() []Lookup {
	ls := []Lookup{{Name: "group", Value: a.Group}}
	if key := a.Source.sourceKey(); key != "" {
		ls = append(ls, Lookup{Name: "source", Value: key, Unique: true})
	}
	return ls
}

// readActivity reads the activity in a record.
func readActivity(r Record) (Activity, error) {
	var a Activity
	if err := json.Unmarshal(r.Doc, &a); err != nil {
		return Activity{}, fmt.Errorf("read activity %q: %w", r.ID, err)
	}
	a.Rev, a.Change = r.Rev, r.Change
	return a, nil
}

// ReadActivity reads the activity in a record of KindActivity, as followers of
// the change log get it.
func ReadActivity(r Record) (Activity, error) { return readActivity(r) }

// Activity returns an activity: ErrGone once it is withdrawn, to those who
// could see it before, and ErrNotFound for one that is pending, except to those
// who may write it. Contacts that are not public are shown to those only.
func (d *Directory) Activity(ctx context.Context, by Principal, id string) (Activity, error) {
	a, g, err := d.activity(ctx, id)
	if err != nil {
		return Activity{}, err
	}
	own := by.mayWrite(&a, &g)
	switch {
	case own && a.Status == StatusWithdrawn:
		return Activity{}, fmt.Errorf("activity %s: %w", id, ErrGone)
	case own:
		return a, nil
	case !a.Published():
		return Activity{}, d.notPublic(ctx, id, a.Status == StatusWithdrawn)
	}
	return d.shown(a), nil
}

// mayWrite reports whether p may write a, of group g: its group may, admins,
// and builders in whose area the group or the activity lies.
func (p Principal) mayWrite(a *Activity, g *Group) bool {
	return p.mayActFor(a.Group, a.Located) || p.Role == RoleBuilder && p.mayActFor(a.Group, g.where())
}

// activity reads an activity and its group, which it follows.
func (d *Directory) activity(ctx context.Context, id string) (Activity, Group, error) {
	r, err := d.store.Get(ctx, KindActivity, id)
	if err != nil {
		return Activity{}, Group{}, fmt.Errorf("read activity %q: %w", Quote(id), err)
	}
	a, err := readActivity(r)
	if err != nil {
		return Activity{}, Group{}, err
	}
	g, err := d.group(ctx, a.Group)
	if err != nil {
		return Activity{}, Group{}, err
	}
	a.follow(&g)
	return a, g, nil
}

// Activities returns up to limit activities of a group that are not withdrawn,
// in order of id, with ids greater than after; to those who may not write for
// the group, the published ones.
func (d *Directory) Activities(ctx context.Context, by Principal, group, after string, limit int) ([]Activity, error) {
	g, err := d.Group(ctx, by, group)
	if err != nil {
		return nil, err
	}
	own := by.mayActFor(group, g.where())
	out := []Activity{}
	for len(out) < limit {
		rs, err := d.store.Find(ctx, KindActivity, "group", group, after, limit)
		if err != nil {
			return nil, fmt.Errorf("activities of group %s: %w", group, err)
		}
		for _, r := range rs {
			after = r.ID
			a, err := readActivity(r)
			if err != nil {
				return nil, err
			}
			a.follow(&g)
			switch {
			case len(out) == limit:
			case own:
				out = append(out, a)
			case a.Published():
				out = append(out, d.shown(a))
			}
		}
		if len(rs) < limit {
			break
		}
	}
	return out, nil
}

// ForRevision returns a complete activity to somebody who may write it. It
// fails as a write would: with ErrGone, ErrForbidden or ErrNotFound.
func (d *Directory) ForRevision(ctx context.Context, by Principal, id string) (Activity, error) {
	a, _, err := d.forRevision(ctx, by, id)
	return a, err
}

func (d *Directory) forRevision(ctx context.Context, by Principal, id string) (Activity, Group, error) {
	a, g, err := d.activity(ctx, id)
	if err != nil {
		return Activity{}, Group{}, err
	}
	switch own := by.mayWrite(&a, &g); {
	case !own && !a.Published():
		return Activity{}, Group{}, d.notPublic(ctx, id, a.Status == StatusWithdrawn)
	case !own:
		return Activity{}, Group{}, fmt.Errorf("write activity %s: %w", id, by.forbidden(needsWriter))
	case a.Status == StatusWithdrawn:
		return Activity{}, Group{}, fmt.Errorf("activity %s: %w", id, ErrGone)
	}
	return a, g, nil
}

// change reads an activity that by may write and that stands at rev, lets
// alter change it, and saves it.
func (d *Directory) change(ctx context.Context, by Principal, id string, rev int64, action string, alter func(*Activity) error) (Activity, error) {
	a, g, err := d.forRevision(ctx, by, id)
	if err != nil {
		return Activity{}, err
	}
	if a.Rev != rev {
		return Activity{}, fmt.Errorf("activity %s at %d, not %d: %w", id, a.Rev, rev, ErrConflict)
	}
	if g.Status == GroupSuspended && by.Role == RolePublisher {
		return Activity{}, suspended(g.ID)
	}
	if err := alter(&a); err != nil {
		return Activity{}, err
	}
	a.Updated = d.now()
	w, err := d.activityWrite(&g, &a, rev, by, action)
	if err != nil {
		return Activity{}, err
	}
	rs, err := d.store.Commit(ctx, []Write{guard(KindGroup, g.ID, g.Rev), w})
	if err != nil {
		return Activity{}, fmt.Errorf("%s activity %s: %w", action, id, err)
	}
	a.Rev, a.Change = rs[0].Rev, rs[0].Change
	return a, nil
}

// Revise replaces the Details of an activity, if rev is its newest revision. A
// change by a publisher also confirms the listing for its group; one by others
// leaves the last confirmation as it was.
func (d *Directory) Revise(ctx context.Context, by Principal, id string, rev int64, details Details) (Activity, error) {
	return d.change(ctx, by, id, rev, "revise", func(a *Activity) error {
		c := d.check()
		where := c.details(&details)
		c.ownSource(by, a.Source, details.Source)
		if err := c.Err(); err != nil {
			return err
		}
		changed := !sameDetails(a.Details, details)
		a.Details, a.Located = details, where
		a.EditedHere = a.Source != nil && (changed || a.EditedHere)
		if changed && by.Role == RolePublisher {
			a.Checked = Checked{At: d.now(), By: by.actor(), How: howOwner}
		}
		return nil
	})
}

// Withdraw takes an activity down, if rev is its newest revision. Its history
// stays.
func (d *Directory) Withdraw(ctx context.Context, by Principal, id string, rev int64) (Activity, error) {
	return d.change(ctx, by, id, rev, "withdraw", func(a *Activity) error {
		a.Status = StatusWithdrawn
		return nil
	})
}

// Check records that an activity was confirmed as true, and how: phone, visit
// or email, by link workers and those who may write it; owner, by its
// publisher, who has no other way to confirm its own listing. A link worker
// gets back what the public sees.
func (d *Directory) Check(ctx context.Context, by Principal, id string, rev int64, how string) (Activity, error) {
	c := d.check()
	switch {
	case how == howOwner && by.Role == RolePublisher:
	case by.Role == RolePublisher:
		c.Add("how", `say "owner": a visit or a call is for others to make`, "%q is not how a group confirms its own listing", Quote(how))
	case how != "phone" && how != "visit" && how != "email":
		c.Add("how", `say "visit", "phone" or "email"`, "%q is not a way to confirm somebody else's listing", Quote(how))
	}
	if err := c.Err(); err != nil {
		return Activity{}, err
	}
	writer := by
	if by.Role == RoleLinkWorker {
		if _, err := d.Activity(ctx, by, id); err != nil {
			return Activity{}, err
		}
		writer.Role = RoleAdmin // may write this one thing of any listing
	}
	a, err := d.change(ctx, writer, id, rev, "check", func(a *Activity) error {
		a.Checked = Checked{At: d.now(), By: by.actor(), How: how}
		return nil
	})
	if err == nil && by.Role == RoleLinkWorker {
		a = d.shown(a)
	}
	return a, err
}

// ChangeSession cancels, moves or marks one session, or takes its change back
// with status "on" and no note. The schedule must have the session.
func (d *Directory) ChangeSession(ctx context.Context, by Principal, id string, rev int64, ch SessionChange) (Activity, error) {
	return d.change(ctx, by, id, rev, "change session", func(a *Activity) error {
		c := d.check()
		c.sessionChange(a, &ch)
		if err := c.Err(); err != nil {
			return err
		}
		kept := a.SessionChanges[:0:0]
		for _, old := range a.SessionChanges {
			if old.Session != ch.Session {
				kept = append(kept, old)
			}
		}
		if ch.Status != SessionOn || ch.Note != "" {
			kept = append(kept, ch)
		}
		kept = dropPast(kept, wall(d.now()).AddDate(-1, 0, 0).Format(DateLayout))
		sort.Slice(kept, func(i, j int) bool { return kept[i].Session < kept[j].Session })
		c.atMost("session_changes", len(kept), maxChanges)
		a.SessionChanges = kept
		return c.Err()
	})
}

// dropPast leaves out changes of sessions before date: history keeps them.
func dropPast(changes []SessionChange, date string) []SessionChange {
	kept := changes[:0]
	for _, ch := range changes {
		if ch.Session >= date {
			kept = append(kept, ch)
		}
	}
	return kept
}

func (c *check) sessionChange(a *Activity, ch *SessionChange) {
	ch.Session = strings.TrimSpace(ch.Session)
	if _, ok := a.Session(ch.Session); !ok {
		c.Add("session", "name a session by the start its schedule gives it, YYYY-MM-DDTHH:MM", "%q is not a session of this activity", Quote(ch.Session))
	}
	year, horizon := wall(c.now).AddDate(-1, 0, 0).Format(DateLayout), wall(c.now).AddDate(3, 0, 0).Format(DateLayout)
	if _, ok := a.Session(ch.Session); ok && (ch.Session < year || ch.Session > horizon) {
		c.Add("session", "name one from a year ago to three years ahead", "%q is too far away", Quote(ch.Session))
	}
	if ch.To != nil && len(ch.To.Date) == len(DateLayout) && (ch.To.Date < year || ch.To.Date > horizon) {
		c.Add("to.date", "give a date from a year ago to three years ahead", "%q is too far away", Quote(ch.To.Date))
	}
	switch ch.Status {
	case SessionCancelled, SessionMoved, SessionFull, SessionOn:
	default:
		c.Add("status", `say "cancelled", "moved", "full" or "on"`, "%q is not a status of a session", Quote(ch.Status))
	}
	switch {
	case ch.Status == SessionMoved && ch.To == nil:
		c.Add("to", "say when it takes place instead", "is missing")
	case ch.Status != SessionMoved && ch.To != nil:
		c.Add("to", `leave it out, or say "moved"`, "is given, and the session is not moved")
	case ch.To != nil:
		c.sessionDate("to", ch.To)
	}
	c.text("note", &ch.Note, maxShort)
}

// History returns up to limit revisions of an activity, newest first, with Rev
// less than before (0: from the newest), to those who may write it: earlier
// revisions can hold contacts that are no longer public.
func (d *Directory) History(ctx context.Context, by Principal, id string, before int64, limit int) ([]Revision, error) {
	a, g, err := d.activity(ctx, id)
	if err != nil {
		return nil, err
	}
	if !by.mayWrite(&a, &g) {
		if !a.Published() {
			if err := d.notPublic(ctx, id, a.Status == StatusWithdrawn); !errors.Is(err, ErrGone) {
				return nil, err
			}
		}
		return nil, fmt.Errorf("history of activity %s: %w", id, by.forbidden(needsWriter))
	}
	rs, err := d.store.History(ctx, KindActivity, id, before, limit)
	if err != nil {
		return nil, fmt.Errorf("history of activity %s: %w", id, err)
	}
	out := make([]Revision, 0, len(rs))
	for _, r := range rs {
		a, err := readActivity(r)
		if err != nil {
			return nil, err
		}
		out = append(out, Revision{Rev: r.Rev, Change: r.Change, At: r.At, By: r.By, Action: r.Action, Activity: a})
	}
	return out, nil
}
