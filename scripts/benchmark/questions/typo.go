package questions

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"benchmark/listings"

	"gather/directory"
)

// Dictionary holds the words of all listings.
type Dictionary struct {
	// Plain counts the listings that have a word in their short texts: the
	// candidates for a correction.
	Plain map[string]int
	// stems are the stems of all texts.
	stems map[string]bool
}

// NewDictionary returns an empty dictionary.
func NewDictionary() *Dictionary {
	return &Dictionary{Plain: map[string]int{}, stems: map[string]bool{}}
}

// Add adds the words of a listing.
func (d *Dictionary) Add(r listings.Row, stems *listings.Stemmer) {
	for _, w := range distinct(listings.Split(r.Plain)) {
		if _, ok := d.Plain[w]; !ok {
			w = strings.Clone(w) // a substring would keep the text in memory
		}
		d.Plain[w]++
	}
	for _, text := range []string{r.TitleText, r.LabelText, r.BriefText, r.Body} {
		for _, s := range stems.Stems(text) {
			d.stems[s] = true
		}
	}
}

// Join adds the words of another dictionary.
func (d *Dictionary) Join(other *Dictionary) {
	for w, n := range other.Plain {
		d.Plain[w] += n
	}
	for s := range other.stems {
		d.stems[s] = true
	}
}

// Trim frees what only Set.Make needs.
func (d *Dictionary) Trim() { d.stems = nil }

const (
	// minTypo is the fewest letters of a word to misspell, so that every
	// engine corrects it.
	minTypo = 6
	// maxMeant is the most words that a misspelt one is corrected to.
	maxMeant = 3
)

// Meant returns the words one edit away from a misspelt one, at most maxMeant,
// the most common first.
func (d *Dictionary) Meant(misspelt string, stems *listings.Stemmer) []string {
	var near []string
	for w := range d.Plain {
		if OneEdit(w, misspelt) && stems.Stem(w) != "" {
			near = append(near, w)
		}
	}
	slices.SortFunc(near, func(a, b string) int { return cmp.Or(d.Plain[b]-d.Plain[a], strings.Compare(a, b)) })
	return near[:min(len(near), maxMeant)]
}

// Take returns the stems of the most common of near, the possible corrections of
// a misspelt word, and of the other words of a question.
func (d *Dictionary) Take(near, others []string, stems *listings.Stemmer) []string {
	near = slices.DeleteFunc(near, func(w string) bool { return stems.Stem(w) == "" })
	slices.SortFunc(near, func(a, b string) int { return cmp.Or(d.Plain[b]-d.Plain[a], strings.Compare(a, b)) })
	var all []string
	for _, w := range append(near[:min(len(near), maxMeant)], others...) {
		if s := stems.Stem(w); s != "" {
			all = append(all, s)
		}
	}
	return distinct(all)
}

// OneEdit reports whether b is a with one letter inserted, deleted or substituted.
func OneEdit(a, b string) bool {
	x, y := []rune(a), []rune(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(y)-len(x) > 1 || a == b {
		return false
	}
	i := 0
	for i < len(x) && x[i] == y[i] {
		i++
	}
	if len(x) == len(y) {
		return slices.Equal(x[i+1:], y[i+1:])
	}
	return slices.Equal(x[i:], y[i+1:])
}

// typo misspells a word of a listing's title; half of the questions also have a
// second, correct word of it. It reports false when no word is suitable.
func (s *Set) typo(q *Question, a directory.Activity, words *Dictionary) bool {
	if !s.words(q, a) {
		return false
	}
	typed := strings.Fields(q.Query.Words)
	word := typed[0]
	if len(word) < minTypo || utf8.RuneCountInString(word) != len(word) || strings.ContainsAny(word, "0123456789") {
		return false
	}
	at := 1 + s.r.IntN(len(word)-2)
	letter := string(rune('a' + s.r.IntN(26)))
	q.Misspelt = [...]string{word[:at] + word[at+1:], word[:at] + letter + word[at:], word[:at] + letter + word[at+1:]}[s.r.IntN(3)]
	if words.Plain[q.Misspelt] > 0 || words.stems[s.stems.Stem(q.Misspelt)] || s.stems.Stem(q.Misspelt) == "" {
		return false
	}
	meant := words.Meant(q.Misspelt, s.stems)
	typed[0] = q.Misspelt
	q.Query.Words = strings.Join(typed, " ")
	q.Stems = distinct(append(s.stems.Stems(strings.Join(typed[1:], " ")), s.stems.Stems(strings.Join(meant, " "))...))
	return len(meant) > 0
}
