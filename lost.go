package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"gather/directory/boltstore"
)

// refuseLost fails where the store is empty and the index beside it has seen
// changes. Such a store was lost, or another one is named than before; taken
// for a new directory, the index would be emptied after it, and with it all
// that can still be read.
func (p *program) refuseLost(ctx context.Context, d *opened) error {
	last, err := d.Last(ctx)
	if err != nil || last > 0 || p.trial != "" {
		return err
	}
	entries, err := os.ReadDir(p.indexFolder())
	if err != nil || len(entries) == 0 {
		return nil // what cannot be read is told of when the index is opened
	}
	index, _, err := d.openIndex(p.indexFolder(), "")
	if err != nil {
		return nil // a process that runs has it, and checked when it started
	}
	seen := index.Cursor()
	if err := index.Close(); err != nil || seen == 0 {
		return err
	}
	store, fix := "the MongoDB database", "check the URI, or put the database back from a backup"
	if p.MongoDB == "" {
		store, fix = filepath.Join(p.storeFolder(), boltstore.FileName), "check the folder, or put that file back from a backup"
	}
	return fmt.Errorf("%s is empty, and the index in %s has seen %d changes; %s, or gather restore an archive; to begin a new directory, delete the index",
		store, p.indexFolder(), seen, fix)
}
