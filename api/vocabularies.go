package api

import (
	"fmt"
	"net/http"

	"gather/directory"
	"gather/directory/vocabulary"
)

// interestList is the name of the vocabulary of interests, which is not a closed list.
const interestList = "interest"

// VocabularyName is one vocabulary.
type VocabularyName struct {
	Name string `json:"name" example:"access"`
	// Values is how many values it has.
	Values int    `json:"values" example:"34"`
	URL    string `json:"url" example:"/v1/vocabularies/access"`
}

// VocabularyNames are all vocabularies.
type VocabularyNames struct {
	Items []VocabularyName `json:"items"`
}

// vocabularies lists the vocabularies.
//
//	@Summary		List the vocabularies
//	@Description	The closed lists, and the interests. The name of a list is that of the field or parameter that takes its values.
//	@ID				listVocabularies
//	@Tags			Find
//	@Produce		json
//	@Success		200	{object}	VocabularyNames
//	@Success		304	"Your copy is current"
//	@Failure		400,401,406,429,500,503	{object}	Problem
//	@Router			/v1/vocabularies [get]
func (s *server) vocabularies(c *call) error {
	out := VocabularyNames{Items: []VocabularyName{{interestList, len(s.Vocabulary.Interests()), "/v1/vocabularies/" + interestList}}}
	for _, name := range vocabulary.Names() {
		out.Items = append(out.Items, VocabularyName{name, len(s.Vocabulary.List(name)), "/v1/vocabularies/" + name})
	}
	c.seen()
	return s.answer(c, http.StatusOK, out)
}

// Value is one value of a vocabulary. What a list has no use for is absent.
type Value struct {
	ID string `json:"id" example:"chair-yoga"`
	// Label and LabelCy are the English and the Welsh label; imported
	// interests often have no Welsh one.
	Label   string `json:"label" example:"Chair yoga"`
	LabelCy string `json:"label_cy,omitempty" example:"Ioga cadair"`
	// Meaning is what a listing promises by it.
	Meaning string `json:"meaning,omitempty"`
	// Question is what to ask where a listing says nothing of it.
	Question   string `json:"question,omitempty"`
	QuestionCy string `json:"question_cy,omitempty"`
	// Words are other words for it, in English and Welsh.
	Words []string `json:"words,omitempty"`
	// Broader and Narrower are ids of the same list one step up and down;
	// Related those to offer as well.
	Broader  []string `json:"broader,omitempty"`
	Narrower []string `json:"narrower,omitempty"`
	Related  []string `json:"related,omitempty"`
	// OpenActive are the ids of the concept in OpenActive's lists.
	OpenActive []string `json:"openactive,omitempty"`
	// From and Until are wall-clock times, of times of day.
	From  string `json:"from,omitempty" example:"05:00"`
	Until string `json:"until,omitempty" example:"12:00"`
	// Withdrawn is true for an interest that its source no longer has.
	Withdrawn bool `json:"withdrawn,omitempty"`
	// Source are the addresses of the concepts it was imported from, and
	// Licence the terms.
	Source  []string `json:"source,omitempty"`
	Licence string   `json:"licence,omitempty"`
}

// Values are the values of one vocabulary.
type Values struct {
	Name  string  `json:"name" example:"access"`
	Items []Value `json:"items"`
}

// vocabulary reads one vocabulary.
//
//	@Summary		Read a vocabulary
//	@Description	Every value with its meaning, in English and Welsh: the closed lists in the order to show them, interests in the order of their ids with the broader and narrower ones.
//	@ID				readVocabulary
//	@Tags			Find
//	@Produce		json
//	@Param			name	path		string	true	"Name of the vocabulary"	example(interest)
//	@Success		200		{object}	Values
//	@Success		304		"Your copy is current"
//	@Failure		400,401,404,406,429,500,503	{object}	Problem
//	@Router			/v1/vocabularies/{name} [get]
func (s *server) vocabulary(c *call) error {
	name := c.Param("name")
	out := Values{Name: name, Items: s.closedList(name)}
	if name == interestList {
		out.Items = s.interests()
	}
	if out.Items == nil {
		return fmt.Errorf("vocabulary %q: %w", directory.Quote(name), directory.ErrNotFound)
	}
	c.seen()
	return s.answer(c, http.StatusOK, out)
}

// closedList returns the values of a closed list, nil if there is none with this name.
func (s *server) closedList(name string) []Value {
	terms := s.Vocabulary.List(name)
	narrower := map[string][]string{}
	for _, t := range terms {
		for _, b := range t.Broader {
			narrower[b] = append(narrower[b], t.ID)
		}
	}
	var out []Value
	for _, t := range terms {
		out = append(out, Value{
			ID: t.ID, Label: t.Label, LabelCy: t.LabelCy, Meaning: t.Meaning, Question: t.Question, QuestionCy: t.QuestionCy,
			Words: t.Words, Broader: t.Broader, Narrower: narrower[t.ID], OpenActive: t.OpenActive, From: t.From, Until: t.Until,
		})
	}
	return out
}

func (s *server) interests() []Value {
	all := s.Vocabulary.Interests()
	narrower := map[string][]string{}
	for _, in := range all {
		for _, b := range in.Broader {
			narrower[b] = append(narrower[b], in.ID)
		}
	}
	out := make([]Value, 0, len(all))
	for _, in := range all {
		v := Value{
			ID: in.ID, Label: in.Label, LabelCy: in.LabelCy, Meaning: in.Definition,
			Words: append(append([]string(nil), in.Words...), in.WordsCy...), Broader: in.Broader, Narrower: narrower[in.ID],
			Related: in.Related, Withdrawn: in.Withdrawn, Source: in.Source, Licence: in.Licence,
		}
		if in.OpenActive != "" {
			v.OpenActive = []string{in.OpenActive}
		}
		out = append(out, v)
	}
	return out
}
