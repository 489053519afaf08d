package mongostore

import (
	"fmt"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"gather/directory"
	"gather/directory/commit"
)

// The collections of a directory.
const (
	// records has the newest revision of each record, including tombstones.
	records = "records"
	// history has every revision; its _id is the change number.
	history = "history"
	// meta has the change counter, the format, the store's id and the
	// registrations of writers.
	meta = "meta"
)

// The documents of meta.
const (
	counterID = "changes"
	formatID  = "format"
	storeID   = "store"
)

// format is the version of the documents below. Open refuses any other.
const format = 1

// counter is the document that every transaction locks to assign change
// numbers.
type counter struct {
	ID   string `bson:"_id"`
	Last int64  `bson:"last"`
	// Commit is the token of the batch that wrote it last.
	Commit bson.ObjectID `bson:"commit,omitempty"`
	// Restoring is set from the first Restore until FinishRestore.
	Restoring bool `bson:"restoring,omitempty"`
}

// lookup is a directory.Lookup.
type lookup struct {
	Name   string `bson:"name"`
	Value  string `bson:"value"`
	Unique bool   `bson:"unique,omitempty"`
}

// revision is a directory.Record as both collections store it.
type revision struct {
	Kind    directory.Kind `bson:"kind"`
	ID      string         `bson:"id"`
	Rev     int64          `bson:"rev"`
	Change  int64          `bson:"change"`
	At      bson.DateTime  `bson:"at"`
	By      string         `bson:"by,omitempty"`
	Action  string         `bson:"action,omitempty"`
	Gone    bool           `bson:"gone,omitempty"`
	Lookups []lookup       `bson:"lookups,omitempty"`
	Doc     bson.Raw       `bson:"doc,omitempty"`
	Plain   bool           `bson:"plain,omitempty"`
	Text    string         `bson:"text,omitempty"`
}

// newest is a document of records.
type newest struct {
	Key      string   `bson:"_id"`
	Revision revision `bson:",inline"`
	// Keys and Unique are the indexed form of the lookups. A tombstone has
	// none, so that others can take its unique lookups.
	Keys   []string `bson:"keys,omitempty"`
	Unique []string `bson:"unique,omitempty"`
}

// entry is a document of history.
type entry struct {
	Number   int64    `bson:"_id"`
	Revision revision `bson:",inline"`
	// Commit is the token of the batch that wrote it. It shows a writer whose
	// commit is in doubt whether it was committed.
	Commit bson.ObjectID `bson:"commit"`
}

// recordKey is the _id of a record. A kind has no slash.
func recordKey(kind directory.Kind, id string) string { return string(kind) + "/" + id }

// lookupKey is the indexed form of a lookup. A name has no equals sign.
func lookupKey(name, value string) string { return name + "=" + value }

// uniqueKey is the indexed form of a unique lookup. It includes the kind,
// within which the lookup is unique.
func uniqueKey(kind directory.Kind, name, value string) string {
	return recordKey(kind, lookupKey(name, value))
}

func toRevision(r directory.Record) revision {
	v := revision{
		Kind: r.Kind, ID: r.ID, Rev: r.Rev, Change: r.Change, At: bson.DateTime(r.At.UnixMilli()),
		By: r.By, Action: r.Action, Gone: r.Gone,
	}
	for _, l := range r.Lookups {
		v.Lookups = append(v.Lookups, lookup(l))
	}
	if len(r.Doc) > 0 {
		b := toBody(r.Doc)
		v.Doc, v.Plain, v.Text = b.doc, b.plain, b.text
	}
	return v
}

func (v revision) record() (directory.Record, error) {
	r := directory.Record{
		Kind: v.Kind, ID: v.ID, Rev: v.Rev, Change: v.Change, At: time.UnixMilli(int64(v.At)).UTC(),
		By: v.By, Action: v.Action, Gone: v.Gone, Lookups: v.lookups(),
	}
	if v.Doc != nil || v.Text != "" {
		doc, err := body{v.Doc, v.Plain, v.Text}.json()
		if err != nil {
			return directory.Record{}, fmt.Errorf("read %s %q at revision %d: %w", v.Kind, v.ID, v.Rev, err)
		}
		r.Doc = doc
	}
	return r, nil
}

func (v revision) lookups() []directory.Lookup {
	var ls []directory.Lookup
	for _, l := range v.Lookups {
		ls = append(ls, directory.Lookup(l))
	}
	return ls
}

// head returns what a write is checked against.
func (n newest) head() commit.Head {
	v := n.Revision
	return commit.Head{Rev: v.Rev, Change: v.Change, Gone: v.Gone, Lookups: v.lookups()}
}

func toNewest(v revision) newest {
	n := newest{Key: recordKey(v.Kind, v.ID), Revision: v}
	for _, l := range v.Lookups {
		if v.Gone {
			break
		}
		n.Keys = add(n.Keys, lookupKey(l.Name, l.Value))
		if l.Unique {
			n.Unique = add(n.Unique, uniqueKey(v.Kind, l.Name, l.Value))
		}
	}
	return n
}

// add appends s unless it is there: a record may declare a lookup twice.
func add(to []string, s string) []string {
	if slices.Contains(to, s) {
		return to
	}
	return append(to, s)
}
