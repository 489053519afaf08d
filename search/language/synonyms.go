package language

import (
	_ "embed"
	"fmt"
	"io"
	"slices"
	"strings"

	"gather/directory/vocabulary"
	"gather/search"
)

// maxSynonymWords is how many words a phrase of the synonyms has at most that is
// recognised in a question.
const maxSynonymWords = 4

//go:embed synonyms.csv
var builtInSynonyms string

// Synonyms say what else to look for where words are asked for, and which
// filters words imply. They never change.
type Synonyms struct {
	// expansions, about and splits are by words folded as vocabulary.Fold does.
	expansions map[string][]expansion
	about      map[string][]search.NamedFilter
	splits     map[string]string // phrases of two words, by both written as one
	ordinary   *ordinaryWords
}

// expansion is another word or phrase to look for.
type expansion struct {
	words  string // folded as Fold does
	text   string // as people write it
	weight float32
}

// The weights of what is found by another word than the one typed, by relation.
// All rank below what was typed, which weighs 1.
const (
	weightSame    = 0.6
	weightAlso    = 0.35
	weightRelated = 0.15
)

// newSynonyms reads the built-in synonyms, then those of an operator unless own
// is nil. The error is a *directory.Invalid with every fault of the latter, by
// row.
func newSynonyms(words *vocabulary.Vocabulary, own io.Reader) (*Synonyms, error) {
	rows, err := readSynonyms(strings.NewReader(builtInSynonyms), words)
	if err != nil {
		return nil, fmt.Errorf("read the built-in synonyms: %w", err)
	}
	if own != nil {
		more, err := readSynonyms(own, words)
		if err != nil {
			return nil, err
		}
		rows = append(rows, more...)
	}
	s := &Synonyms{expansions: map[string][]expansion{}, about: map[string][]search.NamedFilter{}, splits: map[string]string{}}
	s.fill(rows)
	s.fillSplits(words)
	s.ordinary = newOrdinaryWords(words, s)
	return s, nil
}

// expansionsOf is what else to look for where a word or phrase is asked for.
func (s *Synonyms) expansionsOf(phrase string) []expansion {
	return s.expansions[vocabulary.Fold(phrase)]
}

// splitOf is the phrase that a word is written for without its space, or empty.
func (s *Synonyms) splitOf(word string) string { return s.splits[vocabulary.Fold(word)] }

// fill fills expansions and about.
func (s *Synonyms) fill(rows []synonymRow) {
	same := map[string][]string{}
	for _, row := range rows {
		if row.relation != "=" {
			continue
		}
		words := slices.Concat(row.left, row.right)
		for _, w := range words {
			// A word of a built-in row may be in one of the operator's too, which
			// adds to the first row and takes nothing from it.
			key := vocabulary.Fold(w)
			same[key] = append(slices.Clip(same[key]), words...)
			s.add(w, words, weightSame)
		}
	}
	for _, row := range rows {
		for _, left := range row.left {
			whole := []string{left}
			if group := same[vocabulary.Fold(left)]; group != nil {
				whole = group
			}
			for _, w := range whole {
				switch row.relation {
				case ">":
					s.add(w, row.right, weightAlso)
				case "~":
					s.add(w, row.right, weightRelated)
				case "@":
					parameter, value, _ := strings.Cut(row.right[0], "=")
					key := vocabulary.Fold(w)
					s.about[key] = append(s.about[key], search.NamedFilter{Parameter: parameter, Value: value})
				}
			}
			if row.relation == "~" {
				for _, w := range row.right {
					s.add(w, []string{left}, weightRelated)
				}
			}
		}
	}
}

// add makes others expansions of word, each once.
func (s *Synonyms) add(word string, others []string, weight float32) {
	key := vocabulary.Fold(word)
	for _, other := range others {
		folded := Fold(other)
		if vocabulary.Fold(other) == key || slices.ContainsFunc(s.expansions[key], func(e expansion) bool { return e.words == folded }) {
			continue
		}
		s.expansions[key] = append(s.expansions[key], expansion{folded, other, weight})
	}
}

// fillSplits collects the phrases of two words that people may write as one:
// those of the synonyms and the names of interests.
func (s *Synonyms) fillSplits(words *vocabulary.Vocabulary) {
	add := func(phrase string) {
		if first, second, ok := strings.Cut(phrase, " "); ok && !strings.Contains(second, " ") {
			if have := s.splits[first+second]; have == "" || phrase < have {
				s.splits[first+second] = phrase
			}
		}
	}
	for phrase := range s.expansions {
		add(phrase)
	}
	for _, t := range words.Interests() {
		for _, name := range append([]string{t.Label}, t.Words...) {
			add(vocabulary.Fold(name))
		}
	}
	for joined := range s.splits { // "foodbank" has synonyms of its own
		if s.expansions[joined] != nil {
			delete(s.splits, joined)
		}
	}
}

// expand calls found with each phrase among words that has expansions, longest
// first. No word belongs to two phrases.
func (s *Synonyms) expand(words []string, found func(phrase []string, also []expansion)) {
	used, folded := make([]bool, len(words)), newFoldedWords(words)
	for size := min(maxSynonymWords, len(words)); size > 0; size-- {
		for at := 0; at+size <= len(words); at++ {
			if slices.Contains(used[at:at+size], true) {
				continue
			}
			phrase := words[at : at+size]
			also := s.expansions[folded.phrase(at, size)]
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

// foldedWords fold each word once, for the many phrases that they are part of.
type foldedWords struct{ words, folded []string }

func newFoldedWords(words []string) foldedWords {
	f := foldedWords{words: words, folded: make([]string, len(words))}
	for i, w := range words {
		f.folded[i] = vocabulary.Fold(w)
	}
	return f
}

// phrase is words[at:at+size] folded as vocabulary.Fold does.
func (f foldedWords) phrase(at, size int) string {
	if slices.Contains(f.words[at:at+size], "s") { // of "men's": it is folded into the word before
		return vocabulary.Fold(strings.Join(f.words[at:at+size], " "))
	}
	if size == 1 {
		return f.folded[at]
	}
	return strings.Join(f.folded[at:at+size], " ")
}
