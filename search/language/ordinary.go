package language

import (
	"slices"
	"strings"

	"gather/directory/vocabulary"
	"gather/search"
)

// Names of places that are ordinary words.
var (
	placesAfterIn = wordList("places-after-in")
	neverPlaces   = wordList("never-places")
)

// isOrdinary reports whether the name of a place is an ordinary word too.
func (p *placeFinder) isOrdinary(name string) bool {
	return placesAfterIn[name] || neverPlaces[name] || p.ordinary.words[vocabulary.Fold(name)]
}

// ordinaryWords are what people ask for by name, folded as vocabulary.Fold does.
type ordinaryWords struct {
	words   map[string]bool // each word of them, which is then no place
	phrases map[string]bool // each name, which may imply a filter
}

// newOrdinaryWords collects the names of interests, of the terms of the lists
// that filters are implied from, and the words of synonyms.
func newOrdinaryWords(v *vocabulary.Vocabulary, s *Synonyms) *ordinaryWords {
	all := &ordinaryWords{map[string]bool{}, map[string]bool{}}
	add := func(text string) {
		folded := vocabulary.Fold(text)
		for _, w := range strings.Fields(folded) {
			all.words[w] = true
		}
		all.phrases[folded] = true
	}
	for _, t := range v.Interests() {
		for _, text := range slices.Concat([]string{t.Label, t.LabelCy}, t.Words, t.WordsCy, t.LeadsHere) {
			add(text)
		}
	}
	lists := []string{vocabulary.Cost}
	for _, c := range search.Choices {
		if c.Implied && c.List != "" {
			lists = append(lists, c.List)
		}
	}
	for _, list := range lists {
		for _, t := range v.List(list) {
			for _, text := range append([]string{t.ID, t.Label, t.LabelCy}, t.Words...) {
				add(text)
			}
		}
	}
	for phrase, also := range s.expansions {
		add(phrase)
		for _, e := range also {
			add(e.words)
		}
	}
	for phrase := range s.about {
		add(phrase)
	}
	return all
}
