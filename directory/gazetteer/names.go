package gazetteer

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"sync/atomic"

	"gather/directory"
	"gather/directory/gazetteer/packed"
)

// samePlaceMetres is the distance within which places of one name in two layers
// are one place: the official files and GeoNames choose different middles.
const samePlaceMetres = 5000

// entry is one named place.
type entry struct {
	layer       *layer
	name        string
	also        []string
	east, north float64
	size        int
	district    int // of layer
}

// unshipped reports whether the place lies in Northern Ireland while its
// postcodes are not imported.
func (e *entry) unshipped(g *Gazetteer) bool {
	return e.layer.Districts()[e.district].Code == packed.NorthernIreland && !g.holdsArea("BT")
}

// key is one folded name of an entry.
type key struct {
	text  string
	entry int
	own   bool // its main name, not an alternative
}

// nameIndex finds entries by folded name and by position.
type nameIndex struct {
	entries   []entry // by size, largest first
	keys      []key   // by text
	squares   squares
	districts map[string]string        // folded name to code
	labels    []atomic.Pointer[string] // of entries, filled on first use
}

// indexNames indexes the names of all layers. It skips a layer whose names cannot
// be read, which Open's checksum rules out.
func (g *Gazetteer) indexNames() *nameIndex {
	x := &nameIndex{squares: squares{}, districts: map[string]string{}}
	known := map[string][]int{}
	for _, l := range g.layers {
		places, err := l.Places()
		if err != nil {
			continue
		}
		for _, p := range places {
			name := fold(p.Name)
			if same := x.same(known[name], l, p); same >= 0 {
				e := &x.entries[same]
				if p.Size > 0 { // people counted, where an import only knows "town"
					e.size = p.Size
				}
				e.also = append(slices.Clip(e.also), p.Also...)
				continue
			}
			known[name] = append(known[name], len(x.entries))
			x.entries = append(x.entries, entry{l, p.Name, p.Also, p.East, p.North, p.Size, p.District})
		}
	}
	slices.SortStableFunc(x.entries, func(a, b entry) int { return cmp.Compare(b.size, a.size) })
	x.labels = make([]atomic.Pointer[string], len(x.entries))
	for i, e := range x.entries {
		x.squares.add(point{e.east, e.north, i})
		x.keys = append(x.keys, key{fold(e.name), i, true})
		for _, name := range e.also {
			x.keys = append(x.keys, key{fold(name), i, false})
		}
	}
	slices.SortFunc(x.keys, func(a, b key) int {
		return cmp.Or(strings.Compare(a.text, b.text), a.entry-b.entry)
	})
	for _, d := range g.Districts() {
		for _, name := range districtNames(d.Name) {
			x.districts[name] = d.Code
		}
	}
	return x
}

// same returns which of the entries, from another layer than l, is the place p of
// l; or -1.
func (x *nameIndex) same(entries []int, l *layer, p packed.Place) int {
	for _, i := range entries {
		e := &x.entries[i]
		if e.layer != l && math.Hypot(e.east-p.East, e.north-p.North) < samePlaceMetres {
			return i
		}
	}
	return -1
}

// districtNames returns the folded names by which a district is found.
func districtNames(name string) []string {
	names := []string{fold(name)}
	if place, ok := strings.CutSuffix(name, ", City of"); ok {
		names = append(names, fold("City of "+place), fold(place))
	} else if place, ok := strings.CutSuffix(name, ", County of"); ok {
		names = append(names, fold("County of "+place), fold(place))
	} else if place, ok := strings.CutPrefix(name, "City of "); ok && place != "London" {
		names = append(names, fold(place))
	} else if place, ok := strings.CutSuffix(name, " City"); ok {
		names = append(names, fold(place))
	}
	return names
}

// plainName returns a district's common name: "Bristol" for "Bristol, City of".
// London's is not shortened, because the City is not London.
func plainName(name string) string {
	for _, end := range []string{", City of", ", County of", " City"} {
		if place, ok := strings.CutSuffix(name, end); ok {
			return place
		}
	}
	if place, ok := strings.CutPrefix(name, "City of "); ok && place != "London" {
		return place
	}
	return name
}

// called returns the entries with a folded name, largest first. An alternative
// name counts only for a place larger than all those with it as main name:
// "Newport" is not Newport-on-Tay, but "Hull" is Kingston upon Hull.
func (x *nameIndex) called(name string) []int {
	start, _ := slices.BinarySearchFunc(x.keys, name, func(k key, t string) int { return strings.Compare(k.text, t) })
	var out []int
	largest := -1
	for _, k := range x.keys[start:] {
		if k.text != name {
			break
		}
		if k.own {
			largest = max(largest, x.entries[k.entry].size)
		}
	}
	for _, k := range x.keys[start:] {
		if k.text != name {
			break
		}
		if (k.own || x.entries[k.entry].size > largest) && !slices.Contains(out, k.entry) {
			out = append(out, k.entry)
		}
	}
	return out
}

// begins returns up to limit entries one of whose folded names begins with
// prefix, largest first.
func (x *nameIndex) begins(prefix string, limit int) []int {
	start, _ := slices.BinarySearchFunc(x.keys, prefix, func(k key, t string) int { return strings.Compare(k.text, t) })
	var out []int
	for _, k := range x.keys[start:] {
		if !strings.HasPrefix(k.text, prefix) {
			break
		}
		if len(out) == limit && k.entry >= out[limit-1] {
			continue
		}
		at, known := slices.BinarySearch(out, k.entry)
		if known {
			continue
		}
		out = slices.Insert(out, at, k.entry)
		out = out[:min(limit, len(out))]
	}
	return out
}

