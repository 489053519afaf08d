package openactive

import (
	gocontext "context"
	"fmt"
	"slices"

	"gather/directory"
)

// The sizes of pages. RPDE asks for 500 items; at the most, a page is a few
// megabytes.
const (
	defaultLimit = 500
	// MaxLimit is the most items that a page may have.
	MaxLimit = 1000
	// maxRead is how many records one page reads at most to find its items.
	// Where many of them are not for OpenActive the page is short, or even
	// empty, and its next page continues.
	maxRead = 10_000
)

// Page is one page of a feed, in the JSON of RPDE.
type Page struct {
	Next    string `json:"next"`
	Items   []Item `json:"items"`
	License string `json:"license"`
	// Last is true if nothing follows for now: Next is then this page.
	Last bool `json:"-"`
}

// Item is one entry of a feed. A deleted one has no Data.
type Item struct {
	State    string `json:"state"`
	Kind     string `json:"kind"`
	ID       string `json:"id"`
	Modified int64  `json:"modified"`
	Data     any    `json:"data,omitempty"`
}

// Ask selects a page of a feed: the items whose numbers are greater than After,
// at most Limit, up to MaxLimit. Limit 0 is the default size, and the address of
// the next page then has no limit.
type Ask struct {
	After int64
	Limit int
}

// size is how many items the page may have.
func (a Ask) size() int {
	if a.Limit == 0 {
		return defaultLimit
	}
	return a.Limit
}

// address is the address of the page of the feed at path after a change number.
func (f *Feeds) address(path string, after int64, limit int) string {
	address, between := f.o.BaseURL+path, "?"
	if after > 0 {
		address, between = fmt.Sprintf("%s?afterChangeNumber=%d", address, after), "&"
	}
	if limit > 0 {
		address += fmt.Sprintf("%slimit=%d", between, limit)
	}
	return address
}

// items makes the items of a record, in the order of their numbers, which belong
// to its change.
type items func(ctx gocontext.Context, r directory.PublicChange) ([]Item, error)

// walk reads one page of the feed at path: the items after ask.After that of makes
// from the records after change from. past is the last number of a change. The
// next page begins where this one ends, even in the middle of a record. chunk is
// how many records are read at once.
func (f *Feeds) walk(ctx gocontext.Context, path string, ask Ask, from int64, chunk int, past func(change int64) int64, of items) (Page, error) {
	p := Page{Items: []Item{}, License: f.o.Dataset.Licence}
	limit := ask.size()
	cursor, read, end := ask.After, 0, false
	for !end && read < maxRead && len(p.Items) < limit {
		rs, err := f.source.PublicChanges(ctx, from, chunk)
		if err != nil {
			return p, fmt.Errorf("feed %s after change %d: %w", path, from, err)
		}
		end = len(rs) < chunk
		read += len(rs)
		for i, r := range rs {
			its, err := of(ctx, r)
			if err != nil {
				return p, err
			}
			its = slices.DeleteFunc(its, func(x Item) bool { return x.Modified <= ask.After })
			if left := limit - len(p.Items); len(its) > left {
				p.Items = append(p.Items, its[:left]...)
				cursor, end = its[left-1].Modified, false
				break
			}
			p.Items = append(p.Items, its...)
			from, cursor = r.Change, max(cursor, past(r.Change))
			if len(p.Items) == limit {
				end = end && i == len(rs)-1
				break
			}
		}
	}
	if p.Last = end && len(p.Items) == 0 && read <= limit; p.Last {
		cursor = ask.After
	}
	p.Next = f.address(path, cursor, ask.Limit)
	return p, nil
}

// Series reads a page of regular times. An item's number is the change of its
// activity. It fails as the Source does.
func (f *Feeds) Series(ctx gocontext.Context, ask Ask) (Page, error) {
	past := func(change int64) int64 { return change }
	return f.walk(ctx, SeriesPath, ask, ask.After, ask.size(), past, func(_ gocontext.Context, r directory.PublicChange) ([]Item, error) {
		if r.Kind != directory.KindActivity {
			return nil, nil
		}
		it := Item{State: "deleted", Kind: "SessionSeries", ID: r.ID, Modified: r.Change}
		s, ok := f.mapping.Series(r.Activity, r.At)
		switch {
		case ok:
			it.State, it.Data = "updated", s
		case r.Rev == 1: // it was never for OpenActive
			return nil, nil
		}
		return []Item{it}, nil
	})
}
