// Package gazetteer looks up where postcodes and places are.
//
// The program embeds every unit postcode of Great Britain to ten metres and
// some 5,700 place names. An operator may import official files on top of
// those (see Import); imported data take precedence. A postcode that neither
// holds gets the middle of its sector, or of its outcode, and the Precision of
// its location says so.
package gazetteer

import (
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"sync"

	"gather/directory"
	"gather/directory/gazetteer/grid"
	"gather/directory/gazetteer/packed"
)

// Attribution is the notice that the licences of the embedded data require
// wherever the data are used.
const Attribution = "Contains OS data © Crown copyright and database right 2025. " +
	"Contains Royal Mail data © Royal Mail copyright and database right 2025. " +
	"Source: Office for National Statistics licensed under the Open Government Licence v.3.0. " +
	"Place names © GeoNames (geonames.org), CC BY 4.0, modified."

// overlayName is the file in the operator's data folder that holds imported
// data.
const overlayName = "places.gaz"

// gazetteer.bin is made by scripts/gazetteer; see the packed package for its
// layout and the build folder for its sources.
//
//go:embed gazetteer.bin
var embedded []byte

// Gazetteer is a directory.Gazetteer over the embedded data and those that an
// operator has imported. It is safe for concurrent use.
type Gazetteer struct {
	layers []*layer // in order of precedence
	names  func() *nameIndex
	near   func() *nearIndex

	areas    func() *areaIndex
	overlaps func() *overlap

	// Caches of derived values, bounded by the number of places and outcodes.
	located        sync.Map // directory.Location by entry, see place
	neighbourhoods sync.Map // names by outcode, see Neighbourhoods
}

// layer is one file of postcodes and places.
type layer struct {
	*packed.Data
	byCode map[string]int // district index
}

var _ directory.Gazetteer = (*Gazetteer)(nil)

// Open opens the embedded data with the data imported into dir on top; dir may
// be "" or an empty folder. It reads only indexes: postcodes are unpacked an
// area at a time, on first use. It fails where an imported file cannot be read
// or is damaged (packed.ErrDamaged).
func Open(dir string) (*Gazetteer, error) {
	var files [][]byte
	if dir != "" {
		file, err := os.ReadFile(filepath.Join(dir, overlayName))
		switch {
		case err == nil:
			files = append(files, file)
		case !errors.Is(err, fs.ErrNotExist):
			return nil, fmt.Errorf("reading imported places: %w", err)
		}
	}
	g := &Gazetteer{}
	for _, file := range append(files, embedded) {
		data, err := packed.Open(file)
		if err != nil {
			return nil, fmt.Errorf("opening places: %w", err)
		}
		l := &layer{data, make(map[string]int, len(data.Districts()))}
		for i, d := range data.Districts() {
			l.byCode[d.Code] = i
		}
		g.layers = append(g.layers, l)
	}
	g.names = sync.OnceValue(g.indexNames)
	g.near = sync.OnceValue(g.indexNear)
	g.areas = sync.OnceValue(g.indexAreas)
	g.overlaps = sync.OnceValue(g.measureOverlaps)
	return g, nil
}

// Postcode implements directory.Gazetteer.
func (g *Gazetteer) Postcode(text string) (directory.Location, error) {
	r := ReadPostcode(text)
	switch r.Kind {
	case Unit:
		loc, _, err := g.unit(r)
		return loc, err
	case Sector, Typing, Outcode, Ambiguous, PostcodeArea:
		return directory.Location{}, partOnly(text)
	}
	return directory.Location{}, refusal(text, r)
}

// Outcode implements directory.Gazetteer. An outcode that exists only with a
// further letter, as W1 does in W1A to W1W, is the union of those.
func (g *Gazetteer) Outcode(text string) (directory.Location, error) {
	r := ReadPostcode(text)
	switch r.Kind {
	case Outcode, Ambiguous:
		if loc, _, ok := g.outcode(r.Outcode); ok {
			return loc, nil
		}
		return directory.Location{}, g.unknown(r, "outcode "+r.Outcode)
	case Unit, Sector, Typing, Impossible:
		return directory.Location{}, &directory.NoPlace{
			Why:    directory.NotAPlace,
			Detail: fmt.Sprintf("%q is more than an outcode.", text),
			Fix:    "Give only the first half of the postcode, such as " + r.Outcode + ".",
		}
	}
	return directory.Location{}, refusal(text, r)
}

// Sector implements directory.Gazetteer.
func (g *Gazetteer) Sector(text string) (directory.Location, error) {
	r := ReadPostcode(text)
	switch r.Kind {
	case Unit, Sector:
		if f, ok := g.findSector(r, ""); ok {
			return f.Location, nil
		}
		return g.Outcode(r.Outcode)
	case Outcode, Ambiguous:
		return g.Outcode(text)
	case Typing, PostcodeArea:
		return directory.Location{}, partOnly(text)
	}
	return directory.Location{}, refusal(text, r)
}

// partOnly returns the error for a part of a postcode that is too short.
func partOnly(text string) *directory.NoPlace {
	return &directory.NoPlace{
		Why:    directory.NotAPlace,
		Detail: fmt.Sprintf("%q is only part of a postcode.", text),
		Fix:    "Give the whole postcode, such as M33 7DB.",
	}
}

// District implements directory.Gazetteer.
func (g *Gazetteer) District(code string) (string, bool) {
	d, ok := g.district(code)
	return d.Name, ok && d.Name != ""
}

