package boltstore

import (
	"bytes"
	"context"
	"fmt"

	bolt "go.etcd.io/bbolt"

	"gather/directory"
)

// Get returns the newest revision of a record, or directory.ErrNotFound.
func (s *Store) Get(ctx context.Context, kind directory.Kind, id string) (r directory.Record, err error) {
	err = s.view(ctx, func(tx *bolt.Tx) error {
		change := tx.Bucket(bucketRecords).Get(recordKey(kind, id))
		if change == nil {
			return fmt.Errorf("%s %q: %w", kind, id, directory.ErrNotFound)
		}
		value, err := revision(tx, change)
		if err != nil {
			return err
		}
		r, err = decode(value)
		return err
	})
	return r, err
}

// GetMany returns the newest revisions of the records with these ids, in the
// order of ids. Ids that do not exist are left out.
func (s *Store) GetMany(ctx context.Context, kind directory.Kind, ids []string) ([]directory.Record, error) {
	p := page{ctx: ctx, limit: len(ids)}
	err := s.view(ctx, func(tx *bolt.Tx) error {
		for _, id := range ids {
			change := tx.Bucket(bucketRecords).Get(recordKey(kind, id))
			if change == nil {
				continue
			}
			if !p.open() {
				break
			}
			if err := p.add(tx, change); err != nil {
				return err
			}
		}
		return p.err
	})
	return p.result(err)
}

// Find returns the newest revisions of the records with a lookup, in order of
// id.
func (s *Store) Find(ctx context.Context, kind directory.Kind, name, value, after string, limit int) ([]directory.Record, error) {
	p := page{ctx: ctx, limit: limit}
	err := s.view(ctx, func(tx *bolt.Tx) error {
		pre := lookupPrefix(kind, name, value)
		c := tx.Bucket(bucketLookups).Cursor()
		key, _ := c.Seek(append(bytes.Clone(pre), after...))
		for ; bytes.HasPrefix(key, pre) && p.open(); key, _ = c.Next() {
			id := string(key[len(pre):])
			if id == after {
				continue
			}
			if err := p.add(tx, tx.Bucket(bucketRecords).Get(recordKey(kind, id))); err != nil {
				return err
			}
		}
		return p.err
	})
	return p.result(err)
}

// History returns revisions of a record, newest first.
func (s *Store) History(ctx context.Context, kind directory.Kind, id string, before int64, limit int) ([]directory.Record, error) {
	p := page{ctx: ctx, limit: limit}
	err := s.view(ctx, func(tx *bolt.Tx) error {
		pre := prefix(string(kind), id)
		c := tx.Bucket(bucketHistory).Cursor()
		from := historyKey(kind, id, before)
		if before <= 0 {
			from = append(bytes.Clone(pre), bytes.Repeat([]byte{0xff}, 9)...)
		}
		key, change := c.Seek(from)
		if key == nil {
			key, change = c.Last()
		}
		if bytes.Compare(key, from) >= 0 {
			key, change = c.Prev()
		}
		for ; bytes.HasPrefix(key, pre) && p.open(); key, change = c.Prev() {
			if err := p.add(tx, change); err != nil {
				return err
			}
		}
		return p.err
	})
	return p.result(err)
}

// Changes returns the newest revision of each record, in order of change
// number.
func (s *Store) Changes(ctx context.Context, after int64, limit int) ([]directory.Record, error) {
	return s.follow(ctx, bucketLog, after, limit)
}

// Log returns all revisions, in order of change number.
func (s *Store) Log(ctx context.Context, after int64, limit int) ([]directory.Record, error) {
	return s.follow(ctx, bucketRevisions, after, limit)
}

// follow reads a bucket whose keys are change numbers.
func (s *Store) follow(ctx context.Context, bucket []byte, after int64, limit int) ([]directory.Record, error) {
	p := page{ctx: ctx, limit: limit}
	err := s.view(ctx, func(tx *bolt.Tx) error {
		c := tx.Bucket(bucket).Cursor()
		for key, _ := c.Seek(number(max(after, 0) + 1)); key != nil && p.open(); key, _ = c.Next() {
			if err := p.add(tx, key); err != nil {
				return err
			}
		}
		return p.err
	})
	return p.result(err)
}

// Last returns the newest change number, or directory.ErrUnfinished during a
// restore.
func (s *Store) Last(ctx context.Context) (n int64, err error) {
	err = s.view(ctx, func(tx *bolt.Tx) error {
		if restoring(tx) {
			return directory.ErrUnfinished
		}
		n = last(tx)
		return nil
	})
	return n, err
}

// page collects up to limit records, until its context is cancelled.
type page struct {
	ctx   context.Context
	limit int
	rs    []directory.Record
	err   error
}

func (p *page) open() bool {
	if p.err == nil {
		p.err = p.ctx.Err()
	}
	return p.err == nil && len(p.rs) < p.limit
}

func (p *page) add(tx *bolt.Tx, change []byte) error {
	value, err := revision(tx, change)
	if err != nil {
		return err
	}
	r, err := decode(value)
	if err != nil {
		return err
	}
	p.rs = append(p.rs, r)
	return nil
}

func (p *page) result(err error) ([]directory.Record, error) {
	if err != nil {
		return nil, err
	}
	return p.rs, nil
}
