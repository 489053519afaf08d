package search

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/search/query"
	index "github.com/blevesearch/bleve_index_api"
)

const (
	// minRepair is the fewest letters of a word that is taken for another:
	// every three letters are one slip from half a dozen words.
	minRepair = 4
	// maxRepairs is how many words an unknown one may be taken for.
	maxRepairs = 3
	// repairWeight keeps what was guessed below what was typed.
	repairWeight = 0.6
)

// welshStops are Welsh words that say nothing by themselves. English ones are
// left out by the analyser.
var welshStops = []string{"y", "yr", "yn", "a", "ac", "ar", "at", "am", "i", "o", "neu", "gyda", "efo", "mewn", "ein", "eich", "dros", "gan", "un"}

// wordReader reads words against one snapshot of the index.
type wordReader struct {
	english, plain analysis.Analyzer
	reader         index.IndexReader
}

// read makes of words what Bleve looks for: any of them, in any field. The
// query is nil when nothing is left to look for, so that no query is ever made
// of an empty text (which Bleve may take for everything).
func (r wordReader) read(ctx context.Context, words string) (query.Query, *WordsRead, error) {
	read := &WordsRead{}
	var any []query.Query
	for _, word := range r.distinct(words) {
		stems := terms(r.english, word)
		if len(stems) == 0 || slices.Contains(welshStops, word) {
			read.Ignored = append(read.Ignored, word)
			continue
		}
		known, err := r.known(ctx, word, stems)
		if err != nil {
			return nil, nil, err
		}
		if known {
			read.Searched = append(read.Searched, word)
			any = append(any, anywhere(word, stems, 1))
			continue
		}
		as, err := r.repair(word)
		if err != nil {
			return nil, nil, err
		}
		if len(as) == 0 {
			read.Unknown = append(read.Unknown, word)
			continue
		}
		read.Repaired = append(read.Repaired, Repair{Word: word, As: as})
		var instead []query.Query
		for _, other := range as {
			instead = append(instead, anywhere(other, terms(r.english, other), repairWeight))
		}
		any = append(any, query.NewDisjunctionQuery(instead))
	}
	switch {
	case len(any) > 0:
		return query.NewDisjunctionQuery(any), read, nil
	case len(read.Unknown) > 0:
		read.Note = "no listing has these words, or any like them"
		return query.NewMatchNoneQuery(), read, nil
	}
	read.Note = "these words say nothing to search for, so they were left out"
	return nil, read, nil
}

// distinct are the words of text as they are indexed, each once.
func (r wordReader) distinct(text string) []string {
	var words []string
	for _, w := range terms(r.plain, text) {
		if !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
	return words
}

// anywhere looks for one word in all fields.
func anywhere(word string, stems []string, weight float64) query.Query {
	var any []query.Query
	for _, f := range englishFields {
		for _, stem := range stems {
			any = append(any, term(f.name, stem, f.weight*weight))
		}
	}
	return query.NewDisjunctionQuery(append(any, term(fieldPlain, word, plainWeight*weight)))
}

// term looks for one term of a field, exactly.
func term(field, value string, weight float64) query.Query {
	q := query.NewTermQuery(value)
	q.SetField(field)
	q.SetBoost(weight)
	return q
}

// known reports whether any listing has word or a form of it.
func (r wordReader) known(ctx context.Context, word string, stems []string) (bool, error) {
	for _, f := range englishFields {
		for _, stem := range stems {
			if n, err := r.frequency(ctx, f.name, stem); n > 0 || err != nil {
				return true, err
			}
		}
	}
	n, err := r.frequency(ctx, fieldPlain, word)
	return n > 0, err
}

func (r wordReader) frequency(ctx context.Context, field, value string) (uint64, error) {
	found, err := r.reader.TermFieldReader(ctx, []byte(value), field, false, false, false)
	if err != nil {
		return 0, fmt.Errorf("look up a word: %w", err)
	}
	return found.Count(), found.Close()
}

// repair answers the words one slip away from word, commonest first. Numbers
// are never mended: 50 is not 60.
func (r wordReader) repair(word string) (as []string, err error) {
	fuzzy, ok := r.reader.(index.IndexReaderFuzzy)
	if !ok || utf8.RuneCountInString(word) < minRepair || strings.ContainsFunc(word, unicode.IsDigit) {
		return nil, nil
	}
	dict, err := fuzzy.FieldDictFuzzy(fieldPlain, word, 1, "")
	if err != nil {
		return nil, fmt.Errorf("look for words like one: %w", err)
	}
	defer func() { err = errors.Join(err, dict.Close()) }()
	var near []index.DictEntry
	for {
		entry, err := dict.Next()
		if err != nil {
			return nil, fmt.Errorf("look for words like one: %w", err)
		}
		if entry == nil {
			break
		}
		near = append(near, *entry)
	}
	slices.SortFunc(near, func(a, b index.DictEntry) int {
		if a.Count != b.Count {
			return int(int64(b.Count) - int64(a.Count))
		}
		return strings.Compare(a.Term, b.Term)
	})
	for _, e := range near {
		if len(as) < maxRepairs && len(terms(r.english, e.Term)) > 0 {
			as = append(as, e.Term)
		}
	}
	return as, nil
}
