package search

import (
	"gather/directory"
	"gather/directory/vocabulary"
)

// NotStated is a value of the choices that may be asked about: what a listing
// says nothing of.
const NotStated = "unstated"

// Choice declares a filter: a parameter that takes ids of a vocabulary, repeated
// for all of them, with commas for any of them. It is the one place where a
// filter is declared: parsing, printing, matching, facets, why it fits, what to
// ask, wider questions, and the reference are fed from it.
type Choice struct {
	Name string
	// List is the closed list that its ids are of; empty for interests.
	List string
	// Of is where a query keeps it, and Counts where an answer keeps its facet:
	// nil where it has none.
	Of     func(*Query) *[]AnyOf
	Counts func(*Facets) *[]FacetCount
	// Stated are the ids that a listing states. It is nil for what has a column
	// of its own in the index; all others are matched by these ids alone.
	Stated func(*directory.Activity) []string
	// Asked is true where a listing that states none is offered as a question to
	// ask, when the value NotStated is asked for too.
	Asked bool
	// Implied is true where words may suggest it.
	Implied bool
	// Each is true where wider questions leave out each of its groups by itself,
	// as every new filter is. Others are widened in ways of their own, see package
	// present: Whole is what the question without any of it is called, if it is
	// left out as a whole.
	Each  bool
	Whole Label
	// Help and Example are for the reference.
	Help, Example string
}

// Label is a text in English and Welsh.
type Label struct{ English, Welsh string }

// Choices are all filters that take ids, in the order of facets and of faults.
var Choices = []Choice{
	{
		Name: "interest", Of: func(q *Query) *[]AnyOf { return &q.Interest }, Counts: func(f *Facets) *[]FacetCount { return &f.Interest },
		Implied: true, Help: "Ids of interests; narrower ones are included", Example: "yoga",
	},
	{
		Name: "access", List: vocabulary.Access, Of: func(q *Query) *[]AnyOf { return &q.Access },
		Counts: func(f *Facets) *[]FacetCount { return &f.Access }, Implied: true,
		Help: "Access features that must be there", Example: "step-free",
	},
	{
		Name: "first_visit", List: vocabulary.FirstVisit, Of: func(q *Query) *[]AnyOf { return &q.FirstVisit },
		Counts: func(f *Facets) *[]FacetCount { return &f.FirstVisit }, Implied: true, Each: true,
		Help: "Facts about the first visit that must be so", Example: "companion-welcome",
	},
	{
		Name: "commitment", List: vocabulary.Commitment, Of: func(q *Query) *[]AnyOf { return &q.Commitment },
		Stated: func(a *directory.Activity) []string {
			if a.FirstVisit == nil {
				return nil
			}
			return []string{a.FirstVisit.Commitment}
		},
		Whole: Label{"With any commitment", "Gydag unrhyw ymrwymiad"},
		Help:  "How bound one is to come", Example: "drop-in",
	},
	{
		Name: "day", List: vocabulary.Day, Of: func(q *Query) *[]AnyOf { return &q.Day }, Counts: func(f *Facets) *[]FacetCount { return &f.Day },
		Implied: true, Help: "Days of the week", Example: "tue",
	},
	{
		Name: "time", List: vocabulary.TimeOfDay, Of: func(q *Query) *[]AnyOf { return &q.Time }, Counts: func(f *Facets) *[]FacetCount { return &f.Time },
		Implied: true, Help: "morning, afternoon, evening, or a range in which sessions start, such as 18:00-20:00", Example: "morning",
	},
	{
		Name: "for", List: vocabulary.Audience, Of: func(q *Query) *[]AnyOf { return &q.For }, Counts: func(f *Facets) *[]FacetCount { return &f.For },
		Implied: true, Whole: Label{"For anybody", "I unrhyw un"},
		Help: "Audiences; what is open to all always passes, what is made for them ranks higher", Example: "carers",
	},
	{
		Name: "delivery", List: vocabulary.Delivery, Of: func(q *Query) *[]AnyOf { return &q.Delivery },
		Counts: func(f *Facets) *[]FacetCount { return &f.Delivery }, Implied: true,
		Help: "How one takes part: venue, online, phone, home", Example: "venue",
	},
	{
		Name: "language", List: vocabulary.Language, Of: func(q *Query) *[]AnyOf { return &q.Language },
		Counts: func(f *Facets) *[]FacetCount { return &f.Language }, Whole: Label{"In any language", "Mewn unrhyw iaith"},
		Help: "Languages spoken", Example: "cy",
	},
	{
		Name: "structure", List: vocabulary.Structure, Of: func(q *Query) *[]AnyOf { return &q.Structure },
		Counts: func(f *Facets) *[]FacetCount { return &f.Structure },
		Stated: func(a *directory.Activity) []string {
			if a.FirstVisit == nil {
				return nil
			}
			return []string{a.FirstVisit.Structure}
		},
		Asked: true, Each: true,
		Help: "What the time together is like: doing something, talking, some of both, or side by side; unstated adds, after the others, what does not say", Example: "side-by-side",
	},
	{
		Name: "conversation", List: vocabulary.Conversation, Of: func(q *Query) *[]AnyOf { return &q.Conversation },
		Counts: func(f *Facets) *[]FacetCount { return &f.Conversation },
		Stated: func(a *directory.Activity) []string {
			if a.FirstVisit == nil {
				return nil
			}
			return []string{a.FirstVisit.Conversation}
		},
		Asked: true, Each: true,
		Help: "How much one has to talk; unstated adds, after the others, what does not say", Example: "low",
	},
	{
		Name: "energy", List: vocabulary.Energy, Of: func(q *Query) *[]AnyOf { return &q.Energy },
		Counts: func(f *Facets) *[]FacetCount { return &f.Energy },
		Stated: func(a *directory.Activity) []string {
			if a.FirstVisit == nil {
				return nil
			}
			return []string{a.FirstVisit.Energy}
		},
		Asked: true, Each: true,
		Help: "How hard the body works; unstated adds, after the others, what does not say", Example: "seated,gentle",
	},
	{
		Name: "referral", List: vocabulary.Referral, Of: func(q *Query) *[]AnyOf { return &q.Referral },
		Counts: func(f *Facets) *[]FacetCount { return &f.Referral },
		Stated: func(a *directory.Activity) []string {
			if a.Joining == nil {
				return nil
			}
			return a.Joining.Referral
		},
		Asked: true, Each: true,
		Help: "Who may refer somebody; unstated adds, after the others, what does not say", Example: "self",
	},
}

// Facet is a count over the matches that a search can be asked for.
type Facet struct {
	Name string
	Of   func(*Facets) *[]FacetCount
}

// FacetList are all facets, in the order in which an answer has them.
func FacetList() []Facet {
	var all []Facet
	for _, c := range Choices {
		if c.Counts != nil {
			all = append(all, Facet{c.Name, c.Counts})
		}
		if c.Name == "time" {
			all = append(all, Facet{"cost", func(f *Facets) *[]FacetCount { return &f.Cost }})
		}
	}
	return append(all, Facet{"district", func(f *Facets) *[]FacetCount { return &f.District }})
}

// FacetNames are the facets that can be asked for.
func FacetNames() []string {
	var names []string
	for _, f := range FacetList() {
		names = append(names, f.Name)
	}
	return names
}
