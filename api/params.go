package api

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"gather/directory"
)

// params reads the query parameters of a request and gathers their faults.
// What a route does not list is a fault: a filter that is misspelt and
// silently ignored sends people to the wrong place.
type params struct {
	values url.Values
	faults directory.Faults
}

// maxParam is the longest value of a parameter, in bytes: longer than any
// place name, id or words of a search.
const maxParam = 500

// readParams splits a query string, and finds the parameters that are not in
// allowed, those that are repeated, and values that are no text.
func readParams(raw string, allowed []string) *params {
	p := &params{}
	values, err := url.ParseQuery(raw)
	if err != nil {
		p.faults.Add("", "percent-encode the query string", "cannot be read")
	}
	p.values = values
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		switch {
		case !slices.Contains(allowed, name):
			p.faults.Add(short(name), onlyThese(allowed), "is not a parameter of this address")
		case len(values[name]) > 1:
			p.faults.Add(name, "give it once", "is there %d times", len(values[name]))
		case len(values[name][0]) > maxParam:
			p.faults.Add(name, fmt.Sprintf("give at most %d bytes", maxParam), "is too long")
		case !plain(values[name][0]):
			p.faults.Add(name, "send UTF-8 text", "is not plain text")
		}
	}
	return p
}

func onlyThese(allowed []string) string {
	if len(allowed) == 0 {
		return "leave it out: this address has no parameters"
	}
	return "leave it out, or use one of " + strings.Join(allowed, ", ")
}

// plain reports whether text is UTF-8 without control characters.
func plain(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f })
}

// short is text as far as it is repeated to the caller.
func short(text string) string {
	const most = 60
	text = strings.ToValidUTF8(text, "\uFFFD")
	if r := []rune(text); len(r) > most {
		return string(r[:most]) + "…"
	}
	return text
}

func (p *params) text(name string) string { return strings.TrimSpace(p.values.Get(name)) }

// number is a whole number from low to high, or fallback when there is none.
func (p *params) number(name string, fallback, low, high int64) int64 {
	text := p.text(name)
	if text == "" && !p.values.Has(name) {
		return fallback
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < low || n > high {
		p.faults.Add(name, fmt.Sprintf("give a whole number from %d to %d", low, high), "is %q", short(text))
		return fallback
	}
	return n
}

// degrees is a number of degrees, which has to be there.
func (p *params) degrees(name string, limit float64) float64 {
	text := p.text(name)
	x, err := strconv.ParseFloat(text, 64)
	// The comparison is written so that NaN fails it.
	if err != nil || !(x >= -limit && x <= limit) {
		p.faults.Add(name, fmt.Sprintf("give degrees as a decimal number from %g to %g", -limit, limit), "is %q", short(text))
	}
	return x
}

// moment is a date (its first moment in London) or a date and time with an
// offset, or fallback when there is none.
func (p *params) moment(name string, fallback time.Time) time.Time {
	text := p.text(name)
	if text == "" && !p.values.Has(name) {
		return fallback
	}
	if t, err := time.ParseInLocation(directory.DateLayout, text, directory.London()); err == nil {
		return t
	}
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t
	}
	p.faults.Add(name, "give a date (2026-12-01) or a time with its offset (2026-12-01T10:00:00Z)", "is %q", short(text))
	return fallback
}

// The sizes of a page of a list. The most is what a screen or a script takes
// in at once and what one read of the store answers quickly.
const (
	pageSize    = 20
	maxPageSize = 100
)

func (p *params) limit() int { return int(p.number("limit", pageSize, 1, maxPageSize)) }

// after is the id after which a page begins.
func (p *params) after() string {
	id := p.text("after")
	if id != "" && !directory.IsUUID(id) {
		p.faults.Add("after", "give the next of the page before", "is %q", short(id))
	}
	return id
}

// err is nil when every parameter could be read.
func (p *params) err() error { return badParams(p.faults.Err()) }
