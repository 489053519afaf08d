package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestEraseLeavesNothing: what is erased is in no file of the store, in no
// archive, and in no store restored from one.
func TestEraseLeavesNothing(t *testing.T) {
	const address = "ann.example@northgate.example"
	folder := t.TempDir()
	rows := "id,title,description,postcode,email\n1,Chair Yoga,Ask " + address + ",M33 7DB," + address + "\n2,Tea,Ring,M33 7DB,tea@northgate.example\n"
	execute(t, nil, "import", "--data", folder, "--group", "Northgate Friends", write(t, "list.csv", rows)).want(t, 0, "2 created")
	execute(t, nil, "import", "--data", folder, "--group", "Northgate Friends", write(t, "list.csv", strings.Replace(rows, "Chair Yoga", "Yoga on chairs", 1))).want(t, 0, "1 revised")
	holds := func(what, path string) {
		t.Helper()
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(b), address) {
			t.Errorf("%s still has the address", what)
		}
	}
	execute(t, nil, "erase", "contact", "--data", folder, "--dry-run", address).want(t, 0, "Would erase from 0 groups, 1 listings and 0 keys: 2 revisions")
	execute(t, nil, "erase", "contact", "--data", folder, address).want(t, 0, "Erased from 0 groups, 1 listings and 0 keys: 2 revisions")
	execute(t, nil, "erase", "contact", "--data", folder, address).want(t, 0, "Erased from 0 groups, 0 listings and 0 keys: 0 revisions")
	holds("the store", filepath.Join(folder, "store", "directory.db"))
	archive := filepath.Join(t.TempDir(), "all.jsonl")
	execute(t, nil, "export", "--all", "--data", folder, archive).want(t, 0, "")
	holds("the archive", archive)
	b, err := os.ReadFile(archive)
	if err != nil || !strings.Contains(string(b), `"action":"erase"`) || !strings.Contains(string(b), "tea@northgate.example") {
		t.Errorf("the archive does not record the erasure, or lost something else (%v)", err)
	}
	other, again := t.TempDir(), filepath.Join(t.TempDir(), "again.jsonl")
	execute(t, nil, "restore", "--data", other, archive).want(t, 0, "Restored")
	execute(t, nil, "export", "--all", "--data", other, again).want(t, 0, "")
	if c, err := os.ReadFile(again); err != nil || string(c) != string(b) {
		t.Errorf("the archive of what was restored differs (%v)", err)
	}
	execute(t, nil, "erase", "listing", "--data", folder, "nobody").want(t, 1, "not found")
	execute(t, nil, "erase", "contact", "--data", folder, "Ann").want(t, 1, "too short")
	execute(t, nil, "erase", "group", "--data", folder).want(t, 2, "ID")
}
