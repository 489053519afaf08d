package search

import (
	"net/url"
	"strconv"
	"strings"

	"gather/directory"
	"gather/directory/vocabulary"
)

// Request is a Query as a JSON body, for needs that should not stand in a URL.
// Its fields are the parameters of the same names; in a list, every entry must
// hold, and an entry may name alternatives with commas.
type Request struct {
	Q             string    `json:"q,omitempty" example:"chair yoga"`
	Words         string    `json:"words,omitempty" enums:"literal"`
	Near          string    `json:"near,omitempty" example:"M33 7DB"`
	Within        float64   `json:"within,omitempty" example:"3"` // miles
	BBox          []float64 `json:"bbox,omitempty"`               // west, south, east, north
	Interest      []string  `json:"interest,omitempty" example:"yoga"`
	Access        []string  `json:"access,omitempty" example:"step-free"`
	AccessUnknown string    `json:"access_unknown,omitempty" enums:"include,exclude"`
	FirstVisit    []string  `json:"first_visit,omitempty" example:"met-on-arrival"`
	GroupMax      *int      `json:"group_max,omitempty"`
	Commitment    []string  `json:"commitment,omitempty" example:"drop-in"`
	Day           []string  `json:"day,omitempty" example:"tue"`
	Time          []string  `json:"time,omitempty" example:"morning"`
	From          string    `json:"from,omitempty" format:"date"`
	To            string    `json:"to,omitempty" format:"date"`
	Cost          string    `json:"cost,omitempty" example:"free"`
	Age           *int      `json:"age,omitempty" example:"72"`
	For           []string  `json:"for,omitempty" example:"carers"`
	Language      []string  `json:"language,omitempty" example:"cy"`
	Delivery      []string  `json:"delivery,omitempty" example:"venue"`
	Places        string    `json:"places,omitempty" enums:"now"`
	Checked       *int      `json:"checked,omitempty"` // months
	Group         string    `json:"group,omitempty" format:"uuid"`
	Sort          string    `json:"sort,omitempty" enums:"best,distance,soonest,updated,title"`
	Limit         *int      `json:"limit,omitempty" example:"20"`
	Cursor        string    `json:"cursor,omitempty"`
	Facets        []string  `json:"facets,omitempty" example:"access"`
	Explain       bool      `json:"explain,omitempty"`
	Lang          string    `json:"lang,omitempty" enums:"en,cy"`
	AfterChange   *int64    `json:"after_change,omitempty"`
}

// DecodeQuery reads a Query from a JSON body as Request describes it, under
// the rules of directory.Decode and ParseQuery. The error is a
// *directory.Invalid with every fault.
func DecodeQuery(body []byte, words *vocabulary.Vocabulary) (Query, error) {
	var r Request
	if err := directory.Decode(body, &r); err != nil {
		return Query{}, err
	}
	return ParseQuery(r.values(), words)
}

// values are the URL parameters that mean the same as r.
func (r Request) values() url.Values {
	v := url.Values{}
	for _, text := range []struct{ name, value string }{
		{"q", r.Q}, {"words", r.Words}, {"near", r.Near}, {"access_unknown", r.AccessUnknown}, {"from", r.From}, {"to", r.To}, {"cost", r.Cost},
		{"places", r.Places}, {"group", r.Group}, {"sort", r.Sort}, {"cursor", r.Cursor}, {"lang", r.Lang},
		{"facets", strings.Join(r.Facets, ",")},
	} {
		if text.value != "" {
			v.Set(text.name, text.value)
		}
	}
	for _, list := range []struct {
		name   string
		values []string
	}{
		{"interest", r.Interest}, {"access", r.Access}, {"first_visit", r.FirstVisit}, {"commitment", r.Commitment},
		{"day", r.Day}, {"time", r.Time}, {"for", r.For}, {"language", r.Language}, {"delivery", r.Delivery},
	} {
		if len(list.values) > 0 {
			v[list.name] = list.values
		}
	}
	for _, whole := range []struct {
		name  string
		value *int
	}{{"group_max", r.GroupMax}, {"age", r.Age}, {"checked", r.Checked}, {"limit", r.Limit}} {
		if whole.value != nil {
			v.Set(whole.name, strconv.Itoa(*whole.value))
		}
	}
	if r.Within != 0 {
		v.Set("within", Number(r.Within))
	}
	if r.BBox != nil {
		sides := make([]string, len(r.BBox))
		for i, side := range r.BBox {
			sides[i] = Number(side)
		}
		v.Set("bbox", strings.Join(sides, ","))
	}
	if r.Explain {
		v.Set("explain", "true")
	}
	if r.AfterChange != nil {
		v.Set("after_change", strconv.FormatInt(*r.AfterChange, 10))
	}
	return v
}
