package search

import (
	"context"
	"slices"
	"strings"

	"gather/directory/vocabulary"
)

// resolver holds the words of a question against those that listings have.
type resolver struct {
	view     *view
	language *interpreter
}

// queryWord is one word of a question, in any of its forms.
type queryWord struct {
	word  string
	forms []form
}

// wordQuery is what words are looked for: any of them. Without any nothing is
// found. A listing is left out that has one of the unwanted forms in its title
// or among the labels of its interests: what is only mentioned there may well
// say that it is not so.
type wordQuery struct {
	words    []queryWord
	unwanted []form
	shunned  []form // what is related to them stands lower
}

// resolve finds which words of a phrasing listings have, and what the others
// may be meant for.
func (rs *resolver) resolve(ctx context.Context, p *phrasing) (*wordQuery, *WordsRead, error) {
	read := &WordsRead{Ignored: slices.Clone(p.ignored)}
	r := &wordQuery{unwanted: p.unwanted, shunned: p.avoided}
	for _, said := range p.words {
		s, err := rs.queryWord(ctx, said, read)
		if err != nil {
			return nil, nil, err
		}
		if len(s.forms) > 0 {
			r.words = append(r.words, s)
		}
	}
	if err := rs.join(p, r, read.Repaired); err != nil {
		return nil, nil, err
	}
	for _, ph := range p.phrases {
		r.expand(ph)
	}
	mend(rs.language, r, read.Repaired)
	switch {
	case len(r.words) > 0 || len(r.unwanted) > 0:
		return r, read, nil
	case len(read.Unknown) > 0:
		read.Note = "no listing has these words, or any like them"
		return r, read, nil
	}
	read.Note = "these words say nothing to search for, so they were left out"
	return nil, read, nil
}

// queryWord finds in which forms listings have one word, and notes in read how it
// was read.
func (rs *resolver) queryWord(ctx context.Context, said Word, read *WordsRead) (queryWord, error) {
	s := queryWord{word: said.word}
	typed := form{stems: said.stems, weight: 1, text: said.word}
	known, err := rs.view.has(typed.stems)
	if err != nil {
		return s, err
	}
	parted, err := rs.part(said, known)
	if err != nil {
		return s, err
	}
	if known {
		read.Searched = append(read.Searched, said.word)
		also, err := rs.likelier(ctx, said.word, typed)
		s.forms = slices.Concat([]form{typed}, parted, also)
		return s, err
	}
	if len(parted) > 0 {
		read.Repaired = append(read.Repaired, Repair{Word: said.word, As: []string{parted[0].text}})
		s.forms = parted
		return s, nil
	}
	as, err := rs.repair(ctx, said.word)
	if err != nil {
		return s, err
	}
	if len(as) == 0 {
		read.Unknown = append(read.Unknown, said.word)
		return s, nil
	}
	read.Repaired = append(read.Repaired, Repair{Word: said.word, As: as})
	for _, other := range as {
		s.forms = append(s.forms, form{stems: rs.language.english.stems(other), weight: repairWeight, text: other})
	}
	return s, nil
}

// likelier are the forms of words that a rare word may be meant for.
func (rs *resolver) likelier(ctx context.Context, word string, typed form) ([]form, error) {
	have, err := rs.view.count(typed.stems)
	if err != nil || have > rareWord {
		return nil, err
	}
	as, err := rs.repair(ctx, word)
	if err != nil {
		return nil, err
	}
	var also []form
	for _, other := range as {
		f := form{stems: rs.language.english.stems(other), weight: repairWeight, text: other}
		many, err := rs.view.count(f.stems)
		if err != nil {
			return nil, err
		}
		if many >= usualTimes*max(1, have) {
			also = append(also, f)
		}
	}
	return also, nil
}

// expand adds what else to look for to the word it is of, or, of a phrase, as a
// word of its own.
func (r *wordQuery) expand(ph phrase) {
	forms := slices.Clip(ph.forms) // of a phrasing, which others use
	if len(ph.words) == 1 {
		at := slices.IndexFunc(r.words, func(s queryWord) bool { return s.word == ph.words[0] })
		if at >= 0 {
			r.words[at].forms = append(r.words[at].forms, forms...)
			return
		}
	}
	if len(forms) == 0 {
		return
	}
	if len(ph.said.stems) > 0 {
		forms = slices.Concat([]form{ph.said}, forms)
	}
	r.words = append(r.words, queryWord{strings.Join(ph.words, " "), forms})
}

// mend adds what else to look for where a word was mended, as if what it is
// most likely meant for had been typed, but for less.
func mend(in *interpreter, r *wordQuery, repaired []Repair) {
	s := in.synonyms.Load()
	for _, repair := range repaired {
		also := s.expansions[vocabulary.Fold(repair.As[0])]
		at := slices.IndexFunc(r.words, func(s queryWord) bool { return s.word == repair.Word })
		if at < 0 || len(also) == 0 || strings.Contains(repair.As[0], " ") {
			continue
		}
		for _, f := range in.formsOf(also) {
			f.weight *= repairWeight
			r.words[at].forms = append(r.words[at].forms, f)
		}
	}
}
