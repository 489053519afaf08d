package directory_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"gather/directory"
	"gather/directory/boltstore"
	"gather/directory/gazetteer"
	"gather/directory/vocabulary"
)

var admin = directory.Principal{Key: "admin", Role: directory.RoleAdmin}

// open makes a directory over a real store.
func open(t testing.TB) *directory.Directory {
	t.Helper()
	store, err := boltstore.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return over(t, store)
}

// rules makes a directory without a store, for what only checks.
func rules(t testing.TB) *directory.Directory {
	t.Helper()
	return over(t, nil)
}

// over makes a directory over a store, with a stopped clock.
func over(t testing.TB, store directory.Store) *directory.Directory {
	t.Helper()
	words, err := vocabulary.Default()
	if err != nil {
		t.Fatal(err)
	}
	places, err := gazetteer.Open("")
	if err != nil {
		t.Fatal(err)
	}
	d := directory.New(store, words, places)
	now := time.Date(2026, 11, 23, 9, 0, 0, 123456789, time.UTC)
	d.Now = func() time.Time { return now }
	return d
}

func scheduleStands(t testing.TB, s *directory.Schedule) bool {
	d := fuzzRules(t)
	return d.CheckDetails(&directory.Details{Title: "Walk", Delivery: []string{"phone"}, Schedule: s}) == nil
}

func choir() directory.Details {
	return directory.Details{
		Title: "Sale Community Choir", Summary: "Singing for everybody.", Interests: []string{"singing"}, Delivery: []string{"venue"},
		Venue:    &directory.Venue{Name: "St Mary's Hall", Address: directory.Address{Street: "12 Church Road", Town: "Sale", Postcode: "m337db"}},
		Schedule: &directory.Schedule{Repeats: []directory.Repeat{weekly("19:00", "21:00", "tue")}},
		Access:   map[string]directory.Answer{"step-free": {Answer: "yes", Note: "ramp at the side"}},
		Contacts: []directory.Contact{
			{Role: "Host", Phone: "0161 496 0001", Public: true},
			{Role: "Treasurer", Email: "treasurer@example.org"},
		},
	}
}

// publisher registers and trusts a group, and returns it with who publishes.
func publisher(t testing.TB, d *directory.Directory) (directory.Group, directory.Principal) {
	t.Helper()
	ctx := context.Background()
	reg, err := d.Register(ctx, directory.Principal{}, directory.GroupDetails{Name: "Northgate Friends", Postcode: "M33 7DB"}, "")
	if err != nil {
		t.Fatal(err)
	}
	by, err := d.Authenticate(ctx, reg.Key)
	if err != nil {
		t.Fatal(err)
	}
	g, err := d.SetGroupStatus(ctx, admin, reg.Group.ID, reg.Group.Rev, directory.GroupTrusted)
	if err != nil {
		t.Fatal(err)
	}
	return g, by
}

