package index

import (
	"context"
	"fmt"
	"time"

	"github.com/blevesearch/bleve/v2"

	"gather/directory"
	"gather/search/segment"
)

// writeBatch is what is written in one batch: made ready beforehand, so that one
// page can be made while the one before is written.
type writeBatch struct {
	batch   *bleve.Batch
	entries []segment.Entry
	made    []segment.Indexed // empty when nothing is laid over the rest
	put     int
	cursor  int64
}

// write indexes activities and takes others out, and moves the cursor, in one
// batch that is on the disk when write returns. The caller lays what it
// answers over the rest.
func (s *disk) write(ctx context.Context, put []directory.Activity, out []string, cursor int64, now time.Time) ([]segment.Indexed, error) {
	p, err := s.prepare(ctx, put, out, cursor, now, true)
	if err != nil {
		return nil, err
	}
	return p.made, s.commit(p)
}

// prepare makes a page of activities to index and others to take out. It is
// safe for concurrent use. With lay, the page holds what to lay over the rest.
func (s *disk) prepare(ctx context.Context, put []directory.Activity, out []string, cursor int64, now time.Time, lay bool) (*writeBatch, error) {
	p := &writeBatch{batch: s.bleve.NewBatch(), entries: make([]segment.Entry, 0, len(put)+len(out)), put: len(put), cursor: cursor}
	for _, id := range out {
		p.batch.Delete(id)
		p.entries = append(p.entries, segment.Entry{ID: id})
		if lay {
			p.made = append(p.made, segment.Indexed{Id: id})
		}
	}
	lexicon := s.caches.take(s.encoder.NewTokenCache)
	defer s.caches.put(lexicon)
	for i := range put {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		a := put[i].Public()
		words := lexicon.Passages(&a)
		f, err := s.encoder.FactsWith(&a, &words, now)
		if err != nil {
			return nil, err
		}
		if err := p.batch.IndexAdvanced(segment.NewDocument(a.ID, &words)); err != nil {
			return nil, fmt.Errorf("index activity %s: %w", a.ID, err)
		}
		body := s.encoder.Pack(f)
		p.entries = append(p.entries, segment.Entry{ID: a.ID, Body: body})
		if lay {
			p.made = append(p.made, segment.Indexed{Id: a.ID, Facts: f, Body: body, Terms: segment.TermsIn(&words)})
		}
	}
	return p, nil
}

// commit writes a page, so that it is on the disk when commit returns.
func (s *disk) commit(p *writeBatch) error {
	before := s.listings.Size
	at, err := s.listings.Append(p.entries)
	if err != nil {
		return err
	}
	for i := range p.made {
		p.made[i].At = at[i]
	}
	s.describe(p.batch, p.cursor)
	if err := s.bleve.Batch(p.batch); err != nil {
		s.listings.Size = before // what was written does not count
		return fmt.Errorf("index %d activities: %w", p.put, err)
	}
	return nil
}
