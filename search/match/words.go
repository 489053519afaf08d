package match

import (
	"context"
	"slices"
	"strings"

	"gather/search"
	"gather/search/language"
	"gather/search/segment"
)

// resolver matches the words of a query with the words that listings have.
type resolver struct {
	view     *segment.View
	language *language.Interpreter
}

// queryWord is one word of a question, in any of its forms.
type queryWord struct {
	word  string
	Forms []language.Form
}

// WordQuery is the words to search for: any of them may match. Without any
// nothing does. A listing is left out that has one of the unwanted forms in its title
// or among the labels of its interests: what is only mentioned there may well
// say that it is not so.
type WordQuery struct {
	Words    []queryWord
	Unwanted []language.Form
	avoided  []language.Form // what is related to them stands lower
}

// Resolve finds which words of a phrasing the listings of a view have, and what
// the others may be meant for. Without any word left to look for the query is
// nil: all listings match.
func Resolve(ctx context.Context, v *segment.View, in *language.Interpreter, p *language.Phrasing) (*WordQuery, *search.WordsRead, error) {
	return (&resolver{v, in}).resolve(ctx, p)
}

// resolve finds which words of a phrasing listings have, and what the others
// may be meant for.
func (rs *resolver) resolve(ctx context.Context, p *language.Phrasing) (*WordQuery, *search.WordsRead, error) {
	read := &search.WordsRead{Ignored: slices.Clone(p.Ignored)}
	r := &WordQuery{Unwanted: p.Unwanted, avoided: p.Avoided}
	for _, said := range p.Words {
		s, err := rs.queryWord(ctx, said, read)
		if err != nil {
			return nil, nil, err
		}
		if len(s.Forms) > 0 {
			r.Words = append(r.Words, s)
		}
	}
	if err := rs.join(p, r, read.Repaired); err != nil {
		return nil, nil, err
	}
	for _, ph := range p.Phrases {
		r.expand(ph)
	}
	mend(rs.language, r, read.Repaired)
	switch {
	case len(r.Words) > 0 || len(r.Unwanted) > 0:
		return r, read, nil
	case len(read.Unknown) > 0:
		read.Note = "no listing has these words, or any like them"
		return r, read, nil
	}
	read.Note = "these words say nothing to search for, so they were left out"
	return nil, read, nil
}

// queryWord finds the forms in which listings have one word, and notes in read
// how it was read.
func (rs *resolver) queryWord(ctx context.Context, said language.Word, read *search.WordsRead) (queryWord, error) {
	s := queryWord{word: said.Text}
	typed := language.Form{Stems: said.Stems, Weight: 1, Text: said.Text}
	known, err := rs.view.Has(typed.Stems)
	if err != nil {
		return s, err
	}
	parted, err := rs.part(said, known)
	if err != nil {
		return s, err
	}
	if known {
		read.Searched = append(read.Searched, said.Text)
		also, err := rs.likelier(ctx, said.Text, typed)
		s.Forms = slices.Concat([]language.Form{typed}, parted, also)
		return s, err
	}
	if len(parted) > 0 {
		read.Repaired = append(read.Repaired, search.Repair{Word: said.Text, As: []string{parted[0].Text}})
		s.Forms = parted
		return s, nil
	}
	as, err := rs.repair(ctx, said.Text)
	if err != nil {
		return s, err
	}
	if len(as) == 0 {
		read.Unknown = append(read.Unknown, said.Text)
		return s, nil
	}
	read.Repaired = append(read.Repaired, search.Repair{Word: said.Text, As: as})
	for _, other := range as {
		s.Forms = append(s.Forms, language.Form{Stems: rs.language.Stems(other), Weight: repairWeight, Text: other})
	}
	return s, nil
}

// likelier are the forms of much commoner words one edit from a rare one.
func (rs *resolver) likelier(ctx context.Context, word string, typed language.Form) ([]language.Form, error) {
	have, err := rs.view.Count(typed.Stems)
	if err != nil || have > rareWord {
		return nil, err
	}
	as, err := rs.repair(ctx, word)
	if err != nil {
		return nil, err
	}
	var also []language.Form
	for _, other := range as {
		f := language.Form{Stems: rs.language.Stems(other), Weight: repairWeight, Text: other}
		many, err := rs.view.Count(f.Stems)
		if err != nil {
			return nil, err
		}
		if many >= usualTimes*max(1, have) {
			also = append(also, f)
		}
	}
	return also, nil
}

// expand adds the expansions of a word to its forms, and those of a phrase as a
// word of their own.
func (r *WordQuery) expand(ph language.Phrase) {
	forms := slices.Clip(ph.Forms) // of a phrasing, which others use
	if len(ph.Words) == 1 {
		at := slices.IndexFunc(r.Words, func(s queryWord) bool { return s.word == ph.Words[0] })
		if at >= 0 {
			r.Words[at].Forms = append(r.Words[at].Forms, forms...)
			return
		}
	}
	if len(forms) == 0 {
		return
	}
	if len(ph.Typed.Stems) > 0 {
		forms = slices.Concat([]language.Form{ph.Typed}, forms)
	}
	r.Words = append(r.Words, queryWord{strings.Join(ph.Words, " "), forms})
}

// mend adds the expansions of the likeliest correction of each corrected word, at
// a lower weight.
func mend(in *language.Interpreter, r *WordQuery, repaired []search.Repair) {
	for _, repair := range repaired {
		at := slices.IndexFunc(r.Words, func(s queryWord) bool { return s.word == repair.Word })
		if at < 0 || strings.Contains(repair.As[0], " ") {
			continue
		}
		for _, f := range in.Expansions(repair.As[0]) {
			f.Weight *= repairWeight
			r.Words[at].Forms = append(r.Words[at].Forms, f)
		}
	}
}