func TestAGroupIsPendingUntilABuilderTrustsIt(t *testing.T) {
	ctx, d := context.Background(), open(t)
	reg, err := d.Register(ctx, directory.Principal{}, directory.GroupDetails{Name: " Northgate Friends ", Postcode: "m337db"}, "")
	if err != nil {
		t.Fatal(err)
	}
	if reg.Group.Status != directory.GroupPending || reg.Group.Name != "Northgate Friends" || reg.Group.Outcode != "M33" {
		t.Fatalf("registered %+v", reg.Group)
	}
	by, err := d.Authenticate(ctx, reg.Key)
	if err != nil || by.Group != reg.Group.ID || by.Role != directory.RolePublisher {
		t.Fatalf("Authenticate = %+v, %v", by, err)
	}
	a, err := d.Publish(ctx, by, "", choir(), "")
	if err != nil || a.Status != directory.StatusPending {
		t.Fatalf("publish = %v, %v; want pending", a.Status, err)
	}
	if _, err := d.Activity(ctx, directory.Principal{}, a.ID); !errors.Is(err, directory.ErrNotFound) {
		t.Errorf("the public reads a pending activity: %v", err)
	}
	if _, err := d.Group(ctx, directory.Principal{}, reg.Group.ID); !errors.Is(err, directory.ErrNotFound) {
		t.Errorf("the public reads a pending group: %v", err)
	}
	elsewhere := directory.Principal{Role: directory.RoleBuilder, Area: directory.Area{Outcodes: []string{"EH1"}}}
	if _, err := d.SetGroupStatus(ctx, elsewhere, reg.Group.ID, 1, directory.GroupTrusted); !errors.Is(err, directory.ErrForbidden) {
		t.Errorf("a builder of another area trusts it: %v", err)
	}
	if _, err := d.SetGroupStatus(ctx, by, reg.Group.ID, 1, directory.GroupTrusted); !errors.Is(err, directory.ErrForbidden) {
		t.Errorf("a group trusts itself: %v", err)
	}
	here := directory.Principal{Role: directory.RoleBuilder, Area: directory.Area{Districts: []string{"E08000009"}}}
	if _, err := d.SetGroupStatus(ctx, here, reg.Group.ID, 1, directory.GroupTrusted); err != nil {
		t.Fatal(err)
	}
	got, err := d.Activity(ctx, directory.Principal{}, a.ID)
	if err != nil || got.Status != directory.StatusPublished || got.Rev != 2 {
		t.Fatalf("after trust: %+v, %v", got.Status, err)
	}
	if got.Located == nil || got.Located.District != "E08000009" || got.Venue.Address.Postcode != "M33 7DB" {
		t.Errorf("located %+v, postcode %q", got.Located, got.Venue.Address.Postcode)
	}
	if len(got.Contacts) != 1 || got.Contacts[0].Role != "Host" {
		t.Errorf("the public sees the contacts %+v", got.Contacts)
	}
	if own, _ := d.Activity(ctx, by, a.ID); len(own.Contacts) != 2 {
		t.Errorf("the group sees the contacts %+v", own.Contacts)
	}
}

func TestReviseAndWithdraw(t *testing.T) {
	ctx, d := context.Background(), open(t)
	_, by := publisher(t, d)
	a, err := d.Publish(ctx, by, "", choir(), "")
	if err != nil {
		t.Fatal(err)
	}
	other := directory.Principal{Key: "x", Role: directory.RolePublisher, Group: "other"}
	if _, err := d.Revise(ctx, other, a.ID, a.Rev, choir()); !errors.Is(err, directory.ErrForbidden) {
		t.Errorf("another group revises: %v", err)
	}
	if _, err := d.Revise(ctx, by, a.ID, 7, choir()); !errors.Is(err, directory.ErrConflict) {
		t.Errorf("a stale revision is taken: %v", err)
	}
	changed := choir()
	changed.Title = "Sale Choir"
	b, err := d.Revise(ctx, by, a.ID, a.Rev, changed)
	if err != nil || b.Rev != 2 || b.Change <= a.Change || b.Title != "Sale Choir" {
		t.Fatalf("revised to rev %d change %d %q, %v", b.Rev, b.Change, b.Title, err)
	}
	if _, err := d.Withdraw(ctx, by, a.ID, b.Rev); err != nil {
		t.Fatal(err)
	}
	for name, read := range map[string]func() error{
		"public": func() error { _, err := d.Activity(ctx, directory.Principal{}, a.ID); return err },
		"own":    func() error { _, err := d.Activity(ctx, by, a.ID); return err },
		"revise": func() error { _, err := d.Revise(ctx, by, a.ID, 3, changed); return err },
		"again":  func() error { _, err := d.Withdraw(ctx, by, a.ID, 3); return err },
	} {
		if err := read(); !errors.Is(err, directory.ErrGone) {
			t.Errorf("%s after withdrawing: %v, want ErrGone", name, err)
		}
	}
	history, err := d.History(ctx, by, a.ID, 0, 10)
	if err != nil || len(history) != 3 || history[0].Action != "withdraw" || history[2].Activity.Title != "Sale Community Choir" {
		t.Errorf("history %+v, %v", history, err)
	}
	if _, err := d.History(ctx, directory.Principal{}, a.ID, 0, 10); !errors.Is(err, directory.ErrForbidden) {
		t.Errorf("the public reads the history: %v", err)
	}
}

