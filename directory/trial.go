package directory

import (
	"context"
	"errors"
)

// trialStore is the store of a dry run: what the dry run writes is kept in
// memory, and the real store is only read.
type trialStore struct {
	Store
	made map[string]Record
}

// Trial returns a directory for a dry run: it reads what d holds and keeps what
// it writes in memory. What it wrote can only be read by id.
func (d *Directory) Trial() *Directory {
	trial := *d
	trial.store = &trialStore{Store: d.store, made: map[string]Record{}}
	return &trial
}

// Get returns what the trial wrote, or else what the real store has.
func (t *trialStore) Get(ctx context.Context, kind Kind, id string) (Record, error) {
	if r, ok := t.made[string(kind)+"\n"+id]; ok {
		return r, nil
	}
	return t.Store.Get(ctx, kind, id)
}

// GetMany returns what Get does for each of ids.
func (t *trialStore) GetMany(ctx context.Context, kind Kind, ids []string) ([]Record, error) {
	var rs []Record
	for _, id := range ids {
		r, err := t.Get(ctx, kind, id)
		switch {
		case err == nil:
			rs = append(rs, r)
		case !errors.Is(err, ErrNotFound):
			return nil, err
		}
	}
	return rs, nil
}

// Redact always fails: a trial never redacts.
func (t *trialStore) Redact(context.Context, []Record) error {
	return errors.New("a trial redacts nothing")
}

// Commit keeps what is written in memory.
func (t *trialStore) Commit(_ context.Context, ws []Write) ([]Record, error) {
	var out []Record
	for _, w := range ws {
		if w.Guard {
			continue
		}
		r := w.Record
		r.Rev, r.Change = r.Rev+1, 1
		t.made[string(r.Kind)+"\n"+r.ID] = r
		out = append(out, r)
	}
	return out, nil
}
