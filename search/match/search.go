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

// Search is one search on its way: New makes it, and Find runs it.
type Search struct {
	View     *segment.View
	Language *language.Interpreter
	Query    search.Query // with the place that its words hold
	Matcher  matcher
	Compiler Compiler

	// Placed is the place that the words hold, nil where they hold none, and typed
	// are the words with it.
	Placed *language.PlaceInText
	typed  string
	// Place is where it is asked from, and PlaceRead how that was read; nil for
	// nowhere.
	Place     *directory.Location
	PlaceRead *search.PlaceRead
	after     *search.Cursor // nil: the first page

	Now       time.Time
	Wall      int32    // now on the clocks of London
	trustNow  float32  // see trustAt
	Audiences []string // asked for, and those they belong to

	WordsRead *search.WordsRead
	phrased   *language.Phrasing // see phrasing
	Words     *WordQuery         // nil: no words are asked for
	TermSets  *termSets          // of the reading
	stems     *stemTable         // of the reading, see StemTable
	scores    map[int32]search.Score

	Found   []Ranked // the page
	Counted *search.Facets
	Next    string

	memory memory
}

// memory is what the next search takes over from a finished one.
type memory struct {
	chosen, picked []Ranked
	spareRanges    []docRange
	counts         *counter
	stems          *stemTable
}

// searches are finished searches, kept for their memory. All else in them is
// zero.
var searches = sync.Pool{New: func() any { return new(Search) }}

// New is a search for what q asks at now, with its place and its cursor resolved.
// The caller calls Done once it is no longer needed. The error is a
// *directory.Invalid when there is no such place or the cursor is not one of this
// question.
func New(q *search.Query, in *language.Interpreter, places *gazetteer.Gazetteer, now time.Time) (*Search, error) {
	s := searches.Get().(*Search)
	s.Query, s.Language, s.Now, s.typed = *q, in, now, q.Words
	if err := s.resolve(places); err != nil {
		s.Done()
		return nil, err
	}
	return s, nil
}

// resolve finds the place that is asked from, and where the page begins.
func (s *Search) resolve(places *gazetteer.Gazetteer) (err error) {
	s.Placed = s.Language.Locate(&s.Query)
	if s.after, err = search.ReadCursor(&s.Query, s.Now); err != nil {
		return err
	}
	if s.after != nil {
		s.Now = time.UnixMilli(s.after.At).UTC()
	}
	s.Place, s.PlaceRead, err = language.ReadPlace(&s.Query, places)
	return err
}

// Literally is the first page of what was asked, its words taken as they are.
func (s *Search) Literally() search.Query {
	q := s.Query
	if s.Placed != nil {
		q.Words, q.Near = s.typed, ""
	}
	q.Literal, q.Cursor = true, ""
	return q
}

// Find searches v for what answers the query, counts its facets, and picks a
// page. The error is a *directory.Invalid when the dates reach too far, or the
// context's.
func (s *Search) Find(ctx context.Context, v *segment.View) error {
	s.begin(v)
	return s.find(ctx)
}

// begin makes s ready to search v.
func (s *Search) begin(v *segment.View) {
	s.View, s.Matcher.view = v, v
	s.Wall, s.trustNow = calendar.WallMinutes(s.Now), segment.TrustAt(s.Now)
	s.Compiler = Compiler{Vocabulary: s.Language.Vocabulary(), Ordinals: v.Ordinals, tables: &v.Tables, Place: s.Place, Now: s.Now}
	for _, alternatives := range s.Query.For {
		s.Audiences = append(s.Audiences, s.Compiler.BelongsTo(alternatives)...)
	}
}

// maxHits is how many hits a finished search keeps memory for.
const maxHits = 1 << 17

// Done lets another search take over the memory of s.
func (s *Search) Done() {
	hits, ranges, block := s.Matcher.hits[:0], s.Matcher.ranges[:0], s.Matcher.block
	if cap(hits) > maxHits {
		hits = nil
	}
	kept := s.memory
	if kept.counts != nil {
		kept.counts.filter = nil
	}
	if kept.stems != nil {
		clear(kept.stems.Forms) // they hold the words of the question
	}
	*s = Search{}
	s.memory, s.Matcher.hits, s.Matcher.ranges, s.Matcher.block = kept, hits, ranges, block
	searches.Put(s)
}

// find is Find of a search that is ready.
func (s *Search) find(ctx context.Context) (err error) {
	if err := s.read(ctx); err != nil {
		return err
	}
	if s.Matcher.filter, err = s.Compiler.filter(&s.Query); err != nil {
		return err
	}
	var more bool
	if s.everything() {
		s.Found, more = s.walk(s.after)
		s.Matcher.Total = s.View.Live
	} else {
		s.Matcher.terms, s.Matcher.keep = s.TermSets, true
		if len(s.Query.Facets) > 0 {
			if s.memory.counts == nil {
				s.memory.counts = &counter{}
			}
			s.Compiler.beginCounter(s.memory.counts, &s.Query, s.Matcher.filter)
			s.Matcher.counter = s.memory.counts
		}
		if err := s.Matcher.run(ctx); err != nil {
			return err
		}
		s.Found, more = s.page(s.after)
	}
	s.memory.picked = s.Found
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
func (s *Search) Count(ctx context.Context, q *search.Query) (n int, err error) {
	m := matcher{view: s.View, ranges: s.memory.spareRanges[:0], block: s.Matcher.block}
	if m.filter, err = s.Compiler.filter(q); err != nil {
		return 0, err
	}
	if q.Words != "" {
		m.terms = s.TermSets
	}
	err = m.run(ctx)
	s.memory.spareRanges = m.ranges
	return m.Total, err
}

// Phrasing is the analysis of the words of the query.
func (s *Search) Phrasing() *language.Phrasing {
	if s.phrased == nil {
		s.phrased = s.Language.Read(s.Query.Words)
	}
	return s.phrased
}

// Matches are the ids of all in v that matches, unsorted.
func (s *Search) Matches(ctx context.Context, v *segment.View) ([]string, error) {
	s.begin(v)
	if err := s.read(ctx); err != nil {
		return nil, err
	}
	var err error
	if s.Matcher.filter, err = s.Compiler.filter(&s.Query); err != nil {
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
