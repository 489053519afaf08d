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

// FeedItem identifies one item of an RPDE feed and the listing it belongs to.
type FeedItem struct {
	// ID is the item's own id. Listing is the id its listing has once it is
	// imported (Row.ID); it is empty for a deleted item.
	ID, Listing string
	// Main reports whether the item describes its listing; it is false for a
	// dated session of a listing that another item describes.
	Main bool
	// Deleted reports whether the source has withdrawn the item.
	Deleted bool
}

// ReadFeedItem parses one item of a feed. It returns an error where raw is not
// a JSON object of that form.
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

// about returns the id of the item's listing, and whether the item describes
// it.
func (it *item) about(e *event) (listing string, main bool) {
	if e.isSession() {
		return shortID(e.Super.ref), e.Super.event != nil
	}
	if id := e.id(); id != "" {
		return shortID(id), true
	}
	return shortID(it.ID.Line()), true
}

// shortID returns an id within the directory's length limit: a longer one is
// replaced by its hash.
func shortID(id string) string {
	const longest = 200
	if len([]rune(id)) > longest {
		return draft.HashID(id)
	}
	return id
}

// readItem parses an item, or a bare event that is not wrapped in an item.
func readItem(raw []byte) (it item, e *event, err error) {
	if err := json.Unmarshal(raw, &it); err != nil {
		return it, nil, err
	}
	data := it.Data
	if it.State == "" && data == nil {
		data, it = raw, item{} // a bare event
	}
	if e = new(event); len(data) > 0 {
		err = json.Unmarshal(data, e)
	}
	if it.ID == "" {
		it.ID = loose.Text(e.id())
	}
	return it, e, err
}

// Feed is the result of the first pass over a file: for each listing, the item
// that describes it (a later item replaces an earlier one) and its dated
// sessions.
type Feed struct {
	describes map[string]int                // item number by listing id
	sessions  map[string]map[string]session // by listing id, then session id
	listing   map[string]string             // listing id by session id
	concepts  map[string]string             // interest id by OpenActive concept id
}

// session is one dated session of a listing.
type session struct {
	start, end time.Time // London local time, held as UTC
	cancelled  bool
}

// maxSessions is the most sessions read for one listing: two years of daily
// sessions.
const maxSessions = 731

// Collect makes the first pass over a file. Items that cannot be parsed are
// skipped; the second pass, Feed.Take, reports them.
func Collect(file *draft.File, r io.Reader) (*Feed, error) {
	f := &Feed{describes: map[string]int{}, sessions: map[string]map[string]session{}, listing: map[string]string{}}
	own := map[string]bool{} // listings described by an item that is not a session
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
