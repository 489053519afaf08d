package search

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/blevesearch/bleve/v2/search/query"

	"gather/directory"
	"gather/directory/vocabulary"
)

// clause is one condition of a question: what Bleve finds for sure, and what it
// finds that a closer look must confirm, because Bleve cannot be exact.
type clause struct {
	of    string // the parameter it comes from, which a facet may leave out
	key   string // the condition in words: equal keys mean equal conditions
	sure  query.Query
	maybe query.Query
	keep  func(*facts) bool
	// steady is true where the answer depends on neither place nor time, so
	// that it holds for as long as the index does not change.
	steady bool
}

// compiler turns questions asked from one place at one moment into clauses.
type compiler struct {
	vocabulary *vocabulary.Vocabulary
	place      *directory.Location // nil: from nowhere
	now        time.Time
}

// filters are the clauses of q, its words aside. All must hold.
func (c compiler) filters(q Query) ([]clause, error) {
	cs := c.reach(q)
	for _, any := range q.Interest {
		cs = append(cs, anyTerm("interest", fieldInterest, any))
	}
	for _, any := range q.Access {
		cs = append(cs, access(any, q.AccessUnknown))
	}
	for _, any := range q.FirstVisit {
		cs = append(cs, anyTerm("first_visit", fieldFirst, any))
	}
	for _, any := range q.Commitment {
		cs = append(cs, anyTerm("commitment", fieldCommitment, any))
	}
	for _, any := range q.For {
		cs = append(cs, anyTerm("for", fieldAudience, append(c.belongsTo(any), termOpen)))
	}
	for _, any := range q.Language {
		if slices.Contains(any, "en") { // where no language is stated, it is English
			any = append(slices.Clone(any), termUnstated)
		}
		cs = append(cs, anyTerm("language", fieldLanguage, any))
	}
	for _, any := range q.Delivery {
		cs = append(cs, anyTerm("delivery", fieldDelivery, any))
	}
	if q.PlacesNow {
		cs = append(cs, anyTerm("places", fieldPlaces, AnyOf{"open", "few"}))
	}
	if q.Group != "" {
		cs = append(cs, anyTerm("group", fieldGroup, AnyOf{q.Group}))
	}
	cs = append(cs, c.numbers(q)...)
	when, err := c.sessions(q)
	return append(cs, when...), err
}

// numbers are the clauses about ages, prices and other numbers.
func (c compiler) numbers(q Query) []clause {
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
		add("checked", fieldChecked, number(float64(c.now.AddDate(0, -q.CheckedMonths, 0).Unix())), nil)
	}
	return cs
}

func bound(field, sign string, f *float64) string {
	if f == nil {
		return ""
	}
	return " " + field + sign + number(*f)
}

// anyTerm holds of listings that have one of the terms in a field.
func anyTerm(of, field string, any AnyOf) clause {
	return clause{of: of, key: of + "=" + strings.Join(any, ","), sure: oneOf(field, any), steady: true}
}

func oneOf(field string, any []string) query.Query {
	queries := make([]query.Query, len(any))
	for i, value := range any {
		queries[i] = term(field, value, 1)
	}
	return query.NewDisjunctionQuery(queries)
}

// access holds of listings that say yes to one of the features; with unknown,
// also of those that do not say no to all of them.
func access(any AnyOf, unknown bool) clause {
	if !unknown {
		return anyTerm("access", fieldAccessYes, any)
	}
	no := make([]query.Query, len(any))
	for i, id := range any {
		no[i] = term(fieldAccessNo, id, 1)
	}
	not := query.NewBooleanQuery(nil, nil, nil)
	not.AddMust(query.NewMatchAllQuery())
	not.AddMustNot(query.NewConjunctionQuery(no))
	return clause{of: "access", key: "access not no=" + strings.Join(any, ","), sure: not, steady: true}
}

// belongsTo are audiences, and the wider ones that somebody of those belongs
// to: who is over 65 is over 50.
func (c compiler) belongsTo(any AnyOf) AnyOf {
	all := slices.Clone(any)
	for i := 0; i < len(all); i++ {
		t, _ := c.vocabulary.Term(vocabulary.Audience, all[i])
		for _, wider := range t.Broader {
			if !slices.Contains(all, wider) {
				all = append(all, wider)
			}
		}
	}
	return all
}

// reach holds of what somebody at the place of q can take part in: a venue
// within the distance or box, or online, by phone or at home; in each case
// inside its catchment, if it has one. A box asks for venues only, and without
// a place everything can be reached.
func (c compiler) reach(q Query) []clause {
	var cs []clause
	if b := q.Box; b != nil {
		within := query.NewGeoBoundingBoxQuery(b.West-edge, b.North+edge, b.East+edge, b.South-edge)
		within.SetField(fieldAt)
		cs = append(cs, clause{of: "bbox", key: "bbox=" + q.Values().Get("bbox"), maybe: within,
			keep: func(f *facts) bool { return b.Contains(f.At) }})
	}
	if c.place == nil {
		return cs
	}
	here := c.place.Position
	cs = append(cs, c.catchment(here))
	if q.Box != nil {
		return cs
	}
	cs = append(cs, c.near(q, "near", allWays))
	if ways := slices.Concat(q.Delivery...); len(ways) > 0 {
		// Who asks for a venue wants one near, not one far away that is
		// online too.
		cs = append(cs, c.near(q, "delivery", ways))
	}
	return cs
}