// place returns the Location of entry i: its own position and district, and the
// nearest sector, which is looked up once and cached.
func (g *Gazetteer) place(i int) directory.Location {
	if known, ok := g.located.Load(i); ok {
		return known.(directory.Location)
	}
	e := &g.names().entries[i]
	loc := directory.Location{Position: position(e.east, e.north), Precision: directory.PrecisionPlace, Place: e.name}
	g.locate(&loc, e.east, e.north, placeMiles)
	g.setDistrict(&loc, e)
	g.located.Store(i, loc)
	return loc
}

// placeSoon is a faster place: it uses the sector whose middle is nearest, and
// unpacks no postcodes.
func (g *Gazetteer) placeSoon(i int) directory.Location {
	e := &g.names().entries[i]
	loc := directory.Location{Position: position(e.east, e.north), Precision: directory.PrecisionPlace, Place: e.name}
	x := g.near()
	if near := x.sectors.nearest(e.east, e.north, 1, placeMiles*directory.MetresPerMile); len(near) > 0 {
		from := x.from[near[0].id]
		outcode, digit, s := from.layer.SectorAt(from.index)
		loc.Outcode, loc.Sector = outcode, outcode+" "+string(digit)
		loc.District, loc.DistrictName = g.districtOf(from.layer, s.District)
	}
	g.setDistrict(&loc, e)
	return loc
}

// setDistrict gives loc the district of e, where e says one. In Northern Ireland
// without its postcodes the nearest sector is across the sea, and is dropped.
func (g *Gazetteer) setDistrict(loc *directory.Location, e *entry) {
	if e.unshipped(g) {
		loc.Sector, loc.Outcode = "", ""
	} else if code := e.layer.Districts()[e.district].Code; code == "" || code == packed.NorthernIreland {
		return
	}
	loc.District, loc.DistrictName = g.districtOf(e.layer, e.district)
}

// Places returns up to limit places one of whose names begins with prefix,
// largest first, to suggest while a name is being typed. Case, accents, hyphens
// and apostrophes do not matter. An empty prefix returns none.
func (g *Gazetteer) Places(prefix string, limit int) []directory.Location {
	prefix = fold(directory.Quote(prefix))
	if prefix == "" || limit <= 0 {
		return nil
	}
	var out []directory.Location
	for _, i := range g.names().begins(prefix, limit) {
		out = append(out, g.placeSoon(i))
	}
	return out
}

// Labels returns the labels of Places. Each label is cached on first use.
func (g *Gazetteer) Labels(prefix string, limit int) []string {
	prefix = fold(directory.Quote(prefix))
	if prefix == "" || limit <= 0 {
		return nil
	}
	x := g.names()
	var out []string
	for _, i := range x.begins(prefix, limit) {
		label := x.labels[i].Load()
		if label == nil {
			made := g.Label(g.placeSoon(i))
			label = &made
			x.labels[i].Store(label)
		}
		out = append(out, *label)
	}
	return out
}

// Districts returns every district with a name, sorted by name, without the
// stand-in for Northern Ireland.
func (g *Gazetteer) Districts() []packed.District {
	var out []packed.District
	seen := map[string]bool{"": true, packed.NorthernIreland: true}
	for _, l := range g.layers {
		for _, d := range l.Districts() {
			if seen[d.Code] {
				continue
			}
			seen[d.Code] = true
			if d, _ := g.district(d.Code); d.Name != "" {
				out = append(out, d)
			}
		}
	}
	slices.SortFunc(out, func(a, b packed.District) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.Code, b.Code))
	})
	return out
}

// DistrictNamed returns the GSS code of the district with this name, case,
// accents and a "City of" aside, and whether there is one.
func (g *Gazetteer) DistrictNamed(name string) (code string, ok bool) {
	code, ok = g.names().districts[fold(directory.Quote(name))]
	return code, ok
}

// Label returns the name of a place with as much of its district, county or
// country as distinguishes it from others: "Hale, Trafford, Greater Manchester".
// For other locations it returns the postcode, sector or outcode.
func (g *Gazetteer) Label(l directory.Location) string {
	if l.Precision != directory.PrecisionPlace {
		return cmp.Or(l.Postcode, l.Sector, l.Outcode, l.Place)
	}
	parts := []string{l.Place}
	d, _ := g.district(l.District)
	if !slices.Contains(districtNames(l.DistrictName), fold(l.Place)) {
		district := strings.TrimSuffix(l.DistrictName, ", City of")
		parts = append(parts, strings.TrimSuffix(district, ", County of"))
	}
	if d.County != "" && !slices.Contains(parts, d.County) {
		parts = append(parts, d.County)
	}
	if country := countryOf(l.District); len(parts) == 1 && country != "" {
		parts = append(parts, country)
	}
	return strings.Join(parts, ", ")
}

// Suggestions returns the labels of f.Others, each of which Find finds again.
func (g *Gazetteer) Suggestions(f Found) []string {
	var names []string
	for _, other := range f.Others {
		names = append(names, g.Label(other))
	}
	return names
}

// countryOf returns the country of a district, by the first letter of its GSS
// code.
func countryOf(code string) string {
	if code == "" {
		return ""
	}
	return map[byte]string{'E': "England", 'W': "Wales", 'S': "Scotland", 'N': "Northern Ireland"}[code[0]]
}
