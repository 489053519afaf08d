package packed_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
	"reflect"
	"testing"

	"gather/directory/gazetteer/packed"
)

func key(t testing.TB, postcode string) packed.Key {
	t.Helper()
	k, ok := packed.ParseKey(postcode)
	if !ok {
		t.Fatalf("%q has no key", postcode)
	}
	return k
}

func TestKey(t *testing.T) {
	last := packed.Key(0)
	// In the order of their text.
	for _, postcode := range []string{"AB10 1AB", "BL0 0AA", "BL0 9ZZ", "EC1A 1BB", "M1 1AE", "M1 2AA", "M11 1AA", "M2 1AA", "MK1 1AA", "W1A 1HQ", "ZE3 9XP"} {
		k := key(t, postcode)
		if k.String() != postcode {
			t.Errorf("%s came back as %v", postcode, k)
		}
		if k <= last {
			t.Errorf("%s sorts before %v", postcode, last)
		}
		last = k
	}
	for _, text := range []string{"", " ", "M1", "M11AE", "M1 1AC", "M1 AAA", "1M 1AE", "m1 1ae", "M1-2 1AE", "M1 1AEE", "ABCDE 1AA"} {
		if k, ok := packed.ParseKey(text); ok {
			t.Errorf("ParseKey(%q) = %v", text, k)
		}
	}
}

// sample has two areas, a sector with one misplaced unit, and two places.
func sample(t testing.TB) *packed.Builder {
	t.Helper()
	var b packed.Builder
	trafford := b.District(packed.District{Code: "E08000009", Name: "Trafford", County: "Greater Manchester"})
	argyll := b.District(packed.District{Code: "S12000035", Name: "Argyll and Bute"})
	for _, u := range []struct {
		postcode    string
		east, north float64
		district    int
	}{
		{"M33 7DB", 378900, 392000, trafford},
		{"M33 7DD", 378950, 392044, trafford},
		{"M33 0AA", 379004, 392166, trafford},
		{"PA87 2AA", 142000, 933000, argyll},
		{"PA87 2AB", 142100, 933100, argyll},
		{"PA87 2AD", 142200, 933200, argyll},
		{"PA87 2BY", 242000, 663000, argyll},
		{"JE2 3QA", 397000, -90000, 0}, // south of the grid
	} {
		b.Unit(key(t, u.postcode), u.east, u.north, u.district)
	}
	b.Place(packed.Place{Name: "Sale", Also: []string{"Salē", "Sale Town"}, East: 378700, North: 391900, Size: 55000, District: trafford})
	b.Place(packed.Place{Name: "Y Fenni", East: 329900, North: 214000})
	return &b
}

func TestThereAndBack(t *testing.T) {
	file, strays, err := sample(t).Bytes()
	if err != nil || len(strays) != 0 {
		t.Fatal(err, strays)
	}
	again, _, err := sample(t).Bytes()
	if err != nil || !bytes.Equal(file, again) {
		t.Errorf("the same input gave other bytes: %v", err)
	}
	d, err := packed.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Check(); err != nil {
		t.Fatal(err)
	}
	if d.Units() != 8 || fmt.Sprint(d.Outcodes()) != "[JE2 M33 PA87]" || d.SectorCount() != 4 {
		t.Errorf("%d units, %v, %d sectors", d.Units(), d.Outcodes(), d.SectorCount())
	}
	for _, c := range []struct {
		postcode    string
		east, north float64
		district    string
	}{
		{"M33 7DD", 378950, 392040, "Trafford"},
		{"M33 0AA", 379000, 392170, "Trafford"},
		{"PA87 2BY", 242000, 663000, "Argyll and Bute"},
		{"JE2 3QA", 397000, -90000, ""},
	} {
		got, ok := d.Unit(key(t, c.postcode))
		if !ok || got.East != c.east || got.North != c.north || d.Districts()[got.District].Name != c.district {
			t.Errorf("%s = %+v, %v, want %v, %v in %q", c.postcode, got, ok, c.east, c.north, c.district)
		}
	}
	for _, absent := range []string{"M33 7DA", "M33 7DE", "M33 8DB", "M34 7DB", "ZE1 0AA"} {
		if got, ok := d.Unit(key(t, absent)); ok {
			t.Errorf("%s = %+v, but it was never added", absent, got)
		}
	}
	places, err := d.Places()
	want := []packed.Place{
		{Name: "Sale", Also: []string{"Salē", "Sale Town"}, East: 378700, North: 391900, Size: 55000, District: 1},
		{Name: "Y Fenni", East: 329900, North: 214000},
	}
	if err != nil || !reflect.DeepEqual(places, want) {
		t.Errorf("places %+v, %v", places, err)
	}
}

