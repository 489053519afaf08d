// Package questions makes the questions of a measurement, and finds their right
// answers by a scan of all listings.
package questions

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
	"strings"

	"benchmark/listings"

	"gather/directory"
	"gather/directory/gazetteer/grid"
	"gather/search"
)

// Kind is a kind of question.
type Kind string

// The kinds of question.
const (
	WordsNear  Kind = "Q1"  // words within 5 miles, with facets
	WordsAll   Kind = "Q1n" // words nationwide, with facets
	Filters    Kind = "Q2"  // 10 miles, three filters, with facets
	Circle     Kind = "Q2b" // 10 miles, with facets
	Typo       Kind = "Q3"  // a misspelt word nationwide
	Box        Kind = "Q4"  // an interest in a box, newest first
	Deep       Kind = "Q5"  // a page far down a sorted list, by cursor
	Suggesting Kind = "Q6"  // suggestions for the beginning of a title
)

// Kinds are all kinds with their descriptions, in the order of the tables.
var Kinds = []struct {
	Kind Kind
	Asks string
}{
	{WordsNear, "words within 5 miles, four facets"}, {WordsAll, "words nationwide, four facets"},
	{Filters, "10 miles, three filters, four facets"}, {Circle, "10 miles, four facets"},
	{Typo, "a misspelt word nationwide"}, {Box, "an interest in a box, newest first"},
	{Deep, "a page deep down a sorted list"}, {Suggesting, "suggestions for a beginning"},
}

// None is the value of a filter that a question does not have.
const None = -1

// PageSize is the number of results on a page, and Suggestions the number of
// suggestions.
const (
	PageSize    = 20
	Suggestions = 8
)

// Place is where a question is asked from.
type Place struct {
	directory.Location
	East, North float64 // National Grid metres
}

// Question is one question, both as a query to Gather and in terms of a
// listings.Row.
type Question struct {
	Kind  Kind
	Query search.Query
	// Stems are those of the words; a listing matches with any of them. In a
	// Typo they include those of the words that Misspelt may stand for.
	Stems    []string
	Misspelt string
	Here     *Place
	Metres   float64
	Box      *search.Box
	// Access and Interest are indexes into listings.Facts, Day a weekday from
	// 0 for Monday; None without the filter.
	Access, Interest, Day int
	Free                  bool
	// Depth is the number of results before the page.
	Depth int
	// After is the last result before the page.
	After Last
	// Beginning is the prefix that suggestions are asked for.
	Beginning string
}

// Last identifies the last listing before a page, in the order of updates.
type Last struct {
	Updated int64 // Unix milliseconds
	ID      string
}

// facets are the four facets of a question.
var facets = []string{"interest", "access", "day", "cost"}

// Set makes questions about the listings of a generator.
type Set struct {
	g     *listings.Generator
	facts *listings.Facts
	stems *listings.Stemmer
	size  int
	r     *rand.Rand // seeded by the kind that is being made
}

// NewSet returns a Set for the first size listings of g.
func NewSet(g *listings.Generator, facts *listings.Facts, stems *listings.Stemmer, size int) *Set {
	return &Set{g: g, facts: facts, stems: stems, size: size}
}

// Make returns up to n questions of a kind. Each is drawn from the words, place
// and facts of a listing, so that it has a hit. Deep ones have no Depth and After
// yet; see Oracle.Ordered. The questions of a kind do not depend on which other
// kinds are made.
func (s *Set) Make(kind Kind, n int, words *Dictionary) []*Question {
	stream := fnv.New64a()
	stream.Write([]byte(kind)) // never fails
	s.r = rand.New(rand.NewPCG(s.g.Seed, stream.Sum64()))
	var out []*Question
	for tries := 0; len(out) < n && tries < 200*n; tries++ {
		if q := s.one(kind, words); q != nil {
			out = append(out, q)
		}
	}
	return out
}

// one draws a listing and returns a question about it, nil when the listing does
// not suit the kind.
func (s *Set) one(kind Kind, words *Dictionary) *Question {
	a := s.g.At(s.r.IntN(s.size))
	row := s.facts.Row(a)
	q := &Question{Kind: kind, Access: None, Interest: None, Day: None}
	switch kind {
	case WordsNear:
		if !s.near(q, a, row, 5) || !s.words(q, a) {
			return nil
		}
		q.Query.Facets = facets
	case WordsAll:
		if !s.words(q, a) {
			return nil
		}
		q.Query.Facets = facets
	case Filters:
		if row.Access == 0 || row.Days == 0 || row.Pounds != 0 || !s.near(q, a, row, 10) {
			return nil
		}
		s.filters(q, row)
		q.Query.Facets = facets
	case Circle:
		if !s.near(q, a, row, 10) {
			return nil
		}
		q.Query.Facets = facets
	case Typo:
		if !s.typo(q, a, words) {
			return nil
		}
	case Box:
		if !row.Venue {
			return nil
		}
		s.box(q, row)
	case Deep:
		q.Query.Sort = search.SortUpdated
	case Suggesting:
		name := strings.Join(listings.Split(a.Title), " ")
		q.Beginning = name[:min(len(name), 2+s.r.IntN(6))]
		if q.Beginning = strings.TrimSpace(q.Beginning); len(q.Beginning) < 2 {
			return nil
		}
	}
	return q
}

