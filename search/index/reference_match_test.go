package index

import (
	"context"
	"errors"
	"fmt"
	"math/bits"
	"slices"
	"strconv"
	"strings"
	"time"

	bsearch "github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/query"

	"gather/directory"
	"gather/search"
	"gather/search/calendar"
	"gather/search/language"
	"gather/search/match"
	"gather/search/segment"
)

// clockOf is the time of day of w, in minutes since midnight.
func clockOf(w int32) int { return int(w % calendar.DayMinutes) }

// referenceSearch is one search of the reference.
type referenceSearch struct {
	*referenceMatcher
	compiler referenceCompiler
	query    search.Query
	now      time.Time
	found    clauseMatch
}

func (s *referenceSearch) say(english, welsh string) string {
	return s.query.Say(english, welsh)
}

// Answer answers q at now as the reference finds it, with its words read as x
// reads them: the ids in order, and the facets.
func (r *Reference) Answer(ctx context.Context, x *Index, q search.Query, now time.Time) ([]string, *search.Facets, error) {
	x.language.Locate(&q)
	place, _, err := language.ReadPlace(&q, r.maker.Places)
	if err != nil {
		return nil, nil, err
	}
	v, err := x.acquire()
	if err != nil {
		return nil, nil, err
	}
	defer x.release(v)
	s := &referenceSearch{
		referenceMatcher: r.matcher(), query: q, now: now,
		compiler: referenceCompiler{match.Compiler{Vocabulary: r.maker.Vocabulary, Ordinals: r.orders, Place: place, Now: now}},
	}
	clauses, err := s.compiler.filters(q)
	if err != nil {
		return nil, nil, err
	}
	if q.Words != "" {
		read, _, err := match.Resolve(ctx, v.view, x.language, x.language.Read(q.Words))
		if err != nil {
			return nil, nil, err
		}
		if read != nil {
			clauses = append(clauses, clause{of: "q", key: "words", sure: wordsQuery(read)})
		}
	}
	if s.found, err = s.evaluate(ctx, clauses); err != nil {
		return nil, nil, err
	}
	var ids []string
	s.found.all.each(func(doc int) { ids = append(ids, s.slots[doc].ID) })
	slices.Sort(ids)
	f, err := s.facets(ctx)
	return ids, f, err
}

// wordsQuery looks for any of the words, in any part.
func wordsQuery(r *match.WordQuery) query.Query {
	alternatives := []query.Query{query.NewMatchNoneQuery()}
	for _, word := range r.Words {
		for _, f := range word.Forms {
			alternatives = append(alternatives, formQuery(f))
		}
	}
	wanted := query.Query(query.NewDisjunctionQuery(alternatives))
	if len(r.Words) == 0 && len(r.Unwanted) > 0 {
		wanted = query.NewMatchAllQuery()
	}
	q := query.NewBooleanQuery(nil, nil, nil)
	q.AddMust(wanted)
	for _, f := range r.Unwanted {
		it := query.NewBooleanQuery(nil, nil, nil)
		it.AddMust(query.NewDisjunctionQuery([]query.Query{allIn(f, language.PartTitle), allIn(f, language.PartLabels, language.PartOthers)}))
		it.AddMustNot(term(partField(language.PartTitle), language.NonStem))
		q.AddMustNot(it)
	}
	return q
}

// allIn looks for all stems of f in some parts.
func allIn(f language.Form, in ...language.Part) query.Query {
	var all []query.Query
	for _, stem := range f.Stems {
		var parts []query.Query
		for _, p := range in {
			parts = append(parts, term(partField(p), stem))
		}
		all = append(all, query.NewDisjunctionQuery(parts))
	}
	return query.NewConjunctionQuery(all)
}

func formQuery(f language.Form) query.Query {
	var all []query.Query
	for _, stem := range f.Stems {
		var parts []query.Query
		for p := language.PartTitle; p < language.PartEnd; p++ {
			parts = append(parts, term(partField(p), stem))
		}
		all = append(all, query.NewDisjunctionQuery(parts))
	}
	return query.NewConjunctionQuery(all)
}

// set is a set of document numbers of one snapshot.
type set []uint64

func newSet(n int) set { return make(set, (n+63)/64) }

func (s set) add(i int)      { s[i/64] |= 1 << (i % 64) }
func (s set) has(i int) bool { return s[i/64]&(1<<(i%64)) != 0 }

