package language

import (
	"slices"
	"strconv"
	"strings"

	"gather/directory/vocabulary"
	"gather/search"
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
	Alternatives []search.NamedFilter
}

// implied are the filters that phrases in words name, longest phrases first; a
// word counts for one filter only.
func (in *Interpreter) implied(s *synonyms, ordinary *ordinaryWords, words []string, ages []ageInText, telling func([]string) bool) []ImpliedFilter {
	used, keys := make([]bool, len(words)), newFoldedWords(words)
	var out []ImpliedFilter
	take := func(from, until int, alternatives ...search.NamedFilter) {
		if len(out) < maxSuggested {
			out = append(out, ImpliedFilter{strings.Join(words[from:until], " "), alternatives})
			for i := from; i < until; i++ {
				used[i] = true
			}
		}
	}
	for _, age := range ages {
		if audience := in.Vocabulary.AudienceFrom(age.years); age.over && audience != "" {
			take(age.from, age.until, search.NamedFilter{Parameter: "for", Value: audience})
			if t, _ := in.Vocabulary.Term(vocabulary.Audience, audience); t.FromAge == age.years {
				continue // that is all it says
			}
		}
		take(age.from, age.until, search.NamedFilter{Parameter: "age", Value: strconv.Itoa(age.years)})
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

// named are the filters that a phrase names: an interest, and whom it is for or
// another value of a list; each as alternatives of which the first will do.
func (in *Interpreter) named(s *synonyms, phrase string) (all [][]search.NamedFilter) {
	if id, ok := in.Vocabulary.ByWords(phrase); ok {
		all = append(all, []search.NamedFilter{{Parameter: "interest", Value: id}})
	}
	for _, p := range search.Choices {
		if p.List == "" || !p.Implied {
			continue // "weekly" and "French" are rarely meant as filters
		}
		if len(all) > 0 && p.List != vocabulary.Audience {
			continue
		}
		if t, ok := in.Vocabulary.TermByWords(p.List, phrase); ok {
			return append(all, []search.NamedFilter{{Parameter: p.Name, Value: t.ID}})
		}
	}
	if len(all) > 0 {
		return all
	}
	if t, ok := in.Vocabulary.TermByWords(vocabulary.Cost, phrase); ok && t.ID == "free" {
		return [][]search.NamedFilter{{{Parameter: "cost", Value: "free"}}}
	}
	if about := s.about[vocabulary.Fold(phrase)]; about != nil {
		return [][]search.NamedFilter{about}
	}
	return nil
}
