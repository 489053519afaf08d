package engines

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/geo"
	"github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/query"
	index "github.com/blevesearch/bleve_index_api"

	"benchmark/questions"

	"gather/directory"
)

// titleBoost is the weight of a word in a title; elsewhere it is 1.
const titleBoost = 4

func term(field, value string) query.Query {
	q := bleve.NewTermQuery(value)
	q.SetField(field)
	return q
}

// anyStem returns a query for documents with any of the stems. There must be at
// least one, and none empty: an empty query would match everything.
func anyStem(stems []string) query.Query {
	var all []query.Query
	for _, s := range stems {
		title := bleve.NewTermQuery(s)
		title.SetField(fieldTitle)
		title.SetBoost(titleBoost)
		all = append(all, title, term(fieldRest, s))
	}
	return bleve.NewDisjunctionQuery(all...)
}

// inCircle returns a query for the venues in a circle.
func inCircle(p directory.Position, metres float64) query.Query {
	q := bleve.NewGeoDistanceQuery(p.Lon, p.Lat, exact(metres)+"m")
	q.SetField(fieldSpot)
	return q
}

// reach returns a query for listings within the distance of the question whose
// catchment includes its place.
func reach(q *questions.Question) []query.Query {
	circle := inCircle(q.Here.Position, q.Metres)
	inside := query.NewCustomFilterQueryWithFilter(bleve.NewConjunctionQuery(term(fieldMay, mayCircle), inCircle(q.Here.Position, q.Metres)),
		func(_ context.Context, d *search.DocumentMatch) (bool, error) {
			text, _ := d.Fields[fieldCircle].(string)
			return within(text, q.Here.Position), nil
		}, []string{fieldCircle}, nil)
	return []query.Query{circle, bleve.NewDisjunctionQuery(term(fieldMay, mayAnyone), term(fieldMay, q.Here.Outcode), term(fieldMay, q.Here.District), inside)}
}

// within reports whether a position is in a circle "lat,lon,metres".
func within(circle string, p directory.Position) bool {
	lat, rest, _ := strings.Cut(circle, ",")
	lon, metres, _ := strings.Cut(rest, ",")
	y, err1 := strconv.ParseFloat(lat, 64)
	x, err2 := strconv.ParseFloat(lon, 64)
	most, err3 := strconv.ParseFloat(metres, 64)
	return err1 == nil && err2 == nil && err3 == nil && geo.Haversin(x, y, p.Lon, p.Lat)*1000 <= most
}

// bleveReply is the page and the counts by facet.
type bleveReply struct {
	total  int
	ids    []string
	counts map[string]*search.FacetResult
}

// Ask asks the index.
func (b *Bleve) Ask(ctx context.Context, _ int, q *questions.Question) (any, error) {
	switch q.Kind {
	case questions.Suggesting:
		return b.suggest(ctx, q)
	case questions.Deep:
		r := bleve.NewSearchRequestOptions(bleve.NewMatchAllQuery(), questions.PageSize, 0, false)
		r.Score = "none"
		r.SortByCustom(newestFirst)
		r.SetSearchAfter([]string{strconv.FormatInt(q.After.Updated, 10), q.After.ID})
		return b.page(ctx, r)
	case questions.Box:
		box := bleve.NewGeoBoundingBoxQuery(q.Box.West, q.Box.North, q.Box.East, q.Box.South)
		box.SetField(fieldSpot)
		r := bleve.NewSearchRequestOptions(bleve.NewConjunctionQuery(term(fieldInterest, strconv.Itoa(q.Interest)), box), questions.PageSize, 0, false)
		r.Score = "none"
		r.SortByCustom(newestFirst)
		return b.page(ctx, r)
	case questions.Typo:
		stems, err := b.mended(q)
		if err != nil {
			return nil, err
		}
		return b.page(ctx, bleve.NewSearchRequestOptions(anyStem(stems), questions.PageSize, 0, false))
	}
	return b.counted(ctx, q)
}

// newestFirst is the order by update, newest first.
var newestFirst = search.SortOrder{&search.SortField{Field: fieldUpdated, Desc: true, Type: search.SortFieldAsNumber}, &search.SortDocID{}}

func (b *Bleve) page(ctx context.Context, r *bleve.SearchRequest) (reply bleveReply, err error) {
	found, err := b.listings.SearchInContext(ctx, r)
	if err != nil {
		return reply, err
	}
	reply.total, reply.counts = int(found.Total), found.Facets
	for _, hit := range found.Hits {
		reply.ids = append(reply.ids, hit.ID)
	}
	return reply, nil
}

