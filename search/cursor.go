package search

import (
	"encoding/base64"
	"time"

	"gather/directory"
)

// maxCursorBytes is longer than any cursor: a folded title of 120 characters
// in base64.
const maxCursorBytes = 2000

// cursorLife is how long a cursor is good for. A page is read within minutes;
// after a day "now" would be so far off that sessions already over were found.
const cursorLife = 24 * time.Hour

// sortKey is where an item stands in an order: by tier, then by number
// (smallest first), then by text, then by id.
type sortKey struct {
	Tier   int
	Number float64
	Text   string
	ID     string
}

// cursor is where a page ended, of which question, and the moment that counts
// as now on all its pages.
type cursor struct {
	Question uint32
	At       int64 // Unix milliseconds
	After    sortKey
}

// cursorForm is the first byte of a cursor: another form has another.
const cursorForm = 1

func (c cursor) String() string {
	p := factWriter{cursorForm}
	p.number(uint64(c.Question))
	p.signed(c.At)
	p.signed(int64(c.After.Tier))
	p.fraction(c.After.Number)
	p.text(c.After.Text)
	p.text(c.After.ID)
	return base64.RawURLEncoding.EncodeToString(p)
}

// parseCursor reads what String wrote.
func parseCursor(s string) (c cursor, ok bool) {
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || len(b) == 0 || b[0] != cursorForm {
		return cursor{}, false
	}
	u := &factReader{rest: string(b[1:])}
	c.Question, c.At = uint32(u.number()), u.signed()
	c.After = sortKey{Tier: int(u.signed()), Number: u.fraction(), Text: u.text(), ID: u.text()}
	return c, !u.bad && u.rest == "" && c.After.ID != "" && finite(c.After.Number)
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
	c, ok := parseCursor(q.Cursor)
	if !ok {
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
