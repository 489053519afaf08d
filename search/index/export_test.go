package index

import (
	"context"
	"slices"

	"github.com/blevesearch/bleve/v2"

	"gather/search"
	"gather/search/match"
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

// FailNextBatch makes Bleve refuse the next batch with err.
func (x *Index) FailNextBatch(err error) {
	x.writing.Lock()
	defer x.writing.Unlock()
	x.disk.bleve = &refusing{x.disk.bleve, err}
}

// words is Bleve's index by a name that none of its methods has.
type words = bleve.Index

// refusing is a Bleve index that refuses a batch, once.
type refusing struct {
	words
	err error
}

func (r *refusing) Batch(b *bleve.Batch) error {
	if err := r.err; err != nil {
		r.err = nil
		return err
	}
	return r.words.Batch(b)
}