// A mean would lie 25 km east and 67 km south, in nobody's neighbourhood.
func TestMedianNotMean(t *testing.T) {
	file, _, err := sample(t).Bytes()
	if err != nil {
		t.Fatal(err)
	}
	d, err := packed.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	sector, ok := d.Sector("PA87", '2')
	if !ok || math.Hypot(sector.East-142100, sector.North-933100) > 200 || sector.Units != 4 {
		t.Errorf("PA87 2 = %+v, %v, want it among its three good units", sector, ok)
	}
	if outcode, ok := d.Outcode("PA87"); !ok || outcode.East != sector.East || outcode.Units != 4 {
		t.Errorf("PA87 = %+v, %v", outcode, ok)
	}
}

func TestBuilderKeepsWhatIsInUse(t *testing.T) {
	var b packed.Builder
	k := key(t, "M33 7DB")
	b.Unit(k, 378900, 392000, 0)
	b.EndedUnit(k, 530000, 180000, 0)
	stray := key(t, "M33 7DD")
	for _, p := range []string{"M33 7AA", "M33 7AB", "M33 7AD"} {
		b.Unit(key(t, p), 378900, 392000, 0)
	}
	b.Unit(stray, 460000, 1200000, 0)
	file, strays, err := b.Bytes()
	if err != nil || len(strays) != 1 || strays[0] != stray {
		t.Fatalf("strays %v, %v, want only %v", strays, err, stray)
	}
	d, err := packed.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	if got, ok := d.Unit(k); !ok || got.East != 378900 {
		t.Errorf("%v = %+v, %v, want the one in use", k, got, ok)
	}
	if _, ok := d.Unit(stray); ok || d.Units() != 4 {
		t.Errorf("the stray is held, %d units", d.Units())
	}
}

func TestDamaged(t *testing.T) {
	file, _, err := sample(t).Bytes()
	if err != nil {
		t.Fatal(err)
	}
	for i := range file {
		if _, err := packed.Open(file[:i]); !errors.Is(err, packed.ErrDamaged) {
			t.Fatalf("%d bytes of %d: %v", i, len(file), err)
		}
		bad := bytes.Clone(file)
		bad[i] ^= 0x10
		if _, err := packed.Open(bad); !errors.Is(err, packed.ErrDamaged) {
			t.Fatalf("a bit of byte %d: %v", i, err)
		}
	}
}

// FuzzOpen gives damaged files a correct checksum, so that decoding the blocks
// has to detect the damage itself: an error, never a panic.
func FuzzOpen(f *testing.F) {
	file, _, err := sample(f).Bytes()
	if err != nil {
		f.Fatal(err)
	}
	const magic, header = 8, 16
	f.Add(file[header:], binary.LittleEndian.Uint32(file[magic+4:]))
	f.Fuzz(func(t *testing.T, body []byte, index uint32) {
		text := append([]byte{}, file[:header]...)
		text = append(text, body...)
		binary.LittleEndian.PutUint32(text[magic+4:], index)
		binary.LittleEndian.PutUint32(text[magic:], crc32.ChecksumIEEE(text[magic+4:]))
		d, err := packed.Open(text)
		if err != nil {
			if !errors.Is(err, packed.ErrDamaged) {
				t.Errorf("%v", err)
			}
			return
		}
		if err := d.Check(); err != nil {
			return
		}
		for i := range d.SectorCount() {
			outcode, digit, _ := d.SectorAt(i)
			d.Sector(outcode, digit)
			d.EachUnit(i, func(k packed.Key, s packed.Spot) {
				if s.District >= len(d.Districts()) {
					t.Errorf("%v in district %d of %d", k, s.District, len(d.Districts()))
				}
			})
		}
	})
}
