package storetest

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"gather/directory"
)

func restore(t *testing.T, s *store) {
	fillStore(s)
	for _, page := range []int{1, 7, directory.MaxWrites} {
		other := open(t, s.engine)
		for rs := range slices.Chunk(s.all(s.Log, 10), page) {
			if err := other.Restore(s.ctx, rs); err != nil {
				t.Fatalf("Restore from change %d in pages of %d: %v", rs[0].Change, page, err)
			}
		}
		other.finish()
		equal(t, s, other)
	}
}

// equal checks that two stores return the same, and that other continues with
// the next change number.
func equal(t *testing.T, s, other *store) {
	t.Helper()
	want, got := s.all(s.Log, 100), other.all(other.Log, 100)
	wantJSON, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	gotJSON, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) || string(gotJSON) != string(wantJSON) {
		t.Errorf("Log of the restored store differs: %d revisions, want %d", len(got), len(want))
	}
	if !reflect.DeepEqual(other.all(other.Changes, 100), s.all(s.Changes, 100)) {
		t.Error("Changes of the restored store differ")
	}
	for _, group := range []string{"g", "g0", "g2", "g4"} {
		if got, want := other.find(directory.KindActivity, "group", group), s.find(directory.KindActivity, "group", group); !slices.Equal(got, want) {
			t.Errorf("Find(%s) in the restored store = %q, want %q", group, got, want)
		}
	}
	if got, want := other.last(), s.last(); got != want {
		t.Errorf("Last of the restored store = %d, want %d", got, want)
	}
	_, err = other.Commit(other.ctx, writes(owning("thief", 0, "lost")))
	is(t, "a unique lookup in the restored store", err, directory.ErrTaken)
	if r := other.commit(activity("next", 0, "g"))[0]; r.Change != s.last()+1 {
		t.Errorf("the restored store continues with change %d, want %d", r.Change, s.last()+1)
	}
}

func restoreRefuses(t *testing.T, s *store) {
	rec := func(id string, rev, change int64) directory.Record {
		r := activity(id, rev-1, "g")
		r.Rev, r.Change = rev, change
		return r
	}
	s.commit(activity("a", 0, "g"), owning("o", 0, "held"))
	taken := owning("thief", 0, "held")
	taken.Rev, taken.Change = 1, 4
	for name, rs := range map[string][]directory.Record{
		"a change that exists":          {rec("b", 1, 2)},
		"changes out of order":          {rec("b", 1, 5), rec("c", 1, 4)},
		"one change twice":              {rec("b", 1, 5), rec("c", 1, 5)},
		"a revision that exists":        {rec("a", 1, 3)},
		"a missing revision":            {rec("a", 3, 3)},
		"a second that fails":           {rec("b", 1, 3), rec("b", 3, 4)},
		"a unique lookup with an owner": {rec("b", 1, 3), taken},
		"change 0":                      {rec("b", 1, 0)},
		"too many":                      make([]directory.Record, directory.MaxWrites+1),
	} {
		if err := s.Restore(s.ctx, rs); err == nil {
			t.Errorf("%s: no error", name)
		}
		if n := s.last(); n != 2 || len(s.all(s.Changes, 10)) != 2 {
			t.Fatalf("%s: something was written, last is %d", name, n)
		}
	}
	if err := s.Restore(s.ctx, nil); err != nil {
		t.Errorf("a restore of nothing: %v", err)
	}
	if err := s.Restore(s.ctx, []directory.Record{rec("a", 2, 7), rec("b", 1, 9)}); err != nil {
		t.Errorf("newer revisions, with gaps in the numbers: %v", err)
	}
	s.finish()
	if r := s.commit(activity("c", 0, "g"))[0]; r.Change != 10 {
		t.Errorf("the next change is %d, want 10", r.Change)
	}
}

func (s *store) finish() {
	s.t.Helper()
	if err := s.FinishRestore(s.ctx); err != nil {
		s.t.Fatalf("FinishRestore: %v", err)
	}
}

