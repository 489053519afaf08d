package search

import (
	"context"
	"fmt"
	"sync"
	"time"

	"gather/directory"
)

// Search answers q from the newest state of the index, or fails with a
// *directory.Invalid when there is no such place, the dates reach too far, or
// the cursor is not one of this question; with ErrClosed; or with the
// context's error. It does not wait for q.AfterChange: WaitFor does.
func (x *Index) Search(ctx context.Context, q Query) (a Answer, err error) {
	err = x.ask(ctx, q, func(s *search_) error {
		a, err = s.answer(ctx)
		return err
	})
	if err != nil {
		return Answer{}, err
	}
	return a, nil
}

// Found is what a Query finds, without what is told of it.
type Found struct {
	// Total is how many listings match, on all pages.
	Total int
	// IDs are the listings of this page, in the order asked for.
	IDs []string
	// Facets are the counts asked for, nil when none were.
	Facets *Facets
	// Next is the cursor of the page after this one; empty on the last.
	Next string
}

// Find is Search without what is told of the listings: which they are, how
// many, and the counts. It fails as Search does.
func (x *Index) Find(ctx context.Context, q Query) (f Found, err error) {
	err = x.ask(ctx, q, func(s *search_) error {
		f.Total, f.Facets, f.Next = s.matcher.total, s.counted, s.next
		f.IDs = s.matcher.view.ids(s.found)
		return nil
	})
	if err != nil {
		return Found{}, err
	}
	return f, nil
}

// searches are searches that are done with, for their memory.
var searches = sync.Pool{New: func() any { return new(search_) }}

// ask finds what answers q and calls tell with it, for as long as it takes.
func (x *Index) ask(ctx context.Context, q Query, tell func(*search_) error) error {
	now := x.now().UTC().Truncate(time.Millisecond)
	asked := q
	q, placed := x.encoder.interpreter.located(q)
	after, err := readCursor(q, now)
	if err != nil {
		return err
	}
	if after != nil {
		now = time.UnixMilli(after.At).UTC()
	}
	place, read, err := readPlace(q, x.encoder.places)
	if err != nil {
		return err
	}
	v, err := x.acquire()
	if err != nil {
		return err
	}
	defer x.release(v)
	s := searches.Get().(*search_)
	defer s.done()
	s.begin(v, q, now, place, read)
	s.asked, s.placed = asked, placed
	if err := s.find(ctx, after); err != nil {
		return fmt.Errorf("search: %w", err)
	}
	if err := tell(s); err != nil {
		return fmt.Errorf("search: %w", err)
	}
	return ctx.Err()
}

// search_ is one search on its way.
type search_ struct {
	matcher   matcher
	compiler  compiler
	asked     Query // as it came
	query     Query // with the place that its words hold
	placed    *placeInText
	now       time.Time
	wall      int32   // now on the clocks of London
	trustNow  float32 // see trustAt
	place     *directory.Location
	placeRead *PlaceRead
	audiences []string // asked for, and those they belong to
	later     bool     // a page after the first is asked for

	wordsRead *WordsRead
	phrasing_ *phrasing  // see phrasing
	reading   *wordQuery // nil: no words are asked for
	sets      *termSets  // of the reading
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

// begin makes s ready for a question.
func (s *search_) begin(v *view, q Query, now time.Time, place *directory.Location, read *PlaceRead) {
	*s = search_{
		matcher: matcher{view: v, hits: s.matcher.hits[:0], ranges: s.matcher.ranges[:0], block: s.matcher.block},
		query:   q, now: now, wall: wallMinutes(now), trustNow: trustAt(now), place: place, placeRead: read, later: q.Cursor != "",
		compiler: compiler{vocabulary: v.vocabulary, orders: v.ordinals, tables: &v.tables, place: place, now: now},
		chosen:   s.chosen[:0], picked: s.picked[:0], spareRanges: s.spareRanges, counts: s.counts, spareStems: s.spareStems,
	}
	for _, alternatives := range q.For {
		s.audiences = append(s.audiences, s.compiler.belongsTo(alternatives)...)
	}
}

// mostHits is how many hits a search may keep memory for when it is done.
const mostHits = 1 << 17

func (s *search_) done() {
	hits, pane := s.matcher.hits[:0], s.matcher.block
	if cap(hits) > mostHits {
		hits = nil
	}
	if s.counts != nil {
		s.counts.filter = nil
	}
	if s.spareStems != nil {
		clear(s.spareStems.forms) // they hold the words of the question
	}
	chosen, picked, stretches := s.chosen[:0], s.picked[:0], s.matcher.ranges[:0]
	*s = search_{
		matcher: matcher{hits: hits, block: pane, ranges: stretches}, chosen: chosen, picked: picked, spareRanges: s.spareRanges[:0], counts: s.counts,
		spareStems: s.spareStems,
	}
	searches.Put(s)
}

// answer tells what was found.
func (s *search_) answer(ctx context.Context) (Answer, error) {
	a := Answer{
		Total: s.matcher.total, Items: make([]Item, 0, len(s.found)), Next: s.next, Facets: s.counted, Interpreted: s.interpreted(),
		Unstated: s.unstatedMore(), AsOf: AsOf{Change: s.matcher.view.cursor, Time: s.now},
	}
	for _, r := range s.found {
		it, err := s.item(r)
		if err != nil {
			return Answer{}, err
		}
		a.Items = append(a.Items, it)
	}
	var err error
	a.Rescue, err = s.rescue(ctx)
	return a, err
}

// find finds what answers the question, counts its facets, and picks a page.
func (s *search_) find(ctx context.Context, after *cursor) (err error) {
	if err := s.read(ctx); err != nil {
		return err
	}
	if s.matcher.filter, err = s.compiler.filter(s.query); err != nil {
		return err
	}
	var more bool
	if s.everything() {
		s.found, more = s.walk(after)
		s.matcher.total = s.matcher.view.live
	} else {
		s.matcher.terms, s.matcher.keep = s.sets, true
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
		s.found, more = s.page(after)
	}
	s.picked = s.found
	if s.matcher.counter != nil {
		s.counted = s.facets(s.matcher.counter)
	}
	if more {
		last := (&picker{view: s.matcher.view, titled: s.query.order() == SortTitle}).key(s.found[len(s.found)-1])
		s.next = cursor{Question: s.query.fingerprint(), At: s.now.UnixMilli(), After: last}.String()
	}
	return nil
}

// read reads the words of the question and looks them up, once.
func (s *search_) read(ctx context.Context) (err error) {
	if s.query.Words == "" {
		return nil
	}
	if s.reading, s.wordsRead, err = s.matcher.view.resolve(ctx, s.phrasing()); err != nil || s.reading == nil {
		return err
	}
	s.sets, err = s.matcher.view.newTermSets(s.reading)
	return err
}

// count is how many listings match q, which is asked from the same place and
// in the same words, or from nowhere or without words.
func (s *search_) count(ctx context.Context, q Query) (n int, err error) {
	m := matcher{view: s.matcher.view, ranges: s.spareRanges[:0], block: s.matcher.block}
	if m.filter, err = s.compiler.filter(q); err != nil {
		return 0, err
	}
	if q.Words != "" {
		m.terms = s.sets
	}
	err = m.run(ctx)
	s.spareRanges = m.ranges
	return m.total, err
}

// unstatedMore counts what would match if what is not stated of access were
// yes.
func (s *search_) unstatedMore() *Unstated {
	if s.matcher.unstated == 0 {
		return nil
	}
	q := s.query
	q.AccessUnknown, q.Cursor = true, ""
	return &Unstated{Count: s.matcher.unstated, Query: q.String()}
}
