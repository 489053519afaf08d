// Package bulktest is shared by the tests of imports and of their formats: a
// directory to import into, samples with golden files, and fuzzing.
package bulktest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"sort"
	"strings"
	"testing"
	"time"

	"gather/directory"
	"gather/directory/boltstore"
	"gather/directory/bulk"
	"gather/directory/bulk/draft"
	"gather/directory/gazetteer"
	"gather/directory/vocabulary"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// Admin is the principal that imports run as.
var Admin = directory.Principal{Role: directory.RoleAdmin}

// now is the time of every NewDirectory's clock.
var now = time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)

// NewDirectory returns an empty directory with its own store, which is closed
// when the test ends.
func NewDirectory(t testing.TB) *directory.Directory {
	t.Helper()
	store, err := boltstore.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	words, err := vocabulary.Default()
	if err != nil {
		t.Fatal(err)
	}
	places, err := gazetteer.Open("")
	if err != nil {
		t.Fatal(err)
	}
	d := directory.New(store, words, places)
	d.Now = func() time.Time { return now }
	return d
}

// Changes is the number of the newest change, 0 if nothing was written.
func Changes(t testing.TB, d *directory.Directory) int64 {
	t.Helper()
	n, err := d.Last(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// Listings are the activities of d by title.
func Listings(t testing.TB, d *directory.Directory) map[string]directory.Activity {
	t.Helper()
	out := map[string]directory.Activity{}
	for _, a := range Activities(t, d) {
		out[a.Title] = a
	}
	return out
}

// Activities are all activities of d, including withdrawn ones.
func Activities(t testing.TB, d *directory.Directory) []directory.Activity {
	t.Helper()
	var out []directory.Activity
	rs, err := d.Changes(context.Background(), 0, 10000)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rs {
		if r.Kind != directory.KindActivity {
			continue
		}
		a, err := directory.ReadActivity(r)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, a)
	}
	return out
}

// Report is r in its text form.
func Report(t *testing.T, r bulk.Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := r.WriteText(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Told is the content of d's listings, by group and title.
func Told(t *testing.T, d *directory.Directory) string {
	t.Helper()
	var out []string
	for _, a := range Listings(t, d) {
		b, err := json.MarshalIndent(a.Details, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, fmt.Sprintf("\n%s, checked %s: %s\n", a.GroupName, a.Checked.At.Format(time.DateOnly), b))
	}
	sort.Strings(out)
	return strings.Join(out, "")
}

// golden compares got with the file at path, or writes it with -update.
func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("differs from %s; run with -update and read the diff:\n%s", path, got)
	}
}

// Import imports a text as a file of the given name.
func Import(t testing.TB, d *directory.Directory, name, text string, o bulk.Options) (bulk.Report, error) {
	t.Helper()
	if o.Source.Name == "" {
		o.Source.Name = name
	}
	return bulk.Import(context.Background(), d, Admin, strings.NewReader(text), o)
}

// Sample imports a file shaped like a real one, once as a dry run and twice for
// real, and compares the report and the stored listings with its golden file.
func Sample(t *testing.T, path string) {
	t.Helper()
	d := NewDirectory(t)
	dry, err := bulk.ImportFile(context.Background(), d, Admin, path, bulk.Options{Dry: true})
	if err != nil {
		t.Fatal(err)
	}
	if n := Changes(t, d); n != 0 {
		t.Errorf("a dry run wrote %d changes", n)
	}
	r, err := bulk.ImportFile(context.Background(), d, Admin, path, bulk.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if dry.Created != r.Created || dry.Refused != r.Refused || dry.Repeated != r.Repeated {
		t.Errorf("a dry run promised %d created, %d refused, and it became %d and %d", dry.Created, dry.Refused, r.Created, r.Refused)
	}
	golden(t, path+".golden", Report(t, r)+Told(t, d))
	before := Changes(t, d)
	again, err := bulk.ImportFile(context.Background(), d, Admin, path, bulk.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if Changes(t, d) != before || again.Unchanged != r.Created || again.Created+again.Revised != 0 {
		t.Errorf("the same file again: %d created, %d revised, %d unchanged of %d", again.Created, again.Revised, again.Unchanged, r.Created)
	}
}

// Fuzz is a fuzz target for a format, seeded with these files. Whatever a file
// holds, an import must not panic, count a row twice, or write in a dry run,
// and may only return errors about the file as a whole.
func Fuzz(f *testing.F, format bulk.Format, samples ...string) {
	f.Helper()
	d := NewDirectory(f)
	for _, name := range samples {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(b))
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := bulk.Import(context.Background(), d, Admin, strings.NewReader(text), bulk.Options{Format: format, Dry: true, Source: directory.Source{Name: "fuzz"}})
		var bad *directory.Invalid
		if err != nil && !errors.As(err, &bad) {
			t.Fatalf("%v", err)
		}
		if n := r.Created + r.Revised + r.Unchanged + r.Kept + r.Repeated + r.Joined + r.Deleted + r.Refused + r.NotWritten; n != r.Total || r.Total != len(r.Rows) {
			t.Errorf("%d outcomes of %d rows", n, r.Total)
		}
		for _, row := range r.Rows {
			if row.Outcome == directory.Refused && len(row.Faults) == 0 {
				t.Errorf("line %d was refused without a reason", row.Line)
			}
			if row.Outcome == draft.NotWritten && err == nil {
				t.Errorf("line %d was not written, without an error", row.Line)
			}
			if row.Line < 1 || row.Item < 1 {
				t.Errorf("row %d is on line %d", row.Item, row.Line)
			}
		}
		if Changes(t, d) != 0 {
			t.Error("a dry run wrote")
		}
	})
}
