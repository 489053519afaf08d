package gazetteer

import (
	"fmt"
	"slices"
	"strings"

	"gather/directory"
	"gather/directory/gazetteer/grid"
)

// maxSectors bounds the sectors read for one place. London has fewer.
const maxSectors = 2000

// Area implements directory.Gazetteer. An area of AreaNamed takes precedence over
// a town: "Bristol" is the district.
func (g *Gazetteer) Area(text string) (directory.VenueArea, error) {
	text = strings.TrimSpace(text)
	if a, ok := g.AreaNamed(text); ok {
		area := directory.VenueArea{Name: plainName(a.Name), Districts: slices.Clone(a.Districts)}
		if len(a.Districts) == 0 {
			area.Outcodes = slices.Clone(a.Outcodes)
		}
		return area, nil
	}
	switch r := ReadPostcode(text); r.Kind {
	case Outcode, Ambiguous:
		loc, err := g.Outcode(text)
		return directory.VenueArea{Name: loc.Outcode, Outcodes: []string{loc.Outcode}}, err
	case Unit, Sector:
		if !r.Repaired { // "Poole" reads as a postcode with letters for digits
			return directory.VenueArea{}, &directory.NoPlace{
				Why:    directory.NotAPlace,
				Detail: fmt.Sprintf("%q is finer than an area.", directory.Quote(text)),
				Fix:    "Give it as the venue's postcode, or give its outcode, " + r.Outcode + ".",
			}
		}
	}
	return g.townArea(text)
}

// townArea returns the outcodes that a named place extends into.
func (g *Gazetteer) townArea(text string) (directory.VenueArea, error) {
	f, err := g.named(text)
	if err != nil {
		return directory.VenueArea{}, err
	}
	if len(f.Others) > 0 {
		return directory.VenueArea{}, &directory.NoPlace{
			Why:    directory.NoSuchPlace,
			Detail: fmt.Sprintf("Several places are called %q: %s, %s.", directory.Quote(text), f.Name, g.Label(f.Others[0])),
			Fix:    "Say which, as they are written here, or give outcodes.",
		}
	}
	a := directory.VenueArea{Name: f.Place}
	if f.Outcode != "" {
		a.Outcodes = []string{f.Outcode}
	}
	x := g.near()
	east, north := grid.FromWGS84(f.Position)
	for _, near := range x.sectors.nearest(east, north, maxSectors, f.Radius*directory.MetresPerMile) {
		from := x.from[near.id]
		if code, _, _ := from.layer.SectorAt(from.index); !slices.Contains(a.Outcodes, code) {
			a.Outcodes = append(a.Outcodes, code)
		}
	}
	if len(a.Outcodes) == 0 {
		return directory.VenueArea{}, g.unknown(Reading{}, "postcode near "+f.Name)
	}
	slices.Sort(a.Outcodes)
	return a, nil
}
