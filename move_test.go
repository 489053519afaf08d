package main

import (
	"bytes"
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gather/directory"
	"gather/directory/boltstore"
	"gather/directory/mongostore/mongotest"
)

// TestMoveBetweenStores moves a directory from bbolt to MongoDB and back. The
// archives are equal to the byte: revisions, withdrawn listings, keys, and their
// order.
func TestMoveBetweenStores(t *testing.T) {
	embedded, uri := t.TempDir(), mongotest.URI(t)
	mongodb := []string{"--mongodb", uri, "--data", t.TempDir()}
	content := fillStore(t, embedded)
	first := exportAll(t, "--data", embedded)
	for _, part := range []string{`"kind":"key"`, `"kind":"group"`, `"gone":true`, `"rev":3`, `"action":"revoke"`} {
		if !bytes.Contains(first, []byte(part)) {
			t.Errorf("the archive has no %s", part)
		}
	}

	restore(t, first, mongodb...)
	second := exportAll(t, mongodb...)
	sameArchive(t, "exported from MongoDB", second, first)
	back := t.TempDir()
	restore(t, second, "--data", back)
	sameArchive(t, "exported from bbolt again", exportAll(t, "--data", back), first)

	for name, store := range map[string][]string{"mongodb": mongodb, "bolt": {"--data", back}} {
		t.Run("served on "+name, func(t *testing.T) {
			s := serve(t, store...)
			content.check(t, s)
			s.stop()
		})
	}
}

// content is what fillStore wrote and a client can check.
type content struct {
	key, id, gone, etag string
	history             []byte
}

// fillStore fills an embedded store with the demo, and with a listing that was
// revised, one that was withdrawn, and a revoked key.
func fillStore(t *testing.T, data string) content {
	t.Helper()
	s := serve(t, "--demo", "--data", data)
	admin := s.printed("An admin key:")
	group := trustedGroup(t, s, admin)
	var l content
	var made struct {
		Key    directory.Key
		Secret string
	}
	s.ask("POST", "/v1/keys", admin, map[string]any{"label": "the group's", "role": "publisher", "group": group}).want(t, 201, &made)
	l.key = made.Secret
	s.ask("POST", "/v1/keys", admin, map[string]any{"label": "lost", "role": "publisher", "group": group}).want(t, 201, &made)
	s.ask("DELETE", "/v1/keys/"+made.Key.ID, admin, nil).want(t, 200, nil)

	text := listing(group, "“Te a sgwrs” \u2028 <b>& \\ \"quoted\"")
	text["description"] = "Ŵyl y môr\n\n🧘🏽 then tea"
	var a directory.Activity
	s.ask("POST", "/v1/activities", l.key, text).want(t, 201, &a)
	l.id = a.ID
	for _, summary := range []string{"revised once", "revised twice"} {
		s.ask("PATCH", "/v1/activities/"+l.id, l.key, map[string]any{"summary": summary}, "If-Match", "*").want(t, 200, nil)
	}
	s.ask("POST", "/v1/activities", l.key, listing(group, "withdrawn")).want(t, 201, &a)
	l.gone = a.ID
	s.ask("DELETE", "/v1/activities/"+l.gone, l.key, nil, "If-Match", "*").want(t, 200, nil)
	l.etag = s.ask("GET", "/v1/activities/"+l.id, l.key, nil).want(t, 200, nil).header.Get("ETag")
	l.history = s.ask("GET", "/v1/activities/"+l.id+"/history", l.key, nil).want(t, 200, nil).body
	s.stop()
	return l
}

// check wants all of the content in a directory that was moved.
func (l content) check(t *testing.T, s *server) {
	t.Helper()
	r := s.ask("GET", "/v1/activities/"+l.id, l.key, nil).want(t, 200, nil)
	if got := r.header.Get("ETag"); got != l.etag {
		t.Errorf("ETag %s, was %s", got, l.etag)
	}
	if got := s.ask("GET", "/v1/activities/"+l.id+"/history", l.key, nil).want(t, 200, nil).body; !bytes.Equal(got, l.history) {
		t.Errorf("history %s\nwas %s", got, l.history)
	}
	s.ask("GET", "/v1/activities/"+l.gone, l.key, nil).want(t, 410, nil)
	if !s.finds(l.id, url.Values{"q": {"sgwrs"}}) {
		t.Error("the listing is not found")
	}
	// The next write continues from the last change.
	s.ask("PATCH", "/v1/activities/"+l.id, l.key, map[string]any{"summary": "moved"}, "If-Match", l.etag).want(t, 200, nil)
	s.within(l.id, true, url.Values{"q": {"moved"}})
}

