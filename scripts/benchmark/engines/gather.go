package engines

import (
	"context"
	"encoding/json"
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
	"gather/search/index"
)

// Gather is the search index of Gather in this process.
type Gather struct {
	index   *index.Index
	folder  string
	corpus  *listings.Corpus
	facts   *listings.Facts
	change  int64
	cursors map[*questions.Question]string
	// revisions are those of the corpus, and revised how many were indexed.
	revisions []int
	revised   int
}

// OpenGather opens the index in folder, which may be empty.
func OpenGather(folder string, corpus *listings.Corpus, facts *listings.Facts) (*Gather, error) {
	g := &Gather{folder: folder, corpus: corpus, facts: facts, cursors: map[*questions.Question]string{}}
	return g, g.open()
}

func (g *Gather) open() (err error) {
	g.index, err = index.Open(g.folder, index.Options{Words: g.corpus.Words, Places: g.corpus.Places, Now: func() time.Time { return listings.Now }})
	if err == nil {
		g.change = g.index.Cursor()
	}
	return err
}

// Build indexes the corpus from scratch.
func (g *Gather) Build(ctx context.Context) error {
	err := g.index.Rebuild(ctx, g.corpus)
	g.change = g.index.Cursor()
	return err
}

// Reopen closes the index and opens it again.
func (g *Gather) Reopen() error { return errors.Join(g.index.Close(), g.open()) }

// updatesAtOnce is the number of revisions in a batch: the backlog of a follower
// in a busy directory.
const updatesAtOnce = 100

// Update indexes the revisions of the corpus.
func (g *Gather) Update(ctx context.Context) error {
	g.revised = 0
	for left := len(g.corpus.Revisions()); left > 0; left -= updatesAtOnce {
		if err := g.Revise(ctx, min(left, updatesAtOnce)); err != nil {
			return err
		}
	}
	return g.waitForCompaction(ctx)
}

// compactionWait is how long to wait for a background compaction after the last
// revision.
const compactionWait = time.Minute

