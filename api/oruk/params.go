package oruk

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"gather/directory"
	"gather/directory/vocabulary"
)

// The sizes of pages. The default is what most harvesters of Open Referral ask
// for; at the most, a page of full services stays at about a megabyte. Who
// wants everything asks for format=ndjson.
const (
	defaultPerPage = 50
	maxPerPage     = 100
	// maxPage keeps page*per_page in range.
	maxPage = 10_000_000
	// maxSearch is the longest text searched for, in bytes.
	maxSearch = 200
	// maxFound is how many results a search for words is cut at.
	maxFound = 10_000
	// maxMetres is the widest circle: the length of Great Britain.
	maxMetres = 1_500_000
	// maxValues is how often a parameter that can be repeated may be.
	maxValues = 20
)

// listing is how a list is answered: which page, or as a stream, and how much
// of each entity.
type listing struct {
	page, perPage int
	stream        bool
	minimal, full bool
	fullService   bool
}

// repeats are the parameters that may be given several times: terms and
// taxonomies must all be there, of the days one will do.
var repeats = []string{"taxonomy_term_id", "taxonomy_id", "day"}

// params reads query parameters and gathers their faults.
type params struct {
	values url.Values
	directory.Faults
}

// newParams reads r's parameters; those not in allowed are faults.
func newParams(r *http.Request, allowed ...string) *params {
	p := &params{}
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		p.Add("", "escape the parameters as in a form", "the query cannot be read")
	}
	p.values = values
	for _, name := range sortedKeys(values) {
		if !slices.Contains(allowed, name) {
			fix := "this address takes no parameters"
			if len(allowed) > 0 {
				fix = "this address takes " + strings.Join(allowed, ", ")
			}
			p.Add(clip(name), fix, "is not a parameter of this address")
			continue
		}
		if n := len(values[name]); n > 1 && !slices.Contains(repeats, name) {
			p.Add(name, "give it once", "is there %d times", n)
		} else if n > maxValues {
			p.Add(name, fmt.Sprintf("give it at most %d times", maxValues), "is there %d times", n)
		}
	}
	return p
}

// clip shortens what is quoted back.
func clip(s string) string {
	const most = 60
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}

func (p *params) text(name string) string { return strings.TrimSpace(p.values.Get(name)) }

func (p *params) number(name string, least, most, absent int) int {
	text := p.text(name)
	if text == "" {
		return absent
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		p.Add(name, fmt.Sprintf("give a whole number from %d to %d", least, most), "%q is not one", clip(text))
		return absent
	}
	return n
}

func (p *params) optional(name string, least, most int) *int {
	if p.text(name) == "" {
		return nil
	}
	n := p.number(name, least, most, least)
	return &n
}

func (p *params) flag(name string) bool {
	switch strings.ToLower(p.text(name)) {
	case "", "false", "0":
		return false
	case "true", "1":
		return true
	}
	p.Add(name, "say true or false", "%q is neither", clip(p.text(name)))
	return false
}

func (p *params) id(name string) string {
	text := p.text(name)
	if text == "" {
		return ""
	}
	return p.uuid(name, text)
}

func (p *params) uuid(name, text string) string {
	id, err := uuid.Parse(text)
	if err != nil || len(text) != 36 {
		p.Add(name, "give a UUID", "%q is not one", clip(text))
		return ""
	}
	return id.String()
}

// listing reads the parameters of every list.
func (p *params) listing() listing {
	l := listing{
		page: p.number("page", 1, maxPage, 1), perPage: p.number("per_page", 1, maxPerPage, defaultPerPage),
		minimal: p.flag("minimal"), full: p.flag("full"), fullService: p.flag("full_service"),
	}
	if l.minimal && l.full {
		p.Add("minimal", "ask for minimal or for full", "cannot go with full")
	}
	switch format := p.text("format"); format {
	case "", "json":
	case "ndjson":
		l.stream = true
		if p.text("page")+p.text("per_page") != "" {
			p.Add("page", "leave page and per_page out", "cannot go with format=ndjson, which answers everything")
		}
	default:
		p.Add("format", "say json or ndjson", "%q is neither", clip(format))
	}
	return l
}

