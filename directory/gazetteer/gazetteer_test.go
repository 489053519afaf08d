package gazetteer_test

import (
	"errors"
	"math"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"gather/directory"
	"gather/directory/gazetteer"
	"gather/directory/gazetteer/packed"
)

func open(t testing.TB) *gazetteer.Gazetteer {
	t.Helper()
	g, err := gazetteer.Open("")
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// why returns the reason of an error, which has to be a *directory.NoPlace.
func why(t *testing.T, err error) directory.NoPlaceReason {
	t.Helper()
	if err == nil {
		return ""
	}
	var none *directory.NoPlace
	if !errors.As(err, &none) {
		t.Fatalf("error %v is not a NoPlace", err)
	}
	if none.Detail == "" || none.Fix == "" {
		t.Errorf("%#v says nothing to do", none)
	}
	return none.Why
}

func TestPostcode(t *testing.T) {
	g := open(t)
	for _, c := range []struct {
		text      string
		postcode  string
		precision directory.Precision
		at        directory.Position
		metres    float64
		district  string
	}{
		{"SW1A 1AA", "SW1A 1AA", directory.PrecisionUnit, directory.Position{Lat: 51.50101, Lon: -0.14159}, 10, "Westminster"},
		{"m1 1ae", "M1 1AE", directory.PrecisionUnit, directory.Position{Lat: 53.48347, Lon: -2.23118}, 10, "Manchester"},
		{"EH1 1YZ", "EH1 1YZ", directory.PrecisionUnit, directory.Position{Lat: 55.95033, Lon: -3.19302}, 10, "City of Edinburgh"},
		{"CF103AT", "CF10 3AT", directory.PrecisionUnit, directory.Position{Lat: 51.48901, Lon: -3.17971}, 10, "Cardiff"},
		{"ZE2 9DW", "ZE2 9DW", directory.PrecisionUnit, directory.Position{Lat: 60.71608, Lon: -0.92502}, 10, "Shetland Islands"},
		{"M33 7DB", "M33 7DB", directory.PrecisionUnit, directory.Position{Lat: 53.4246, Lon: -2.3202}, 800, "Trafford"},
		// Not in the data, although a neighbouring unit is.
		{"M33 7DA", "M33 7DA", directory.PrecisionSector, directory.Position{Lat: 53.4246, Lon: -2.3202}, 1500, "Trafford"},
		// A sector that does not exist.
		{"M33 8AA", "M33 8AA", directory.PrecisionOutcode, directory.Position{Lat: 53.4246, Lon: -2.3202}, 3000, "Trafford"},
	} {
		got, err := g.Postcode(c.text)
		if err != nil {
			t.Errorf("Postcode(%q): %v", c.text, err)
			continue
		}
		if got.Postcode != c.postcode || got.Precision != c.precision || got.DistrictName != c.district {
			t.Errorf("Postcode(%q) = %+v, want %s, %s, %s", c.text, got, c.postcode, c.precision, c.district)
		}
		if off := got.Metres(c.at); off > c.metres {
			t.Errorf("Postcode(%q) is at %v, %.0f m from %v", c.text, got.Position, off, c.at)
		}
		if name, ok := g.District(got.District); !ok || name != c.district {
			t.Errorf("District(%q) = %q, %v", got.District, name, ok)
		}
	}
}

func TestPostcodeMended(t *testing.T) {
	got, err := open(t).Postcode("MI 1AE")
	if err != nil || got.Postcode != "M1 1AE" || !got.Repaired {
		t.Errorf("MI 1AE = %+v, %v", got, err)
	}
}

func TestPostcodeNowhere(t *testing.T) {
	g := open(t)
	for _, c := range []struct {
		text string
		want directory.NoPlaceReason
	}{
		{"BT1 1AA", directory.NeedsImport},
		{"JE2 3QA", directory.NeedsImport},
		{"GY1 1AA", directory.NeedsImport},
		{"IM1 1AA", directory.NeedsImport},
		{"GIR 0AA", directory.NoPosition},
		{"BFPO 57", directory.NoPosition},
		{"GX11 1AA", directory.NoPosition},
		{"NPT 7GH", directory.NoSuchPlace},
		{"ZE9 9ZZ", directory.NoSuchPlace},
		{"M97 9ZZ", directory.NoSuchPlace},
		{"SW1A 2A0", directory.NotAPlace},
		{"M33", directory.NotAPlace},
		{"M33 7", directory.NotAPlace},
		{"EH", directory.NotAPlace},
		{"Leith", directory.NotAPlace},
		{"", directory.NotAPlace},
		{"\xff\xfe", directory.NotAPlace},
		{strings.Repeat("M1 1AE", 1000), directory.NotAPlace},
	} {
		got, err := g.Postcode(c.text)
		if reason := why(t, err); reason != c.want {
			t.Errorf("Postcode(%q) = %+v, %q, want %q", c.text, got, reason, c.want)
		}
	}
}

func TestOutcode(t *testing.T) {
	g := open(t)
	for _, c := range []struct {
		text string
		want directory.NoPlaceReason
		at   directory.Position
		km   float64
	}{
		{"M33", "", directory.Position{Lat: 53.424, Lon: -2.32}, 2},
		{"m11", "", directory.Position{Lat: 53.478, Lon: -2.18}, 3},
		{"W1", "", directory.Position{Lat: 51.516, Lon: -0.145}, 1.5}, // all of W1A to W1W
		{"EC1", "", directory.Position{Lat: 51.522, Lon: -0.1}, 1.5},
		// The data place one unit of this Stornoway outcode, PA87 2BY, 152 km away.
		{"PA87", "", directory.Position{Lat: 58.209, Lon: -6.387}, 1},
		{"BT1", directory.NeedsImport, directory.Position{}, 0},
		{"M97", directory.NoSuchPlace, directory.Position{}, 0},
		{"M33 7DB", directory.NotAPlace, directory.Position{}, 0},
		{"EH", directory.TooWide, directory.Position{}, 0},
	} {
		got, err := g.Outcode(c.text)
		if reason := why(t, err); reason != c.want {
			t.Errorf("Outcode(%q) = %+v, %q, want %q", c.text, got, reason, c.want)
			continue
		}
		if err != nil {
			continue
		}
		if off := got.Metres(c.at) / 1000; off > c.km || got.Precision != directory.PrecisionOutcode {
			t.Errorf("Outcode(%q) = %+v, %.1f km from %v", c.text, got, off, c.at)
		}
	}
}

func TestNearest(t *testing.T) {
	g := open(t)
	for _, c := range []struct {
		what                     string
		at                       directory.Position
		outcode, district, place string
		ok                       bool
	}{
		{"Sale town hall", directory.Position{Lat: 53.4246, Lon: -2.3202}, "M33", "Trafford", "Sale", true},
		{"Leith", directory.Position{Lat: 55.9755, Lon: -3.1665}, "EH6", "City of Edinburgh", "Leith", true},
		{"Belfast", directory.Position{Lat: 54.597, Lon: -5.93}, "", "Northern Ireland", "Belfast", true},
		{"Donaghadee, which sees Scotland", directory.Position{Lat: 54.641, Lon: -5.533}, "", "Northern Ireland", "Donaghadee", true},
		{"Fair Isle, far from the middle of its sector", directory.Position{Lat: 59.5325, Lon: -1.632}, "ZE2", "Shetland Islands", "", true},
		{"Cape Wrath, as far from a postcode as the mainland goes", directory.Position{Lat: 58.625, Lon: -5.0}, "IV27", "Highland", "", true},
		{"Torr Head, which sees Kintyre", directory.Position{Lat: 55.2, Lon: -6.06}, "", "Northern Ireland", "Ballypatrick", true},
		{"Mull of Kintyre, which sees Ballycastle", directory.Position{Lat: 55.31, Lon: -5.8}, "PA28", "Argyll and Bute", "Campbeltown", true},
		{"Calais", directory.Position{Lat: 50.951, Lon: 1.858}, "", "", "", false},
		{"Cap Gris-Nez, which sees Dover", directory.Position{Lat: 50.871, Lon: 1.583}, "", "", "", false},
		{"Dublin", directory.Position{Lat: 53.349, Lon: -6.26}, "", "", "", false},
		{"the middle of the Irish Sea", directory.Position{Lat: 53.8, Lon: -4.3}, "", "", "", false},
		{"Atlantic", directory.Position{Lat: 56, Lon: -8.9}, "", "", "", false},
		{"Paris", directory.Position{Lat: 48.85, Lon: 2.35}, "", "", "", false},
		{"nowhere", directory.Position{Lat: math.NaN(), Lon: math.Inf(1)}, "", "", "", false},
	} {
		got, ok := g.Nearest(c.at)
		if ok != c.ok || got.Outcode != c.outcode || got.DistrictName != c.district || got.Place != c.place {
			t.Errorf("%s: Nearest(%v) = %+v, %v, want %s, %s, %s", c.what, c.at, got, ok, c.outcode, c.district, c.place)
		}
		if ok && (got.Position != c.at || got.Precision != directory.PrecisionPoint) {
			t.Errorf("%s: moved to %+v", c.what, got)
		}
	}
}

// A well-known part of a town is found, in the town and at the right position.
func TestPartsOfTowns(t *testing.T) {
	g := open(t)
	for _, c := range []struct{ text, outcode, district string }{
		{"Leith", "EH6", "City of Edinburgh"},
		{"Portobello", "EH15", "City of Edinburgh"},
		{"Corstorphine", "EH12", "City of Edinburgh"},
		{"Partick", "G11", "Glasgow City"},
		{"Govan", "G51", "Glasgow City"},
		{"Dennistoun", "G31", "Glasgow City"},
		{"Maryhill", "G20", "Glasgow City"},
		{"Shettleston", "G32", "Glasgow City"},
		{"Easterhouse", "G34", "Glasgow City"},
		{"Broughty Ferry", "DD5", "Dundee City"},
		{"Torry", "AB11", "Aberdeen City"},
		{"Roath", "CF24", "Cardiff"},
		{"Canton, Cardiff", "CF5", "Cardiff"},
		{"Splott", "CF24", "Cardiff"},
		{"Mumbles", "SA3", "Swansea"},
		{"Sketty", "SA2", "Swansea"},
		{"Headingley", "LS6", "Leeds"},
		{"Harehills", "LS8", "Leeds"},
		{"Armley", "LS12", "Leeds"},
		{"Manningham", "BD8", "Bradford"},
		{"Jesmond", "NE2", "Newcastle upon Tyne"},
		{"Byker", "NE6", "Newcastle upon Tyne"},
		{"Moseley", "B13", "Birmingham"},
		{"Erdington", "B23", "Birmingham"},
		{"Handsworth, Birmingham", "B21", "Birmingham"},
		{"Toxteth", "L8", "Liverpool"},
		{"Anfield", "L4", "Liverpool"},
		{"Aigburth", "L17", "Liverpool"},
		{"Wavertree", "L15", "Liverpool"},
		{"Levenshulme", "M19", "Manchester"},
		{"Moss Side", "M14", "Manchester"},
		{"Bedminster", "BS3", "Bristol, City of"},
		{"Deptford", "SE8", "Lewisham"},
		{"Hyson Green", "NG7", "Nottingham"},
		{"Sneinton", "NG2", "Nottingham"},
		{"Clapham", "SW4", "Lambeth"},
	} {
		if f, err := g.Find(c.text); err != nil || f.Outcode != c.outcode || f.DistrictName != c.district {
			t.Errorf("Find(%q) = %s in %s, %v, want %s in %s", c.text, f.Outcode, f.DistrictName, err, c.outcode, c.district)
		}
	}
}

// Every goroutine reads an area that no other has unpacked yet, and one that all
// of them read.
func TestManyAtOnce(t *testing.T) {
	g := open(t)
	postcodes := []string{"SW1A 1AA", "M1 1AE", "EH1 1YZ", "CF10 3AT", "ZE2 9DW", "LS1 1UR", "BS1 5TR", "EH1 1YZ"}
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			for _, p := range []string{postcodes[i%len(postcodes)], "M33 7DB"} {
				if loc, err := g.Postcode(p); err != nil || loc.Precision != directory.PrecisionUnit {
					t.Errorf("%s: %+v, %v", p, loc, err)
				}
			}
			if f, err := g.Find("Leith"); err != nil || f.Outcode != "EH6" {
				t.Errorf("Leith: %+v, %v", f, err)
			}
		})
	}
	wg.Wait()
}

