package engines

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/custom"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/keyword"
	"github.com/blevesearch/bleve/v2/analysis/token/edgengram"
	"github.com/blevesearch/bleve/v2/analysis/tokenizer/single"
	"github.com/blevesearch/bleve/v2/analysis/tokenizer/whitespace"
	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/index/scorch/mergeplan"
	"github.com/blevesearch/bleve/v2/mapping"

	"benchmark/listings"
	"benchmark/questions"
)

// Bleve is a search built on Bleve alone, in this process: words, places, facts
// and facets are all in its index.
type Bleve struct {
	corpus               *listings.Corpus
	facts                *listings.Facts
	stems                *listings.Stemmer
	words                *questions.Dictionary
	listings, completion bleve.Index
}

// The fields of Bleve's documents.
const (
	fieldTitle    = "title" // stems of the title
	fieldRest     = "rest"  // stems of the other texts
	fieldPlain    = "plain" // unstemmed words, to correct misspelt ones
	fieldSpot     = "spot"
	fieldAccess   = "access"
	fieldDay      = "day"
	fieldCost     = "cost" // the steps of the facet that include its price
	fieldInterest = "interest"
	fieldMay      = "may"    // who may come, see terms
	fieldCircle   = "circle" // where one must live, as "lat,lon,metres"
	fieldUpdated  = "updated"
	fieldBegins   = "begins" // prefixes of a completion
	fieldKind     = "kind"
	fieldText     = "text"
)

// The terms of fieldMay other than outcodes and districts.
const (
	mayAnyone = "*anyone"
	mayCircle = "*circle"
)

// bleveConfig asks for the S2 form of positions, the faster of the two.
var bleveConfig = map[string]any{"spatialPlugin": "s2"}

// StartBleve creates empty indexes in folder.
func StartBleve(folder string, corpus *listings.Corpus, facts *listings.Facts, stems *listings.Stemmer) (b *Bleve, err error) {
	b = &Bleve{corpus: corpus, facts: facts, stems: stems}
	in := filepath.Join(folder, "bleve")
	if err := os.MkdirAll(in, 0o700); err != nil {
		return nil, err
	}
	m, err := listingMapping()
	if err != nil {
		return nil, err
	}
	if b.listings, err = bleve.NewUsing(filepath.Join(in, "listings"), m, scorch.Name, scorch.Name, bleveConfig); err != nil {
		return nil, err
	}
	if m, err = completionMapping(); err != nil {
		return nil, errors.Join(err, b.listings.Close())
	}
	if b.completion, err = bleve.NewUsing(filepath.Join(in, "completions"), m, scorch.Name, scorch.Name, nil); err != nil {
		return nil, errors.Join(err, b.listings.Close())
	}
	return b, nil
}

// field returns a mapping that is indexed and not stored; with values it can be
// used for sorting and facets.
func field(m *mapping.FieldMapping, analyser string, values bool) *mapping.FieldMapping {
	m.Store, m.IncludeInAll, m.IncludeTermVectors, m.DocValues = false, false, false, values
	if analyser != "" {
		m.Analyzer = analyser
	}
	return m
}

func strict(m *mapping.IndexMappingImpl) *mapping.DocumentMapping {
	m.DefaultMapping = bleve.NewDocumentStaticMapping()
	m.StoreDynamic, m.IndexDynamic, m.DocValuesDynamic = false, false, false
	m.ScoringModel = "bm25"
	return m.DefaultMapping
}

// spaced is an analyser that splits at spaces: texts are stemmed beforehand, in
// the same way for all engines.
const spaced = "spaced"

func listingMapping() (*mapping.IndexMappingImpl, error) {
	m := bleve.NewIndexMapping()
	d := strict(m)
	if err := m.AddCustomAnalyzer(spaced, map[string]any{"type": custom.Name, "tokenizer": whitespace.Name}); err != nil {
		return nil, err
	}
	for _, name := range []string{fieldTitle, fieldRest, fieldPlain} {
		d.AddFieldMappingsAt(name, field(bleve.NewTextFieldMapping(), spaced, false))
	}
	for _, name := range []string{fieldAccess, fieldDay, fieldCost, fieldInterest, fieldCircle} {
		d.AddFieldMappingsAt(name, field(bleve.NewTextFieldMapping(), keyword.Name, true))
	}
	d.AddFieldMappingsAt(fieldMay, field(bleve.NewTextFieldMapping(), keyword.Name, false))
	// Only an indexed field has values to sort by.
	d.AddFieldMappingsAt(fieldUpdated, field(bleve.NewNumericFieldMapping(), "", true))
	d.AddFieldMappingsAt(fieldSpot, field(bleve.NewGeoPointFieldMapping(), "", true))
	return m, nil
}

// beginnings are the lengths of the prefixes that suggestions are indexed under.
const leastBeginning, mostBeginning = 2, 12

func completionMapping() (*mapping.IndexMappingImpl, error) {
	m := bleve.NewIndexMapping()
	d := strict(m)
	const edges, begins = "edges", "begins"
	if err := errors.Join(
		m.AddCustomTokenFilter(edges, map[string]any{"type": edgengram.Name, "min": float64(leastBeginning), "max": float64(mostBeginning)}),
		m.AddCustomAnalyzer(begins, map[string]any{"type": custom.Name, "tokenizer": single.Name, "token_filters": []string{edges}}),
	); err != nil {
		return nil, err
	}
	d.AddFieldMappingsAt(fieldBegins, field(bleve.NewTextFieldMapping(), begins, false))
	text := field(bleve.NewTextFieldMapping(), keyword.Name, true)
	text.Store = true
	d.AddFieldMappingsAt(fieldText, text)
	d.AddFieldMappingsAt(fieldKind, field(bleve.NewTextFieldMapping(), keyword.Name, true))
	return m, nil
}

