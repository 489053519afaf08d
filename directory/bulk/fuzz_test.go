package bulk_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gather/directory"
	"gather/directory/bulk"
	"gather/directory/bulk/draft"
)

// Whatever a file holds, an import neither panics nor counts a row twice nor
// writes in a dry run; the only errors are those of the file as a whole.
func fuzzFormat(f *testing.F, format bulk.Format, samples ...string) {
	d := newDirectory(f)
	for _, name := range samples {
		b, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(b))
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := bulk.Import(context.Background(), d, admin, strings.NewReader(text), bulk.Options{Format: format, Dry: true, Source: directory.Source{Name: "fuzz"}})
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
		if changes(t, d) != 0 {
			t.Error("a dry run wrote")
		}
	})
}

func FuzzCSV(f *testing.F) {
	fuzzFormat(f, bulk.CSV, "sports_clubs.csv", "facilities.csv", "food_banks.csv", "latin1.csv")
}

func FuzzHSDS(f *testing.F) {
	fuzzFormat(f, bulk.HSDS, "hsds_page.json", "nested_organisations.json", "gather_services.json")
}

func FuzzOutpost(f *testing.F) { fuzzFormat(f, bulk.Outpost, "outpost_page.json") }

func FuzzJSONLines(f *testing.F) { fuzzFormat(f, bulk.JSONLines, "listings.jsonl") }

func FuzzOpenReferral1(f *testing.F) { fuzzFormat(f, bulk.ORUK1, "oruk1_page.json") }

func FuzzOpenActive(f *testing.F) {
	fuzzFormat(f, bulk.OpenActive, "openactive_old.json", "openactive_feed.json")
}

// FuzzTables puts one text in as the services and another as a table beside
// them.
func FuzzTables(f *testing.F) {
	d := newDirectory(f)
	read := func(name string) string {
		b, err := os.ReadFile(filepath.Join("testdata", "tables", name))
		if err != nil {
			f.Fatal(err)
		}
		return string(b)
	}
	names := []string{"organizations.csv", "locations.csv", "physical_addresses.csv", "service_at_location.csv", "regular_schedules.csv", "datapackage.json"}
	for i, name := range names {
		f.Add(read("services.csv"), read(name), i)
	}
	f.Fuzz(func(t *testing.T, services, other string, which int) {
		name := names[((which%len(names))+len(names))%len(names)]
		r, err := bulk.Import(context.Background(), d, admin, bytes.NewReader(zipped(t, map[string]string{"services.csv": services, name: other})), bulk.Options{Dry: true, Source: directory.Source{Name: "fuzz"}})
		var bad *directory.Invalid
		if err != nil && !errors.As(err, &bad) {
			t.Fatal(err)
		}
		if r.Total != len(r.Rows) {
			t.Errorf("%d rows, and says %d", len(r.Rows), r.Total)
		}
	})
}

func FuzzAnyFormat(f *testing.F) {
	fuzzFormat(f, bulk.Auto, "sports_clubs.csv", "hsds_page.json", "outpost_page.json", "listings.jsonl", "oruk1_page.json", "openactive_old.json", "openactive_feed.json", "nested_organisations.json")
}
