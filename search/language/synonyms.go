package language

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"gather/directory"
	"gather/directory/vocabulary"
	"gather/search"
)

// maxSynonymWords is how many words a phrase of the synonyms has at most that
// is looked for in a question.
const maxSynonymWords = 4

// Limits of a file of synonyms: far above what people write by hand, low
// enough that a wrong file is refused before it fills the memory.
const (
	maxSynonymBytes = 4 << 20
	maxSynonymCells = 100
	maxSynonymRows  = 20_000
)

//go:embed synonyms.csv
var synonymsFile string

// expansion is another word or phrase to look for.
type expansion struct {
	words  string // folded
	text   string // as it is written
	weight float32
}

// synonyms are what else to look for, and which filters words suggest, by
// folded words. They never change once made.
type synonyms struct {
	Expansions map[string][]expansion
	about      map[string][]search.NamedFilter
	joined     map[string]string // phrases of two words, by both in one
}

// synonymRow is one row of a file.
type synonymRow struct {
	line        int
	left, right []string
	relation    string
}

// newSynonyms reads the built-in file, and after it one of an operator, which
// may be nil. The error is a *directory.Invalid with every fault of that one,
// by its row.
func newSynonyms(words *vocabulary.Vocabulary, own io.Reader) (*synonyms, error) {
	rows, err := readSynonyms(strings.NewReader(synonymsFile), words)
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
	s := &synonyms{Expansions: map[string][]expansion{}, about: map[string][]search.NamedFilter{}, joined: map[string]string{}}
	s.fill(rows)
	s.join(words)
	return s, nil
}

// readSynonyms reads a file of the form that the built-in one describes.
func readSynonyms(r io.Reader, words *vocabulary.Vocabulary) ([]synonymRow, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxSynonymBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read the synonyms: %w", err)
	}
	if len(text) > maxSynonymBytes {
		var faults directory.Faults
		faults.Add("file", "leave rows out", "is larger than %d MiB", maxSynonymBytes>>20)
		return nil, faults.Err()
	}
	in := csv.NewReader(bytes.NewReader(text))
	in.Comment, in.FieldsPerRecord = '#', -1
	var faults directory.Faults
	var rows []synonymRow
	for first := true; ; first = false {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		var wrong *csv.ParseError
		if errors.As(err, &wrong) {
			faults.Add(fmt.Sprintf("row %d", wrong.Line), `put texts with a quote or a comma in quotes, and write a quote in them twice`, "cannot be read: %v", wrong.Err)
			break
		}
		if err != nil {
			return nil, fmt.Errorf("read the synonyms: %w", err)
		}
		line, _ := in.FieldPos(0)
		if first {
			row[0] = strings.TrimPrefix(row[0], "\ufeff")
			if len(row) != 3 || row[0] != "left" || row[1] != "relation" || row[2] != "right" {
				faults.Add(fmt.Sprintf("row %d", line), "begin with the row left,relation,right", "is not the heading")
				break
			}
			continue
		}
		if len(rows) == maxSynonymRows {
			faults.Add(fmt.Sprintf("row %d", line), "leave rows out", "is more than %d rows", maxSynonymRows)
			break
		}
		if read, ok := readSynonymRow(row, line, words, &faults); ok {
			rows = append(rows, read)
		}
	}
	return rows, faults.Err()
}

// readSynonymRow reads one row, or adds what is wrong with it to faults.
func readSynonymRow(row []string, line int, words *vocabulary.Vocabulary, faults *directory.Faults) (synonymRow, bool) {
	at := fmt.Sprintf("row %d", line)
	if len(row) != 3 {
		faults.Add(at, "write left,relation,right; part words by semicolons", "has %d columns, not 3", len(row))
		return synonymRow{}, false
	}
	r := synonymRow{line: line, left: cells(row[0]), relation: strings.TrimSpace(row[1]), right: cells(row[2])}
	switch {
	case len(r.left) == 0 || len(r.right) == 0:
		faults.Add(at, "write words on both sides", "has an empty side")
	case len(r.left)+len(r.right) > maxSynonymCells:
		faults.Add(at, "make two rows of it", "has more than %d words", maxSynonymCells)
	case r.relation == "@":
		return r, filterKnown(r.right, at, words, faults)
	case r.relation != "=" && r.relation != ">" && r.relation != "~":
		faults.Add(at, "write = for the same, > for also find, ~ for related, or @ for a filter", "%q is no relation", search.Clip(r.relation))
	default:
		return r, true
	}
	return synonymRow{}, false
}

