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
	if !x.compacted || s.delta.Columns.Len() <= max(leastDelta, s.main.Columns.Len()/deltaShare) {
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

// compaction is a new main segment, and where the docs of a view went in it, -1
// for nowhere.
type compaction struct {
	main        *segment.Main
	completions *complete.CompletionSets
	moved       []int32
}

// compactSnapshot makes the new main segment, on one core: searches go on
// meanwhile.
func (x *Index) compactSnapshot(v *snapshot, bodies *segment.MappedFile, reader index.IndexReader) (made compaction, err error) {
	// A merge of a whole index may hold the turn for minutes.
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
	r, added := v.view.Unsorted()
	r.Cores = 1
	names := complete.MergeNames(v.completions, v.view, added)
	r.Beside = func(moved, byID []int32, id func(doc int32) []byte) {
		made.completions = names.CompletionSets(moved, byID, id, complete.InterestNames(x.words))
	}
	defer freeMemory(v.view.Live)
	made.main, made.moved, err = segment.NewMain(r, bodies, reader, v.view.Ordinals)
	if err == nil {
		made.main.CarryPostings(v.view, made.moved)
	}
	return made, err
}

// replaceMain puts a new base, made of what v saw, in the place of the old. moved
// says where the slots of v went.
func (x *Index) replaceMain(s *disk, v *snapshot, made compaction) {
	x.writing.Lock()
	defer x.writing.Unlock()
	x.compacted = true
	if now, err := x.writable(); err != nil || now != s || s.main != v.view.Main {
		if err := made.main.Close(); err != nil {
			x.log.Error("search: closing an index", "error", err)
		}
		return
	}
	s.replaceMain(v.view, made) // searches see none of it yet
	x.mu.Lock()
	defer x.mu.Unlock()
	x.publish(s)
	x.compact(s) // what came meanwhile may be long too
}

// rebase_ keeps of the tail what v did not see, behind a new base.
func (s *disk) replaceMain(v *segment.View, made compaction) {
	seen, before := v.Delta.Columns.Len(), s.main.Columns.Len()
	var later []int32
	for i := seen; i < s.delta.Columns.Len(); i++ {
		later = append(later, int32(i))
	}
	place := func(doc int) int32 {
		if doc < len(made.moved) {
			return made.moved[doc]
		}
		return int32(made.main.Columns.Len() + doc - before - seen)
	}
	var dead []int32
	for _, doc := range s.deleted.Since(v.Deleted) {
		if now := place(int(doc)); now >= 0 {
			dead = append(dead, now)
		}
	}
	newest := map[string]int32{}
	for id, doc := range s.newest {
		if int(doc) >= before+seen {
			newest[id] = place(int(doc))
		}
	}
	kept := segment.Delta{Columns: *s.delta.Columns.Pick(later), Terms: &segment.DeltaTerms{}}
	for n, i := range later {
		body := s.delta.Bodies[i]
		kept.Keep(body, s.delta.At[i], s.delta.DocTerms[i], made.main.TitleRankOf(segment.TitleOf(body), segment.IdOf(body)))
		kept.Index(made.main.Columns.Len()+n, s.delta.DocTerms[i])
	}
	kept.Order(0)
	s.delta = kept
	s.main, s.completions, s.deleted, s.newest, s.recent = made.main, made.completions, segment.DocSet{}.With(dead), newest, s.recent.After(before+seen, place)
}
