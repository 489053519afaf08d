package segment

import (
	"slices"

	"gather/search/language"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/document"
	"github.com/blevesearch/bleve/v2/mapping"
	index "github.com/blevesearch/bleve_index_api"
)

// The fields of a document.
const (
	fieldTitle  = "title"  // stems of the title
	fieldLabels = "labels" // stems of labels of interests, and other words for them
	fieldText   = "text"   // all stems: what is not here is not found
	FieldPlain  = "plain"  // words of short texts, Welsh ones too, unstemmed
)

// NewMapping describes the index: words only, without frequencies, positions,
// numbers or stored texts; facts are kept in the file of listings.
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

// inParts are the parts of whose stems a field is made.
var inParts = []struct {
	field string
	parts []language.Part
}{
	{fieldTitle, []language.Part{language.PartTitle}},
	{fieldLabels, []language.Part{language.PartLabels, language.PartOthers}},
	{fieldText, []language.Part{language.PartTitle, language.PartLabels, language.PartOthers, language.PartBroader, language.PartGroup, language.PartSummary, language.PartVenue, language.PartWelsh, language.PartBody}},
}

// plainParts are the parts whose words are kept as they are written, to
// correct misspelt words: the short ones.
var plainParts = []language.Part{language.PartTitle, language.PartLabels, language.PartOthers, language.PartGroup, language.PartSummary, language.PartVenue, language.PartWelsh}

// NewDocument is what Bleve indexes of a listing: its stems, and its short texts
// as they are written.
func NewDocument(id string, all *[language.PartEnd]language.Passage) *document.Document {
	doc := document.NewDocument(id)
	for _, in := range inParts {
		n := 0
		for _, p := range in.parts {
			n += len(all[p].Stems)
		}
		terms := make(index.TokenFrequencies, n)
		for _, p := range in.parts {
			for _, s := range all[p].Stems {
				terms[s.Text] = once
			}
		}
		doc.AddField(&analysed{in.field, terms})
	}
	n := 0
	for _, p := range plainParts {
		n += len(all[p].Words)
	}
	terms := make(index.TokenFrequencies, n)
	for _, p := range plainParts {
		for _, w := range all[p].Words {
			terms[w] = once
		}
	}
	doc.AddField(&analysed{FieldPlain, terms})
	return doc
}

// TermsIn are the terms of a listing, as a delta segment keeps them.
func TermsIn(all *[language.PartEnd]language.Passage) docTerms {
	texts := [3][]string{}
	for i, in := range inParts {
		for _, p := range in.parts {
			for _, s := range all[p].Stems {
				texts[i] = append(texts[i], s.Text)
			}
		}
	}
	var plain []string
	for _, p := range plainParts {
		plain = append(plain, all[p].Words...)
	}
	slices.Sort(plain)
	return newDocTerms(texts[2], texts[0], texts[1], slices.Compact(plain))
}

// once is the frequency of every term: frequencies are not kept.
var once = &index.TokenFreq{}

// analysed is a field whose terms are known, so that Bleve need not analyse texts
// again. It is indexed as NewMapping describes.
type analysed struct {
	name  string
	terms index.TokenFrequencies
}

// analysedOptions are those that Bleve makes of the fields in NewMapping.
const analysedOptions = index.IndexField | index.SkipFreqNorm

func (f *analysed) Name() string                                     { return f.name }
func (f *analysed) Value() []byte                                    { return nil }
func (f *analysed) ArrayPositions() []uint64                         { return nil }
func (f *analysed) EncodedFieldType() byte                           { return 't' }
func (f *analysed) Analyze()                                         {}
func (f *analysed) Options() index.FieldIndexingOptions              { return analysedOptions }
func (f *analysed) AnalyzedLength() int                              { return len(f.terms) }
func (f *analysed) AnalyzedTokenFrequencies() index.TokenFrequencies { return f.terms }
func (f *analysed) NumPlainTextBytes() uint64                        { return 0 }

// Size is about what f takes in memory, for Bleve's own statistics.
func (f *analysed) Size() int { return 32 * len(f.terms) }
