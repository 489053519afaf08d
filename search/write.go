package search

import (
	"context"
	"fmt"
	"time"

	"github.com/blevesearch/bleve/v2"

	"gather/directory"
)

// writeBatch is what is written in one batch: made ready beforehand, so that one
// page can be made while the one before is written.
type writeBatch struct {
	batch   *bleve.Batch
	entries []entry
	made    []indexed // empty when nothing is laid over the rest
	put     int
	cursor  int64
}

// write indexes activities and takes others out, and moves the cursor, in one
// batch that is on the disk when write returns. The caller lays what it
// answers over the rest.
func (s *disk) write(ctx context.Context, put []directory.Activity, out []string, cursor int64, now time.Time) ([]indexed, error) {
	p, err := s.prepare(ctx, put, out, cursor, now, true)
	if err != nil {
		return nil, err
	}
	return p.made, s.commit(p)
}

// prepare makes a page of activities to index and others to take out. It is
// safe for concurrent use. With lay, the page holds what to lay over the rest.
func (s *disk) prepare(ctx context.Context, put []directory.Activity, out []string, cursor int64, now time.Time, lay bool) (*writeBatch, error) {
	p := &writeBatch{batch: s.bleve.NewBatch(), entries: make([]entry, 0, len(put)+len(out)), put: len(put), cursor: cursor}
	for _, id := range out {
		p.batch.Delete(id)
		p.entries = append(p.entries, entry{id: id})
		if lay {
			p.made = append(p.made, indexed{id: id})
		}
	}
	lexicon := s.caches.take(s.encoder.newTokenCache)
	defer s.caches.put(lexicon)
	for i := range put {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		a := put[i].Public()
		words := lexicon.passages(&a)
		f, err := s.encoder.factsWith(&a, &words, now)
		if err != nil {
			return nil, err
		}
		if err := p.batch.IndexAdvanced(newDocument(a.ID, &words)); err != nil {
			return nil, fmt.Errorf("index activity %s: %w", a.ID, err)
		}
		body := s.encoder.pack(f)
		p.entries = append(p.entries, entry{id: a.ID, body: body})
		if lay {
			p.made = append(p.made, indexed{id: a.ID, facts: f, body: string(body), terms: termsIn(&words)})
		}
	}
	return p, nil
}

// commit writes a page, so that it is on the disk when commit returns.
func (s *disk) commit(p *writeBatch) error {
	before := s.listings.size
	at, err := s.listings.append(p.entries)
	if err != nil {
		return err
	}
	for i := range p.made {
		p.made[i].at = at[i]
	}
	s.describe(p.batch, p.cursor)
	if err := s.bleve.Batch(p.batch); err != nil {
		s.listings.size = before // what was written does not count
		return fmt.Errorf("index %d activities: %w", p.put, err)
	}
	return nil
}
