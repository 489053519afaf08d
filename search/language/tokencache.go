package language

import (
	"strings"
	"unicode/utf8"

	"gather/directory"
	"gather/directory/vocabulary"
)

// TokenCache remembers what the analysers make of pieces of text: listings say
// the same words over and over, and looking a piece up takes a twentieth of
// the time of taking it apart. One goroutine uses it at a time.
type TokenCache struct {
	vocabulary     *vocabulary.Vocabulary
	english, plain Analyser
	pieces         map[string]piece
	interests      map[string][len(interestParts)]Passage
}

// piece is what stands between two spaces: usually one word, two when joined
// by a hyphen, none when it is a dash or a stop word.
type piece struct {
	stems []*stem
	words []string // unstemmed
}

// stem is a stem with what the index needs of it.
type stem struct {
	Text   string
	number uint32 // see stemNumber
}

const (
	// maxPieces bounds the memory of a lexicon to about ten megabytes. When it
	// is full all is forgotten: the common words are back at once.
	maxPieces = 1 << 16
	// maxPieceBytes is how many bytes of a piece are remembered: longer ones are
	// addresses of web pages, which do not come again.
	maxPieceBytes = 48
	// maxInterestLists is how many lists of interests are remembered, of a few
	// kilobytes each.
	maxInterestLists = 1 << 12
)

func NewTokenCache(words *vocabulary.Vocabulary, english, plain Analyser) *TokenCache {
	return &TokenCache{vocabulary: words, english: english, plain: plain, pieces: map[string]piece{}, interests: map[string][len(interestParts)]Passage{}}
}

// bytesPerWord is how many letters and spaces there are to a word.
const bytesPerWord = 6

// Passage is a part of a listing's words as it is indexed.
type Passage struct {
	Stems []*stem
	Words []string
}

// analyse takes folded text apart. It finds what the analysers find in the whole
// of it: no word goes over a space, so it can be read piece by piece.
func (l *TokenCache) analyse(folded string) (p Passage) {
	if folded == "" {
		return p
	}
	some := len(folded)/bytesPerWord + 1
	p.Stems, p.Words = make([]*stem, 0, some), make([]string, 0, some)
	for from := 0; from < len(folded); {
		until := from
		ascii := true
		for ; until < len(folded) && folded[until] > ' '; until++ {
			ascii = ascii && folded[until] < utf8.RuneSelf
		}
		if text := folded[from:until]; text != "" {
			// What stands around a word is no part of it. Beside other letters
			// than English ones that is left to the analysers.
			if ascii {
				text = strings.TrimFunc(text, isAround)
			}
			have := l.piece(text)
			p.Stems, p.Words = append(p.Stems, have.stems...), append(p.Words, have.words...)
		}
		from = until + 1
	}
	return p
}

func isAround(r rune) bool {
	return !('a' <= r && r <= 'z' || '0' <= r && r <= '9' || 'A' <= r && r <= 'Z' || r == '_')
}

func (l *TokenCache) piece(text string) piece {
	if text == "" {
		return piece{}
	}
	if have, ok := l.pieces[text]; ok {
		return have
	}
	p := piece{words: l.plain.Stems(text)}
	for _, s := range l.english.Stems(text) {
		p.stems = append(p.stems, &stem{s, StemNumber(s)})
	}
	if len(text) <= maxPieceBytes {
		if len(l.pieces) >= maxPieces {
			clear(l.pieces)
		}
		l.pieces[strings.Clone(text)] = p
	}
	return p
}

// Passages are the words of a listing by part.
func (l *TokenCache) Passages(a *directory.Activity) (all [PartEnd]Passage) {
	texts := ownTexts(a)
	for p, text := range texts {
		all[p] = l.analyse(text)
	}
	for i, read := range l.ofInterests(a.Interests) {
		all[interestParts[i]] = read
	}
	return all
}

// ofInterests are the words of interestParts, which many listings share.
func (l *TokenCache) ofInterests(interests []string) [len(interestParts)]Passage {
	name := strings.Join(interests, " ")
	if have, ok := l.interests[name]; ok {
		return have
	}
	var all [len(interestParts)]Passage
	for i, text := range interestTexts(l.vocabulary, interests) {
		all[i] = l.analyse(text)
	}
	if len(l.interests) >= maxInterestLists {
		clear(l.interests)
	}
	l.interests[name] = all
	return all
}