// waitForCompaction waits until no compaction is running, so that searches are
// measured as they are while few listings are written. Searches during writes are
// measured separately.
func (g *Gather) waitForCompaction(ctx context.Context) error {
	for began, last := time.Now(), -1; time.Since(began) < compactionWait; {
		n := g.index.Tail()
		if n == last && n <= max(2000, g.index.Len()/64) {
			return nil
		}
		last = n
		select {
		case <-time.After(3 * time.Second):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// Revise indexes the next n revisions in a batch; it starts over after the last.
func (g *Gather) Revise(ctx context.Context, n int) error {
	if g.revisions == nil {
		g.revisions = g.corpus.Revisions()
	}
	rs := make([]directory.Record, n)
	for i := range rs {
		g.change++
		var err error
		if rs[i], err = g.corpus.Record(g.revisions[g.revised%len(g.revisions)], g.change); err != nil {
			return err
		}
		g.revised++
	}
	return g.index.Apply(ctx, rs)
}

// Name returns "Gather".
func (g *Gather) Name() string { return "Gather" }

// Measure is by great circles.
func (g *Gather) Measure() questions.Measure { return questions.GreatCircle }

// Walk follows a sorted list page by page until the time limit, and sets the
// depths and cursors of the questions, evenly spaced down to the deepest page.
func (g *Gather) Walk(ctx context.Context, qs []*questions.Question, most time.Duration) error {
	q := qs[0].Query
	q.Limit, q.Cursor = search.MaxLimit, ""
	var cursors []string
	for began := time.Now(); time.Since(began) < most; {
		a, err := find(ctx, g.index, q)
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

// Prepare does nothing: Walk found the cursors.
func (g *Gather) Prepare(context.Context, []*questions.Question) error { return nil }

// query returns the query to the index.
func (g *Gather) query(q *questions.Question) search.Query {
	query := q.Query
	if q.Kind == questions.Deep {
		query.Cursor = g.cursors[q]
	}
	return query
}

// Ask asks the index for what the databases return: ids and counts.
func (g *Gather) Ask(ctx context.Context, _ int, q *questions.Question) (any, error) {
	if q.Kind == questions.Suggesting {
		return g.index.Suggest(ctx, q.Beginning, "", "", questions.Suggestions)
	}
	return find(ctx, g.index, g.query(q))
}

// Read reads what Ask answered.
func (g *Gather) Read(q *questions.Question, reply any) Answer {
	if suggested, ok := reply.([]search.Suggestion); ok {
		a := Answer{Total: -1}
		for _, s := range suggested {
			a.IDs = append(a.IDs, s.Text)
		}
		return a
	}
	f := reply.(found)
	return Answer{Total: f.Total, IDs: f.IDs, Counts: readCounts(f.Facets, g.facts)}
}

// Whole is the same index, asked for whole answers as JSON: short listings,
// reasons, and what to ask.
type Whole struct {
	*Gather
	bufs [Workers][]byte
}

// Name returns "Gather, whole answers".
func (w *Whole) Name() string { return "Gather, whole answers" }

// Ask asks the index for whole answers.
func (w *Whole) Ask(ctx context.Context, worker int, q *questions.Question) (answer any, err error) {
	if q.Kind == questions.Suggesting {
		return w.Gather.Ask(ctx, worker, q)
	}
	w.bufs[worker], err = appendAnswer(ctx, w.index, w.query(q), w.bufs[worker][:0])
	return w.bufs[worker], err
}

// Read reads the JSON of an answer.
func (w *Whole) Read(q *questions.Question, reply any) Answer {
	if b, ok := reply.([]byte); ok {
		return readJSON(b, w.facts)
	}
	return w.Gather.Read(q, reply)
}

// readJSON decodes a whole answer; invalid JSON gives an empty one.
func readJSON(b []byte, facts *listings.Facts) Answer {
	var whole search.Answer
	if err := json.Unmarshal(b, &whole); err != nil {
		return Answer{Total: -1}
	}
	a := Answer{Total: whole.Total, Counts: readCounts(whole.Facets, facts)}
	for _, item := range whole.Items {
		a.IDs = append(a.IDs, item.ID)
	}
	return a
}

// readCounts decodes facets by the indexes of their values, nil without facets.
func readCounts(f *search.Facets, facts *listings.Facts) *questions.Counts {
	if f == nil {
		return nil
	}
	c := &questions.Counts{Interest: make([]int, len(facts.Interests)), Access: make([]int, len(facts.Access))}
	put := func(counts []search.FacetCount, ids []string, to []int) {
		for _, n := range counts {
			if i := slices.Index(ids, n.ID); i >= 0 {
				to[i] = n.Count
			}
		}
	}
	put(f.Interest, facts.Interests, c.Interest)
	put(f.Access, facts.Access, c.Access)
	put(f.Day, []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}, c.Days[:])
	put(f.Cost, []string{"free", "2", "5", "10"}, c.Cost[:])
	return c
}

// Tail returns the number of listings in the delta segment of the index; false
// when the index does not tell.
func (g *Gather) Tail() (int, bool) { return tailOf(g.index) }

// Len returns the number of indexed listings.
func (g *Gather) Len() int { return g.index.Len() }

// Close closes the index.
func (g *Gather) Close() error { return g.index.Close() }

// publisher is the principal that publishes in a measurement.
var publisher = directory.Principal{Key: "benchmark", Role: directory.RoleAdmin}

// Publish publishes n listings one after the other to a store that the index
// follows, and returns the time of each from its acknowledgement, when it is on
// the disk, to being found.
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
	following.Go(func() { _ = (&index.Follower{Source: later{dir, base}, Index: g.index}).Run(ctx) }) // ends with ctx
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

// publishPause is the pause between two publications, so that each is measured
// alone.
const publishPause = 10 * time.Millisecond

// later is a store's change log with its numbers shifted, so that it continues
// another log of base changes.
type later struct {
	index.Source
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

// Mark is empty: the store does not have the changes under these numbers.
func (l later) Mark(directory.Record) directory.Mark { return "" }

func (l later) Wait(ctx context.Context, after int64) error { return l.Source.Wait(ctx, after-l.base) }
