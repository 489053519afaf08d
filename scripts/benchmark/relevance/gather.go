package relevance

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"path/filepath"
	"time"

	"gather/directory"
	"gather/directory/gazetteer"
	"gather/directory/vocabulary"
	"gather/search"
	"gather/search/index"
	"gather/search/relevance"
)

// gather is an index of the corpus.
type gather struct {
	*index.Index
	words *vocabulary.Vocabulary
	keys  map[string]string
}

func openGather(ctx context.Context, folder string, c *relevance.Corpus, words *vocabulary.Vocabulary, places *gazetteer.Gazetteer) (*gather, error) {
	x, err := index.Open(filepath.Join(folder, "index"), index.Options{Words: words, Places: places, Now: func() time.Time { return now }})
	if err != nil {
		return nil, err
	}
	var records []directory.Record
	for i, a := range c.Activities {
		doc, err := json.Marshal(a)
		if err != nil {
			return nil, err
		}
		records = append(records, directory.Record{Kind: directory.KindActivity, ID: a.ID, Rev: 1, Change: int64(i + 1), At: a.Updated, Doc: doc})
	}
	return &gather{x, words, c.Keys}, x.Apply(ctx, records)
}

func (g *gather) query(j *relevance.Search) (search.Query, error) {
	values, err := url.ParseQuery(j.Query)
	if err != nil {
		return search.Query{}, fmt.Errorf("%s: %w", j.ID, err)
	}
	q, err := search.ParseQuery(values, g.words)
	if err != nil {
		return search.Query{}, fmt.Errorf("%s: %w", j.ID, err)
	}
	return q, nil
}

// rank returns the keys of the first page.
func (g *gather) rank(ctx context.Context, j *relevance.Search) (keys []string, err error) {
	q, err := g.query(j)
	if err != nil {
		return nil, err
	}
	a, err := g.Search(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", j.ID, err)
	}
	for _, item := range a.Items {
		keys = append(keys, g.keys[item.ID])
	}
	return keys, nil
}

// near is a listing that passes a search's filters, with its distance as a share
// of the search's radius, or -1 without a distance.
type near struct {
	id  string
	far float64
}

// eligible returns the listings that a search finds without its words: those that
// pass its place, distance and other filters.
func (g *gather) eligible(ctx context.Context, j *relevance.Search) (all []near, err error) {
	q, err := g.query(j)
	if err != nil {
		return nil, err
	}
	q.Words, q.Limit = "", search.MaxLimit
	for {
		a, err := g.Search(ctx, q)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", j.ID, err)
		}
		for _, item := range a.Items {
			n := near{item.ID, -1}
			if miles := item.DistanceMiles; miles != nil && a.Interpreted.WithinMiles > 0 {
				n.far = *miles / a.Interpreted.WithinMiles
			}
			all = append(all, n)
		}
		if a.Next == "" {
			return all, nil
		}
		q.Cursor = a.Next
	}
}
