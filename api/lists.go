package api

import (
	"context"
	"iter"
	"slices"

	"gather/api/feeds"
	"gather/directory"
	"gather/search"
)

// everything reports whether q has no filter and no order.
func everything(q search.Query) bool {
	q.AfterChange, q.Lang = 0, ""
	return q.String() == ""
}

const (
	// idsAtOnce is how many ids are read from the index at once when everything
	// that a query finds is sent. Each page is a search of its own, so fewer,
	// larger pages are cheaper; above this size, sorting costs more than that
	// saves.
	idsAtOnce = 500
	// activitiesAtOnce is how many activities such a response holds in memory.
	activitiesAtOnce = 100
)

// found yields the public part of every activity that q finds, in its order.
func (s *server) found(ctx context.Context, q search.Query) feeds.Activities {
	return func(yield func(*directory.Activity, error) bool) {
		for ids, err := range s.foundIDs(ctx, q) {
			var as []*directory.Activity
			if err == nil {
				as, err = s.Directory.PublicActivities(ctx, ids)
			}
			if err != nil {
				yield(nil, err)
				return
			}
			for _, a := range as {
				if a != nil && !yield(a, nil) {
					return
				}
			}
		}
	}
}

// foundIDs yields the ids of everything that q finds, in its order, at most
// activitiesAtOnce at a time. It ends with the first error.
func (s *server) foundIDs(ctx context.Context, q search.Query) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		for q.Limit = idsAtOnce; ; {
			page, err := s.Index.Find(ctx, q)
			if err != nil {
				yield(nil, badParams(err))
				return
			}
			for ids := range slices.Chunk(page.IDs, activitiesAtOnce) {
				if !yield(ids, nil) {
					return
				}
			}
			if q.Cursor = page.Next; q.Cursor == "" {
				return
			}
		}
	}
}
