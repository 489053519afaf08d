package gazetteer

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"gather/directory"
	"gather/directory/gazetteer/packed"
)

// Found is the result of Find.
type Found struct {
	directory.Location
	// Name is what to call the place: a postcode, a sector, an outcode, a
	// point, or a place with its district and county.
	Name string `json:"name"`
	// Radius is how far, in miles, what is meant may lie from the position: 0
	// for a unit postcode or a point, the reach of nine postcodes in ten for a
	// sector, outcode or district, a rule of thumb by size for a town.
	Radius float64 `json:"radius_miles"`
	// How explains in a phrase how the text was read.
	How string `json:"how"`
	// Others are other places that the text may mean, largest first. Where Find
	// also returns an error, they are alternatives to offer.
	Others []directory.Location `json:"others,omitempty"`
}

const (
	// maxFindBytes is longer than any address line with a place in it.
	maxFindBytes = 200
	// maxOthers is the most alternatives offered: people do not read longer lists.
	maxOthers = 10
	// maxOffered is how many places are offered instead of one not found.
	maxOffered = 5
)

// Find reads a searcher's text: a postcode or part of one, "lat,lon" in
// degrees, or the name of a place or district, alone or followed by where it
// is ("Hale, Trafford", "St Ives Cornwall"). The error is a
// *directory.NoPlace; Found.Others may be set along with it.
func (g *Gazetteer) Find(text string) (Found, error) {
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return Found{}, &directory.NoPlace{Why: directory.NotAPlace, Detail: "No place is given.", Fix: "Give a postcode or the name of a town."}
	case len(text) > maxFindBytes || !utf8.ValidString(text):
		return Found{}, &directory.NoPlace{
			Why: directory.NotAPlace, Detail: "That is not the name of a place.",
			Fix: fmt.Sprintf("Give a postcode or the name of a town, in at most %d letters.", maxFindBytes),
		}
	}
	if lat, lon, ok := coordinates(text); ok {
		return g.point(lat, lon)
	}
	if !strings.ContainsAny(text, "0123456789") {
		return g.lettersOnly(text)
	}
	r := ReadPostcode(text)
	if inner, ok := g.postcodeIn(text); ok && (r.Kind != Unit || r.Repaired) {
		f, err := g.postcode(inner.Postcode, inner)
		return from(f, text), err
	}
	if r.Kind != NotPostcode {
		return g.postcode(text, r)
	}
	f, err := g.named(text)
	if err == nil {
		return f, nil
	}
	if part, ok := g.outcodeIn(text); ok {
		f, err := g.postcode(part.Outcode, part)
		return from(f, text), err
	}
	return f, err
}

// from notes in f.How that only a part of text was used.
func from(f Found, text string) Found {
	if f.How != "" {
		f.How += fmt.Sprintf(" (from %q)", directory.Quote(text))
	}
	return f
}

// lettersOnly reads a text without digits: first as a name, then as a postcode
// with O for 0 and I for 1, because Poole and Woking have that form too.
func (g *Gazetteer) lettersOnly(text string) (Found, error) {
	f, err := g.named(text)
	if err == nil {
		return f, nil
	}
	switch r := ReadPostcode(text); {
	case r.Kind == PostcodeArea:
		return g.wholeArea(text, r)
	case r.Kind == Placeless:
		return Found{}, refusal(text, r)
	case r.Kind == Unit:
		if found, _, err := g.unit(r); err == nil && found.Precision == directory.PrecisionUnit {
			return g.findUnit(text, r)
		}
	}
	return f, err
}

// northernIreland returns the largest places of Northern Ireland, to offer while
// its postcodes are not imported.
func (g *Gazetteer) northernIreland() []directory.Location {
	var in []int
	for i := range g.names().entries {
		if g.names().entries[i].unshipped(g) {
			in = append(in, i)
		}
	}
	return g.places(in, maxOffered)
}

var pair = regexp.MustCompile(`^\(?\s*([+-]?\d{1,4}(?:\.\d{0,15})?)\s*(?:,|;|\s)\s*([+-]?\d{1,4}(?:\.\d{0,15})?)\s*\)?$`)

