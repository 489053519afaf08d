package main

import (
	"context"
	"errors"
	"time"

	"gather/directory"
	"gather/search/index"
)

// synonymsEvery is how often a server looks whether the operator's synonyms
// have changed: about as long as it takes to go and try a search.
const synonymsEvery = 3 * time.Second

// refreshSynonyms keeps up with the operator's synonyms until ctx ends. Those
// that are wrong leave the ones before in use.
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
				d.log.Error("synonyms file has a fault; the synonyms read before stay in use until it is mended", "where", f.Field, "fault", f.Detail, "fix", f.Fix)
			}
		case err != nil:
			d.log.Error("synonyms file cannot be read; the synonyms read before stay in use", "error", err)
		case changed:
			d.log.Info("synonyms file changed; its synonyms are in use")
		}
	}
}
