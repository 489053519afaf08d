package search

import (
	"slices"
	"sort"
	"strconv"

	"gather/directory/vocabulary"
)

// ChoiceParameter is a parameter that names ids of a vocabulary.
type ChoiceParameter struct {
	Name string
	List string // of the closed lists; empty for interests
	of   func(*Query) *[]AnyOf
}

// ChoiceParameters are the parameters that take ids, in the order in which
// their faults are reported.
var ChoiceParameters = []ChoiceParameter{
	{"interest", "", func(q *Query) *[]AnyOf { return &q.Interest }},
	{"access", vocabulary.Access, func(q *Query) *[]AnyOf { return &q.Access }},
	{"first_visit", vocabulary.FirstVisit, func(q *Query) *[]AnyOf { return &q.FirstVisit }},
	{"commitment", vocabulary.Commitment, func(q *Query) *[]AnyOf { return &q.Commitment }},
	{"day", vocabulary.Day, func(q *Query) *[]AnyOf { return &q.Day }},
	{"time", vocabulary.TimeOfDay, func(q *Query) *[]AnyOf { return &q.Time }},
	{"for", vocabulary.Audience, func(q *Query) *[]AnyOf { return &q.For }},
	{"language", vocabulary.Language, func(q *Query) *[]AnyOf { return &q.Language }},
	{"delivery", vocabulary.Delivery, func(q *Query) *[]AnyOf { return &q.Delivery }},
}

// scalarParameters take one value, and are read by these.
var scalarParameters = []struct {
	name string
	read func(*parser, string)
}{
	{"q", (*parser).words},
	{"words", func(p *parser, s string) { p.query.Literal = p.oneOf("words", s, "literal") == "literal" }},
	{"near", (*parser).near},
	{"within", (*parser).within},
	{"bbox", (*parser).box},
	{"access_unknown", func(p *parser, s string) {
		p.query.AccessUnknown = p.oneOf("access_unknown", s, "include", "exclude") == "include"
	}},
	{"group_max", func(p *parser, s string) { p.query.GroupMax = int(p.whole("group_max", s, 1, MaxGroupSize)) }},
	{"from", func(p *parser, s string) { p.query.From = p.date("from", s) }},
	{"to", func(p *parser, s string) { p.query.To = p.date("to", s) }},
	{"cost", (*parser).cost},
	{"age", (*parser).age},
	{"places", func(p *parser, s string) { p.query.PlacesNow = p.oneOf("places", s, "now") == "now" }},
	{"checked", func(p *parser, s string) { p.query.CheckedMonths = int(p.whole("checked", s, 1, MaxCheckedMonths)) }},
	{"group", (*parser).group},
	{"sort", func(p *parser, s string) {
		p.query.Sort = Sort(p.oneOf("sort", s, string(SortBest), string(SortDistance), string(SortSoonest), string(SortUpdated), string(SortTitle)))
		if p.query.Sort == SortBest {
			p.query.Sort = ""
		}
	}},
	{"limit", func(p *parser, s string) { p.query.Limit = int(p.whole("limit", s, 1, MaxLimit)) }},
	{"cursor", (*parser).cursor},
	{"facets", (*parser).facets},
	{"explain", func(p *parser, s string) { p.query.Explain = p.oneOf("explain", s, "true", "false") == "true" }},
	{"lang", func(p *parser, s string) {
		if p.query.Lang = p.oneOf("lang", s, "en", "cy"); p.query.Lang == "en" {
			p.query.Lang = ""
		}
	}},
	{"after_change", func(p *parser, s string) {
		p.query.AfterChange = p.whole("after_change", s, 0, 1<<53)
	}},
}

// Parameters are the names that ParseQuery knows, in alphabetical order.
func Parameters() []string {
	var names []string
	for _, p := range ChoiceParameters {
		names = append(names, p.Name)
	}
	for _, p := range scalarParameters {
		names = append(names, p.name)
	}
	sort.Strings(names)
	return names
}

// NamedFilter is a parameter of a search with one value.
type NamedFilter struct{ Parameter, Value string }

// Add adds a filter to q, and reports whether it could: not where q has it, or
// has another age or price.
func (q *Query) Add(f NamedFilter) bool {
	switch f.Parameter {
	case "age":
		years, err := strconv.Atoi(f.Value)
		if err != nil || q.Age != nil {
			return false
		}
		q.Age = &years
		return true
	case "cost":
		if f.Value != "free" || q.Cost != nil {
			return false
		}
		q.Cost = &Price{Free: true}
		return true
	}
	for _, p := range ChoiceParameters {
		if p.Name == f.Parameter && !Has(*p.of(q), f.Value) {
			*p.of(q) = append(slices.Clone(*p.of(q)), AnyOf{f.Value})
			return true
		}
	}
	return false
}