func TestIdempotentPublish(t *testing.T) {
	ctx, d := context.Background(), open(t)
	_, by := publisher(t, d)
	a, err := d.Publish(ctx, by, "", choir(), "key-0123456789abcdef")
	if err != nil {
		t.Fatal(err)
	}
	b, err := d.Publish(ctx, by, "", choir(), "key-0123456789abcdef")
	if err != nil || !reflect.DeepEqual(a, b) {
		t.Errorf("a repeat answers %+v, %v; the first %+v", b, err, a)
	}
	changed := choir()
	changed.Title = "Another"
	if _, err := d.Publish(ctx, by, "", changed, "key-0123456789abcdef"); !errors.Is(err, directory.ErrReused) {
		t.Errorf("the key with other details: %v, want ErrReused", err)
	}
	if _, err := d.Revise(ctx, by, a.ID, a.Rev, changed); err != nil {
		t.Fatal(err)
	}
	if c, err := d.Publish(ctx, by, "", choir(), "key-0123456789abcdef"); err != nil || c.Rev != 1 || c.Title != a.Title {
		t.Errorf("a late repeat answers rev %d %q, %v; want what the first answered", c.Rev, c.Title, err)
	}
	rs, _ := directory.StoreOf(d).Find(ctx, directory.KindActivity, "group", by.Group, "", 10)
	if len(rs) != 1 {
		t.Errorf("%d activities, want 1", len(rs))
	}
}

func TestIdempotentRegister(t *testing.T) {
	ctx, d := context.Background(), open(t)
	details := directory.GroupDetails{Name: "Northgate Friends"}
	first, err := d.Register(ctx, directory.Principal{}, details, "0123456789abcdef")
	if err != nil {
		t.Fatal(err)
	}
	again, err := d.Register(ctx, directory.Principal{}, details, "0123456789abcdef")
	if err != nil || again.Group.ID != first.Group.ID || again.Key == first.Key {
		t.Fatalf("again = %+v, %v", again, err)
	}
	if _, err := d.Authenticate(ctx, first.Key); !errors.Is(err, directory.ErrUnauthorised) {
		t.Errorf("the first secret still works beside the second: %v", err)
	}
	if _, err := d.Authenticate(ctx, again.Key); err != nil {
		t.Errorf("the second secret: %v", err)
	}
	if _, err := d.Register(ctx, directory.Principal{}, directory.GroupDetails{Name: "Somebody Else"}, "0123456789abcdef"); !errors.Is(err, directory.ErrReused) {
		t.Errorf("the key with another group: %v, want ErrReused", err)
	}
	if _, err := d.SetGroupStatus(ctx, admin, first.Group.ID, 1, directory.GroupTrusted); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Register(ctx, directory.Principal{}, details, "0123456789abcdef"); !errors.Is(err, directory.ErrConflict) {
		t.Errorf("a repeat after the group was trusted: %v, want ErrConflict", err)
	}
}

