package gazetteer_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gather/directory"
	"gather/directory/gazetteer"
	"gather/directory/gazetteer/packed"
)

type skips = map[gazetteer.Skip]int

func TestImport(t *testing.T) {
	for _, c := range []struct {
		file, format  string
		options       gazetteer.Options
		units, places int
		skipped       skips
		faultLines    []int
	}{
		{"onspd-2018.csv", "ONSPD or NSPL", gazetteer.Options{}, 4, 0,
			skips{gazetteer.SkipNI: 1, gazetteer.SkipNoPosition: 1, gazetteer.SkipOldNewport: 1}, nil},
		{"onspd-2025.csv", "ONSPD or NSPL", gazetteer.Options{}, 4, 0,
			skips{gazetteer.SkipNI: 1, gazetteer.SkipNoPosition: 1, gazetteer.SkipOldNewport: 1}, nil},
		{"onspd-2025.csv", "ONSPD or NSPL", gazetteer.Options{IncludeNI: true}, 5, 0,
			skips{gazetteer.SkipNoPosition: 1, gazetteer.SkipOldNewport: 1}, nil},
		{"nspl-2025.csv", "ONSPD or NSPL", gazetteer.Options{}, 1, 0, skips{gazetteer.SkipNoPosition: 1}, nil},
		{"code-point-open.csv", "Code-Point Open", gazetteer.Options{}, 3, 0,
			skips{gazetteer.SkipNoPosition: 1, gazetteer.SkipFault: 1}, []int{5}},
		{"os-open-names.csv", "OS Open Names", gazetteer.Options{}, 1, 4,
			skips{gazetteer.SkipOther: 1, gazetteer.SkipFault: 2}, []int{7, 8}},
		{"plain.csv", "postcode,lat,lon", gazetteer.Options{}, 2, 0,
			skips{gazetteer.SkipNI: 1, gazetteer.SkipNoPosition: 1, gazetteer.SkipFault: 6}, []int{5, 6, 7, 8, 9, 12}},
	} {
		t.Run(c.file, func(t *testing.T) {
			var last, total int64
			progress := func(done, of int64) { last, total = done, of }
			r, err := gazetteer.Import(t.Context(), t.TempDir(), []string{filepath.Join("testdata", c.file)}, c.options, progress)
			if err != nil {
				t.Fatal(err)
			}
			if len(r.Files) != 1 || r.Files[0].Format != c.format || r.Units != c.units || r.Places != c.places {
				t.Errorf("got %+v, want %s, %d units, %d places", r, c.format, c.units, c.places)
			}
			if !maps.Equal(r.Skipped, c.skipped) {
				t.Errorf("skipped %v, want %v", r.Skipped, c.skipped)
			}
			var lines []int
			for _, f := range r.Faults {
				lines = append(lines, f.Line)
				if f.File != c.file || f.What == "" || f.Fix == "" {
					t.Errorf("fault %+v", f)
				}
			}
			if fmt.Sprint(lines) != fmt.Sprint(c.faultLines) {
				t.Errorf("faults %+v, want lines %v", r.Faults, c.faultLines)
			}
			if info, _ := os.Stat(filepath.Join("testdata", c.file)); last != info.Size() || total != last {
				t.Errorf("progress ended at %d of %d, of %d bytes", last, total, info.Size())
			}
		})
	}
}

func imported(t *testing.T, dir string, o gazetteer.Options, files ...string) (*gazetteer.Gazetteer, gazetteer.Report) {
	t.Helper()
	r, err := gazetteer.Import(t.Context(), dir, files, o, nil)
	if err != nil {
		t.Fatal(err)
	}
	g, err := gazetteer.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return g, r
}

