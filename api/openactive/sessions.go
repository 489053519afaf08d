package openactive

import (
	gocontext "context"
	"maps"
	"slices"
	"time"

	"gather/directory"
)

// span is how many numbers of the feed of dated sessions belong to one change of
// the directory: change*span is the first. Up to change 2^42 they are below
// 2^53, as JavaScript needs. The first half is for listed sessions, the second
// for sessions that are no longer listed.
const span = 2048

// retained is how long RPDE requires deleted items to stay in a feed.
const retained = 7 * 24 * time.Hour

// sessionChunk is how many records are read at once: about as many weekly
// activities as it takes to fill a page.
const sessionChunk = 20

// historyPage is how many revisions are read at once; few activities have
// more in half a year.
const historyPage = 50

// Sessions reads a page of dated sessions. It fails as the Source does.
//
// The items of an activity depend only on its revisions, which never change, so
// an item has the same number wherever a page begins. A new revision lists the
// sessions of the 26 weeks after it was written, and deletes those that earlier
// revisions listed and it does not. A session that is past is deleted for a week,
// and then no longer in the feed.
func (f *Feeds) Sessions(ctx gocontext.Context, ask Ask) (Page, error) {
	past := func(change int64) int64 { return change*span + span - 1 }
	from := max(0, ask.After/span-1)
	today := midnight(f.o.Now())
	return f.walk(ctx, SessionsPath, ask, from, sessionChunk, past, func(ctx gocontext.Context, r directory.PublicChange) ([]Item, error) {
		if r.Kind != directory.KindActivity || r.At.Add(ahead+retained).Before(today) {
			return nil, nil // all sessions that this change listed or deleted are long past
		}
		return f.sessionItems(ctx, r, today)
	})
}

// sessionItems are the items of one activity as they are today.
func (f *Feeds) sessionItems(ctx gocontext.Context, r directory.PublicChange, today time.Time) ([]Item, error) {
	var out []Item
	add := func(key string, start time.Time, number int64, data any) {
		it := Item{State: "deleted", Kind: "ScheduledSession", ID: sessionItem(r.ID, key), Modified: r.Change*span + number}
		if data != nil && !start.Before(today) {
			it.State, it.Data = "updated", data
		}
		if it.Data != nil || !start.Before(today.Add(-retained)) || !r.At.Before(today.Add(-retained)) {
			out = append(out, it)
		}
	}
	keys := map[string]bool{}
	for i, s := range f.listed(r) {
		keys[s.Key] = true
		add(s.Key, s.Start, int64(i), f.mapping.Session(r.Activity, s))
	}
	earlier, err := f.listedBefore(ctx, r, keys)
	if err != nil {
		return nil, err
	}
	for i, key := range slices.Sorted(maps.Keys(earlier)) {
		if i == span/2 {
			break // more than five a day for half a year were deleted
		}
		add(key, earlier[key], int64(span/2+i), nil)
	}
	return out, nil
}

// listed are the sessions that a revision of an activity lists: none if it is not
// for OpenActive.
func (f *Feeds) listed(r directory.PublicChange) []directory.Session {
	if _, ok := f.mapping.Series(r.Activity, r.At); !ok {
		return nil
	}
	return listed(r.Activity, r.At)
}

// listedBefore are the sessions, by key, that earlier revisions listed and that
// were in the future when r was written, without those in keep.
func (f *Feeds) listedBefore(ctx gocontext.Context, r directory.PublicChange, keep map[string]bool) (map[string]time.Time, error) {
	begin := midnight(r.At)
	oldest := begin.Add(-ahead - 24*time.Hour) // a day more, for changes of the clocks
	out := map[string]time.Time{}
	before := r.Rev
	if r.Activity == nil {
		before++ // r listed sessions itself, until its group was suspended
	}
	for before > 1 {
		rs, err := f.source.PublicHistory(ctx, r.ID, before, historyPage)
		if err != nil {
			return nil, err
		}
		if len(rs) == 0 {
			return out, nil
		}
		for _, old := range rs {
			if before = old.Rev; old.At.Before(oldest) {
				return out, nil
			}
			for _, s := range f.listed(old) {
				if !keep[s.Key] && !s.Start.Before(begin) {
					out[s.Key] = s.Start
				}
			}
		}
	}
	return out, nil
}
