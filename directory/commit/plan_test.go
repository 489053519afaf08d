package commit_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"gather/directory"
	"gather/directory/commit"
)

// kept is a store of one group, "held", at revision 1 with the slug "held".
type kept struct{}

var slug = func(value string) directory.Lookup {
	return directory.Lookup{Name: "slug", Value: value, Unique: true}
}

func (kept) Head(_ directory.Kind, id string) (commit.Head, error) {
	if id != "held" {
		return commit.Head{}, nil
	}
	return commit.Head{Rev: 1, Change: 1, Lookups: []directory.Lookup{slug("held")}}, nil
}

func (kept) Owner(_ directory.Kind, _, value string) (string, error) {
	if value != "held" {
		return "", nil
	}
	return "held", nil
}

// write is a group with a slug to be written at a revision.
func write(id string, rev int64, value string) directory.Write {
	return directory.Write{Record: directory.Record{Kind: directory.KindGroup, ID: id, Rev: rev, Lookups: []directory.Lookup{slug(value)}}}
}

func gone(w directory.Write) directory.Write {
	w.Record.Gone = true
	return w
}

// A caller that is refused half way leaves nothing in the plan: those behind it
// find the store as it was, with what the callers before it wrote.
func TestARefusedCallerLeavesNothingInThePlan(t *testing.T) {
	stale := write("held", 7, "held")
	type callers [][]directory.Write
	for _, c := range []struct {
		name    string
		callers callers
		want    string // id, revision and change as written, or why not, for each caller
	}{
		{"a record that was to be made", callers{{write("new", 0, "a"), stale}, {write("new", 0, "b")}},
			"conflict; new 1@2"},
		{"a revision", callers{{write("held", 1, "held"), stale}, {write("held", 1, "held")}},
			"conflict; held 2@2"},
		{"a tombstone", callers{{gone(write("held", 1, "held")), stale}, {write("held", 1, "held")}, {write("new", 0, "held")}},
			"conflict; held 2@2; taken"},
		{"a lookup that was claimed", callers{{write("first", 0, "free"), stale}, {write("second", 0, "free")}},
			"conflict; second 1@2"},
		{"a lookup that was given up", callers{{write("held", 1, "other"), stale}, {write("new", 0, "held")}, {write("new", 0, "other")}},
			"conflict; taken; new 1@2"},
		{"refused for a lookup", callers{{write("first", 0, "free"), write("second", 0, "held")}, {write("first", 0, "free")}, {write("second", 0, "free")}},
			"taken; first 1@2; taken"},
		{"what came before stays", callers{{write("first", 0, "a")}, {write("first", 1, "b"), stale}, {write("second", 0, "a")}, {write("first", 1, "b")}, {write("second", 0, "a")}},
			"first 1@2; conflict; taken; first 2@3; second 1@4"},
	} {
		t.Run(c.name, func(t *testing.T) {
			plan := commit.NewPlan(kept{}, 1, false)
			var got []string
			for _, ws := range c.callers {
				r := &commit.Request{Writes: ws}
				if err := plan.Add(r); err != nil {
					t.Fatal(err)
				}
				switch {
				case errors.Is(r.Err, directory.ErrConflict):
					got = append(got, "conflict")
				case errors.Is(r.Err, directory.ErrTaken):
					got = append(got, "taken")
				case r.Err != nil:
					t.Fatal(r.Err)
				}
				if r.Err != nil && r.Written != nil {
					t.Errorf("refused, and answered %v", r.Written)
				}
				for _, w := range r.Written {
					got = append(got, fmt.Sprintf("%s %d@%d", w.ID, w.Rev, w.Change))
				}
			}
			if said := strings.Join(got, "; "); said != c.want {
				t.Errorf("got %s\nwant %s", said, c.want)
			}
			for i, s := range plan.Steps {
				if s.Record.Change != int64(2+i) {
					t.Errorf("step %d has change %d", i, s.Record.Change)
				}
			}
			if plan.Last != int64(1+len(plan.Steps)) {
				t.Errorf("%d steps end at change %d", len(plan.Steps), plan.Last)
			}
		})
	}
}

// Restoring is refused as a whole, too.
func TestARefusedRestoreLeavesNothingInThePlan(t *testing.T) {
	plan := commit.NewPlan(kept{}, 1, false)
	record := func(id string, rev, change int64) directory.Record {
		return directory.Record{Kind: directory.KindGroup, ID: id, Rev: rev, Change: change}
	}
	for i, c := range []struct {
		rs      []directory.Record
		refused bool
	}{
		{[]directory.Record{record("a", 1, 5), record("b", 2, 6)}, true},
		{[]directory.Record{record("a", 1, 2), record("b", 1, 3)}, false},
	} {
		r := &commit.Request{Restore: c.rs}
		if err := plan.Add(r); err != nil {
			t.Fatal(err)
		}
		if refused := errors.Is(r.Err, directory.ErrConflict); refused != c.refused {
			t.Errorf("restore %d: %v", i, r.Err)
		}
	}
	if ids := slices.Collect(func(yield func(string) bool) {
		for _, s := range plan.Steps {
			if !yield(s.Record.ID) {
				return
			}
		}
	}); !slices.Equal(ids, []string{"a", "b"}) || plan.Last != 3 {
		t.Errorf("the plan writes %q and ends at change %d", ids, plan.Last)
	}
}