func TestAGroupCarriesItsNameAndStatusToItsActivities(t *testing.T) {
	ctx, d := context.Background(), open(t)
	g, by := publisher(t, d)
	const many = directory.MaxWrites + 50 // more than one transaction holds
	var listings []directory.Listing
	for i := range many {
		l := directory.Listing{Details: choir()}
		l.Details.Source = &directory.Source{Name: "test", ID: fmt.Sprint(i)}
		listings = append(listings, l)
	}
	for len(listings) > 0 {
		n := min(directory.MaxImport, len(listings))
		if _, err := d.Import(ctx, admin, g.ID, listings[:n], false); err != nil {
			t.Fatal(err)
		}
		listings = listings[n:]
	}
	g, err := d.SetGroupStatus(ctx, admin, g.ID, g.Rev, directory.GroupSuspended)
	if err != nil {
		t.Fatal(err)
	}
	count := func(want directory.Status, name string) (n int) {
		if err := d.FinishCascades(ctx); err != nil {
			t.Fatal(err)
		}
		for after := ""; ; {
			rs, err := directory.StoreOf(d).Find(ctx, directory.KindActivity, "group", g.ID, after, 500)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range rs {
				if a, _ := directory.ReadActivity(r); a.Status == want && a.GroupName == name {
					n++
				}
				after = r.ID
			}
			if len(rs) < 500 {
				return n
			}
		}
	}
	if n := count(directory.StatusPending, "Northgate Friends"); n != many {
		t.Errorf("%d of %d activities are hidden with their group", n, many)
	}
	if _, err := d.Publish(ctx, by, "", choir(), ""); !errors.Is(err, directory.ErrForbidden) {
		t.Errorf("a suspended group publishes: %v", err)
	}
	if g, err = d.SetGroupStatus(ctx, admin, g.ID, g.Rev, directory.GroupTrusted); err != nil {
		t.Fatal(err)
	}
	details := g.GroupDetails
	details.Name = "Southgate Friends"
	if _, err := d.ReviseGroup(ctx, by, g.ID, g.Rev, details); fieldsOf(err) != "name" {
		t.Errorf("a trusted group takes another name by itself: %v", err)
	}
	if g, err = d.ReviseGroup(ctx, admin, g.ID, g.Rev, details); err != nil {
		t.Fatal(err)
	}
	if n := count(directory.StatusPublished, "Southgate Friends"); n != many {
		t.Errorf("%d of %d activities carry the new name", n, many)
	}
}

func TestImport(t *testing.T) {
	ctx, d := context.Background(), open(t)
	g, by := publisher(t, d)
	listing := func(id, title string) directory.Listing {
		l := directory.Listing{Details: choir(), Confirmed: time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)}
		l.Details.Title = title
		l.Details.Source = &directory.Source{Name: "file", ID: id}
		return l
	}
	outcomes := func(done []directory.Imported) string {
		var s []string
		for _, r := range done {
			s = append(s, string(r.Outcome))
		}
		return strings.Join(s, " ")
	}
	run := func(want string, dry bool, ls ...directory.Listing) []directory.Imported {
		t.Helper()
		done, err := d.Import(ctx, admin, g.ID, ls, dry)
		if err != nil {
			t.Fatal(err)
		}
		if got := outcomes(done); got != want {
			t.Errorf("import: %s, want %s", got, want)
		}
		return done
	}
	bad := listing("3", "x")
	run("created created refused refused", true, listing("1", "One"), listing("2", "Two"), bad, listing("1", "One again"))
	if rs, _ := directory.StoreOf(d).Find(ctx, directory.KindActivity, "group", g.ID, "", 10); len(rs) != 0 {
		t.Fatalf("a dry run wrote %d activities", len(rs))
	}
	first := run("created created refused", false, listing("1", "One"), listing("2", "Two"), bad)
	a, err := d.Activity(ctx, by, first[0].ID)
	if err != nil || a.Checked.How != "import" || !a.Checked.At.Equal(time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("checked %+v, %v", a.Checked, err)
	}
	last, _ := d.Last(ctx)
	run("unchanged unchanged", false, listing("1", "One"), listing("2", "Two"))
	if now, _ := d.Last(ctx); now != last {
		t.Errorf("the same listings again moved the log from %d to %d", last, now)
	}
	run("revised", false, listing("1", "One and more"))
	edited := a.Details
	edited.Title = "Ours"
	if _, err := d.Revise(ctx, by, first[1].ID, 1, edited); err == nil {
		t.Error("took the source of another listing") // the unique lookup holds
	}
	mine, _ := d.Activity(ctx, by, first[1].ID)
	mine.Title = "Ours"
	if _, err := d.Revise(ctx, by, first[1].ID, 1, mine.Details); err != nil {
		t.Fatal(err)
	}
	run("kept", false, listing("2", "Two, newer"))
}

