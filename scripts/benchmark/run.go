package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"time"

	"benchmark/engines"
	"benchmark/listings"
	"benchmark/questions"
)

// The states in which engines are measured.
const (
	clean   = "clean"
	updated = "updated" // after revising a tenth of the listings
)

const (
	// walkFor limits the time of the walk to the deepest page.
	walkFor = 20 * time.Second
	// published is the number of listings that are published one by one.
	published = 200
	// pressFor is how long the load generator sends each kind of question.
	pressFor = 5 * time.Second
)

// runner holds the state of one run.
type runner struct {
	result  *Result
	root    string // of the project
	folder  string // for all files of the run
	corpus  *listings.Corpus
	facts   *listings.Facts
	stems   *listings.Stemmer
	words   *questions.Dictionary
	oracle  *questions.Oracle
	kinds   []questions.Kind
	asked   map[questions.Kind][]*questions.Question
	numbers map[questions.Kind][]int // the questions' indexes in the oracle
	wrong   int
	keep    func() error // stores what was measured so far
}

func say(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "%s "+format+"\n", append([]any{time.Now().Format("15:04:05")}, args...)...)
}

// deepen sets the depth of each deep question and the last result before its page.
func (r *runner) deepen(ctx context.Context, g *engines.Gather) error {
	deep := r.asked[questions.Deep]
	if len(deep) == 0 {
		return nil
	}
	if g != nil {
		if err := g.Walk(ctx, deep, walkFor); err != nil {
			return err
		}
	} else {
		for i, q := range deep {
			q.Depth = (i + 1) * (r.corpus.Size - questions.PageSize) / len(deep)
		}
	}
	deepest := 0
	for _, q := range deep {
		last := r.oracle.Ordered(q.Depth-1, q.Depth)[0]
		q.After = questions.Last{Updated: last.Updated, ID: last.ID.String()}
		deepest = max(deepest, q.Depth)
	}
	r.result.fact("Q5", "deepest page begins after", float64(deepest), "results")
	return nil
}

// time checks and times kinds of question.
func (r *runner) time(ctx context.Context, e engines.Engine, state string, kinds []questions.Kind) error {
	for _, k := range kinds {
		if err := r.timeKind(ctx, e, state, "", k); err != nil {
			return err
		}
	}
	return nil
}

// timeKind checks and times one kind of question; note is the engine's settings.
func (r *runner) timeKind(ctx context.Context, e engines.Engine, state, note string, k questions.Kind) error {
	warm, err := r.check(ctx, e, state, k)
	if err != nil {
		return err
	}
	t, _, err := measure(ctx, e, r.asked[k], warm, nil)
	if err != nil {
		return err
	}
	t.State, t.Note, t.Hits = state, note, r.hits(k)
	if err := r.press(ctx, e, &t); err != nil {
		return err
	}
	r.result.Timings = append(r.result.Timings, t)
	return nil
}

// press adds the throughput of two workers, which is measured only for freshly
// built engines.
func (r *runner) press(ctx context.Context, e engines.Engine, t *Timing) (err error) {
	if t.State == clean && t.Passes == passes {
		t.PerSecond, err = throughput(ctx, e, r.asked[t.Kind])
	}
	say("%s %s %s %s: p50 %s us, p95 %s us, %s/s", t.Engine, t.State, t.Note, t.Kind, short(t.P50), short(t.P95), short(t.PerSecond))
	return err
}

// timeBest checks and times PostgreSQL after a tenth was revised, each kind of
// question with the planner settings that were best when it was freshly built.
func (r *runner) timeBest(ctx context.Context, p *engines.Postgres) error {
	for _, k := range r.kinds {
		note := r.result.timing(p.Name(), clean, k).Note
		if err := p.SetPlans(ctx, engines.Plans(note)); err != nil {
			return err
		}
		if err := r.timeKind(ctx, p, updated, note, k); err != nil {
			return err
		}
	}
	return nil
}

// timePlans checks and times PostgreSQL, freshly built, with each of the planner
// settings of the run; for each kind of question the best counts.
func (r *runner) timePlans(ctx context.Context, p *engines.Postgres) error {
	best := map[questions.Kind]*Timing{}
	for _, way := range engines.AllPlans {
		if len(r.result.Plans) > 0 && !slices.Contains(r.result.Plans, way.Name) {
			continue
		}
		plans := way.Plans
		if err := p.SetPlans(ctx, plans); err != nil {
			return err
		}
		for _, k := range r.kinds {
			var warm time.Duration
			if best[k] == nil { // planner settings do not change the results
				var err error
				if warm, err = r.check(ctx, p, clean, k); err != nil {
					return err
				}
			}
			t, whole, err := measure(ctx, p, r.asked[k], warm, best[k])
			if err != nil {
				return err
			}
			if whole && (best[k] == nil || t.ratio(best[k]) < 1) {
				t.State, t.Note, t.Hits = clean, string(plans), r.hits(k)
				best[k] = &t
			}
		}
		say("%s %s: asked with %s", p.Name(), clean, plans)
	}
	for _, k := range r.kinds {
		if err := p.SetPlans(ctx, engines.Plans(best[k].Note)); err != nil {
			return err
		}
		if err := r.press(ctx, p, best[k]); err != nil {
			return err
		}
		r.result.Timings = append(r.result.Timings, *best[k])
	}
	return nil
}

