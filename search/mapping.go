package search

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/custom"
	"github.com/blevesearch/bleve/v2/analysis/lang/en"
	"github.com/blevesearch/bleve/v2/analysis/token/lowercase"
	"github.com/blevesearch/bleve/v2/analysis/token/porter"
	unicodeTokens "github.com/blevesearch/bleve/v2/analysis/tokenizer/unicode"
	"github.com/blevesearch/bleve/v2/mapping"
	"golang.org/x/text/unicode/norm"
)

// The analysers of the index. English leaves stop words out and stems, so
// that plurals and forms of a verb meet; plain leaves words as they are, for
// Welsh, for exact words, and for finding what a misspelt word may be.
const (
	analyserEnglish = "gather_english"
	analyserPlain   = "gather_plain"
)

// The fields of a document.
const (
	fieldTitle     = "title"
	fieldGroupName = "group_name"
	fieldLabels    = "labels"  // labels of interests
	fieldWords     = "words"   // other words for interests
	fieldBroader   = "broader" // labels of broader interests
	fieldSummary   = "summary"
	fieldBody      = "body" // description and what to expect
	fieldVenue     = "venue"
	fieldPlain     = "plain" // all short texts, Welsh ones too, unstemmed

	fieldGroup      = "group"
	fieldInterest   = "interest" // own and all broader ids
	fieldAccessYes  = "access_yes"
	fieldAccessNo   = "access_no"
	fieldFirst      = "first_visit"
	fieldCommitment = "commitment"
	fieldDelivery   = "delivery"
	fieldAudience   = "audience" // made for, or open
	fieldLanguage   = "language" // or unstated
	fieldPlaces     = "places"
	fieldCatchment  = "catchment" // see catchmentTerms
	fieldDistrict   = "district"  // of the venue
	fieldSession    = "session"   // wall-clock starts, see sessionTerm
	fieldDate       = "date"      // dates with a session, see dateTerm

	fieldPounds    = "pounds"
	fieldMinAge    = "min_age"
	fieldMaxAge    = "max_age"
	fieldGroupSize = "group_size"
	fieldChecked   = "checked" // Unix seconds

	fieldAt = "at" // where the venue is

	fieldActivity = "activity" // stored: the public listing as JSON
	fieldFacts    = "facts"    // stored: its facts as JSON
)

// englishFields are searched for the stems of words, each with the weight of
// a word found there. Titles are written to be found, and labels chosen from
// a list; a word in a long description is often beside the point, and a
// broader label ("Sport") is on every listing below it. The weights are
// hypotheses, to be tested on judged queries.
var englishFields = []struct {
	name   string
	weight float64
}{
	{fieldTitle, 4}, {fieldLabels, 2.5}, {fieldWords, 2}, {fieldGroupName, 1.5}, {fieldSummary, 1.5},
	{fieldVenue, 1}, {fieldBroader, 0.7}, {fieldBody, 0.6},
}

// plainWeight is the weight of a word found as it was typed: an exact word
// beats one that only shares a stem.
const plainWeight = 1

// newMapping describes the index: which field is analysed how. Nothing is
// stored but two ready-made texts, and no field is indexed that is not named.
func newMapping() (*mapping.IndexMappingImpl, error) {
	m := bleve.NewIndexMapping()
	for name, filters := range map[string][]string{
		analyserEnglish: {lowercase.Name, en.StopName, porter.Name},
		analyserPlain:   {lowercase.Name},
	} {
		err := m.AddCustomAnalyzer(name, map[string]any{
			"type": custom.Name, "tokenizer": unicodeTokens.Name, "token_filters": filters,
		})
		if err != nil {
			return nil, fmt.Errorf("make the analyser %s: %w", name, err)
		}
	}
	doc := bleve.NewDocumentStaticMapping()
	add := func(f *mapping.FieldMapping, names ...string) {
		f.Store, f.IncludeInAll, f.IncludeTermVectors, f.DocValues = false, false, false, f.Type == "geopoint"
		for _, name := range names {
			doc.AddFieldMappingsAt(name, f)
		}
	}
	english := bleve.NewTextFieldMapping()
	english.Analyzer = analyserEnglish
	for _, f := range englishFields {
		add(english, f.name)
	}
	plain := bleve.NewTextFieldMapping()
	plain.Analyzer = analyserPlain
	add(plain, fieldPlain)
	add(bleve.NewKeywordFieldMapping(), fieldGroup, fieldInterest, fieldAccessYes, fieldAccessNo, fieldFirst, fieldCommitment,
		fieldDelivery, fieldAudience, fieldLanguage, fieldPlaces, fieldCatchment, fieldDistrict, fieldSession, fieldDate)
	add(bleve.NewNumericFieldMapping(), fieldPounds, fieldMinAge, fieldMaxAge, fieldGroupSize, fieldChecked)
	add(bleve.NewGeoPointFieldMapping(), fieldAt)
	stored := bleve.NewTextFieldMapping()
	stored.Store, stored.Index, stored.IncludeInAll, stored.IncludeTermVectors, stored.DocValues = true, false, false, false, false
	doc.AddFieldMappingsAt(fieldActivity, stored)
	doc.AddFieldMappingsAt(fieldFacts, stored)
	m.DefaultMapping = doc
	m.StoreDynamic, m.IndexDynamic, m.DocValuesDynamic = false, false, false
	return m, nil
}

// fold brings text to the form in which it is indexed and looked for: lower
// case, no accents, no apostrophes.
func fold(s string) string {
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

// terms are the terms that an analyser makes of text.
func terms(a analysis.Analyzer, text string) []string {
	var out []string
	for _, token := range a.Analyze([]byte(fold(text))) {
		out = append(out, string(token.Term))
	}
	return out
}
