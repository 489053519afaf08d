package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"gather/directory"
)

func stale(t *testing.T, s *store) {
	s.commit(activity("a", 0, "g"))
	s.commit(activity("a", 1, "g"))
	for _, rev := range []int64{0, 1, 3, 1 << 40} {
		_, err := s.Commit(s.ctx, writes(activity("a", rev, "h")))
		is(t, fmt.Sprintf("Commit at revision %d of 2", rev), err, directory.ErrConflict)
	}
	_, err := s.Commit(s.ctx, writes(activity("new", 1, "h")))
	is(t, "Commit at revision 1 of a record that does not exist", err, directory.ErrConflict)
	if r := s.get(directory.KindActivity, "a"); r.Rev != 2 || s.last() != 2 {
		t.Errorf("after conflicts: revision %d, last %d, want 2 and 2", r.Rev, s.last())
	}
	if got := s.find(directory.KindActivity, "group", "h"); len(got) != 0 {
		t.Errorf("a refused write is found: %q", got)
	}
}

// race runs n commits at once and returns their errors.
func race(s *store, n int, ws func(i int) []directory.Write) []error {
	errs := make([]error, n)
	var all sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		all.Go(func() {
			<-start
			_, errs[i] = s.Commit(s.ctx, ws(i))
		})
	}
	close(start)
	all.Wait()
	return errs
}

// winners counts the errors that are nil; all others must be want.
func winners(t *testing.T, errs []error, want error) int {
	t.Helper()
	n := 0
	for _, err := range errs {
		if err == nil {
			n++
		} else {
			is(t, "a loser", err, want)
		}
	}
	return n
}

func racingWriters(t *testing.T, s *store) {
	const writers = 16
	for rev := range int64(5) {
		errs := race(s, writers, func(i int) []directory.Write {
			r := activity("a", rev, "g")
			r.By = fmt.Sprint(i)
			return writes(r)
		})
		if n := winners(t, errs, directory.ErrConflict); n != 1 {
			t.Fatalf("revision %d: %d of %d writers won, want 1", rev+1, n, writers)
		}
		got := s.get(directory.KindActivity, "a")
		if i := slices.Index(errs, nil); got.Rev != rev+1 || got.By != fmt.Sprint(i) {
			t.Errorf("revision %d by %s, want %d by %d", got.Rev, got.By, rev+1, i)
		}
	}
}

func allOrNothing(t *testing.T, s *store) {
	const n = 5
	s.commit(activity("old", 0, "g"), owning("holder", 0, "held"))
	faults := []struct {
		name  string
		write directory.Write
		want  error
	}{
		{"stale", directory.Write{Record: activity("old", 0, "batch")}, directory.ErrConflict},
		{"guard", directory.Write{Record: directory.Record{Kind: directory.KindActivity, ID: "old"}, Guard: true}, directory.ErrConflict},
		{"taken", directory.Write{Record: owning("other", 0, "held")}, directory.ErrTaken},
	}
	for _, fault := range faults {
		for at := range n {
			var ws []directory.Write
			for i := range n {
				r := activity(fmt.Sprint("new", i), 0, "batch")
				r.Lookups = append(r.Lookups, directory.Lookup{Name: "slug", Value: fmt.Sprint(i), Unique: true})
				ws = append(ws, directory.Write{Record: r})
			}
			ws[at] = fault.write
			_, err := s.Commit(s.ctx, ws)
			is(t, fmt.Sprintf("%s at %d", fault.name, at), err, fault.want)
			if got := s.find(directory.KindActivity, "group", "batch"); len(got) > 0 || s.last() != 2 || len(s.all(s.Log, 10)) != 2 {
				t.Fatalf("%s at %d: %q stayed, last %d", fault.name, at, got, s.last())
			}
		}
	}
	var rs []directory.Record
	for i := range n {
		r := activity(fmt.Sprint("new", i), 0, "batch")
		r.Lookups = append(r.Lookups, directory.Lookup{Name: "slug", Value: fmt.Sprint(i), Unique: true})
		rs = append(rs, r)
	}
	for i, r := range s.commit(rs...) {
		if r.ID != rs[i].ID || r.Change != int64(3+i) {
			t.Errorf("write %d: %q at change %d, want %q at %d", i, r.ID, r.Change, rs[i].ID, 3+i)
		}
	}
}

func twice(t *testing.T, s *store) {
	written := s.commit(activity("a", 0, "g"), activity("b", 0, "g"), activity("a", 1, "h"))
	if len(written) != 3 || written[2].Rev != 2 || written[2].Change <= written[1].Change {
		t.Fatalf("Commit returned %v", written)
	}
	same(t, "Get", s.get(directory.KindActivity, "a"), written[2])
	if got := s.find(directory.KindActivity, "group", "g"); !slices.Equal(got, []string{"b"}) {
		t.Errorf("Find(g) = %q, want b", got)
	}
	if n := len(s.all(s.Log, 10)); n != 3 {
		t.Errorf("Log has %d revisions, want 3", n)
	}
	if got := ids(s.all(s.Changes, 10)); !slices.Equal(got, []string{"b", "a"}) {
		t.Errorf("Changes = %q, want b, a", got)
	}
}

