package search

import (
	"unicode/utf8"
)

// minParted is the fewest letters of a word that is taken for two, and minPart
// of each of the two: shorter ones are found in every word.
const (
	minParted = 7
	minPart   = 3
)

// part is the two words that one was written for: those of a phrase that we
// know, or, of a word that no listing has, the two that stand together in most
// listings.
func (rs *resolver) part(said Word, known bool) ([]form, error) {
	if said.Split != "" {
		f := form{stems: rs.language.english.stems(said.Split), weight: joinWeight, text: said.Split}
		if len(f.stems) > 1 {
			if ok, err := rs.view.has(f.stems); err != nil || ok {
				return []form{f}, err
			}
		}
	}
	if known || utf8.RuneCountInString(said.word) < minParted || len(said.word) > maxRepair || hasDigit(said.word) {
		return nil, nil
	}
	var best []form
	most := 0
	for at := range said.word {
		first, second := said.word[:at], said.word[at:]
		if utf8.RuneCountInString(first) < minPart || utf8.RuneCountInString(second) < minPart {
			continue
		}
		f := form{stems: rs.language.english.stems(first + " " + second), weight: joinWeight, text: first + " " + second}
		if len(f.stems) != 2 {
			continue
		}
		written, err := rs.written(first, second)
		if err != nil || !written {
			if err != nil {
				return nil, err
			}
			continue
		}
		n, err := rs.view.count(f.stems)
		if err != nil {
			return nil, err
		}
		if n > most {
			best, most = []form{f}, n
		}
	}
	return best, nil
}

// written reports whether listings have each of the words as it is.
func (rs *resolver) written(words ...string) (bool, error) {
	for _, word := range words {
		known, err := rs.view.has(rs.language.english.stems(word))
		if err != nil || !known {
			return false, err
		}
	}
	return true, nil
}

// join looks for each two neighbouring words as one word too, where listings
// have that: "book club" as "bookclub". Words that were mended are joined as
// what they were taken for.
func (rs *resolver) join(p *phrasing, r *wordQuery, repaired []Repair) error {
	meant := func(word string) string {
		for _, m := range repaired {
			if m.Word == word {
				return m.As[0]
			}
		}
		return word
	}
	for i := 0; i+1 < len(p.words); i++ {
		a, b := p.words[i], p.words[i+1]
		first, second := meant(a.word), meant(b.word)
		if !a.next || utf8.RuneCountInString(first) < minPart || utf8.RuneCountInString(second) < minPart || hasDigit(first+second) {
			continue
		}
		f := form{stems: rs.language.english.stems(first + second), weight: joinWeight, text: first + second}
		if len(f.stems) != 1 {
			continue
		}
		known, err := rs.view.has(f.stems)
		if err != nil {
			return err
		}
		if !known {
			continue
		}
		for at := range r.words {
			if w := r.words[at].word; w == a.word || w == b.word {
				r.words[at].forms = append(r.words[at].forms, f)
			}
		}
	}
	return nil
}
