package grid_test

import (
	"math"
	"testing"

	"gather/directory"
	"gather/directory/gazetteer/grid"
)

// The grid references are Code-Point Open's; the positions are the Office for
// National Statistics' for the same postcodes, which it makes with OSTN15.
var known = []struct {
	what        string
	east, north float64
	lat, lon    float64
}{
	{"SW1A 1AA", 529090, 179645, 51.501009, -0.141588},
	{"AL1 1AA", 514600, 206900, 51.749084, -0.341337},
	{"AB1 0AA", 385386, 801193, 57.101459, -2.242858},
	{"AB1 0AD", 385053, 801092, 57.100541, -2.248349},
}

// helmertMetres is how far this transformation may be from OSTN15.
const helmertMetres = 5

func TestToWGS84(t *testing.T) {
	for _, c := range known {
		got, want := grid.ToWGS84(c.east, c.north), directory.Position{Lat: c.lat, Lon: c.lon}
		if off := got.Metres(want); off > helmertMetres {
			t.Errorf("%s: ToWGS84(%v, %v) = %v, %.1f m from %v", c.what, c.east, c.north, got, off, want)
		}
	}
}

func TestFromWGS84(t *testing.T) {
	for _, c := range known {
		east, north := grid.FromWGS84(directory.Position{Lat: c.lat, Lon: c.lon})
		if off := math.Hypot(east-c.east, north-c.north); off > helmertMetres {
			t.Errorf("%s: FromWGS84 = %.1f, %.1f, %.1f m from %v, %v", c.what, east, north, off, c.east, c.north)
		}
	}
}

// A round trip must agree to a centimetre anywhere that this directory has
// places.
func TestThereAndBack(t *testing.T) {
	for _, p := range []directory.Position{
		{Lat: 49.18, Lon: -2.11}, // St Helier
		{Lat: 49.92, Lon: -6.30}, // St Mary's, Scilly
		{Lat: 51.50, Lon: -0.14}, // London
		{Lat: 54.60, Lon: -5.93}, // Belfast
		{Lat: 54.44, Lon: -8.17}, // west of Enniskillen
		{Lat: 60.80, Lon: -0.85}, // Unst
	} {
		east, north := grid.FromWGS84(p)
		if off := grid.ToWGS84(east, north).Metres(p); off > 0.01 {
			t.Errorf("%v came back %.4f m away", p, off)
		}
	}
}
