package main

import (
	"context"
	"fmt"
	"net/url"
	"reflect"
	"testing"
	"time"

	"gather/directory"
	"gather/directory/mongostore"
)

// follower reads a log forwards while it is written.
type follower struct {
	end func() []directory.Record
}

// follow reads with Log or Changes until end is called, and then to the end of
// the log.
func follow(t *testing.T, s *mongostore.Store, read func(context.Context, int64, int) ([]directory.Record, error)) follower {
	const page = 50
	over, done := make(chan struct{}), make(chan []directory.Record, 1)
	go func() {
		var all []directory.Record
		defer func() { done <- all }()
		for after := int64(0); ; {
			last := false
			select {
			case <-over:
				last = true
			default:
			}
			rs, err := read(t.Context(), after, page)
			if err != nil {
				t.Errorf("follow: %v", err)
				return
			}
			for _, r := range rs {
				if r.Change <= after {
					t.Errorf("change %d came after %d", r.Change, after)
				}
				after = r.Change
			}
			all = append(all, rs...)
			if len(rs) == 0 {
				if last {
					return
				}
				ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
				s.Wait(ctx, after) // if it fails or returns early, the next read finds out
				cancel()
			}
		}
	}()
	return follower{func() []directory.Record { close(over); return <-done }}
}

// checkLog compares what two readers saw during the race with what the store
// has after it.
func (r *race) checkLog(log, changes []directory.Record) {
	last, err := r.store.Last(r.t.Context())
	if err != nil {
		r.t.Fatal(err)
	}
	if int64(len(log)) != last {
		r.t.Errorf("the reader of the log saw %d of %d revisions", len(log), last)
	}
	for i, rec := range log {
		if rec.Change != int64(i+1) {
			r.t.Fatalf("the reader of the log missed change %d: it saw %d instead", i+1, rec.Change)
		}
	}
	seen := newestOf(changes)
	now := newestOf(everyChange(r.t, r.store))
	if !reflect.DeepEqual(seen, now) {
		r.t.Errorf("the reader of the changes ended with %d records, and the store has %d, or they differ", len(seen), len(now))
	}
	if !reflect.DeepEqual(newestOf(log), now) {
		r.t.Error("the newest revisions in the log are not what Changes returns")
	}
}

func newestOf(rs []directory.Record) map[string]directory.Record {
	newest := map[string]directory.Record{}
	for _, rec := range rs {
		newest[string(rec.Kind)+"/"+rec.ID] = rec
	}
	return newest
}

// everyChange is the whole change log of a store.
func everyChange(t *testing.T, s directory.Store) (all []directory.Record) {
	t.Helper()
	for after := int64(0); ; {
		rs, err := s.Changes(t.Context(), after, 1000)
		if err != nil {
			t.Fatal(err)
		}
		if len(rs) == 0 {
			return all
		}
		all = append(all, rs...)
		after = rs[len(rs)-1].Change
	}
}

// checkWinners compares every revision that was acknowledged to a writer with
// the history, and looks for revisions that were acknowledged to nobody.
func (r *race) checkWinners(log []directory.Record) {
	revs := map[string]int64{}
	unacknowledged := 0
	for _, rec := range log {
		if rec.Kind != directory.KindActivity {
			continue
		}
		key := rec.ID
		if revs[key]++; rec.Rev != revs[key] {
			r.t.Errorf("revision %d of %s is number %d in the log", rec.Rev, key, revs[key])
		}
		if rec.Rev == 1 || rec.Gone {
			continue
		}
		mark, won := r.won[revisionOf{rec.ID, rec.Rev}]
		delete(r.won, revisionOf{rec.ID, rec.Rev})
		a, err := directory.ReadActivity(rec)
		switch {
		case err != nil:
			r.t.Error(err)
		case !won:
			unacknowledged++ // its writer's node was killed before the response
		case a.Summary != mark:
			r.t.Errorf("revision %d of %s is %q, but was acknowledged to %q", rec.Rev, rec.ID, a.Summary, mark)
		}
	}
	for lost, mark := range r.won {
		r.t.Errorf("%s was acknowledged as revision %d of %s, which is not in the log", mark, lost.rev, lost.id)
	}
	if unacknowledged > 0 && !r.kills {
		r.t.Errorf("%d revisions were acknowledged to no writer", unacknowledged)
	}
	contested := int64(0)
	for _, id := range r.shared {
		contested += revs[id]
	}
	r.t.Logf("%d writes, of them %d revisions of %d activities that all writers raced for; %d revisions were not acknowledged",
		len(log), contested, len(r.shared), unacknowledged)
}

