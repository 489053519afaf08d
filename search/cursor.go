package search

import (
	"encoding/base64"
	"encoding/binary"
	"math"
	"time"

	"gather/directory"
)

// maxCursorBytes is longer than any cursor: MaxShown listings and one page more,
// of up to 500, in base64.
const maxCursorBytes = 8000

// MaxShown is how many listings of sort=best a cursor remembers one by one:
// some pages, which is further than people read. Scores depend on what else is
// in the index (how rare a word is, the best match, texts that a group's
// listings share), so one write moves them all, and a score is no place to go
// on from. What comes after MaxShown is ordered by numbers of its own only.
const MaxShown = 200

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
	Question uint32 // its Fingerprint
	At       int64  // Unix milliseconds
	// Shown are the listings of the pages before, as ShownID: of sort=best, and
	// of its first MaxShown or some more only.
	Shown []uint64
	// After is the last listing shown. Its ID is empty where Shown says it all.
	After SortKey
}

// shownBytes is how much of the hash of an id a cursor holds: of a hundred
// thousand matches, one is taken for one of 300 shown by chance in one of ten
// million readings.
const shownBytes = 6

// ShownID is the number that stands for a listing in Cursor.Shown.
func ShownID(id []byte) uint64 {
	h := hashing(fnvOffset)
	for _, c := range id {
		h = (h ^ hashing(c)) * fnvPrime
	}
	return uint64(h) >> (64 - 8*shownBytes)
}

// cursorForm is the first byte of a cursor: another form has another.
const cursorForm = 2

// String writes c as the cursor parameter has it.
func (c Cursor) String() string {
	b := make([]byte, 0, 64+len(c.After.Text)+len(c.After.ID)+shownBytes*len(c.Shown))
	b = append(b, cursorForm)
	b = binary.AppendUvarint(b, uint64(c.Question))
	b = binary.AppendVarint(b, c.At)
	b = binary.AppendVarint(b, int64(c.After.Tier))
	b = binary.LittleEndian.AppendUint64(b, math.Float64bits(c.After.Number))
	for _, text := range []string{c.After.Text, c.After.ID} {
		b = append(binary.AppendUvarint(b, uint64(len(text))), text...)
	}
	b = binary.AppendUvarint(b, uint64(len(c.Shown)))
	for _, n := range c.Shown {
		b = append(b, byte(n>>40), byte(n>>32), byte(n>>24), byte(n>>16), byte(n>>8), byte(n))
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
	c.Shown = r.shown()
	return c, !r.bad && len(r.rest) == 0 && (c.After.ID != "" || len(c.Shown) > 0) && finite(c.After.Number)
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

func (r *cursorReader) shown() (all []uint64) {
	n := r.number()
	if n > maxCursorBytes/shownBytes {
		r.bad = true
		return nil
	}
	b := r.cut(int(n) * shownBytes)
	if len(b) == 0 {
		return nil
	}
	all = make([]uint64, 0, n)
	for ; len(b) > 0; b = b[shownBytes:] {
		all = append(all, uint64(b[0])<<40|uint64(b[1])<<32|uint64(b[2])<<24|uint64(b[3])<<16|uint64(b[4])<<8|uint64(b[5]))
	}
	return all
}

// ReadCursor reads the cursor of q, if it has one, at now.
func ReadCursor(q *Query, now time.Time) (*Cursor, error) {
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
