package listings

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/analysis/lang/en"
	"github.com/blevesearch/bleve/v2/analysis/token/porter"
	"github.com/blevesearch/bleve/v2/registry"
	"golang.org/x/text/unicode/norm"
)

// Split returns the words of text as Gather indexes them: lower case, no accents
// or apostrophes, letters and digits only.
func Split(text string) []string {
	if words, ok := splitPlain(text); ok {
		return words
	}
	folded := strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune("'’‘ʼʻ`´′", r), unicode.Is(unicode.Mn, r):
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(text))
	return strings.FieldsFunc(folded, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// splitPlain is Split for ASCII, the most common case, and false for other text.
func splitPlain(text string) ([]string, bool) {
	lower := make([]byte, 0, len(text))
	for i := range len(text) {
		switch c := text[i]; {
		case c >= utf8.RuneSelf:
			return nil, false
		case c == '\'' || c == '`':
		case c >= 'A' && c <= 'Z':
			lower = append(lower, c+'a'-'A')
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
			lower = append(lower, c)
		default:
			lower = append(lower, ' ')
		}
	}
	return strings.Fields(string(lower)), true
}

// Stemmer stems words for all engines, so that all of them search for the same
// terms: Porter's stems, without English stop words. It is safe for concurrent use.
type Stemmer struct {
	stop, stem analysis.TokenFilter
	known      sync.Map // word to stem
}

// NewStemmer returns a Stemmer. The error is Bleve's when it lacks a filter.
func NewStemmer() (*Stemmer, error) {
	cache := registry.NewCache()
	stop, err := cache.TokenFilterNamed(en.StopName)
	if err != nil {
		return nil, err
	}
	stem, err := cache.TokenFilterNamed(porter.Name)
	if err != nil {
		return nil, err
	}
	return &Stemmer{stop: stop, stem: stem}, nil
}

// Stem returns the stem of a word from Split, empty for a stop word.
func (s *Stemmer) Stem(word string) string {
	if known, ok := s.known.Load(word); ok {
		return known.(string)
	}
	tokens := s.stem.Filter(s.stop.Filter(analysis.TokenStream{{Term: []byte(word), Type: analysis.AlphaNumeric}}))
	stem := ""
	if len(tokens) > 0 {
		stem = string(tokens[0].Term)
	}
	s.known.Store(strings.Clone(word), stem) // a substring would keep the text in memory
	return stem
}

// Forget empties the cache of stems, to free its memory.
func (s *Stemmer) Forget() { s.known.Clear() }

// Stems returns the stems of a text in order, without stop words.
func (s *Stemmer) Stems(text string) []string {
	var out []string
	for _, w := range Split(text) {
		if stem := s.Stem(w); stem != "" {
			out = append(out, stem)
		}
	}
	return out
}
