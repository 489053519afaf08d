package search

import (
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"
)

// Parameter declares one thing that a search can be asked. Reading, printing and
// telling questions apart are fed from it, and so is the reference of the API.
type Parameter struct {
	Name string
	// Help says what it asks for, and Example is a value.
	Help, Example string
	// Form is what its values look like.
	Form Form
	// Choice is set of a parameter that takes ids of a vocabulary.
	Choice *Choice
	// view is true where it says only how the answer is shown: two pages of one
	// search may differ in it.
	view  bool
	read  func(*parser, string)
	write func(*Query) string // empty: as if it were left out
	// hash adds what is asked to a fingerprint, where that is cheaper than the
	// text of it; set reports whether anything is.
	hash func(*Query, *hashing)
	set  func(*Query) bool
}

// isSet reports whether q asks for anything.
func (p *Parameter) isSet(q *Query) bool {
	switch {
	case p.Choice != nil:
		return len(*p.Choice.Of(q)) > 0
	case p.set != nil:
		return p.set(q)
	}
	return p.write(q) != ""
}

// Form is what the values of a parameter look like, in the words of OpenAPI.
type Form struct {
	Type, Format     string // string, integer, boolean or array; date, uuid
	Values           []string
	Minimum, Maximum float64 // none where both are 0
	MaxLength        int
	Default          any
}

var text = Form{Type: "string"}

func whole(least, most float64) Form { return Form{Type: "integer", Minimum: least, Maximum: most} }

func either(values ...string) Form { return Form{Type: "string", Values: values} }

// parameters are all of them, in the order of the reference.
var parameters = slices.Concat(where, choiceParameters(), rest)

// where are the words and the place of a question.
var where = []Parameter{
	{
		Name: "q", Help: "Words, at most 32 and 300 characters; any of them may match, and listings that have more of them stand higher. Typing errors, plurals and other words for the same are forgiven", Example: "chair yoga",
		Form: Form{Type: "string", MaxLength: MaxWordsLength}, read: (*parser).words, write: func(q *Query) string { return q.Words },
	},
	{
		Name: "words", Help: "literal takes all of q as words to look for; else a place among them (yoga in Leith) is searched from when near and bbox are left out",
		Form: either("literal"), read: func(p *parser, s string) { p.query.Literal = p.oneOf("words", s, "literal") == "literal" },
		write: func(q *Query) string { return yes(q.Literal, "literal") },
	},
	{
		Name: "near", Help: "Postcode or part of one, name of a place, or lat,lon", Example: "M33 7DB",
		Form: text, read: (*parser).near, write: func(q *Query) string { return q.Near },
	},
	{
		set:  func(q *Query) bool { return q.Within != 0 },
		hash: func(q *Query, h *hashing) { h.number(math.Float64bits(q.Within)) },
		Name: "within", Help: "How far from near: miles, or kilometres with km; 0.1 to 200 miles, 5 if left out", Example: "3",
		Form: text, read: (*parser).within, write: func(q *Query) string { return numberOr(q.Within, "") },
	},
	{
		set: func(q *Query) bool { return q.Box != nil },
		hash: func(q *Query, h *hashing) {
			for _, side := range [...]float64{q.Box.West, q.Box.South, q.Box.East, q.Box.North} {
				h.number(math.Float64bits(side))
			}
		},
		Name: "bbox", Help: "Instead of near, only venues in this box, in degrees: west,south,east,north", Example: "-2.4,53.3,-2.2,53.5",
		Form: text, read: (*parser).box, write: func(q *Query) string { return q.Box.String() },
	},
}

