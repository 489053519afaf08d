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
	interests      map[string][len(interestParts)]passage
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
	// mostInterests is how many lists of interests are remembered, of a few
	// kilobytes each.
	mostInterests = 1 << 12
)

func newLexicon(english, plain analyser) *lexicon {
	return &lexicon{english: english, plain: plain, pieces: map[string]piece{}, interests: map[string][len(interestParts)]passage{}}
}

// usualWord is how many letters and spaces there are to a word.
const usualWord = 6

// passage is a part of a listing's words as it is indexed.
type passage struct {
	stems []*stem
	words []string
}

// read takes folded text apart. It finds what the analysers find in the whole
// of it: no word goes over a space, so it can be read piece by piece.
func (l *lexicon) read(folded string) (p passage) {
	if folded == "" {
		return p
	}
	some := len(folded)/usualWord + 1
	p.stems, p.words = make([]*stem, 0, some), make([]string, 0, some)
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
	texts := m.ownTexts(a)
	for p, text := range texts {
		all[p] = l.read(text)
	}
	for i, read := range l.ofInterests(m, a.Interests) {
		all[interestParts[i]] = read
	}
	return all
}

// ofInterests are the words of interestParts, which many listings share.
func (l *lexicon) ofInterests(m maker, interests []string) [len(interestParts)]passage {
	name := strings.Join(interests, " ")
	if have, ok := l.interests[name]; ok {
		return have
	}
	var all [len(interestParts)]passage
	for i, text := range m.interestTexts(interests) {
		all[i] = l.read(text)
	}
	if len(l.interests) >= mostInterests {
		clear(l.interests)
	}
	l.interests[name] = all
	return all
}
