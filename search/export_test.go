package search

import (
	"context"
	"slices"
)

// Matches are the ids of all listings that answer q, in order.
func (x *Index) Matches(ctx context.Context, q Query) ([]string, error) {
	asked, err := newQuestion(q, x.language, x.encoder.places, x.now())
	if err != nil {
		return nil, err
	}
	v, err := x.acquire()
	if err != nil {
		return nil, err
	}
	defer x.release(v)
	s := new(Search)
	s.begin(v.view, x.language, asked)
	all, err := s.matches(ctx)
	if err != nil {
		return nil, err
	}
	slices.Sort(all)
	return all, nil
}

// Compacted waits until what runs in the background is done.
func (x *Index) Compacted() { x.compacting.Wait() }
