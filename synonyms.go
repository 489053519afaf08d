package main

import (
	"context"
	"errors"
	"time"

	"gather/directory"
	"gather/search/index"
)

// synonymsEvery is how often a server checks whether the operator's synonyms
// have changed: about as long as it takes to switch over and try a search.
const synonymsEvery = 3 * time.Second

// refreshSynonyms reads the operator's synonyms whenever they change, until ctx
// ends. A file with faults leaves the previous synonyms in use.
func (d *opened) refreshSynonyms(ctx context.Context, index *index.Index) {
	tick := time.NewTicker(synonymsEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		changed, err := index.RefreshSynonyms()
		var invalid *directory.Invalid
		switch {
		case errors.As(err, &invalid):
			for _, f := range invalid.Faults {
				d.log.Error("synonyms file has a fault; the previous synonyms stay in use until it is fixed", "where", f.Field, "fault", f.Detail, "fix", f.Fix)
			}
		case err != nil:
			d.log.Error("synonyms file cannot be read; the previous synonyms stay in use", "error", err)
		case changed:
			d.log.Info("synonyms file changed; its synonyms are in use")
		}
	}
}