// The limits of time and memory when the program starts.
const (
	openTime = 20 * time.Millisecond
	openHeap = 20 << 20
)

func TestOpenIsCheap(t *testing.T) {
	best := time.Hour
	var heap uint64
	for range 5 { // the best of five, so that a busy machine does not fail it
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		start := time.Now()
		g := open(t)
		best = min(best, time.Since(start))
		runtime.GC()
		runtime.ReadMemStats(&after)
		runtime.KeepAlive(g)
		heap = after.HeapAlloc - min(before.HeapAlloc, after.HeapAlloc)
	}
	if best > openTime || heap > openHeap {
		t.Errorf("opening takes %v and %d bytes, more than %v or %d", best, heap, openTime, openHeap)
	}
}

func BenchmarkOpen(b *testing.B) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	keep := open(b)
	runtime.GC()
	runtime.ReadMemStats(&after)
	for b.Loop() {
		open(b)
	}
	b.ReportMetric(float64(after.HeapAlloc)-float64(before.HeapAlloc), "heap-B")
	runtime.KeepAlive(keep)
}

func BenchmarkPostcodeWarm(b *testing.B) {
	g := open(b)
	if _, err := g.Postcode("M33 7DB"); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		g.Postcode("M33 7DB")
	}
}

// BenchmarkPostcodeCold unpacks one of the larger areas each time.
func BenchmarkPostcodeCold(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		g := open(b)
		b.StartTimer()
		g.Postcode("B1 1AA")
	}
}

