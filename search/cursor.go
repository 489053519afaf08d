package search

import (
	"encoding/base64"
	"encoding/binary"
	"math"
	"time"

	"gather/directory"
)

// maxCursorBytes is longer than any cursor: a folded title of 120 characters
// in base64.
const maxCursorBytes = 2000

// cursorLife is how long a cursor is good for. A page is read within minutes;
// after a day "now" would be so far off that sessions already over were found.
const cursorLife = 24 * time.Hour

// SortKey is where an item stands in an order: by tier, then by number
// (smallest first), then by text, then by id.
type SortKey struct {
	Tier   int
	Number float64
	Text   string
	ID     string
}

// Cursor is where a page ended, of which question, and the moment that counts
// as now on all its pages.
type Cursor struct {
	Question uint32
	At       int64 // Unix milliseconds
	After    SortKey
}

// cursorForm is the first byte of a cursor: another form has another.
const cursorForm = 1

func (c Cursor) String() string {
	b := []byte{cursorForm}
	b = binary.AppendUvarint(b, uint64(c.Question))
	b = binary.AppendVarint(b, c.At)
	b = binary.AppendVarint(b, int64(c.After.Tier))
	b = binary.LittleEndian.AppendUint64(b, math.Float64bits(c.After.Number))
	for _, text := range []string{c.After.Text, c.After.ID} {
		b = append(binary.AppendUvarint(b, uint64(len(text))), text...)
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// parseCursor reads what String wrote.
func parseCursor(s string) (c Cursor, ok bool) {
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || len(b) == 0 || b[0] != cursorForm {
		return Cursor{}, false
	}
	r := cursorReader{rest: b[1:]}
	c.Question, c.At = uint32(r.number()), r.signed()
	c.After = SortKey{Tier: int(r.signed()), Number: r.fraction(), Text: r.text(), ID: r.text()}
	return c, !r.bad && len(r.rest) == 0 && c.After.ID != "" && finite(c.After.Number)
}

// cursorReader reads the bytes of a cursor. After their end it answers zeros
// and says so in bad.
type cursorReader struct {
	rest []byte
	bad  bool
}

// cut is the next n bytes; less than none is bad.
func (r *cursorReader) cut(n int) []byte {
	if n < 0 || n > len(r.rest) {
		r.rest, r.bad = nil, true
		return nil
	}
	b := r.rest[:n]
	r.rest = r.rest[n:]
	return b
}

func (r *cursorReader) number() uint64 {
	v, n := binary.Uvarint(r.rest)
	if n <= 0 {
		n = -1
	}
	r.cut(n)
	return v
}

func (r *cursorReader) signed() int64 {
	v, n := binary.Varint(r.rest)
	if n <= 0 {
		n = -1
	}
	r.cut(n)
	return v
}

func (r *cursorReader) fraction() float64 {
	b := r.cut(8)
	if b == nil {
		return 0
	}
	return math.Float64frombits(binary.LittleEndian.Uint64(b))
}

func (r *cursorReader) text() string {
	n := r.number()
	if n > maxCursorBytes {
		r.bad = true
		return ""
	}
	return string(r.cut(int(n)))
}

// ReadCursor reads the cursor of q, if it has one, at now.
func ReadCursor(q Query, now time.Time) (*Cursor, error) {
	if q.Cursor == "" {
		return nil, nil
	}
	refuse := func(detail string) (*Cursor, error) {
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
	case c.Question != q.Fingerprint():
		return refuse("belongs to another question")
	case at.After(now.Add(time.Minute)) || now.Sub(at) > cursorLife:
		return refuse("is more than a day old")
	}
	return &c, nil
}
