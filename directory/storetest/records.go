package storetest

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"

	"gather/directory"
)

// noon is when the tests write. It has a zone and nanoseconds, which a store
// does not keep.
var noon = time.Date(2026, 3, 29, 12, 30, 15, 123456789, time.FixedZone("BST", 3600))

func writes(rs ...directory.Record) []directory.Write {
	ws := make([]directory.Write, len(rs))
	for i, r := range rs {
		ws[i].Record = r
	}
	return ws
}

// activity is a record as a publisher would write it.
func activity(id string, rev int64, group string) directory.Record {
	name, err := json.Marshal(id)
	if err != nil {
		panic(err) // a string can be written
	}
	return directory.Record{
		Kind: directory.KindActivity, ID: id, Rev: rev, At: noon, By: "key-1", Action: "publish",
		Lookups: []directory.Lookup{{Name: "group", Value: group}},
		Doc:     json.RawMessage(fmt.Sprintf(`{"id":%s,"title":"Sport \u0026 tea","rev":%d}`, name, rev+1)),
	}
}

// owning is a group with a lookup that must be unique.
func owning(id string, rev int64, slug string) directory.Record {
	return directory.Record{
		Kind: directory.KindGroup, ID: id, Rev: rev, At: noon,
		Lookups: []directory.Lookup{{Name: "slug", Value: slug, Unique: true}},
		Doc:     json.RawMessage(`{}`),
	}
}

func gone(r directory.Record) directory.Record {
	r.Gone, r.Action = true, "withdraw"
	return r
}

func ids(rs []directory.Record) []string {
	var out []string
	for _, r := range rs {
		out = append(out, r.ID)
	}
	return out
}

// same reports a difference between records, with documents as text.
func same(t *testing.T, what string, got, want directory.Record) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s:\n got %s\nwant %s", what, text(got), text(want))
	}
}

func text(r directory.Record) string {
	doc := string(r.Doc)
	r.Doc = nil
	return fmt.Sprintf("%+v doc %.300s", r, doc)
}

// is checks which error a call returned.
func is(t *testing.T, what string, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("%s: error %v, want %v", what, got, want)
	}
}
