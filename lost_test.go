package main

import (
	"bytes"
	"context"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gather/directory"
	"gather/directory/boltstore"
	"gather/directory/mongostore"
	"gather/directory/mongostore/mongotest"
)

// refusesAll runs every command that opens a directory, and wants exit code 1
// and one line of error with each of the words.
func refusesAll(t *testing.T, store []string, words ...string) {
	t.Helper()
	for _, args := range [][]string{
		{"keys", "list"}, {"serve", "--addr", "127.0.0.1:0"}, {"serve", "--addr", "127.0.0.1:0", "--demo"}, {"keys", "create", "--label", "new"},
		{"export", filepath.Join(t.TempDir(), "all.jsonl")}, {"import", archiveFile(t, []byte("title\nTea\n"))}, {"reindex"},
	} {
		var out, errOut bytes.Buffer
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // a server that starts would run for ever
		code := run(ctx, slices.Concat([]string{"gather"}, args, store), func(string) string { return "" }, &out, &errOut)
		cancel()
		if code != 1 || strings.Count(errOut.String(), "\n") != 1 {
			t.Fatalf("%s: exit %d, want 1; printed %q, want one line", args, code, errOut.String())
		}
		for _, w := range words {
			if !strings.Contains(errOut.String(), w) {
				t.Errorf("%s: printed %q, want %q in it", args, errOut.String(), w)
			}
		}
	}
}

// TestUnfinishedRestore: no command opens a store whose restore was killed
// before its end.
func TestUnfinishedRestore(t *testing.T) {
	half := func(t *testing.T, s directory.Store, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Restore(t.Context(), []directory.Record{{Kind: directory.KindGroup, ID: "g", Rev: 1, Change: 1}}); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	full := t.TempDir()
	fillStore(t, full)
	archive := exportAll(t, "--data", full)

	t.Run("bolt", func(t *testing.T) {
		data := t.TempDir()
		store, err := boltstore.Open(filepath.Join(data, "store"))
		half(t, store, err)
		refusesAll(t, []string{"--data", data}, "was not finished", boltstore.FileName, "restore again")
		if err := os.Remove(filepath.Join(data, "store", boltstore.FileName)); err != nil {
			t.Fatal(err)
		}
		restore(t, archive, "--data", data)
		sameArchive(t, "restored again", exportAll(t, "--data", data), archive)
	})
	t.Run("mongodb", func(t *testing.T) {
		uri := mongotest.URI(t)
		other, err := mongostore.Open(context.Background(), uri)
		if err != nil {
			t.Fatal(err)
		}
		defer other.Close()
		store, err := mongostore.Open(t.Context(), uri)
		half(t, store, err)
		if err := other.Ping(t.Context()); err == nil {
			t.Error("another node is ready during the restore")
		}
		refusesAll(t, []string{"--mongodb", uri, "--data", t.TempDir()}, "was not finished", "dropDatabase", "restore again")
	})
}

// TestLostStore: an empty store whose index has seen changes is not
// taken for a new directory.
func TestLostStore(t *testing.T) {
	data := t.TempDir()
	l := fillStore(t, data)
	archive := exportAll(t, "--data", data)
	file := filepath.Join(data, "store", boltstore.FileName)
	kept, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for name, lose := range map[string]func() error{
		"missing": func() error { return os.Remove(file) },
		"empty":   func() error { return os.WriteFile(file, nil, 0o600) },
	} {
		t.Run(name, func(t *testing.T) {
			if err := lose(); err != nil {
				t.Fatal(err)
			}
			refusesAll(t, []string{"--data", data}, file+" is empty", "has seen", "backup")
		})
	}
	t.Run("another database", func(t *testing.T) {
		refusesAll(t, []string{"--mongodb", mongotest.URI(t), "--data", data}, "database is empty", "has seen", "check the URI")
	})
	// Both remedies work: an archive, or the file itself.
	restore(t, archive, "--data", data)
	sameArchive(t, "restored", exportAll(t, "--data", data), archive)
	if err := os.WriteFile(file, kept, 0o600); err != nil {
		t.Fatal(err)
	}
	s := serve(t, "--data", data)
	if !s.finds(l.id, url.Values{"q": {"sgwrs"}}) {
		t.Error("with the file back in place the listing is not found")
	}
	s.stop()
}

// TestNewDirectory: a folder in which a server ran, but nothing was written, can
// be used.
func TestNewDirectory(t *testing.T) {
	data := t.TempDir()
	serve(t, "--data", data).stop()
	if secret := gather(t, "keys", "create", "--label", "first", "--quiet", "--data", data); strings.TrimSpace(secret) == "" {
		t.Error("no key")
	}
	serve(t, "--data", data).stop()
}
