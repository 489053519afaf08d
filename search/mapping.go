package search

import (
	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/mapping"
)

// The fields of a document.
const (
	fieldTitle  = "title"  // stems of the title
	fieldLabels = "labels" // stems of labels of interests, and other words for them
	fieldText   = "text"   // all stems: what is not here is not found
	fieldPlain  = "plain"  // words of short texts, Welsh ones too, unstemmed
)

// newMapping describes the index: words only, without frequencies of places,
// numbers or stored texts; the facts lie beside it.
func newMapping() (*mapping.IndexMappingImpl, error) {
	m := bleve.NewIndexMapping()
	if err := addAnalysers(m); err != nil {
		return nil, err
	}
	words := bleve.NewTextFieldMapping()
	words.Analyzer, words.Store, words.IncludeInAll, words.IncludeTermVectors, words.DocValues = analyserSpaces, false, false, false, false
	words.SkipFreqNorm = true
	doc := bleve.NewDocumentStaticMapping()
	for _, name := range []string{fieldTitle, fieldLabels, fieldText, fieldPlain} {
		doc.AddFieldMappingsAt(name, words)
	}
	m.DefaultMapping = doc
	m.StoreDynamic, m.IndexDynamic, m.DocValuesDynamic = false, false, false
	return m, nil
}
