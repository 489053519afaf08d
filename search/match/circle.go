package match

import (
	"math"

	"gather/directory"
	"gather/search"
	"gather/search/segment"
)

// circle tests positions in columns for lying within a distance on the globe.
type circle struct {
	centre   directory.Position
	miles    float64
	lat, lon int32
	// A place is inside for sure when a flat measure that is never too short
	// says so, and outside when one that is never too long does; in between,
	// the great circle decides. The measures are squares of half angles.
	limit               float64
	longer, shorter     float64 // weights of longitude
	here                float64 // the same at the centre
	curve               float64 // what the flat measure is too long by at most
	south, north        int32
	west, east          int32
	wholeWorld, spansIt bool
}

// newCircle makes the circle of so many miles around a centre.
func newCircle(centre directory.Position, miles float64) *circle {
	c := &circle{centre: centre, miles: miles, lat: segment.ToPlot(centre.Lat), lon: segment.ToPlot(centre.Lon)}
	const rad = math.Pi / 180
	oneDegree := directory.Position{}.Miles(directory.Position{Lat: 1})
	angle := miles / oneDegree // in degrees
	half := math.Sin(angle / 2 * rad)
	c.limit = half * half
	c.here = math.Cos(centre.Lat*rad) * math.Cos(centre.Lat*rad)
	south, north := centre.Lat-angle*1.0001-1e-6, centre.Lat+angle*1.0001+1e-6
	// Near a pole, or for a circle round the world, the flat measures fail.
	if c.wholeWorld = south < -80 || north > 80 || angle > 20; c.wholeWorld {
		c.south, c.north, c.west, c.east = math.MinInt32, math.MaxInt32, math.MinInt32, math.MaxInt32
		return c
	}
	least := min(math.Cos(south*rad), math.Cos(north*rad))
	most := math.Cos(centre.Lat * rad)
	if south < 0 && north > 0 {
		most = 1
	} else {
		most = max(math.Cos(south*rad), math.Cos(north*rad), most)
	}
	here := math.Cos(centre.Lat * rad)
	c.longer, c.shorter = here*most, here*least
	wide := angle/math.Sqrt(here*least)*1.01 + 1e-6 // degrees of longitude
	c.curve = 1 - (wide*rad)*(wide*rad)/12
	c.south, c.north = segment.ToPlot(south), segment.ToPlot(north)
	west, east := centre.Lon-wide, centre.Lon+wide
	if c.spansIt = west < -180 || east > 180; c.spansIt {
		c.west, c.east = math.MinInt32, math.MaxInt32
		return c
	}
	c.west, c.east = segment.ToPlot(west), segment.ToPlot(east)
	return c
}

// holds reports whether a place lies in the circle, its rim included.
func (c *circle) holds(lat, lon int32) bool {
	if lat < c.south || lat > c.north || lon < c.west || lon > c.east {
		return false
	}
	if !c.wholeWorld && !c.spansIt {
		const half = math.Pi / 180 / 2 / segment.PlotsPerDegree
		dLat, dLon := float64(int64(lat)-int64(c.lat))*half, float64(int64(lon)-int64(c.lon))*half
		dLat, dLon = dLat*dLat, dLon*dLon
		if dLat+c.longer*dLon < c.limit*(1-1e-9) {
			return true
		}
		if (dLat+c.shorter*dLon)*c.curve > c.limit*(1+1e-9) {
			return false
		}
	}
	at := directory.Position{Lat: float64(lat) / segment.PlotsPerDegree, Lon: float64(lon) / segment.PlotsPerDegree}
	return at.Miles(c.centre) <= c.miles
}

// flat is about the square of half the angle between the centre and a place
// near it: limit at the rim.
func (c *circle) flat(lat, lon int32) float64 {
	const half = math.Pi / 180 / 2 / segment.PlotsPerDegree
	dLat, dLon := float64(int64(lat)-int64(c.lat))*half, float64(int64(lon)-int64(c.lon))*half
	return dLat*dLat + c.here*dLon*dLon
}

// rowOfCircle is how far a circle reaches along a row: outside from west to east
// nothing lies in it, and from sureWest to before sureEast everything does.
type rowOfCircle struct{ west, east, sureWest, sureEast int32 }

// row is the part of a row that c may reach; ok is false where it reaches none.
func (c *circle) row(row int) (r rowOfCircle, ok bool) {
	r = rowOfCircle{west: c.west, east: c.east}
	if c.wholeWorld || c.spansIt {
		return r, true
	}
	south := int64(row)*segment.RowHeight - 90*segment.PlotsPerDegree
	north := south + segment.RowHeight - 1
	const half = math.Pi / 180 / 2 / segment.PlotsPerDegree
	to := func(lat int64) float64 { return math.Abs(float64(lat-int64(c.lat))) * half }
	near, far := 0.0, max(to(south), to(north))
	if int64(c.lat) < south || int64(c.lat) > north {
		near = min(to(south), to(north))
	}
	// The same measures as in holds, with a little room.
	widest := (c.limit*(1+1e-8)/c.curve - near*near) / c.shorter
	if widest < 0 {
		return r, false
	}
	wide := int64(math.Sqrt(widest)/half) + 2
	r.west = int32(max(int64(c.west), int64(c.lon)-wide))
	r.east = int32(min(int64(c.east), int64(c.lon)+wide))
	if narrowest := (c.limit*(1-1e-8) - far*far) / c.longer; narrowest > 0 {
		narrow := int64(math.Sqrt(narrowest)/half) - 2
		r.sureWest, r.sureEast = int32(int64(c.lon)-narrow), int32(int64(c.lon)+narrow)
	}
	return r, true
}

// plotBox tests positions in columns for lying in a Box: with whole numbers,
// but for those next to its edges.
type plotBox struct {
	Box                      search.Box
	south, north, west, east int32
}

func newPlotBox(b search.Box) *plotBox {
	return &plotBox{Box: b, south: segment.ToPlot(b.South) - 1, north: segment.ToPlot(b.North) + 1, west: segment.ToPlot(b.West) - 1, east: segment.ToPlot(b.East) + 1}
}

func (b *plotBox) holds(lat, lon int32) bool {
	if lat < b.south || lat > b.north || lon < b.west || lon > b.east {
		return false
	}
	if lat > b.south+1 && lat < b.north-1 && lon > b.west+1 && lon < b.east-1 {
		return true
	}
	return b.Box.Contains(directory.Position{Lat: float64(lat) / segment.PlotsPerDegree, Lon: float64(lon) / segment.PlotsPerDegree})
}
