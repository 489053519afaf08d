package oruk

import (
	"slices"

	"gather/directory/vocabulary"
)

// interests is the name of the taxonomy of what activities are about; the
// others have the names of their closed lists.
const interests = "interest"

// taxonomies are the published lists, in order, with their display names and the
// link_type of their attributes.
var taxonomies = []struct{ list, linkType, name, description string }{
	{interests, "interest", "Interests", "What an activity is about."},
	{vocabulary.Access, "accessibility", "Access features", "What an activity or its venue offers people with access needs. An attribute means yes; a feature that is absent is not stated, which is not no."},
	{vocabulary.FirstVisit, "first_visit", "First visit", "What the first visit is like. An attribute means yes; a fact that is absent is not stated."},
	{vocabulary.Audience, "audience", "Audiences", "Whom an activity was made for."},
	{vocabulary.Delivery, "delivery", "Delivery", "How one takes part."},
	{vocabulary.Cost, "cost", "Cost", "What kind of price an activity has."},
	{vocabulary.CostPer, "cost_per", "What the price is for", "What one payment of the price buys."},
	{vocabulary.Commitment, "commitment", "Commitment", "How far one is bound to come again."},
	{vocabulary.Structure, "structure", "Structure", "Whether people talk or do something together."},
	{vocabulary.Conversation, "conversation", "Conversation", "How much one has to talk."},
	{vocabulary.Energy, "energy", "Energy", "How hard the body works."},
	{vocabulary.Join, "join", "Joining", "What one does before the first time."},
	{vocabulary.Referral, "referral", "Referral", "Who may refer."},
	{vocabulary.Places, "places", "Places", "Whether there is room now."},
	{vocabulary.CheckedHow, "assurance", "Assurance", "How a listing was last confirmed as true."},
	{vocabulary.GroupKind, "organization_kind", "Kinds of organisation", "What sort of body a group is."},
}

// Taxonomies are the published lists and their terms. They never change once
// built.
type Taxonomies struct {
	words  *vocabulary.Vocabulary
	all    []Taxonomy
	terms  []TaxonomyTerm // in the order of the taxonomies
	byID   map[string]int // term id: index in terms
	byCode map[[2]string]int
	// within holds, by the id of a term, the term itself and narrower ones.
	within map[string][]uint16
	// list holds, by the id of a taxonomy, its range in terms.
	list map[string][2]int
}

// NewTaxonomies builds the taxonomies of words. Their URIs are below base, the
// public address of the directory without a slash at its end.
func NewTaxonomies(words *vocabulary.Vocabulary, base string) *Taxonomies {
	t := &Taxonomies{words: words, byID: map[string]int{}, byCode: map[[2]string]int{}, within: map[string][]uint16{}, list: map[string][2]int{}}
	for _, x := range taxonomies {
		id := derived("taxonomy", x.list, "")
		uri := base + "/v1/vocabularies/" + x.list
		if x.list == interests {
			uri = base + "/v1/vocabularies/interests"
		}
		t.all = append(t.all, Taxonomy{ID: id, Name: x.name, Description: x.description, URI: uri})
		first := len(t.terms)
		for _, term := range terms(words, x.list) {
			term.ID, term.Taxonomy, term.TaxonomyID = termID(x.list, term.Code), x.name, id
			if term.ParentID != "" {
				term.ParentID = termID(x.list, term.ParentID)
			}
			if term.Description == "" {
				term.Description = term.Name
			}
			t.byID[term.ID], t.byCode[[2]string{x.list, term.Code}] = len(t.terms), len(t.terms)
			t.terms = append(t.terms, term)
		}
		t.list[id] = [2]int{first, len(t.terms)}
	}
	t.narrow(words)
	return t
}

func termID(list, code string) string { return derived("taxonomy", list, code) }

// openActive is the prefix of the URIs of OpenActive's activity list.
const openActive = "https://openactive.io/activity-list#"

// terms are the terms of a list. Their ParentID holds the parent's code for now.
func terms(words *vocabulary.Vocabulary, list string) []TaxonomyTerm {
	var out []TaxonomyTerm
	if list != interests {
		for _, v := range words.List(list) {
			out = append(out, TaxonomyTerm{Code: v.ID, Name: v.Label, Description: v.Meaning, ParentID: first(v.Broader)})
		}
		return out
	}
	for _, v := range words.Interests() {
		term := TaxonomyTerm{Code: v.ID, Name: v.Label, Description: v.Definition, ParentID: first(v.Broader)}
		if v.OpenActive != "" {
			term.TermURI = openActive + v.OpenActive
		}
		out = append(out, term)
	}
	return out
}

// narrow fills within.
func (t *Taxonomies) narrow(words *vocabulary.Vocabulary) {
	for _, x := range taxonomies {
		span := t.list[derived("taxonomy", x.list, "")]
		for i := span[0]; i < span[1]; i++ {
			codes := []string{t.terms[i].Code}
			if x.list == interests {
				codes = words.Narrower(t.terms[i].Code)
			} else {
				codes = append(codes, below(words.List(x.list), t.terms[i].Code)...)
			}
			for _, code := range codes {
				if j, ok := t.byCode[[2]string{x.list, code}]; ok {
					t.within[t.terms[i].ID] = append(t.within[t.terms[i].ID], uint16(j))
				}
			}
		}
	}
}

// below are the ids of the terms that have id as a broader term, at any depth.
func below(terms []vocabulary.Term, id string) []string {
	var out []string
	for _, t := range terms {
		if slices.Contains(t.Broader, id) {
			out = append(out, t.ID)
			out = append(out, below(terms, t.ID)...)
		}
	}
	return out
}

func first(s []string) string {
	if len(s) == 0 {
		return ""
	}
	return s[0]
}

// index returns the index of a term in t.terms.
func (t *Taxonomies) index(list, code string) (int, bool) {
	i, ok := t.byCode[[2]string{list, code}]
	return i, ok
}

// with returns taxonomy i with its terms.
func (t *Taxonomies) with(i int) Taxonomy {
	x := t.all[i]
	span := t.list[x.ID]
	x.Terms = slices.Clone(t.terms[span[0]:span[1]])
	return x
}
