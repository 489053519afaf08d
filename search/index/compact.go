package index

import (
	"context"
	"errors"
	"gather/search/complete"
	"gather/search/segment"

	index "github.com/blevesearch/bleve_index_api"
)

const (
	// leastDelta is how many rows a delta segment may always have, and deltaShare
	// which share of the main segment, before both are compacted: every search scans
	// all of the delta segment, which takes some microseconds for a thousand rows,
	// and compacting takes some seconds for a million.
	leastDelta = 2000
	deltaShare = 64
)

// compact makes a new main segment of both segments in the background, when the
// delta segment is long and no compaction runs. Searches and writes go on
// meanwhile. x.writing and x.mu are held.
func (x *Index) compact(s *disk) {
	if x.compactionRuns || s.failure() != nil || s.view.Delta.Len() <= max(leastDelta, s.view.Main.Len()/deltaShare) {
		return
	}
	v := x.current
	reader, err := s.reader()
	if err != nil {
		x.compactionFailed(s, err)
		return
	}
	bodies, err := s.listings.MapCommitted()
	if err != nil {
		x.compactionFailed(s, errors.Join(err, reader.Close()))
		return
	}
	x.compactionRuns = true
	v.users++
	x.compacting.Go(func() {
		defer x.release(v)
		made, err := x.compactSnapshot(v, bodies, reader)
		if err == nil {
			x.replaceMain(s, v, made)
			return
		}
		err = errors.Join(err, reader.Close(), bodies.Close())
		x.writing.Lock()
		defer x.writing.Unlock()
		x.compactionRuns = false
		select {
		case <-x.closing: // it was stopped
		default:
			x.compactionFailed(s, err)
		}
	})
}

// compactionFailed logs why a compaction failed. It is tried again with the next
// write; an index that turns out to be damaged is recovered first.
func (x *Index) compactionFailed(s *disk, err error) {
	x.log.Error("search: compaction failed; searches go on, the delta segment grows and slows them down until it succeeds: if this is repeated, run gather reindex", "delta", s.view.Delta.Len(), "error", err)
	if errors.Is(err, segment.ErrDamaged) {
		s.fail(err)
	}
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
	x.compactionRuns = false
	if now, err := x.writable(); err != nil || now != s || s.view.Main != v.view.Main {
		if err := made.segment.Main.Close(); err != nil {
			x.log.Warn("search: a main segment could not be closed; its files use disk space until the process ends", "error", err)
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