// district returns a district, merged from all layers.
func (g *Gazetteer) district(code string) (packed.District, bool) {
	out, found := packed.District{Code: code}, false
	if code == "" {
		return out, false
	}
	for _, l := range g.layers {
		if i, ok := l.byCode[code]; ok {
			d := l.Districts()[i]
			found = true
			if out.Name == "" {
				out.Name = d.Name
			}
			if out.County == "" {
				out.County = d.County
			}
		}
	}
	return out, found
}

// unit returns the location of a full postcode, or the middle of its sector or
// outcode, and the radius of that in metres.
func (g *Gazetteer) unit(r Reading) (loc directory.Location, radius float64, err error) {
	loc = directory.Location{Postcode: r.Postcode, Sector: r.Sector, Outcode: r.Outcode, Repaired: r.Repaired}
	key, ok := packed.ParseKey(r.Postcode)
	if !ok {
		return directory.Location{}, 0, refusal(r.Postcode, r)
	}
	for _, l := range g.layers {
		if spot, ok := l.Unit(key); ok {
			g.put(&loc, l, spot, directory.PrecisionUnit)
			return loc, 0, nil
		}
	}
	if l, spot, ok := g.sectorSpot(r.Outcode, r.Sector); ok {
		g.put(&loc, l, spot, directory.PrecisionSector)
		return loc, spot.Radius, nil
	}
	if wide, radius, ok := g.outcode(r.Outcode); ok {
		loc.Position, loc.Precision = wide.Position, wide.Precision
		loc.District, loc.DistrictName = wide.District, wide.DistrictName
		return loc, radius, nil
	}
	return directory.Location{}, 0, g.unknown(r, "postcode "+r.Postcode)
}

// sectorSpot returns the middle of a sector, from the layer with most of its
// units.
func (g *Gazetteer) sectorSpot(outcode, sector string) (best *layer, spot packed.Spot, ok bool) {
	for _, l := range g.layers {
		if s, found := l.Sector(outcode, sector[len(sector)-1]); found && s.Units > spot.Units {
			best, spot, ok = l, s, true
		}
	}
	return best, spot, ok
}

// outcodeSpot returns the middle of an outcode, from the layer with most of its
// units.
func (g *Gazetteer) outcodeSpot(outcode string) (best *layer, spot packed.Spot, ok bool) {
	for _, l := range g.layers {
		if s, found := l.Outcode(outcode); found && s.Units > spot.Units {
			best, spot, ok = l, s, true
		}
	}
	return best, spot, ok
}

// outcode returns the middle of an outcode, or of those that it stands for.
func (g *Gazetteer) outcode(code string) (loc directory.Location, radius float64, ok bool) {
	loc.Outcode = code
	l, spot, ok := g.outcodeSpot(code)
	if from, union, wide := g.union(code); wide && union.Units > spot.Units {
		l, spot, ok = from, union, true
	}
	if !ok {
		return directory.Location{}, 0, false
	}
	g.put(&loc, l, spot, directory.PrecisionOutcode)
	return loc, spot.Radius, true
}

// isUnion reports whether an outcode stands for those with a further letter.
// A few stray units of the official files have the bare form, "W1 3PF", so the
// form with more units decides.
func (g *Gazetteer) isUnion(code string) bool {
	_, spot, _ := g.outcodeSpot(code)
	_, union, ok := g.union(code)
	return ok && union.Units > spot.Units
}

// union returns the middle of the outcodes that extend code by a letter, as W1A
// to W1W extend W1.
func (g *Gazetteer) union(code string) (from *layer, union packed.Spot, ok bool) {
	var parts []packed.Spot
	most := 0
	for letter := byte('A'); letter <= 'Z'; letter++ {
		l, s, ok := g.outcodeSpot(code + string(letter))
		if !ok {
			continue
		}
		parts = append(parts, s)
		union.East += s.East * float64(s.Units)
		union.North += s.North * float64(s.Units)
		union.Units += s.Units
		if s.Units > most {
			most, from, union.District = s.Units, l, s.District
		}
	}
	if len(parts) == 0 {
		return nil, packed.Spot{}, false
	}
	// A mean is safe here: each part is already a median.
	union.East /= float64(union.Units)
	union.North /= float64(union.Units)
	for _, s := range parts {
		union.Radius = max(union.Radius, math.Hypot(s.East-union.East, s.North-union.North)+s.Radius)
	}
	return from, union, true
}

// put sets the position and district of loc from a spot of layer l.
func (g *Gazetteer) put(loc *directory.Location, l *layer, s packed.Spot, p directory.Precision) {
	loc.Position, loc.Precision = position(s.East, s.North), p
	loc.District, loc.DistrictName = g.districtOf(l, s.District)
}

// districtOf returns the code and name of a district of layer l. The stand-in for
// Northern Ireland has a name to show but no code, because it is not a district.
func (g *Gazetteer) districtOf(l *layer, index int) (code, name string) {
	code = l.Districts()[index].Code
	d, _ := g.district(code)
	if code == packed.NorthernIreland {
		return "", d.Name
	}
	return code, d.Name
}

// position converts a point of the National Grid to WGS84 with five decimals:
// about a metre, finer than the data.
func position(east, north float64) directory.Position {
	p := grid.ToWGS84(east, north)
	return directory.Position{Lat: math.Round(p.Lat*1e5) / 1e5, Lon: math.Round(p.Lon*1e5) / 1e5}
}
