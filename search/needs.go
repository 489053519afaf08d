package search

import (
	"slices"
	"strconv"
	"strings"

	"gather/directory/vocabulary"
)

const (
	// maxSuggested is how many filters are offered for one question.
	maxSuggested = 5
	// maxPhrase is the most words of a term that is looked for in the words:
	// "people with a learning disability".
	maxPhrase = 5
)

// ImpliedFilter is a filter that words name: the first of these that the question does
// not have.
type ImpliedFilter struct {
	Text         string // the words
	Alternatives []NamedFilter
}

// implied are the filters that phrases in words name, longest phrases first; a
// word counts for one filter only.
func (in *interpreter) implied(s *synonyms, ordinary *ordinaryWords, words []string, ages []ageInText, telling func([]string) bool) []ImpliedFilter {
	used, keys := make([]bool, len(words)), newFoldedWords(words)
	var out []ImpliedFilter
	take := func(from, until int, alternatives ...NamedFilter) {
		if len(out) < maxSuggested {
			out = append(out, ImpliedFilter{strings.Join(words[from:until], " "), alternatives})
			for i := from; i < until; i++ {
				used[i] = true
			}
		}
	}
	for _, age := range ages {
		if group := ageGroup(age.years); age.over && group != "" {
			take(age.from, age.until, NamedFilter{"for", group})
			if group == "over-"+strconv.Itoa(age.years)+"s" {
				continue // that is all it says
			}
		}
		take(age.from, age.until, NamedFilter{"age", strconv.Itoa(age.years)})
	}
	for size := min(maxPhrase, len(words)); size > 0; size-- {
		for at := 0; at+size <= len(words); at++ {
			phrase := words[at : at+size]
			if !slices.Contains(used[at:at+size], true) && telling(phrase) && ordinary.phrases[keys.phrase(at, size)] {
				for _, alternatives := range in.named(s, strings.Join(phrase, " ")) {
					take(at, at+size, alternatives...)
				}
			}
		}
	}
	return out
}

// ageGroup is the audience of people older than so many years.
func ageGroup(years int) string {
	switch {
	case years >= 65:
		return "over-65s"
	case years >= 50:
		return "over-50s"
	}
	return ""
}

// named are the filters that a phrase names: an interest, and whom it is for or
// another value of a list; each as alternatives of which the first will do.
func (in *interpreter) named(s *synonyms, phrase string) (all [][]NamedFilter) {
	if id, ok := in.vocabulary.ByWords(phrase); ok {
		all = append(all, []NamedFilter{{"interest", id}})
	}
	for _, p := range choiceParameters {
		switch p.list {
		case "", vocabulary.Commitment, vocabulary.Language:
			continue // "weekly" and "French" are rarely meant as filters
		}
		if len(all) > 0 && p.list != vocabulary.Audience {
			continue
		}
		if t, ok := in.vocabulary.TermByWords(p.list, phrase); ok {
			return append(all, []NamedFilter{{p.name, t.ID}})
		}
	}
	if len(all) > 0 {
		return all
	}
	if t, ok := in.vocabulary.TermByWords(vocabulary.Cost, phrase); ok && t.ID == "free" {
		return [][]NamedFilter{{{"cost", "free"}}}
	}
	if about := s.about[vocabulary.Fold(phrase)]; about != nil {
		return [][]NamedFilter{about}
	}
	return nil
}
