package match

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"gather/search/segment"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// repair are the corrections of an unknown word: the words of listings one edit
// away or, for long words, two, commonest first. Numbers and postcodes are never
// corrected: 50 is not 60.
func (rs *resolver) repair(ctx context.Context, word string) ([]string, error) {
	letters := utf8.RuneCountInString(word)
	if letters < minRepair || letters > maxRepair || hasDigit(word) {
		return nil, nil
	}
	as, err := rs.like(ctx, word, 1)
	if err == nil && len(as) == 0 && letters >= minRepairTwice {
		as, err = rs.like(ctx, word, 2)
	}
	return as, err
}

func hasDigit(s string) bool { return strings.ContainsFunc(s, unicode.IsDigit) }

// like are the words of listings that are so many edits away.
func (rs *resolver) like(ctx context.Context, word string, slips int) (as []string, err error) {
	counts := map[string]uint64{}
	if slips == 1 {
		err = rs.nearOnce(word, counts)
	} else {
		err = rs.nearTwice(ctx, word, counts)
	}
	if err != nil {
		return nil, err
	}
	for i, w := range rs.view.Delta.PlainWords() {
		if i%checkEvery == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if slips == 1 && oneSlip(w, word) || slips == 2 && twoSlips(w, word) {
			counts[w] += uint64(rs.view.Delta.CountPlain(w))
		}
	}
	var near []string
	for w := range counts {
		near = append(near, w)
	}
	slices.SortFunc(near, func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), strings.Compare(a, b))
	})
	for _, w := range near {
		stems := rs.language.Stems(w)
		if len(as) == maxRepairs || len(stems) == 0 || hasDigit(w) {
			continue
		}
		if known, err := rs.view.Has(stems); err != nil {
			return nil, err
		} else if known {
			as = append(as, w)
		}
	}
	return as, nil
}

// nearOnce counts the words of the main segment that are one edit away. Bleve
// counts a transposition as two, so transposed words are looked up by themselves.
func (rs *resolver) nearOnce(word string, counts map[string]uint64) error {
	if err := rs.fuzzy(word, 1, "", counts); err != nil {
		return err
	}
	for _, swapped := range swaps(word) {
		n, err := rs.view.Main.DocumentsWith(swapped)
		if err != nil {
			return err
		}
		if n > 0 {
			counts[swapped] = n
		}
	}
	return nil
}

// nearTwice counts the words of the main segment that are two edits away and begin
// with the same letter, as nearly all do: only that part of the dictionary is read.
func (rs *resolver) nearTwice(ctx context.Context, word string, counts map[string]uint64) error {
	_, n := utf8.DecodeRuneInString(word)
	if err := rs.fuzzy(word, 2, word[:n], counts); err != nil {
		return err
	}
	for _, swapped := range swaps(word) {
		if !strings.HasPrefix(swapped, word[:n]) {
			continue
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err := rs.fuzzy(swapped, 1, word[:n], counts); err != nil {
			return err
		}
	}
	return nil
}

// fuzzy counts the words of the main segment that begin with prefix and are so many
// letters away (Levenshtein).
func (rs *resolver) fuzzy(word string, letters int, prefix string, counts map[string]uint64) (err error) {
	dict, err := rs.view.Main.Reader.FieldDictFuzzy(segment.FieldPlain, word, letters, prefix)
	if err != nil {
		return fmt.Errorf("look for words like one: %w", err)
	}
	defer func() { err = errors.Join(err, dict.Close()) }()
	for {
		entry, err := dict.Next()
		if err != nil {
			return fmt.Errorf("look for words like one: %w", err)
		}
		if entry == nil {
			return nil
		}
		counts[entry.Term] = entry.Count
	}
}

// swaps are the transpositions of word that differ from it.
func swaps(word string) []string {
	letters := []rune(word)
	var out []string
	for i := range len(letters) - 1 {
		if letters[i] == letters[i+1] {
			continue
		}
		letters[i], letters[i+1] = letters[i+1], letters[i]
		out = append(out, string(letters))
		letters[i], letters[i+1] = letters[i+1], letters[i]
	}
	return out
}

// twoSlips reports whether a and b are at most two edits apart and begin alike.
func twoSlips(a, b string) bool {
	if d := len(a) - len(b); d < -2*utf8.UTFMax || d > 2*utf8.UTFMax || a == "" || b == "" {
		return false
	}
	x, _ := utf8.DecodeRuneInString(a)
	y, _ := utf8.DecodeRuneInString(b)
	return x == y && distance([]rune(a), []rune(b)) <= 2
}

// distance is the edit distance of a and b with transpositions of neighbours
// (optimal string alignment).
func distance(a, b []rune) int {
	before, above, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range above {
		above[j] = j
	}
	for i := range a {
		row[0] = i + 1
		for j := range b {
			other := 1
			if a[i] == b[j] {
				other = 0
			}
			row[j+1] = min(above[j]+other, above[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, above, row = above, row, before
	}
	return above[len(b)]
}

// oneSlip reports whether a and b are one edit apart: a letter inserted, deleted
// or replaced, or two neighbours transposed.
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