// Name returns "Bleve".
func (b *Bleve) Name() string { return "Bleve" }

// Measure returns BleveDistance.
func (b *Bleve) Measure() questions.Measure { return questions.BleveDistance }

// Prepare does nothing.
func (b *Bleve) Prepare(context.Context, []*questions.Question) error { return nil }

// batched is the number of documents in a batch: more takes memory and is no
// faster.
const batched = 1000

// Build indexes the corpus in the order of a space-filling curve and merges
// each index into one segment: its best layout.
func (b *Bleve) Build(ctx context.Context, words *questions.Dictionary) error {
	b.words = words
	batch := b.listings.NewBatch()
	if err := listings.InOrder(ctx, b.corpus.Size, Workers, func(i int) (bleveDocument, error) { return b.document(int(b.corpus.ByPlace[i])) },
		func(d bleveDocument) error {
			if err := batch.Index(d.id, d.fields); err != nil || batch.Size() < batched {
				return err
			}
			defer batch.Reset()
			return b.listings.Batch(batch)
		}); err != nil {
		return fmt.Errorf("index with Bleve: %w", err)
	}
	if err := b.listings.Batch(batch); err != nil {
		return fmt.Errorf("index with Bleve: %w", err)
	}
	if err := b.indexPrompts(ctx); err != nil {
		return fmt.Errorf("index with Bleve: %w", err)
	}
	return errors.Join(mergeAll(ctx, b.listings), mergeAll(ctx, b.completion))
}

// mergeAll merges an index into one segment.
func mergeAll(ctx context.Context, x bleve.Index) error {
	inner, err := x.Advanced()
	if err != nil {
		return err
	}
	return inner.(*scorch.Scorch).ForceMerge(ctx, &mergeplan.SingleSegmentMergePlanOptions)
}

// bleveDocument is a listing as a document for Bleve.
type bleveDocument struct {
	id     string
	fields map[string]any
}

func (b *Bleve) document(n int) (d bleveDocument, err error) {
	a, err := b.corpus.Listing(n)
	if err != nil {
		return d, err
	}
	r := b.facts.Row(a)
	stems := func(texts ...string) string { return strings.Join(b.stems.Stems(strings.Join(texts, " ")), " ") }
	f := map[string]any{
		fieldTitle: stems(r.TitleText), fieldRest: stems(r.LabelText, r.BriefText, r.Body), fieldPlain: strings.Join(listings.Split(r.Plain), " "),
		fieldUpdated: float64(r.Updated),
	}
	var access, day, cost, interest []string
	for i := range b.facts.Access {
		if r.Access&(1<<i) != 0 {
			access = append(access, strconv.Itoa(i))
		}
	}
	for i := range 7 {
		if r.Days&(1<<i) != 0 {
			day = append(day, strconv.Itoa(i))
		}
	}
	for i, most := range listings.CostSteps {
		if r.Pounds >= 0 && r.Pounds <= most {
			cost = append(cost, strconv.Itoa(i))
		}
	}
	for _, i := range r.Interests {
		interest = append(interest, strconv.Itoa(i))
	}
	f[fieldAccess], f[fieldDay], f[fieldCost], f[fieldInterest] = access, day, cost, interest
	if r.Venue {
		f[fieldSpot] = []float64{r.Position.Lon, r.Position.Lat}
	}
	switch {
	case r.Radius > 0:
		f[fieldMay], f[fieldCircle] = mayCircle, exact(r.Centre.Lat)+","+exact(r.Centre.Lon)+","+exact(r.Radius)
	case r.Catchment != nil:
		f[fieldMay] = r.Catchment
	default:
		f[fieldMay] = mayAnyone
	}
	return bleveDocument{r.ID, f}, nil
}

// indexPrompts indexes the suggestions: each text once, with its prefixes.
func (b *Bleve) indexPrompts(ctx context.Context) error {
	all, err := completions(ctx, b.corpus)
	if err != nil {
		return err
	}
	slices.SortFunc(all, func(x, y completion) int {
		if x.kind != y.kind {
			return x.kind - y.kind
		}
		return strings.Compare(x.text, y.text)
	})
	batch := b.completion.NewBatch()
	for i := 0; i < len(all); {
		first := all[i]
		var keys []string
		for ; i < len(all) && all[i].kind == first.kind && all[i].text == first.text; i++ {
			keys = append(keys, all[i].key)
		}
		if err := batch.Index(strconv.Itoa(i), map[string]any{fieldBegins: keys, fieldKind: strconv.Itoa(first.kind), fieldText: first.text}); err != nil {
			return err
		}
		if batch.Size() >= batched || i == len(all) {
			if err := b.completion.Batch(batch); err != nil {
				return err
			}
			batch.Reset()
		}
	}
	return nil
}

// Update indexes the revisions of the corpus.
func (b *Bleve) Update(ctx context.Context) error {
	for ns := range slices.Chunk(b.corpus.Revisions(), updatesAtOnce) {
		batch := b.listings.NewBatch()
		for _, n := range ns {
			d, err := b.document(n)
			if err != nil {
				return err
			}
			if err := batch.Index(d.id, d.fields); err != nil {
				return fmt.Errorf("update Bleve: %w", err)
			}
		}
		if err := errors.Join(b.listings.Batch(batch), ctx.Err()); err != nil {
			return fmt.Errorf("update Bleve: %w", err)
		}
	}
	return nil
}

// Close closes the indexes.
func (b *Bleve) Close() error { return errors.Join(b.listings.Close(), b.completion.Close()) }
