package search

import (
	_ "embed"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"gather/directory/vocabulary"
)

// maxSynonymWords is how many words a phrase of the synonyms has at most that
// is looked for in a question.
const maxSynonymWords = 4

//go:embed synonyms.csv
var synonymsFile string

// expansion is another word or phrase to look for.
type expansion struct {
	words  string
	weight float32
}

// synonyms are what else to look for, and which filters words suggest, by
// folded words.
type synonyms struct {
	expansions map[string][]expansion
	about      map[string][]filterNamed
}

// filterNamed is a filter as a row of the file names it.
type filterNamed struct{ parameter, value string }

var builtInSynonyms = sync.OnceValues(func() (*synonyms, error) { return readSynonyms(strings.NewReader(synonymsFile)) })

// readSynonyms reads a file of the form that the built-in one describes.
func readSynonyms(r io.Reader) (*synonyms, error) {
	rows := csv.NewReader(r)
	rows.Comment, rows.FieldsPerRecord = '#', 3
	all, err := rows.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read the synonyms: %w", err)
	}
	if len(all) == 0 || all[0][1] != "relation" {
		return nil, errors.New("read the synonyms: the first row must be left,relation,right")
	}
	s := &synonyms{expansions: map[string][]expansion{}, about: map[string][]filterNamed{}}
	same := map[string][]string{}
	for _, row := range all[1:] {
		if row[1] != "=" {
			continue
		}
		words := append(cells(row[0]), cells(row[2])...)
		for _, w := range words {
			same[vocabulary.Fold(w)] = words
			s.add(w, words, weightSame)
		}
	}
	for _, row := range all[1:] {
		for _, left := range cells(row[0]) {
			whole := []string{left}
			if group := same[vocabulary.Fold(left)]; group != nil {
				whole = group
			}
			switch row[1] {
			case "=":
			case ">":
				for _, w := range whole {
					s.add(w, cells(row[2]), weightAlso)
				}
			case "~":
				for _, w := range whole {
					s.add(w, cells(row[2]), weightRelated)
				}
				for _, w := range cells(row[2]) {
					s.add(w, []string{left}, weightRelated)
				}
			case "@":
				parameter, value, ok := strings.Cut(row[2], "=")
				if !ok {
					return nil, fmt.Errorf("read the synonyms: %q names no filter", row[2])
				}
				for _, w := range whole {
					key := vocabulary.Fold(w)
					s.about[key] = append(s.about[key], filterNamed{parameter, value})
				}
			default:
				return nil, fmt.Errorf("read the synonyms: %q is no relation", row[1])
			}
		}
	}
	return s, nil
}

func cells(s string) []string {
	var out []string
	for _, c := range strings.Split(s, ";") {
		if c = strings.TrimSpace(c); c != "" {
			out = append(out, c)
		}
	}
	return out
}

// add adds words to look for where word is asked for.
func (s *synonyms) add(word string, others []string, weight float32) {
	key := vocabulary.Fold(word)
	for _, other := range others {
		folded := fold(other)
		if vocabulary.Fold(other) == key || slices.ContainsFunc(s.expansions[key], func(e expansion) bool { return e.words == folded }) {
			continue
		}
		s.expansions[key] = append(s.expansions[key], expansion{folded, weight})
	}
}

// expand finds phrases among words, longest first, each word in one phrase
// only, and calls found with each that there is more to look for.
func (s *synonyms) expand(words []string, found func(phrase []string, also []expansion)) {
	used := make([]bool, len(words))
	for size := min(maxSynonymWords, len(words)); size > 0; size-- {
		for at := 0; at+size <= len(words); at++ {
			if slices.Contains(used[at:at+size], true) {
				continue
			}
			phrase := words[at : at+size]
			also := s.expansions[vocabulary.Fold(strings.Join(phrase, " "))]
			if also == nil {
				continue
			}
			for i := at; i < at+size; i++ {
				used[i] = true
			}
			found(phrase, also)
		}
	}
}