// check checks the answers to a kind of question, and returns how long that took.
func (r *runner) check(ctx context.Context, e engines.Engine, state string, k questions.Kind) (time.Duration, error) {
	began := time.Now()
	c, err := check(ctx, e, r.asked[k], r.numbers[k], r.oracle)
	if err != nil {
		return 0, err
	}
	took := time.Since(began)
	c.State = state
	r.result.Checks = append(r.result.Checks, c)
	if c.Strict && c.Wrong > 0 {
		r.wrong++
		say("%s %s %s: %d of %d answers are WRONG, first: %s", c.Engine, state, k, c.Wrong, c.Asked, c.First)
	}
	return took, nil
}

// hits returns the median number of hits of the questions of a kind.
func (r *runner) hits(k questions.Kind) int {
	var all []float64
	for _, n := range r.numbers[k] {
		all = append(all, float64(r.oracle.Right(n, questions.NationalGrid).Total))
	}
	return int(percentile(all, 50))
}

// gather measures the index of Gather in this process.
func (r *runner) gather(ctx context.Context) (*engines.Gather, error) {
	r.freeMemory()
	heapBefore := heap()
	g, err := engines.OpenGather(filepath.Join(r.folder, "index"), r.corpus, r.facts)
	if err != nil {
		return nil, err
	}
	began := time.Now()
	if err := g.Build(ctx); err != nil {
		return nil, err
	}
	r.result.fact("Gather", "build the index", time.Since(began).Seconds(), "s")
	r.result.fact("Gather", "documents indexed", float64(g.Len())/time.Since(began).Seconds(), "a second")
	began = time.Now()
	if err := g.Reopen(); err != nil {
		return nil, err
	}
	r.result.fact("Gather", "open the index", time.Since(began).Seconds()*1000, "ms")
	if _, err := g.Ask(ctx, 0, r.asked[r.kinds[0]][0]); err != nil {
		return nil, err
	}
	r.result.fact("Gather", "open the index and answer the first question", time.Since(began).Seconds()*1000, "ms")
	if err := r.deepen(ctx, g); err != nil {
		return nil, err
	}
	if err := r.timeGather(ctx, g, clean); err != nil {
		return nil, err
	}
	r.result.fact("Gather", "heap held by the index", float64(heap()-heapBefore)/(1<<20), "MiB")
	bytes, err := folderBytes(filepath.Join(r.folder, "index"))
	r.result.fact("Gather", "index on the disk", float64(bytes)/(1<<20), "MiB")
	return g, err
}

// timeGather times the index twice: for ids and counts, as the databases return
// them, and for whole answers. Suggestions are the same in both.
func (r *runner) timeGather(ctx context.Context, g *engines.Gather, state string) error {
	r.freeMemory()
	if err := r.time(ctx, g, state, r.kinds); err != nil {
		return err
	}
	return r.time(ctx, &engines.Whole{Gather: g}, state, slices.DeleteFunc(slices.Clone(r.kinds), func(k questions.Kind) bool { return k == questions.Suggesting }))
}

// freeMemory shrinks the heap before Gather, which runs in this process, is
// timed, so that garbage collections do not cost it time: it drops the stemmer's
// cache, which is many small objects to scan, and collects garbage.
func (r *runner) freeMemory() {
	r.stems.Forget()
	debug.FreeOSMemory()
}

