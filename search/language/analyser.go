package language

import (
	"fmt"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/custom"
	"github.com/blevesearch/bleve/v2/analysis/lang/en"
	"github.com/blevesearch/bleve/v2/analysis/token/lowercase"
	"github.com/blevesearch/bleve/v2/analysis/token/porter"
	unicodeTokens "github.com/blevesearch/bleve/v2/analysis/tokenizer/unicode"
	"github.com/blevesearch/bleve/v2/analysis/tokenizer/whitespace"
	"github.com/blevesearch/bleve/v2/mapping"
)

// The names of the analysers in a mapping. English removes stop words and stems,
// so that plurals and the forms of a verb match; plain keeps words as they are,
// for spelling corrections. Listings reach Bleve already analysed, because their
// stems are stored outside it too: the spaces analyser only splits them again.
const (
	AnalyserEnglish = "gather_english"
	analyserPlain   = "gather_plain"
	AnalyserSpaces  = "gather_spaces"
)

// AddAnalysers defines the analysers in a mapping, by the names above.
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
			return fmt.Errorf("define the analyser %s: %w", name, err)
		}
	}
	return nil
}

// Analyser splits text into words. It is safe for concurrent use.
type Analyser struct{ analyzer analysis.Analyzer }

// NewAnalysers returns the English and the plain analyser, see AnalyserEnglish.
func NewAnalysers() (english, plain Analyser, err error) {
	m := bleve.NewIndexMapping()
	if err := AddAnalysers(m); err != nil {
		return Analyser{}, Analyser{}, err
	}
	return Analyser{m.AnalyzerNamed(AnalyserEnglish)}, Analyser{m.AnalyzerNamed(analyserPlain)}, nil
}

// Stems returns the words of folded text in order, as the analyser leaves them:
// stemmed or plain.
func (a Analyser) Stems(folded string) []string {
	if folded == "" {
		return nil
	}
	var out []string
	for _, token := range a.analyzer.Analyze([]byte(folded)) {
		out = append(out, string(token.Term))
	}
	return out
}
