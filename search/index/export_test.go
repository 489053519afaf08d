package index

import (
	"context"
	"gather/search"
	"gather/search/match"
	"slices"
)

// Matches are the ids of all listings that answer q, in order.
func (x *Index) Matches(ctx context.Context, q search.Query) ([]string, error) {
	asked, err := match.NewQuestion(q, x.language, x.encoder.Places, x.now())
	if err != nil {
		return nil, err
	}
	v, err := x.acquire()
	if err != nil {
		return nil, err
	}
	defer x.release(v)
	s := new(match.Search)
	s.Begin(v.view, x.language, asked)
	all, err := s.Matches(ctx)
	if err != nil {
		return nil, err
	}
	slices.Sort(all)
	return all, nil
}

// Compacted waits until what runs in the background is done.
func (x *Index) Compacted() { x.compacting.Wait() }