func TestKeys(t *testing.T) {
	ctx, d := context.Background(), open(t)
	g, by := publisher(t, d)
	made, err := d.CreateKey(ctx, admin, directory.NewKey{Label: "Sale surgery", Role: directory.RoleLinkWorker})
	if err != nil {
		t.Fatal(err)
	}
	if made.Key.Hash != "" {
		t.Error("the hash is shown")
	}
	worker, err := d.Authenticate(ctx, made.Secret)
	if err != nil || worker.Role != directory.RoleLinkWorker {
		t.Fatalf("Authenticate = %+v, %v", worker, err)
	}
	for _, who := range []directory.Principal{{}, by, worker} {
		if _, err := d.CreateKey(ctx, who, directory.NewKey{Label: "x", Role: directory.RoleAdmin}); !errors.Is(err, directory.ErrForbidden) {
			t.Errorf("%q makes an admin: %v", who.Role, err)
		}
	}
	builder := directory.Principal{Role: directory.RoleBuilder, Area: directory.Area{Outcodes: []string{"M33"}}}
	if _, err := d.CreateKey(ctx, builder, directory.NewKey{Label: "second key", Role: directory.RolePublisher, Group: g.ID}); err != nil {
		t.Errorf("a builder makes a publisher's key in the area: %v", err)
	}
	if _, err := d.CreateKey(ctx, builder, directory.NewKey{Label: "x", Role: directory.RoleBuilder}); !errors.Is(err, directory.ErrForbidden) {
		t.Errorf("a builder makes a builder: %v", err)
	}
	keys, err := d.Keys(ctx, admin, directory.RolePublisher, g.ID, "", 10)
	if err != nil || len(keys) != 2 || keys[0].Hash != "" {
		t.Errorf("keys %+v, %v", keys, err)
	}
	if _, err := d.RevokeKey(ctx, worker, by.Key); !errors.Is(err, directory.ErrForbidden) {
		t.Errorf("a link worker revokes another's key: %v", err)
	}
	if _, err := d.RevokeKey(ctx, worker, worker.Key); err != nil {
		t.Errorf("revoke one's own: %v", err)
	}
	if _, err := d.Authenticate(ctx, made.Secret); !errors.Is(err, directory.ErrUnauthorised) {
		t.Errorf("a revoked key: %v", err)
	}
	expires := d.Now().Add(time.Hour)
	short, err := d.CreateKey(ctx, admin, directory.NewKey{Label: "x", Role: directory.RoleAdmin, Expires: &expires})
	if err != nil {
		t.Fatal(err)
	}
	d.Now = func() time.Time { return expires }
	for _, secret := range []string{short.Secret, "", "gather_", "gather_x", strings.Repeat("a", 5000), short.Secret[:len(short.Secret)-2]} {
		if _, err := d.Authenticate(ctx, secret); !errors.Is(err, directory.ErrUnauthorised) {
			t.Errorf("Authenticate(%.20q) = %v", secret, err)
		}
	}
}