func TestImportedPostcodesWin(t *testing.T) {
	g, _ := imported(t, t.TempDir(), gazetteer.Options{IncludeNI: true}, "testdata/onspd-2025.csv")
	for _, c := range []struct {
		text, district string
		precision      directory.Precision
		at             directory.Position
	}{
		{"M33 7DA", "Trafford", directory.PrecisionUnit, directory.Position{Lat: 53.4241, Lon: -2.3189}},
		{"M33 8ZZ", "Trafford", directory.PrecisionUnit, directory.Position{Lat: 53.43, Lon: -2.33}}, // not its ended namesake
		{"M33 8ZY", "Trafford", directory.PrecisionUnit, directory.Position{Lat: 53.431, Lon: -2.331}},
		{"BT1 5GS", "", directory.PrecisionUnit, directory.Position{Lat: 54.5966, Lon: -5.9301}},
		{"BT1 5GT", "", directory.PrecisionSector, directory.Position{Lat: 54.5966, Lon: -5.9301}},
		{"SW1A 1AA", "Westminster", directory.PrecisionUnit, directory.Position{Lat: 51.50101, Lon: -0.14159}},
	} {
		got, err := g.Postcode(c.text)
		if err != nil || got.Precision != c.precision || got.Metres(c.at) > 10 || got.DistrictName != c.district {
			t.Errorf("Postcode(%q) = %+v, %v, want %s %s at %v", c.text, got, err, c.precision, c.district, c.at)
		}
	}
	if f, err := g.Find("Belfast"); err != nil || f.Outcode != "BT1" {
		t.Errorf("Belfast = %+v, %v, want it in BT1 now", f, err)
	}
}

func TestImportedPlaces(t *testing.T) {
	g, _ := imported(t, t.TempDir(), gazetteer.Options{}, "testdata/os-open-names.csv")
	for _, c := range []struct{ text, name string }{
		{"Sale Moor", "Sale Moor, Trafford, Greater Manchester"},
		{"Aberaeron Newydd", "Aberaeron, Ceredigion"},
		{"Sale", "Sale, Trafford, Greater Manchester"},
		{"Leith", "Leith, City of Edinburgh"},
	} {
		f, err := g.Find(c.text)
		if err != nil || f.Name != c.name || len(f.Others) != 0 {
			t.Errorf("Find(%q) = %q, %d others, %v, want %q alone", c.text, f.Name, len(f.Others), err, c.name)
		}
	}
}

func TestImportsAddUp(t *testing.T) {
	dir := t.TempDir()
	imported(t, dir, gazetteer.Options{}, "testdata/onspd-2025.csv")
	imported(t, dir, gazetteer.Options{}, "testdata/os-open-names.csv")
	imported(t, dir, gazetteer.Options{}, "testdata/os-open-names.csv")
	g, r := imported(t, dir, gazetteer.Options{}, "testdata/plain.csv")
	if r.Held != 4 {
		t.Errorf("%d postcodes held, want the ONSPD's three and Jersey's", r.Held)
	}
	if got, err := g.Postcode("JE2 3QA"); err != nil || got.Metres(directory.Position{Lat: 49.1861, Lon: -2.1072}) > 10 {
		t.Errorf("JE2 3QA = %+v, %v", got, err)
	}
	if f, err := g.Find("Sale Moor"); err != nil || len(f.Others) != 0 {
		t.Errorf("Sale Moor after two imports = %+v, %v", f, err)
	}
	if _, r := imported(t, dir, gazetteer.Options{Replace: true}, "testdata/nspl-2025.csv"); r.Held != 1 {
		t.Errorf("%d postcodes held after replacing, want 1", r.Held)
	}
}

