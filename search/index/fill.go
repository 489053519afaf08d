package index

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/index/scorch/mergeplan"
	"golang.org/x/sync/errgroup"

	"gather/directory"
)

const (
	// fillPage is how many changes are indexed at a time when an index is
	// rebuilt: with larger pages Bleve takes more memory and is no faster.
	fillPage = 2000
	// pagesAhead is how many pages are prepared while one is written.
	pagesAhead = 2
	// mergeAt is how many pages are written before Bleve's segments of them are
	// merged. Many at once, because each merge costs a listing as much as indexing
	// it; not all, because every page written reads every segment there is.
	mergeAt = 50
)

// filling configures Bleve for an index that is being filled: it merges only on
// request, because merging takes a core that searches may need.
func filling() map[string]any {
	return map[string]any{"bolt_timeout": lockWait, "scorchMergePlanOptions": map[string]any{"MaxSegmentsPerTier": 1 << 20, "FloorSegmentSize": 1}}
}

// fill indexes all that source has after the position of a disk index that is not
// published yet, page by page: some are prepared while one is written. The caller
// loads it again afterwards, and then takes out the listings of withheld groups.
func (x *Index) fill(ctx context.Context, s *disk, source Source) (withheld, error) {
	groups := withheld{}
	work, ctx := errgroup.WithContext(ctx)
	pages := make(chan chan *writeBatch, pagesAhead-1)
	work.Go(func() error {
		defer close(pages)
		for cursor := s.at.change; ; {
			records, err := source.Changes(ctx, cursor, fillPage)
			if err != nil {
				return fmt.Errorf("read the change log: %w", err)
			}
			if len(records) == 0 {
				return nil
			}
			cursor = records[len(records)-1].Change
			groups.read(s, records)
			made := make(chan *writeBatch, 1)
			select {
			case pages <- made:
			case <-ctx.Done():
				return ctx.Err()
			}
			work.Go(func() error {
				p, err := x.prepareFill(ctx, s, records, source.Mark)
				if err == nil {
					made <- p
				}
				return err
			})
		}
	})
	work.Go(func() error {
		n := 0
		for made := range pages {
			select {
			case p := <-made:
				if err := x.commitFill(ctx, s, p); err != nil {
					return err
				}
			case <-ctx.Done():
				return ctx.Err()
			}
			if n++; n%mergeAt == 0 {
				if err := x.merge(ctx, s, fillPage*mergeAt); err != nil {
					return err
				}
			}
		}
		return ctx.Err()
	})
	return groups, work.Wait()
}

// prepareFill prepares a page of records.
func (x *Index) prepareFill(ctx context.Context, s *disk, records []directory.Record, mark func(directory.Record) directory.Mark) (*writeBatch, error) {
	done, err := x.throttle.acquire(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	put, out := s.split(records)
	return s.prepare(ctx, put, out, after(records, mark), x.now(), false)
}

// commitFill writes a page.
func (x *Index) commitFill(ctx context.Context, s *disk, p *writeBatch) error {
	done, err := x.throttle.acquire(ctx)
	if err != nil {
		return err
	}
	defer done()
	if err := s.commit(p); err != nil {
		return err
	}
	s.at = p.at
	return nil
}

// merge makes one of Bleve's segments of those that have fewer than half of most
// documents.
func (x *Index) merge(ctx context.Context, s *disk, most int64) error {
	done, err := x.throttle.acquire(ctx)
	if err != nil {
		return err
	}
	defer done()
	advanced, err := s.bleve.Advanced()
	if err != nil {
		return fmt.Errorf("merge the index: %w", err)
	}
	index, ok := advanced.(*scorch.Scorch)
	if !ok {
		return fmt.Errorf("merge the index: it is a %T, not of scorch", advanced)
	}
	return force(ctx, index, &mergeplan.MergePlanOptions{
		MaxSegmentsPerTier: 1, MaxSegmentSize: most, TierGrowth: 1, SegmentsPerMergeTask: 1 << 20, FloorSegmentSize: most,
		ReclaimDeletesWeight: 2,
	})
}

// force merges by options. Bleve repeats a merge that fails, as on a full disk, and
// only counts how often: here the first failure ends it.
func force(ctx context.Context, index *scorch.Scorch, options *mergeplan.MergePlanOptions) error {
	failures := func() any { return index.StatsMap()["TotFileMergeLoopErr"] }
	before := failures()
	merging, cancel := context.WithCancel(ctx)
	defer cancel()
	merged := make(chan error, 1)
	go func() { merged <- index.ForceMerge(merging, options) }()
	look := time.NewTicker(time.Second)
	defer look.Stop()
	for {
		select {
		case err := <-merged:
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				return fmt.Errorf("merge the index: %w", err)
			}
			return nil
		case <-look.C:
			if failures() != before {
				cancel()
				<-merged
				return errors.New("merge the index: Bleve cannot write the merged segment, as when the disk is full")
			}
		}
	}
}

// wholeIndex is more documents than any index has.
const wholeIndex = 1 << 30

// finish merges all that a disk index was filled with into one of Bleve's segments,
// and opens it for use. The caller loads it again.
func (x *Index) finish(ctx context.Context, s *disk, name string) error {
	if err := x.merge(ctx, s, wholeIndex); err != nil {
		return err
	}
	// A batch is on the disk when it returns, and so is the merge before it.
	batch := s.bleve.NewBatch()
	if err := s.commitBatch(batch, s.at); err != nil {
		return fmt.Errorf("merge the index: %w", err)
	}
	err := s.bleve.Close()
	s.bleve = nil
	if err != nil {
		return fmt.Errorf("open the new index: %w", err)
	}
	b, err := bleve.OpenUsing(filepath.Join(x.dir, name), ordinary())
	if err != nil {
		return fmt.Errorf("open the new index: %w", err)
	}
	s.bleve = b
	s.caches = newTokenCaches() // those of a fill are large, and a page now and then needs no such cache
	return nil
}

// load loads a disk index that is not published yet, or whose writers wait.
func (x *Index) load(ctx context.Context, s *disk) error {
	cores := runtime.GOMAXPROCS(0)
	if !x.throttle.quiet() {
		cores = 1
	}
	done, err := x.throttle.acquire(ctx)
	if err != nil {
		return err
	}
	defer done()
	return s.load(cores)
}
