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

// format is the layout below. Open refuses a file with another.
var (
	keyFormat = []byte("format")
	format    = []byte("1")
)

// keyRedacted is in meta while pages of the file may hold what was redacted.
var keyRedacted = []byte("redacted")

// More of what the bucket meta has.
var (
	keyID = []byte("id") // of the store
	// keyRestoring is there from the first to the last of a restore.
	keyRestoring = []byte("restoring")
)

// The buckets. A part of a key that is not its last has its length before it,
// so that any text can be a part; numbers are big-endian, so that byte order
// is their order.
var (
	bucketMeta = []byte("meta")
	// revisions: change -> revision. Everything else leads here.
	bucketRevisions = []byte("revisions")
	// records: kind, id -> change of the newest revision.
	bucketRecords = []byte("records")
	// history: kind, id, rev -> change.
	bucketHistory = []byte("history")
	// log: change -> nothing, for the newest revision of each record.
	bucketLog = []byte("log")
	// lookups: kind, name, value, id -> nothing, for records not gone.
	bucketLookups = []byte("lookups")
	// unique: kind, name, value -> id, for records not gone.
	bucketUnique = []byte("unique")

	buckets = [][]byte{bucketRevisions, bucketRecords, bucketHistory, bucketLog, bucketLookups, bucketUnique}
)

// number is the key of a change, and the last part of a history key.
func number(n int64) []byte { return binary.BigEndian.AppendUint64(nil, uint64(n)) }

func fromNumber(b []byte) (int64, error) {
	if len(b) != 8 {
		return 0, fmt.Errorf("%w: a number of %d bytes", ErrDamaged, len(b))
	}
	return int64(binary.BigEndian.Uint64(b)), nil
}

// prefix is the parts of a key that come before its last.
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

// header is a revision without its document, which follows it as it is: JSON
// in JSON would be written anew, and the document must stay the same bytes.
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

// decode shares no memory with value, which the transaction owns.
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
		return h, nil, fmt.Errorf("%w: header of a revision: %w", ErrDamaged, err)
	}
	return h, value[n+int(size):], nil
}

// revision answers the value that a key of another bucket leads to.
func revision(tx *bolt.Tx, change []byte) ([]byte, error) {
	value := tx.Bucket(bucketRevisions).Get(change)
	if value == nil {
		return nil, fmt.Errorf("%w: no revision for change %x", ErrDamaged, change)
	}
	return value, nil
}

// restoring reports whether a restore has begun and not ended.
func restoring(tx *bolt.Tx) bool { return tx.Bucket(bucketMeta).Get(keyRestoring) != nil }

// last is the newest change number in tx.
func last(tx *bolt.Tx) int64 {
	key, _ := tx.Bucket(bucketRevisions).Cursor().Last()
	if key == nil {
		return 0
	}
	return int64(binary.BigEndian.Uint64(key))
}
