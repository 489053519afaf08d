package engines

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"benchmark/listings"
	"benchmark/questions"

	"gather/directory"
	"gather/directory/boltstore"
	"gather/search"
)

// Gather is the search index of Gather in this process.
type Gather struct {
	index   *search.Index
	folder  string
	corpus  *listings.Corpus
	facts   *listings.Facts
	change  int64
	cursors map[*questions.Question]string
}

// OpenGather opens the index in folder, which may be empty.
func OpenGather(folder string, corpus *listings.Corpus, facts *listings.Facts) (*Gather, error) {
	g := &Gather{folder: folder, corpus: corpus, facts: facts, cursors: map[*questions.Question]string{}}
	return g, g.open()
}

func (g *Gather) open() (err error) {
	g.index, err = search.Open(g.folder, search.Options{Words: g.corpus.Words, Places: g.corpus.Places, Now: func() time.Time { return listings.Now }})
	if err == nil {
		g.change = g.index.Cursor()
	}
	return err
}

// Build indexes the corpus from nothing.
func (g *Gather) Build(ctx context.Context) error {
	err := g.index.Rebuild(ctx, g.corpus)
	g.change = g.index.Cursor()
	return err
}

// Reopen closes the index and opens it again.
func (g *Gather) Reopen() error { return errors.Join(g.index.Close(), g.open()) }

// updatesAtOnce is how many revisions are indexed together: what a follower
// finds waiting in a busy directory.
const updatesAtOnce = 10

// Update indexes the revisions of the corpus.
func (g *Gather) Update(ctx context.Context) error {
	for ns := range slices.Chunk(g.corpus.Revisions(), updatesAtOnce) {
		var rs []directory.Record
		for _, n := range ns {
			g.change++
			r, err := listings.Record(g.corpus.Revised(n), g.change)
			if err != nil {
				return err
			}
			rs = append(rs, r)
		}
		if err := g.index.Apply(ctx, rs); err != nil {
			return err
		}
	}
	return nil
}

// Name is "Gather".
func (g *Gather) Name() string { return "Gather" }

// Measure is by great circles.
func (g *Gather) Measure() questions.Measure { return questions.GreatCircle }

// Walk follows a sorted list page by page, for at most so long, and sets how
// deep each of the questions asks: evenly down to where it came.
func (g *Gather) Walk(ctx context.Context, qs []*questions.Question, most time.Duration) error {
	q := qs[0].Query
	q.Limit, q.Cursor = search.MaxLimit, ""
	var cursors []string
	for began := time.Now(); time.Since(began) < most; {
		a, err := g.index.Search(ctx, q)
		if err != nil {
			return fmt.Errorf("walk down a list: %w", err)
		}
		if a.Next == "" {
			break
		}
		q.Cursor = a.Next
		cursors = append(cursors, a.Next)
	}
	if len(cursors) == 0 {
		return errors.New("walk down a list: it has only one page")
	}
	for i, deep := range qs {
		page := i * (len(cursors) - 1) / max(len(qs)-1, 1)
		deep.Depth = (page + 1) * search.MaxLimit
		g.cursors[deep] = cursors[page]
	}
	return nil
}

// Prepare has nothing to do: Walk found the cursors.
func (g *Gather) Prepare(context.Context, []*questions.Question) error { return nil }

// Ask asks the index.
func (g *Gather) Ask(ctx context.Context, _ int, q *questions.Question) (any, error) {
	if q.Kind == questions.Suggesting {
		return g.index.Suggest(ctx, q.Beginning, "", "", questions.Suggestions)
	}
	query := q.Query
	if q.Kind == questions.Deep {
		query.Cursor = g.cursors[q]
	}
	return g.index.Search(ctx, query)
}

// Read reads a search.Answer or suggestions.
func (g *Gather) Read(q *questions.Question, reply any) Answer {
	if found, ok := reply.([]search.Suggestion); ok {
		a := Answer{Total: -1}
		for _, s := range found {
			a.IDs = append(a.IDs, s.Text)
		}
		return a
	}
	return readAnswer(q, reply.(search.Answer), g.facts)
}

func readAnswer(q *questions.Question, found search.Answer, facts *listings.Facts) Answer {
	a := Answer{Total: found.Total}
	for _, item := range found.Items {
		a.IDs = append(a.IDs, item.ID)
	}
	if f := found.Facets; f != nil {
		a.Counts = &questions.Counts{Interest: make([]int, len(facts.Interests)), Access: make([]int, len(facts.Access))}
		put := func(counts []search.FacetCount, ids []string, to []int) {
			for _, c := range counts {
				if i := slices.Index(ids, c.ID); i >= 0 {
					to[i] = c.Count
				}
			}
		}
		put(f.Interest, facts.Interests, a.Counts.Interest)
		put(f.Access, facts.Access, a.Counts.Access)
		put(f.Day, []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}, a.Counts.Days[:])
		put(f.Cost, []string{"free", "2", "5", "10"}, a.Counts.Cost[:])
	}
	return a
}

// Len is how many listings can be found.
func (g *Gather) Len() int { return g.index.Len() }

// Close closes the index.
func (g *Gather) Close() error { return g.index.Close() }

// publisher is who publishes in a measurement.
var publisher = directory.Principal{Key: "benchmark", Role: directory.RoleAdmin}

// Publish publishes n listings one after the other into a store that the index
// follows, and answers how long each took from being acknowledged, which is
// on the disk, to being found.
func (g *Gather) Publish(ctx context.Context, folder string, n int) (took []time.Duration, err error) {
	store, err := boltstore.Open(filepath.Join(folder, "publish"))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	dir := directory.New(store, g.corpus.Words, g.corpus.Places)
	group, err := dir.Register(ctx, publisher, directory.GroupDetails{Name: "Measured Friends"}, "")
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(ctx)
	base := g.index.Cursor()
	var following sync.WaitGroup
	following.Go(func() { _ = (&search.Follower{Source: later{store, base}, Index: g.index}).Run(ctx) }) // ends with ctx
	defer following.Wait()
	defer stop()
	for i := range n {
		details := g.corpus.Revised(i).Details
		a, err := dir.Publish(ctx, publisher, group.Group.ID, details, "")
		if err != nil {
			return nil, err
		}
		began := time.Now()
		if err := g.index.WaitFor(ctx, base+a.Change); err != nil {
			return nil, err
		}
		found, err := g.index.Search(ctx, search.Query{Group: group.Group.ID, Sort: search.SortUpdated, Limit: search.MaxLimit})
		if err != nil {
			return nil, err
		}
		took = append(took, time.Since(began))
		if !slices.ContainsFunc(found.Items, func(item search.Item) bool { return item.ID == a.ID }) {
			return nil, fmt.Errorf("listing %s was published and is not found", a.ID)
		}
		time.Sleep(publishPause)
	}
	g.change = g.index.Cursor()
	return took, nil
}

// publishPause is between two publications, so that each is measured alone.
const publishPause = 10 * time.Millisecond

// later is a store's change log that goes on after another one.
type later struct {
	search.Source
	base int64
}

func (l later) Changes(ctx context.Context, after int64, limit int) ([]directory.Record, error) {
	rs, err := l.Source.Changes(ctx, after-l.base, limit)
	for i := range rs {
		rs[i].Change += l.base
	}
	return rs, err
}

func (l later) Last(ctx context.Context) (int64, error) {
	last, err := l.Source.Last(ctx)
	return last + l.base, err
}

func (l later) Wait(ctx context.Context, after int64) error { return l.Source.Wait(ctx, after-l.base) }
