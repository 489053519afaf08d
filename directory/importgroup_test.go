package directory_test

import (
	"context"
	"testing"
	"time"

	"gather/directory"
)

// council is who publishes what these tests import.
const council = "A council"

func tea() directory.Listing {
	return directory.Listing{Details: directory.Details{Title: "Tea", Delivery: []string{"phone"}, Source: &directory.Source{Name: council, ID: "7"}}}
}

func ensure(t *testing.T, d *directory.Directory, key string, details directory.GroupDetails) directory.Group {
	t.Helper()
	g, err := d.EnsureGroup(t.Context(), admin, council, key, details)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func take(t *testing.T, d *directory.Directory, by directory.Principal, group string, l directory.Listing) directory.Imported {
	t.Helper()
	for _, dry := range []bool{true, false} {
		done, err := d.Import(t.Context(), by, group, []directory.Listing{l}, dry)
		if err != nil {
			t.Fatal(err)
		}
		if !dry {
			return done[0]
		}
	}
	return directory.Imported{}
}

// TestWhoseAnImportedListingIs imports a listing under one group and then, with
// the same id at the same source, under another.
func TestWhoseAnImportedListingIs(t *testing.T) {
	const other, suspended = "kept belongs to another group here", "kept belongs to a group that is suspended here"
	builder := directory.Principal{Key: "b", Role: directory.RoleBuilder, Area: directory.Area{Outcodes: []string{"LL11"}}}
	for _, row := range []struct {
		name                        string
		registered, vanish, suspend bool // the first group; the listing; the first group
		edit                        bool // the listing, here
		again                       bool // the second group has the name of the first
		by                          directory.Principal
		want                        string
	}{
		{name: "its organisation changed", want: "revised"},
		{name: "it came back under another", vanish: true, want: "revised"},
		{name: "its group registered here", registered: true, want: other},
		{name: "it came back, and its group registered here", registered: true, vanish: true, want: other},
		{name: "its group is suspended", suspend: true, want: suspended},
		{name: "it came back, and its group is suspended", suspend: true, vanish: true, want: suspended},
		{name: "it was changed here", edit: true, want: other},
		{name: "its group comes with another id", again: true, want: other},
		{name: "its group lies outside the builder's area", by: builder, want: other},
	} {
		t.Run(row.name, func(t *testing.T) {
			ctx, d := t.Context(), open(t)
			first := ensure(t, d, "1", directory.GroupDetails{Name: "First Friends", Postcode: "M33 7DB"})
			if row.registered {
				first = trusted(t, d)
			}
			name := "Second Friends"
			if row.again {
				name = "FIRST friends"
			}
			second := ensure(t, d, "2", directory.GroupDetails{Name: name, Postcode: "LL11 1AA"})
			if row.by.Role == "" {
				row.by = admin
			}
			id := take(t, d, admin, first.ID, tea()).ID
			if row.edit {
				a, err := d.ForRevision(ctx, admin, id)
				if err != nil {
					t.Fatal(err)
				}
				a.Summary = "With cake."
				if _, err := d.Revise(ctx, admin, id, a.Rev, a.Details); err != nil {
					t.Fatal(err)
				}
			}
			if row.vanish {
				if _, err := d.Vanish(ctx, admin, council, "7", false); err != nil {
					t.Fatal(err)
				}
			}
			if row.suspend {
				setStatus(t, d, first, directory.GroupSuspended)
			}
			done := take(t, d, row.by, second.ID, tea())
			if told(done) != row.want || done.ID != id {
				t.Fatalf("%s of %s, want %s of %s", told(done), done.ID, row.want, id)
			}
			a, err := d.Activity(ctx, directory.Principal{}, id)
			switch {
			case row.suspend || row.vanish && row.want == other:
				if err == nil {
					t.Errorf("it is public: %+v", a)
				}
			case err != nil:
				t.Error(err)
			case row.want == "revised" && (a.Group != second.ID || a.GroupName != second.Name):
				t.Errorf("it belongs to %s, %q", a.Group, a.GroupName)
			case row.want == other && (a.Group != first.ID || a.GroupName != first.Name):
				t.Errorf("it belongs to %s, %q", a.Group, a.GroupName)
			}
			for _, g := range []directory.Group{first, second} {
				of, err := d.Activities(ctx, admin, g.ID, "", 10)
				if want := row.want != other && g.ID == second.ID && !row.suspend || row.want == other && !row.vanish && g.ID == first.ID || row.suspend && !row.vanish && g.ID == first.ID; err != nil || want != (len(of) == 1) {
					t.Errorf("%s lists %d (%v)", g.Name, len(of), err)
				}
			}
		})
	}
}

// TestAListingDoesNotSlipOutOfAGroupThatIsBeingSuspended suspends the group
// between what an import reads and what it writes. It is so large that its
// listings are not written with it.
func TestAListingDoesNotSlipOutOfAGroupThatIsBeingSuspended(t *testing.T) {
	plain := open(t)
	o := &overtaken{Store: directory.StoreOf(plain)}
	d := over(t, o)
	first := ensure(t, d, "1", directory.GroupDetails{Name: "First Friends"})
	second := ensure(t, d, "2", directory.GroupDetails{Name: "Second Friends"})
	fill(t, d, first.ID, directory.MaxWrites)
	take(t, d, admin, first.ID, tea())
	o.first = func() { setStatus(t, plain, first, directory.GroupSuspended) }
	if done := take(t, d, admin, second.ID, tea()); told(done) != "kept belongs to a group that is suspended here" {
		t.Errorf("%s", told(done))
	}
}

// overtaken is a store in which first happens before the next commit.
type overtaken struct {
	directory.Store
	first func()
}

func (o *overtaken) Commit(ctx context.Context, ws []directory.Write) ([]directory.Record, error) {
	if f := o.first; f != nil {
		o.first = nil
		f()
	}
	return o.Store.Commit(ctx, ws)
}

func TestGroupsFollowTheirSource(t *testing.T) {
	ctx, d := t.Context(), open(t)
	at := func() int64 {
		n, err := d.Last(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	is := func(g directory.Group, name, description, website string) {
		t.Helper()
		if g.Name != name || g.Description != description || g.Website != website {
			t.Errorf("the group is %q, %q, %q; want %q, %q, %q", g.Name, g.Description, g.Website, name, description, website)
		}
	}
	said := directory.GroupDetails{Name: "First Friends", Description: "We meet.", Website: "https://first.example"}
	g := ensure(t, d, "1", said)
	id := take(t, d, admin, g.ID, tea()).ID
	before := at()
	is(ensure(t, d, "1", said), "First Friends", "We meet.", "https://first.example")
	is(ensure(t, d, "1", directory.GroupDetails{Name: "First Friends"}), "First Friends", "We meet.", "https://first.example")
	if at() != before {
		t.Error("the same again was written")
	}

	said.Name = "First & Last Friends"
	g = ensure(t, d, "1", said)
	is(g, "First & Last Friends", "We meet.", "https://first.example")
	if a, err := d.Activity(ctx, directory.Principal{}, id); err != nil || a.GroupName != g.Name || a.Change <= before {
		t.Errorf("its listing says %q by change %d (%v)", a.GroupName, a.Change, err)
	}

	// What is changed here stays through every import; the rest follows.
	g.Description = "We meet and sing."
	g, err := d.ReviseGroup(ctx, admin, g.ID, g.Rev, g.GroupDetails)
	if err != nil {
		t.Fatal(err)
	}
	said.Website = "https://friends.example"
	is(ensure(t, d, "1", said), said.Name, "We meet and sing.", "https://friends.example")
	said.Name, said.Description = "Friends", "We met."
	is(ensure(t, d, "1", said), "Friends", "We meet and sing.", "https://friends.example")

	// A dry run says so and writes nothing.
	before = at()
	said.Name = "Old Friends"
	if g, err = d.Trial().EnsureGroup(ctx, admin, council, "1", said); err != nil || g.Name != "Old Friends" || at() != before {
		t.Errorf("dry: %q, %v; the change is %d, not %d", g.Name, err, at(), before)
	}
	if g, err = d.Group(ctx, admin, g.ID); err != nil {
		t.Fatal(err)
	}
	setStatus(t, d, g, directory.GroupSuspended)
	is(ensure(t, d, "1", said), "Friends", "We meet and sing.", "https://friends.example")

	// What breaks a rule is not taken over, and is no error.
	said.Website = "not an address"
	is(ensure(t, d, "1", said), "Friends", "We meet and sing.", "https://friends.example")
}

// TestTheBetterOfTwoConfirmations imports a listing several times that a link
// worker visits in between.
func TestTheBetterOfTwoConfirmations(t *testing.T) {
	ctx, d := t.Context(), open(t)
	now := d.Now()
	day := func(n int) time.Time { return now.AddDate(0, 0, n).Truncate(time.Millisecond) }
	g := trusted(t, d)
	l := tea()
	worker := directory.Principal{Key: "w", Role: directory.RoleLinkWorker}
	var id string
	for _, step := range []struct {
		name      string
		confirmed time.Time
		change    func()
		want      string
		at        time.Time
		how       string
	}{
		{"new", day(-90), nil, "created", day(-90), "import"},
		{"the same", day(-90), nil, "unchanged", day(-90), "import"},
		{"an older date", day(-100), nil, "unchanged", day(-90), "import"},
		{"a fresher date alone", day(-80), nil, "revised", day(-80), "import"},
		{"the same once more", day(-80), nil, "unchanged", day(-80), "import"},
		{"no date", time.Time{}, nil, "unchanged", day(-80), "import"},
		{"a date to come", day(2), nil, "unchanged", day(-80), "import"},
		{"a change with an older date than a visit", day(-70), func() { visit(t, d, worker, id, day(-60)); l.Details.Title = "Tea and cake" }, "revised", day(-60), "visit"},
		{"a fresher date than the visit", day(-50), nil, "revised", day(-50), "import"},
		{"a change without a date", time.Time{}, func() { l.Details.Title = "Tea" }, "revised", day(0), "import"},
	} {
		if step.change != nil {
			step.change()
		}
		l.Confirmed = step.confirmed
		done := take(t, d, admin, g.ID, l)
		id = done.ID
		a, err := d.Activity(ctx, directory.Principal{}, id)
		if err != nil {
			t.Fatal(err)
		}
		if told(done) != step.want || !a.Checked.At.Equal(step.at) || a.Checked.How != step.how || a.Title != l.Details.Title {
			t.Errorf("%s: %s, %q checked at %v by %s; want %s, %v by %s", step.name, told(done), a.Title, a.Checked.At, a.Checked.How, step.want, step.at, step.how)
		}
	}
}

// visit confirms a listing by a visit at a time.
func visit(t *testing.T, d *directory.Directory, worker directory.Principal, id string, at time.Time) {
	t.Helper()
	now := d.Now
	d.Now = func() time.Time { return at }
	defer func() { d.Now = now }()
	a, err := d.Activity(t.Context(), directory.Principal{}, id)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Check(t.Context(), worker, id, a.Rev, "visit"); err != nil {
		t.Fatal(err)
	}
}

// TestWritingConfirmsOnlyAsItsGroup: a group confirms what it writes; somebody
// else who writes for it does not, and nobody does who changes nothing.
func TestWritingConfirmsOnlyAsItsGroup(t *testing.T) {
	ctx, d := t.Context(), open(t)
	now := d.Now()
	d.Now = func() time.Time { return now }
	g, group := publisher(t, d)
	builder := directory.Principal{Key: "b", Role: directory.RoleBuilder, Area: directory.Area{Outcodes: []string{"M33"}}}
	later := func() time.Time { now = now.Add(24 * time.Hour); return now.UTC().Truncate(time.Millisecond) }
	is := func(what string, a directory.Activity, at time.Time, how, by string) {
		t.Helper()
		if !a.Checked.At.Equal(at) || a.Checked.How != how || a.Checked.By != by {
			t.Errorf("%s: checked %v by %s, %s; want %v by %s, %s", what, a.Checked.At, a.Checked.By, a.Checked.How, at, by, how)
		}
	}
	write := func(by directory.Principal, a directory.Activity, summary string) directory.Activity {
		t.Helper()
		a.Summary = summary
		a, err := d.Revise(ctx, by, a.ID, a.Rev, a.Details)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	at := later()
	a, err := d.Publish(ctx, builder, g.ID, choir(), "")
	if err != nil {
		t.Fatal(err)
	}
	is("a builder publishes", a, at, "entered", "builder")
	if trust := a.Trust(now).Score; trust > 0.5 {
		t.Errorf("what a builder wrote in is trusted by %v", trust)
	}
	later()
	is("a builder revises", write(builder, a, "Everybody sings."), at, "entered", "builder")
	a, _ = d.ForRevision(ctx, group, a.ID)
	later()
	is("the group changes nothing", write(group, a, a.Summary), at, "entered", "builder")
	a, _ = d.ForRevision(ctx, group, a.ID)
	at = later()
	is("the group revises", write(group, a, "Come and sing."), at, "owner", "publisher")
	a, _ = d.ForRevision(ctx, builder, a.ID)
	later()
	is("a builder revises again", write(builder, a, "Come."), at, "owner", "publisher")
	at = later()
	if a, err = d.Publish(ctx, group, "", choir(), ""); err != nil {
		t.Fatal(err)
	}
	is("the group publishes", a, at, "owner", "publisher")

	imported := take(t, d, admin, g.ID, tea())
	a, err = d.ForRevision(ctx, group, imported.ID)
	if err != nil {
		t.Fatal(err)
	}
	if a = write(group, a, a.Summary); a.EditedHere {
		t.Error("a listing that was written as it was counts as changed here")
	}
	if done, err := d.Vanish(ctx, admin, council, "7", false); err != nil || done.Outcome != directory.Withdrawn {
		t.Errorf("it vanished at its source: %v, %v", done, err)
	}
}
