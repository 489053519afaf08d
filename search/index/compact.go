package index

import (
	"context"
	"errors"
	"gather/search/complete"
	"gather/search/segment"

	index "github.com/blevesearch/bleve_index_api"
)

const (
	// leastDelta is how long a tail may always be, and tailShare which share of
	// the base it may be, before both are made a new base: every search looks
	// at all of the tail, which takes some microseconds for a thousand, and
	// making a base takes some seconds for a million.
	leastDelta = 2000
	deltaShare = 64
)

// compact makes a new base of base and tail in the background, when the tail is
// long and none is being made. Searches and writes go on meanwhile. x.writing
// and x.mu are held.
func (x *Index) compact(s *disk) {
	if !x.compacted || s.view.Delta.Len() <= max(leastDelta, s.view.Main.Len()/deltaShare) {
		return
	}
	v := x.current
	reader, err := s.reader()
	if err != nil {
		x.log.Error("search: the index is not put in order", "error", err)
		return
	}
	bodies, err := s.listings.MapCommitted()
	if err != nil {
		x.log.Error("search: the index is not put in order", "error", errors.Join(err, reader.Close()))
		return
	}
	x.compacted = false
	v.users++
	x.compacting.Go(func() {
		defer x.release(v)
		made, err := x.compactSnapshot(v, bodies, reader)
		if err != nil {
			x.log.Error("search: the index is not put in order", "error", errors.Join(err, reader.Close(), bodies.Close()))
			x.writing.Lock()
			defer x.writing.Unlock()
			x.compacted = true
			return
		}
		x.replaceMain(s, v, made)
	})
}

// compaction is a new main segment with its completions.
type compaction struct {
	segment     *segment.Compaction
	completions *complete.Sets
}

// compactSnapshot makes the new main segment, on one core: searches go on
// meanwhile.
func (x *Index) compactSnapshot(v *snapshot, bodies *segment.MappedFile, reader index.IndexReader) (made compaction, err error) {
	// A merge of a whole index may hold the throttle for minutes.
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	go func() {
		select {
		case <-x.closing:
			stop()
		case <-ctx.Done():
		}
	}()
	done, err := x.throttle.acquire(ctx)
	if err != nil {
		return made, err
	}
	defer done()
	names := complete.MergeNames(v.completions, v.view, v.view.Added())
	defer freeMemory(v.view.Live)
	made.segment, err = v.view.Compact(bodies, reader, func(moved, byID []int32, id func(doc int32) []byte) {
		made.completions = names.Sets(moved, byID, id, x.words)
	})
	return made, err
}

// replaceMain publishes a new main segment, made of what v saw, in the place of
// the old one.
func (x *Index) replaceMain(s *disk, v *snapshot, made compaction) {
	x.writing.Lock()
	defer x.writing.Unlock()
	x.compacted = true
	if now, err := x.writable(); err != nil || now != s || s.view.Main != v.view.Main {
		if err := made.segment.Main.Close(); err != nil {
			x.log.Error("search: closing an index", "error", err)
		}
		return
	}
	s.completions, s.recent = made.completions, s.recent.After(v.view.Len(), func(doc int) int32 { return made.segment.Doc(int32(doc)) })
	s.view = made.segment.Replace(s.view) // searches see none of it yet
	x.mu.Lock()
	defer x.mu.Unlock()
	x.publish(s)
	x.compact(s) // what was written meanwhile may be long too
}
