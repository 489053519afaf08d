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
	// Unique lookups belong to one record of a kind at most. A tombstone
	// gives its lookups back.
	Unique bool `json:"unique,omitempty"`
}

// Record is one stored thing at one revision. A record's earlier revisions
// are its history; the newest is what Get answers.
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
	// Gone marks a tombstone: it stays in the log for ever, Find leaves it
	// out, Get answers it.
	Gone    bool     `json:"gone,omitempty"`
	Lookups []Lookup `json:"lookups,omitempty"`
	// Doc is the thing itself: one JSON object in UTF-8 as encoding/json
	// writes it (compact, fields in the order of the Go type). Stores give it
	// back byte for byte.
	Doc json.RawMessage `json:"doc,omitempty"`
}

// Write is one record to be written, or, as a Guard, to be found unchanged.
type Write struct {
	// Record is what to write. Its Rev is the revision that the caller read,
	// 0 for a record that must not exist yet. Its Change is ignored.
	Record Record
	// Guard writes nothing: it only makes the transaction fail with
	// ErrConflict unless the record stands at Rev (0: does not exist).
	Guard bool
}

// Limits of one transaction, which keep it well inside what both engines
// allow: MongoDB refuses a document over 16 MiB and recommends at most about
// 1,000 documents a transaction.
const (
	// MaxDoc is the largest Doc in bytes. The largest listing that the rules
	// let through is under a tenth of it.
	MaxDoc = 1 << 20
	// MaxWrites is the most writes in one Commit.
	MaxWrites = 1000
)

// Store keeps records, their history and the change log. It knows no rules.
//
// Every method is safe for concurrent use. A cancelled context ends a call
// with the context's error; a Commit cut off that way has either happened
// wholly or not at all. ErrUnavailable marks a store that cannot be reached.
type Store interface {
	// ID tells this store from every other: a UUID made with the empty store,
	// which it keeps. A copy of its file, or a dump, has the same one; a store
	// that Restore fills has its own.
	ID() string
	// Get answers the newest revision of a record, a tombstone too, or
	// ErrNotFound.
	Get(ctx context.Context, kind Kind, id string) (Record, error)
	// GetMany answers what Get would of each of ids, at most MaxWrites of
	// them, in their order, and leaves out those that are not found.
	GetMany(ctx context.Context, kind Kind, ids []string) ([]Record, error)
	// Find answers the newest revisions of up to limit records of kind that
	// declare lookup {name, value} and are not Gone, in order of id, with
	// ids greater than after.
	Find(ctx context.Context, kind Kind, name, value, after string, limit int) ([]Record, error)
	// History answers up to limit revisions of a record, newest first, with
	// Rev less than before (0: from the newest). It is empty, without error,
	// for an unknown record.
	History(ctx context.Context, kind Kind, id string, before int64, limit int) ([]Record, error)
	// Commit writes all of ws in one transaction, or nothing. It answers the
	// records as written, guards left out, in order, with their new Rev and
	// Change; changes within one Commit follow the order of ws. Acknowledged
	// means durable. It fails with ErrConflict when a Rev is not the newest,
	// ErrTaken when a unique lookup belongs to another record; both name the
	// record.
	Commit(ctx context.Context, ws []Write) ([]Record, error)
	// Changes answers up to limit records whose newest Change is greater
	// than after, in order of Change: each record once, at its newest
	// revision, tombstones included. A reader that goes on from the last
	// Change it got never misses a write.
	Changes(ctx context.Context, after int64, limit int) ([]Record, error)
	// Last answers the newest change number, 0 for an empty store.
	Last(ctx context.Context) (int64, error)
	// Log answers up to limit revisions of all records, superseded ones
	// included, whose Change is greater than after, in order of Change:
	// everything the store holds.
	Log(ctx context.Context, after int64, limit int) ([]Record, error)
	// Restore writes revisions as Log answered them, with their numbers and
	// times, each newer than all the store holds. It is for moving a
	// directory from one store to another: the first call needs an empty
	// store. Each call is one transaction of at most MaxWrites. From the first
	// to FinishRestore the store is unfinished, also when the process is
	// killed: Commit, Last and Ping fail with ErrUnfinished, and so does every
	// opening, with what to do.
	Restore(ctx context.Context, rs []Record) error
	// Redact replaces what superseded revisions say: of each r, Doc and
	// Lookups take the place of those of the revision with its Kind, ID, Rev
	// and Change, for ever and in every answer; its number, time, writer and
	// action stay. It is for erasing personal data and nothing else. All of
	// rs, at most MaxWrites, or nothing: ErrNotFound where there is no such
	// revision, ErrConflict where it is the newest of its record, which a
	// Commit replaces. After Close the store's own files do not hold what was
	// there either, as far as the engine can promise it.
	Redact(ctx context.Context, rs []Record) error
	// FinishRestore ends a restore: what the store holds is a whole directory.
	FinishRestore(ctx context.Context) error
	// Wait returns nil once Last may be greater than after, or the context's
	// error. It may return early; it is only a wake-up.
	Wait(ctx context.Context, after int64) error
	// Ping answers nil when the store can be read now.
	Ping(ctx context.Context) error
	// Close waits for running calls and lets go of the store.
	Close() error
}
