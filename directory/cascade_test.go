package directory_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"

	"gather/directory"
	"gather/directory/boltstore"
)

// many is more listings than two transactions hold.
const many = 2*directory.MaxWrites + 300

// watched is a store that counts the records read by lookups and fails after a
// number of commits.
type watched struct {
	directory.Store
	found   atomic.Int64
	commits atomic.Int64 // left, before the store fails; negative: no end
}

func (w *watched) Find(ctx context.Context, kind directory.Kind, name, value, after string, limit int) ([]directory.Record, error) {
	rs, err := w.Store.Find(ctx, kind, name, value, after, limit)
	w.found.Add(int64(len(rs)))
	return rs, err
}

func (w *watched) Commit(ctx context.Context, ws []directory.Write) ([]directory.Record, error) {
	if w.commits.Load() == 0 {
		return nil, directory.ErrUnavailable
	}
	w.commits.Add(-1)
	return w.Store.Commit(ctx, ws)
}

// crowd makes a trusted group with many listings, in a store that is watched.
func crowd(t *testing.T) (*directory.Directory, *watched, directory.Group) {
	t.Helper()
	store, err := boltstore.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	w := &watched{Store: store}
	w.commits.Store(-1)
	d := over(t, w)
	g, _ := publisher(t, d)
	fill(t, d, g.ID, many)
	return d, w, g
}

// fill imports size listings.
func fill(t *testing.T, d *directory.Directory, group string, size int) {
	t.Helper()
	for i := 0; i < size; i += directory.MaxImport {
		var listings []directory.Listing
		for n := i; n < min(size, i+directory.MaxImport); n++ {
			l := directory.Listing{Details: choir()}
			l.Details.Source = &directory.Source{Name: "test", ID: fmt.Sprint(n)}
			listings = append(listings, l)
		}
		if _, err := d.Import(t.Context(), admin, group, listings, false); err != nil {
			t.Fatal(err)
		}
	}
}

