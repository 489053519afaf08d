package index

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"gather/directory"
)

// Source is the change log that an index follows. A directory.Directory is one.
type Source interface {
	// Changes returns up to limit records whose newest Change is greater than
	// after, in order of Change, tombstones included.
	Changes(ctx context.Context, after int64, limit int) ([]directory.Record, error)
	// Last returns the newest change number, 0 for an empty log.
	Last(ctx context.Context) (int64, error)
	// Wait returns nil once Last may be greater than after, or the context's
	// error. It may return early.
	Wait(ctx context.Context, after int64) error
	// Mark names the change of a record that Changes returned, so that Holds can
	// tell whether this log has it: another log may have the same number.
	Mark(r directory.Record) directory.Mark
	// Holds reports whether the log has the change that m marks; the empty mark
	// is in every log.
	Holds(ctx context.Context, m directory.Mark) (bool, error)
}

// Follower keeps an Index up to date with a Source.
type Follower struct {
	Source Source
	Index  *Index
	// Log gets what goes wrong; slog.Default() if nil.
	Log *slog.Logger

	foreign atomic.Bool // the index is of another log, and not rebuilt yet
}

const (
	// followPage is how many changes are indexed at a time.
	followPage = 1000
	// pollEvery is how long to wait for a wake-up before reading the log anyway: a
	// wake-up may be lost, the poll is what the follower relies on.
	pollEvery = time.Second
	// retryAfter is how long to wait after an error. After errors of the index,
	// whose repair may take a while, it doubles up to maxRetryAfter.
	retryAfter    = time.Second
	maxRetryAfter = 15 * time.Second
	// refreshEvery is how often the sessions are extended that come within reach
	// as time passes.
	refreshEvery = 24 * time.Hour
	// checkLogEvery is how often the follower checks that it follows the same log
	// still: a database may be put back from a backup under a running server.
	checkLogEvery = 10 * time.Second
)

// Run follows the source until ctx ends, and returns its error. Errors are logged
// and what failed is tried again; meanwhile the index answers with what it has.
// An index whose disk failed is recovered first. One of another log is rebuilt, a
// stale one too, while it answers; an empty one that has many changes to follow is
// built as a whole.
func (f *Follower) Run(ctx context.Context) error {
	r := run{follower: f, pause: retryAfter}
	for {
		err := r.step(ctx)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, ErrClosed):
			return err
		case err != nil:
			f.log().Error("search: index not updated; searches go on with what was found until now", "retry", r.pause.String(), "error", err)
			if err := sleep(ctx, r.pause); err != nil {
				return err
			}
			if r.pause = min(2*r.pause, maxRetryAfter); !r.repairing {
				r.pause = retryAfter
			}
			continue
		}
		r.pause = retryAfter
		if err := f.wait(ctx); err != nil {
			return err
		}
	}
}

// run is what a Run remembers from step to step.
type run struct {
	follower *Follower
	pause    time.Duration // after the next error
	// repairing is true when the last step tried to recover or rebuild the index.
	repairing          bool
	refreshed, checked time.Time
}

// step brings the index up to date once.
func (r *run) step(ctx context.Context) error {
	f := r.follower
	if r.repairing = f.Index.Failure() != nil; r.repairing {
		f.log().Warn("search: recovering the index", "failure", f.Index.Failure())
	}
	if err := f.Index.Recover(ctx, f.Source); err != nil {
		r.repairing = true
		return err
	}
	if err := r.checkLog(ctx); err != nil {
		return err
	}
	empty, err := f.empty(ctx)
	if err != nil {
		return err
	}
	var failed error
	if foreign, stale := f.foreign.Load(), f.Index.Stale(); foreign || empty || stale {
		r.repairing = true
		failed = f.Index.Rebuild(ctx, f.Source)
		if failed != nil && !stale {
			return failed
		}
		f.foreign.Store(foreign && failed != nil)
	}
	// A stale index is followed also while it cannot be rebuilt.
	if f.foreign.Load() {
		return failed
	}
	if err := f.CatchUp(ctx); err != nil {
		return errors.Join(failed, err)
	}
	if now := f.Index.now(); now.Sub(r.refreshed) >= refreshEvery {
		if err := f.Index.Refresh(ctx); err != nil {
			return errors.Join(failed, err)
		}
		r.refreshed = now
	}
	return failed
}

