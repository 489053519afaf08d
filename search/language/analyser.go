package language

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/custom"
	"github.com/blevesearch/bleve/v2/analysis/lang/en"
	"github.com/blevesearch/bleve/v2/analysis/token/lowercase"
	"github.com/blevesearch/bleve/v2/analysis/token/porter"
	unicodeTokens "github.com/blevesearch/bleve/v2/analysis/tokenizer/unicode"
	"github.com/blevesearch/bleve/v2/analysis/tokenizer/whitespace"
	"github.com/blevesearch/bleve/v2/mapping"
	"golang.org/x/text/unicode/norm"
)

// The analysers. English leaves stop words out and stems, so that plurals and
// forms of a verb meet; plain leaves words as they are, for what a misspelt
// word may be. Documents come to Bleve analysed already, because their stems
// are needed beside it too: there, spaces part them.
const (
	AnalyserEnglish = "gather_english"
	analyserPlain   = "gather_plain"
	AnalyserSpaces  = "gather_spaces"
)

// AddAnalysers makes the analysers known to a mapping.
func AddAnalysers(m *mapping.IndexMappingImpl) error {
	for name, parts := range map[string]struct {
		tokenizer string
		filters   []string
	}{
		AnalyserEnglish: {unicodeTokens.Name, []string{lowercase.Name, en.StopName, porter.Name}},
		analyserPlain:   {unicodeTokens.Name, []string{lowercase.Name}},
		AnalyserSpaces:  {whitespace.Name, []string{}},
	} {
		err := m.AddCustomAnalyzer(name, map[string]any{
			"type": custom.Name, "tokenizer": parts.tokenizer, "token_filters": parts.filters,
		})
		if err != nil {
			return fmt.Errorf("make the analyser %s: %w", name, err)
		}
	}
	return nil
}

// Analyser makes words of text. It is safe for concurrent use.
type Analyser struct{ analysis.Analyzer }

// NewAnalysers are the two that texts and questions are read with.
func NewAnalysers() (english, plain Analyser, err error) {
	m := bleve.NewIndexMapping()
	if err := AddAnalysers(m); err != nil {
		return Analyser{}, Analyser{}, err
	}
	return Analyser{m.AnalyzerNamed(AnalyserEnglish)}, Analyser{m.AnalyzerNamed(analyserPlain)}, nil
}

// Stems are the words that the analyser makes of folded text.
func (a Analyser) Stems(folded string) []string {
	if folded == "" {
		return nil
	}
	var out []string
	for _, token := range a.Analyze([]byte(folded)) {
		out = append(out, string(token.Term))
	}
	return out
}

// Fold brings text to the form in which it is indexed and looked for: lower
// case, no accents, no apostrophes.
func Fold(s string) string {
	if folded, ok := foldASCII(s); ok {
		return folded
	}
	return strings.Map(func(r rune) rune {
		switch r {
		case '\'', '’', '‘', 'ʼ', 'ʻ', '`', '´', '′':
			return -1
		}
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(strings.ToValidUTF8(s, " ")))
}

// foldASCII folds text that has only the letters of ASCII, as most has, in one
// pass.
func foldASCII(s string) (string, bool) {
	same := true
	for i := range len(s) {
		switch c := s[i]; {
		case c >= utf8.RuneSelf:
			return "", false
		case 'A' <= c && c <= 'Z' || c == '\'' || c == '`':
			same = false
		}
	}
	if same {
		return s, true
	}
	folded := make([]byte, 0, len(s))
	for i := range len(s) {
		switch c := s[i]; {
		case c == '\'' || c == '`':
		case 'A' <= c && c <= 'Z':
			folded = append(folded, c+'a'-'A')
		default:
			folded = append(folded, c)
		}
	}
	return string(folded), true
}
