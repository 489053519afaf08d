package search

import (
	"strings"
	"unicode/utf8"

	"gather/directory"
)

// lexicon remembers what the analysers make of pieces of text: listings say
// the same words over and over, and looking a piece up takes a twentieth of
// the time of taking it apart. One goroutine uses it at a time.
type lexicon struct {
	english, plain analyser
	pieces         map[string]piece
}

// piece is what stands between two spaces: usually one word, two when joined
// by a hyphen, none when it is a dash or a stop word.
type piece struct {
	stems []*stem
	words []string // unstemmed
}

// stem is a stem with what the index needs of it.
type stem struct {
	text   string
	number uint32 // see stemNumber
}

const (
	// mostPieces bounds the memory of a lexicon to about ten megabytes. When it
	// is full all is forgotten: the common words are back at once.
	mostPieces = 1 << 16
	// longestPiece is how many bytes of a piece are remembered: longer ones are
	// addresses of web pages, which do not come again.
	longestPiece = 48
)

func newLexicon(english, plain analyser) *lexicon {
	return &lexicon{english: english, plain: plain, pieces: map[string]piece{}}
}

// passage is a part of a listing's words as it is indexed.
type passage struct {
	stems []*stem
	words []string
}

// read takes folded text apart. It finds what the analysers find in the whole
// of it: no word goes over a space, so it can be read piece by piece.
func (l *lexicon) read(folded string) (p passage) {
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
			p.stems, p.words = append(p.stems, have.stems...), append(p.words, have.words...)
		}
		from = until + 1
	}
	return p
}

func isAround(r rune) bool {
	return !('a' <= r && r <= 'z' || '0' <= r && r <= '9' || 'A' <= r && r <= 'Z' || r == '_')
}

func (l *lexicon) piece(text string) piece {
	if text == "" {
		return piece{}
	}
	if have, ok := l.pieces[text]; ok {
		return have
	}
	p := piece{words: l.plain.stems(text)}
	for _, s := range l.english.stems(text) {
		p.stems = append(p.stems, &stem{s, stemNumber(s)})
	}
	if len(text) <= longestPiece {
		if len(l.pieces) >= mostPieces {
			clear(l.pieces)
		}
		l.pieces[strings.Clone(text)] = p
	}
	return p
}

// lexicons are those that nobody uses now, for as many goroutines as make
// documents at a time.
type lexicons chan *lexicon

// mostMakers is how many goroutines make documents at a time.
const mostMakers = 4

func newLexicons() lexicons { return make(lexicons, mostMakers) }

func (all lexicons) take(m maker) *lexicon {
	select {
	case l := <-all:
		return l
	default:
		return newLexicon(m.english, m.plain)
	}
}

func (all lexicons) giveBack(l *lexicon) {
	select {
	case all <- l:
	default: // there are enough
	}
}

// passages are the words of a listing by part.
func (l *lexicon) passages(m maker, a *directory.Activity) (all [partEnd]passage) {
	texts := m.texts(a)
	for p := partTitle; p < partEnd; p++ {
		all[p] = l.read(texts[p])
	}
	return all
}
