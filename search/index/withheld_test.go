package index_test

import (
	"bytes"
	"context"
	"testing"

	"gather/directory"
	"gather/search/index"
)

// TestASuspendedGroupTakesItsListingsOut gives an index the one record that
// suspends a group, while the records of its listings still say that they are
// published: none of them is found, in whatever way the index came by them.
func TestASuspendedGroupTakesItsListingsOut(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	kept := w.group
	for _, title := range []string{"A Choir", "B Lunch"} {
		w.publish(directory.Details{Title: title, Delivery: []string{"online"}})
	}
	w.group = w.newGroup("Southgate Friends")
	for _, title := range []string{"C Choir", "D Walking", "E Chess"} {
		w.publish(directory.Details{Title: title, Delivery: []string{"online"}})
	}
	l := &log{}
	l.add(changes(t, w.dir)...)
	last, _ := l.Last(ctx)
	for range 3000 { // so that a rebuild reads the group in a later batch than its listings
		last++
		l.add(directory.Record{Kind: directory.KindKey, ID: "key", Change: last})
	}
	// group is a record of the group at a later change.
	group := func(status directory.GroupStatus, change int64) directory.Record {
		for _, r := range l.records {
			if r.Kind == directory.KindGroup && r.ID == w.group.ID {
				r.Doc = bytes.Replace(r.Doc, []byte(`"status":"trusted"`), []byte(`"status":"`+string(status)+`"`), 1)
				r.Change = change
				return r
			}
		}
		t.Fatal("there is no record of the group")
		return directory.Record{}
	}
	follow := func() {
		t.Helper()
		if err := (&index.Follower{Source: l, Index: w.index}).CatchUp(ctx); err != nil {
			t.Fatal(err)
		}
	}
	found := func(how, want, choirs string) {
		t.Helper()
		if got := sorted(w.search("")); got != want {
			t.Errorf("%s: finds %q, want %q", how, got, want)
		}
		if got := sorted(w.search("q=choir")); got != choirs {
			t.Errorf("%s: choir finds %q, want %q", how, got, choirs)
		}
		if n := w.index.Len(); n != len(want)/2+1 {
			t.Errorf("%s: %d listings, want those of %q", how, n, want)
		}
		suggested, err := w.index.Suggest(ctx, "walking", "", "", 5)
		shown := false
		for _, s := range suggested {
			shown = shown || s.Kind == "activity"
		}
		if err != nil || shown != (want == "A B C D E") {
			t.Errorf("%s: suggests %+v, %v", how, suggested, err)
		}
	}
	follow()
	found("at first", "A B C D E", "A C")

	l.add(group(directory.GroupSuspended, last+1))
	follow()
	found("suspended", "A B", "A")
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	reopen := func() {
		t.Helper()
		check(w.index.Close())
		w.index = openIndex(t, w)
	}
	reopen()
	found("opened again", "A B", "A")
	check(w.index.Rebuild(ctx, l))
	found("rebuilt", "A B", "A")
	reopen()
	found("rebuilt and opened again", "A B", "A")
	w.in = t.TempDir()
	reopen()
	follow()
	found("followed from the beginning", "A B", "A")
	w.in = t.TempDir()
	reopen()
	check(w.index.Apply(ctx, l.records)) // all at once
	found("read in one page", "A B", "A")

	// Trusted again: the directory writes each listing again.
	l.add(group(directory.GroupTrusted, last+2))
	follow()
	for i, r := range changes(t, w.dir) {
		if a, err := directory.ReadActivity(r); r.Kind == directory.KindActivity && err == nil && a.Group != kept.ID {
			r.Change = last + 3 + int64(i)
			l.add(r)
		}
	}
	follow()
	found("trusted again", "A B C D E", "A C")
}

func changes(t *testing.T, d *directory.Directory) []directory.Record {
	t.Helper()
	rs, err := d.Changes(t.Context(), 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	return rs
}