// and keeps what is in o too. Both are of the same snapshot.
func (s set) and(o set) {
	for i := range s {
		s[i] &= o[i]
	}
}

func (s set) clone() set { return append(set(nil), s...) }

func (s set) count() int {
	n := 0
	for _, w := range s {
		n += bits.OnesCount64(w)
	}
	return n
}

// countAnd is how many are in both.
func (s set) countAnd(o set) int {
	n := 0
	for i, w := range s {
		n += bits.OnesCount64(w & o[i])
	}
	return n
}

// each calls do for every number in s, smallest first.
func (s set) each(do func(int)) {
	for i, w := range s {
		for ; w != 0; w &= w - 1 {
			do(i*64 + bits.TrailingZeros64(w))
		}
	}
}

// clause is one condition of a question: what Bleve finds for sure, and what it
// finds that a closer look must confirm, because Bleve cannot be exact.
type clause struct {
	of    string // the parameter it comes from, which a facet may leave out
	key   string // the condition in words: equal keys mean equal conditions
	sure  query.Query
	maybe query.Query
	keep  func(*referenceFacts) bool
	// steady is true where the answer depends on neither place nor time, so
	// that it holds for as long as the index does not change.
	steady bool
}

// referenceCompiler turns questions into clauses.
type referenceCompiler struct{ match.Compiler }

// filters are the clauses of q, its words aside. All must hold.
func (c referenceCompiler) filters(q search.Query) ([]clause, error) {
	cs := c.reach(q)
	for _, alternatives := range q.Interest {
		cs = append(cs, anyTerm("interest", fieldInterest, alternatives))
	}
	for _, alternatives := range q.Access {
		cs = append(cs, access(alternatives, q.AccessUnknown))
	}
	for _, alternatives := range q.FirstVisit {
		cs = append(cs, anyTerm("first_visit", fieldFirst, alternatives))
	}
	for _, of := range search.Choices {
		if of.Stated == nil {
			continue
		}
		for _, alternatives := range *of.Of(&q) {
			cs = append(cs, anyTerm(of.Name, fieldChoice+of.Name, alternatives))
		}
	}
	for _, alternatives := range q.For {
		cs = append(cs, anyTerm("for", fieldAudience, append(c.BelongsTo(alternatives), segment.TermOpen)))
	}
	for _, alternatives := range q.Language {
		if slices.Contains(alternatives, "en") { // where no language is stated, it is English
			alternatives = append(slices.Clone(alternatives), termUnstated)
		}
		cs = append(cs, anyTerm("language", fieldLanguage, alternatives))
	}
	for _, alternatives := range q.Delivery {
		cs = append(cs, anyTerm("delivery", fieldDelivery, alternatives))
	}
	if q.PlacesNow {
		cs = append(cs, anyTerm("places", fieldPlaces, search.AnyOf{"open", "few"}))
	}
	if q.Group != "" {
		cs = append(cs, anyTerm("group", fieldGroup, search.AnyOf{q.Group}))
	}
	cs = append(cs, c.numbers(q)...)
	when, err := c.sessionClauses(q)
	return append(cs, when...), err
}

// numbers are the clauses about ages, prices and other numbers.
func (c referenceCompiler) numbers(q search.Query) []clause {
	var cs []clause
	add := func(of, field string, least, most *float64) {
		yes := true
		r := query.NewNumericRangeInclusiveQuery(least, most, &yes, &yes)
		r.SetField(field)
		cs = append(cs, clause{of: of, key: of + bound(field, ">=", least) + bound(field, "<=", most), sure: r, steady: of != "checked"})
	}
	number := func(f float64) *float64 { return &f }
	if q.Age != nil {
		add("age", fieldMinAge, nil, number(float64(*q.Age)))
		add("age", fieldMaxAge, number(float64(*q.Age)), nil)
	}
	if q.Cost != nil {
		add("cost", fieldPounds, nil, number(q.Cost.Most))
	}
	if q.GroupMax > 0 {
		add("group_max", fieldGroupSize, nil, number(float64(q.GroupMax)))
	}
	if q.CheckedMonths > 0 {
		add("checked", fieldChecked, number(float64(c.Now.AddDate(0, -q.CheckedMonths, 0).Unix())), nil)
	}
	return cs
}

func bound(field, sign string, f *float64) string {
	if f == nil {
		return ""
	}
	return " " + field + sign + search.Number(*f)
}

