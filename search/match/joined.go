package match

import (
	"gather/search"
	"gather/search/language"
	"unicode/utf8"
)

// minParted is the fewest letters of a word that is split in two, and minPart
// those of each half: shorter ones stand in nearly every word.
const (
	minParted = 7
	minPart   = 3
)

// part splits a word in two: into a known phrase or, for a word that no listing
// has, into the two words that most listings have both of.
func (rs *resolver) part(said language.Word, known bool) ([]language.Form, error) {
	if said.Split != "" {
		f := language.Form{Stems: rs.language.Stems(said.Split), Weight: joinWeight, Text: said.Split}
		if len(f.Stems) > 1 {
			if ok, err := rs.view.Has(f.Stems); err != nil || ok {
				return []language.Form{f}, err
			}
		}
	}
	if known || utf8.RuneCountInString(said.Text) < minParted || len(said.Text) > maxRepair || hasDigit(said.Text) {
		return nil, nil
	}
	var best []language.Form
	most := 0
	for at := range said.Text {
		first, second := said.Text[:at], said.Text[at:]
		if utf8.RuneCountInString(first) < minPart || utf8.RuneCountInString(second) < minPart {
			continue
		}
		f := language.Form{Stems: rs.language.Stems(first + " " + second), Weight: joinWeight, Text: first + " " + second}
		if len(f.Stems) != 2 {
			continue
		}
		written, err := rs.written(first, second)
		if err != nil || !written {
			if err != nil {
				return nil, err
			}
			continue
		}
		n, err := rs.view.Count(f.Stems)
		if err != nil {
			return nil, err
		}
		if n > most {
			best, most = []language.Form{f}, n
		}
	}
	return best, nil
}

// written reports whether listings have each of the words.
func (rs *resolver) written(words ...string) (bool, error) {
	for _, word := range words {
		known, err := rs.view.Has(rs.language.Stems(word))
		if err != nil || !known {
			return false, err
		}
	}
	return true, nil
}

// join adds, for two neighbouring words, the two written as one where listings
// have that: "bookclub" for "book club". Corrected words are joined as corrected.
func (rs *resolver) join(p *language.Phrasing, r *WordQuery, repaired []search.Repair) error {
	meant := func(word string) string {
		for _, m := range repaired {
			if m.Word == word {
				return m.As[0]
			}
		}
		return word
	}
	for i := 0; i+1 < len(p.Words); i++ {
		a, b := p.Words[i], p.Words[i+1]
		first, second := meant(a.Text), meant(b.Text)
		if !a.Adjacent || utf8.RuneCountInString(first) < minPart || utf8.RuneCountInString(second) < minPart || hasDigit(first+second) {
			continue
		}
		f := language.Form{Stems: rs.language.Stems(first + second), Weight: joinWeight, Text: first + second}
		if len(f.Stems) != 1 {
			continue
		}
		known, err := rs.view.Has(f.Stems)
		if err != nil {
			return err
		}
		if !known {
			continue
		}
		for at := range r.Words {
			if w := r.Words[at].word; w == a.Text || w == b.Text {
				r.Words[at].Forms = append(r.Words[at].Forms, f)
			}
		}
	}
	return nil
}
