package search

import (
	"context"
	"fmt"
	"time"

	"gather/directory"
)

// Search answers q from the newest state of the index, or fails with a
// *directory.Invalid when there is no such place, the dates reach too far, or
// the cursor is not one of this question; with ErrClosed; or with the
// context's error. It does not wait for q.AfterChange: WaitFor does.
func (x *Index) Search(ctx context.Context, q Query) (Answer, error) {
	now := x.now().UTC().Truncate(time.Millisecond)
	asked := q
	q, placed := x.maker.interpreter.located(q)
	cursor, err := readCursor(q, now)
	if err != nil {
		return Answer{}, err
	}
	if cursor != nil {
		now = time.UnixMilli(cursor.At).UTC()
	}
	place, read, err := readPlace(q, x.maker.places)
	if err != nil {
		return Answer{}, err
	}
	v, err := x.acquire()
	if err != nil {
		return Answer{}, err
	}
	defer x.release(v)
	s := &searching{
		view: v, query: q, now: now, wall: wallMinutes(now), place: place, placeRead: read, asked: asked, placed: placed,
		compiler: compiler{vocabulary: x.words, orders: v.orders, tables: &v.tables, place: place, now: now},
	}
	for _, any := range q.For {
		s.audiences = append(s.audiences, s.compiler.belongsTo(any)...)
	}
	a, err := s.answer(ctx, cursor)
	if err != nil {
		return Answer{}, fmt.Errorf("search: %w", err)
	}
	return a, nil
}

// searching is one search on its way.
type searching struct {
	*view
	compiler  compiler
	asked     Query // as it came
	query     Query // with the place that its words hold
	placed    *placeSaid
	now       time.Time
	wall      int32 // now on the clocks of London
	place     *directory.Location
	placeRead *PlaceRead
	audiences []string // asked for, and those they belong to

	words   *WordsRead
	said    *phrasing // see phrasing
	reading *reading  // nil: no words are asked for
	sets    *wordSets // of the reading
	lexicon *lexicon  // of the reading, see theLexicon
	matcher *matcher  // of the question
	hits    []hit     // in the order of slots, those of the tail last
	// bestWords is the highest of the scores of words among the hits.
	bestWords float32
	trusts    map[uint8][]float32 // see trustOf
	test      sessionTest         // the first one that the question asks for
}

func (s *searching) answer(ctx context.Context, after *cursor) (Answer, error) {
	a := Answer{Items: []Item{}, AsOf: AsOf{Change: s.cursor, Time: s.now}}
	if err := s.read(ctx); err != nil {
		return Answer{}, err
	}
	counts, best, more, err := s.find(ctx, after)
	if err != nil {
		return Answer{}, err
	}
	if a.Total = len(s.hits); s.everything() {
		a.Total = s.live
	}
	a.Interpreted = s.interpreted()
	if len(s.query.Facets) > 0 {
		a.Facets = s.facets(counts)
	}
	for _, r := range best {
		it, err := s.item(r)
		if err != nil {
			return Answer{}, err
		}
		a.Items = append(a.Items, it)
	}
	if more {
		a.Next = cursor{Question: s.query.fingerprint(), At: s.now.UnixMilli(), After: best[len(best)-1].key}.String()
	}
	if a.Unstated, err = s.unstated(ctx, a.Total); err != nil {
		return Answer{}, err
	}
	if a.Total < fewMatches && after == nil {
		if a.Rescue, err = s.rescue(ctx, a.Total); err != nil {
			return Answer{}, err
		}
	}
	return a, ctx.Err()
}

// find finds what answers the question, counts its facets, and picks a page.
func (s *searching) find(ctx context.Context, after *cursor) (counts *counter, best []ranked, more bool, err error) {
	if s.everything() {
		s.matcher = &matcher{view: s.view}
		if s.matcher.filter, err = s.compiler.filter(s.query); err != nil {
			return nil, nil, false, err
		}
		best, more = s.walk(after)
		return nil, best, more, nil
	}
	if counts, err = s.match(ctx); err != nil {
		return nil, nil, false, err
	}
	best, more = s.page(after)
	return counts, best, more, nil
}

// read reads the words of the question and looks them up, once.
func (s *searching) read(ctx context.Context) (err error) {
	if s.query.Words == "" {
		return nil
	}
	if s.reading, s.words, err = s.resolve(ctx, s.phrasing()); err != nil || s.reading == nil {
		return err
	}
	s.sets, err = s.wordSets(s.reading)
	return err
}

// match finds what answers the question, and counts its facets.
func (s *searching) match(ctx context.Context) (*counter, error) {
	f, err := s.compiler.filter(s.query)
	if err != nil {
		return nil, err
	}
	if len(f.tests) > 0 {
		s.test = f.tests[0]
	}
	m := &matcher{view: s.view, filter: f, words: s.sets}
	s.matcher = m
	var counts *counter
	if len(s.query.Facets) > 0 {
		counts, m.spare = s.compiler.newCounter(s.query, f)
	}
	m.found = func(c *columns, i int, slot int32, fails uint32) {
		if fails == 0 {
			s.hits = append(s.hits, hit{slot: slot})
		}
		if counts != nil {
			counts.count(c, i, fails)
		}
	}
	return counts, m.run(ctx)
}

// count is how many listings match q, which is asked from the same place and
// in the same words, or from nowhere or without words.
func (s *searching) count(ctx context.Context, q Query) (n int, err error) {
	m := &matcher{view: s.view, found: func(*columns, int, int32, uint32) { n++ }}
	if m.filter, err = s.compiler.filter(q); err != nil {
		return 0, err
	}
	if q.Words != "" {
		m.words = s.sets
	}
	return n, m.run(ctx)
}

// unstated counts what would match if what is not stated of access were yes.
func (s *searching) unstated(ctx context.Context, total int) (*Unstated, error) {
	if len(s.query.Access) == 0 || s.query.AccessUnknown {
		return nil, nil
	}
	q := s.query
	q.AccessUnknown, q.Cursor = true, ""
	n, err := s.count(ctx, q)
	if err != nil || n == total {
		return nil, err
	}
	return &Unstated{Count: n - total, Query: q.String()}, nil
}