// anyTerm holds of listings that have one of the terms in a field.
func anyTerm(of, field string, alternatives search.AnyOf) clause {
	return clause{of: of, key: of + "=" + strings.Join(alternatives, ","), sure: oneOf(field, alternatives), steady: true}
}

func oneOf(field string, alternatives []string) query.Query {
	queries := make([]query.Query, len(alternatives))
	for i, value := range alternatives {
		queries[i] = term(field, value)
	}
	return query.NewDisjunctionQuery(queries)
}

// access holds of listings that say yes to one of the features; with unknown,
// also of those that do not say no to all of them.
func access(alternatives search.AnyOf, unknown bool) clause {
	if !unknown {
		return anyTerm("access", fieldAccessYes, alternatives)
	}
	no := make([]query.Query, len(alternatives))
	for i, id := range alternatives {
		no[i] = term(fieldAccessNo, id)
	}
	not := query.NewBooleanQuery(nil, nil, nil)
	not.AddMust(query.NewMatchAllQuery())
	not.AddMustNot(query.NewConjunctionQuery(no))
	return clause{of: "access", key: "access not no=" + strings.Join(alternatives, ","), sure: not, steady: true}
}

// reach holds of what somebody at the place of q can take part in: a venue
// within the distance or box, or online, by phone or at home; in each case
// inside its catchment, if it has one. A box asks for venues only, and without
// a place everything can be reached.
func (c referenceCompiler) reach(q search.Query) []clause {
	var cs []clause
	if b := q.Box; b != nil {
		within := query.NewGeoBoundingBoxQuery(b.West-edge, b.North+edge, b.East+edge, b.South-edge)
		within.SetField(fieldAt)
		cs = append(cs, clause{of: "bbox", key: "bbox=" + q.Values().Get("bbox"), maybe: within,
			keep: func(f *referenceFacts) bool { return b.Contains(f.At) }})
	}
	if c.Place == nil {
		return cs
	}
	here := c.Place.Position
	cs = append(cs, c.lives(here))
	if q.Box != nil {
		return cs
	}
	cs = append(cs, c.near(q, "near", segment.AllWays))
	if ways := slices.Concat(q.Delivery...); len(ways) > 0 {
		// Who asks for a venue wants one near, not one far away that is
		// online too.
		cs = append(cs, c.near(q, "delivery", ways))
	}
	return cs
}

// near holds of what can be reached in one of the ways: a venue within the
// distance or somewhere in an area that holds the place, or anything that comes
// to the person.
func (c referenceCompiler) near(q search.Query, of string, ways search.AnyOf) clause {
	here, miles := c.Place.Position, q.Miles()
	near := clause{of: of, key: "within " + search.Number(miles) + " of " + language.Coordinates(here) + " in " + strings.Join(c.codes(), " and ") + " by " + strings.Join(ways, ",")}
	var there []string
	for _, way := range segment.Remote {
		if slices.Contains(ways, way) {
			there = append(there, way)
		}
	}
	near.sure = oneOf(fieldDelivery, there)
	if slices.Contains(ways, "venue") {
		// Bleve measures on another radius of the Earth, so it looks a little
		// further and the exact distance decides.
		const slack = 1.01
		circle := query.NewGeoDistanceQuery(here.Lon, here.Lat, strconv.FormatFloat(miles*slack+0.01, 'f', -1, 64)+"mi")
		circle.SetField(fieldAt)
		near.maybe, near.keep = circle, func(f *referenceFacts) bool { return f.At.Miles(here) <= miles }
		near.sure = query.NewDisjunctionQuery([]query.Query{oneOf(fieldDelivery, there), oneOf(fieldArea, c.codes())})
	}
	return near
}

// edge widens a box by about ten metres for Bleve, which rounds positions; the
// exact box decides.
const edge = 0.0001

// catchment holds of what somebody living here may take part in.
func (c referenceCompiler) lives(here directory.Position) clause {
	terms := append(c.codes(), segment.TermOpen)
	return clause{
		of: "catchment", key: "lives at " + language.Coordinates(here) + " " + c.Place.Outcode, sure: oneOf(fieldCatchment, terms),
		maybe: term(fieldCatchment, segment.TermRadius), keep: func(f *referenceFacts) bool { return f.Covers(here) },
	}
}

// codes are the outcode and the district of the place, as terms.
func (c referenceCompiler) codes() (terms []string) {
	if c.Place.Outcode != "" {
		terms = append(terms, "outcode "+c.Place.Outcode)
	}
	if c.Place.District != "" {
		terms = append(terms, "district "+c.Place.District)
	}
	return terms
}

