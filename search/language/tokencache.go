package language

import (
	"strings"
	"unicode/utf8"

	"gather/directory"
	"gather/directory/vocabulary"
)

// TokenCache analyses the texts of listings and caches what the analysers make of
// each word: listings repeat the same words, and looking one up takes a
// twentieth of the time of analysing it. One goroutine uses it at a time.
type TokenCache struct {
	vocabulary     *vocabulary.Vocabulary
	english, plain Analyser
	pieces         map[string]piece
	interests      map[string][len(interestParts)]Passage
}

// piece is the text between two spaces: usually one word, two where a hyphen
// joins them, none for a dash.
type piece struct {
	stems []*Stem
	words []string // unstemmed
}

// Stem is one stem of a listing. It is shared and must not be changed.
type Stem struct {
	Text   string
	number uint32 // its StemNumber
}

const (
	// maxPieces bounds the memory of a cache to about ten megabytes. A full cache
	// is emptied: the common words are back at once.
	maxPieces = 1 << 16
	// maxPieceBytes is the longest piece that is cached: longer ones are addresses
	// of web pages, which are not repeated.
	maxPieceBytes = 48
	// maxInterestLists is how many lists of interests are cached, of a few
	// kilobytes each.
	maxInterestLists = 1 << 12
)

// NewTokenCache returns an empty cache.
func NewTokenCache(words *vocabulary.Vocabulary, english, plain Analyser) *TokenCache {
	return &TokenCache{vocabulary: words, english: english, plain: plain, pieces: map[string]piece{}, interests: map[string][len(interestParts)]Passage{}}
}

// bytesPerWord is about how long a word is with its space.
const bytesPerWord = 6

// Passage is one part of a listing as it is indexed, in order.
type Passage struct {
	Stems []*Stem
	Words []string // unstemmed, stop words too
}

// analyse splits folded text. It finds what the analysers find in the whole text,
// because no word contains a space.
func (c *TokenCache) analyse(folded string) (p Passage) {
	if folded == "" {
		return p
	}
	some := len(folded)/bytesPerWord + 1
	p.Stems, p.Words = make([]*Stem, 0, some), make([]string, 0, some)
	for from := 0; from < len(folded); {
		until := from
		ascii := true
		for ; until < len(folded) && folded[until] > ' '; until++ {
			ascii = ascii && folded[until] < utf8.RuneSelf
		}
		if text := folded[from:until]; text != "" {
			// Punctuation around a word is cut off, for fewer different pieces. What
			// counts as punctuation is known for certain in ASCII only.
			if ascii {
				text = strings.TrimFunc(text, isPunctuation)
			}
			have := c.piece(text)
			p.Stems, p.Words = append(p.Stems, have.stems...), append(p.Words, have.words...)
		}
		from = until + 1
	}
	return p
}

func isPunctuation(r rune) bool {
	return !('a' <= r && r <= 'z' || '0' <= r && r <= '9' || 'A' <= r && r <= 'Z' || r == '_')
}

func (c *TokenCache) piece(text string) piece {
	if text == "" {
		return piece{}
	}
	if have, ok := c.pieces[text]; ok {
		return have
	}
	p := piece{words: c.plain.Stems(text)}
	for _, s := range c.english.Stems(text) {
		p.stems = append(p.stems, &Stem{s, StemNumber(s)})
	}
	if len(text) <= maxPieceBytes {
		if len(c.pieces) >= maxPieces {
			clear(c.pieces)
		}
		c.pieces[strings.Clone(text)] = p
	}
	return p
}

// Passages returns the words of a listing by part, see Texts.
func (c *TokenCache) Passages(a *directory.Activity) (all [PartEnd]Passage) {
	texts := ownTexts(a)
	for p, text := range texts {
		all[p] = c.analyse(text)
	}
	for i, read := range c.ofInterests(a.Interests) {
		all[interestParts[i]] = read
	}
	return all
}

// ofInterests returns the words of interestParts, which many listings share.
func (c *TokenCache) ofInterests(interests []string) [len(interestParts)]Passage {
	name := strings.Join(interests, " ")
	if have, ok := c.interests[name]; ok {
		return have
	}
	var all [len(interestParts)]Passage
	for i, text := range interestTexts(c.vocabulary, interests) {
		all[i] = c.analyse(text)
	}
	if len(c.interests) >= maxInterestLists {
		clear(c.interests)
	}
	c.interests[name] = all
	return all
}