// filterKnown reports whether the right side of a row names a filter.
func filterKnown(right []string, at string, words *vocabulary.Vocabulary, faults *directory.Faults) bool {
	parameter, value, ok := strings.Cut(right[0], "=")
	if !ok || len(right) > 1 {
		faults.Add(at, "write one parameter and value, as for=carers", "%q names no filter", search.Clip(strings.Join(right, ";")))
		return false
	}
	if c := search.ChoiceNamed(parameter); c != nil {
		_, known := words.Term(c.List, value)
		if c.List == "" {
			_, known = words.Interest(value)
		}
		if !known {
			faults.Add(at, "see /v1/vocabularies for the values", "%q is not a value of %s", search.Clip(value), parameter)
		}
		return known
	}
	faults.Add(at, "write a parameter of a search that takes values, as for, access or delivery", "%q is no such parameter", search.Clip(parameter))
	return false
}

// fill makes maps of rows.
func (s *synonyms) fill(rows []synonymRow) {
	same := map[string][]string{}
	for _, row := range rows {
		if row.relation != "=" {
			continue
		}
		words := slices.Concat(row.left, row.right)
		for _, w := range words {
			// A word of a built-in row may stand in one of the operator's too: what
			// holds for the first row goes on holding for all of it.
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

// join notes which phrases of two words are written as one as well: those of
// the synonyms, and the names of interests.
func (s *synonyms) join(words *vocabulary.Vocabulary) {
	note := func(phrase string) {
		if first, second, ok := strings.Cut(phrase, " "); ok && !strings.Contains(second, " ") {
			if have := s.joined[first+second]; have == "" || phrase < have {
				s.joined[first+second] = phrase
			}
		}
	}
	for phrase := range s.Expansions {
		note(phrase)
	}
	for _, t := range words.Interests() {
		for _, name := range append([]string{t.Label}, t.Words...) {
			note(vocabulary.Fold(name))
		}
	}
	for joined := range s.joined { // "foodbank" is a word of its own
		if s.Expansions[joined] != nil {
			delete(s.joined, joined)
		}
	}
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
		folded := Fold(other)
		if vocabulary.Fold(other) == key || slices.ContainsFunc(s.Expansions[key], func(e expansion) bool { return e.words == folded }) {
			continue
		}
		s.Expansions[key] = append(s.Expansions[key], expansion{folded, other, weight})
	}
}

// expand finds phrases among words, longest first, each word in one phrase
// only, and calls found with each that there is more to look for.
func (s *synonyms) expand(words []string, found func(phrase []string, also []expansion)) {
	used, keys := make([]bool, len(words)), newFoldedWords(words)
	for size := min(maxSynonymWords, len(words)); size > 0; size-- {
		for at := 0; at+size <= len(words); at++ {
			if slices.Contains(used[at:at+size], true) {
				continue
			}
			phrase := words[at : at+size]
			also := s.Expansions[keys.phrase(at, size)]
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

// foldedWords are words each folded once, for the many phrases that they make.
type foldedWords struct{ words, folded []string }

func newFoldedWords(words []string) foldedWords {
	f := foldedWords{words: words, folded: make([]string, len(words))}
	for i, w := range words {
		f.folded[i] = vocabulary.Fold(w)
	}
	return f
}

// phrase is the folded phrase of so many words.
func (f foldedWords) phrase(at, size int) string {
	if slices.Contains(f.words[at:at+size], "s") { // of "men's", and joins the word before
		return vocabulary.Fold(strings.Join(f.words[at:at+size], " "))
	}
	if size == 1 {
		return f.folded[at]
	}
	return strings.Join(f.folded[at:at+size], " ")
}

// What is found by another word than the one typed, by their relation: the
// same thing, also wanted, related. All rank below what was typed.
const (
	weightSame    = 0.6
	weightAlso    = 0.35
	weightRelated = 0.15
)
