package search

import (
	"context"
	"slices"
)

// Matches are the ids of all listings that answer q, in order.
func (x *Index) Matches(ctx context.Context, q Query) ([]string, error) {
	q, _ = x.encoder.interpreter.located(q)
	place, _, err := readPlace(q, x.encoder.places)
	if err != nil {
		return nil, err
	}
	v, err := x.acquire()
	if err != nil {
		return nil, err
	}
	defer x.release(v)
	s := new(search_)
	s.begin(v, q, x.now(), place, nil)
	if err := s.read(ctx); err != nil {
		return nil, err
	}
	if s.matcher.filter, err = s.compiler.filter(q); err != nil {
		return nil, err
	}
	s.matcher.terms, s.matcher.keep = s.sets, true
	if err := s.matcher.run(ctx); err != nil {
		return nil, err
	}
	var ids []string
	for _, h := range s.matcher.hits {
		ids = append(ids, v.id(h.slot))
	}
	slices.Sort(ids)
	return ids, nil
}

// Settle waits until what runs in the background is done.
func (x *Index) Settle() { x.compacting.Wait() }
