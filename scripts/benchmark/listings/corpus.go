package listings

import (
	"context"
	"encoding/json"
	"fmt"

	"gather/directory"
)

// revisedEvery says which listings an update revises: one in ten.
const revisedEvery = 10

// Corpus is the first Size listings of a generator, before or after a tenth of
// them was revised.
type Corpus struct {
	*Generator
	Size    int
	Updated bool
}

// Listing is listing n as it now stands.
func (c *Corpus) Listing(n int) directory.Activity {
	if c.Updated && n%revisedEvery == 0 {
		return c.Revised(n)
	}
	return c.At(n)
}

// Revisions are the listings that an update revises, in the order in which
// that happens: all over the country.
func (c *Corpus) Revisions() []int {
	var ns []int
	for n := 0; n < c.Size; n += revisedEvery {
		ns = append(ns, n)
	}
	r := c.random(streamRevised, 0)
	r.Shuffle(len(ns), func(i, j int) { ns[i], ns[j] = ns[j], ns[i] })
	return ns
}

// Record is a listing as a store holds it, written by change number change.
func Record(a directory.Activity, change int64) (directory.Record, error) {
	a.Rev, a.Change = 0, 0 // the record carries them
	doc, err := json.Marshal(a)
	if err != nil {
		return directory.Record{}, fmt.Errorf("make a record: %w", err)
	}
	return directory.Record{Kind: directory.KindActivity, ID: a.ID, Rev: 1, Change: change, At: a.Updated, Action: "publish", Doc: doc}, nil
}

// Changes answers the corpus as a change log, a search.Source.
func (c *Corpus) Changes(ctx context.Context, after int64, limit int) ([]directory.Record, error) {
	var rs []directory.Record
	for n := int(after); n < c.Size && len(rs) < limit; n++ {
		r, err := Record(c.Listing(n), int64(n+1))
		if err != nil {
			return nil, err
		}
		rs = append(rs, r)
	}
	return rs, ctx.Err()
}

// Last is the number of the last change.
func (c *Corpus) Last(context.Context) (int64, error) { return int64(c.Size), nil }

// Wait waits for nothing: the log does not grow.
func (c *Corpus) Wait(ctx context.Context, _ int64) error {
	<-ctx.Done()
	return ctx.Err()
}
