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
// A parameter that the route does not list is a fault: a misspelt filter that is
// silently ignored sends people to the wrong place.
type params struct {
	values url.Values
	faults directory.Faults
}

// taken are the query parameters of a route. All are optional unless the handler says
// otherwise.
type taken struct {
	names []string
	// many are those of names that may be repeated, up to maxRepeats times.
	many []string
	// blank is true if a parameter without a value counts as left out.
	blank bool
}

// takes returns parameters that may be given once each.
func takes(names ...string) taken { return taken{names: names} }

// maxParam is the longest value of a parameter, in bytes: longer than any
// place name, id or words of a search.
const maxParam = 500

// maxRepeats is the most values of a repeated parameter: more conditions of one kind
// than anybody needs.
const maxRepeats = 20

// readParams parses a query string and adds faults for parameters that t does not
// have, that are repeated too often, or whose value is not text.
func readParams(raw string, t taken) *params {
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
		if !slices.Contains(t.names, name) {
			p.faults.Add(directory.Quote(name), onlyThese(t.names), "is not a parameter of this address")
			continue
		}
		p.held(name, t)
	}
	return p
}

// held checks the values of a parameter against t.
func (p *params) held(name string, t taken) {
	values := p.values[name]
	if t.blank {
		values = slices.DeleteFunc(values, func(v string) bool { return strings.TrimSpace(v) == "" })
		p.values[name] = values
	}
	many := slices.Contains(t.many, name)
	switch {
	case len(values) == 0:
		delete(p.values, name)
	case !many && len(values) > 1:
		p.faults.Add(name, "give it once", "is there %d times", len(values))
	case len(values) > maxRepeats:
		p.faults.Add(name, fmt.Sprintf("give it at most %d times", maxRepeats), "is there %d times", len(values))
	case slices.ContainsFunc(values, func(v string) bool { return len(v) > maxParam }):
		p.faults.Add(name, fmt.Sprintf("give at most %d bytes", maxParam), "is too long")
	case slices.ContainsFunc(values, func(v string) bool { return !plain(v) }):
		p.faults.Add(name, "send UTF-8 text", "is not plain text")
	}
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

func (p *params) text(name string) string { return strings.TrimSpace(p.values.Get(name)) }

// number reads a whole number from low to high, or fallback if there is none.
func (p *params) number(name string, fallback, low, high int64) int64 {
	text := p.text(name)
	if text == "" && !p.values.Has(name) {
		return fallback
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < low || n > high {
		p.faults.Add(name, fmt.Sprintf("give a whole number from %d to %d", low, high), "is %q", text)
		return fallback
	}
	return n
}

// optional reads a whole number from low to high, nil if there is none.
func (p *params) optional(name string, low, high int64) *int {
	if !p.values.Has(name) {
		return nil
	}
	n := int(p.number(name, low, low, high))
	return &n
}

// flag reads true or false; false if there is none.
func (p *params) flag(name string) bool {
	switch text := strings.ToLower(p.text(name)); text {
	case "true", "1":
		return true
	case "false", "0":
	default:
		if p.values.Has(name) {
			p.faults.Add(name, "say true or false", "is %q", text)
		}
	}
	return false
}

// ids reads the UUIDs of a parameter, in lower case.
func (p *params) ids(name string) []string {
	var out []string
	for _, text := range p.values[name] {
		id, ok := plainID(strings.TrimSpace(text))
		if !ok {
			p.faults.Add(name, "give a UUID", "is %q", text)
			continue
		}
		out = append(out, id)
	}
	return out
}

// id reads the UUID of a parameter that may be given once, "" if there is none.
func (p *params) id(name string) string {
	if ids := p.ids(name); len(ids) > 0 {
		return ids[0]
	}
	return ""
}

// clock reads a time of day as minutes after midnight, nil if there is none.
func (p *params) clock(name string) *int {
	if !p.values.Has(name) {
		return nil
	}
	text := strings.TrimSuffix(p.text(name), "Z")
	for _, layout := range []string{"15:04", "15:04:05"} {
		if t, err := time.Parse(layout, text); err == nil {
			minutes := t.Hour()*60 + t.Minute()
			return &minutes
		}
	}
	p.faults.Add(name, "give a time such as 18:30", "is %q", text)
	return nil
}

// degrees reads a number of degrees, which is required.
func (p *params) degrees(name string, limit float64) float64 {
	text := p.text(name)
	x, err := strconv.ParseFloat(text, 64)
	// The comparison is written so that NaN fails it.
	if err != nil || !(x >= -limit && x <= limit) {
		p.faults.Add(name, fmt.Sprintf("give degrees as a decimal number from %g to %g", -limit, limit), "is %q", text)
	}
	return x
}

// moment reads a date (midnight in London) or a date and time with an offset, or
// fallback if there is none.
func (p *params) moment(name string, fallback time.Time) time.Time {
	text := p.text(name)
	if text == "" && !p.values.Has(name) {
		return fallback
	}
	if t, err := time.ParseInLocation(directory.DateLayout, text, directory.London()); err == nil {
		return t
	}
	if t, err := time.Parse(time.RFC3339, text); err == nil && directory.Writable(t) {
		return t
	}
	p.faults.Add(name, "give a date (2026-12-01) or a time with its offset (2026-12-01T10:00:00Z)", "is %q", text)
	return fallback
}

// The default and largest size of a page of a list: what a screen shows, and what one
// read of the store returns quickly.
const (
	pageSize    = 20
	maxPageSize = 100
)

func (p *params) limit() int { return int(p.number("limit", pageSize, 1, maxPageSize)) }

// after reads the id after which a page begins.
func (p *params) after() string {
	text := p.text("after")
	id, ok := plainID(text)
	if p.values.Has("after") && !ok {
		p.faults.Add("after", "give the next of the page before", "is %q", text)
	}
	return id
}

// err returns the faults so far, nil if there are none.
func (p *params) err() error { return badParams(p.faults.Err()) }
