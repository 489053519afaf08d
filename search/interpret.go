package search

import (
	"slices"
	"strconv"
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

// implied is a filter that words name: the first of these that the question does
// not have.
type implied struct {
	text string // the words
	any  []namedFilter
}

// interpreted says how the question was read.
func (s *search_) interpreted() Interpreted {
	in := Interpreted{Words: s.wordsRead, Place: s.placeRead, Suggested: s.suggested()}
	if s.placed != nil {
		in.PlaceInWords = &PlaceInWords{Text: s.placed.phrase, Rest: s.placed.rest, Undo: s.asked.literally().String()}
	}
	if s.place != nil && s.query.Box == nil {
		in.WithinMiles = s.query.Miles()
	}
	if datesAsked(s.query) {
		if w, err := newWindow(s.query.From, s.query.To, s.now); err == nil {
			in.Dates = &DatesRead{
				From: wallTime(w.from).Format(directory.DateLayout),
				To:   wallTime(w.until - 1).Format(directory.DateLayout),
			}
		}
	}
	return in
}

// literally is the first page of q with its words taken as they are.
func (q Query) literally() Query {
	q.Literal, q.Cursor = true, ""
	return q
}

// located is q with a place that is among its words as its place, and that
// place, nil where there is none.
func (in *interpreter) located(q Query) (Query, *placeInText) {
	if q.Words == "" || q.Near != "" || q.Box != nil || q.Literal {
		return q, nil
	}
	p := in.read(q.Words).place
	if p != nil {
		q.Words, q.Near = p.rest, p.text
	}
	return q, p
}

// anywhere makes q ask from nowhere. Its words hold no place that would be
// read instead.
func (s *search_) anywhere(q *Query) {
	q.Near, q.Within, q.Box = "", 0, nil
	if q.Words != "" && s.phrasing().place != nil {
		q.Literal = true
	}
	if q.Sort == SortDistance {
		q.Sort = ""
	}
}

// phrasing is what the words of the question say.
func (s *search_) phrasing() *phrasing {
	if s.phrasing_ == nil {
		s.phrasing_ = s.matcher.view.encoder.interpreter.read(s.query.Words)
	}
	return s.phrasing_
}

// implied are the filters that phrases in words name, longest phrases first; a
// word counts for one filter only.
func (in *interpreter) implied(s *synonyms, ordinary *ordinaryWords, words []string, ages []ageInText, telling func([]string) bool) []implied {
	used, keys := make([]bool, len(words)), newFoldedWords(words)
	var out []implied
	take := func(from, until int, alternatives ...namedFilter) {
		if len(out) < maxSuggested {
			out = append(out, implied{strings.Join(words[from:until], " "), alternatives})
			for i := from; i < until; i++ {
				used[i] = true
			}
		}
	}
	for _, age := range ages {
		if group := ageGroup(age.years); age.over && group != "" {
			take(age.from, age.until, namedFilter{"for", group})
			if group == "over-"+strconv.Itoa(age.years)+"s" {
				continue // that is all it says
			}
		}
		take(age.from, age.until, namedFilter{"age", strconv.Itoa(age.years)})
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
func (in *interpreter) named(s *synonyms, phrase string) (all [][]namedFilter) {
	if id, ok := in.vocabulary.ByWords(phrase); ok {
		all = append(all, []namedFilter{{"interest", id}})
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
			return append(all, []namedFilter{{p.name, t.ID}})
		}
	}
	if len(all) > 0 {
		return all
	}
	if t, ok := in.vocabulary.TermByWords(vocabulary.Cost, phrase); ok && t.ID == "free" {
		return [][]namedFilter{{{"cost", "free"}}}
	}
	if about := s.about[vocabulary.Fold(phrase)]; about != nil {
		return [][]namedFilter{about}
	}
	return nil
}

// suggested are the filters that the words name and the question does not have.
func (s *search_) suggested() []Suggested {
	if s.query.Words == "" {
		return nil
	}
	var out []Suggested
	for _, w := range s.phrasing().implied {
		for _, f := range w.any {
			with := s.query
			with.Cursor = ""
			if label, ok := s.imply(&with, f); ok {
				out = append(out, Suggested{Parameter: f.parameter, Value: f.value, Label: label, Text: w.text, Query: with.String()})
				break
			}
		}
	}
	return out
}

// imply adds a filter to q, unless q has it, and says what it is called.
func (s *search_) imply(q *Query, f namedFilter) (label string, ok bool) {
	switch f.parameter {
	case "age":
		years, err := strconv.Atoi(f.value)
		if err != nil || q.Age != nil {
			return "", false
		}
		q.Age = &years
		return s.say("Aged "+f.value, f.value+" oed"), true
	case "cost":
		t, ok := s.compiler.vocabulary.Term(vocabulary.Cost, f.value)
		if !ok || q.Cost != nil {
			return "", false
		}
		q.Cost = &Price{Free: true}
		return s.say(t.Label, t.LabelCy), true
	}
	for _, p := range choiceParameters {
		if p.name != f.parameter || has(*p.of(q), f.value) {
			continue
		}
		*p.of(q) = append(slices.Clone(*p.of(q)), AnyOf{f.value})
		if p.list == "" {
			return s.interestLabel(f.value), true
		}
		t, ok := s.compiler.vocabulary.Term(p.list, f.value)
		return s.say(t.Label, t.LabelCy), ok
	}
	return "", false
}
