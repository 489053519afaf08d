package hsds_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gather/directory"
	"gather/directory/bulk"
	"gather/directory/bulk/bulktest"
)

// zipped returns a zip file of these files.
func zipped(t testing.TB, files map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range files {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A zip file with its tables in a folder imports the same as the folder itself.
func TestTablesInAZipFile(t *testing.T) {
	files := map[string]string{}
	paths, err := filepath.Glob(filepath.Join("testdata", "tables", "*"))
	if err != nil || len(paths) == 0 {
		t.Fatal(paths, err)
	}
	for _, p := range paths {
		b, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		files["export/"+filepath.Base(p)] = string(b)
	}
	d, same := bulktest.NewDirectory(t), bulktest.NewDirectory(t)
	r, err := bulk.Import(context.Background(), d, bulktest.Admin, bytes.NewReader(zipped(t, files)), bulk.Options{Source: directory.Source{Name: "tables"}})
	if err != nil || r.Format != bulk.Tables || r.Created != 2 {
		t.Fatalf("%v %s", err, bulktest.Report(t, r))
	}
	if _, err := bulk.ImportFile(context.Background(), same, bulktest.Admin, filepath.Join("testdata", "tables"), bulk.Options{}); err != nil {
		t.Fatal(err)
	}
	if bulktest.Told(t, d) != bulktest.Told(t, same) {
		t.Error("the zip file and the folder differ")
	}
}

func TestPackagesThatAreRefused(t *testing.T) {
	big := strings.Repeat(strings.Repeat("a", 999)+"\n", 8<<10)
	bomb := map[string]string{"services.csv": "id,name\n"}
	for _, name := range []string{"phones", "contacts", "languages", "schedules", "locations", "addresses"} {
		bomb[name+".csv"] = big + big + big
	}
	for _, c := range []struct {
		name, want string
		file       []byte
	}{
		{"no services", "without a table of services", zipped(t, map[string]string{"organizations.csv": "id,name\n"})},
		{"two of a table", "second table", zipped(t, map[string]string{"services.csv": "id,name\n", "service.csv": "id,name\n"})},
		{"not UTF-8", "UTF-8", zipped(t, map[string]string{"services.csv": "id,name\n1,Caf\xe9\n"})},
		{"cut off", "not a zip file that can be read", zipped(t, map[string]string{"services.csv": "id,name\n1,Tea\n"})[:60]},
		{"a small file that unpacks to a large one", "larger than", zipped(t, bomb)},
	} {
		d := bulktest.NewDirectory(t)
		_, err := bulk.Import(context.Background(), d, bulktest.Admin, bytes.NewReader(c.file), bulk.Options{Source: directory.Source{Name: "zip"}})
		var bad *directory.Invalid
		if !errors.As(err, &bad) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want an Invalid that says %q", c.name, err, c.want)
		}
		if bulktest.Changes(t, d) != 0 {
			t.Errorf("%s: something was written", c.name)
		}
	}
}

// FuzzTables imports one text as the services and another as a second table.
func FuzzTables(f *testing.F) {
	d := bulktest.NewDirectory(f)
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
		r, err := bulk.Import(context.Background(), d, bulktest.Admin, bytes.NewReader(zipped(t, map[string]string{"services.csv": services, name: other})), bulk.Options{Dry: true, Source: directory.Source{Name: "fuzz"}})
		var bad *directory.Invalid
		if err != nil && !errors.As(err, &bad) {
			t.Fatal(err)
		}
		if r.Total != len(r.Rows) {
			t.Errorf("%d rows, and says %d", len(r.Rows), r.Total)
		}
	})
}
