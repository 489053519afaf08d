package gazetteer

import (
	"slices"

	"gather/directory"
)

// Named reports whether text is the name of a place or district, and whether
// that is what the place itself is called: "Hull" is another name of Kingston
// upon Hull. Unlike Find it reads no postcodes and corrects no spelling.
func (g *Gazetteer) Named(text string) (own, known bool) {
	name := fold(directory.Quote(text))
	if name == "" {
		return false, false
	}
	x := g.names()
	for _, i := range x.called(name) {
		known = true
		own = own || fold(x.entries[i].name) == name
	}
	if _, ok := x.districts[name]; ok {
		return true, true
	}
	if _, ok := g.districtCalled(name); ok {
		known = true
	}
	return own, known
}

// maxNeighbourhoods is the most places named for an outcode: enough to recognise
// it.
const maxNeighbourhoods = 6

// Neighbourhoods returns the names of at most six places in an outcode, largest
// first; none for an outcode in no layer. The slice must not be changed.
func (g *Gazetteer) Neighbourhoods(outcode string) []string {
	if known, ok := g.neighbourhoods.Load(outcode); ok {
		return known.([]string)
	}
	_, spot, ok := g.outcodeSpot(outcode)
	if !ok {
		return nil
	}
	x, names := g.near(), g.names()
	var in []int
	for _, p := range names.squares.nearest(spot.East, spot.North, len(names.entries), 2*spot.Radius) {
		e := &names.entries[p.id]
		if near := x.sectors.nearest(e.east, e.north, 1, placeMiles*directory.MetresPerMile); len(near) > 0 {
			from := x.from[near[0].id]
			if code, _, _ := from.layer.SectorAt(from.index); code == outcode {
				in = append(in, p.id)
			}
		}
	}
	slices.Sort(in) // entries are sorted by size
	var out []string
	for _, i := range in {
		if name := names.entries[i].name; len(out) < maxNeighbourhoods && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	g.neighbourhoods.Store(outcode, out)
	return out
}