// exportAll exports an archive of everything and returns it.
func exportAll(t *testing.T, store ...string) []byte {
	t.Helper()
	file := filepath.Join(t.TempDir(), "all.jsonl")
	gather(t, append([]string{"export", "--all", file}, store...)...)
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func archiveFile(t *testing.T, archive []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "all.jsonl")
	if err := os.WriteFile(file, archive, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func restore(t *testing.T, archive []byte, store ...string) {
	t.Helper()
	gather(t, append([]string{"restore", archiveFile(t, archive)}, store...)...)
}

// sameArchive fails the test with the first line that differs.
func sameArchive(t *testing.T, what string, got, want []byte) {
	t.Helper()
	g, w := bytes.Split(got, []byte("\n")), bytes.Split(want, []byte("\n"))
	for i := range min(len(g), len(w)) {
		if !bytes.Equal(g[i], w[i]) {
			t.Fatalf("%s: line %d is\n%s\nwant\n%s", what, i+1, g[i], w[i])
		}
	}
	if len(g) != len(w) {
		t.Fatalf("%s: %d lines, want %d", what, len(g), len(w))
	}
}

// TestBackups makes backups as docs/run.md says: of MongoDB while nodes run, of
// bbolt while nothing runs.
func TestBackups(t *testing.T) {
	uri, embedded := mongotest.URI(t), t.TempDir()
	for name, data := range map[string][]string{"mongodb": {"--mongodb", uri, "--data", t.TempDir()}, "bolt": {"--data", embedded}} {
		t.Run(name, func(t *testing.T) {
			importRows(t, 20, data...)
			before := exportAll(t, data...)
			s := serve(t, data...)
			out, errOut, err := command(t, append([]string{"export", "--all", "-"}, data...)...)
			if name == "mongodb" && (err != nil || out != string(before)) {
				t.Errorf("while a node runs export ends with %v: %s", err, errOut)
			}
			if name == "bolt" && (err == nil || !strings.Contains(errOut, "another process")) {
				t.Errorf("export of a store in use ends with %v: %s", err, errOut)
			}
			s.stop()
		})
	}
	t.Run("copy of the file", func(t *testing.T) {
		want := exportAll(t, "--data", embedded)
		file, err := os.ReadFile(filepath.Join(embedded, "store", boltstore.FileName))
		if err != nil {
			t.Fatal(err)
		}
		folder := t.TempDir()
		if err := os.Mkdir(filepath.Join(folder, "store"), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, "store", boltstore.FileName), file, 0o600); err != nil {
			t.Fatal(err)
		}
		sameArchive(t, "exported from the copy", exportAll(t, "--data", folder), want)
		s := serve(t, "--data", folder)
		if n := s.search(url.Values{}).Total; n != 20 {
			t.Errorf("a server on the copy finds %d activities, want 20", n)
		}
		s.stop()
	})
}

// TestRestoreRefused: a damaged archive, and a store that is not empty, are
// refused, and the store stays as it is.
func TestRestoreRefused(t *testing.T) {
	full := t.TempDir()
	importRows(t, 20, "--data", full)
	archive := exportAll(t, "--data", full)
	lines := bytes.SplitAfter(archive, []byte("\n"))
	changed := bytes.Replace(archive, []byte("row 7"), []byte("row 8"), 1)
	for name, store := range map[string][]string{"bolt": nil, "mongodb": {"--mongodb", mongotest.URI(t)}} {
		t.Run(name, func(t *testing.T) {
			data := append([]string{"--data", t.TempDir()}, store...)
			empty := exportAll(t, data...)
			for what, broken := range map[string][]byte{
				"cut off":       archive[:len(archive)/2],
				"without end":   bytes.Join(lines[:len(lines)-2], nil),
				"without a row": bytes.Join(append(append([][]byte{}, lines[:5]...), lines[6:]...), nil),
				"changed":       changed,
				"no archive":    []byte(`{"title":"Chair Yoga"}` + "\n"),
			} {
				if _, errOut, err := command(t, append([]string{"restore", archiveFile(t, broken)}, data...)...); err == nil {
					t.Errorf("an archive that is %s was restored: %s", what, errOut)
				}
				sameArchive(t, "after an archive that is "+what, exportAll(t, data...), empty)
			}
			restore(t, archive, data...)
			_, errOut, err := command(t, append([]string{"restore", archiveFile(t, archive)}, data...)...)
			if err == nil || !strings.Contains(errOut, "already holds") {
				t.Errorf("restored into a store that is not empty: %v, %s", err, errOut)
			}
			sameArchive(t, "after a second restore", exportAll(t, data...), archive)
		})
	}
	var end struct{ Records, Last int64 }
	if err := json.Unmarshal(lines[len(lines)-2], &end); err != nil || end.Records < 21 {
		t.Errorf("the archive ends with %s, %v", lines[len(lines)-2], err)
	}
}
