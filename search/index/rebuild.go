package index

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"gather/directory"
	"gather/search"
	"gather/search/calendar"
	"gather/search/segment"
)

// refreshPage is how many listings Refresh writes at a time.
const refreshPage = 500

// Refresh computes the sessions again of listings that were indexed so long ago
// that theirs do not reach the furthest dates one may ask about. Calling it once a
// day is enough. Searches go on meanwhile; writes wait.
func (x *Index) Refresh(ctx context.Context) error {
	if err := x.refresh(ctx); err != nil {
		return fmt.Errorf("refresh the sessions: %w", err)
	}
	return nil
}

func (x *Index) refresh(ctx context.Context) error {
	x.writing.Lock()
	defer x.writing.Unlock()
	s, err := x.writable()
	if err != nil {
		return err
	}
	v, err := x.acquire()
	if err != nil {
		return err
	}
	defer x.release(v)
	need := calendar.WallMinutes(x.now()) + (search.MaxRangeDays+2)*calendar.DayMinutes
	var page []*segment.Facts
	found := false
	for doc := int32(0); int(doc) < v.view.Len(); doc++ {
		if c, i := v.view.Row(doc); c.Horizon[i] < need && !v.view.Deleted.Has(int(doc)) {
			f, err := v.view.Facts(doc)
			if err != nil {
				return err
			}
			page, found = append(page, f), true
		}
		if len(page) == refreshPage || int(doc) == v.view.Len()-1 && len(page) > 0 {
			if err := x.renew(ctx, s, page); err != nil {
				return err
			}
			page = nil
		}
	}
	if !found {
		return nil
	}
	if err := x.load(ctx, s); err != nil {
		return err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.closed {
		return ErrClosed
	}
	x.publish(s)
	return nil
}

// renew computes the sessions of listings again and writes them. Their words stay
// as they are. x.writing is held, and the caller loads the disk index again.
func (x *Index) renew(ctx context.Context, s *disk, page []*segment.Facts) error {
	now := x.now()
	var entries []segment.Entry
	for _, f := range page {
		var p segment.Plan
		if f.Plan != "" {
			if err := json.Unmarshal([]byte(f.Plan), &p); err != nil {
				return fmt.Errorf("read the schedule of activity %s: %w", f.ID, err)
			}
			a := &directory.Activity{SessionChanges: p.Changes, Details: directory.Details{Schedule: p.Schedule}}
			f.Sessions = calendar.Recurrences(calendar.Upcoming(a, now))
		}
		f.Horizon = calendar.WallMinutes(now) + calendar.HorizonDays*calendar.DayMinutes
		entries = append(entries, segment.Entry{ID: f.ID, Body: s.encoder.Pack(f)})
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return s.rewrite(entries)
}

// Rebuild makes another disk index from the whole change log, beside the old one,
// which goes on answering and may go on following; then it takes its place in one
// step. An error leaves the old one as it was.
func (x *Index) Rebuild(ctx context.Context, source Source) error {
	x.rebuilding.Lock()
	defer x.rebuilding.Unlock()
	began := time.Now()
	x.log.Info("search: index rebuild started; searches go on with the old index")
	name, s, err := x.create(filling())
	if err != nil {
		return fmt.Errorf("rebuild the index: %w", err)
	}
	if err := x.rebuild(ctx, name, s, source); err != nil {
		return errors.Join(fmt.Errorf("rebuild the index: %w", err), s.view.Main.Close(), s.close(), os.RemoveAll(filepath.Join(x.dir, name)))
	}
	x.removeOthers()
	x.log.Info("search: index rebuild finished", "listings", x.Len(), "change", x.Cursor(), "took", time.Since(began).Round(time.Millisecond).String())
	return nil
}

func (x *Index) rebuild(ctx context.Context, name string, s *disk, source Source) error {
	groups, err := x.fill(ctx, s, source)
	if err != nil {
		return err
	}
	empty := s.view.Main
	if err := x.finish(ctx, s, name); err != nil {
		return err
	}
	if err := x.load(ctx, s); err != nil {
		return err
	}
	if err := groups.take(ctx, s, x.now()); err != nil {
		return err
	}
	if err := empty.Close(); err != nil {
		return err
	}
	// What was written meanwhile, while nobody else writes: the new index must not
	// be behind the old one.
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
	if err := x.setCurrent(name); err != nil {
		return err
	}
	x.publish(s)
	x.compact(s)
	return nil
}

// drain indexes all that source has after the position of a disk index that is not
// published yet, into its delta segment.
func (x *Index) drain(ctx context.Context, s *disk, source Source) error {
	for {
		records, err := source.Changes(ctx, s.at.change, followPage)
		if err != nil {
			return fmt.Errorf("read the change log: %w", err)
		}
		if len(records) == 0 {
			return nil
		}
		put, out := s.split(records)
		at := after(records, source.Mark)
		made, err := s.write(ctx, put, out, at, x.now())
		if err != nil {
			return err
		}
		s.apply(made)
		s.at = at
	}
}