// heap returns the size of the reachable heap of this process, in bytes.
func heap() int64 {
	debug.FreeOSMemory() // collects too
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

func folderBytes(folder string) (total int64, err error) {
	err = filepath.Walk(folder, func(_ string, info os.FileInfo, err error) error {
		if err == nil && !info.IsDir() {
			total += info.Size()
		}
		return err
	})
	return total, err
}

// database is the interface of the engines that Gather is compared with.
type database interface {
	engines.Engine
	Build(context.Context, *questions.Dictionary) error
	Update(context.Context) error
}

// buildDatabase loads a database and times its questions.
func (r *runner) buildDatabase(ctx context.Context, d database) error {
	say("loading %s", d.Name())
	began := time.Now()
	if err := d.Build(ctx, r.words); err != nil {
		return err
	}
	r.result.fact(d.Name(), "load and index", time.Since(began).Seconds(), "s")
	return r.timeDatabase(ctx, d, clean)
}

func (r *runner) timeDatabase(ctx context.Context, d database, state string) error {
	if p, ok := d.(*engines.Postgres); ok {
		if state == clean {
			return r.timePlans(ctx, p)
		}
		return r.timeBest(ctx, p)
	}
	return r.time(ctx, d, state, r.kinds)
}

func (r *runner) wants(name string) bool { return slices.Contains(r.result.Engines, name) }

// all measures all engines of the result one after the other, and stores the
// result after each.
func (r *runner) all(ctx context.Context) (err error) {
	defer func() { r.result.Machine.LoadAfter = loadAverage() }()
	defer func() { err = errors.Join(err, r.corpus.Close()) }()
	if err := r.prepare(ctx); err != nil {
		return err
	}
	if err := r.compareEngines(ctx); err != nil {
		return err
	}
	r.corpus.Updated = false
	if r.wants("import") || r.wants("http") {
		if err := errors.Join(r.program(ctx, r.wants("import"), r.wants("http")), r.keep()); err != nil {
			return err
		}
	}
	if r.wants("nodes") {
		if err := errors.Join(r.nodes(ctx), r.keep()); err != nil {
			return err
		}
	}
	if r.wants("stores") {
		return r.stores(ctx)
	}
	return nil
}

// compareEngines measures the engines that implement engines.Engine, freshly built and
// after an update. All are closed before the program is measured.
func (r *runner) compareEngines(ctx context.Context) (err error) {
	var g *engines.Gather
	var closers []func() error
	defer func() {
		for _, c := range closers {
			err = errors.Join(err, c())
		}
	}()
	if r.wants("gather") {
		say("building the index of Gather")
		if g, err = r.gather(ctx); err != nil {
			return err
		}
		closers = append(closers, g.Close)
	} else if err := r.deepen(ctx, nil); err != nil {
		return err
	}
	databases, err := r.start(ctx)
	for _, d := range databases {
		closers = append(closers, d.Close)
	}
	if err != nil {
		return err
	}
	for _, d := range databases {
		if err := errors.Join(r.buildDatabase(ctx, d), r.keep()); err != nil {
			return err
		}
	}
	if err := errors.Join(r.update(ctx, g, databases), r.keep()); err != nil {
		return err
	}
	if r.wants("concurrent") {
		return errors.Join(r.disturb(ctx, g), r.keep())
	}
	return nil
}

// start starts the databases among the engines of the run.
func (r *runner) start(ctx context.Context) (all []database, err error) {
	if r.wants("postgres") {
		p, err := engines.StartPostgres(ctx, filepath.Join(r.folder, "postgres"), r.corpus, r.facts, r.stems)
		if err != nil {
			return all, err
		}
		r.result.Machine.Postgres = p.Version
		all = append(all, p)
	}
	if r.wants("sqlite") {
		s, err := engines.StartSQLite(ctx, r.folder, r.corpus, r.facts, r.stems)
		if err != nil {
			return all, err
		}
		all = append(all, s)
	}
	if r.wants("bleve") {
		b, err := engines.StartBleve(r.folder, r.corpus, r.facts, r.stems)
		if err != nil {
			return all, err
		}
		all = append(all, b)
	}
	return all, nil
}

// update revises a tenth of the listings in all engines and times them again.
func (r *runner) update(ctx context.Context, g *engines.Gather, databases []database) error {
	if g == nil && len(databases) == 0 {
		return nil
	}
	say("revising a tenth of the listings")
	if err := r.revise(ctx); err != nil {
		return err
	}
	if g != nil {
		if err := r.revised(ctx, "Gather", g.Update); err != nil {
			return err
		}
	}
	if err := r.deepen(ctx, g); err != nil {
		return err
	}
	if g != nil {
		if err := r.updateGather(ctx, g); err != nil {
			return err
		}
	}
	for _, d := range databases {
		if err := r.revised(ctx, d.Name(), d.Update); err != nil {
			return err
		}
		if err := errors.Join(r.timeDatabase(ctx, d, updated), r.keep()); err != nil {
			return err
		}
	}
	return nil
}

// revised runs update, which writes the revisions, and adds their rate.
func (r *runner) revised(ctx context.Context, name string, update func(context.Context) error) error {
	began := time.Now()
	if err := update(ctx); err != nil {
		return err
	}
	r.result.fact(name, "revisions written", float64(len(r.corpus.Revisions()))/time.Since(began).Seconds(), "a second")
	return nil
}

// updateGather times the index after a tenth was revised, then how soon
// publications are found.
func (r *runner) updateGather(ctx context.Context, g *engines.Gather) error {
	if tail, ok := g.Tail(); ok {
		r.result.fact("Gather", "listings in the tail, once a tenth was revised", float64(tail), "")
	}
	if err := r.timeGather(ctx, g, updated); err != nil {
		return err
	}
	took, err := g.Publish(ctx, r.folder, published)
	if err != nil {
		return err
	}
	r.latency("Gather", "published to found, in process", took)
	return r.keep()
}

func (r *runner) latency(about, what string, took []time.Duration) {
	us := microseconds(took)
	r.result.fact(about, what+", median", percentile(us, 50)/1000, "ms")
	r.result.fact(about, what+", 99 in 100", percentile(us, 99)/1000, "ms")
}