func guards(t *testing.T, s *store) {
	guard := func(id string, rev int64) directory.Write {
		return directory.Write{Record: directory.Record{Kind: directory.KindGroup, ID: id, Rev: rev}, Guard: true}
	}
	s.commit(owning("g", 0, "g"))
	write := directory.Write{Record: activity("a", 0, "g")}
	for _, c := range []struct {
		name string
		ws   []directory.Write
		want error
	}{
		{"wrong revision", []directory.Write{guard("g", 2), write}, directory.ErrConflict},
		{"exists, and should not", []directory.Write{write, guard("g", 0)}, directory.ErrConflict},
		{"does not exist, and should", []directory.Write{guard("h", 1), write}, directory.ErrConflict},
		{"alone and wrong", []directory.Write{guard("g", 7)}, directory.ErrConflict},
		{"alone and right", []directory.Write{guard("g", 1), guard("h", 0)}, nil},
	} {
		written, err := s.Commit(s.ctx, c.ws)
		is(t, c.name, err, c.want)
		if len(written) != 0 || s.last() != 1 {
			t.Errorf("%s: %d written, last %d", c.name, len(written), s.last())
		}
	}
	written, err := s.Commit(s.ctx, []directory.Write{guard("g", 1), write, guard("h", 0)})
	if err != nil || len(written) != 1 || written[0].ID != "a" {
		t.Errorf("Commit with guards that hold returned %v, %v", written, err)
	}
	if r := s.get(directory.KindGroup, "g"); r.Rev != 1 {
		t.Errorf("a guard wrote revision %d", r.Rev)
	}
}

// refusedShared: writers that wait at the same time share a transaction. Some of
// them fail at their last write, and must have no effect on the others: no
// record, no revision, no lookup taken or released.
func refusedShared(t *testing.T, s *store) {
	const rounds, copies = 6, 6
	for round := range rounds {
		name := func(what string) string { return fmt.Sprint(what, "-", round) }
		s.commit(owning(name("held"), 0, name("held")), activity(name("old"), 0, "g"), activity(name("stale"), 0, "g"))
		pairs := []struct {
			refused, other directory.Record
			want           error // of other
		}{
			{activity(name("new"), 0, "left"), activity(name("new"), 0, "g"), nil},
			{gone(activity(name("old"), 1, "left")), activity(name("old"), 1, "g"), nil},
			{owning(name("claims"), 0, name("free")), owning(name("takes"), 0, name("free")), nil},
			{owning(name("held"), 1, name("given up")), owning(name("thief"), 0, name("held")), directory.ErrTaken},
		}
		var all [][]directory.Write
		for range copies {
			for _, p := range pairs {
				all = append(all, writes(p.refused, activity(name("stale"), 7, "left")))
			}
		}
		for _, p := range pairs {
			all = append(all, writes(p.other))
		}
		errs := race(s, len(all), func(i int) []directory.Write { return all[i] })
		for i, err := range errs {
			if other := i - copies*len(pairs); other >= 0 {
				is(t, fmt.Sprintf("round %d: %s, sharing with a refused writer", round, pairs[other].other.ID), err, pairs[other].want)
			} else if !errors.Is(err, directory.ErrTaken) { // by other, which came first
				is(t, fmt.Sprintf("round %d: a stale write", round), err, directory.ErrConflict)
			}
		}
		if r := s.get(directory.KindGroup, name("held")); r.Rev != 1 {
			t.Errorf("round %d: a refused write made revision %d", round, r.Rev)
		}
	}
	if left := s.find(directory.KindActivity, "group", "left"); len(left) > 0 {
		t.Errorf("records of refused writes are found: %q", left)
	}
	checkLog(t, s)
	if n := len(s.all(s.Log, directory.MaxWrites)); int64(n) != s.last() || n != rounds*6 {
		t.Errorf("the log has %d revisions and ends at %d, want %d: a refused write took a number", n, s.last(), rounds*6)
	}
}

// writeSkew: two writers each write one record and guard the other's. If both
// succeeded, each would have decided by a record that the other changed.
func writeSkew(t *testing.T, s *store) {
	for i := range 10 {
		a, b := fmt.Sprint("a", i), fmt.Sprint("b", i)
		s.commit(activity(a, 0, "g"), activity(b, 0, "g"))
		errs := race(s, 2, func(i int) []directory.Write {
			one, other := a, b
			if i == 1 {
				one, other = b, a
			}
			return []directory.Write{
				{Record: activity(one, 1, "g")},
				{Record: directory.Record{Kind: directory.KindActivity, ID: other, Rev: 1}, Guard: true},
			}
		})
		if n := winners(t, errs, directory.ErrConflict); n != 1 {
			t.Errorf("round %d: %d of 2 won, want 1", i, n)
		}
	}
}

func cutOff(t *testing.T, s *store) {
	const writers, rounds = 8, 20
	errs := make([][rounds]error, writers)
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			for i := range rounds {
				ctx, cancel := context.WithCancel(s.ctx)
				done := make(chan struct{})
				go func() {
					defer close(done)
					for range i * w {
						s.Ping(s.ctx) // takes about as long as a step of a commit
					}
					cancel()
				}()
				id := fmt.Sprint(w, "-", i)
				_, errs[w][i] = s.Commit(ctx, writes(activity(id+"a", 0, "g"), activity(id+"b", 0, "g")))
				<-done
			}
		})
	}
	all.Wait()
	s.reopen() // a cancelled commit has ended once the store is closed
	for w := range writers {
		for i, err := range errs[w] {
			id := fmt.Sprint(w, "-", i)
			_, a := s.Get(s.ctx, directory.KindActivity, id+"a")
			_, b := s.Get(s.ctx, directory.KindActivity, id+"b")
			if err != nil && !errors.Is(err, context.Canceled) {
				t.Errorf("%s: %v", id, err)
			}
			if (a == nil) != (b == nil) || (err == nil && a != nil) {
				t.Errorf("%s: Commit returned %v; first record: %v, second: %v", id, err, a, b)
			}
		}
	}
}