// filter reads the parameters of lists of services, but for search.
func (h *Handler) filter(p *params) *filter {
	f := &filter{
		group: p.id("organization_id"), modifiedAfter: p.instant("modified_after"),
		minimumAge: p.optional("minimum_age", 0, 150), maximumAge: p.optional("maximum_age", 0, 150),
		start: p.clock("start_time"), end: p.clock("end_time"), days: p.days(), today: today(h.o.Now()),
	}
	h.taxonomies.filter(p, f)
	metres := p.number("proximity", 1, maxMetres, 0)
	postcode := p.text("postcode")
	if postcode == "" {
		if p.text("proximity") != "" {
			p.Add("proximity", "give a postcode too", "has no postcode to be near to")
		}
		return f
	}
	loc, err := h.o.Places.Postcode(postcode)
	var no *directory.NoPlace
	switch {
	case errors.As(err, &no):
		p.Add("postcode", no.Fix, "%s", no.Detail)
	case err != nil:
		p.Add("postcode", "give a full postcode", "cannot be read")
	case metres > 0:
		f.near, f.metres = &loc.Position, float64(metres)
	default:
		f.covers = &loc
	}
	return f
}

// filter reads which terms and taxonomies are asked for. One that does not
// exist is asked for in vain, which is no fault.
func (t *Taxonomies) filter(p *params, f *filter) {
	for _, text := range p.values["taxonomy_term_id"] {
		if id := p.uuid("taxonomy_term_id", strings.TrimSpace(text)); id != "" {
			set := make([]bool, len(t.terms))
			for _, i := range t.within[id] {
				set[i] = true
			}
			f.terms = append(f.terms, set)
		}
	}
	for _, text := range p.values["taxonomy_id"] {
		if id := p.uuid("taxonomy_id", strings.TrimSpace(text)); id != "" {
			set := make([]bool, len(t.terms))
			span := t.list[id]
			for i := span[0]; i < span[1]; i++ {
				set[i] = true
			}
			f.terms = append(f.terms, set)
		}
	}
}

// instant reads a date or a date and time, in UTC unless it has an offset, as
// milliseconds since 1970.
func (p *params) instant(name string) int64 {
	text := p.text(name)
	if text == "" {
		return 0
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02T15:04", directory.DateLayout} {
		if t, err := time.Parse(layout, text); err == nil {
			return max(1, t.UnixMilli())
		}
	}
	p.Add(name, "give a date and time such as 2026-01-31T09:00:00Z (write + as %2B)", "%q is not one", clip(text))
	return 0
}

// clock reads a time of day, -1 when there is none.
func (p *params) clock(name string) int16 {
	text := p.text(name)
	if text == "" {
		return -1
	}
	m, ok := minutes(strings.TrimSuffix(text, "Z"))
	if !ok {
		p.Add(name, "give a time such as 18:30", "%q is not one", clip(text))
		return -1
	}
	return m
}

// days reads days of the week as iCalendar writes them. Any of those in one
// value will do.
func (p *params) days() uint8 {
	var set uint8
	for _, text := range p.values["day"] {
		for _, part := range strings.Split(text, ",") {
			part = strings.ToUpper(strings.TrimSpace(part))
			i := slices.IndexFunc(dayNames, func(d struct{ code, ical, name string }) bool {
				return d.ical == part || strings.ToUpper(d.name) == part
			})
			if i >= 0 {
				set |= 1 << i
			} else if part != "" {
				p.Add("day", "say MO, TU, WE, TH, FR, SA or SU", "%q is not a day", clip(part))
			}
		}
	}
	return set
}

// search reads the words searched for, folded.
func (p *params) search() string {
	text := p.text("search")
	if len(text) > maxSearch {
		p.Add("search", fmt.Sprintf("give at most %d characters", maxSearch), "is too long")
		return ""
	}
	return text
}

// find lets the words in p narrow f, once nothing else is wrong with p.
func (h *Handler) find(ctx context.Context, p *params, f *filter) error {
	text := p.search()
	if err := p.Err(); err != nil {
		return err
	}
	if text == "" {
		return nil
	}
	ids, err := h.o.Search(ctx, text, maxFound)
	if err != nil {
		return fmt.Errorf("search for services: %w", err)
	}
	f.found = append([]string{}, ids...)
	return nil
}

// named reports whether any of texts holds all words of a folded search.
func named(search string, texts ...string) bool {
	all := vocabulary.Fold(strings.Join(texts, " "))
	for _, word := range strings.Fields(vocabulary.Fold(search)) {
		if !strings.Contains(all, word) {
			return false
		}
	}
	return true
}
