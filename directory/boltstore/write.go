package boltstore

import (
	"context"

	bolt "go.etcd.io/bbolt"

	"gather/directory"
	"gather/directory/commit"
)

// Commit writes all of ws in one transaction, or none of them.
func (s *Store) Commit(ctx context.Context, ws []directory.Write) ([]directory.Record, error) {
	if err := commit.Check(ws); err != nil {
		return nil, err
	}
	if len(ws) == 0 {
		return nil, ctx.Err()
	}
	return s.do(ctx, &commit.Request{Writes: ws})
}

// Restore writes revisions exactly as Log returned them.
func (s *Store) Restore(ctx context.Context, rs []directory.Record) error {
	if err := commit.CheckRestore(rs); err != nil {
		return err
	}
	if len(rs) == 0 {
		return ctx.Err()
	}
	_, err := s.do(ctx, &commit.Request{Restore: rs})
	return err
}

// FinishRestore marks the restore as complete, so that the store can be used.
func (s *Store) FinishRestore(ctx context.Context) error {
	leave, err := s.gate.Enter()
	if err != nil {
		return err
	}
	defer leave()
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := s.update(func(tx *bolt.Tx) error { return tx.Bucket(bucketMeta).Delete(keyRestoring) }); err != nil {
		return unwritten(err)
	}
	return nil
}

func (s *Store) do(ctx context.Context, r *commit.Request) ([]directory.Record, error) {
	leave, err := s.gate.Enter()
	if err != nil {
		return nil, err
	}
	defer leave()
	return s.queue.Do(ctx, r)
}

// run writes a batch of queued requests in one transaction.
func (s *Store) run(batch []*commit.Request) error {
	var fault error
	newest := int64(0)
	err := s.update(func(tx *bolt.Tx) error {
		plan := commit.NewPlan(state{tx}, last(tx), restoring(tx))
		for _, r := range batch {
			if fault = plan.Add(r); fault != nil {
				return fault
			}
		}
		newest = plan.Last
		if fault = apply(tx, plan.Steps); fault != nil || !plan.Restoring {
			return fault
		}
		fault = tx.Bucket(bucketMeta).Put(keyRestoring, []byte{1})
		return fault
	})
	switch {
	case fault != nil:
		return fault
	case err != nil:
		return unwritten(err)
	}
	s.signal.Advance(newest)
	return nil
}

// state reads what a plan needs from a transaction.
type state struct{ tx *bolt.Tx }

// Head returns the newest revision of a record, or the zero Head.
func (s state) Head(kind directory.Kind, id string) (commit.Head, error) {
	change := s.tx.Bucket(bucketRecords).Get(recordKey(kind, id))
	if change == nil {
		return commit.Head{}, nil
	}
	value, err := revision(s.tx, change)
	if err != nil {
		return commit.Head{}, err
	}
	h, _, err := decodeHeader(value)
	return commit.Head{Rev: h.Rev, Change: h.Change, Gone: h.Gone, Lookups: h.Lookups}, err
}

// Owner returns the id of the record that has a unique lookup, or "".
func (s state) Owner(kind directory.Kind, name, value string) (string, error) {
	return string(s.tx.Bucket(bucketUnique).Get(lookupPrefix(kind, name, value))), nil
}

func apply(tx *bolt.Tx, steps []commit.Step) error {
	for _, s := range steps {
		if err := unlink(tx, s); err != nil {
			return err
		}
		if err := link(tx, s.Record); err != nil {
			return err
		}
	}
	return nil
}

// unlink removes the superseded revision from the log and the lookups.
func unlink(tx *bolt.Tx, s commit.Step) error {
	if s.Was.Rev == 0 {
		return nil
	}
	if err := tx.Bucket(bucketLog).Delete(number(s.Was.Change)); err != nil {
		return err
	}
	if s.Was.Gone {
		return nil
	}
	for _, l := range s.Was.Lookups {
		pre := lookupPrefix(s.Record.Kind, l.Name, l.Value)
		if l.Unique {
			if err := tx.Bucket(bucketUnique).Delete(pre); err != nil {
				return err
			}
		}
		if err := tx.Bucket(bucketLookups).Delete(append(pre, s.Record.ID...)); err != nil {
			return err
		}
	}
	return nil
}

// link makes r the newest revision of its record.
func link(tx *bolt.Tx, r directory.Record) error {
	value, err := encode(r)
	if err != nil {
		return err
	}
	change := number(r.Change)
	puts := []struct{ bucket, key, value []byte }{
		{bucketRevisions, change, value},
		{bucketLog, change, nil},
		{bucketRecords, recordKey(r.Kind, r.ID), change},
		{bucketHistory, historyKey(r.Kind, r.ID, r.Rev), change},
	}
	for _, l := range r.Lookups {
		if r.Gone {
			break
		}
		pre := lookupPrefix(r.Kind, l.Name, l.Value)
		if l.Unique {
			puts = append(puts, struct{ bucket, key, value []byte }{bucketUnique, pre, []byte(r.ID)})
		}
		puts = append(puts, struct{ bucket, key, value []byte }{bucketLookups, append(pre[:len(pre):len(pre)], r.ID...), nil})
	}
	tx.Bucket(bucketRevisions).FillPercent = fill
	for _, p := range puts {
		if err := tx.Bucket(p.bucket).Put(p.key, p.value); err != nil {
			return err
		}
	}
	return nil
}
