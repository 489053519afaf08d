package storetest

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"gather/directory"
)

const secret = "somebody's address"

// writeSecret writes three revisions of a record that contain the secret, the
// last of them a tombstone if withdrawn, and other records between them.
func writeSecret(s *store, id string, withdrawn bool) []directory.Record {
	s.t.Helper()
	var rs []directory.Record
	for rev := range int64(3) {
		r := activity(id, rev, "g")
		r.Doc = json.RawMessage(fmt.Sprintf(`{"rev":%d,"email":%q,"more":["<&>",{"x":1.5}]}`, rev, secret))
		r.Lookups = append(r.Lookups, directory.Lookup{Name: "source", Value: secret + id, Unique: true})
		r.Gone = withdrawn && rev == 2
		rs = append(rs, s.commit(r)[0])
		s.commit(activity(fmt.Sprint(id, "-", rev), 0, "g"))
	}
	return rs
}

func without(r directory.Record) directory.Record {
	r.Doc = json.RawMessage(fmt.Sprintf(`{"rev":%d}`, r.Rev-1))
	r.Lookups = []directory.Lookup{{Name: "group", Value: "g"}}
	return r
}

func redacted(t *testing.T, s *store) {
	a, b := writeSecret(s, "a", false), writeSecret(s, "b", true)
	last, found := s.last(), s.find(directory.KindActivity, "group", "g")
	want := map[int64]directory.Record{}
	for _, r := range s.all(s.Log, 100) {
		want[r.Change] = r
	}
	var rs []directory.Record
	for _, r := range []directory.Record{a[0], a[1], b[0], b[1]} {
		r = without(r)
		want[r.Change] = r
		r.At, r.By, r.Action, r.Gone = r.At.AddDate(1, 0, 0), "x", "x", true // which stay as they were
		rs = append(rs, r)
	}
	empty := directory.Record{Kind: rs[3].Kind, ID: rs[3].ID, Rev: rs[3].Rev, Change: rs[3].Change}
	was := want[empty.Change]
	was.Doc, was.Lookups = nil, nil
	want[empty.Change], rs[3] = was, empty
	check := func() {
		t.Helper()
		for _, r := range s.all(s.Log, 3) {
			same(t, "Log", r, want[r.Change])
		}
		for _, id := range []string{"a", "b"} {
			page, err := s.History(s.ctx, directory.KindActivity, id, 0, 10)
			if err != nil || len(page) != 3 {
				t.Fatalf("history of %s: %d revisions, %v", id, len(page), err)
			}
			for _, r := range page {
				same(t, "History", r, want[r.Change])
			}
		}
		for _, r := range s.all(s.Changes, 3) {
			same(t, "Changes", r, want[r.Change])
			same(t, "Get", s.get(r.Kind, r.ID), r)
		}
		if n := s.last(); n != last {
			t.Errorf("last is %d, want %d", n, last)
		}
		if got := s.find(directory.KindActivity, "group", "g"); strings.Join(got, ",") != strings.Join(found, ",") {
			t.Errorf("found %q, want %q", got, found)
		}
		if got := s.find(directory.KindActivity, "source", secret+"a"); len(got) != 1 {
			t.Errorf("the newest revision's lookup finds %q", got)
		}
	}
	for range 2 { // the second time changes nothing
		if err := s.Redact(s.ctx, rs); err != nil {
			t.Fatal(err)
		}
		check()
	}
	s.reopen()
	check()
	if r := s.commit(without(a[2]))[0]; r.Rev != 4 || r.Change != last+1 {
		t.Errorf("the next revision is %d, change %d", r.Rev, r.Change)
	}
}

func redactRefuses(t *testing.T, s *store) {
	a := writeSecret(s, "a", false)
	before := s.all(s.Log, 100)
	wrong := func(change func(*directory.Record)) directory.Record {
		r := without(a[0])
		change(&r)
		return r
	}
	for _, c := range []struct {
		name string
		r    directory.Record
		want error // nil: any
	}{
		{"the newest revision", without(a[2]), directory.ErrConflict},
		{"an unknown record", wrong(func(r *directory.Record) { r.ID = "nobody" }), directory.ErrNotFound},
		{"another kind", wrong(func(r *directory.Record) { r.Kind = directory.KindGroup }), directory.ErrNotFound},
		{"an unknown revision", wrong(func(r *directory.Record) { r.Rev = 9 }), directory.ErrNotFound},
		{"another change", wrong(func(r *directory.Record) { r.Change = a[1].Change }), directory.ErrNotFound},
		{"no JSON", wrong(func(r *directory.Record) { r.Doc = json.RawMessage(`{`) }), nil},
	} {
		err := s.Redact(s.ctx, []directory.Record{without(a[1]), c.r})
		if err == nil {
			t.Errorf("%s: no error", c.name)
		} else if c.want != nil {
			is(t, c.name, err, c.want)
		}
		for i, r := range s.all(s.Log, 100) {
			same(t, c.name, r, before[i])
		}
	}
	if err := s.Redact(s.ctx, make([]directory.Record, directory.MaxWrites+1)); err == nil {
		t.Error("too many: no error")
	}
	if err := s.Redact(s.ctx, nil); err != nil {
		t.Errorf("a redaction of nothing: %v", err)
	}
}

func redactedRestore(t *testing.T, s *store) {
	a := writeSecret(s, "a", true)
	if err := s.Redact(s.ctx, []directory.Record{without(a[0]), without(a[1])}); err != nil {
		t.Fatal(err)
	}
	other := open(t, s.engine)
	if err := other.Restore(s.ctx, s.all(s.Log, 100)); err != nil {
		t.Fatal(err)
	}
	want := s.all(s.Log, 100)
	for i, r := range other.all(other.Log, 100) {
		same(t, "restored", r, want[i])
	}
}
