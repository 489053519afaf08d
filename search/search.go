package search

import (
	"context"
	"sync"
	"time"

	"gather/directory"
	"gather/directory/gazetteer"
)

// search is one search on its way. Its zero value is not ready for use: find
// makes one.
type Search struct {
	view     *view
	language *interpreter
	question Question
	query    Query // with the place that its words hold
	matcher  matcher
	compiler compiler

	now       time.Time
	wall      int32   // now on the clocks of London
	trustNow  float32 // see trustAt
	place     *directory.Location
	audiences []string // asked for, and those they belong to

	wordsRead *WordsRead
	phrased   *phrasing  // see phrasing
	words     *wordQuery // nil: no words are asked for
	termSets  *termSets  // of the reading
	stems     *stemTable // of the reading, see theGlossary
	scores    map[int32]Score

	found   []ranked // the page
	counted *Facets
	next    string

	chosen, picked []ranked   // memory
	spareRanges    []docRange // memory
	counts         *counter   // memory
	spareStems     *stemTable // memory
}

// Question is a query as it was understood, before anything is looked for.
type Question struct {
	Typed Query // as it came
	query Query // with the place that its words hold
	// placed is that place, nil where the words hold none.
	placed *placeInText
	// place is where it asks from, and placeRead how that was read; nil for
	// nowhere.
	place     *directory.Location
	placeRead *PlaceRead
	now       time.Time
	after     *cursor // nil: the first page
}

// newQuestion understands q at now. The error is a *directory.Invalid when there
// is no such place or the cursor is not one of this question.
func newQuestion(q Query, in *interpreter, places *gazetteer.Gazetteer, now time.Time) (Question, error) {
	asked := Question{Typed: q, now: now}
	asked.query, asked.placed = in.located(q)
	var err error
	if asked.after, err = readCursor(asked.query, now); err != nil {
		return asked, err
	}
	if asked.after != nil {
		asked.now = time.UnixMilli(asked.after.At).UTC()
	}
	asked.place, asked.placeRead, err = readPlace(asked.query, places)
	return asked, err
}

// searches are searches that are done with, for their memory.
var searches = sync.Pool{New: func() any { return new(Search) }}

// find searches v for what answers the question, counts its facets, and picks a
// page. The caller calls done once the search is no longer needed. The error is
// a *directory.Invalid when the dates reach too far, or the context's.
func find(ctx context.Context, v *view, in *interpreter, asked Question) (*Search, error) {
	s := searches.Get().(*Search)
	s.begin(v, in, asked)
	if err := s.find(ctx); err != nil {
		s.done()
		return nil, err
	}
	return s, nil
}

// begin makes s ready for a question.
func (s *Search) begin(v *view, in *interpreter, asked Question) {
	q, now := asked.query, asked.now
	*s = Search{
		view: v, language: in, question: asked, query: q,
		matcher: matcher{view: v, hits: s.matcher.hits[:0], ranges: s.matcher.ranges[:0], block: s.matcher.block},
		now:     now, wall: wallMinutes(now), trustNow: trustAt(now), place: asked.place,
		compiler: compiler{vocabulary: in.vocabulary, ordinals: v.ordinals, tables: &v.tables, place: asked.place, now: now},
		chosen:   s.chosen[:0], picked: s.picked[:0], spareRanges: s.spareRanges, counts: s.counts, spareStems: s.spareStems,
	}
	for _, alternatives := range q.For {
		s.audiences = append(s.audiences, s.compiler.belongsTo(alternatives)...)
	}
}

// maxHits is how many hits a search may keep memory for when it is done.
const maxHits = 1 << 17

// done gives the memory of s back.
func (s *Search) done() {
	hits, block := s.matcher.hits[:0], s.matcher.block
	if cap(hits) > maxHits {
		hits = nil
	}
	if s.counts != nil {
		s.counts.filter = nil
	}
	if s.spareStems != nil {
		clear(s.spareStems.forms) // they hold the words of the question
	}
	chosen, picked, ranges := s.chosen[:0], s.picked[:0], s.matcher.ranges[:0]
	*s = Search{
		matcher: matcher{hits: hits, block: block, ranges: ranges}, chosen: chosen, picked: picked, spareRanges: s.spareRanges[:0], counts: s.counts,
		spareStems: s.spareStems,
	}
	searches.Put(s)
}

// find is find of a search that has begun.
func (s *Search) find(ctx context.Context) (err error) {
	if err := s.read(ctx); err != nil {
		return err
	}
	if s.matcher.filter, err = s.compiler.filter(s.query); err != nil {
		return err
	}
	var more bool
	if s.everything() {
		s.found, more = s.walk(s.question.after)
		s.matcher.total = s.view.live
	} else {
		s.matcher.terms, s.matcher.keep = s.termSets, true
		if len(s.query.Facets) > 0 {
			if s.counts == nil {
				s.counts = &counter{}
			}
			s.compiler.beginCounter(s.counts, s.query, s.matcher.filter)
			s.matcher.counter = s.counts
		}
		if err := s.matcher.run(ctx); err != nil {
			return err
		}
		s.found, more = s.page(s.question.after)
	}
	s.picked = s.found
	if s.matcher.counter != nil {
		s.counted = s.facets(s.matcher.counter)
	}
	if more {
		last := (&picker{view: s.view, titled: s.query.order() == SortTitle}).key(s.found[len(s.found)-1])
		s.next = cursor{Question: s.query.fingerprint(), At: s.now.UnixMilli(), After: last}.String()
	}
	return nil
}

// read reads the words of the question and looks them up, once.
func (s *Search) read(ctx context.Context) (err error) {
	if s.query.Words == "" {
		return nil
	}
	if s.words, s.wordsRead, err = (&resolver{s.view, s.language}).resolve(ctx, s.phrasing()); err != nil || s.words == nil {
		return err
	}
	s.termSets, err = newTermSets(s.view, s.words)
	return err
}

// count is how many listings match q, which is asked from the same place and
// in the same words, or from nowhere or without words.
func (s *Search) count(ctx context.Context, q Query) (n int, err error) {
	m := matcher{view: s.view, ranges: s.spareRanges[:0], block: s.matcher.block}
	if m.filter, err = s.compiler.filter(q); err != nil {
		return 0, err
	}
	if q.Words != "" {
		m.terms = s.termSets
	}
	err = m.run(ctx)
	s.spareRanges = m.ranges
	return m.total, err
}

// phrasing is what the words of the question say.
func (s *Search) phrasing() *phrasing {
	if s.phrased == nil {
		s.phrased = s.language.read(s.query.Words)
	}
	return s.phrased
}

// matches are the ids of all that matches, in no order that means anything.
func (s *Search) matches(ctx context.Context) ([]string, error) {
	if err := s.read(ctx); err != nil {
		return nil, err
	}
	var err error
	if s.matcher.filter, err = s.compiler.filter(s.query); err != nil {
		return nil, err
	}
	s.matcher.terms, s.matcher.keep = s.termSets, true
	if err := s.matcher.run(ctx); err != nil {
		return nil, err
	}
	all := make([]string, len(s.matcher.hits))
	for i, h := range s.matcher.hits {
		all[i] = s.view.id(h.doc)
	}
	return all, nil
}
