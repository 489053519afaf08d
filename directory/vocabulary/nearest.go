package vocabulary

import "strings"

// maxNearestBytes is the longest text that Nearest considers: no id or label is
// half as long, and the distance costs the product of both lengths.
const maxNearestBytes = 100

// minPrefix is the fewest bytes accepted as the beginning of a longer name; a
// shorter prefix fits too many names.
const minPrefix = 4

// Nearest returns the id of a closed list that text most likely means: text is
// a synonym of the term, the beginning of its name, or a misspelling by a few
// letters. It is for "did you mean" in messages, never for reading input. ok is
// false when nothing is near enough, the list is unknown, or text is longer
// than 100 bytes.
func (v *Vocabulary) Nearest(name, text string) (id string, ok bool) {
	l := v.lists[name]
	if l == nil {
		return "", false
	}
	if t, found := v.TermByWords(name, text); found {
		return t.ID, true
	}
	candidates := make([]candidate, len(l.terms))
	for i, t := range l.terms {
		candidates[i] = candidate{t.ID, []string{t.ID, t.Label, t.LabelCy}}
	}
	return nearest(text, candidates)
}

type candidate struct {
	id    string
	names []string
}

func nearest(text string, candidates []candidate) (id string, ok bool) {
	if len(text) > maxNearestBytes {
		return "", false
	}
	wanted := Fold(text)
	best := slipsAllowed(wanted) + 1
	for _, c := range candidates {
		for _, name := range c.names {
			folded := Fold(name)
			if len(wanted) >= minPrefix && strings.HasPrefix(folded, wanted) && best > 1 {
				id, best = c.id, 1
			}
			if d := slips(wanted, folded, best); d < best {
				id, best = c.id, d
			}
		}
	}
	return id, id != ""
}

// slipsAllowed returns the greatest edit distance that still counts as a
// misspelling of word: 0 below 3 bytes, 1 below 5, 2 below 10, else 3.
func slipsAllowed(word string) int {
	switch n := len(word); {
	case n < 3:
		return 0
	case n < 5:
		return 1
	case n < 10:
		return 2
	}
	return 3
}

// slips returns the optimal string alignment distance of a and b: letters
// deleted, inserted, substituted, or swapped with a neighbour; at most limit.
func slips(a, b string, limit int) int {
	x, y := []rune(a), []rune(b)
	if d := len(x) - len(y); d >= limit || -d >= limit {
		return limit
	}
	before, above, current := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range above {
		above[j] = j
	}
	for i := 1; i <= len(x); i++ {
		current[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			current[j] = min(above[j]+1, current[j-1]+1, above[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				current[j] = min(current[j], before[j-2]+1)
			}
		}
		before, above, current = above, current, before
	}
	return min(above[len(y)], limit)
}
