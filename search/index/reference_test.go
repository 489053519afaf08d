package index

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/custom"
	"github.com/blevesearch/bleve/v2/analysis/lang/en"
	"github.com/blevesearch/bleve/v2/analysis/token/lowercase"
	"github.com/blevesearch/bleve/v2/analysis/token/porter"
	unicodeTokens "github.com/blevesearch/bleve/v2/analysis/tokenizer/unicode"
	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/search/query"
	index "github.com/blevesearch/bleve_index_api"

	"gather/directory"
	"gather/directory/gazetteer"
	"gather/directory/vocabulary"
	"gather/search"
	"gather/search/calendar"
	"gather/search/language"
	"gather/search/segment"
)

// The fields of the reference: the words of a listing by part, and its facts.
const (
	fieldParts     = "part " // and the number of the part
	fieldGroup     = "group"
	fieldInterest  = "interest" // own and all broader ids
	fieldAccessYes = "access_yes"
	fieldAccessNo  = "access_no"
	fieldFirst     = "first_visit"
	fieldChoice    = "choice " // and the name of the choice
	fieldDelivery  = "delivery"
	fieldAudience  = "audience" // made for, or open
	fieldLanguage  = "language" // or unstated
	fieldPlaces    = "places"
	fieldCatchment = "catchment" // see catchmentTerms
	fieldDistrict  = "district"  // of the venue
	fieldArea      = "area"      // of the venue, as codes
	fieldSession   = "session"   // wall-clock starts, see sessionTerm
	fieldDate      = "date"      // dates with a session, see dateTerm

	fieldPounds    = "pounds"
	fieldMinAge    = "min_age"
	fieldMaxAge    = "max_age"
	fieldGroupSize = "group_size"
	fieldChecked   = "checked" // Unix seconds

	fieldAt = "at" // where the venue is
)

// termUnstated stands for languages that are not stated.
const termUnstated = "*unstated"

// referenceMapping describes the reference: every fact is a field.
func referenceMapping() (*mapping.IndexMappingImpl, error) {
	m := bleve.NewIndexMapping()
	err := m.AddCustomAnalyzer(language.AnalyserEnglish, map[string]any{
		"type": custom.Name, "tokenizer": unicodeTokens.Name, "token_filters": []string{lowercase.Name, en.StopName, porter.Name},
	})
	if err != nil {
		return nil, err
	}
	doc := bleve.NewDocumentStaticMapping()
	add := func(f *mapping.FieldMapping, names ...string) {
		f.Store, f.IncludeInAll, f.IncludeTermVectors, f.DocValues = false, false, false, f.Type == "geopoint"
		for _, name := range names {
			doc.AddFieldMappingsAt(name, f)
		}
	}
	english := bleve.NewTextFieldMapping()
	english.Analyzer = language.AnalyserEnglish
	for p := language.PartTitle; p < language.PartEnd; p++ {
		add(english, partField(p))
	}
	add(bleve.NewKeywordFieldMapping(), fieldGroup, fieldInterest, fieldAccessYes, fieldAccessNo, fieldFirst,
		fieldDelivery, fieldAudience, fieldLanguage, fieldPlaces, fieldCatchment, fieldDistrict, fieldArea, fieldSession, fieldDate)
	for _, c := range search.Choices {
		if c.Stated != nil {
			add(bleve.NewKeywordFieldMapping(), fieldChoice+c.Name)
		}
	}
	add(bleve.NewNumericFieldMapping(), fieldPounds, fieldMinAge, fieldMaxAge, fieldGroupSize, fieldChecked)
	add(bleve.NewGeoPointFieldMapping(), fieldAt)
	m.DefaultMapping = doc
	m.StoreDynamic, m.IndexDynamic, m.DocValuesDynamic = false, false, false
	return m, nil
}

func partField(p language.Part) string { return fmt.Sprint(fieldParts, p) }

// referenceFacts are the facts that the reference checks exactly.
type referenceFacts struct {
	*segment.Facts
	sessions []calendar.Occurrence
}

// Reference answers questions by plain Bleve queries over an index of its own,
// in which every fact is a field. It is slow, and shares nothing with the
// columns but how a listing's facts are read: what it finds is what the index
// must find.
type Reference struct {
	index  bleve.Index
	maker  segment.Encoder
	orders *segment.Ordinals
	byID   map[string]*referenceFacts
	reader index.IndexReader
	slots  []*referenceFacts // by document number
	all    set
	steady map[string]set
}

// NewReference makes an empty reference in a folder that does not exist.
func NewReference(folder string, words *vocabulary.Vocabulary, places *gazetteer.Gazetteer) (*Reference, error) {
	m, err := referenceMapping()
	if err != nil {
		return nil, err
	}
	b, err := bleve.New(folder, m)
	if err != nil {
		return nil, err
	}
	english, plain, err := language.NewAnalysers()
	return &Reference{index: b, maker: segment.Encoder{Vocabulary: words, Places: places, English: english, Plain: plain}, orders: segment.NewOrdinals(words), byID: map[string]*referenceFacts{}}, err
}

