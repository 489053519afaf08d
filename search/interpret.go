package search

import (
	"slices"
	"strings"

	"gather/directory"
	"gather/directory/vocabulary"
)

const (
	// maxSuggested is how many filters are offered for one question.
	maxSuggested = 5
	// maxPhrase is the most words of a term that is looked for in the words:
	// "people with a learning disability".
	maxPhrase = 5
)

// interpreted says how the question was read.
func (s *searching) interpreted() Interpreted {
	in := Interpreted{Words: s.wordsRead, Place: s.placeRead, Suggested: s.suggested()}
	if s.place != nil && s.query.Box == nil {
		in.WithinMiles = s.query.Miles()
	}
	if datesAsked(s.query) {
		if w, err := sessionWindow(s.query, s.now); err == nil {
			in.Dates = &DatesRead{
				From: wallTime(w.from).Format(directory.DateLayout),
				To:   wallTime(w.until - 1).Format(directory.DateLayout),
			}
		}
	}
	return in
}

// suggested are the filters that phrases in the words name, longest phrases
// first; a word counts for one filter only.
func (s *searching) suggested() []Suggested {
	words := strings.Fields(s.query.Words)
	used := make([]bool, len(words))
	var out []Suggested
	for size := min(maxPhrase, len(words)); size > 0; size-- {
		for at := 0; at+size <= len(words) && len(out) < maxSuggested; at++ {
			if slices.Contains(used[at:at+size], true) {
				continue
			}
			found, ok := s.suggest(strings.Join(words[at:at+size], " "))
			if !ok {
				continue
			}
			for i := at; i < at+size; i++ {
				used[i] = true
			}
			out = append(out, found)
		}
	}
	return out
}

// suggest finds the filter that a phrase names and the question does not have.
func (s *searching) suggest(phrase string) (Suggested, bool) {
	v := s.compiler.vocabulary
	wider := s.query
	wider.Cursor = ""
	for _, p := range choiceParameters {
		var found Suggested
		switch {
		case p.list == vocabulary.Commitment || p.list == vocabulary.Language:
			continue // "weekly" and "French" are rarely meant as filters
		case p.list == "":
			id, ok := v.ByWords(phrase)
			if !ok {
				continue
			}
			found = Suggested{Parameter: p.name, Value: id, Label: s.interestLabel(id)}
		default:
			t, ok := v.TermByWords(p.list, phrase)
			if !ok {
				continue
			}
			found = Suggested{Parameter: p.name, Value: t.ID, Label: s.say(t.Label, t.LabelCy)}
		}
		have := p.of(&wider)
		if has(*have, found.Value) {
			return Suggested{}, false
		}
		*have = append(slices.Clone(*have), AnyOf{found.Value})
		found.Query = wider.String()
		return found, true
	}
	if t, ok := v.TermByWords(vocabulary.Cost, phrase); ok && t.ID == "free" && s.query.Cost == nil {
		wider.Cost = &Price{Free: true}
		return Suggested{Parameter: "cost", Value: "free", Label: s.say(t.Label, t.LabelCy), Query: wider.String()}, true
	}
	return s.suggestAbout(phrase)
}

// suggestAbout finds the filter that the synonyms say a phrase is about.
func (s *searching) suggestAbout(phrase string) (Suggested, bool) {
	synonyms, err := builtInSynonyms()
	if err != nil {
		return Suggested{}, false // reading the words has failed with it already
	}
	for _, f := range synonyms.about[vocabulary.Fold(phrase)] {
		wider := s.query
		wider.Cursor = ""
		for _, p := range choiceParameters {
			t, ok := s.compiler.vocabulary.Term(p.list, f.value)
			if p.name != f.parameter || !ok || has(*p.of(&wider), f.value) {
				continue
			}
			*p.of(&wider) = append(slices.Clone(*p.of(&wider)), AnyOf{f.value})
			return Suggested{Parameter: p.name, Value: t.ID, Label: s.say(t.Label, t.LabelCy), Query: wider.String()}, true
		}
	}
	return Suggested{}, false
}
