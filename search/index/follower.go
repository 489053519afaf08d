package index

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"gather/directory"
)

// Source is the change log that an index follows. A
// directory.Directory is one.
type Source interface {
	// Changes answers up to limit records whose newest Change is greater than
	// after, in order of Change, tombstones included.
	Changes(ctx context.Context, after int64, limit int) ([]directory.Record, error)
	// Last answers the newest change number, 0 for an empty log.
	Last(ctx context.Context) (int64, error)
	// Wait returns nil once Last may be greater than after, or the context's
	// error. It may return early.
	Wait(ctx context.Context, after int64) error
}

// Follower keeps an Index up to date with a Source.
type Follower struct {
	Source Source
	Index  *Index
	// Log gets what goes wrong; slog.Default() if nil.
	Log *slog.Logger
}

const (
	// followPage is how many changes are indexed at a time.
	followPage = 1000
	// pollEvery is how long to wait for a wake-up before looking anyway:
	// wake-ups are a courtesy of the source, the poll is the truth.
	pollEvery = time.Second
	// retryAfter is how long to wait after an error.
	retryAfter = time.Second
	// refreshEvery is how often sessions are looked at that come into reach
	// as time passes.
	refreshEvery = 24 * time.Hour
)

// Run follows the source until ctx ends, and returns its error. What goes
// wrong is logged and tried again: meanwhile the index answers with what it
// has. An index that is stale is rebuilt first, while it goes on answering; an
// empty one that has much to follow is built as a whole.
func (f *Follower) Run(ctx context.Context) error {
	var refreshed time.Time
	for {
		err := f.step(ctx, &refreshed)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, ErrClosed):
			return err
		case err != nil:
			f.log().Error("search: following the change log", "error", err)
			if err := sleep(ctx, retryAfter); err != nil {
				return err
			}
			continue
		}
		if err := f.wait(ctx); err != nil {
			return err
		}
	}
}

func (f *Follower) step(ctx context.Context, refreshed *time.Time) error {
	ahead, err := f.ahead(ctx)
	if err != nil {
		return err
	}
	empty, err := f.empty(ctx)
	if err != nil {
		return err
	}
	if ahead || empty || f.Index.Stale() {
		if err := f.Index.Rebuild(ctx, f.Source); err != nil {
			return err
		}
	}
	if err := f.CatchUp(ctx); err != nil {
		return err
	}
	if now := f.Index.now(); now.Sub(*refreshed) >= refreshEvery {
		if err := f.Index.Refresh(ctx); err != nil {
			return err
		}
		*refreshed = now
	}
	return nil
}

// manyChanges is how many changes an empty index is built from as a whole,
// which is several times faster than following them; fewer are found sooner
// when they are followed.
const manyChanges = 20_000

// empty reports whether the index is empty and the source has much for it.
func (f *Follower) empty(ctx context.Context) (bool, error) {
	if f.Index.Cursor() > 0 {
		return false, nil
	}
	last, err := f.Source.Last(ctx)
	if err != nil {
		return false, fmt.Errorf("read the newest change: %w", err)
	}
	return last > manyChanges, nil
}

// ahead reports whether the index has seen changes that the source does not
// have: it is the index of another database, or of this one before a restore.
func (f *Follower) ahead(ctx context.Context) (bool, error) {
	cursor := f.Index.Cursor()
	last, err := f.Source.Last(ctx)
	if err != nil {
		return false, fmt.Errorf("read the newest change: %w", err)
	}
	if last >= cursor {
		return false, nil
	}
	f.log().Warn("search: the index has seen more than the store holds, and is built anew", "index", cursor, "store", last)
	return true, nil
}

// wait returns when there may be something new, or after a while.
func (f *Follower) wait(ctx context.Context) error {
	soon, cancel := context.WithTimeout(ctx, pollEvery)
	defer cancel()
	if err := f.Source.Wait(soon, f.Index.Cursor()); err != nil && soon.Err() == nil {
		f.log().Error("search: waiting for the change log", "error", err)
		return sleep(ctx, retryAfter)
	}
	return ctx.Err()
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// CatchUp indexes all changes that the source has now.
func (f *Follower) CatchUp(ctx context.Context) error {
	for {
		records, err := f.Source.Changes(ctx, f.Index.Cursor(), followPage)
		if err != nil {
			return fmt.Errorf("read the change log: %w", err)
		}
		if len(records) == 0 {
			return nil
		}
		if err := f.Index.Apply(ctx, records); err != nil {
			return err
		}
	}
}

// Lag is how many changes the index is behind the source, at most: a change
// number that was overwritten counts too.
func (f *Follower) Lag(ctx context.Context) (int64, error) {
	last, err := f.Source.Last(ctx)
	if err != nil {
		return 0, fmt.Errorf("read the newest change: %w", err)
	}
	return max(0, last-f.Index.Cursor()), nil
}

func (f *Follower) log() *slog.Logger {
	if f.Log == nil {
		return slog.Default()
	}
	return f.Log
}
