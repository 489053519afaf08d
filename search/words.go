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

// welshStops are Welsh words that say nothing by themselves. English ones are
// left out by the analyser.
var welshStops = []string{"y", "yr", "yn", "a", "ac", "ar", "at", "am", "i", "o", "neu", "gyda", "efo", "mewn", "ein", "eich", "dros", "gan", "un"}

// form is one way in which a word is looked for: all its stems must be there.
type form struct {
	stems  []string
	weight float32 // 1 for what was typed, less for all else
}

// sought is one word of a question, in any of its forms.
type sought struct {
	word  string
	forms []form
}

// reading is what words are looked for: any of them. Without any nothing is
// found. A listing is left out that has one of the unwanted forms in its title
// or among the labels of its interests: what is only mentioned there may well
// say that it is not so.
type reading struct {
	words    []sought
	unwanted []form
}

// The words that say that what follows is not wanted, and that it is not
// needed; the second kind only keeps it from being looked for, because who
// asks for a food bank with no voucher is well served by one that says so.
var (
	notWanted = []string{"not", "without", "isnt", "dont", "except"}
	notNeeded = []string{"no"}
	// betweenNot may stand between such a word and what it is about.
	betweenNot = []string{"a", "an", "the", "any", "is", "want", "like", "too", "very", "into", "about"}
)

// nonStem in a title says that what follows is not so: a "non-religious" group
// is what somebody wants who asks for one that is not religious.
const nonStem = "non"

// negated are the words that are said not to be wanted or not needed, and what
// is left. In what is not wanted one word counts: "not a talking group" is a
// group.
func negated(words []string) (wanted, unwanted, unneeded []string) {
	for i := 0; i < len(words); i++ {
		not, no := slices.Contains(notWanted, words[i]), slices.Contains(notNeeded, words[i])
		at := i + 1
		for at < len(words) && slices.Contains(betweenNot, words[at]) {
			at++
		}
		switch {
		case !not && !no || at == len(words) || words[at] == "just" || words[at] == "only":
			wanted = append(wanted, words[i])
		case not:
			unwanted, i = append(unwanted, words[at]), at
		default:
			unneeded, i = append(unneeded, words[at]), at
		}
	}
	return wanted, unwanted, unneeded
}

// read reads words. The reading is nil when nothing is left to look for, so
// that all is found.
func (v *view) read(ctx context.Context, text string) (*reading, *WordsRead, error) {
	read := &WordsRead{}
	r := &reading{}
	words, unwanted, unneeded := negated(v.maker.plain.stems(fold(text)))
	read.Ignored = append(read.Ignored, unneeded...)
	for _, word := range unwanted {
		if stems := v.maker.english.stems(word); len(stems) > 0 {
			r.unwanted = append(r.unwanted, form{stems: stems, weight: 1})
		}
		read.Ignored = append(read.Ignored, word)
	}
	for i, word := range words {
		if slices.Contains(words[:i], word) {
			continue
		}
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
			also, err := v.likelier(ctx, word, typed)
			if err != nil {
				return nil, nil, err
			}
			r.words = append(r.words, sought{word, append([]form{typed}, also...)})
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
	synonyms, err := builtInSynonyms()
	if err != nil {
		return nil, nil, err
	}
	synonyms.expand(words, func(phrase []string, also []expansion) { v.addExpansions(r, phrase, also) })
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

// likelier are the forms of words that a rare word may be meant for.
func (v *view) likelier(ctx context.Context, word string, typed form) ([]form, error) {
	docs, err := v.formBitmap(typed)
	if err != nil {
		return nil, err
	}
	have := v.having(docs, typed.keys())
	if have > rareWord {
		return nil, nil
	}
	as, err := v.repair(ctx, word)
	if err != nil {
		return nil, err
	}
	var also []form
	for _, other := range as {
		f := form{stems: v.maker.english.stems(other), weight: repairWeight}
		many, err := v.formBitmap(f)
		if err != nil {
			return nil, err
		}
		if v.having(many, f.keys()) >= usualTimes*max(1, have) {
			also = append(also, f)
		}
	}
	return also, nil
}

// addExpansions adds what else to look for to the word it is of, or, of a
// phrase, as a word of its own.
func (v *view) addExpansions(r *reading, phrase []string, also []expansion) {
	var forms []form
	for _, e := range also {
		if stems := v.maker.english.stems(e.words); len(stems) > 0 {
			forms = append(forms, form{stems: stems, weight: e.weight})
		}
	}
	if len(phrase) == 1 {
		at := slices.IndexFunc(r.words, func(s sought) bool { return s.word == phrase[0] })
		if at >= 0 {
			r.words[at].forms = append(r.words[at].forms, forms...)
			return
		}
	}
	if len(forms) == 0 {
		return
	}
	r.words = append(r.words, sought{strings.Join(phrase, " "), forms})
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
	if ascii(a) && ascii(b) {
		return slipped([]byte(a), []byte(b))
	}
	return slipped([]rune(a), []rune(b))
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func slipped[T byte | rune](x, y []T) bool {
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(y)-len(x) > 1 {
		return false
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