// near sets the question's place to a postcode near a listing's venue, and reports
// false for a listing that has no venue or a catchment.
func (s *Set) near(q *Question, a directory.Activity, row listings.Row, miles float64) bool {
	if !row.Venue || row.Catchment != nil || row.Radius > 0 {
		return false
	}
	about := directory.Position{Lat: row.Position.Lat + s.r.NormFloat64()*0.01, Lon: row.Position.Lon + s.r.NormFloat64()*0.015}
	nearest, ok := s.g.Places.Nearest(about)
	if !ok {
		return false
	}
	// People type a whole postcode: the first known one of the nearest sector,
	// else the venue's own.
	postcode := a.Venue.Address.Postcode
	for _, end := range []string{"AA", "AB", "AD", "BA", "BB", "HA", "JA", "LA", "PA"} {
		if loc, err := s.g.Places.Postcode(nearest.Sector + end); err == nil && loc.Precision == directory.PrecisionUnit {
			postcode = loc.Postcode
			break
		}
	}
	loc, err := s.g.Places.Postcode(postcode)
	if err != nil {
		return false
	}
	here := &Place{Location: loc}
	here.East, here.North = grid.FromWGS84(loc.Position)
	q.Here, q.Metres = here, miles*directory.MetresPerMile
	q.Query.Near, q.Query.Within, q.Query.Delivery = postcode, miles, []search.AnyOf{{"venue"}}
	return true
}

// words sets one or two words of a listing's title, and reports false when it has
// none.
func (s *Set) words(q *Question, a directory.Activity) bool {
	var usable []string
	for _, w := range listings.Split(a.Title) {
		if len(w) > 2 && s.stems.Stem(w) != "" {
			usable = append(usable, w)
		}
	}
	if len(usable) == 0 {
		return false
	}
	s.r.Shuffle(len(usable), func(i, j int) { usable[i], usable[j] = usable[j], usable[i] })
	usable = usable[:min(len(usable), 1+s.r.IntN(2))]
	q.Query.Words = strings.Join(usable, " ")
	q.Stems = distinct(s.stems.Stems(q.Query.Words))
	return true
}

func distinct(words []string) []string {
	var out []string
	seen := map[string]bool{}
	for _, w := range words {
		if !seen[w] {
			seen[w] = true
			out = append(out, w)
		}
	}
	return out
}

// days are the ids of the days, Monday first.
var days = strings.Fields("mon tue wed thu fri sat sun")

// filters asks for one access feature, free of charge, on one day.
func (s *Set) filters(q *Question, row listings.Row) {
	// Feature 0, step-free, is the one most searched for.
	q.Access = 0
	for row.Access&(1<<q.Access) == 0 {
		q.Access = s.r.IntN(len(s.facts.Access))
	}
	for q.Day = s.r.IntN(7); row.Days&(1<<q.Day) == 0; {
		q.Day = s.r.IntN(7)
	}
	q.Free = true
	q.Query.Access = []search.AnyOf{{s.facts.Access[q.Access]}}
	q.Query.Day = []search.AnyOf{{days[q.Day]}}
	q.Query.Cost = &search.Price{Free: true}
}

// box asks for an interest in a box of about 20 by 20 miles.
func (s *Set) box(q *Question, row listings.Row) {
	q.Interest = row.Interests[s.r.IntN(len(row.Interests))]
	round := func(f float64) float64 { return math.Round(f*1e4) / 1e4 }
	lat, lon := row.Position.Lat+s.r.NormFloat64()*0.03, row.Position.Lon+s.r.NormFloat64()*0.05
	q.Box = &search.Box{West: round(lon - 0.24), South: round(lat - 0.145), East: round(lon + 0.24), North: round(lat + 0.145)}
	q.Query.Box, q.Query.Interest, q.Query.Sort = q.Box, []search.AnyOf{{s.facts.Interests[q.Interest]}}, search.SortUpdated
}
