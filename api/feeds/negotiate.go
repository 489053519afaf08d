package feeds

import (
	"errors"
	"mime"
	"slices"
	"strconv"
	"strings"
)

// Format is a format of responses about activities.
type Format string

// The formats, each named by its file ending.
const (
	JSON    Format = "json"
	HTML    Format = "html"
	GeoJSON Format = "geojson"
	CSV     Format = "csv"
	Atom    Format = "atom"
	ICS     Format = "ics"
	JSONLD  Format = "jsonld"
	NDJSON  Format = "ndjson"
)

// formats are the formats with their file endings and their media types without
// parameters.
var formats = []struct {
	format  Format
	endings []string
	types   []string
	content string // the Content-Type of a response
}{
	{JSON, []string{"json"}, []string{"application/json"}, "application/json; charset=utf-8"},
	{HTML, []string{"html", "htm"}, []string{"text/html", "application/xhtml+xml"}, "text/html; charset=utf-8"},
	{GeoJSON, []string{"geojson"}, []string{"application/geo+json", "application/vnd.geo+json"}, "application/geo+json"},
	{CSV, []string{"csv"}, []string{"text/csv"}, "text/csv; charset=utf-8; header=present"},
	{Atom, []string{"atom"}, []string{"application/atom+xml"}, "application/atom+xml; charset=utf-8"},
	{ICS, []string{"ics"}, []string{"text/calendar"}, "text/calendar; charset=utf-8"},
	{JSONLD, []string{"jsonld"}, []string{"application/ld+json"}, "application/ld+json"},
	{NDJSON, []string{"ndjson"}, []string{"application/x-ndjson"}, "application/x-ndjson"},
}

// Negotiate's errors.
var (
	// ErrNoEnding: no format that is offered has this file ending. The response is
	// 404.
	ErrNoEnding = errors.New("there is no format with this file ending")
	// ErrNotAcceptable: the Accept header rules out everything offered. The
	// response is 406.
	ErrNotAcceptable = errors.New("none of the formats here is acceptable")
)

// ContentType is the Content-Type of a response in f, or empty if f is not one of
// the constants.
func (f Format) ContentType() string {
	for _, known := range formats {
		if known.format == f {
			return known.content
		}
	}
	return ""
}

// Negotiate picks the format of a response from those offered, or from all if none
// is given. A file ending (with or without its dot, in any case) decides alone,
// as it is what a person can type. Without one the Accept header decides, by RFC
// 9110 section 12.5.1: the most specific range that matches gives a format its
// weight, and the highest weight wins, among equals the format that is offered
// first. No Accept header accepts anything; parts of one that are not valid are
// ignored.
func Negotiate(accept, ending string, offered ...Format) (Format, error) {
	if len(offered) == 0 {
		for _, known := range formats {
			offered = append(offered, known.format)
		}
	}
	if ending = strings.ToLower(strings.TrimPrefix(ending, ".")); ending != "" {
		for _, known := range formats {
			if slices.Contains(known.endings, ending) && slices.Contains(offered, known.format) {
				return known.format, nil
			}
		}
		return "", ErrNoEnding
	}
	ranges := acceptRanges(accept)
	if len(ranges) == 0 {
		return offered[0], nil
	}
	best, bestWeight := Format(""), 0.0
	for _, f := range offered {
		if w := weight(f, ranges); w > bestWeight {
			best, bestWeight = f, w
		}
	}
	if best == "" {
		return "", ErrNotAcceptable
	}
	return best, nil
}

// mediaRange is one part of an Accept header.
type mediaRange struct {
	kind   string // "text/csv", "text/*" or "*/*"
	weight float64
}

// maxRanges is how many parts of an Accept header are read; browsers send
// about eight.
const maxRanges = 40

func acceptRanges(accept string) []mediaRange {
	var ranges []mediaRange
	for _, part := range strings.SplitN(accept, ",", maxRanges+1) {
		if len(ranges) == maxRanges {
			break
		}
		kind, params, err := mime.ParseMediaType(strings.TrimSpace(part))
		if err != nil || !strings.Contains(kind, "/") {
			continue
		}
		r := mediaRange{kind, 1}
		if q, ok := params["q"]; ok {
			if r.weight, err = strconv.ParseFloat(q, 64); err != nil || !(r.weight >= 0 && r.weight <= 1) {
				continue
			}
		}
		ranges = append(ranges, r)
	}
	return ranges
}

// weight is the weight of f: that of the most specific range that matches it.
func weight(f Format, ranges []mediaRange) float64 {
	best := 0.0
	for _, known := range formats {
		if known.format != f {
			continue
		}
		for _, kind := range known.types {
			specific, w := 0, 0.0
			for _, r := range ranges {
				how := 0
				switch {
				case r.kind == kind:
					how = 3
				case strings.HasSuffix(r.kind, "/*") && r.kind != "*/*" && strings.HasPrefix(kind, strings.TrimSuffix(r.kind, "*")):
					how = 2
				case r.kind == "*/*":
					how = 1
				}
				if how > specific {
					specific, w = how, r.weight
				}
			}
			best = max(best, w)
		}
	}
	return best
}
