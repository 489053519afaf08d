// Package directory holds the facts and the rules of a directory of community
// activities: what a listing may say, who may write it, and what is kept.
//
// It knows no database, no index and no HTTP: a Store keeps the records, and a
// Gazetteer knows where places are.
package directory

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"gather/directory/vocabulary"
)

// Directory applies the rules above a Store. Its methods are safe for
// concurrent use.
//
// Methods that write take the Principal of the caller and fail with
// ErrForbidden when the role does not allow it, *Invalid when what is written
// breaks a rule, ErrConflict when the revision given is not the newest, ErrGone
// when the record was withdrawn, and ErrNotFound. What they return is durable.
type Directory struct {
	store  Store
	Words  *vocabulary.Vocabulary
	Places Gazetteer
	// Now is the clock and NewID makes a new UUID; tests replace both.
	Now   func() time.Time
	NewID func() string
	// opened wakes RunCascades.
	opened chan struct{}
}

// New makes a directory that keeps its records in store, with the machine's
// clock and random ids.
func New(store Store, words *vocabulary.Vocabulary, places Gazetteer) *Directory {
	return &Directory{store: store, Words: words, Places: places, Now: time.Now, NewID: NewUUID, opened: make(chan struct{}, 1)}
}

// NewUUID returns a random UUID (RFC 9562, version 4) that IsUUID accepts.
func NewUUID() string {
	var b [16]byte
	_, _ = rand.Read(b[:])
	return formatUUID(b, 4)
}

// formatUUID writes b as a UUID of this version.
func formatUUID(b [16]byte, version byte) string {
	b[6] = b[6]&0x0f | version<<4
	b[8] = b[8]&0x3f | 0x80
	h := hex.EncodeToString(b[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// IsUUID reports whether id is a UUID as NewID writes them: in lower case.
func IsUUID(id string) bool {
	if len(id) != 36 {
		return false
	}
	for i := range len(id) {
		switch c := id[i]; {
		case i == 8 || i == 13 || i == 18 || i == 23:
			if c != '-' {
				return false
			}
		case c < '0' || c > '9' && c < 'a' || c > 'f':
			return false
		}
	}
	return true
}

// now is the time a write carries: UTC, to the millisecond that stores keep.
func (d *Directory) now() time.Time { return d.Now().UTC().Truncate(time.Millisecond) }

func (d *Directory) check() *check { return &check{words: d.Words, places: d.Places, now: d.Now()} }

// get reads a record and its document into v.
func (d *Directory) get(ctx context.Context, kind Kind, id string, v any) (Record, error) {
	r, err := d.store.Get(ctx, kind, id)
	if err != nil {
		return Record{}, fmt.Errorf("read %s %q: %w", kind, Quote(id), err)
	}
	if err := json.Unmarshal(r.Doc, v); err != nil {
		return Record{}, fmt.Errorf("read %s %q: %w", kind, Quote(id), err)
	}
	return r, nil
}

// write returns the Write of a value that is stored at rev (0: not yet).
func (d *Directory) write(kind Kind, id string, rev int64, by Principal, action string, v any, gone bool, lookups ...Lookup) (Write, error) {
	doc, err := json.Marshal(v)
	if err != nil {
		return Write{}, fmt.Errorf("write %s %q: %w", kind, id, err)
	}
	return Write{Record: Record{
		Kind: kind, ID: id, Rev: rev, At: d.now(), By: by.Key, Action: action, Gone: gone, Lookups: lookups, Doc: doc,
	}}, nil
}

// guard returns the Write that fails unless a record is at rev.
func guard(kind Kind, id string, rev int64) Write {
	return Write{Guard: true, Record: Record{Kind: kind, ID: id, Rev: rev}}
}

// Revision is one entry of a record's history.
type Revision struct {
	Rev    int64     `json:"rev"`
	Change int64     `json:"change"`
	At     time.Time `json:"at" format:"date-time"`
	// By is the id of the key that wrote it; empty for the public.
	By     string `json:"by,omitempty"`
	Action string `json:"action"`
	// Activity is the listing as it stood then.
	Activity Activity `json:"activity"`
}