// rest are the other parameters.
var rest = []Parameter{
	{
		Name: "access_unknown", Help: "include puts what says nothing about access after the others; what says no never comes", Form: either("include", "exclude"),
		read: func(p *parser, s string) {
			p.query.AccessUnknown = p.oneOf("access_unknown", s, "include", "exclude") == "include"
		},
		write: func(q *Query) string { return yes(q.AccessUnknown, "include") },
	},
	{
		set:  func(q *Query) bool { return q.GroupMax != 0 },
		hash: func(q *Query, h *hashing) { h.number(uint64(q.GroupMax)) },
		Name: "group_max", Help: "At most so many people in the group", Form: whole(1, MaxGroupSize),
		read:  func(p *parser, s string) { p.query.GroupMax = int(p.whole("group_max", s, 1, MaxGroupSize)) },
		write: func(q *Query) string { return wholeOr(int64(q.GroupMax)) },
	},
	{
		Name: "from", Help: "First date of a session; without dates the next 13 weeks", Form: Form{Type: "string", Format: "date"},
		read: func(p *parser, s string) { p.query.From = p.date("from", s) }, write: func(q *Query) string { return q.From },
	},
	{
		Name: "to", Help: "Last date of a session, at most 366 days after from", Form: Form{Type: "string", Format: "date"},
		read: func(p *parser, s string) { p.query.To = p.date("to", s) }, write: func(q *Query) string { return q.To },
	},
	{
		set:  func(q *Query) bool { return q.Cost != nil },
		hash: func(q *Query, h *hashing) { h.number(math.Float64bits(q.Cost.Most)) },
		Name: "cost", Help: "free, or the most pounds", Example: "5", Form: text, read: (*parser).cost,
		write: func(q *Query) string { return q.Cost.String() },
	},
	{
		set:  func(q *Query) bool { return q.Age != nil },
		hash: func(q *Query, h *hashing) { h.number(uint64(*q.Age)) },
		Name: "age", Help: "Age in years of who is to take part", Form: whole(0, MaxAge), read: (*parser).age,
		write: func(q *Query) string {
			if q.Age == nil {
				return ""
			}
			return strconv.Itoa(*q.Age)
		},
	},
	{
		Name: "places", Help: "now: only what has places now", Form: either("now"),
		read:  func(p *parser, s string) { p.query.PlacesNow = p.oneOf("places", s, "now") == "now" },
		write: func(q *Query) string { return yes(q.PlacesNow, "now") },
	},
	{
		set:  func(q *Query) bool { return q.CheckedMonths != 0 },
		hash: func(q *Query, h *hashing) { h.number(uint64(q.CheckedMonths)) },
		Name: "checked", Help: "Only what was confirmed as true within so many calendar months", Form: whole(1, MaxCheckedMonths),
		read:  func(p *parser, s string) { p.query.CheckedMonths = int(p.whole("checked", s, 1, MaxCheckedMonths)) },
		write: func(q *Query) string { return wholeOr(int64(q.CheckedMonths)) },
	},
	{
		Name: "group", Help: "Only activities of this group", Form: Form{Type: "string", Format: "uuid"}, read: (*parser).group,
		write: func(q *Query) string { return q.Group },
	},
	{
		Name: "sort", Help: "Order; distance needs near",
		Form: Form{Type: "string", Values: []string{string(SortBest), string(SortDistance), string(SortSoonest), string(SortUpdated), string(SortTitle)}, Default: string(SortBest)},
		read: (*parser).sort, write: func(q *Query) string { return string(q.Sort) },
	},
	{
		Name: "limit", Help: "Items a page", Form: Form{Type: "integer", Minimum: 1, Maximum: MaxLimit, Default: DefaultLimit}, view: true,
		read:  func(p *parser, s string) { p.query.Limit = int(p.whole("limit", s, 1, MaxLimit)) },
		write: func(q *Query) string { return wholeOr(int64(q.Limit)) },
	},
	{
		Name: "cursor", Help: "The next of the page before", Form: text, view: true, read: (*parser).cursor, write: func(q *Query) string { return q.Cursor },
	},
	{
		Name: "facets", Help: "Facets to count, separated by commas, or all", Example: "access,interest", Form: text, view: true, read: (*parser).facets,
		write: func(q *Query) string { return strings.Join(q.Facets, ",") },
	},
	{
		Name: "explain", Help: "true adds the parts of each score", Form: Form{Type: "boolean"}, view: true,
		read:  func(p *parser, s string) { p.query.Explain = p.oneOf("explain", s, "true", "false") == "true" },
		write: func(q *Query) string { return yes(q.Explain, "true") },
	},
	{
		Name: "lang", Help: "Language of the texts, where a group wrote both", Form: either("en", "cy"), view: true,
		read: func(p *parser, s string) {
			if p.query.Lang = p.oneOf("lang", s, "en", "cy"); p.query.Lang == "en" {
				p.query.Lang = ""
			}
		},
		write: func(q *Query) string { return q.Lang },
	},
	{
		Name: "after_change", Help: "Answer only once this change number can be found, so that your own write is; waits at most 5 seconds", Form: whole(0, 1<<53), view: true,
		read:  func(p *parser, s string) { p.query.AfterChange = p.whole("after_change", s, 0, 1<<53) },
		write: func(q *Query) string { return wholeOr(q.AfterChange) },
	},
}

// choiceParameters are the parameters of Choices.
func choiceParameters() []Parameter {
	all := make([]Parameter, len(Choices))
	for i := range Choices {
		c := &Choices[i]
		all[i] = Parameter{Name: c.Name, Help: c.Help, Example: c.Example, Form: Form{Type: "array"}, Choice: c}
	}
	return all
}

// Parameters are what a search can be asked, in the order of the reference.
func Parameters() []Parameter { return slices.Clone(parameters) }

// ParameterNames are the names that ParseQuery knows, in alphabetical order.
func ParameterNames() []string {
	var names []string
	for _, p := range parameters {
		names = append(names, p.Name)
	}
	sort.Strings(names)
	return names
}

func yes(said bool, value string) string {
	if said {
		return value
	}
	return ""
}

func wholeOr(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

func numberOr(n float64, none string) string {
	if n == 0 {
		return none
	}
	return Number(n)
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
	c := ChoiceNamed(f.Parameter)
	if c == nil || Has(*c.Of(q), f.Value) {
		return false
	}
	*c.Of(q) = append(slices.Clone(*c.Of(q)), AnyOf{f.Value})
	return true
}

// ChoiceNamed is the choice of that name, nil where there is none.
func ChoiceNamed(name string) *Choice {
	for i := range Choices {
		if Choices[i].Name == name {
			return &Choices[i]
		}
	}
	return nil
}
