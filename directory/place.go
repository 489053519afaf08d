package directory

import (
	"math"
	"strings"
)

// Position is a point on the WGS84 ellipsoid in decimal degrees, north and
// east positive.
type Position struct {
	Lat float64 `json:"lat"`
	Lon float64 `json:"lon"`
}

// earthMetres is the mean radius of the Earth in metres (IUGG R1). Over the
// length of Great Britain it keeps great-circle distances within 0.5 % of the
// ellipsoid's.
const earthMetres = 6371008.8

// MetresPerMile is the international mile in metres (exact, 1959 agreement).
const MetresPerMile = 1609.344

// Metres is the great-circle distance from p to q in metres, by the haversine
// formula, which stays accurate for points close together.
func (p Position) Metres(q Position) float64 {
	rad := math.Pi / 180
	dLat, dLon := (q.Lat-p.Lat)*rad, (q.Lon-p.Lon)*rad
	h := math.Pow(math.Sin(dLat/2), 2) + math.Cos(p.Lat*rad)*math.Cos(q.Lat*rad)*math.Pow(math.Sin(dLon/2), 2)
	return 2 * earthMetres * math.Asin(math.Min(1, math.Sqrt(h)))
}

// Miles is the great-circle distance from p to q in miles.
func (p Position) Miles(q Position) float64 { return p.Metres(q) / MetresPerMile }

// The box that holds the United Kingdom and the Crown dependencies, in
// degrees: Scilly and Jersey in the south, Rockall's side in the west, Unst
// in the north, Lowestoft in the east, with a little room.
const (
	minLat, maxLat = 49.0, 61.2
	minLon, maxLon = -9.0, 2.2
)

// InUK reports whether p lies in the box that holds the United Kingdom and the
// Crown dependencies. It is a check on typing errors, not a border.
func (p Position) InUK() bool {
	return p.Lat >= minLat && p.Lat <= maxLat && p.Lon >= minLon && p.Lon <= maxLon
}

// Precision says how finely a Location is known, finest first.
type Precision string

// The precisions a Location can have. A unit postcode is known to about ten
// metres, a sector to a few hundred metres in town and some miles in the
// country, an outcode to a few miles.
const (
	PrecisionPoint   Precision = "point"   // a position that was given
	PrecisionUnit    Precision = "unit"    // one unit postcode, M33 7DB
	PrecisionSector  Precision = "sector"  // the middle of a sector, M33 7
	PrecisionOutcode Precision = "outcode" // the middle of an outcode, M33
	PrecisionPlace   Precision = "place"   // the middle of a named place
)

// Location is a place resolved to a position, and how precise that position is.
type Location struct {
	Position
	Precision Precision `json:"precision"`
	// Postcode is the full postcode with one space, set when one was asked for.
	Postcode string `json:"postcode,omitempty"`
	// Sector is the postcode sector ("M33 7") and Outcode the outward half
	// ("M33"); for a point or a named place they are the nearest ones.
	Sector  string `json:"sector,omitempty"`
	Outcode string `json:"outcode,omitempty"`
	// District is the GSS code of the local authority district and
	// DistrictName its name.
	District     string `json:"district,omitempty"`
	DistrictName string `json:"district_name,omitempty"`
	// Place is the name of the place itself, or of the nearest one.
	Place string `json:"place,omitempty"`
	// Repaired is set when the text was not a postcode as typed and was read
	// as one with letters and digits corrected (O for 0, I for 1).
	Repaired bool `json:"repaired,omitempty"`
}

// Gazetteer knows where places are. Package gazetteer implements it.
type Gazetteer interface {
	// Postcode reads text as one full UK postcode, corrected where that is
	// safe, and returns where it is. For a well-formed postcode that is not in
	// the data it returns the middle of the sector or outcode, with that
	// precision. The error is a *NoPlace.
	Postcode(text string) (Location, error)
	// Outcode reads text as an outcode. The error is a *NoPlace.
	Outcode(text string) (Location, error)
	// Sector reads text as a full postcode or its sector, and returns the middle
	// of the sector, or of the outcode if only that is given or known: never a
	// place finer than a sector. The error is a *NoPlace.
	Sector(text string) (Location, error)
	// Nearest returns the outcode, district and place nearest to p, with
	// precision point. The bool is false when no postcode lies within 10
	// miles: p is at sea or abroad.
	Nearest(p Position) (Location, bool)
	// Area reads text as an area: the GSS code or name of a local authority
	// district, a county or country, an outcode, or the name of a town or neighbourhood,
	// which is the outcodes that it reaches into. A name that several places
	// have is no area unless it says which. The error is a *NoPlace.
	Area(text string) (VenueArea, error)
	// District returns the name of the local authority district with this
	// GSS code, and whether it is known.
	District(code string) (name string, ok bool)
}

// PublicArea returns what anybody may see of a postcode that may be somebody's
// home: its sector, "M33 7" for "M33 7DB". It returns a sector or an outcode
// unchanged.
func PublicArea(postcode string) string {
	outcode, inward, _ := strings.Cut(postcode, " ")
	if inward == "" {
		return outcode
	}
	return outcode + " " + inward[:1]
}

// fine reports whether l, which may be nil, says more than a postcode sector.
func (l *Location) fine() bool {
	return l != nil && (l.Precision == PrecisionPoint || l.Precision == PrecisionUnit || l.Postcode != "")
}

// NoPlaceReason says why a text has no place.
type NoPlaceReason string

// The reasons a text has no place.
const (
	// NotAPlace: the text is not a postcode or place that could exist.
	NotAPlace NoPlaceReason = "not-a-place"
	// NoSuchPlace: well formed, but nothing of that name is known.
	NoSuchPlace NoPlaceReason = "no-such-place"
	// NoPosition: a valid postcode that has no location (BFPO, GIR 0AA).
	NoPosition NoPlaceReason = "no-position"
	// NeedsImport: a place whose data the operator has to import first
	// (Northern Ireland and the Crown dependencies).
	NeedsImport NoPlaceReason = "needs-import"
	// TooWide: the text names an area too wide for one position ("EH").
	TooWide NoPlaceReason = "too-wide"
)

// NoPlace is the error of a Gazetteer: why a text has no place, and what to do.
type NoPlace struct {
	Why    NoPlaceReason
	Detail string // one plain sentence
	Fix    string // what to do, one plain sentence
}

func (e *NoPlace) Error() string { return e.Detail }