// coordinates parses a latitude and a longitude. Two whole numbers with only a
// space between them are not read as a position.
func coordinates(text string) (lat, lon float64, ok bool) {
	if text == "" || !strings.ContainsRune("0123456789+-(", rune(text[0])) {
		return 0, 0, false // most are postcodes and names
	}
	m := pair.FindStringSubmatch(text)
	if m == nil || !strings.ContainsAny(text, ".,;") {
		return 0, 0, false
	}
	lat, err := strconv.ParseFloat(m[1], 64)
	lon, err2 := strconv.ParseFloat(m[2], 64)
	return lat, lon, err == nil && err2 == nil
}

// point returns the place at a position.
func (g *Gazetteer) point(lat, lon float64) (Found, error) {
	p := directory.Position{Lat: lat, Lon: lon}
	if fault := wrongPosition(p); fault != nil {
		return Found{}, fault
	}
	loc, ok := g.Nearest(p)
	if !ok {
		loc = directory.Location{Position: p, Precision: directory.PrecisionPoint}
	}
	name := strconv.FormatFloat(lat, 'f', -1, 64) + "," + strconv.FormatFloat(lon, 'f', -1, 64)
	return Found{Location: loc, Name: name, How: "the point " + name}, nil
}

// wrongPosition returns what is wrong with a position, or nil. Its text tells
// people how to correct it, so it detects swapped latitude and longitude.
func wrongPosition(p directory.Position) *directory.NoPlace {
	switch swapped := (directory.Position{Lat: p.Lon, Lon: p.Lat}); {
	case p.InUK():
		return nil
	case swapped.InUK():
		return &directory.NoPlace{
			Why:    directory.NotAPlace,
			Detail: "Latitude and longitude are the wrong way round.",
			Fix:    fmt.Sprintf("Give latitude first: %v,%v.", swapped.Lat, swapped.Lon),
		}
	case math.Abs(p.Lat) > 90 || math.Abs(p.Lon) > 180 || math.IsNaN(p.Lat) || math.IsNaN(p.Lon):
		return &directory.NoPlace{
			Why:    directory.NotAPlace,
			Detail: "That is not a position on the Earth.",
			Fix:    "Give latitude and longitude in degrees, such as 53.42,-2.32.",
		}
	}
	return &directory.NoPlace{
		Why:    directory.NoSuchPlace,
		Detail: "That position is outside the United Kingdom.",
		Fix:    "Check the signs: west of Greenwich, longitude is negative.",
	}
}

// postcode returns the place of a postcode or part of one.
func (g *Gazetteer) postcode(text string, r Reading) (Found, error) {
	f, err := g.readCode(text, r)
	if err != nil && r.Area == "BT" {
		f.Others = g.northernIreland()
	}
	return f, err
}

func (g *Gazetteer) readCode(text string, r Reading) (Found, error) {
	switch r.Kind {
	case Unit:
		return g.findUnit(text, r)
	case Sector, Typing, Impossible:
		how := "the middle of sector " + r.Sector
		switch r.Kind {
		case Typing:
			how += ": the postcode is not complete"
		case Impossible:
			how += ": no postcode ends in " + r.Postcode[len(r.Postcode)-3:]
		}
		if f, ok := g.findSector(r, how); ok {
			return f, nil
		}
		if f, ok := g.findOutcode(r.Outcode, "the middle of "+r.Outcode+": there is no sector "+r.Sector); ok {
			return f, nil
		}
		if r.Kind == Impossible {
			return Found{}, refusal(text, r)
		}
		return Found{}, g.unknown(r, "sector "+r.Sector)
	case Outcode, Ambiguous:
		how := "the middle of " + r.Outcode
		if g.isUnion(r.Outcode) {
			how = "the middle of all " + r.Outcode + " postcodes"
		} else if r.Kind == Ambiguous {
			if _, _, ok := g.sectorSpot(r.Sector[:len(r.Sector)-2], r.Sector); ok {
				how += " (for sector " + r.Sector + ", put the space in)"
			}
		}
		if f, ok := g.findOutcode(r.Outcode, how); ok {
			return f, nil
		}
		if r.Kind == Ambiguous {
			r.Outcode = r.Sector[:len(r.Sector)-2]
			if f, ok := g.findSector(r, "the middle of sector "+r.Sector); ok {
				return f, nil
			}
			r.Outcode = strings.ReplaceAll(r.Sector, " ", "")
		}
		return Found{}, g.unknown(r, "outcode "+r.Outcode)
	}
	return Found{}, refusal(text, r)
}

