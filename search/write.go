package search

import (
	"context"
	"fmt"
	"time"

	"github.com/blevesearch/bleve/v2"

	"gather/directory"
)

// written is a listing that was written, and nil facts one that was taken out.
type written struct {
	id    string
	facts *facts
	body  string
	at    int64
	terms terms
}

// page is what is written in one batch: made ready beforehand, so that one
// page can be made while the one before is written.
type page struct {
	batch   *bleve.Batch
	entries []entry
	made    []written // empty when nothing is laid over the rest
	put     int
	cursor  int64
}

// write indexes activities and takes others out, and moves the cursor, in one
// batch that is on the disk when write returns. The caller lays what it
// answers over the rest.
func (s *shelf) write(ctx context.Context, put []directory.Activity, out []string, cursor int64, now time.Time) ([]written, error) {
	p, err := s.prepare(ctx, put, out, cursor, now, true)
	if err != nil {
		return nil, err
	}
	return p.made, s.commit(p)
}

// prepare makes a page of activities to index and others to take out. It is
// safe for concurrent use. With lay, the page holds what to lay over the rest.
func (s *shelf) prepare(ctx context.Context, put []directory.Activity, out []string, cursor int64, now time.Time, lay bool) (*page, error) {
	p := &page{batch: s.bleve.NewBatch(), entries: make([]entry, 0, len(put)+len(out)), put: len(put), cursor: cursor}
	for _, id := range out {
		p.batch.Delete(id)
		p.entries = append(p.entries, entry{id: id})
		if lay {
			p.made = append(p.made, written{id: id})
		}
	}
	lexicon := s.lexicons.take(s.maker)
	defer s.lexicons.giveBack(lexicon)
	for i := range put {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		a := put[i].Public()
		words := lexicon.passages(s.maker, &a)
		f, err := s.maker.factsWith(&a, &words, now)
		if err != nil {
			return nil, err
		}
		if err := p.batch.IndexAdvanced(newDocument(a.ID, &words)); err != nil {
			return nil, fmt.Errorf("index activity %s: %w", a.ID, err)
		}
		body := s.maker.pack(f)
		p.entries = append(p.entries, entry{id: a.ID, body: body})
		if lay {
			p.made = append(p.made, written{id: a.ID, facts: f, body: string(body), terms: termsIn(&words)})
		}
	}
	return p, nil
}

// commit writes a page, so that it is on the disk when commit returns.
func (s *shelf) commit(p *page) error {
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
