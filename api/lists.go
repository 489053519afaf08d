package api

import (
	"context"
	"errors"

	"golang.org/x/sync/errgroup"

	"gather/api/feeds"
	"gather/directory"
	"gather/search"
)

// readers is how many activities are read from the store at once for one
// answer, which hides the round trips to a store over the network.
const readers = 8

// everything reports whether q asks for all there is, in no order.
func everything(q search.Query) bool {
	q.AfterChange, q.Lang = 0, ""
	return q.String() == ""
}

// found answers what q finds, as anyone may see it, in its order. It holds one
// page of results.
func (s *server) found(ctx context.Context, q search.Query) feeds.Activities {
	return func(yield func(*directory.Activity, error) bool) {
		q.Limit = search.MaxLimit
		for {
			page, err := s.Index.Search(ctx, q)
			if err != nil {
				yield(nil, badParams(err))
				return
			}
			as, err := s.read(ctx, page.Items)
			for i := 0; i < len(as) && err == nil; i++ {
				if as[i] != nil && !yield(as[i], nil) {
					return
				}
			}
			if err != nil {
				yield(nil, err)
				return
			}
			if q.Cursor = page.Next; q.Cursor == "" {
				return
			}
		}
	}
}

// read reads the activities of items, in order; nil for one that was taken down
// since it was found.
func (s *server) read(ctx context.Context, items []search.Item) ([]*directory.Activity, error) {
	as := make([]*directory.Activity, len(items))
	work, ctx := errgroup.WithContext(ctx)
	work.SetLimit(readers)
	for i, item := range items {
		work.Go(func() error {
			a, err := s.Directory.Activity(ctx, directory.Principal{}, item.ID)
			switch {
			case err == nil:
				as[i] = &a
			case errors.Is(err, directory.ErrNotFound), errors.Is(err, directory.ErrGone):
				err = nil
			}
			return err
		})
	}
	return as, work.Wait()
}
