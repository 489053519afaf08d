package search

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"time"

	"gather/directory"
)

// maxCursorBytes is longer than any cursor: a folded title of 120 characters
// in JSON and base64.
const maxCursorBytes = 2000

// cursorLife is how long a cursor is good for. A page is read within minutes;
// after a day "now" would be so far off that sessions already over were found.
const cursorLife = 24 * time.Hour

// sortKey is where an item stands in an order: by tier, then by number
// (smallest first), then by text, then by id.
type sortKey struct {
	Tier   int     `json:"r,omitempty"`
	Number float64 `json:"n,omitempty"`
	Text   string  `json:"t,omitempty"`
	ID     string  `json:"i"`
}

func (k sortKey) compare(o sortKey) int {
	return cmp.Or(
		cmp.Compare(k.Tier, o.Tier), cmp.Compare(k.Number, o.Number),
		cmp.Compare(k.Text, o.Text), cmp.Compare(k.ID, o.ID),
	)
}

// cursor is where a page ended, of which question, and the moment that counts
// as now on all its pages.
type cursor struct {
	Question uint32  `json:"q"`
	At       int64   `json:"a"` // Unix milliseconds
	After    sortKey `json:"k"`
}

func (c cursor) String() string {
	b, err := json.Marshal(c)
	if err != nil {
		panic("search: a cursor cannot be written: " + err.Error()) // keys are finite numbers and UTF-8
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// readCursor reads the cursor of q, if it has one, at now.
func readCursor(q Query, now time.Time) (*cursor, error) {
	if q.Cursor == "" {
		return nil, nil
	}
	refuse := func(detail string) (*cursor, error) {
		return nil, &directory.Invalid{Faults: []directory.Fault{{
			Field: "cursor", Detail: detail, Fix: "send the next of the page before with the same question, or begin again without a cursor",
		}}}
	}
	b, err := base64.RawURLEncoding.DecodeString(q.Cursor)
	var c cursor
	if err != nil || json.Unmarshal(b, &c) != nil || c.After.ID == "" {
		return refuse("is not a cursor of ours")
	}
	at := time.UnixMilli(c.At)
	switch {
	case c.Question != q.fingerprint():
		return refuse("belongs to another question")
	case at.After(now.Add(time.Minute)) || now.Sub(at) > cursorLife:
		return refuse("is more than a day old")
	}
	return &c, nil
}
