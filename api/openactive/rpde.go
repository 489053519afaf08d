package openactive

import (
	gocontext "context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"

	"gather/directory"
)

// The sizes of pages. 500 is what RPDE asks for; at the most, a page stays at
// a few megabytes.
const (
	defaultLimit = 500
	maxLimit     = 1000
	// maxRead is how many records one page reads at most to find its items:
	// past many that are not for OpenActive, the page is short, or even empty,
	// and its next leads on.
	maxRead = 10_000
)

// rpde is one page of a feed.
type rpde struct {
	Next    string `json:"next"`
	Items   []item `json:"items"`
	License string `json:"license"`
}

// item is one entry of a feed. A deleted one has no Data.
type item struct {
	State    string `json:"state"`
	Kind     string `json:"kind"`
	ID       string `json:"id"`
	Modified int64  `json:"modified"`
	Data     any    `json:"data,omitempty"`
}

// ask is which page of a feed is asked for.
type ask struct {
	path  string
	after int64
	limit int
	// own is the address of this very page, as it was asked for.
	own string
	// size is limit as it was asked for, empty when it was not.
	size string
}

// page is what is answered.
type page struct {
	items []item
	next  string
	last  bool
}

// changeNumber is what RPDE allows as a change number. 0 is the beginning.
var changeNumber = regexp.MustCompile(`^(0|[1-9][0-9]*)$`)

// asked reads the parameters of a feed.
func (h *Handler) asked(r *http.Request) (ask, error) {
	a := ask{path: r.URL.Path, limit: defaultLimit}
	if n := len(a.path); a.path[n-1] == '/' {
		a.path = a.path[:n-1]
	}
	var fs directory.Faults
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		fs.Add("", "escape the parameters as in a form", "the query cannot be read")
	}
	for _, name := range slices.Sorted(func(yield func(string) bool) {
		for name := range values {
			if !yield(name) {
				return
			}
		}
	}) {
		text := values.Get(name)
		switch {
		case name != "afterChangeNumber" && name != "limit":
			fs.Add(name, "this address takes afterChangeNumber and limit: start without parameters and follow next", "is not a parameter of this address")
		case len(values[name]) > 1:
			fs.Add(name, "give it once", "is there %d times", len(values[name]))
		case name == "limit":
			a.size = text
			if a.limit, err = strconv.Atoi(text); err != nil || a.limit < 1 || a.limit > maxLimit {
				fs.Add(name, fmt.Sprintf("give a whole number from 1 to %d", maxLimit), "is not one")
			}
		default:
			if a.after, err = strconv.ParseInt(text, 10, 64); err != nil || !changeNumber.MatchString(text) {
				fs.Add(name, "give a change number as next has it", "is not one")
			}
		}
	}
	a.own = h.address(a, a.after)
	return a, fs.Err()
}

// address is the page of a's feed that begins after a change number.
func (h *Handler) address(a ask, after int64) string {
	address, between := h.o.BaseURL+a.path, "?"
	if after > 0 {
		address, between = fmt.Sprintf("%s?afterChangeNumber=%d", address, after), "&"
	}
	if a.size != "" {
		address += between + "limit=" + a.size
	}
	return address
}

// items makes the items of a record, in order of their numbers, which lie
// between that of its change and past.
type items func(ctx gocontext.Context, p directory.PublicChange) ([]item, error)

// walk reads one page: from change from on, the items that of makes of each
// record, after a.after. past is the number that follows all items of a
// change. The next page begins where reading ended, be it in the middle of a
// record. chunk is how many records are read at once.
func (h *Handler) walk(ctx gocontext.Context, a ask, from int64, chunk int, past func(change int64) int64, of items) (page, error) {
	p := page{items: []item{}}
	cursor, read, end := a.after, 0, false
	for !end && read < maxRead && len(p.items) < a.limit {
		rs, err := h.source.PublicChanges(ctx, from, chunk)
		if err != nil {
			return p, err
		}
		end = len(rs) < chunk
		read += len(rs)
		for i, r := range rs {
			its, err := of(ctx, r)
			if err != nil {
				return p, err
			}
			its = slices.DeleteFunc(its, func(x item) bool { return x.Modified <= a.after })
			if room := a.limit - len(p.items); len(its) > room {
				p.items = append(p.items, its[:room]...)
				cursor, end = its[room-1].Modified, false
				break
			}
			p.items = append(p.items, its...)
			from, cursor = r.Change, max(cursor, past(r.Change))
			if len(p.items) == a.limit {
				end = end && i == len(rs)-1
				break
			}
		}
	}
	p.last = end && len(p.items) == 0 && read <= a.limit
	p.next = h.address(a, cursor)
	if p.last {
		p.next = a.own
	}
	return p, nil
}

// series reads a page of regular times. An item's number is the change of its
// activity.
func (h *Handler) series(ctx gocontext.Context, a ask) (page, error) {
	past := func(change int64) int64 { return change }
	return h.walk(ctx, a, a.after, a.limit, past, func(_ gocontext.Context, r directory.PublicChange) ([]item, error) {
		if r.Kind != directory.KindActivity {
			return nil, nil
		}
		it := item{State: "deleted", Kind: "SessionSeries", ID: r.ID, Modified: r.Change}
		s, ok := h.mapping.Series(r.Activity, r.At)
		switch {
		case ok:
			it.State, it.Data = "updated", s
		case r.Rev == 1: // it never was for OpenActive
			return nil, nil
		}
		return []item{it}, nil
	})
}
