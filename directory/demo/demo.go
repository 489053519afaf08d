// Package demo contains an invented directory to try the program with: about 300
// activities in and around three real towns. The towns and the postcodes are
// real; the groups, the venues' names, the people and the activities are not,
// and each listing says so. Telephone numbers are in the ranges that Ofcom
// reserves for drama, web and e-mail addresses are of example.org.
package demo

import (
	"context"
	"fmt"
	"time"

	"gather/directory"
)

// sourceName is the source of every invented listing.
const sourceName = "Gather demonstration"

// Loaded is the result of Load: how many groups, activities and session changes
// of the demonstration the directory has.
type Loaded struct {
	Groups     int
	Activities int
	// Changed counts the sessions that are cancelled, moved, full or have a note.
	Changed int
}

// changedSessions is the number of sessions that Load changes.
const changedSessions = 10

// Load adds the demonstration to dir. Within a week of the clock of dir the
// listings are the same each time; in other weeks the dates of sessions shift
// by whole weeks. Loading again leaves unchanged listings untouched. The error
// is the store's, or names the listing that breaks a rule.
func Load(ctx context.Context, dir *directory.Directory) (Loaded, error) {
	admin := directory.Principal{Role: directory.RoleAdmin}
	var done Loaded
	var ids []string
	for _, t := range towns() {
		w := newWriter(t, dir.Now())
		byGroup, err := w.all()
		if err != nil {
			return done, fmt.Errorf("demonstration of %s: %w", t.name, err)
		}
		for i, g := range t.groups {
			made, err := dir.EnsureGroup(ctx, admin, sourceName, t.key+"/"+g.name, g.details(t))
			if err != nil {
				return done, fmt.Errorf("demonstration group %s: %w", g.name, err)
			}
			done.Groups++
			results, err := dir.Import(ctx, admin, made.ID, byGroup[i], false)
			if err != nil {
				return done, fmt.Errorf("demonstration of %s: %w", g.name, err)
			}
			for j, r := range results {
				if r.Outcome == directory.Refused {
					return done, fmt.Errorf("demonstration listing %s: %w", byGroup[i][j].Details.Source.ID, &directory.Invalid{Faults: r.Faults})
				}
				ids = append(ids, r.ID)
			}
			done.Activities += len(results)
		}
	}
	for i := 0; i < changedSessions; i++ {
		if err := change(ctx, dir, admin, ids[(i*31+3)%len(ids):], i); err != nil {
			return done, fmt.Errorf("demonstration session: %w", err)
		}
		done.Changed++
	}
	return done, nil
}

func newWriter(t town, now time.Time) *writer {
	y, m, d := now.In(directory.London()).Date()
	today := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	back := (int(today.Weekday()) + 6) % 7
	return &writer{town: t, anchor: today.AddDate(0, 0, -back), now: now}
}

// all returns the listings of the town by the index of the group that runs them.
func (w *writer) all() ([][]directory.Listing, error) {
	out := make([][]directory.Listing, len(w.town.groups))
	for _, k := range kinds() {
		times := 2
		if w.town.nation == "cy" {
			times = 1
		}
		if k.key == "welsh" { // Welsh lessons, only in Wales
			times = 2
			if w.town.nation != "cy" {
				continue
			}
		}
		for n := 0; n < times; n++ {
			l, err := w.listing(k, n)
			if err != nil {
				return nil, err
			}
			i := w.groupOf(k.theme)
			out[i] = append(out[i], l)
		}
	}
	return out, nil
}

func (w *writer) groupOf(t theme) int {
	for i, g := range w.town.groups {
		for _, have := range g.themes {
			if have == t {
				return i
			}
		}
	}
	return 0
}

func (g group) details(t town) directory.GroupDetails {
	d := directory.GroupDetails{
		Name: g.name, Kind: g.kind, Postcode: g.postcode, Website: "https://example.org/" + slug(g.name),
		Description: g.about + " An invented group, for demonstration.",
		Contacts:    []directory.Contact{{Role: "Office", Phone: t.phone + "100", Email: "hello@example.org", Public: true}},
	}
	if g.nameCy != "" {
		d.Welsh = &directory.GroupWelsh{Name: g.nameCy, Description: "Grŵp dychmygol, at ddibenion arddangos."}
	}
	return d
}

// change changes the next session of the first of these activities that has
// one in the next two months and no change yet: the nth is cancelled, moved,
// full or has a note.
func change(ctx context.Context, dir *directory.Directory, by directory.Principal, ids []string, n int) error {
	for _, id := range ids {
		a, err := dir.Activity(ctx, by, id)
		if err != nil {
			return err
		}
		if len(a.SessionChanges) > 0 {
			return nil // an earlier Load changed it
		}
		now := dir.Now()
		next := a.Sessions(now.Add(time.Hour), now.AddDate(0, 2, 0), 1)
		if len(next) == 0 {
			continue
		}
		_, err = dir.ChangeSession(ctx, by, id, a.Rev, newChange(next[0], n))
		return err
	}
	return nil
}

func newChange(s directory.Session, n int) directory.SessionChange {
	c := directory.SessionChange{Session: s.Key}
	switch n % 4 {
	case 0:
		c.Status, c.Note = directory.SessionCancelled, "The boiler has gone. Back next time."
	case 1:
		later := s.Start.AddDate(0, 0, 1)
		c.Status, c.Note = directory.SessionMoved, "The hall is a polling station; one day later this once."
		c.To = &directory.SessionDate{Date: later.Format(directory.DateLayout), Start: later.Format("15:04")}
	case 2:
		c.Status, c.Note = directory.SessionFull, "All places are taken this time."
	default:
		c.Status, c.Note = directory.SessionOn, "Bring a photograph of somewhere you love."
	}
	return c
}