// sessions hold of listings with a session on a day, at a time, within the
// dates: each alternative of days with each of times, one session for all
// three.
func (c referenceCompiler) sessionClauses(q search.Query) ([]clause, error) {
	if !match.DatesAsked(&q) {
		return nil, nil
	}
	w, err := calendar.NewWindow(q.From, q.To, c.Now)
	if err != nil {
		return nil, err
	}
	days, times := q.Day, q.Time
	if len(days) == 0 {
		days = []search.AnyOf{nil}
	}
	if len(times) == 0 {
		times = []search.AnyOf{nil}
	}
	var cs []clause
	for _, day := range days {
		for _, at := range times {
			cs = append(cs, clause{
				of:   "sessions",
				key:  "session " + strings.Join(day, ",") + " " + strings.Join(at, ",") + " " + sessionTerm(w.From) + " " + sessionTerm(w.Until),
				sure: sessionQuery(w, c.Weekdays(day), c.Clocks(at)),
			})
		}
	}
	return cs, nil
}

// sessionQuery looks for a session in w on one of the days in one of the
// ranges: a whole day is one term, part of a day is a range of terms.
func sessionQuery(w calendar.Window, days uint8, clocks []calendar.ClockRange) query.Query {
	alternatives := []query.Query{query.NewMatchNoneQuery()}
	for day := w.From - w.From%calendar.DayMinutes; day < w.Until; day += calendar.DayMinutes {
		if days>>calendar.Weekday(day)&1 == 0 {
			continue
		}
		for _, r := range clocks {
			from, until := max(day+int32(r.From), w.From), min(day+int32(r.Until), w.Until)
			switch {
			case from >= until:
			case from == day && until == day+calendar.DayMinutes:
				alternatives = append(alternatives, term(fieldDate, dateTerm(day)))
			default:
				yes, no := true, false
				starts := query.NewTermRangeInclusiveQuery(sessionTerm(from), sessionTerm(until), &yes, &no)
				starts.SetField(fieldSession)
				alternatives = append(alternatives, starts)
			}
		}
	}
	return query.NewDisjunctionQuery(alternatives)
}

// referenceMatcher answers clauses over one view, each only once.
type referenceMatcher struct {
	*Reference
	known map[string]set
}

func (v *Reference) matcher() *referenceMatcher {
	return &referenceMatcher{Reference: v, known: map[string]set{}}
}

// holds is the set of documents that c holds of. The caller must not change it.
func (m *referenceMatcher) holds(ctx context.Context, c clause) (set, error) {
	if s, ok := m.known[c.key]; ok {
		return s, nil
	}
	if s, ok := m.steady[c.key]; ok && c.steady {
		return s, nil
	}
	s := newSet(len(m.slots))
	unscored := bsearch.SearcherOptions{Score: "none"}
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
	if c.steady {
		m.steady[c.key] = s
	}
	return s, nil
}

// run calls found with the number and score of every document that q matches.
func (m *referenceMatcher) run(ctx context.Context, q query.Query, options bsearch.SearcherOptions, found func(int, float64)) (err error) {
	searcher, err := q.Searcher(ctx, m.reader, m.index.Mapping(), options)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, searcher.Close()) }()
	// Conjunctions hold up to one match for each of their parts at a time.
	pool := &bsearch.SearchContext{
		DocumentMatchPool: bsearch.NewDocumentMatchPool(searcher.DocumentMatchPoolSize()+1, 0), IndexReader: m.reader,
	}
	for {
		if ctx.Err() != nil {
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

// clauseMatch is what the clauses of a question hold of, each and together.
type clauseMatch struct {
	all   set
	parts []clausePart
}

type clausePart struct {
	of   string
	docs set
}

// evaluate answers all clauses together.
func (m *referenceMatcher) evaluate(ctx context.Context, cs []clause) (clauseMatch, error) {
	found := clauseMatch{all: m.all.clone()}
	for _, c := range cs {
		docs, err := m.holds(ctx, c)
		if err != nil {
			return clauseMatch{}, err
		}
		found.parts = append(found.parts, clausePart{c.of, docs})
		found.all.and(docs)
	}
	return found, nil
}

// without is what all clauses but those of one parameter hold of. The caller
// must not change it.
func (f clauseMatch) without(everything set, of string) set {
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
