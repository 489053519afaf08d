package segment

import (
	"gather/search/language"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/mapping"
)

// The fields of a document.
const (
	fieldTitle  = "title"  // stems of the title
	fieldLabels = "labels" // stems of labels of interests, and other words for them
	fieldText   = "text"   // all stems: what is not here is not found
	FieldPlain  = "plain"  // words of short texts, Welsh ones too, unstemmed
)

// NewMapping describes the index: words only, without frequencies of places,
// numbers or stored texts; the facts lie beside it.
func NewMapping() (*mapping.IndexMappingImpl, error) {
	m := bleve.NewIndexMapping()
	if err := language.AddAnalysers(m); err != nil {
		return nil, err
	}
	words := bleve.NewTextFieldMapping()
	words.Analyzer, words.Store, words.IncludeInAll, words.IncludeTermVectors, words.DocValues = language.AnalyserSpaces, false, false, false, false
	words.SkipFreqNorm = true
	doc := bleve.NewDocumentStaticMapping()
	for _, name := range []string{fieldTitle, fieldLabels, fieldText, FieldPlain} {
		doc.AddFieldMappingsAt(name, words)
	}
	m.DefaultMapping = doc
	m.StoreDynamic, m.IndexDynamic, m.DocValuesDynamic = false, false, false
	return m, nil
}