// Apply puts activities in or, those that are withdrawn, takes them out.
func (r *Reference) Apply(activities []directory.Activity, now time.Time) error {
	batch := r.index.NewBatch()
	for i := range activities {
		a := activities[i].Public()
		if a.Status != directory.StatusPublished {
			batch.Delete(a.ID)
			delete(r.byID, a.ID)
			continue
		}
		f, err := r.maker.Facts(&a, now)
		if err != nil {
			return err
		}
		rf := &referenceFacts{f, calendar.UpcomingByDirectory(&a, now)}
		if err := batch.Index(a.ID, referenceDocument(r.maker, &a, rf)); err != nil {
			return err
		}
		r.byID[a.ID] = rf
	}
	if err := r.index.Batch(batch); err != nil {
		return err
	}
	return r.fill()
}

// Close lets go of the reference.
func (r *Reference) Close() error { return errors.Join(r.reader.Close(), r.index.Close()) }

// fill finds the facts of every document of the snapshot.
func (v *Reference) fill() (err error) {
	if v.reader != nil {
		if err := v.reader.Close(); err != nil {
			return err
		}
	}
	advanced, err := v.index.Advanced()
	if err != nil {
		return err
	}
	if v.reader, err = advanced.Reader(); err != nil {
		return err
	}
	byID := v.byID
	v.steady = map[string]set{}
	docs, err := v.reader.DocIDReaderAll()
	if err != nil {
		return fmt.Errorf("list the documents: %w", err)
	}
	defer func() { err = errors.Join(err, docs.Close()) }()
	slots := make([]*referenceFacts, 0, len(byID))
	for {
		id, err := docs.Next()
		if err != nil {
			return fmt.Errorf("list the documents: %w", err)
		}
		if id == nil {
			break
		}
		name, err := v.reader.ExternalID(id)
		if err != nil {
			return fmt.Errorf("read a document's id: %w", err)
		}
		for n := int(id.Value()); len(slots) <= n; {
			slots = append(slots, nil)
		}
		slots[id.Value()] = byID[name]
	}
	all := newSet(len(slots))
	for i, f := range slots {
		if f != nil {
			all.add(i)
		}
	}
	v.slots, v.all = slots, all
	return nil
}

// referenceDocument is what Bleve indexes of a listing for the reference.
func referenceDocument(m segment.Encoder, a *directory.Activity, f *referenceFacts) map[string]any {
	doc := map[string]any{
		fieldGroup: a.Group, fieldInterest: language.Rollup(m.Vocabulary, a.Interests), fieldDelivery: a.Delivery,
		fieldAccessYes: f.Access.Yes, fieldAccessNo: f.Access.No,
		fieldFirst:  f.FirstVisit.Yes,
		fieldPlaces: f.Places, fieldCatchment: segment.CatchmentTerms(a.Catchment),
		fieldChecked: float64(a.Checked.At.Unix()),
		fieldMinAge:  float64(0), fieldMaxAge: float64(search.MaxAge),
		fieldAudience: []string{segment.TermOpen}, fieldLanguage: []string{termUnstated},
	}
	for _, c := range search.Choices {
		if c.Stated == nil {
			continue
		}
		stated := slices.DeleteFunc(c.Stated(a), func(id string) bool { return id == "" })
		if len(stated) == 0 {
			stated = []string{search.NotStated}
		}
		doc[fieldChoice+c.Name] = stated
	}
	if len(a.Languages) > 0 {
		doc[fieldLanguage] = a.Languages
	}
	if who := a.Audience; who != nil {
		made := slices.Clone(who.MadeFor)
		if who.Open() {
			made = append(made, segment.TermOpen)
		}
		doc[fieldAudience] = made
		if who.MinAge != nil {
			doc[fieldMinAge] = float64(*who.MinAge)
		}
		if who.MaxAge != nil {
			doc[fieldMaxAge] = float64(*who.MaxAge)
		}
	}
	if price, ok := f.Price(); ok {
		doc[fieldPounds] = price
	}
	if n := f.GroupSize; n > 0 {
		doc[fieldGroupSize] = float64(n)
	}
	if f.HasVenue {
		doc[fieldAt] = map[string]any{"lat": f.At.Lat, "lon": f.At.Lon}
	}
	doc[fieldDistrict] = f.District.ID
	if a.Venue != nil && a.Venue.Area != nil {
		in := []string{}
		for _, code := range a.Venue.Area.Outcodes {
			in = append(in, "outcode "+code)
		}
		for _, code := range a.Venue.Area.Districts {
			in = append(in, "district "+code)
		}
		doc[fieldArea] = in
	}
	sessionTerms(m, doc, f)
	for p, text := range language.Texts(m.Vocabulary, a) {
		if p > 0 {
			doc[partField(language.Part(p))] = text
		}
	}
	return doc
}

func sessionTerms(m segment.Encoder, doc map[string]any, f *referenceFacts) {
	starts := make([]string, len(f.sessions))
	var dates []string
	for i, o := range f.sessions {
		starts[i] = sessionTerm(o.Start())
		if date := dateTerm(o.Start()); len(dates) == 0 || dates[len(dates)-1] != date {
			dates = append(dates, date)
		}
	}
	doc[fieldSession], doc[fieldDate] = starts, dates
}

// sessionTerm and dateTerm are the terms under which a session is indexed;
// they sort as time does.
func sessionTerm(w int32) string { return calendar.WallTime(w).Format("200601021504") }
func dateTerm(w int32) string    { return calendar.WallTime(w).Format("20060102") }

func term(field, value string) query.Query {
	q := query.NewTermQuery(value)
	q.SetField(field)
	return q
}
