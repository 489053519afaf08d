// Package boltstore stores a directory in a single bbolt file. It is the
// embedded store: nothing to install, one process at a time.
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

// FileName is the name of the store's file in the folder given to Open.
const FileName = "directory.db"

// lockWait is how long Open waits for another process to release the file
// lock: long enough for one that is shutting down, short enough for a person
// at a terminal.
const lockWait = time.Second

// fill is the fill percentage for pages of an append-only bucket. bbolt's
// default of 0.5 leaves room for keys that arrive in random order.
const fill = 0.95

// Store is a directory.Store in one bbolt file. Every commit is synced to
// disk (fsync) before it returns.
type Store struct {
	db     *bolt.DB
	path   string
	id     string
	queue  *commit.Queue
	gate   commit.Gate
	signal commit.Signal
	// redacted is true while free pages of the file may still contain
	// redacted data.
	redacted atomic.Bool
}

var _ directory.Store = (*Store)(nil)

// Open opens the store in folder and creates both if they do not exist. It
// fails within two seconds if another process has the store open. The error
// for that, for a damaged file and for an unwritable folder says what to do.
// Close releases the file.
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

// openFile opens the bbolt file. A truncated or overwritten file makes bbolt
// panic or causes a fault on mapped memory: both become ErrDamaged.
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
		err = fmt.Errorf("%w: it has %d bytes instead of %d", ErrDamaged, info.Size(), size)
	}
	if err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

// prepare creates the buckets of a new file and checks the format of an
// existing one.
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

// ID returns the store's unique id, which never changes.
func (s *Store) ID() string { return s.id }

// Ping returns nil while the store is open and its file can be read.
func (s *Store) Ping(ctx context.Context) error {
	_, err := s.Last(ctx)
	return err
}

// Wait blocks until Last may be greater than after.
func (s *Store) Wait(ctx context.Context, after int64) error {
	leave, err := s.gate.Enter()
	if err != nil {
		return err
	}
	defer leave()
	return s.signal.Wait(ctx, s.gate.Closing(), after)
}

// Close waits for running calls and closes the file. After a Redact it first
// rewrites the file; if that fails, the Close after the next Open tries again.
// A second Close does nothing.
func (s *Store) Close() error {
	if !s.gate.Close() {
		return nil
	}
	s.queue.Close()
	var err error
	if s.redacted.Load() {
		if err = s.compact(); err != nil {
			err = fmt.Errorf("erased data is still in unused pages of %s, because the file could not be rewritten: free enough disk space for a second copy of it, then start and stop Gather: %w", s.path, err)
		}
	}
	if closed := s.db.Close(); closed != nil {
		err = errors.Join(err, fmt.Errorf("close %s: %w", s.path, closed))
	}
	return err
}

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

// update runs f in a write transaction, which is on disk once update returns
// nil.
func (s *Store) update(f func(*bolt.Tx) error) (err error) {
	defer catch(&err)()
	return s.db.Update(f)
}

// catch turns memory faults into panics until the returned function runs,
// which converts a panic to ErrDamaged. bbolt trusts its pages: on a damaged
// one it panics or reads unmapped memory, and one bad page must not crash a
// process that can still answer searches.
func catch(err *error) func() {
	before := debug.SetPanicOnFault(true)
	return func() {
		debug.SetPanicOnFault(before)
		if p := recover(); p != nil {
			*err = fmt.Errorf("%w: %v", ErrDamaged, p)
		}
	}
}
