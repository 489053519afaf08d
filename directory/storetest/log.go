package storetest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"

	"gather/directory"
)

func history(t *testing.T, s *store) {
	const n = 7
	var want []directory.Record
	for rev := range int64(n) {
		r := activity("a", rev, "g")
		r.Gone = rev == 3
		want = append(want, s.commit(r)[0])
		s.commit(activity(fmt.Sprint("a", rev), 0, "g")) // other records between
	}
	slices.Reverse(want)
	for _, limit := range []int{1, 3, n, 100} {
		var got []directory.Record
		before := int64(0)
		for {
			page, err := s.History(s.ctx, directory.KindActivity, "a", before, limit)
			if err != nil {
				t.Fatal(err)
			}
			if len(page) == 0 {
				break
			}
			got = append(got, page...)
			before = page[len(page)-1].Rev
			if before == 1 {
				break
			}
		}
		if len(got) != n {
			t.Fatalf("pages of %d: %d revisions, want %d", limit, len(got), n)
		}
		for i := range got {
			same(t, fmt.Sprintf("pages of %d", limit), got[i], want[i])
		}
	}
	for before, want := range map[int64]int{1: 0, 2: 1, n: n - 1, n + 1: n, 1 << 60: n} {
		if page, err := s.History(s.ctx, directory.KindActivity, "a", before, 100); err != nil || len(page) != want {
			t.Errorf("before %d: %d revisions, %v, want %d", before, len(page), err, want)
		}
	}
	if page, err := s.History(s.ctx, directory.KindActivity, "a", 0, 0); err != nil || len(page) != 0 {
		t.Errorf("a page of none: %d revisions, %v", len(page), err)
	}
}

func tombstones(t *testing.T, s *store) {
	s.commit(activity("a", 0, "g"))
	r := gone(activity("a", 1, "g"))
	r.Doc = nil
	dead := s.commit(r)[0]
	same(t, "Get", s.get(directory.KindActivity, "a"), dead)
	same(t, "Changes", s.all(s.Changes, 10)[0], dead)
	s.commit(activity("b", 0, "g"))
	same(t, "Changes after others", s.all(s.Changes, 10)[0], dead)
	_, err := s.Commit(s.ctx, writes(activity("a", 0, "g")))
	is(t, "creating what is a tombstone", err, directory.ErrConflict)
	s.commit(activity("a", 2, "g"))
	if got := s.find(directory.KindActivity, "group", "g"); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("revived: Find = %q", got)
	}
	if got := ids(s.all(s.Changes, 10)); !slices.Equal(got, []string{"b", "a"}) {
		t.Errorf("revived: Changes = %q", got)
	}
}

func changes(t *testing.T, s *store) {
	revs := map[string]int64{}
	var logged []string
	for i := range 40 {
		id := fmt.Sprint(i * i % 11)
		s.commit(activity(id, revs[id], "g"))
		revs[id]++
		logged = append(logged, id)
	}
	var want []string // each id once, by its last place in the log
	for i, id := range logged {
		if !slices.Contains(logged[i+1:], id) {
			want = append(want, id)
		}
	}
	for _, page := range []int{1, 3, 100} {
		got := s.all(s.Changes, page)
		if !slices.Equal(ids(got), want) {
			t.Errorf("Changes in pages of %d: %q, want %q", page, ids(got), want)
		}
		for _, r := range got {
			same(t, "Changes", r, s.get(r.Kind, r.ID))
		}
		if got := s.all(s.Log, page); !slices.Equal(ids(got), logged) {
			t.Errorf("Log in pages of %d: %q, want %q", page, ids(got), logged)
		}
	}
	last := s.last()
	for after := range last + 2 {
		want := 0
		for _, r := range s.all(s.Changes, 100) {
			if r.Change > after {
				want++
			}
		}
		got, err := s.Changes(s.ctx, after, 100)
		if err != nil || len(got) != want {
			t.Errorf("Changes after %d of %d: %d records, %v, want %d", after, last, len(got), err, want)
		}
	}
	for name, read := range map[string]func(context.Context, int64, int) ([]directory.Record, error){"Changes": s.Changes, "Log": s.Log} {
		if got, err := read(s.ctx, 0, 0); err != nil || len(got) != 0 {
			t.Errorf("%s, a page of none: %d records, %v", name, len(got), err)
		}
	}
}

// follower reads both logs while writers race, only moving forward, and must in
// the end have what the store has.
func follower(t *testing.T, s *store) {
	const writers, rounds = 8, 20
	ctx, stop := context.WithCancel(s.ctx)
	defer stop()
	var writing, reading sync.WaitGroup
	newest, every := map[string]int64{}, map[string]int64{}
	reading.Go(func() { follow(ctx, t, s, s.Changes, 7, newest) })
	reading.Go(func() { follow(ctx, t, s, s.Log, 5, every) })
	for w := range writers {
		writing.Go(func() {
			for i := range rounds {
				own := activity(fmt.Sprint("own", w), int64(i), "g")
				once := activity(fmt.Sprint("once", w, "-", i), 0, "g")
				if _, err := s.Commit(s.ctx, writes(own, once)); err != nil {
					t.Errorf("writer %d: %v", w, err)
				}
			}
		})
	}
	writing.Wait()
	stop()
	reading.Wait()
	want := map[string]int64{}
	for _, r := range s.all(s.Changes, 1000) {
		want[r.ID] = r.Rev
	}
	if len(want) != writers*(rounds+1) {
		t.Errorf("%d records, want %d", len(want), writers*(rounds+1))
	}
	for name, got := range map[string]map[string]int64{"Changes": newest, "Log": every} {
		if !maps.Equal(got, want) {
			t.Errorf("a follower of %s holds %d records, the store %d; or not at the same revisions", name, len(got), len(want))
		}
	}
}

// follow reads until ctx has ended and nothing is left, and keeps the newest
// revision of each record in got. Revisions must not repeat or go back.
func follow(ctx context.Context, t *testing.T, s *store, read func(context.Context, int64, int) ([]directory.Record, error), page int, got map[string]int64) {
	after := int64(0)
	for {
		done := ctx.Err() != nil // checked before the read, so that nothing is missed
		rs, err := read(s.ctx, after, page)
		if err != nil {
			t.Errorf("follow after %d: %v", after, err)
			return
		}
		for _, r := range rs {
			if r.Change <= after {
				t.Errorf("change %d came after %d", r.Change, after)
			}
			if r.Rev <= got[r.ID] {
				t.Errorf("%q: revision %d came after %d", r.ID, r.Rev, got[r.ID])
			}
			after, got[r.ID] = r.Change, r.Rev
		}
		if done && len(rs) == 0 {
			return
		}
	}
}
