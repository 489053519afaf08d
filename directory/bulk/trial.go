package bulk

import (
	"context"
	"fmt"

	"gather/directory"
)

// trialStore is a store that a dry run may write to: the groups it makes are
// kept in memory, and the real store is only read.
type trialStore struct {
	directory.Store
	made map[string]directory.Record
}

func newTrialStore(s directory.Store) *trialStore {
	return &trialStore{Store: s, made: map[string]directory.Record{}}
}

// Get answers what the trial made, or else what the real store has.
func (t *trialStore) Get(ctx context.Context, kind directory.Kind, id string) (directory.Record, error) {
	if r, ok := t.made[string(kind)+"\n"+id]; ok {
		return r, nil
	}
	return t.Store.Get(ctx, kind, id)
}

// Commit keeps new records in memory.
func (t *trialStore) Commit(_ context.Context, ws []directory.Write) ([]directory.Record, error) {
	var out []directory.Record
	for _, w := range ws {
		if w.Guard {
			continue
		}
		if w.Record.Rev != 0 {
			return nil, fmt.Errorf("a trial makes new records only, not revision %d of %s", w.Record.Rev, w.Record.ID)
		}
		r := w.Record
		r.Rev, r.Change = 1, 1
		t.made[string(r.Kind)+"\n"+r.ID] = r
		out = append(out, r)
	}
	return out, nil
}
