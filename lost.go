package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"gather/directory/boltstore"
)

// refuseLost fails if the store is empty but the index has seen changes. Such a
// store was lost, or the settings point to another one than before. If it were
// taken for a new directory, the index would be emptied to match it, and with
// it the last data that can still be read.
func (p *program) refuseLost(ctx context.Context, d *opened) error {
	last, err := d.Last(ctx)
	if err != nil || last > 0 || p.trial != "" {
		return err
	}
	entries, err := os.ReadDir(p.indexFolder())
	if err != nil || len(entries) == 0 {
		return nil // opening the index reports what is wrong
	}
	index, _, err := d.openIndex(p.indexFolder(), "")
	if err != nil {
		return nil // a running process has it open, and made this check when it started
	}
	seen := index.Cursor()
	if err := index.Close(); err != nil || seen == 0 {
		return err
	}
	store, fix := "the MongoDB database", "check the URI, or restore the database from a backup"
	if p.MongoDB == "" {
		store, fix = filepath.Join(p.storeFolder(), boltstore.FileName), "check the folder, or restore that file from a backup"
	}
	return fmt.Errorf("%s is empty, but the index in %s has seen %d changes; %s, or run gather restore with an archive; to start a new directory, delete the index",
		store, p.indexFolder(), seen, fix)
}
