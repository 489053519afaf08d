package search

import (
	"net/url"
	"reflect"
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
	Structure     []string  `json:"structure,omitempty" example:"side-by-side"`
	Conversation  []string  `json:"conversation,omitempty" example:"low"`
	Energy        []string  `json:"energy,omitempty" example:"seated"`
	Referral      []string  `json:"referral,omitempty" example:"self"`
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

// values are the URL parameters that mean the same as r: its fields have their
// names.
func (r Request) values() url.Values {
	v := url.Values{}
	fields := reflect.ValueOf(r)
	for i := range fields.NumField() {
		name, _, _ := strings.Cut(fields.Type().Field(i).Tag.Get("json"), ",")
		switch value := fields.Field(i).Interface().(type) {
		case string:
			set(v, name, value)
		case float64:
			set(v, name, numberOr(value, ""))
		case bool:
			set(v, name, yes(value, "true"))
		case *int:
			if value != nil {
				set(v, name, strconv.Itoa(*value))
			}
		case *int64:
			if value != nil {
				set(v, name, strconv.FormatInt(*value, 10))
			}
		case []float64:
			sides := make([]string, len(value))
			for i, side := range value {
				sides[i] = Number(side)
			}
			if value != nil {
				v.Set(name, strings.Join(sides, ","))
			}
		case []string:
			if name == "facets" {
				set(v, name, strings.Join(value, ","))
			} else if len(value) > 0 {
				v[name] = value
			}
		}
	}
	return v
}

// set sets a parameter that is not empty.
func set(v url.Values, name, value string) {
	if value != "" {
		v.Set(name, value)
	}
}
