package match

import (
	"context"
	"sync"
	"time"

	"gather/directory"
	"gather/directory/gazetteer"
	"gather/search"
	"gather/search/calendar"
	"gather/search/language"
	"gather/search/segment"
)

// search is one search on its way. Its zero value is not ready for use: find
// makes one.
type Search struct {
	View     *segment.View
	Language *language.Interpreter
	Question *Question
	Query    search.Query // with the place that its words hold
	Matcher  matcher
	Compiler Compiler

	Now       time.Time
	Wall      int32   // now on the clocks of London
	trustNow  float32 // see trustAt
	Place     *directory.Location
	Audiences []string // asked for, and those they belong to

	WordsRead *search.WordsRead
	phrased   *language.Phrasing // see phrasing
	Words     *WordQuery         // nil: no words are asked for
	TermSets  *termSets          // of the reading
	stems     *stemTable         // of the reading, see theGlossary
	scores    map[int32]search.Score

	Found   []Ranked // the page
	Counted *search.Facets
	Next    string

	chosen, picked []Ranked   // memory
	spareRanges    []docRange // memory
	counts         *counter   // memory
	spareStems     *stemTable // memory
}

// Question is a query with its place and cursor resolved, before it is run.
type Question struct {
	Typed search.Query // as it came
	query search.Query // with the place that its words hold
	// Placed is that place, nil where the words hold none.
	Placed *language.PlaceInText
	// place is where it asks from, and placeRead how that was read; nil for
	// nowhere.
	place     *directory.Location
	PlaceRead *search.PlaceRead
	now       time.Time
	after     *search.Cursor // nil: the first page
}

// NewQuestion resolves the place and the cursor of q at now. The error is a *directory.Invalid when there
// is no such place or the cursor is not one of this question.
func NewQuestion(q search.Query, in *language.Interpreter, places *gazetteer.Gazetteer, now time.Time) (*Question, error) {
	asked := &Question{Typed: q, now: now}
	asked.query, asked.Placed = in.Locate(q)
	var err error
	if asked.after, err = search.ReadCursor(asked.query, now); err != nil {
		return asked, err
	}
	if asked.after != nil {
		asked.now = time.UnixMilli(asked.after.At).UTC()
	}
	asked.place, asked.PlaceRead, err = language.ReadPlace(asked.query, places)
	return asked, err
}

// searches are finished searches, kept for their memory.
var searches = sync.Pool{New: func() any { return new(Search) }}

// Find searches v for what answers the question, counts its facets, and picks a
// page. The caller calls done once the search is no longer needed. The error is
// a *directory.Invalid when the dates reach too far, or the context's.
func Find(ctx context.Context, v *segment.View, in *language.Interpreter, asked *Question) (*Search, error) {
	s := searches.Get().(*Search)
	s.Begin(v, in, asked)
	if err := s.find(ctx); err != nil {
		s.Done()
		return nil, err
	}
	return s, nil
}

// Begin makes s ready for a question.
func (s *Search) Begin(v *segment.View, in *language.Interpreter, asked *Question) {
	q, now := asked.query, asked.now
	*s = Search{
		View: v, Language: in, Question: asked, Query: q,
		Matcher: matcher{view: v, hits: s.Matcher.hits[:0], ranges: s.Matcher.ranges[:0], block: s.Matcher.block},
		Now:     now, Wall: calendar.WallMinutes(now), trustNow: segment.TrustAt(now), Place: asked.place,
		Compiler: Compiler{Vocabulary: in.Vocabulary(), Ordinals: v.Ordinals, tables: &v.Tables, Place: asked.place, Now: now},
		chosen:   s.chosen[:0], picked: s.picked[:0], spareRanges: s.spareRanges, counts: s.counts, spareStems: s.spareStems,
	}
	for _, alternatives := range q.For {
		s.Audiences = append(s.Audiences, s.Compiler.BelongsTo(alternatives)...)
	}
}

