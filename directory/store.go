package directory

import (
	"context"
	"encoding/json"
	"time"
)

// Kind is the kind of a record.
type Kind string

// The kinds of record a directory keeps.
const (
	KindGroup    Kind = "group"
	KindActivity Kind = "activity"
	KindKey      Kind = "key"
	// KindCascade is in cascade.go.
)

// Lookup is a declared way to find a record other than by its id: the
// activities of a group, the key with a hash.
type Lookup struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	// Unique lookups belong to at most one record of a kind. A tombstone has
	// no lookups: others may take its unique ones.
	Unique bool `json:"unique,omitempty"`
}

// Record is one stored thing at one revision. A record's earlier revisions
// are its history; Get returns the newest.
type Record struct {
	Kind Kind   `json:"kind"`
	ID   string `json:"id"`
	// Rev is 1 when the record is created and grows by one with each write.
	Rev int64 `json:"rev"`
	// Change is the number of the write: unique, and strictly increasing in
	// the order in which writes become visible, over the whole store.
	Change int64 `json:"change"`
	// At is when it was written, UTC, to the millisecond, and By the id of
	// the key that wrote it. Action is the verb ("publish", "withdraw").
	At     time.Time `json:"at"`
	By     string    `json:"by,omitempty"`
	Action string    `json:"action,omitempty"`
	// Gone marks a tombstone: it stays in the log for ever, Get returns it,
	// Find does not.
	Gone    bool     `json:"gone,omitempty"`
	Lookups []Lookup `json:"lookups,omitempty"`
	// Doc is the thing itself: one JSON object in UTF-8 as encoding/json
	// writes it (compact, fields in the order of the Go type). Stores return
	// it byte for byte.
	Doc json.RawMessage `json:"doc,omitempty"`
}

// Write is one record to write or, as a Guard, one that must be unchanged.
type Write struct {
	// Record is what to write. Its Rev is the revision that the caller read,
	// 0 for a record that must not exist yet. Its Change is ignored.
	Record Record
	// Guard writes nothing: it only makes the transaction fail with
	// ErrConflict unless the record is at Rev (0: does not exist).
	Guard bool
}

// Limits of one transaction, well inside what both engines allow: MongoDB
// refuses a document over 16 MiB and recommends at most about 1,000 documents a
// transaction.
const (
	// MaxDoc is the largest Doc in bytes. The largest listing that the rules
	// allow is under a tenth of it.
	MaxDoc = 1 << 20
	// MaxWrites is the most writes in one Commit.
	MaxWrites = 1000
)

// Store keeps records, their history and the change log. It knows no rules.
//
// Every method is safe for concurrent use. A cancelled context ends a call
// with the context's error; a Commit that is cancelled has happened either
// wholly or not at all. ErrUnavailable marks a store that cannot be reached.
type Store interface {
	// ID returns the UUID of this store, which is made with the empty store and
	// never changes. A copy of its file, or a dump, has the same one; a store
	// that Restore fills has its own.
	ID() string
	// Get returns the newest revision of a record, a tombstone too, or
	// ErrNotFound.
	Get(ctx context.Context, kind Kind, id string) (Record, error)
	// GetMany returns what Get would for each of ids, at most MaxWrites of
	// them, in their order, without those that are not found.
	GetMany(ctx context.Context, kind Kind, ids []string) ([]Record, error)
	// Find returns the newest revisions of up to limit records of kind that
	// declare lookup {name, value} and are not Gone, in order of id, with
	// ids greater than after.
	Find(ctx context.Context, kind Kind, name, value, after string, limit int) ([]Record, error)
	// History returns up to limit revisions of a record, newest first, with
	// Rev less than before (0: from the newest). It is empty, without error,
	// for an unknown record.
	History(ctx context.Context, kind Kind, id string, before int64, limit int) ([]Record, error)
	// Commit writes all of ws in one transaction, or nothing. It returns the
	// records as written, without guards, in order, with their new Rev and
	// Change; changes within one Commit follow the order of ws. Once it
	// returns, the writes are durable. It fails with ErrConflict when a Rev is not the newest,
	// ErrTaken when a unique lookup belongs to another record; both name the
	// record.
	Commit(ctx context.Context, ws []Write) ([]Record, error)
	// Changes returns up to limit records whose newest Change is greater
	// than after, in order of Change: each record once, at its newest
	// revision, tombstones included. A reader that goes on from the last
	// Change it got never misses a write.
	Changes(ctx context.Context, after int64, limit int) ([]Record, error)
	// Last returns the newest change number, 0 for an empty store.
	Last(ctx context.Context) (int64, error)
	// Log returns up to limit revisions of all records, superseded ones
	// included, whose Change is greater than after, in order of Change:
	// everything the store holds.
	Log(ctx context.Context, after int64, limit int) ([]Record, error)
	// Restore writes revisions as Log returned them, with their numbers and
	// times, each newer than all the store holds. It is for moving a
	// directory from one store to another: the first call needs an empty
	// store. Each call is one transaction of at most MaxWrites. From the first
	// call until FinishRestore the store is unfinished, even if the process is
	// killed: Commit, Last and Ping fail with ErrUnfinished, and so does
	// opening the store, with an error that says what to do.
	Restore(ctx context.Context, rs []Record) error
	// Redact replaces the Doc and the Lookups of superseded revisions for ever,
	// each with those of the element of rs that has its Kind, ID, Rev and
	// Change. Their numbers, times, writers and actions stay. It is only for
	// erasing personal data. It redacts all of rs, at most MaxWrites, or
	// nothing: ErrNotFound if there is no such revision, ErrConflict if it is
	// the newest of its record, for which Commit is the way. After Close the
	// store's own files do not contain the old content either, as far as the
	// engine can promise that.
	Redact(ctx context.Context, rs []Record) error
	// FinishRestore ends a restore: the store holds a complete directory.
	FinishRestore(ctx context.Context) error
	// Wait returns nil once Last may be greater than after, or the context's
	// error. It may return early; it is only a wake-up.
	Wait(ctx context.Context, after int64) error
	// Ping returns nil when the store can be read now.
	Ping(ctx context.Context) error
	// Close waits for running calls and releases the store.
	Close() error
}
