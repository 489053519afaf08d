// Package boltstore keeps a directory in one file of its own, with bbolt. It
// is the embedded store: nothing to install, one process at a time.
package boltstore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"sync/atomic"
	"time"

	bolt "go.etcd.io/bbolt"

	"gather/directory"
	"gather/directory/commit"
)

// FileName is the file that Open keeps in its folder.
const FileName = "directory.db"

// lockWait is how long Open waits for another process to let go of the file:
// long enough for one that is just stopping, short enough for a person.
const lockWait = time.Second

// fill is how full a page of an append-only bucket gets before the next one:
// bbolt's half is for keys that arrive in any order.
const fill = 0.95

// Store is a directory.Store in one bbolt file. Every commit is on the disk
// (fsync) before it is answered.
type Store struct {
	db     *bolt.DB
	path   string
	id     string
	queue  *commit.Queue
	gate   commit.Gate
	signal commit.Signal
	// redacted is true while pages of the file may hold what was redacted.
	redacted atomic.Bool
}

var _ directory.Store = (*Store)(nil)

// Open opens the store in folder, and makes both when they are not there. It
// fails within two seconds when another process has the store open, and says
// what to do about that, about a damaged file and about a folder that cannot
// be written. Close lets go of the file.
func Open(folder string) (*Store, error) {
	path := filepath.Join(folder, FileName)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, explain(path, err)
	}
	db, err := openFile(path)
	if err != nil {
		return nil, explain(path, err)
	}
	s := &Store{db: db, path: path}
	s.queue = commit.NewQueue(s.run)
	if err := s.prepare(); err != nil {
		db.Close()
		return nil, explain(path, err)
	}
	return s, nil
}

// openFile opens the bbolt file. A file cut short or overwritten makes bbolt
// panic, or the kernel fault on the mapped memory: both become ErrDamaged.
func openFile(path string) (db *bolt.DB, err error) {
	defer catch(&err)()
	db, err = bolt.Open(path, 0o600, &bolt.Options{
		Timeout:      lockWait,
		FreelistType: bolt.FreelistMapType,
	})
	if err != nil {
		return nil, err
	}
	size := int64(0)
	if err := db.View(func(tx *bolt.Tx) error { size = tx.Size(); return nil }); err != nil {
		db.Close()
		return nil, err
	}
	info, err := os.Stat(path)
	if err == nil && info.Size() < size {
		err = fmt.Errorf("%w: it has %d bytes and should have %d", ErrDamaged, info.Size(), size)
	}
	if err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

// prepare makes the buckets of a new file and checks the format of an old one.
func (s *Store) prepare() error {
	return s.update(func(tx *bolt.Tx) error {
		meta, err := tx.CreateBucketIfNotExists(bucketMeta)
		if err != nil {
			return err
		}
		if have := meta.Get(keyFormat); have != nil && !bytes.Equal(have, format) {
			return fmt.Errorf("%w: the file has format %q and this program reads %q", errFormat, have, format)
		}
		if err := meta.Put(keyFormat, format); err != nil {
			return err
		}
		if restoring(tx) {
			return directory.ErrUnfinished
		}
		if meta.Get(keyID) == nil {
			if err := meta.Put(keyID, []byte(directory.NewUUID())); err != nil {
				return err
			}
		}
		s.id = string(meta.Get(keyID))
		for _, name := range buckets {
			if _, err := tx.CreateBucketIfNotExists(name); err != nil {
				return err
			}
		}
		s.redacted.Store(meta.Get(keyRedacted) != nil)
		s.signal.Advance(last(tx))
		return nil
	})
}

// ID tells this store from every other.
func (s *Store) ID() string { return s.id }

// Ping answers nil while the store is open and its file can be read.
func (s *Store) Ping(ctx context.Context) error {
	_, err := s.Last(ctx)
	return err
}

// Wait returns once Last may be greater than after.
func (s *Store) Wait(ctx context.Context, after int64) error {
	leave, err := s.gate.Enter()
	if err != nil {
		return err
	}
	defer leave()
	return s.signal.Wait(ctx, s.gate.Closing(), after)
}

// Close waits for running calls and closes the file. After a Redact it first
// writes the file anew; should that fail, the next Close tries again. A second
// Close does nothing.
func (s *Store) Close() error {
	if !s.gate.Close() {
		return nil
	}
	s.queue.Close()
	var err error
	if s.redacted.Load() {
		if err = s.compact(); err != nil {
			err = fmt.Errorf("what was erased is still in unused pages of %s, which could not be written anew: make room for a second copy of it, then start and stop Gather: %w", s.path, err)
		}
	}
	if closed := s.db.Close(); closed != nil {
		err = errors.Join(err, fmt.Errorf("close %s: %w", s.path, closed))
	}
	return err
}

// view runs f in a read transaction.
func (s *Store) view(ctx context.Context, f func(*bolt.Tx) error) (err error) {
	leave, err := s.gate.Enter()
	if err != nil {
		return err
	}
	defer leave()
	if err := ctx.Err(); err != nil {
		return err
	}
	defer catch(&err)()
	return s.db.View(f)
}

// update runs f in a write transaction, which is on the disk when it returns
// nil.
func (s *Store) update(f func(*bolt.Tx) error) (err error) {
	defer catch(&err)()
	return s.db.Update(f)
}

// catch makes memory faults panics for as long as the caller runs, and turns
// a panic into an error. bbolt trusts its pages: a damaged one is met by a
// panic or by reading memory that is not mapped, and one bad page must not
// end a process that can still answer searches.
func catch(err *error) func() {
	before := debug.SetPanicOnFault(true)
	return func() {
		debug.SetPanicOnFault(before)
		if p := recover(); p != nil {
			*err = fmt.Errorf("%w: %v", ErrDamaged, p)
		}
	}
}
