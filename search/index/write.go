package index

import (
	"context"
	"fmt"
	"time"

	"github.com/blevesearch/bleve/v2"

	"gather/directory"
	"gather/search/segment"
)

// writeBatch is a prepared page of changes: one can be prepared while the one
// before is written.
type writeBatch struct {
	batch   *bleve.Batch
	entries []segment.Entry
	made    []segment.Indexed // for the delta segment; empty during a fill
	put     int
	at      position
}

// write indexes activities and takes others out, and moves the cursor, in one
// batch that is on the disk when write returns. The caller applies what it
// returns.
func (s *disk) write(ctx context.Context, put []directory.Activity, out []string, at position, now time.Time) ([]segment.Indexed, error) {
	p, err := s.prepare(ctx, put, out, at, now, true)
	if err != nil {
		return nil, err
	}
	return p.made, s.commit(p)
}

// prepare prepares a page of activities to index and others to take out. It is
// safe for concurrent use. With apply, the page has what the delta segment needs.
func (s *disk) prepare(ctx context.Context, put []directory.Activity, out []string, at position, now time.Time, apply bool) (*writeBatch, error) {
	p := &writeBatch{batch: s.bleve.NewBatch(), entries: make([]segment.Entry, 0, len(put)+len(out)), put: len(put), at: at}
	for _, id := range out {
		p.batch.Delete(id)
		p.entries = append(p.entries, segment.Entry{ID: id})
		if apply {
			p.made = append(p.made, segment.Indexed{Id: id})
		}
	}
	cache := s.caches.take(s.encoder.NewTokenCache)
	defer s.caches.put(cache)
	for i := range put {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		a := put[i].Public()
		words := cache.Passages(&a)
		f, err := s.encoder.FactsWith(&a, &words, now)
		if err != nil {
			return nil, err
		}
		if err := p.batch.IndexAdvanced(segment.NewDocument(a.ID, &words)); err != nil {
			return nil, fmt.Errorf("index activity %s: %w", a.ID, err)
		}
		shown := directory.Shown(put[i], s.encoder.Places)
		if err := f.SetFull(&shown); err != nil {
			return nil, err
		}
		body := s.encoder.Pack(f)
		p.entries = append(p.entries, segment.Entry{ID: a.ID, Body: body})
		if apply {
			p.made = append(p.made, segment.Indexed{Id: a.ID, Facts: f, Body: body, Terms: segment.TermsIn(&words)})
		}
	}
	return p, nil
}

// commit writes a page, so that it is on the disk when commit returns.
func (s *disk) commit(p *writeBatch) error {
	at, err := s.append(p.entries)
	if err != nil {
		return err
	}
	for i := range p.made {
		p.made[i].At = at[i]
	}
	if err := s.commitBatch(p.batch, p.at); err != nil {
		return fmt.Errorf("index %d activities: %w", p.put, err)
	}
	return nil
}