// maxHits is how many hits a finished search keeps memory for.
const maxHits = 1 << 17

// Done lets another search take over the memory of s.
func (s *Search) Done() {
	hits, block := s.Matcher.hits[:0], s.Matcher.block
	if cap(hits) > maxHits {
		hits = nil
	}
	if s.counts != nil {
		s.counts.filter = nil
	}
	if s.spareStems != nil {
		clear(s.spareStems.Forms) // they hold the words of the question
	}
	chosen, picked, ranges := s.chosen[:0], s.picked[:0], s.Matcher.ranges[:0]
	*s = Search{
		Matcher: matcher{hits: hits, block: block, ranges: ranges}, chosen: chosen, picked: picked, spareRanges: s.spareRanges[:0], counts: s.counts,
		spareStems: s.spareStems,
	}
	searches.Put(s)
}

// find is Find of a search that has begun.
func (s *Search) find(ctx context.Context) (err error) {
	if err := s.read(ctx); err != nil {
		return err
	}
	if s.Matcher.filter, err = s.Compiler.filter(s.Query); err != nil {
		return err
	}
	var more bool
	if s.everything() {
		s.Found, more = s.walk(s.Question.after)
		s.Matcher.Total = s.View.Live
	} else {
		s.Matcher.terms, s.Matcher.keep = s.TermSets, true
		if len(s.Query.Facets) > 0 {
			if s.counts == nil {
				s.counts = &counter{}
			}
			s.Compiler.beginCounter(s.counts, s.Query, s.Matcher.filter)
			s.Matcher.counter = s.counts
		}
		if err := s.Matcher.run(ctx); err != nil {
			return err
		}
		s.Found, more = s.page(s.Question.after)
	}
	s.picked = s.Found
	if s.Matcher.counter != nil {
		s.Counted = s.facets(s.Matcher.counter)
	}
	if more {
		s.Next = s.nextCursor().String()
	}
	return nil
}

// read resolves the words of the query and looks up their postings.
func (s *Search) read(ctx context.Context) (err error) {
	if s.Query.Words == "" {
		return nil
	}
	if s.Words, s.WordsRead, err = Resolve(ctx, s.View, s.Language, s.Phrasing()); err != nil || s.Words == nil {
		return err
	}
	s.TermSets, err = newTermSets(s.View, s.Words)
	if err == nil && s.pastShown() {
		s.TermSets.ignoreRarity(s.Words)
	}
	return err
}

// Count is how many listings match q, which is asked from the same place and
// in the same words, or from nowhere or without words.
func (s *Search) Count(ctx context.Context, q search.Query) (n int, err error) {
	m := matcher{view: s.View, ranges: s.spareRanges[:0], block: s.Matcher.block}
	if m.filter, err = s.Compiler.filter(q); err != nil {
		return 0, err
	}
	if q.Words != "" {
		m.terms = s.TermSets
	}
	err = m.run(ctx)
	s.spareRanges = m.ranges
	return m.Total, err
}

// Phrasing is the analysis of the words of the query.
func (s *Search) Phrasing() *language.Phrasing {
	if s.phrased == nil {
		s.phrased = s.Language.Read(s.Query.Words)
	}
	return s.phrased
}

// Matches are the ids of all that matches, unsorted.
func (s *Search) Matches(ctx context.Context) ([]string, error) {
	if err := s.read(ctx); err != nil {
		return nil, err
	}
	var err error
	if s.Matcher.filter, err = s.Compiler.filter(s.Query); err != nil {
		return nil, err
	}
	s.Matcher.terms, s.Matcher.keep = s.TermSets, true
	if err := s.Matcher.run(ctx); err != nil {
		return nil, err
	}
	all := make([]string, len(s.Matcher.hits))
	for i, h := range s.Matcher.hits {
		all[i] = s.View.ID(h.doc)
	}
	return all, nil
}
