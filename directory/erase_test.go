package directory_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"gather/directory"
)

// whole is everything that the store of d holds.
func whole(t *testing.T, d *directory.Directory) []directory.Record {
	t.Helper()
	rs, err := d.Log(context.Background(), 0, 10000)
	if err != nil {
		t.Fatal(err)
	}
	return rs
}

// holds reports whether any revision contains text, in any case.
func holds(t *testing.T, d *directory.Directory, text string) bool {
	t.Helper()
	b, err := json.Marshal(whole(t, d))
	if err != nil {
		t.Fatal(err)
	}
	return strings.Contains(strings.ToLower(string(b)), strings.ToLower(text))
}

// entries are the actions of a record, newest first.
func entries(t *testing.T, d *directory.Directory, kind directory.Kind, id string) (actions []string) {
	t.Helper()
	rs, err := directory.StoreOf(d).History(context.Background(), kind, id, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rs {
		actions = append(actions, r.Action)
	}
	return actions
}

// again checks that repeating an erasure finds nothing more.
func again(t *testing.T, d *directory.Directory, erase func(dry bool) (directory.Erased, error)) {
	t.Helper()
	before := len(whole(t, d))
	for _, dry := range []bool{true, false} {
		if done, err := erase(dry); err != nil || done != (directory.Erased{}) || len(whole(t, d)) != before {
			t.Errorf("again: %+v, %v, %d revisions more", done, err, len(whole(t, d))-before)
		}
	}
}

func TestAContactIsErasedFromEveryRevision(t *testing.T) {
	ctx := context.Background()
	for _, c := range []struct{ erase, in, left string }{
		{"Ann.Example@example.org", "Write to ann.example@EXAMPLE.org, or to joann.example@example.org.", "Write to [erased], or to joann.example@example.org."},
		{"ann@example.org", "ann@example.org.uk and x.ann@example.org are others; (ann@example.org)", "ann@example.org.uk and x.ann@example.org are others; ([erased])"},
		{"0161 496 0999", "Ring +44 161 4960999 or (0161) 496-0999, not 0161 496 0998.", "Ring [erased] or [erased], not 0161 496 0998."},
		{"+44 (0)161 496 0999", "Ring 01614960999.", "Ring [erased]."},
		{"Ann Example", "Ask for Ann Example. Hannah Ann Examples is another.", "Ask for [erased]. Hannah Ann Examples is another."},
	} {
		t.Run(c.erase, func(t *testing.T) {
			d := open(t)
			g, by := publisher(t, d)
			details := choir()
			details.Description = c.in
			theirs := directory.Contact{Role: "Host", Name: "Ann Example", Phone: "0161 496 0999", Email: "ann.example@example.org"}
			if strings.HasPrefix(c.erase, "ann@") {
				theirs.Email = "ann@example.org"
			}
			details.Contacts = append(details.Contacts, theirs)
			details.Source = nil
			a, err := d.Publish(ctx, by, g.ID, details, "")
			if err != nil {
				t.Fatal(err)
			}
			details.Title = "Sale Choir"
			if a, err = d.Revise(ctx, by, a.ID, a.Rev, details); err != nil {
				t.Fatal(err)
			}
			gone, err := d.Publish(ctx, by, g.ID, details, "")
			if err != nil {
				t.Fatal(err)
			}
			if _, err = d.Withdraw(ctx, by, gone.ID, gone.Rev); err != nil {
				t.Fatal(err)
			}
			other, err := d.Publish(ctx, by, g.ID, choir(), "")
			if err != nil {
				t.Fatal(err)
			}
			before := len(whole(t, d))
			erase := func(dry bool) (directory.Erased, error) { return d.EraseContact(ctx, admin, c.erase, dry) }
			want := directory.Erased{Activities: 2, Revisions: 4}
			if done, err := erase(true); err != nil || done != want || len(whole(t, d)) != before {
				t.Fatalf("dry: %+v, %v", done, err)
			}
			if done, err := erase(false); err != nil || done != want {
				t.Fatalf("%+v, %v", done, err)
			}
			for _, id := range []string{a.ID, gone.ID} {
				rs, err := directory.StoreOf(d).History(ctx, directory.KindActivity, id, 0, 10)
				if err != nil || len(rs) != 3 || rs[0].Action != "erase" || rs[0].By != admin.Key || rs[0].Gone != (id == gone.ID) {
					t.Fatalf("history of %s: %+v, %v", id, rs, err)
				}
				for _, r := range rs {
					is, err := directory.ReadActivity(r)
					if err != nil || is.Description != c.left || len(is.Contacts) != 2 || len(is.Access) != 1 {
						t.Errorf("revision %d says %q with contacts %+v (%v)", r.Rev, is.Description, is.Contacts, err)
					}
				}
			}
			if now, err := d.Activity(ctx, by, a.ID); err != nil || now.Title != "Sale Choir" || now.Status != directory.StatusPublished {
				t.Errorf("the listing is now %q, %s (%v)", now.Title, now.Status, err)
			}
			if got := entries(t, d, directory.KindActivity, other.ID); len(got) != 1 {
				t.Errorf("a listing without the contact was written: %q", got)
			}
			again(t, d, erase)
		})
	}
}

func TestAListingIsErased(t *testing.T) {
	ctx := context.Background()
	d := open(t)
	g, by := publisher(t, d)
	details := choir()
	details.Source = &directory.Source{Name: "council.csv", ID: "ann-77"}
	imported, err := d.Import(ctx, admin, g.ID, []directory.Listing{{Details: details}}, false)
	if err != nil {
		t.Fatal(err)
	}
	id := imported[0].ID
	details.Title = "Ann's Secret Choir"
	a, err := d.Activity(ctx, by, id)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Revise(ctx, by, id, a.Rev, details); err != nil {
		t.Fatal(err)
	}
	erase := func(dry bool) (directory.Erased, error) { return d.EraseActivity(ctx, admin, id, dry) }
	if _, err := d.EraseActivity(ctx, by, id, false); !errors.Is(err, directory.ErrForbidden) {
		t.Errorf("a publisher erased: %v", err)
	}
	if _, err := d.EraseActivity(ctx, admin, g.ID, false); !errors.Is(err, directory.ErrNotFound) {
		t.Errorf("an unknown listing was erased: %v", err)
	}
	for _, dry := range []bool{true, false} {
		if done, err := erase(dry); err != nil || done != (directory.Erased{Activities: 1, Revisions: 2}) {
			t.Fatalf("%+v, %v", done, err)
		}
	}
	for _, text := range []string{"Choir", "Church Road", "0161 496 0001", "treasurer", "M33", "council", "ann-77", "ramp"} {
		if holdsOf(t, d, id, text) {
			t.Errorf("a revision still says %q", text)
		}
	}
	if _, err := d.Activity(ctx, directory.Principal{}, id); !errors.Is(err, directory.ErrGone) {
		t.Errorf("it answers %v, want that it is gone", err)
	}
	if got := strings.Join(entries(t, d, directory.KindActivity, id), " "); got != "erase revise import" {
		t.Errorf("its history is %q", got)
	}
	if back, err := d.Import(ctx, admin, g.ID, []directory.Listing{{Details: details}}, false); err != nil || back[0].Outcome != directory.Kept {
		t.Errorf("the next import says %+v, %v", back, err)
	}
	again(t, d, erase)
}

func holdsOf(t *testing.T, d *directory.Directory, id, text string) bool {
	t.Helper()
	for _, r := range whole(t, d) {
		b, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		if r.ID == id && bytes.Contains(b, []byte(text)) {
			return true
		}
	}
	return false
}

func TestAGroupIsErasedWithAllItHas(t *testing.T) {
	ctx := context.Background()
	d := open(t)
	reg, err := d.Register(ctx, directory.Principal{}, directory.GroupDetails{Name: "Ann Example's Tea", Postcode: "M33 7DB", Contacts: []directory.Contact{{Email: "ann@example.org", Public: true}}}, "")
	if err != nil {
		t.Fatal(err)
	}
	g, err := d.SetGroupStatus(ctx, admin, reg.Group.ID, reg.Group.Rev, directory.GroupTrusted)
	if err != nil {
		t.Fatal(err)
	}
	by, err := d.Authenticate(ctx, reg.Key)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.CreateKey(ctx, admin, directory.NewKey{Label: "Ann Example's laptop", Role: directory.RolePublisher, Group: g.ID}); err != nil {
		t.Fatal(err)
	}
	var listings []directory.Activity
	for range 3 {
		a, err := d.Publish(ctx, by, g.ID, choir(), "")
		if err != nil {
			t.Fatal(err)
		}
		listings = append(listings, a)
	}
	if _, err := d.Withdraw(ctx, by, listings[0].ID, listings[0].Rev); err != nil {
		t.Fatal(err)
	}
	others, theirs := publisher(t, d)
	kept, err := d.Publish(ctx, theirs, others.ID, choir(), "")
	if err != nil {
		t.Fatal(err)
	}
	erase := func(dry bool) (directory.Erased, error) { return d.EraseGroup(ctx, admin, g.ID, dry) }
	for _, dry := range []bool{true, false} {
		done, err := erase(dry)
		if err != nil || done.Groups != 1 || done.Activities != 3 || done.Keys != 2 {
			t.Fatalf("%+v, %v", done, err)
		}
	}
	for _, text := range []string{"Ann Example", "ann@example.org"} {
		if holds(t, d, text) {
			t.Errorf("something still says %q", text)
		}
	}
	for _, a := range listings {
		if _, err := d.Activity(ctx, directory.Principal{}, a.ID); !errors.Is(err, directory.ErrGone) {
			t.Errorf("a listing answers %v", err)
		}
	}
	if _, err := d.PublicGroup(ctx, g.ID); !errors.Is(err, directory.ErrNotFound) {
		t.Errorf("the group answers %v", err)
	}
	if _, err := d.Authenticate(ctx, reg.Key); !errors.Is(err, directory.ErrUnauthorised) {
		t.Errorf("its key answers %v", err)
	}
	if _, err := d.Activity(ctx, directory.Principal{}, kept.ID); err != nil {
		t.Errorf("another group's listing: %v", err)
	}
	again(t, d, erase)
}

func TestWhoIsMeantMustBeClear(t *testing.T) {
	d := open(t)
	for _, text := range []string{"", "  ", "Ann", "a b c"} {
		var bad *directory.Invalid
		if _, err := d.EraseContact(context.Background(), admin, text, true); !errors.As(err, &bad) {
			t.Errorf("%q: %v, want that it is too short", text, err)
		}
	}
}
