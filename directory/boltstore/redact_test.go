package boltstore_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"gather/directory"
	"gather/directory/boltstore"
)

// What was redacted cannot be read out of the file once it is closed, though
// bbolt keeps replaced pages until it needs them.
func TestTheFileLosesWhatWasRedacted(t *testing.T) {
	ctx := context.Background()
	folder := t.TempDir()
	secret := []byte("Ann.Example@northgate.example")
	s := open(t, folder)
	record := func(rev int64, doc string) directory.Record {
		r := directory.Record{Kind: directory.KindActivity, ID: "a", Rev: rev, Doc: json.RawMessage(doc)}
		rs, err := s.Commit(ctx, []directory.Write{{Record: r}})
		if err != nil {
			t.Fatal(err)
		}
		return rs[0]
	}
	first := record(0, `{"email":"`+string(secret)+`"}`)
	record(1, `{}`)
	holds := func() bool {
		b, err := os.ReadFile(filepath.Join(folder, boltstore.FileName))
		if err != nil {
			t.Fatal(err)
		}
		return bytes.Contains(b, secret)
	}
	if err := s.Close(); err != nil || !holds() {
		t.Fatalf("the file does not hold what was written (%v)", err)
	}
	s = open(t, folder)
	first.Doc = json.RawMessage(`{}`)
	if err := s.Redact(ctx, []directory.Record{first}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if holds() {
		t.Error("the closed file still holds what was redacted")
	}
	s = open(t, folder)
	if r, err := s.Get(ctx, directory.KindActivity, "a"); err != nil || r.Rev != 2 {
		t.Errorf("the file that was written anew has revision %d (%v)", r.Rev, err)
	}
	record(2, `{"on":true}`)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if left, err := filepath.Glob(filepath.Join(folder, "*")); err != nil || len(left) != 1 {
		t.Errorf("the folder holds %q (%v)", left, err)
	}
}

func open(t *testing.T, folder string) *boltstore.Store {
	t.Helper()
	s, err := boltstore.Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() }) // closed again, where a test ends early
	return s
}