// checkLog finds out whether the index is of another log: of another database, or
// of this one before it was put back from a backup.
func (r *run) checkLog(ctx context.Context) error {
	f := r.follower
	cursor, mark := f.Index.Cursor(), f.Index.Mark()
	last, err := f.Source.Last(ctx)
	if err != nil {
		return fmt.Errorf("read the newest change: %w", err)
	}
	holds := last >= cursor
	if holds && time.Since(r.checked) >= checkLogEvery {
		if holds, err = f.Source.Holds(ctx, mark); err != nil {
			return err
		}
		r.checked = time.Now()
	}
	if !holds {
		f.log().Warn("search: the index is of another database, or of this one before it was put back from a backup, and is rebuilt", "index", cursor, "store", last)
		f.foreign.Store(true)
		f.Index.setCaughtUp(time.Time{})
	}
	return nil
}

// manyChanges is how many changes an empty index is built from as a whole,
// which is several times faster than following them; fewer are found sooner
// when they are followed.
const manyChanges = 20_000

// empty reports whether the index is empty and the source has many changes.
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

// wait returns when there may be something new, or after a while.
func (f *Follower) wait(ctx context.Context) error {
	soon, cancel := context.WithTimeout(ctx, pollEvery)
	defer cancel()
	if err := f.Source.Wait(soon, f.Index.Cursor()); err != nil && soon.Err() == nil {
		f.log().Error("search: the store does not tell of changes; they are found by asking it every second", "error", err)
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
		asked := f.Index.now()
		records, err := f.Source.Changes(ctx, f.Index.Cursor(), followPage)
		if err != nil {
			return fmt.Errorf("read the change log: %w", err)
		}
		if len(records) == 0 {
			f.Index.setCaughtUp(asked)
			return nil
		}
		if err := f.Index.follow(ctx, records, f.Source.Mark); err != nil {
			return err
		}
	}
}

const (
	// readyLag is how many changes an index may be behind and still be up to date:
	// what a busy second of publishing brings.
	readyLag = 1000
	// readyWait is how long a change may wait for an index that does not move.
	readyWait = 10 * time.Second
)

// Ready returns nil when searches are up to date, or why they are not: the store
// cannot be reached, the index cannot be written, is rebuilt or is far behind, or a
// change has waited for ten seconds in which none was indexed.
func (f *Follower) Ready(ctx context.Context) error {
	last, err := f.Source.Last(ctx)
	cursor := f.Index.Cursor()
	failure := f.Index.Failure()
	switch lag := last - cursor; {
	case err != nil:
		return fmt.Errorf("searches go on, and the store cannot be reached: %w", err)
	case failure != nil:
		return fmt.Errorf("the index cannot be written: %w", failure)
	case f.foreign.Load():
		return errors.New("the index is of another database and is being rebuilt")
	case f.Index.Stale():
		return errors.New("the index is being rebuilt")
	case lag > readyLag:
		return fmt.Errorf("the index is %d changes behind", lag)
	case lag <= 0 || f.Index.now().Sub(f.Index.Moved()) <= readyWait:
		return nil
	}
	next, err := f.Source.Changes(ctx, cursor, 1)
	if err != nil || len(next) == 0 {
		return err
	}
	if waited := f.Index.now().Sub(next[0].At); waited > readyWait {
		return fmt.Errorf("change %d has not been indexed for %v", next[0].Change, waited.Round(time.Second))
	}
	return nil
}

func (f *Follower) log() *slog.Logger {
	if f.Log == nil {
		return slog.Default()
	}
	return f.Log
}
