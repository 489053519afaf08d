package directory_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"gather/directory"
)

// told summarises the outcome of a listing.
func told(done directory.Imported) string {
	parts := []string{string(done.Outcome)}
	for _, f := range done.Fields {
		if f.Conflict {
			f.Field += "!"
		}
		parts = append(parts, f.Field)
	}
	return strings.TrimSpace(strings.Join(parts, " ") + " " + done.Why)
}

// trusted registers a group as an admin, which also trusts it.
func trusted(t testing.TB, d *directory.Directory) directory.Group {
	t.Helper()
	reg, err := d.Register(context.Background(), admin, directory.GroupDetails{Name: "Northgate Friends"}, "")
	if err != nil {
		t.Fatal(err)
	}
	return reg.Group
}

func ptr[T any](v T) *T { return &v }

// What is changed here stays, import after import, and the rest follows the
// source.
func TestImportsMergeFieldByField(t *testing.T) {
	ctx := context.Background()
	d := open(t)
	g := trusted(t, d)
	there := directory.Details{
		Title: "Chair Yoga", Delivery: []string{"venue"}, Source: &directory.Source{Name: "A council", ID: "7"},
		Venue:    &directory.Venue{Name: "Hall", Address: directory.Address{Postcode: "M33 7DB"}},
		Contacts: []directory.Contact{{Phone: "0161 496 0001", Public: true}}, Cost: &directory.Cost{Kind: "fixed", Pounds: 3},
		Access: map[string]directory.Answer{"step-free": {Answer: "yes"}},
	}
	take := func(want string, change func(*directory.Details)) directory.Activity {
		t.Helper()
		change(&there)
		for _, dry := range []bool{true, false} {
			done, err := d.Import(ctx, admin, g.ID, []directory.Listing{{Details: there}}, dry)
			if err != nil || told(done[0]) != want {
				t.Fatalf("%q (%v), want %q", told(done[0]), err, want)
			}
			if !dry {
				a, err := d.ForRevision(ctx, admin, done[0].ID)
				if err != nil && !errors.Is(err, directory.ErrGone) {
					t.Fatal(err)
				}
				return a
			}
		}
		return directory.Activity{}
	}
	revise := func(a directory.Activity, change func(*directory.Details)) directory.Activity {
		t.Helper()
		change(&a.Details)
		a, err := d.Revise(ctx, admin, a.ID, a.Rev, a.Details)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	nothing := func(*directory.Details) {}
	a := take("created", nothing)
	take("unchanged", nothing)
	a = revise(a, func(d *directory.Details) {
		d.Title, d.Contacts[0].Public, d.Venue.Name = "Chair yoga with tea", false, "St Mary's Hall"
		d.Access["hearing-loop"] = directory.Answer{Answer: "no"}
	})
	take("kept access.hearing-loop contacts title venue.name", nothing)
	a = take("revised access.hearing-loop contacts title venue.name", func(d *directory.Details) {
		d.Summary, d.Cost = "Gentle.", &directory.Cost{Kind: "free"}
		d.Access = map[string]directory.Answer{"step-free": {Answer: "yes"}, "lift": {Answer: "yes"}}
	})
	if a.Title != "Chair yoga with tea" || a.Summary != "Gentle." || a.Cost.Kind != "free" || len(a.Access) != 3 || a.Contacts[0].Public || a.Venue.Name != "St Mary's Hall" || !a.EditedHere {
		t.Errorf("%+v", a)
	}
	take("kept access.hearing-loop contacts title! venue.name", func(d *directory.Details) { d.Title = "Yoga on chairs" })
	take("kept access.hearing-loop contacts title venue.name", func(d *directory.Details) { d.Title = "Chair Yoga" })
	// If the merged fields break a rule, outer fields are merged whole.
	a = revise(a, func(d *directory.Details) { d.Audience = &directory.Audience{MinAge: ptr(60)} })
	a = take("revised access audience! contacts title venue", func(d *directory.Details) {
		d.Audience, d.Summary = &directory.Audience{MaxAge: ptr(50)}, "Very gentle."
	})
	if *a.Audience.MinAge != 60 || a.Audience.MaxAge != nil || a.Summary != "Very gentle." {
		t.Errorf("%+v %q", a.Audience, a.Summary)
	}
	// Once changed back here, it follows its source again.
	back := there
	back.Source = a.Source
	a = revise(a, func(d *directory.Details) { *d = back })
	take("unchanged", nothing)
	a = take("revised", func(d *directory.Details) { d.Title = "Chair Yoga for all" })
	if a.EditedHere {
		t.Error("still counts as changed here")
	}
}

func TestWithdrawnListingsAndTheirSource(t *testing.T) {
	ctx := context.Background()
	d := open(t)
	g := trusted(t, d)
	listing := directory.Listing{Details: directory.Details{Title: "Tea", Delivery: []string{"phone"}, Source: &directory.Source{Name: "A council", ID: "7"}}}
	take := func() (directory.Imported, directory.Activity) {
		t.Helper()
		done, err := d.Import(ctx, admin, g.ID, []directory.Listing{listing}, false)
		if err != nil {
			t.Fatal(err)
		}
		a, err := d.ForRevision(ctx, admin, done[0].ID)
		if err != nil && !errors.Is(err, directory.ErrGone) {
			t.Fatal(err)
		}
		return done[0], a
	}
	_, a := take()
	if _, err := d.Vanish(ctx, admin, "A council", "8", false); !errors.Is(err, directory.ErrNotFound) {
		t.Errorf("an unknown listing vanished: %v", err)
	}
	if done, err := d.Vanish(ctx, admin, "A council", "7", true); err != nil || done.Outcome != directory.Withdrawn {
		t.Errorf("dry: %v %v", done, err)
	}
	if _, err := d.ForRevision(ctx, admin, a.ID); err != nil {
		t.Errorf("a dry run withdrew: %v", err)
	}
	if done, err := d.Vanish(ctx, admin, "A council", "7", false); err != nil || done.ID != a.ID {
		t.Errorf("%v %v", done, err)
	}
	if _, err := d.Vanish(ctx, admin, "A council", "7", false); !errors.Is(err, directory.ErrGone) {
		t.Errorf("twice: %v", err)
	}
	done, again := take()
	if done.Outcome != directory.Revised || again.ID != a.ID || again.Status != directory.StatusPublished {
		t.Errorf("back at its source: %+v %s", done, again.Status)
	}
	again.Summary = "With cake."
	again, err := d.Revise(ctx, admin, again.ID, again.Rev, again.Details)
	if err != nil {
		t.Fatal(err)
	}
	if done, err := d.Vanish(ctx, admin, "A council", "7", false); err != nil || done.Outcome != directory.Kept {
		t.Errorf("changed here, and vanished: %v %v", done, err)
	}
	if _, err := d.Withdraw(ctx, admin, again.ID, again.Rev); err != nil {
		t.Fatal(err)
	}
	if done, _ := take(); told(done) != "kept was withdrawn here" {
		t.Errorf("withdrawn here, and still at its source: %s", fmt.Sprint(told(done)))
	}
}
