package listings

import (
	"math/rand/v2"
	"slices"
	"strings"

	"gather/directory/vocabulary"
)

// lexicon holds the words of descriptions, the most common first.
type lexicon struct {
	words []string
}

const (
	// lexiconWords is the number of different words in descriptions, and
	// zipfExponent how fast they get rarer. English prose is near 1.1; the
	// long tail of names and places gives an index its many rare terms.
	lexiconWords = 20_000
	zipfExponent = 1.1
	// zipfOffset flattens the head, since there are no stop words.
	zipfOffset = 6
)

// newLexicon returns the words of the closed lists' labels, meanings and
// questions, which are typical of descriptions, and invented surnames as the tail.
func newLexicon(words *vocabulary.Vocabulary) *lexicon {
	var l lexicon
	seen := map[string]bool{}
	add := func(word string) {
		if len(word) > 2 && !seen[word] {
			seen[word] = true
			l.words = append(l.words, word)
		}
	}
	for _, name := range vocabulary.Names() {
		for _, t := range words.List(name) {
			for _, w := range Split(t.Label + " " + t.Meaning + " " + t.Question) {
				add(w)
			}
		}
	}
	// The frequency of a word should not depend on the order of the lists.
	r := rand.New(rand.NewPCG(1, 1))
	r.Shuffle(len(l.words), func(i, j int) { l.words[i], l.words[j] = l.words[j], l.words[i] })
	for len(l.words) < lexiconWords {
		add(surname(r))
	}
	return &l
}

// The syllables of invented surnames.
var (
	onsets = strings.Fields("b br c ch cl cr d dr f fl g gr h j k l m n p pr r s sh st t th tr w wh")
	vowels = strings.Fields("a ai e ea ee i o oo ou u")
	ends   = strings.Fields("bury by combe den field ford ham ley man more ridge son stead ter thorpe ton well wick wood worth")
)

func surname(r *rand.Rand) string {
	pick := func(of []string) string { return of[r.IntN(len(of))] }
	name := pick(onsets) + pick(vowels) + pick(onsets)
	if r.IntN(2) == 0 {
		name += pick(vowels) + pick(onsets)
	}
	return name + pick(ends)
}

// draw appends n words to text, in sentences of 12.
func (l *lexicon) draw(r *rand.Rand, text *strings.Builder, n int) {
	zipf := rand.NewZipf(r, zipfExponent, zipfOffset, uint64(len(l.words)-1))
	for i := range n {
		word := l.words[zipf.Uint64()]
		if i%12 == 0 {
			if i > 0 {
				text.WriteString(". ")
			}
			text.WriteString(strings.ToUpper(word[:1]) + word[1:])
			continue
		}
		text.WriteString(" " + word)
	}
	text.WriteByte('.')
}

// zipfIndex draws an index below n, lower ones more often.
func zipfIndex(r *rand.Rand, n int) int {
	return int(rand.NewZipf(r, zipfExponent, zipfOffset, uint64(n-1)).Uint64())
}

// leaves returns the interests without narrower ones, in a fixed random order:
// earlier ones are drawn more often.
func leaves(words *vocabulary.Vocabulary) []vocabulary.Interest {
	var out []vocabulary.Interest
	for _, t := range words.Interests() {
		if narrower := words.Narrower(t.ID); len(narrower) <= 1 && !t.Withdrawn { // itself
			out = append(out, t)
		}
	}
	r := rand.New(rand.NewPCG(2, 2))
	r.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return slices.Clip(out)
}