func BenchmarkNearestWarm(b *testing.B) {
	g := open(b)
	p := directory.Position{Lat: 53.4246, Lon: -2.3202}
	g.Nearest(p)
	for b.Loop() {
		g.Nearest(p)
	}
}

func BenchmarkFindPlaceWarm(b *testing.B) {
	g := open(b)
	g.Find("Newport")
	for b.Loop() {
		g.Find("Newport")
	}
}

// What the sources hold, less what is left out: no Northern Ireland, no Crown
// dependencies, nothing of the old Newport form.
func TestEmbeddedFileIsWhole(t *testing.T) {
	file, err := os.ReadFile("gazetteer.bin")
	if err != nil {
		t.Fatal(err)
	}
	d, err := packed.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Check(); err != nil {
		t.Fatal(err)
	}
	if d.Units() != 2_633_704 || d.SectorCount() != 12_008 || len(d.Outcodes()) != 2_996 {
		t.Errorf("%d units, %d sectors, %d outcodes", d.Units(), d.SectorCount(), len(d.Outcodes()))
	}
	for _, area := range []string{"BT", "GY", "JE", "IM", "NPT"} {
		if d.HasArea(area) {
			t.Errorf("it holds %s", area)
		}
	}
	if len(file) > 6_000_000 {
		t.Errorf("it takes %d bytes", len(file))
	}
}
