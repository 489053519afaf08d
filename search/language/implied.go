package language

import (
	"slices"
	"strconv"
	"strings"

	"gather/directory/vocabulary"
	"gather/search"
)

const (
	// maxImplied is how many filters one text implies at most: more could not be
	// shown beside the results.
	maxImplied = 5
	// maxTermWords is how many words a label of the vocabulary has at most that is
	// recognised: "people with a learning disability".
	maxTermWords = 5
)

// ImpliedFilter is a filter that words imply: the first of the alternatives that
// the question does not set.
type ImpliedFilter struct {
	Text         string // the words
	Alternatives []search.NamedFilter
}

// impliedFilters returns the filters that phrases among words imply, of the
// longest phrases first. No word belongs to two phrases.
func (in *Interpreter) impliedFilters(s *Synonyms, words []string, ages []ageInText, informative func([]string) bool) []ImpliedFilter {
	used, folded := make([]bool, len(words)), newFoldedWords(words)
	var out []ImpliedFilter
	take := func(from, until int, alternatives ...search.NamedFilter) {
		if len(out) < maxImplied {
			out = append(out, ImpliedFilter{strings.Join(words[from:until], " "), alternatives})
			for i := from; i < until; i++ {
				used[i] = true
			}
		}
	}
	for _, age := range ages {
		if audience := in.vocabulary.AudienceFrom(age.years); age.over && audience != "" {
			take(age.from, age.until, search.NamedFilter{Parameter: "for", Value: audience})
			if t, _ := in.vocabulary.Term(vocabulary.Audience, audience); t.FromAge == age.years {
				continue // the audience says it all
			}
		}
		take(age.from, age.until, search.NamedFilter{Parameter: "age", Value: strconv.Itoa(age.years)})
	}
	for size := min(maxTermWords, len(words)); size > 0; size-- {
		for at := 0; at+size <= len(words); at++ {
			phrase := words[at : at+size]
			if !slices.Contains(used[at:at+size], true) && informative(phrase) && s.ordinary.phrases[folded.phrase(at, size)] {
				for _, alternatives := range in.named(s, strings.Join(phrase, " ")) {
					take(at, at+size, alternatives...)
				}
			}
		}
	}
	return out
}

// named returns the filters that a phrase names: an interest, an audience, or
// else another value of a list, each with its alternatives.
func (in *Interpreter) named(s *Synonyms, phrase string) (all [][]search.NamedFilter) {
	if id, ok := in.vocabulary.ByWords(phrase); ok {
		all = append(all, []search.NamedFilter{{Parameter: "interest", Value: id}})
	}
	for _, p := range search.Choices {
		if p.List == "" || !p.Implied {
			continue // "weekly" and "French" are rarely meant as filters
		}
		if len(all) > 0 && p.List != vocabulary.Audience {
			continue
		}
		if t, ok := in.vocabulary.TermByWords(p.List, phrase); ok {
			return append(all, []search.NamedFilter{{Parameter: p.Name, Value: t.ID}})
		}
	}
	if len(all) > 0 {
		return all
	}
	if t, ok := in.vocabulary.TermByWords(vocabulary.Cost, phrase); ok && t.ID == "free" {
		return [][]search.NamedFilter{{{Parameter: "cost", Value: "free"}}}
	}
	if about := s.about[vocabulary.Fold(phrase)]; about != nil {
		return [][]search.NamedFilter{about}
	}
	return nil
}
