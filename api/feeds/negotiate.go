package feeds

import (
	"errors"
	"mime"
	"slices"
	"strconv"
	"strings"
)

// Format is a form in which activities are answered.
type Format string

// The formats, named by their file endings.
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

// formats are the formats in the order they are preferred where a client likes
// several as much: media types without parameters, the first of which is the
// one to answer with.
var formats = []struct {
	format  Format
	endings []string
	types   []string
	content string // the Content-Type of an answer
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
	// ErrNoEnding: the path ends in a file ending that nothing is offered
	// under. The answer is 404.
	ErrNoEnding = errors.New("there is no format with this file ending")
	// ErrNotAcceptable: the Accept header rules out everything offered. The
	// answer is 406.
	ErrNotAcceptable = errors.New("none of the formats here is acceptable")
)

// ContentType is the Content-Type of an answer in f, or nothing for a format
// that is not one of the constants.
func (f Format) ContentType() string {
	for _, known := range formats {
		if known.format == f {
			return known.content
		}
	}
	return ""
}

// Negotiate picks the format of an answer out of those offered, or out of all
// where none is named. A file ending (with or without its dot, in any case)
// decides alone, as it is what a person can type; without one the Accept header
// does, by RFC 9110 section 12.5.1: the most specific range that matches gives
// a format its weight, the highest weight wins, and of equals the one that is
// offered first. No Accept header accepts anything; parts of one that cannot be
// read are passed over.
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

// maxRanges is the most parts of an Accept header that are read; browsers send
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

// weight is what ranges give f: that of the most specific one that matches.
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