// An archive also holds documents, a copy in parts and a list of districts.
func TestImportArchive(t *testing.T) {
	onspd, err := os.ReadFile("testdata/onspd-2025.csv")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "ONSPD.ZIP")
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range map[string]string{
		"Data/ONSPD_NOV_2025_UK.csv":             string(onspd),
		"Data/multi_csv/ONSPD_NOV_2025_UK_M.csv": string(onspd),
		"Documents/LA_UA names and codes.csv":    "\ufeffLAD25CD,LAD25NM\r\nN09000003,Belfast\r\nN99999999,(pseudo)\r\n",
		"Documents/Region names.csv":             "RGN25CD,RGN25CDO,RGN25NM\nE12000001,A,North East\n",
		"__MACOSX/Data/._ONSPD_NOV_2025_UK.csv":  "\x00\x05\x16\x07",
		"User Guide/guide.pdf":                   "%PDF",
	} {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(z.Close(), os.WriteFile(path, b.Bytes(), 0o600)); err != nil {
		t.Fatal(err)
	}
	g, r := imported(t, t.TempDir(), gazetteer.Options{IncludeNI: true}, path)
	if r.Units != 5 || r.Districts != 1 || len(r.Faults) != 0 || len(r.Files) != 3 {
		t.Errorf("report %+v", r)
	}
	if got, err := g.Postcode("BT1 5GS"); err != nil || got.DistrictName != "Belfast" {
		t.Errorf("BT1 5GS = %+v, %v, want it in Belfast", got, err)
	}
}

func TestImportRefused(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	long := "postcode,lat,lon\n" + strings.Repeat("x", 70_000) + ",1,2\nM33 7DA,53.4,-2.3\n"
	for _, c := range []struct {
		what   string
		ctx    context.Context
		path   string
		want   error
		faults int
	}{
		{"no such file", t.Context(), filepath.Join(dir, "absent.csv"), os.ErrNotExist, 0},
		{"empty", t.Context(), write("a.csv", ""), gazetteer.ErrNothingTaken, 0},
		{"another format", t.Context(), write("a.csv", "name,colour\nx,red\n"), gazetteer.ErrNothingTaken, 1},
		{"not a zip", t.Context(), write("a.zip", "hello"), zip.ErrFormat, 0},
		{"cancelled", ended, "testdata/plain.csv", context.Canceled, 0},
		{"a long line", t.Context(), write("a.csv", long), nil, 1},
		{"only faults", t.Context(), write("a.csv", "postcode,lat,lon\n"+strings.Repeat("M1 1CC,53,-2\n", 1500)), gazetteer.ErrNothingTaken, 1000},
	} {
		r, err := gazetteer.Import(c.ctx, t.TempDir(), []string{c.path}, gazetteer.Options{}, nil)
		if !errors.Is(err, c.want) || len(r.Faults) != c.faults || r.Skipped[gazetteer.SkipFault] > len(r.Faults)+r.MoreFaults {
			t.Errorf("%s: %v with %d faults, want %v with %d", c.what, err, len(r.Faults), c.want, c.faults)
		}
	}
}

func TestFailedImportKeepsTheOld(t *testing.T) {
	dir := t.TempDir()
	imported(t, dir, gazetteer.Options{}, "testdata/onspd-2025.csv")
	path := filepath.Join(dir, "places.gaz")
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	empty := filepath.Join(t.TempDir(), "empty.csv")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := gazetteer.Import(t.Context(), dir, []string{empty}, gazetteer.Options{Replace: true}, nil); !errors.Is(err, gazetteer.ErrNothingTaken) {
		t.Errorf("importing nothing: %v", err)
	}
	after, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("the earlier import changed: %v", err)
	}
	if err := os.WriteFile(path, before[:len(before)-1], 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := gazetteer.Open(dir); !errors.Is(err, packed.ErrDamaged) {
		t.Errorf("opening a torn file: %v", err)
	}
}

// The first import creates the operator's folders, which only the operator may
// read.
func TestImportIsPrivate(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	imported(t, filepath.Join(data, "places"), gazetteer.Options{}, "testdata/plain.csv")
	for path, want := range map[string]os.FileMode{"": 0o700, "places": 0o700, "places/places.gaz": 0o600} {
		info, err := os.Stat(filepath.Join(data, path))
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%q has permissions %o, want %o", path, got, want)
		}
	}
}