func TestSessionChanges(t *testing.T) {
	ctx, d := context.Background(), open(t)
	_, by := publisher(t, d)
	a, err := d.Publish(ctx, by, "", choir(), "")
	if err != nil {
		t.Fatal(err)
	}
	a, err = d.ChangeSession(ctx, by, a.ID, a.Rev, directory.SessionChange{Session: "2026-11-24T19:00", Status: "cancelled", Note: "No heating"})
	if err != nil {
		t.Fatal(err)
	}
	if s, _ := a.NextSession(d.Now()); s.Key != "2026-12-01T19:00" {
		t.Errorf("next session is %s", s.Key)
	}
	for _, c := range []struct {
		ch    directory.SessionChange
		field string
	}{
		{directory.SessionChange{Session: "2026-11-25T19:00", Status: "full"}, "session"},
		{directory.SessionChange{Session: "2026-12-01T19:00", Status: "off"}, "status"},
		{directory.SessionChange{Session: "2026-12-01T19:00", Status: "moved"}, "to"},
		{directory.SessionChange{Session: "2026-12-01T19:00", Status: "full", To: &directory.SessionDate{Date: "2026-12-02", Start: "19:00"}}, "to"},
		{directory.SessionChange{Session: "2026-12-01T19:00", Status: "moved", To: &directory.SessionDate{Date: "2026-02-30", Start: "19:00"}}, "to.date"},
	} {
		var bad *directory.Invalid
		if _, err := d.ChangeSession(ctx, by, a.ID, a.Rev, c.ch); !errors.As(err, &bad) || bad.Faults[0].Field != c.field {
			t.Errorf("%+v: %v, want a fault of %s", c.ch, err, c.field)
		}
	}
	a, err = d.ChangeSession(ctx, by, a.ID, a.Rev, directory.SessionChange{Session: "2026-11-24T19:00", Status: "on"})
	if err != nil || len(a.SessionChanges) != 0 {
		t.Errorf("taken back: %+v, %v", a.SessionChanges, err)
	}
}

// Changes of sessions more than a year past are dropped with the next change:
// history keeps them, and a listing that runs for years does not grow.
func TestChangesOfLongPastSessionsAreDropped(t *testing.T) {
	ctx, d := context.Background(), open(t)
	_, by := publisher(t, d)
	a, err := d.Publish(ctx, by, "", choir(), "")
	if err != nil {
		t.Fatal(err)
	}
	change := func(session string) {
		t.Helper()
		if a, err = d.ChangeSession(ctx, by, a.ID, a.Rev, directory.SessionChange{Session: session, Status: directory.SessionFull}); err != nil {
			t.Fatal(err)
		}
	}
	change("2026-11-24T19:00")
	change("2026-12-01T19:00")
	begin := d.Now()
	for _, c := range []struct {
		now           time.Time
		session, want string
	}{
		{begin.AddDate(1, 0, 1), "2027-12-07T19:00", "2026-11-24T19:00 2026-12-01T19:00 2027-12-07T19:00"}, // a year to the day
		{begin.AddDate(1, 0, 2), "2027-12-14T19:00", "2026-12-01T19:00 2027-12-07T19:00 2027-12-14T19:00"},
		{begin.AddDate(1, 1, 0), "2027-12-28T19:00", "2027-12-07T19:00 2027-12-14T19:00 2027-12-28T19:00"},
	} {
		d.Now = func() time.Time { return c.now }
		change(c.session)
		var kept []string
		for _, ch := range a.SessionChanges {
			kept = append(kept, ch.Session)
		}
		if got := strings.Join(kept, " "); got != c.want {
			t.Errorf("on %s: changes of %s, want %s", c.now.Format(directory.DateLayout), got, c.want)
		}
	}
	history, err := d.History(ctx, by, a.ID, 0, 10)
	if err != nil || len(history) != 6 || len(history[3].Activity.SessionChanges) != 2 {
		t.Errorf("history %+v, %v", history, err)
	}
}

func TestCheck(t *testing.T) {
	ctx, d := context.Background(), open(t)
	_, by := publisher(t, d)
	a, err := d.Publish(ctx, by, "", choir(), "")
	if err != nil {
		t.Fatal(err)
	}
	later := d.Now().AddDate(0, 6, 0)
	d.Now = func() time.Time { return later }
	if got := a.Trust(later); got.Score > 0.46 || got.Score < 0.44 || got.CheckedMonths != 5 {
		t.Errorf("trust after six months: %+v", got)
	}
	worker := directory.Principal{Key: "w", Role: directory.RoleLinkWorker}
	if a, err = d.Check(ctx, worker, a.ID, a.Rev, "visit"); err != nil || a.Checked.By != "link-worker" || a.Trust(later).Score != 1 {
		t.Errorf("a link worker's visit: %+v, %v", a.Checked, err)
	}
	if len(a.Contacts) != 1 {
		t.Errorf("a link worker is shown the contacts %+v", a.Contacts)
	}
	if _, err := d.Check(ctx, by, a.ID, a.Rev, "visit"); fieldsOf(err) != "how" {
		t.Errorf("a group visits itself: %v", err)
	}
	if _, err := d.Revise(ctx, worker, a.ID, a.Rev, choir()); !errors.Is(err, directory.ErrForbidden) {
		t.Errorf("a link worker revises: %v", err)
	}
	if _, err := d.Check(ctx, directory.Principal{}, a.ID, a.Rev, "visit"); !errors.Is(err, directory.ErrForbidden) {
		t.Errorf("the public confirms: %v", err)
	}
}

