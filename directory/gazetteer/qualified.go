package gazetteer

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gather/directory"
)

const (
	// besideMiles is how far outside a county a place may lie whose address names
	// the county: Altrincham's post town was in Cheshire, and Bromley's in Kent.
	besideMiles = 10
	// besideTowns is how far from the middle of a town, as a multiple of the
	// town's radius, a place may lie whose address names the town: "Romford,
	// London".
	besideTowns = 3
	// maxParts is the most parts between commas in the name of an area: Armagh
	// City, Banbridge and Craigavon has two.
	maxParts = 3
)

// Words around a name that say nothing about where it is.
var (
	beforeNames = []string{"in ", "near ", "nr ", "around ", "the ", "ym ", "yn "}
	afterNames  = []string{" area", " town centre", " city centre", " village", " uk", " united kingdom"}
)

// named returns the place that text names, with or without the area it is in.
func (g *Gazetteer) named(text string) (Found, error) {
	f, err := g.namedExactly(text)
	if err == nil {
		return f, nil
	}
	if bare := bareName(text); bare != "" {
		if f, err := g.namedExactly(bare); err == nil {
			return from(f, text), nil
		}
	}
	return f, err
}

// bareName returns text without the words around a name; empty where it has none
// of them.
func bareName(text string) string {
	name := fold(text)
	bare := name
	for _, w := range beforeNames {
		bare = strings.TrimPrefix(bare, w)
	}
	for _, w := range afterNames {
		bare = strings.TrimSuffix(bare, w)
	}
	if bare == name {
		return ""
	}
	return bare
}

func (g *Gazetteer) namedExactly(text string) (Found, error) {
	x := g.names()
	folded := fold(text)
	if folded == "" {
		return Found{}, refusal(text, Reading{})
	}
	if entries := x.called(folded); len(entries) > 0 {
		return g.foundPlace(entries), nil
	}
	var entries []int
	parts := strings.Split(text, ",")
	for n := 1; n < len(parts) && len(entries) == 0; n++ {
		// The name itself may have a comma: "Basford, Stoke-on-Trent".
		entries = g.within(x.called(fold(strings.Join(parts[:n], " "))), parts[n:])
	}
	if len(parts) == 1 {
		// The last words may name the area: "St Ives Cornwall".
		words := strings.Fields(folded)
		for n := len(words) - 1; n > 0 && len(entries) == 0; n-- {
			entries = g.within(x.called(strings.Join(words[:n], " ")), []string{strings.Join(words[n:], " ")})
		}
	}
	if len(entries) > 0 {
		return g.foundPlace(entries), nil
	}
	if code, ok := g.districtCalled(folded); ok {
		if f, ok := g.middleOf(code); ok {
			return f, nil
		}
	}
	name, where, _ := strings.Cut(text, ",")
	return g.notNamed(text, name, where)
}

// districtCalled returns the code of the district with a folded name, in English,
// Welsh or common use: Orkney is the Orkney Islands.
func (g *Gazetteer) districtCalled(folded string) (code string, ok bool) {
	if code, ok := g.names().districts[folded]; ok {
		return code, true
	}
	x := g.areas()
	if i, ok := x.byName[strings.TrimPrefix(folded, "the ")]; ok && x.areas[i].Kind == District {
		return x.areas[i].Code, true
	}
	return "", false
}

// notNamed returns the error for a text that names no place, with places to
// offer.
func (g *Gazetteer) notNamed(text, name, where string) (Found, error) {
	x := g.names()
	if all := x.called(fold(name)); len(all) > 0 {
		return Found{Others: g.places(all, maxOffered)}, &directory.NoPlace{
			Why:    directory.NoSuchPlace,
			Detail: fmt.Sprintf("There is no %s in %s.", directory.Quote(strings.TrimSpace(name)), directory.Quote(strings.TrimSpace(where))),
			Fix:    "Leave out what follows the comma, or give a postcode.",
		}
	}
	return Found{Others: g.places(x.offered(fold(text)), maxOffered)}, &directory.NoPlace{
		Why:    directory.NoSuchPlace,
		Detail: fmt.Sprintf("No place called %q is known.", directory.Quote(text)),
		Fix:    "Check the spelling, name the nearest town, or give a postcode.",
	}
}

