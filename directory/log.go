package directory

import (
	"context"
	"fmt"
)

// This file gives access to records as they are stored, including what the
// public may not see, for indexes and archives. Store documents what each call
// promises.

// Changes returns the change log: up to limit records whose newest Change is
// greater than after, each once, at its newest revision.
func (d *Directory) Changes(ctx context.Context, after int64, limit int) ([]Record, error) {
	return d.store.Changes(ctx, after, limit)
}

// Log returns up to limit revisions of all records, superseded ones included,
// whose Change is greater than after.
func (d *Directory) Log(ctx context.Context, after int64, limit int) ([]Record, error) {
	return d.store.Log(ctx, after, limit)
}

// Restore writes revisions as Log returned them. The first call needs an empty
// directory, and all other use fails until FinishRestore.
func (d *Directory) Restore(ctx context.Context, rs []Record) error {
	return d.store.Restore(ctx, rs)
}

// FinishRestore opens the directory for use after a restore.
func (d *Directory) FinishRestore(ctx context.Context) error { return d.store.FinishRestore(ctx) }

// Last returns the newest change number, 0 for an empty directory.
func (d *Directory) Last(ctx context.Context) (int64, error) {
	last, err := d.store.Last(ctx)
	if err != nil {
		return 0, fmt.Errorf("the newest change: %w", err)
	}
	return last, nil
}

// Wait returns nil once Last may be greater than after, or the context's
// error. It may return early.
func (d *Directory) Wait(ctx context.Context, after int64) error { return d.store.Wait(ctx, after) }
