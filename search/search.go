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
		matcher: v.matcher(), query: q, now: now, wall: wallMinutes(now), place: place, placeRead: read,
		compiler: compiler{vocabulary: x.words, place: place, now: now},
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
	*matcher
	compiler  compiler
	query     Query
	now       time.Time
	wall      int32 // now on the clocks of London
	place     *directory.Location
	placeRead *PlaceRead
	audiences []string // asked for, and those they belong to

	words  *WordsRead
	scores []float32 // by document number; nil without words
	found  match
	// bestWords is the highest of the scores among what was found.
	bestWords float32
}

func (s *searching) answer(ctx context.Context, after *cursor) (Answer, error) {
	if err := s.match(ctx); err != nil {
		return Answer{}, err
	}
	a := Answer{
		Total: s.found.all.count(), Items: []Item{}, Interpreted: s.interpreted(),
		AsOf: AsOf{Change: s.cursor, Time: s.now},
	}
	var err error
	best, more := s.page(after)
	for _, r := range best {
		a.Items = append(a.Items, s.item(r))
	}
	if more {
		a.Next = cursor{Question: s.query.fingerprint(), At: s.now.UnixMilli(), After: best[len(best)-1].key}.String()
	}
	if len(s.query.Facets) > 0 {
		if a.Facets, err = s.facets(ctx); err != nil {
			return Answer{}, err
		}
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

// match finds what answers the question.
func (s *searching) match(ctx context.Context) error {
	clauses, err := s.clauses(ctx, s.query)
	if err != nil {
		return err
	}
	if s.found, err = s.evaluate(ctx, clauses); err != nil || s.scores == nil {
		return err
	}
	s.found.all.each(func(doc int) { s.bestWords = max(s.bestWords, s.scores[doc]) })
	return nil
}

// clauses are the clauses of q, the words among them. The words are read and
// scored once; a wider question has the same or none.
func (s *searching) clauses(ctx context.Context, q Query) ([]clause, error) {
	filters, err := s.compiler.filters(q)
	if err != nil || q.Words == "" {
		return filters, err
	}
	key := "words"
	if s.words == nil {
		reader := wordReader{english: s.analyser(analyserEnglish), plain: s.analyser(analyserPlain), reader: s.reader}
		any, read, err := reader.read(ctx, q.Words)
		if err != nil {
			return nil, err
		}
		s.words = read
		if any != nil {
			docs, scores, err := s.scored(ctx, any)
			if err != nil {
				return nil, err
			}
			s.known[key], s.scores = docs, scores
		}
	}
	if s.scores == nil {
		return filters, nil
	}
	return append(filters, clause{of: "q", key: key}), nil
}

// count is how many listings match q, which is asked from the same place.
func (s *searching) count(ctx context.Context, q Query) (int, error) {
	clauses, err := s.clauses(ctx, q)
	if err != nil {
		return 0, err
	}
	found, err := s.evaluate(ctx, clauses)
	return found.all.count(), err
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