// offered returns the entries that a folded text without an exact match may mean:
// names that begin with it, that are one typing slip away, or that it ends in, as
// the address "High Street Sale" does.
func (x *nameIndex) offered(text string) []int {
	if begun := x.begins(text, maxOffered); len(begun) > 0 {
		return begun
	}
	if like := x.like(text); len(like) > 0 {
		return like
	}
	words := strings.Fields(text)
	for n := 1; n < len(words); n++ {
		if ends := x.called(strings.Join(words[n:], " ")); len(ends) > 0 {
			return ends
		}
	}
	return nil
}

func (g *Gazetteer) foundPlace(entries []int) Found {
	f := Found{Location: g.place(entries[0]), Others: g.places(entries[1:], maxOthers)}
	f.Name = g.Label(f.Location)
	f.How = f.Name
	f.Radius = townMiles(g.names().entries[entries[0]].size)
	return f
}

// within returns the entries that lie in every part of where: towns, districts,
// counties or countries. After them come those that lie just outside one, since
// addresses name former counties and the post town.
func (g *Gazetteer) within(entries []int, where []string) []int {
	inside, beside := slices.Clone(entries), slices.Clone(entries)
	for len(where) > 0 && len(beside) > 0 {
		part, n := g.nextPart(where)
		where = where[n:]
		if part == "" || part == "uk" || part == "united kingdom" {
			continue
		}
		inside = slices.DeleteFunc(inside, func(i int) bool { return !g.inside(i, part) })
		beside = slices.DeleteFunc(beside, func(i int) bool { return !g.inside(i, part) && !g.beside(i, part) })
	}
	for _, i := range beside {
		if !slices.Contains(inside, i) {
			inside = append(inside, i)
		}
	}
	return inside
}

// nextPart returns the folded name that parts begin with, and how many parts it
// spans: Bournemouth, Christchurch and Poole is one district.
func (g *Gazetteer) nextPart(parts []string) (name string, n int) {
	for n := min(len(parts), maxParts); n > 1; n-- {
		name := areaKey(strings.Join(parts[:n], " "))
		if _, known := g.areas().byName[name]; known {
			return name, n
		}
	}
	return areaKey(parts[0]), 1
}

// inside reports whether entry i lies in the district, county or area with a
// folded name.
func (g *Gazetteer) inside(i int, part string) bool {
	e := &g.names().entries[i]
	own := e.layer.Districts()[e.district]
	d, _ := g.district(own.Code)
	if slices.Contains(districtNames(d.Name), part) || fold(d.County) == part || fold(countryOf(d.Code)) == part {
		return true
	}
	x := g.areas()
	at, known := x.byName[part]
	return known && x.areas[at].Holds(g.placeSoon(i))
}

// beside reports whether entry i lies within besideMiles of the area, or within
// besideTowns of the town, with a folded name.
func (g *Gazetteer) beside(i int, part string) bool {
	e, x := &g.names().entries[i], g.areas()
	if at, known := x.byName[part]; known {
		near := g.near()
		for _, s := range near.sectors.nearest(e.east, e.north, len(near.from), besideMiles*directory.MetresPerMile) {
			from := near.from[s.id]
			outcode, _, spot := from.layer.SectorAt(from.index)
			district, _ := g.districtOf(from.layer, spot.District)
			if x.areas[at].Holds(directory.Location{District: district, Outcode: outcode}) {
				return true
			}
		}
	}
	for _, town := range g.names().called(part) {
		t := &g.names().entries[town]
		reach := besideTowns * townMiles(t.size) * directory.MetresPerMile
		if town != i && t.size > e.size && math.Hypot(t.east-e.east, t.north-e.north) <= reach {
			return true
		}
	}
	return false
}
