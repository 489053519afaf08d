package boltstore_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gather/directory"
	"gather/directory/boltstore"
)

func TestOpenLocked(t *testing.T) {
	folder := t.TempDir()
	first, err := boltstore.Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	_, err = boltstore.Open(folder)
	if took := time.Since(start); took > 2*time.Second {
		t.Errorf("took %v to refuse", took)
	}
	refused(t, err, boltstore.ErrLocked, "another data folder")
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := boltstore.Open(folder)
	if err != nil {
		t.Fatalf("after the first let go: %v", err)
	}
	if err := again.Close(); err != nil {
		t.Error(err)
	}
}

// TestOpenDamaged damages a file in the ways that disks and people do. Each
// must be found by Open, or by the first call that meets the damage, as an
// error: never as wrong data and never as a crash.
func TestOpenDamaged(t *testing.T) {
	page := os.Getpagesize()
	for _, c := range []struct {
		name   string
		damage func([]byte) []byte
	}{
		{"cut to half", func(b []byte) []byte { return b[:len(b)/2] }},
		{"cut to two pages", func(b []byte) []byte { return b[:2*page] }},
		{"cut inside a page", func(b []byte) []byte { return b[:page+100] }},
		{"another file", func([]byte) []byte { return []byte(strings.Repeat("not a store\n", 1000)) }},
		{"a short file", func([]byte) []byte { return []byte("x") }},
		{"both heads overwritten", func(b []byte) []byte { clear(b[:2*page]); return b }},
		{"all but the heads overwritten", func(b []byte) []byte { clear(b[2*page:]); return b }},
		{"pages swapped", func(b []byte) []byte {
			for i := 2 * page; i+2*page <= len(b); i += 2 * page {
				p := append([]byte(nil), b[i:i+page]...)
				copy(b[i:], b[i+page:i+2*page])
				copy(b[i+page:], p)
			}
			return b
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			folder := t.TempDir()
			fill(t, folder)
			path := filepath.Join(folder, boltstore.FileName)
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, c.damage(b), 0o600); err != nil {
				t.Fatal(err)
			}
			err = read(folder)
			if !errors.Is(err, boltstore.ErrDamaged) {
				t.Errorf("error %v, want %v", err, boltstore.ErrDamaged)
			}
		})
	}
}

// fill writes a store of many pages.
func fill(t *testing.T, folder string) {
	t.Helper()
	s, err := boltstore.Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	for page := range 5 {
		var ws []directory.Write
		for i := range 200 {
			ws = append(ws, directory.Write{Record: directory.Record{
				Kind: directory.KindActivity, ID: fmt.Sprint(page, "-", i),
				Doc: []byte(fmt.Sprintf(`{"text":%q}`, strings.Repeat("a", 200))),
			}})
		}
		if _, err := s.Commit(t.Context(), ws); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// read opens a store, reads all of it and writes to it.
func read(folder string) (err error) {
	s, err := boltstore.Open(folder)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	ctx := context.Background()
	log, err := s.Log(ctx, 0, 10000)
	if err != nil {
		return err
	}
	if len(log) != 1000 {
		return fmt.Errorf("%d revisions, want 1000", len(log))
	}
	for _, r := range log {
		if _, err := s.Get(ctx, r.Kind, r.ID); err != nil {
			return err
		}
	}
	_, err = s.Commit(ctx, []directory.Write{{Record: directory.Record{Kind: "key", ID: "k"}}})
	return err
}

func TestOpenWhereThereIsNoFolder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{file, filepath.Join(file, "below"), "/proc/nowhere"} {
		if s, err := boltstore.Open(folder); err == nil {
			t.Errorf("%s: no error", folder)
			s.Close()
		}
	}
}

func TestOpenOtherFormat(t *testing.T) {
	folder := t.TempDir()
	writeFormat(t, filepath.Join(folder, boltstore.FileName), "2")
	_, err := boltstore.Open(folder)
	if err == nil || !strings.Contains(err.Error(), "another version") || !strings.Contains(err.Error(), "export") {
		t.Errorf("error %v, want one about versions and what to do", err)
	}
}

func refused(t *testing.T, err, want error, fix string) {
	t.Helper()
	if !errors.Is(err, want) || !strings.Contains(err.Error(), fix) {
		t.Errorf("error %v, want %v, with %q", err, want, fix)
	}
	if err != nil && strings.Contains(err.Error(), "\n") {
		t.Errorf("the error has more than one line: %q", err)
	}
}

// TestOpenForbidden opens stores that this user may not write.
func TestOpenForbidden(t *testing.T) {
	folder := reachable(t)
	fill(t, folder)
	path := filepath.Join(folder, boltstore.FileName)
	for _, c := range []struct {
		name         string
		folder, file fs.FileMode
	}{
		{"folder not readable", 0, 0o600},
		{"file not writable", 0o755, 0o444},
	} {
		if err := errors.Join(os.Chmod(path, c.file), os.Chmod(folder, c.folder)); err != nil {
			t.Fatal(err)
		}
		var err error
		asNobody(t, func() { _, err = boltstore.Open(folder) })
		refused(t, err, fs.ErrPermission, "change the owner")
		if err := errors.Join(os.Chmod(folder, 0o700), os.Chmod(path, 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(folder, 0o555); err != nil {
		t.Fatal(err)
	}
	var err error
	asNobody(t, func() { _, err = boltstore.Open(filepath.Join(folder, "data")) })
	refused(t, err, fs.ErrPermission, "change the owner")
}

// reachable is a folder that every user can reach, and only this one write.
func reachable(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	if err := os.Chmod(filepath.Dir(folder), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Chmod(folder, 0o700) })
	return folder
}