func setStatus(t *testing.T, d *directory.Directory, g directory.Group, status directory.GroupStatus) directory.Group {
	t.Helper()
	g, err := d.SetGroupStatus(t.Context(), admin, g.ID, g.Rev, status)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// records are the records of the listings of a group.
func records(t *testing.T, d *directory.Directory, group string) (all []directory.Record) {
	t.Helper()
	for after := ""; ; {
		rs, err := directory.StoreOf(d).Find(t.Context(), directory.KindActivity, "group", group, after, 1000)
		if err != nil {
			t.Fatal(err)
		}
		if all = append(all, rs...); len(rs) < 1000 {
			return all
		}
		after = all[len(all)-1].ID
	}
}

// outdated counts the listings whose record does not have the name and status of
// their group.
func outdated(t *testing.T, d *directory.Directory, g directory.Group) (n int) {
	t.Helper()
	for _, r := range records(t, d, g.ID) {
		a, err := directory.ReadActivity(r)
		if err != nil {
			t.Fatal(err)
		}
		if a.Published() != g.Published() || a.GroupName != g.Name {
			n++
		}
	}
	return n
}

// seen counts, by the way in which they are read, the listings of a group that
// anybody may see.
func seen(t *testing.T, d *directory.Directory, group string) map[string]int {
	t.Helper()
	ctx, n := t.Context(), map[string]int{}
	rs := records(t, d, group)
	var ids []string
	for i, r := range rs {
		if ids = append(ids, r.ID); i%100 != 0 {
			continue // one of each hundred by itself
		}
		if _, err := d.Activity(ctx, directory.Principal{}, r.ID); err == nil {
			n["Activity"] += 100
		} else if !errors.Is(err, directory.ErrNotFound) {
			t.Fatal(err)
		}
		if _, err := d.PublicActivity(ctx, r.ID); err == nil {
			n["PublicActivity"] += 100
		} else if !errors.Is(err, directory.ErrNotFound) {
			t.Fatal(err)
		}
		if _, err := d.ForRevision(ctx, directory.Principal{}, r.ID); errors.Is(err, directory.ErrForbidden) {
			n["ForRevision"] += 100
		}
		if _, err := d.History(ctx, directory.Principal{}, r.ID, 0, 1); errors.Is(err, directory.ErrForbidden) {
			n["History"] += 100
		}
	}
	as, err := d.PublicActivities(ctx, ids)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range as {
		if a != nil {
			n["PublicActivities"]++
		}
	}
	for _, err := range d.EachPublished(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		n["EachPublished"]++
	}
	for after, more := int64(0), true; more; {
		ps, err := d.PublicChanges(ctx, after, 1000)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range ps {
			if after = p.Change; p.Activity != nil {
				n["PublicChanges"]++
			}
		}
		more = len(ps) == 1000
	}
	return n
}

// TestALargeGroupIsSuspendedAtOnce suspends and trusts a group with more
// listings than one transaction holds: in every way of reading, none or all of
// them are public as soon as the call returns, and stay so while the records
// follow.
func TestALargeGroupIsSuspendedAtOnce(t *testing.T) {
	d, w, g := crowd(t)
	all := func(when string, public bool) {
		t.Helper()
		counts := seen(t, d, g.ID)
		for _, way := range []string{"Activity", "PublicActivity", "ForRevision", "History", "PublicActivities", "EachPublished", "PublicChanges"} {
			if n := counts[way]; public != (n >= many) || !public && n > 0 {
				t.Errorf("%s: %s shows %d of %d listings", when, way, n, many)
			}
		}
	}
	all("at first", true)
	before := w.commits.Load()
	g = setStatus(t, d, g, directory.GroupSuspended)
	if n := before - w.commits.Load(); n != 1 {
		t.Errorf("the answer came after %d transactions, not 1", n)
	}
	if outdated(t, d, g) == 0 {
		t.Fatal("there is no cascade to look at: the listings were written with their group")
	}
	all("suspended", false)
	own, err := d.Activities(t.Context(), admin, g.ID, "", 10)
	if err != nil || len(own) != 10 || own[0].Published() {
		t.Errorf("those who may write the listings are told %v, %v", own, err)
	}

	// The process ends in the middle; another one continues.
	w.commits.Store(3)
	if err := d.FinishCascades(t.Context()); !errors.Is(err, directory.ErrUnavailable) {
		t.Fatalf("a cascade whose store fails ends with %v", err)
	}
	if n := outdated(t, d, g); n == 0 || n == many {
		t.Fatalf("%d listings are left for the next process", n)
	}
	all("cut off", false)
	w.commits.Store(-1)
	d = over(t, w)
	if err := d.FinishCascades(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := outdated(t, d, g); n > 0 {
		t.Errorf("%d listings do not follow their group in the end", n)
	}
	all("followed", false)

	g = setStatus(t, d, g, directory.GroupTrusted)
	all("trusted again", true)
}

// TestEveryListingHasANewChange: followers of the log remove a group's listings
// when they read that it is suspended. Once it is trusted again, each listing
// must have a new change, also those that the interrupted first cascade had not
// reached.
func TestEveryListingHasANewChange(t *testing.T) {
	d, w, g := crowd(t)
	g = setStatus(t, d, g, directory.GroupSuspended)
	w.commits.Store(3)
	if err := d.FinishCascades(t.Context()); !errors.Is(err, directory.ErrUnavailable) {
		t.Fatal(err)
	}
	w.commits.Store(-1)
	g = setStatus(t, d, g, directory.GroupTrusted)
	if err := d.FinishCascades(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, r := range records(t, d, g.ID) {
		if r.Change <= g.Change {
			t.Fatalf("listing %s was last written by change %d, before its group was trusted again by %d", r.ID, r.Change, g.Change)
		}
	}
	last, err := d.Last(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := d.FinishCascades(t.Context()); err != nil {
		t.Fatal(err)
	}
	if now, _ := d.Last(t.Context()); now != last {
		t.Errorf("a cascade that is finished wrote changes %d to %d", last+1, now)
	}
}

// TestAChangeThatIsTakenBack suspends a group and trusts it again before its
// listings are updated. They seem to be up to date, but one that was written in
// between is not, and must be updated.
func TestAChangeThatIsTakenBack(t *testing.T) {
	d, w, g := crowd(t)
	g = setStatus(t, d, g, directory.GroupSuspended)
	d.NewID = func() string { return "ffffffff-0000-4000-8000-000000000000" } // the last in order
	if a, err := d.Publish(t.Context(), admin, g.ID, choir(), ""); err != nil || a.Published() {
		t.Fatalf("published for a suspended group: %v, %v", a.Status, err)
	}
	before := w.commits.Load()
	g = setStatus(t, d, g, directory.GroupTrusted)
	if n := before - w.commits.Load(); n != 1 {
		t.Errorf("the answer came after %d transactions, not 1", n)
	}
	if err := d.FinishCascades(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := outdated(t, d, g); n > 0 {
		t.Errorf("%d listings do not follow their group", n)
	}
}

// TestACascadeReadsEachListingOnce: the work grows with the listings, not with
// their square.
func TestACascadeReadsEachListingOnce(t *testing.T) {
	d, w, g := crowd(t)
	w.found.Store(0)
	setStatus(t, d, g, directory.GroupSuspended)
	if err := d.FinishCascades(t.Context()); err != nil {
		t.Fatal(err)
	}
	if w.found.Load() > many+directory.MaxWrites+10 {
		t.Errorf("%d records were read to update %d listings", w.found.Load(), many)
	}
}

// TestCascadesRunAsTheyAreOpened runs RunCascades, which must also finish what
// another server left open.
func TestCascadesRunAsTheyAreOpened(t *testing.T) {
	d, _, g := crowd(t)
	g = setStatus(t, d, g, directory.GroupSuspended) // stays open: nobody runs cascades
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	next := over(t, directory.StoreOf(d))
	go func() {
		defer close(done)
		next.RunCascades(ctx, func(err error) { t.Error(err) })
	}()
	updated := func() {
		t.Helper()
		last := int64(0)
		for outdated(t, d, g) > 0 || len(opened(t, d)) > 0 {
			if err := d.Wait(ctx, last); err != nil {
				t.Fatal(err)
			}
			last, _ = d.Last(ctx)
		}
	}
	updated()
	g = setStatus(t, next, g, directory.GroupTrusted)
	updated()
	stop()
	<-done
}

func opened(t *testing.T, d *directory.Directory) []directory.Record {
	t.Helper()
	rs, err := directory.StoreOf(d).Find(t.Context(), directory.KindCascade, "state", "open", "", 10)
	if err != nil {
		t.Fatal(err)
	}
	return rs
}