// near holds of what can be reached in one of the ways: a venue within the
// distance, or anything that comes to the person.
func (c compiler) near(q Query, of string, ways AnyOf) clause {
	here, miles := c.place.Position, q.Miles()
	near := clause{of: of, key: "within " + number(miles) + " of " + coordinates(here) + " by " + strings.Join(ways, ",")}
	var there []string
	for _, way := range remote {
		if slices.Contains(ways, way) {
			there = append(there, way)
		}
	}
	if len(there) > 0 {
		near.sure = oneOf(fieldDelivery, there)
	}
	if slices.Contains(ways, "venue") {
		// Bleve measures on another radius of the Earth, so it looks a little
		// further and the exact distance decides.
		const slack = 1.01
		circle := query.NewGeoDistanceQuery(here.Lon, here.Lat, strconv.FormatFloat(miles*slack+0.01, 'f', -1, 64)+"mi")
		circle.SetField(fieldAt)
		near.maybe, near.keep = circle, func(f *facts) bool { return f.At.Miles(here) <= miles }
	}
	return near
}

// edge widens a box by about ten metres for Bleve, which rounds positions; the
// exact box decides.
const edge = 0.0001

// remote are the ways to take part without going to a venue, and allWays are
// all.
var (
	remote  = []string{"online", "phone", "home"}
	allWays = AnyOf{"venue", "online", "phone", "home"}
)

// catchment holds of what somebody living here may take part in.
func (c compiler) catchment(here directory.Position) clause {
	terms := []string{termOpen}
	if c.place.Outcode != "" {
		terms = append(terms, "outcode "+c.place.Outcode)
	}
	if c.place.District != "" {
		terms = append(terms, "district "+c.place.District)
	}
	return clause{
		of: "catchment", key: "lives at " + coordinates(here) + " " + c.place.Outcode, sure: oneOf(fieldCatchment, terms),
		maybe: term(fieldCatchment, termRadius, 1), keep: func(f *facts) bool { return f.covers(here) },
	}
}

// datesAsked reports whether q asks about sessions at all.
func datesAsked(q Query) bool {
	return len(q.Day) > 0 || len(q.Time) > 0 || q.From != "" || q.To != ""
}

// sessions hold of listings with a session on a day, at a time, within the
// dates: each alternative of days with each of times, one session for all
// three.
func (c compiler) sessions(q Query) ([]clause, error) {
	if !datesAsked(q) {
		return nil, nil
	}
	w, err := sessionWindow(q, c.now)
	if err != nil {
		return nil, err
	}
	days, times := q.Day, q.Time
	if len(days) == 0 {
		days = []AnyOf{nil}
	}
	if len(times) == 0 {
		times = []AnyOf{nil}
	}
	var cs []clause
	for _, day := range days {
		for _, at := range times {
			cs = append(cs, clause{
				of:   "sessions",
				key:  "session " + strings.Join(day, ",") + " " + strings.Join(at, ",") + " " + sessionTerm(w.from) + " " + sessionTerm(w.until),
				sure: sessionQuery(w, c.weekdays(day), c.clocks(at)),
			})
		}
	}
	return cs, nil
}

// weekdays are the days of the week that any names, all without names.
func (c compiler) weekdays(any AnyOf) [7]bool {
	var days [7]bool
	for i, d := range c.vocabulary.List(vocabulary.Day) {
		days[i] = len(any) == 0 || slices.Contains(any, d.ID)
	}
	return days
}

func (c compiler) clocks(any AnyOf) []clockRange {
	if len(any) == 0 {
		return []clockRange{wholeDay}
	}
	return timesOfDay(any, c.vocabulary)
}

// sessionQuery looks for a session in w on one of the days in one of the
// ranges: a whole day is one term, part of a day is a range of terms.
func sessionQuery(w window, days [7]bool, clocks []clockRange) query.Query {
	any := []query.Query{query.NewMatchNoneQuery()}
	for day := w.from - w.from%dayMinutes; day < w.until; day += dayMinutes {
		if !days[weekday(day)] {
			continue
		}
		for _, r := range clocks {
			from, until := max(day+int32(r.from), w.from), min(day+int32(r.until), w.until)
			switch {
			case from >= until:
			case from == day && until == day+dayMinutes:
				any = append(any, term(fieldDate, dateTerm(day), 1))
			default:
				yes, no := true, false
				starts := query.NewTermRangeInclusiveQuery(sessionTerm(from), sessionTerm(until), &yes, &no)
				starts.SetField(fieldSession)
				any = append(any, starts)
			}
		}
	}
	return query.NewDisjunctionQuery(any)
}
