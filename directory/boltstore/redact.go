package boltstore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	bolt "go.etcd.io/bbolt"

	"gather/directory"
	"gather/directory/commit"
)

// Redact replaces the documents and lookups of superseded revisions. Close
// then rewrites the file, because bbolt leaves the old data in free pages.
func (s *Store) Redact(ctx context.Context, rs []directory.Record) error {
	if err := commit.CheckRedact(rs); err != nil {
		return err
	}
	leave, err := s.gate.Enter()
	if err != nil {
		return err
	}
	defer leave()
	if len(rs) == 0 || ctx.Err() != nil {
		return ctx.Err()
	}
	var refused error
	err = s.update(func(tx *bolt.Tx) error {
		for _, r := range rs {
			if refused = redact(tx, r); refused != nil {
				return refused
			}
		}
		return tx.Bucket(bucketMeta).Put(keyRedacted, []byte{1})
	})
	switch {
	case refused != nil:
		return refused
	case err != nil:
		return unwritten(err)
	}
	s.redacted.Store(true)
	return nil
}

func redact(tx *bolt.Tx, r directory.Record) error {
	change := number(r.Change)
	if !bytes.Equal(tx.Bucket(bucketHistory).Get(historyKey(r.Kind, r.ID, r.Rev)), change) {
		return fmt.Errorf("redact %s %q: there is no revision %d with change %d: %w", r.Kind, r.ID, r.Rev, r.Change, directory.ErrNotFound)
	}
	if bytes.Equal(tx.Bucket(bucketRecords).Get(recordKey(r.Kind, r.ID)), change) {
		return fmt.Errorf("redact %s %q: revision %d is the newest: %w", r.Kind, r.ID, r.Rev, directory.ErrConflict)
	}
	value, err := revision(tx, change)
	if err != nil {
		return err
	}
	have, err := decode(value)
	if err != nil {
		return err
	}
	have.Doc, have.Lookups = r.Doc, slices.Clone(r.Lookups)
	if value, err = encode(have); err != nil {
		return err
	}
	return tx.Bucket(bucketRevisions).Put(change, value)
}

// compactBatch is the most bytes in one transaction while the file is
// rewritten. It bounds memory.
const compactBatch = 8 << 20

// compact replaces the file with a copy that contains only live data. The old
// file must still be open, so that no other process can open it meanwhile, and
// must receive no more writes.
func (s *Store) compact() (err error) {
	temp := s.path + ".compact"
	if err := os.Remove(temp); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err // left by an attempt that was killed
	}
	defer func() {
		if err != nil {
			os.Remove(temp)
		}
	}()
	to, err := bolt.Open(temp, 0o600, &bolt.Options{Timeout: lockWait, FreelistType: bolt.FreelistMapType})
	if err != nil {
		return err
	}
	err = bolt.Compact(to, s.db, compactBatch)
	if err == nil {
		err = to.Update(func(tx *bolt.Tx) error { return tx.Bucket(bucketMeta).Delete(keyRedacted) })
	}
	if err = errors.Join(err, to.Close()); err != nil {
		return err
	}
	if err := os.Rename(temp, s.path); err != nil {
		return err
	}
	folder, err := os.Open(filepath.Dir(s.path))
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
