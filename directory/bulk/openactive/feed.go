package openactive

import (
	"encoding/json"
	"io"
	"strings"
	"time"

	"gather/directory/bulk/draft"
	"gather/directory/bulk/loose"
	"gather/directory/bulk/spool"
)

// FeedItem is what one item of an RPDE feed is about.
type FeedItem struct {
	// ID is the item's own, Listing the id that the listing it is about has
	// once it is imported (Row.ID). A deleted item does not name its Listing.
	ID, Listing string
	// Main is true for an item that describes its listing, false for a dated
	// session of one that is described elsewhere.
	Main bool
	// Deleted: the source takes the item back.
	Deleted bool
}

// ReadFeedItem reads what an item is about. The error says why it is no item.
func ReadFeedItem(raw []byte) (FeedItem, error) {
	it, e, err := readItem(raw)
	if err != nil {
		return FeedItem{}, err
	}
	f := FeedItem{ID: it.ID.Line(), Deleted: it.deleted()}
	if !f.Deleted {
		f.Listing, f.Main = it.about(e)
	}
	return f, nil
}

func (it *item) deleted() bool { return strings.EqualFold(it.State.Line(), "deleted") }

// about is the listing that an item is about, and whether it describes it.
func (it *item) about(e *event) (listing string, main bool) {
	if e.isSession() {
		return shortID(e.Super.ref), e.Super.event != nil
	}
	if id := e.id(); id != "" {
		return shortID(id), true
	}
	return shortID(it.ID.Line()), true
}

// shortID is an id that the rules take: one that is too long becomes a hash.
func shortID(id string) string {
	const longest = 200
	if len([]rune(id)) > longest {
		return draft.HashID(id)
	}
	return id
}

// readItem reads an item, or an object without the item around it.
func readItem(raw []byte) (it item, e *event, err error) {
	if err := json.Unmarshal(raw, &it); err != nil {
		return it, nil, err
	}
	data := it.Data
	if it.State == "" && data == nil {
		data, it = raw, item{} // an object by itself
	}
	if e = new(event); len(data) > 0 {
		err = json.Unmarshal(data, e)
	}
	if it.ID == "" {
		it.ID = loose.Text(e.id())
	}
	return it, e, err
}

// Feed is what the first reading of a file finds out: which item describes a
// listing, since a later one replaces an earlier, and the dated sessions of
// each.
type Feed struct {
	describes map[string]int                // listing: number of the item
	sessions  map[string]map[string]session // listing: session's id
	listing   map[string]string             // session's id: listing
	concepts  map[string]string             // of OpenActive's list: our interest
}

// session is one dated session.
type session struct {
	start, end time.Time // on the wall in London
	cancelled  bool
}

// maxSessions is the most sessions of one listing that are looked at: two
// years of one a day.
const maxSessions = 731

// Collect reads a file for the first time.
func Collect(file *draft.File, r io.Reader) (*Feed, error) {
	f := &Feed{describes: map[string]int{}, sessions: map[string]map[string]session{}, listing: map[string]string{}}
	own := map[string]bool{} // described by an item of their own
	err := file.ReadJSON(spool.SkipBOM(r), Lists, func(d *draft.Draft, raw []byte) {
		it, e, err := readItem(raw)
		if err != nil {
			return
		}
		id := it.ID.Line()
		if was := f.listing[id]; was != "" {
			delete(f.sessions[was], id)
			delete(f.listing, id)
		}
		if it.deleted() {
			return
		}
		listing, main := it.about(e)
		if e.isSession() {
			f.add(listing, id, e)
		}
		switch {
		case !main, e.isSession() && own[listing]:
		default:
			f.describes[listing] = d.Item
			own[listing] = own[listing] || !e.isSession()
		}
	}, func(*draft.Draft) error { return nil })
	return f, err
}

func (f *Feed) add(listing, id string, e *event) {
	s, ok := e.session()
	if !ok || len(f.sessions[listing]) >= maxSessions {
		return
	}
	if f.sessions[listing] == nil {
		f.sessions[listing] = map[string]session{}
	}
	f.sessions[listing][id], f.listing[id] = s, listing
}