// restoreUnfinished: a restore that stops before its end, by a kill or an error,
// leaves a store that cannot be used as a directory.
func restoreUnfinished(t *testing.T, s *store) {
	r := activity("a", 0, "g")
	r.Rev, r.Change = 1, 1
	unfinished := open(t, s.engine)
	if err := unfinished.Restore(s.ctx, []directory.Record{r}); err != nil {
		t.Fatal(err)
	}
	for what, call := range map[string]func() error{
		"Commit": func() error { _, err := unfinished.Commit(s.ctx, writes(activity("b", 0, "g"))); return err },
		"Last":   func() error { _, err := unfinished.Last(s.ctx); return err },
		"Ping":   func() error { return unfinished.Ping(s.ctx) },
	} {
		err := call()
		is(t, what, err, directory.ErrUnfinished)
		is(t, what, err, directory.ErrUnavailable)
	}
	if err := unfinished.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := s.engine.Open(s.ctx, unfinished.address)
	is(t, "Open", err, directory.ErrUnfinished)
	if err == nil {
		again.Close()
	} else if !strings.Contains(err.Error(), "restore again") || strings.Contains(err.Error(), "\n") {
		t.Errorf("Open says %q, want one line with what to do", err)
	}

	if err := s.Restore(s.ctx, []directory.Record{r}); err != nil {
		t.Fatal(err)
	}
	s.finish()
	s.reopen()
	if n := s.last(); n != 1 {
		t.Errorf("a finished restore ends at change %d, want 1", n)
	}
	s.commit(activity("b", 0, "g"))
}

func storeID(t *testing.T, s *store) {
	id := s.ID()
	if !directory.IsUUID(id) {
		t.Errorf("ID() = %q, want a UUID", id)
	}
	fillStore(s)
	s.reopen()
	if got := s.ID(); got != id {
		t.Errorf("after reopening ID() = %q, was %q", got, id)
	}
	other := open(t, s.engine)
	for rs := range slices.Chunk(s.all(s.Log, 100), directory.MaxWrites) {
		if err := other.Restore(s.ctx, rs); err != nil {
			t.Fatal(err)
		}
	}
	other.finish()
	other.reopen()
	if got := other.ID(); got == id || !directory.IsUUID(got) {
		t.Errorf("a store that was restored has the ID %q, and that of the first is %q", got, id)
	}
}

// marks: a follower can tell its log from one that has the same numbers.
func marks(t *testing.T, s *store) {
	s.commit(activity("a", 0, "g"))
	written := s.commit(activity("a", 1, "g"), activity("b", 0, "g"))
	d := directory.New(s, nil, nil)
	other := open(t, s.engine)
	other.commit(activity("a", 0, "g"))
	differs := other.commit(activity("c", 0, "g"))
	late := written[1]
	late.Change += 5
	for _, c := range []struct {
		name string
		mark directory.Mark
		want bool
	}{
		{"nothing seen yet", "", true},
		{"the newest change", d.Mark(written[1]), true},
		{"one before it", d.Mark(written[0]), true},
		{"the same number in another store", directory.New(other, nil, nil).Mark(differs[0]), false},
		{"another change of that number, as after a restore from a backup", d.Mark(differs[0]), false},
		{"a change that is not there", d.Mark(late), false},
		{"no mark", "x", false},
	} {
		got, err := d.Holds(s.ctx, c.mark)
		if err != nil || got != c.want {
			t.Errorf("%s: Holds(%q) = %v, %v, want %v", c.name, c.mark, got, err, c.want)
		}
	}
	s.commit(activity("b", 1, "g")) // the mark of the revision before must still be held
	if got, err := d.Holds(s.ctx, d.Mark(written[1])); err != nil || !got {
		t.Errorf("a superseded change is not held: %v, %v", got, err)
	}
}
