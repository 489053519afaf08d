package index

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
)

// A disk index whose write failed takes no more of them: Bleve keeps in memory
// what it could not write, and goes on from there. It stays searchable until
// Recover has opened it again from what was committed, or rebuilt it.

// failure is why a disk index takes no writes.
type failure struct{ err error }

// fail marks s as failed, for the first reason there is.
func (s *disk) fail(err error) { s.failed.CompareAndSwap(nil, &failure{err}) }

// failure is why s takes no writes, nil if it takes them.
func (s *disk) failure() error {
	if f := s.failed.Load(); f != nil {
		return f.err
	}
	return nil
}

// Failure is why the index takes no writes, nil when it does. Searches are
// answered from what it has; see Recover.
func (x *Index) Failure() error {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.disk.failure()
}

const (
	// batchTimeout is how long a batch may take: a hundred times what a slow disk
	// needs for a page.
	batchTimeout = time.Minute
	// brokenTimeout is how long one may take once an error of Bleve's background
	// work is counted: the batch may wait for what has ended.
	brokenTimeout = 3 * time.Second
	// closeTimeout is how long closing a failed index may take before it is left
	// open: its files stay locked until the process ends.
	closeTimeout = 10 * time.Second
)

// errStuck is the error of work of Bleve that does not end.
var errStuck = errors.New("Bleve did not finish in time")

// within waits for work, but no longer than limit: Bleve's batch waits for ever
// for a writer that has ended. A panic is an error: Bleve panics on files that are
// damaged.
func within(limit time.Duration, work func() error) error {
	done := make(chan error, 1)
	go func() {
		defer func() {
			if r := recover(); r != nil {
				done <- fmt.Errorf("panic: %v", r)
			}
		}()
		done <- work()
	}()
	timeout := time.NewTimer(limit)
	defer timeout.Stop()
	select {
	case err := <-done:
		return err
	case <-timeout.C:
		return fmt.Errorf("%w of %v", errStuck, limit)
	}
}

// batchWithin is Bleve's batch, given up when it takes too long. A batch that has
// been given up may still be written: s must be opened again.
func (s *disk) batchWithin(batch *bleve.Batch) error {
	b := s.bleve
	done := make(chan error, 1)
	go func() { done <- within(batchTimeout, func() error { return b.Batch(batch) }) }()
	for {
		select {
		case err := <-done:
			return err
		case <-time.After(brokenTimeout):
			if n := s.backgroundErrors(); n > 0 {
				return fmt.Errorf("%w, after %d errors of Bleve's background work", errStuck, n)
			}
		}
	}
}

// backgroundErrors is how many errors Bleve has counted since it was opened.
func (s *disk) backgroundErrors() uint64 {
	advanced, err := s.bleve.Advanced()
	if err != nil {
		return 0
	}
	index, ok := advanced.(*scorch.Scorch)
	if !ok {
		return 0
	}
	n, _ := index.StatsMap()["TotOnErrors"].(uint64)
	return n
}

// abandon closes a failed disk index, as far as it can be closed.
func (s *disk) abandon() error {
	b := s.bleve
	s.bleve = nil
	return within(closeTimeout, func() error {
		if !errors.Is(s.failure(), errStuck) {
			return b.Close()
		}
		// A batch that is stuck holds a lock that Close waits for.
		advanced, err := b.Advanced()
		if err != nil {
			return err
		}
		return advanced.Close()
	})
}

// Recover makes an index take writes again after one failed, or after its
// folder was removed: it opens the disk index again as it was committed, and
// rebuilds it from source where that cannot be read, or has failed again before
// anything was written. Searches go on meanwhile.
// Of an index that has not failed it does nothing.
func (x *Index) Recover(ctx context.Context, source Source) error {
	x.rebuilding.Lock()
	reopened, err := x.reopen()
	x.rebuilding.Unlock()
	if err != nil || reopened {
		return err
	}
	return x.Rebuild(ctx, source)
}

// reopen opens a failed disk index again, and reports whether that was possible
// or not needed. x.rebuilding is held.
func (x *Index) reopen() (bool, error) {
	x.writing.Lock()
	defer x.writing.Unlock()
	s, err := x.inUse()
	if err != nil {
		return false, err
	}
	if _, err := os.Stat(filepath.Join(x.dir, currentFile)); errors.Is(err, fs.ErrNotExist) {
		s.fail(fmt.Errorf("the folder of the index was removed: %w", err))
	}
	if s.failure() == nil {
		return true, nil
	}
	if err := x.probe(); err != nil {
		return false, fmt.Errorf("the index cannot be written; searches go on with what was found until now, and changes since are missing: make room in %s, or mend its disk: %w", x.dir, err)
	}
	if s.reopened {
		x.log.Warn("search: the index failed again after it was opened again, and is rebuilt; searches go on with what was found until now", "error", s.failure())
		return false, nil
	}
	if err := s.close(); err != nil {
		x.log.Warn("search: the failed index could not be closed; its files use disk space until the process ends", "error", err)
	}
	s.bleve, s.listings = nil, nil
	fresh, err := openDisk(s.folder, x.encoder, x.log)
	if err == nil {
		err = x.setCurrent(filepath.Base(s.folder))
	}
	if err != nil {
		x.log.Warn("search: the failed index cannot be opened again and is rebuilt; searches go on with what was found until now", "error", err)
		return false, nil
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.closed {
		return false, errors.Join(ErrClosed, fresh.view.Main.Close(), fresh.close())
	}
	fresh.reopened = true
	x.publish(fresh)
	x.log.Info("search: the index was opened again after its failure, and is updated from there", "change", fresh.at.change)
	return true, nil
}

// probeBytes is how much must fit on the disk before a failed index is opened
// again: about what a page of changes takes.
const probeBytes = 4 << 20

// probe fails while the folder of the index cannot be written.
func (x *Index) probe() error {
	if err := os.MkdirAll(x.dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(x.dir, probeFile)
	if err != nil {
		return err
	}
	_, err = f.Write(make([]byte, probeBytes))
	return errors.Join(err, f.Sync(), f.Close(), os.Remove(f.Name()))
}