// checkPublished wants every acknowledged activity exactly once.
func (r *race) checkPublished(changes []directory.Record) {
	marks, activities := map[string]string{}, 0
	for _, rec := range newestOf(changes) {
		if rec.Kind != directory.KindActivity {
			continue
		}
		activities++
		a, err := directory.ReadActivity(rec)
		if err != nil {
			r.t.Fatal(err)
		}
		if twin, twice := marks[a.Title]; twice {
			r.t.Errorf("%q is stored as %s and as %s", a.Title, twin, a.ID)
		}
		marks[a.Title] = a.ID
		if mark, acked := r.published[rec.ID]; !acked || a.Title != "Chair Yoga "+mark {
			r.t.Errorf("activity %s is %q, but was acknowledged as %q", rec.ID, a.Title, mark)
		}
		if r.withdrawn[rec.ID] && !rec.Gone {
			r.t.Errorf("activity %s is not withdrawn, but its withdrawal was acknowledged", rec.ID)
		}
	}
	if activities != len(r.published) || len(r.withdrawn) == 0 {
		r.t.Errorf("%d activities in the store, %d acknowledged, %d withdrawn", activities, len(r.published), len(r.withdrawn))
	}
	r.t.Logf("%d activities published, %d withdrawn, %d requests repeated; the slowest acknowledgement took %v",
		activities, len(r.withdrawn), r.repeats, r.slowest)
}

// brief is an activity as a search returns it.
type brief struct {
	Title, Summary, Group string
	Change                int64
	Updated               time.Time
}

// checkIndexes compares what each node finds with the store, activity by activity.
func (r *race) checkIndexes(changes []directory.Record) {
	want, last := published(r.t, changes)
	for i, n := range r.nodes {
		sameBriefs(r.t, fmt.Sprint("node ", i), everythingFound(r.t, n.server(), last), want)
	}
}

// published returns the published activities of a change log, which searches
// have to find, and the newest change.
func published(t *testing.T, changes []directory.Record) (want map[string]brief, last int64) {
	want = map[string]brief{}
	for _, rec := range changes {
		last = max(last, rec.Change)
		if rec.Kind != directory.KindActivity {
			continue
		}
		a, err := directory.ReadActivity(rec)
		if err != nil {
			t.Fatal(err)
		}
		delete(want, rec.ID)
		if a.Status == directory.StatusPublished {
			want[rec.ID] = brief{a.Title, a.Summary, a.Group, rec.Change, a.Updated}
		}
	}
	return want, last
}

// everythingFound is every activity that a server finds once its index has a
// change.
func everythingFound(t *testing.T, s *server, change int64) map[string]brief {
	t.Helper()
	all := map[string]brief{}
	query := url.Values{"sort": {"title"}, "limit": {"100"}, "after_change": {fmt.Sprint(change)}}
	for {
		var page struct {
			Items []struct {
				ID string
				brief
			}
			Next string
		}
		s.ask("GET", "/v1/activities?"+query.Encode(), "", nil).want(t, 200, &page)
		for _, item := range page.Items {
			if _, twice := all[item.ID]; twice {
				t.Errorf("%s is listed twice", item.ID)
			}
			all[item.ID] = item.brief
		}
		if page.Next == "" {
			return all
		}
		query.Set("cursor", page.Next)
	}
}

func sameBriefs(t *testing.T, where string, got, want map[string]brief) {
	t.Helper()
	for id, w := range want {
		if g, ok := got[id]; !ok || g != w {
			t.Errorf("%s: activity %s is %+v in the index (%v), %+v in the store", where, id, g, ok, w)
		}
	}
	for id := range got {
		if _, ok := want[id]; !ok {
			t.Errorf("%s: activity %s is only in the index", where, id)
		}
	}
	if len(want) == 0 {
		t.Errorf("%s: nothing was compared", where)
	}
}

// checkFresh checks how soon writes on one node were found on the other.
func (r *race) checkFresh() {
	p99 := percentile(r.fresh, 99)
	if p99 > elsewhere {
		r.t.Errorf("published on one node, found on the other: p99 %v, want at most %v", p99, elsewhere)
	}
	r.t.Logf("published on one node, found on the other, after it was acknowledged: %d times, median %v, p99 %v, most %v",
		len(r.fresh), percentile(r.fresh, 50), p99, percentile(r.fresh, 100))
}
