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
	s, err := match.New(&q, x.language, x.encoder.Places, x.now())
	if err != nil {
		return nil, err
	}
	defer s.Done()
	v, err := x.acquire()
	if err != nil {
		return nil, err
	}
	defer x.release(v)
	all, err := s.Matches(ctx, v.view)
	if err != nil {
		return nil, err
	}
	slices.Sort(all)
	return all, nil
}

// Compacted waits until what runs in the background is done.
func (x *Index) Compacted() { x.compacting.Wait() }

// FailNextBatch makes Bleve refuse the next batch with err, or panic if it is nil.
func (x *Index) FailNextBatch(err error) {
	x.writing.Lock()
	defer x.writing.Unlock()
	x.disk.bleve = &refusing{x.disk.bleve, err, false}
}

// HoldNextBatch makes Bleve's next batch wait until release is closed.
func (x *Index) HoldNextBatch(release <-chan struct{}) {
	x.writing.Lock()
	defer x.writing.Unlock()
	x.disk.bleve = &stuck{x.disk.bleve, release}
}

// stuck is a Bleve index whose batches wait and write nothing.
type stuck struct {
	words
	release <-chan struct{}
}

func (s *stuck) Batch(*bleve.Batch) error {
	<-s.release
	return nil
}

// words is Bleve's index by a name that none of its methods has.
type words = bleve.Index

// refusing is a Bleve index that refuses a batch, once.
type refusing struct {
	words
	err  error
	done bool
}

func (r *refusing) Batch(b *bleve.Batch) error {
	if r.done {
		return r.words.Batch(b)
	}
	if r.done = true; r.err == nil {
		panic("a damaged segment")
	}
	return r.err
}
