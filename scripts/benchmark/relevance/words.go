package relevance

import (
	"benchmark/listings"
	"benchmark/questions"
	"slices"
	"strings"
)

// dictionary counts the listings that have a word.
type dictionary map[string]int

// newDictionary returns the dictionary of texts.
func newDictionary(all [][4]string) dictionary {
	d := dictionary{}
	for _, texts := range all {
		seen := map[string]bool{}
		for _, text := range texts {
			for _, w := range listings.Split(text) {
				if !seen[w] {
					seen[w] = true
					d[w]++
				}
			}
		}
	}
	return d
}

const (
	// leastMended is the fewest letters of a word to correct: shorter ones are
	// one edit away from too many words.
	leastMended = 4
	// mendedTo is the most words that one is corrected to.
	mendedTo = 3
)

// mend replaces words that no listing has by the most common ones that are one
// edit away, which includes a swap of two neighbouring letters, and keeps the
// others.
func (d dictionary) mend(words []string) []string {
	var out []string
	for _, w := range words {
		if d[w] > 0 || len(w) < leastMended || strings.ContainsAny(w, "0123456789") {
			out = append(out, w)
			continue
		}
		var near []string
		for known := range d {
			if questions.OneEdit(known, w) || swapped(known, w) {
				near = append(near, known)
			}
		}
		slices.SortFunc(near, func(a, b string) int {
			if d[a] != d[b] {
				return d[b] - d[a]
			}
			return strings.Compare(a, b)
		})
		out = append(out, near[:min(len(near), mendedTo)]...)
	}
	return out
}

// swapped reports whether b is a with two neighbouring letters swapped.
func swapped(a, b string) bool {
	x, y := []rune(a), []rune(b)
	if len(x) != len(y) {
		return false
	}
	i := 0
	for i < len(x) && x[i] == y[i] {
		i++
	}
	return i+1 < len(x) && x[i] == y[i+1] && x[i+1] == y[i] && slices.Equal(x[i+2:], y[i+2:])
}