func TestABuilderChangesWhatTheBuilderPublished(t *testing.T) {
	ctx, d := context.Background(), open(t)
	g, _ := publisher(t, d)
	builder := directory.Principal{Key: "b", Role: directory.RoleBuilder, Area: directory.Area{Outcodes: []string{"M33"}}}
	elsewhere := choir()
	elsewhere.Venue.Address.Postcode = "M1 1AE"
	a, err := d.Publish(ctx, builder, g.ID, elsewhere, "")
	if err != nil {
		t.Fatal(err)
	}
	if a, err = d.Revise(ctx, builder, a.ID, a.Rev, elsewhere); err != nil {
		t.Errorf("revise: %v", err)
	}
	if _, err := d.Withdraw(ctx, builder, a.ID, a.Rev); err != nil {
		t.Errorf("withdraw: %v", err)
	}
}

func TestASourceIsNotAPublishersToSet(t *testing.T) {
	ctx, d := context.Background(), open(t)
	_, by := publisher(t, d)
	claimed := choir()
	claimed.Source = &directory.Source{Name: "Council", ID: "1"}
	if _, err := d.Publish(ctx, by, "", claimed, ""); fieldsOf(err) != "source" {
		t.Errorf("a publisher claims a source: %v", err)
	}
}

// TestPublishingWhileTheGroupChanges races publishers with changes of their
// group: in the end every activity carries the group's last state.
func TestPublishingWhileTheGroupChanges(t *testing.T) {
	ctx, d := context.Background(), open(t)
	g, by := publisher(t, d)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 15 {
				if _, err := d.Publish(ctx, by, "", choir(), ""); err != nil && !errors.Is(err, directory.ErrForbidden) && !errors.Is(err, directory.ErrConflict) {
					t.Error(err)
				}
			}
		})
	}
	for i := range 12 {
		status := []directory.GroupStatus{directory.GroupSuspended, directory.GroupTrusted}[i%2]
		var err error
		if g, err = d.SetGroupStatus(ctx, admin, g.ID, g.Rev, status); err != nil {
			t.Fatal(err)
		}
		rs, err := directory.StoreOf(d).Find(ctx, directory.KindActivity, "group", g.ID, "", 1000)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rs {
			a, err := directory.ReadActivity(r)
			if err != nil {
				t.Fatal(err)
			}
			if (a.Status == directory.StatusPublished) != (status == directory.GroupTrusted) {
				t.Errorf("round %d: an activity is %s and its group %s", i, a.Status, status)
			}
		}
	}
	wg.Wait()
}

func TestDocumentsAreAsTheirJSON(t *testing.T) {
	ctx, d := context.Background(), open(t)
	_, by := publisher(t, d)
	a, err := d.Publish(ctx, by, "", choir(), "")
	if err != nil {
		t.Fatal(err)
	}
	r, err := directory.StoreOf(d).Get(ctx, directory.KindActivity, a.ID)
	if err != nil {
		t.Fatal(err)
	}
	want := a
	want.Rev, want.Change = 0, 0
	if b, _ := json.Marshal(want); string(b) != string(r.Doc) {
		t.Errorf("stored\n%s\nwant\n%s", r.Doc, b)
	}
}
