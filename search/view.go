package search

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/query"
	index "github.com/blevesearch/bleve_index_api"
)

// view is one snapshot of the index and the facts that belong to it. Once its
// slots are filled it never changes; Index counts who uses it.
type view struct {
	reader  index.IndexReader
	mapping mapping.IndexMapping
	shelf   *shelf
	cursor  int64
	users   int

	slots []*facts // by document number; nil where there is none
	all   set

	suggesting sync.Once
	suggester  suggester

	steady      sync.Map // set by the key of a steady clause
	steadyCount atomic.Int64
}

// maxSteady is how many answers of steady clauses a view keeps: enough for
// every value of every vocabulary, each asked for alone.
const maxSteady = 2000

// fill finds the facts of every document of the snapshot.
func (v *view) fill(byID map[string]*facts) (err error) {
	docs, err := v.reader.DocIDReaderAll()
	if err != nil {
		return fmt.Errorf("list the documents: %w", err)
	}
	defer func() { err = errors.Join(err, docs.Close()) }()
	slots := make([]*facts, 0, len(byID))
	for {
		id, err := docs.Next()
		if err != nil {
			return fmt.Errorf("list the documents: %w", err)
		}
		if id == nil {
			break
		}
		name, err := v.reader.ExternalID(id)
		if err != nil {
			return fmt.Errorf("read a document's id: %w", err)
		}
		for n := int(id.Value()); len(slots) <= n; {
			slots = append(slots, nil)
		}
		slots[id.Value()] = byID[name]
	}
	all := newSet(len(slots))
	for i, f := range slots {
		if f != nil {
			all.add(i)
		}
	}
	v.slots, v.all = slots, all
	return nil
}

// matcher answers clauses over one view, each only once.
type matcher struct {
	*view
	known map[string]set
}

func (v *view) matcher() *matcher { return &matcher{view: v, known: map[string]set{}} }

// holds is the set of documents that c holds of. The caller must not change it.
func (m *matcher) holds(ctx context.Context, c clause) (set, error) {
	if s, ok := m.known[c.key]; ok {
		return s, nil
	}
	if s, ok := m.steady.Load(c.key); ok && c.steady {
		return s.(set), nil
	}
	s := newSet(len(m.slots))
	unscored := search.SearcherOptions{Score: "none"}
	if c.sure != nil {
		if err := m.run(ctx, c.sure, unscored, func(n int, _ float64) { s.add(n) }); err != nil {
			return nil, fmt.Errorf("match %s: %w", c.of, err)
		}
	}
	if c.maybe != nil {
		err := m.run(ctx, c.maybe, unscored, func(n int, _ float64) {
			if !s.has(n) && c.keep(m.slots[n]) {
				s.add(n)
			}
		})
		if err != nil {
			return nil, fmt.Errorf("match %s: %w", c.of, err)
		}
	}
	m.known[c.key] = s
	if c.steady && m.steadyCount.Add(1) <= maxSteady {
		m.steady.Store(c.key, s)
	}
	return s, nil
}

// scored is the set of documents that q matches, and by document number how
// well, as Bleve reckons it.
func (m *matcher) scored(ctx context.Context, q query.Query) (set, []float32, error) {
	s, scores := newSet(len(m.slots)), make([]float32, len(m.slots))
	err := m.run(ctx, q, search.SearcherOptions{}, func(n int, score float64) {
		s.add(n)
		scores[n] = float32(score)
	})
	if err != nil {
		return nil, nil, fmt.Errorf("match words: %w", err)
	}
	return s, scores, nil
}

// checkEvery is how many matches are read between looks at the context.
const checkEvery = 1024

// run calls found with the number and score of every document that q matches.
func (m *matcher) run(ctx context.Context, q query.Query, options search.SearcherOptions, found func(int, float64)) (err error) {
	searcher, err := q.Searcher(ctx, m.reader, m.mapping, options)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, searcher.Close()) }()
	// Conjunctions hold up to one match for each of their parts at a time.
	pool := &search.SearchContext{
		DocumentMatchPool: search.NewDocumentMatchPool(searcher.DocumentMatchPoolSize()+1, 0), IndexReader: m.reader,
	}
	for i := 1; ; i++ {
		if i%checkEvery == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		match, err := searcher.Next(pool)
		if err != nil {
			return err
		}
		if match == nil {
			return nil
		}
		if n := int(match.IndexInternalID.Value()); n < len(m.slots) && m.slots[n] != nil {
			found(n, match.Score)
		}
		pool.DocumentMatchPool.Put(match)
	}
}

// match is what the clauses of a question hold of, each and together.
type match struct {
	all   set
	parts []part
}

type part struct {
	of   string
	docs set
}

// evaluate answers all clauses together.
func (m *matcher) evaluate(ctx context.Context, cs []clause) (match, error) {
	found := match{all: m.all.clone()}
	for _, c := range cs {
		docs, err := m.holds(ctx, c)
		if err != nil {
			return match{}, err
		}
		found.parts = append(found.parts, part{c.of, docs})
		found.all.and(docs)
	}
	return found, nil
}

// without is what all clauses but those of one parameter hold of. The caller
// must not change it.
func (f match) without(everything set, of string) set {
	own := false
	for _, p := range f.parts {
		own = own || p.of == of
	}
	if !own {
		return f.all
	}
	s := everything.clone()
	for _, p := range f.parts {
		if p.of != of {
			s.and(p.docs)
		}
	}
	return s
}

// analyser is one of the analysers of the index.
func (v *view) analyser(name string) analysis.Analyzer { return v.mapping.AnalyzerNamed(name) }
