package boltstore

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	bolt "go.etcd.io/bbolt"

	"gather/directory"
)

// format is the version of the layout below. Open refuses any other.
var (
	keyFormat = []byte("format")
	format    = []byte("1")
)

// More keys of the bucket meta.
var (
	keyID = []byte("id") // of the store
	// keyRedacted is set while free pages of the file may still contain
	// redacted data.
	keyRedacted = []byte("redacted")
	// keyRestoring is set from the first Restore until FinishRestore.
	keyRestoring = []byte("restoring")
)

// The buckets. Every part of a key except the last is prefixed with its
// length, so that a part can be any text. Numbers are big-endian, so that byte
// order is numeric order.
var (
	bucketMeta = []byte("meta")
	// revisions: change -> revision. All other buckets refer to this one.
	bucketRevisions = []byte("revisions")
	// records: kind, id -> change of the newest revision.
	bucketRecords = []byte("records")
	// history: kind, id, rev -> change.
	bucketHistory = []byte("history")
	// log: change -> nothing, for the newest revision of each record.
	bucketLog = []byte("log")
	// lookups: kind, name, value, id -> nothing, except for tombstones.
	bucketLookups = []byte("lookups")
	// unique: kind, name, value -> id, except for tombstones.
	bucketUnique = []byte("unique")

	buckets = [][]byte{bucketRevisions, bucketRecords, bucketHistory, bucketLog, bucketLookups, bucketUnique}
)

// number encodes a change number as a key, or a revision as the last part of
// a history key.
func number(n int64) []byte { return binary.BigEndian.AppendUint64(nil, uint64(n)) }

// prefix encodes all parts of a key but the last.
func prefix(parts ...string) []byte {
	var key []byte
	for _, p := range parts {
		key = append(binary.AppendUvarint(key, uint64(len(p))), p...)
	}
	return key
}

func recordKey(kind directory.Kind, id string) []byte {
	return append(prefix(string(kind)), id...)
}

func historyKey(kind directory.Kind, id string, rev int64) []byte {
	return append(prefix(string(kind), id), number(rev)...)
}

func lookupPrefix(kind directory.Kind, name, value string) []byte {
	return prefix(string(kind), name, value)
}

// header is a revision without its document, which is stored after it
// unchanged. As a field of this JSON the document would be re-encoded, and it
// must stay the same byte for byte.
type header struct {
	Kind    directory.Kind     `json:"kind"`
	ID      string             `json:"id"`
	Rev     int64              `json:"rev"`
	Change  int64              `json:"change"`
	At      int64              `json:"at"` // milliseconds since 1970, UTC
	By      string             `json:"by,omitempty"`
	Action  string             `json:"action,omitempty"`
	Gone    bool               `json:"gone,omitempty"`
	Lookups []directory.Lookup `json:"lookups,omitempty"`
}

func encode(r directory.Record) ([]byte, error) {
	head, err := json.Marshal(header{r.Kind, r.ID, r.Rev, r.Change, r.At.UnixMilli(), r.By, r.Action, r.Gone, r.Lookups})
	if err != nil {
		return nil, fmt.Errorf("encode %s %q: %w", r.Kind, r.ID, err)
	}
	value := binary.AppendUvarint(make([]byte, 0, len(head)+len(r.Doc)+binary.MaxVarintLen32), uint64(len(head)))
	return append(append(value, head...), r.Doc...), nil
}

// decode copies what it returns, because value belongs to the transaction.
func decode(value []byte) (directory.Record, error) {
	h, rest, err := decodeHeader(value)
	if err != nil {
		return directory.Record{}, err
	}
	r := directory.Record{
		Kind: h.Kind, ID: h.ID, Rev: h.Rev, Change: h.Change, At: time.UnixMilli(h.At).UTC(),
		By: h.By, Action: h.Action, Gone: h.Gone, Lookups: h.Lookups,
	}
	if len(rest) > 0 {
		r.Doc = slices.Clone(rest)
	}
	return r, nil
}

func decodeHeader(value []byte) (h header, doc []byte, err error) {
	size, n := binary.Uvarint(value)
	if n <= 0 || size > uint64(len(value)-n) {
		return h, nil, fmt.Errorf("%w: a revision of %d bytes has no header", ErrDamaged, len(value))
	}
	if err := json.Unmarshal(value[n:n+int(size)], &h); err != nil {
		return h, nil, fmt.Errorf("%w: decode the header of a revision: %w", ErrDamaged, err)
	}
	return h, value[n+int(size):], nil
}

// revision returns the encoded revision that another bucket refers to.
func revision(tx *bolt.Tx, change []byte) ([]byte, error) {
	value := tx.Bucket(bucketRevisions).Get(change)
	if value == nil {
		return nil, fmt.Errorf("%w: there is no revision for change %x", ErrDamaged, change)
	}
	return value, nil
}

// restoring reports whether a restore has started but not finished.
func restoring(tx *bolt.Tx) bool { return tx.Bucket(bucketMeta).Get(keyRestoring) != nil }

// last returns the newest change number in tx.
func last(tx *bolt.Tx) int64 {
	key, _ := tx.Bucket(bucketRevisions).Cursor().Last()
	if key == nil {
		return 0
	}
	return int64(binary.BigEndian.Uint64(key))
}
