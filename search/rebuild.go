package search

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	index "github.com/blevesearch/bleve_index_api"

	"gather/directory"
)

// refreshPage is how many listings Refresh writes at a time.
const refreshPage = 500

// Refresh computes the sessions of listings anew that were indexed so long ago
// that the furthest dates one may ask about are no longer among them. Calling
// it once a day is enough.
func (x *Index) Refresh(ctx context.Context) error {
	need := wallMinutes(x.now()) + (MaxRangeDays+2)*dayMinutes
	for {
		n, err := x.refreshPage(ctx, need)
		if err != nil {
			return fmt.Errorf("refresh the sessions: %w", err)
		}
		if n < refreshPage {
			return nil
		}
	}
}

func (x *Index) refreshPage(ctx context.Context, need int32) (int, error) {
	x.writing.Lock()
	defer x.writing.Unlock()
	s, err := x.writable()
	if err != nil {
		return 0, err
	}
	var ids []string
	for id, f := range s.facts { // only writers change it, and x.writing is held
		if f.Horizon < need && len(ids) < refreshPage {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return 0, nil
	}
	activities, err := s.activities(ids)
	if err != nil {
		return 0, err
	}
	return len(ids), x.write(ctx, s, activities, nil, s.cursor)
}

// activities are the listings with these ids as the index keeps them.
func (s *shelf) activities(ids []string) (as []directory.Activity, err error) {
	reader, err := s.reader()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	for _, id := range ids {
		doc, err := reader.Document(id)
		if err != nil {
			return nil, fmt.Errorf("read activity %s: %w", id, err)
		}
		a, err := activityIn(doc)
		if err != nil {
			return nil, fmt.Errorf("read activity %s: %w", id, err)
		}
		as = append(as, a)
	}
	return as, nil
}

func activityIn(doc index.Document) (directory.Activity, error) {
	var a directory.Activity
	if doc == nil {
		return a, errDamaged
	}
	err := json.Unmarshal(storedText(doc, fieldActivity), &a)
	return a, err
}

// rebuildPage is how many changes Rebuild indexes at a time: larger batches
// take more memory and are no faster.
const rebuildPage = 1000

// Rebuild builds the index anew from the whole change log, beside the old one,
// which goes on answering and may go on following; then it takes its place in
// one step. An error leaves the old one as it was.
func (x *Index) Rebuild(ctx context.Context, source Source) error {
	x.rebuilding.Lock()
	defer x.rebuilding.Unlock()
	name, s, err := x.begin()
	if err != nil {
		return fmt.Errorf("rebuild the index: %w", err)
	}
	if err := x.rebuild(ctx, name, s, source); err != nil {
		return errors.Join(fmt.Errorf("rebuild the index: %w", err), s.bleve.Close(), os.RemoveAll(filepath.Join(x.dir, name)))
	}
	x.removeOthers()
	return nil
}

func (x *Index) rebuild(ctx context.Context, name string, s *shelf, source Source) error {
	if err := x.drain(ctx, s, source); err != nil {
		return err
	}
	// What came meanwhile, while nobody else writes: the new index must not
	// be behind the old.
	x.writing.Lock()
	defer x.writing.Unlock()
	if err := x.drain(ctx, s, source); err != nil {
		return err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.closed {
		return ErrClosed
	}
	if err := x.name(name); err != nil {
		return err
	}
	return x.show(s)
}

// drain indexes all that source has after the cursor of a shelf that nobody
// sees yet.
func (x *Index) drain(ctx context.Context, s *shelf, source Source) error {
	for {
		records, err := source.Changes(ctx, s.cursor, rebuildPage)
		if err != nil {
			return fmt.Errorf("read the change log: %w", err)
		}
		if len(records) == 0 {
			return nil
		}
		put, out, last := s.sort(records)
		made, err := s.write(ctx, put, out, last, x.now())
		if err != nil {
			return err
		}
		s.lay(made, last)
	}
}