func (b *Bleve) suggest(ctx context.Context, q *questions.Question) ([]string, error) {
	r := bleve.NewSearchRequestOptions(term(fieldBegins, q.Beginning), questions.Suggestions, 0, false)
	r.Score, r.Fields = "none", []string{fieldText}
	r.SortBy([]string{fieldKind, fieldText})
	found, err := b.completion.SearchInContext(ctx, r)
	if err != nil {
		return nil, err
	}
	var texts []string
	for _, hit := range found.Hits {
		text, _ := hit.Fields[fieldText].(string)
		texts = append(texts, text)
	}
	return texts, nil
}

// maxFacet is the greatest number of values of a facet.
const maxFacet = 50

// counted asks a question with facets. A facet ignores its own filter, so one with
// a filter needs a search of its own.
func (b *Bleve) counted(ctx context.Context, q *questions.Question) (reply bleveReply, err error) {
	var base []query.Query
	if len(q.Stems) > 0 {
		base = append(base, anyStem(q.Stems))
	}
	if q.Here != nil {
		base = append(base, reach(q)...)
	}
	filters := map[string]query.Query{}
	if q.Access != questions.None {
		filters[fieldAccess] = term(fieldAccess, strconv.Itoa(q.Access))
	}
	if q.Free {
		filters[fieldCost] = term(fieldCost, "0")
	}
	if q.Day != questions.None {
		filters[fieldDay] = term(fieldDay, strconv.Itoa(q.Day))
	}
	request := func(without string, size int) *bleve.SearchRequest {
		all := slices.Clone(base)
		for _, field := range []string{fieldAccess, fieldCost, fieldDay} { // in the same order each time
			if f := filters[field]; f != nil && field != without {
				all = append(all, f)
			}
		}
		r := bleve.NewSearchRequestOptions(bleve.NewConjunctionQuery(all...), size, 0, false)
		if len(q.Stems) == 0 || size == 0 {
			r.Score = "none"
		}
		return r
	}
	main := request("", questions.PageSize)
	for _, field := range []string{fieldInterest, fieldAccess, fieldDay, fieldCost} {
		if filters[field] == nil {
			main.AddFacet(field, bleve.NewFacetRequest(field, maxFacet))
		}
	}
	if reply, err = b.page(ctx, main); err != nil {
		return reply, err
	}
	for field := range filters {
		r := request(field, 0)
		r.AddFacet(field, bleve.NewFacetRequest(field, maxFacet))
		more, err := b.page(ctx, r)
		if err != nil {
			return reply, err
		}
		reply.counts[field] = more.counts[field]
	}
	return reply, nil
}

// mended returns the stems of a question whose first word is misspelt: it is
// corrected to the most common similar words of all listings.
func (b *Bleve) mended(q *questions.Question) ([]string, error) {
	inner, err := b.listings.Advanced()
	if err != nil {
		return nil, err
	}
	reader, err := inner.Reader()
	if err != nil {
		return nil, err
	}
	defer reader.Close()
	dict, err := reader.(index.IndexReaderFuzzy).FieldDictFuzzy(fieldPlain, q.Misspelt, 1, "")
	if err != nil {
		return nil, err
	}
	defer dict.Close()
	var near []string
	for entry, err := dict.Next(); entry != nil || err != nil; entry, err = dict.Next() {
		if err != nil {
			return nil, err
		}
		if questions.OneEdit(entry.Term, q.Misspelt) && b.words.Plain[entry.Term] > 0 {
			near = append(near, entry.Term)
		}
	}
	return b.words.Take(near, strings.Fields(q.Query.Words)[1:], b.stems), nil
}

// Read decodes the reply of Ask.
func (b *Bleve) Read(q *questions.Question, reply any) Answer {
	if texts, ok := reply.([]string); ok {
		return Answer{Total: -1, IDs: texts}
	}
	r := reply.(bleveReply)
	a := Answer{Total: r.total, IDs: r.ids}
	if q.Kind == questions.Deep {
		a.Total = -1
	}
	if len(q.Query.Facets) == 0 {
		return a
	}
	a.Counts = &questions.Counts{Interest: make([]int, len(b.facts.Interests)), Access: make([]int, len(b.facts.Access))}
	for field, to := range map[string][]int{fieldInterest: a.Counts.Interest, fieldAccess: a.Counts.Access, fieldDay: a.Counts.Days[:], fieldCost: a.Counts.Cost[:]} {
		if r.counts[field] == nil {
			continue
		}
		for _, t := range r.counts[field].Terms.Terms() {
			if i, err := strconv.Atoi(t.Term); err == nil {
				to[i] = t.Count
			}
		}
	}
	return a
}
