package storetest

import (
	"fmt"
	"slices"
	"testing"

	"gather/directory"
)

func unique(t *testing.T, s *store) {
	s.commit(owning("a", 0, "one"))
	_, err := s.Commit(s.ctx, writes(owning("b", 0, "one")))
	is(t, "a second owner", err, directory.ErrTaken)
	_, err = s.Commit(s.ctx, writes(owning("b", 0, "two"), owning("c", 0, "two")))
	is(t, "two owners in one commit", err, directory.ErrTaken)

	s.commit(owning("a", 1, "one"))                            // keeps its own
	s.commit(owning("a", 2, "other"))                          // releases it
	s.commit(owning("b", 0, "one"))                            // now it is free
	s.commit(owning("a", 3, "third"), owning("c", 0, "other")) // released and taken in one commit
	for slug, want := range map[string]string{"one": "b", "other": "c", "third": "a"} {
		if got := s.find(directory.KindGroup, "slug", slug); !slices.Equal(got, []string{want}) {
			t.Errorf("Find(slug, %s) = %q, want %s", slug, got, want)
		}
	}
	_, err = s.Commit(s.ctx, writes(owning("a", 4, "one")))
	is(t, "taking one that has an owner", err, directory.ErrTaken)

	plain := owning("plain", 0, "one")
	plain.Lookups[0].Unique = false
	s.commit(plain) // only unique lookups exclude each other
	if got := s.find(directory.KindGroup, "slug", "one"); !slices.Equal(got, []string{"b", "plain"}) {
		t.Errorf("Find(slug, one) = %q", got)
	}
}

func racingOwners(t *testing.T, s *store) {
	for round := range 5 {
		slug := fmt.Sprint("slug", round)
		errs := race(s, 8, func(i int) []directory.Write {
			return writes(owning(fmt.Sprint(round, "-", i), 0, slug))
		})
		if n := winners(t, errs, directory.ErrTaken); n != 1 {
			t.Errorf("%d of 8 took %s, want 1", n, slug)
		}
		if got := s.find(directory.KindGroup, "slug", slug); len(got) != 1 {
			t.Errorf("%s belongs to %q", slug, got)
		}
	}
}

func tombstoneLookups(t *testing.T, s *store) {
	s.commit(owning("a", 0, "one"))
	dead := s.commit(gone(owning("a", 1, "one")))[0]
	if got := s.find(directory.KindGroup, "slug", "one"); len(got) != 0 {
		t.Errorf("a tombstone is found: %q", got)
	}
	if r := s.get(directory.KindGroup, "a"); len(r.Lookups) != 1 || !r.Gone {
		t.Errorf("the tombstone lost what it declared: %s", text(r))
	}
	s.commit(owning("b", 0, "one"))
	_, err := s.Commit(s.ctx, writes(owning("a", 2, "one")))
	is(t, "reviving what lost its lookup", err, directory.ErrTaken)
	same(t, "the tombstone after that", s.get(directory.KindGroup, "a"), dead)

	s.commit(gone(owning("b", 1, "one")), owning("a", 2, "one"))
	if got := s.find(directory.KindGroup, "slug", "one"); !slices.Equal(got, []string{"a"}) {
		t.Errorf("released and taken in one commit: %q", got)
	}
	s.commit(gone(owning("born-dead", 0, "one"))) // a tombstone claims nothing
}

func movedLookups(t *testing.T, s *store) {
	s.commit(activity("a", 0, "one"))
	s.commit(activity("a", 1, "two"))
	none := activity("a", 2, "")
	none.Lookups = nil
	if got := s.find(directory.KindActivity, "group", "one"); len(got) != 0 {
		t.Errorf("found where it was: %q", got)
	}
	if got := s.find(directory.KindActivity, "group", "two"); !slices.Equal(got, []string{"a"}) {
		t.Errorf("not found where it is: %q", got)
	}
	s.commit(none)
	if got := s.find(directory.KindActivity, "group", "two"); len(got) != 0 {
		t.Errorf("found without a lookup: %q", got)
	}
	doubled := activity("b", 0, "x")
	doubled.Lookups = append(doubled.Lookups, doubled.Lookups[0])
	s.commit(doubled)
	if got := s.find(directory.KindActivity, "group", "x"); !slices.Equal(got, []string{"b"}) {
		t.Errorf("a lookup declared twice is found as %q", got)
	}
}

func findPages(t *testing.T, s *store) {
	var rs []directory.Record
	var want []string
	for i := range 23 {
		id := fmt.Sprintf("%c%d", "zam"[i%3], i)
		switch i % 5 {
		case 0:
			rs = append(rs, activity(id, 0, "other"))
		case 1:
			rs = append(rs, gone(activity(id, 0, "g")))
		default:
			rs = append(rs, activity(id, 0, "g"))
			want = append(want, id)
		}
	}
	s.commit(rs...)
	slices.Sort(want)
	for _, limit := range []int{1, 4, len(want), 1000} {
		var got []string
		after := ""
		for {
			page, err := s.Find(s.ctx, directory.KindActivity, "group", "g", after, limit)
			if err != nil {
				t.Fatal(err)
			}
			if len(page) > limit {
				t.Fatalf("a page of %d records, limit %d", len(page), limit)
			}
			if len(page) == 0 {
				break
			}
			got = append(got, ids(page)...)
			after = page[len(page)-1].ID
		}
		if !slices.Equal(got, want) {
			t.Errorf("pages of %d:\n got %q\nwant %q", limit, got, want)
		}
	}
	if page, err := s.Find(s.ctx, directory.KindActivity, "group", "g", "", 0); err != nil || len(page) != 0 {
		t.Errorf("a page of none: %d records, %v", len(page), err)
	}
	if page, err := s.Find(s.ctx, directory.KindActivity, "group", "g", "mm", 2); err != nil || !slices.Equal(ids(page), want[len(want)-len(after(want, "mm")):][:2]) {
		t.Errorf("after an id that is not there: %q, %v", ids(page), err)
	}
}

// after is the part of sorted names that comes after name.
func after(names []string, name string) []string {
	i, _ := slices.BinarySearch(names, name)
	return names[i:]
}