func (g *Gazetteer) findUnit(text string, r Reading) (Found, error) {
	loc, radius, err := g.unit(r)
	if err != nil {
		return Found{}, err
	}
	f := Found{Location: loc, Name: loc.Postcode, Radius: radius / directory.MetresPerMile}
	switch loc.Precision {
	case directory.PrecisionSector:
		f.How = "the middle of sector " + loc.Sector + ": postcode " + loc.Postcode + " is not in our data"
	case directory.PrecisionOutcode:
		f.How = "the middle of " + loc.Outcode + ": postcode " + loc.Postcode + " is not in our data"
	default:
		f.How = "postcode " + loc.Postcode
	}
	if loc.Repaired {
		f.How += fmt.Sprintf(" (typed as %q)", text)
	}
	return f, nil
}

func (g *Gazetteer) findSector(r Reading, how string) (Found, bool) {
	l, spot, ok := g.sectorSpot(r.Outcode, r.Sector)
	if !ok {
		return Found{}, false
	}
	loc := directory.Location{Sector: r.Sector, Outcode: r.Outcode, Repaired: r.Repaired}
	g.put(&loc, l, spot, directory.PrecisionSector)
	return Found{Location: loc, Name: r.Sector, Radius: spot.Radius / directory.MetresPerMile, How: how}, true
}

func (g *Gazetteer) findOutcode(code, how string) (Found, bool) {
	loc, radius, ok := g.outcode(code)
	return Found{Location: loc, Name: code, Radius: radius / directory.MetresPerMile, How: how}, ok
}

// wholeArea returns the error for a postcode area, and offers its largest
// places.
func (g *Gazetteer) wholeArea(text string, r Reading) (Found, error) {
	if !g.holdsArea(r.Area) {
		if r.Area == "BT" {
			return Found{Others: g.northernIreland()}, g.unknown(r, "area BT")
		}
		if _, ok := unshipped[r.Area]; ok {
			return Found{}, g.unknown(r, "area "+r.Area)
		}
		return Found{}, refusal(text, Reading{})
	}
	x, names := g.near(), g.names()
	var in []int
	for _, s := range x.from {
		outcode, _, spot := s.layer.SectorAt(s.index)
		if packed.Area(outcode) != r.Area {
			continue
		}
		for _, p := range names.squares.nearest(spot.East, spot.North, 1, cellMetres) {
			in = append(in, p.id)
		}
	}
	slices.Sort(in) // entries are sorted by size
	in = slices.Compact(in)
	return Found{Others: g.places(in, maxOffered)}, refusal(text, r)
}

func (g *Gazetteer) places(entries []int, limit int) []directory.Location {
	var out []directory.Location
	for _, i := range entries[:min(limit, len(entries))] {
		out = append(out, g.placeSoon(i))
	}
	return out
}

// townMiles estimates the radius of a place in miles from its population.
func townMiles(people int) float64 {
	switch {
	case people < 2_000:
		return 0.5
	case people < 20_000:
		return 1
	case people < 100_000:
		return 2
	case people < 500_000:
		return 3
	}
	return 5
}

// middleOf returns a district, positioned at the median of its sectors.
func (g *Gazetteer) middleOf(code string) (Found, bool) {
	var easts, norths []float64
	var spots []packed.Spot
	for _, l := range g.layers {
		for i := range l.SectorCount() {
			if _, _, s := l.SectorAt(i); l.Districts()[s.District].Code == code {
				spots = append(spots, s)
				easts, norths = append(easts, s.East), append(norths, s.North)
			}
		}
		if len(spots) > 0 {
			break
		}
	}
	if len(spots) == 0 {
		return Found{}, false
	}
	slices.Sort(easts)
	slices.Sort(norths)
	east, north := easts[len(easts)/2], norths[len(norths)/2]
	var away []float64
	for _, s := range spots {
		away = append(away, math.Hypot(s.East-east, s.North-north)+s.Radius)
	}
	slices.Sort(away)
	d, _ := g.district(code)
	loc := directory.Location{Position: position(east, north), Precision: directory.PrecisionPlace, Place: d.Name}
	g.locate(&loc, east, north, placeMiles)
	loc.District, loc.DistrictName = code, d.Name
	return Found{
		Location: loc, Name: g.Label(loc), How: "the middle of the district of " + d.Name,
		Radius: away[(len(away)-1)*9/10] / directory.MetresPerMile,
	}, true
}
