package search

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/RoaringBitmap/roaring/v2"
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

// form is one way in which a word is looked for: all its stems must be there.
type form struct {
	stems  []string
	weight float32 // 1 for what was typed
}

// sought is one word of a question, in any of its forms.
type sought struct {
	word  string
	forms []form
}

// reading is what words are looked for: any of them. Without any nothing is
// found.
type reading struct{ words []sought }

// read reads words. The reading is nil when nothing is left to look for, so
// that all is found.
func (v *view) read(ctx context.Context, text string) (*reading, *WordsRead, error) {
	read := &WordsRead{}
	r := &reading{}
	for _, word := range v.distinct(text) {
		stems := v.maker.english.stems(word)
		if len(stems) == 0 || slices.Contains(welshStops, word) {
			read.Ignored = append(read.Ignored, word)
			continue
		}
		typed := form{stems: stems, weight: 1}
		known, err := v.known(typed)
		if err != nil {
			return nil, nil, err
		}
		if known {
			read.Searched = append(read.Searched, word)
			r.words = append(r.words, sought{word, []form{typed}})
			continue
		}
		as, err := v.repair(ctx, word)
		if err != nil {
			return nil, nil, err
		}
		if len(as) == 0 {
			read.Unknown = append(read.Unknown, word)
			continue
		}
		read.Repaired = append(read.Repaired, Repair{Word: word, As: as})
		s := sought{word: word}
		for _, other := range as {
			s.forms = append(s.forms, form{stems: v.maker.english.stems(other), weight: repairWeight})
		}
		r.words = append(r.words, s)
	}
	switch {
	case len(r.words) > 0:
		return r, read, nil
	case len(read.Unknown) > 0:
		read.Note = "no listing has these words, or any like them"
		return r, read, nil
	}
	read.Note = "these words say nothing to search for, so they were left out"
	return nil, read, nil
}

// distinct are the words of text as they are indexed, each once.
func (v *view) distinct(text string) []string {
	var words []string
	for _, w := range v.maker.plain.stems(fold(text)) {
		if !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
	return words
}

// known reports whether any listing has a form.
func (v *view) known(f form) (bool, error) {
	docs, err := v.formBitmap(f)
	if err != nil {
		return false, err
	}
	for more := docs.Iterator(); more.HasNext(); {
		if !v.dead.has(int(more.Next())) {
			return true, nil
		}
	}
	keys := f.keys()
	for i := range v.tail.stems {
		if hasAll(&v.tail.stems[i], keys) && !v.dead.has(v.base.len()+i) {
			return true, nil
		}
	}
	return false, nil
}

// keys are the stems of f as the tail knows them.
func (f form) keys() []uint64 {
	keys := make([]uint64, len(f.stems))
	for i, s := range f.stems {
		keys[i] = stemKey(s)
	}
	return keys
}

func hasAll(set *stemSet, keys []uint64) bool {
	for _, key := range keys {
		if _, ok := set.find(key); !ok {
			return false
		}
	}
	return true
}

// formBitmap is the slots of the base that have all stems of f.
func (v *view) formBitmap(f form) (*roaring.Bitmap, error) {
	docs, err := v.bitmap(fieldText, f.stems[0])
	for _, stem := range f.stems[1:] {
		if err != nil {
			break
		}
		var more *roaring.Bitmap
		if more, err = v.bitmap(fieldText, stem); err == nil {
			docs = roaring.And(docs, more)
		}
	}
	return docs, err
}

// repair answers the words one slip away from word, commonest first. Numbers
// are never mended: 50 is not 60.
func (v *view) repair(ctx context.Context, word string) (as []string, err error) {
	if utf8.RuneCountInString(word) < minRepair || strings.ContainsFunc(word, unicode.IsDigit) {
		return nil, nil
	}
	dict, err := v.reader.FieldDictFuzzy(fieldPlain, word, 1, "")
	if err != nil {
		return nil, fmt.Errorf("look for words like one: %w", err)
	}
	defer func() { err = errors.Join(err, dict.Close()) }()
	counts := map[string]uint64{}
	for {
		entry, err := dict.Next()
		if err != nil {
			return nil, fmt.Errorf("look for words like one: %w", err)
		}
		if entry == nil {
			break
		}
		counts[entry.Term] = entry.Count
	}
	for i, words := range v.tail.words {
		if i%checkEvery == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		for _, w := range words {
			if oneSlip(w, word) {
				counts[w]++
			}
		}
	}
	var near []string
	for w := range counts {
		near = append(near, w)
	}
	slices.SortFunc(near, func(a, b string) int {
		if counts[a] != counts[b] {
			return int(int64(counts[b]) - int64(counts[a]))
		}
		return strings.Compare(a, b)
	})
	for _, w := range near {
		stems := v.maker.english.stems(w)
		if len(as) == maxRepairs || len(stems) == 0 {
			continue
		}
		if known, err := v.known(form{stems: stems}); err != nil {
			return nil, err
		} else if known {
			as = append(as, w)
		}
	}
	return as, nil
}

// oneSlip reports whether a becomes b by one letter more, less, or other, or
// by a swap of two neighbours.
func oneSlip(a, b string) bool {
	if d := len(a) - len(b); d < -utf8.UTFMax || d > utf8.UTFMax {
		return false
	}
	x, y := []rune(a), []rune(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	i := 0
	for i < len(x) && x[i] == y[i] {
		i++
	}
	switch len(y) - len(x) {
	case 1:
		return slices.Equal(x[i:], y[i+1:])
	case 0:
		if i == len(x) {
			return true
		}
		swapped := i+1 < len(x) && x[i] == y[i+1] && x[i+1] == y[i] && slices.Equal(x[i+2:], y[i+2:])
		return slices.Equal(x[i+1:], y[i+1:]) || swapped
	}
	return false
}
