// Package grid converts between the British National Grid of the Ordnance
// Survey, in which official files give positions, and WGS84.
//
// It uses the seven-parameter Helmert transformation of Ordnance Survey's "A
// Guide to Coordinate Systems in Great Britain" (annexes B and C, section
// 6.6). Against the survey's own grid of corrections (OSTN15) that is 1.75 m
// out at the median and 4.74 m at most, which is finer than the ten metres to
// which this directory keeps a postcode.
package grid

import (
	"math"

	"gather/directory"
)

// ellipsoid is a spheroid by its semi-axes in metres.
type ellipsoid struct{ a, b float64 }

// e2 is the square of the ellipsoid's eccentricity.
func (l ellipsoid) e2() float64 { return 1 - (l.b*l.b)/(l.a*l.a) }

// The ellipsoids of the guide's annex A.
var (
	airy1830 = ellipsoid{6377563.396, 6356256.909}
	wgs84    = ellipsoid{6378137.000, 6356752.3141}
)

// The National Grid projection of the guide's annex A: scale on the central
// meridian, true origin in radians, and the grid coordinates in metres of that
// true origin.
const (
	scale      = 0.9996012717
	lat0       = 49 * math.Pi / 180
	lon0       = -2 * math.Pi / 180
	east0      = 400000.0
	north0     = -100000.0
	closeTo    = 0.00001 // metres left over at which the iteration for latitude ends
	iterations = 50      // more than the iteration ever needs within the grid
)

// helmert is the transformation from WGS84 to OSGB36 of the guide's section
// 6.6: translations in metres, scale in parts, rotations in radians.
var helmert = struct{ tx, ty, tz, s, rx, ry, rz float64 }{
	-446.448, 125.157, -542.060, 20.4894e-6,
	seconds(-0.1502), seconds(-0.2470), seconds(-0.8421),
}

func seconds(s float64) float64 { return s / 3600 * math.Pi / 180 }

// ToWGS84 returns the WGS84 position of a point on the National Grid, given in
// metres east and north of its false origin. The formulae hold beyond Great
// Britain too: a position in Northern Ireland or Jersey converted by FromWGS84
// converts back to within a centimetre, although the grid is not defined there.
func ToWGS84(east, north float64) directory.Position {
	lat, lon := unproject(east, north)
	x, y, z := cartesian(airy1830, lat, lon)
	x, y, z = unshift(x, y, z)
	lat, lon = geodetic(wgs84, x, y, z)
	return directory.Position{Lat: lat * 180 / math.Pi, Lon: lon * 180 / math.Pi}
}

// FromWGS84 returns the point on the National Grid, in metres east and north of
// its false origin, of a WGS84 position. Positions south of Scilly have a
// negative northing.
func FromWGS84(p directory.Position) (east, north float64) {
	x, y, z := cartesian(wgs84, p.Lat*math.Pi/180, p.Lon*math.Pi/180)
	x, y, z = shift(x, y, z)
	lat, lon := geodetic(airy1830, x, y, z)
	return project(lat, lon)
}

// shift converts WGS84 cartesian coordinates to OSGB36.
func shift(x, y, z float64) (float64, float64, float64) {
	h := helmert
	return h.tx + (1+h.s)*x - h.rz*y + h.ry*z,
		h.ty + h.rz*x + (1+h.s)*y - h.rx*z,
		h.tz - h.ry*x + h.rx*y + (1+h.s)*z
}

// unshift is the inverse of shift. The guide allows changing the signs of the
// seven parameters, which is a few millimetres out; one step of correction makes
// the round trip exact.
func unshift(x, y, z float64) (float64, float64, float64) {
	gx, gy, gz := x-helmert.tx, y-helmert.ty, z-helmert.tz
	for range 2 {
		sx, sy, sz := shift(gx, gy, gz)
		gx, gy, gz = gx+x-sx, gy+y-sy, gz+z-sz
	}
	return gx, gy, gz
}

// cartesian returns the point at height zero above the ellipsoid.
func cartesian(l ellipsoid, lat, lon float64) (x, y, z float64) {
	sin, cos := math.Sincos(lat)
	nu := l.a / math.Sqrt(1-l.e2()*sin*sin)
	return nu * cos * math.Cos(lon), nu * cos * math.Sin(lon), (1 - l.e2()) * nu * sin
}

// geodetic returns the latitude and longitude of a cartesian point near the
// surface.
func geodetic(l ellipsoid, x, y, z float64) (lat, lon float64) {
	p := math.Hypot(x, y)
	lat = math.Atan2(z, p*(1-l.e2()))
	for range iterations {
		sin := math.Sin(lat)
		nu := l.a / math.Sqrt(1-l.e2()*sin*sin)
		next := math.Atan2(z+l.e2()*nu*sin, p)
		if math.Abs(next-lat) < 1e-13 {
			lat = next
			break
		}
		lat = next
	}
	return lat, math.Atan2(y, x)
}

// meridian returns the developed arc of the meridian from the true origin to lat,
// in metres (the guide's equation C3).
func meridian(lat float64) float64 {
	n := (airy1830.a - airy1830.b) / (airy1830.a + airy1830.b)
	n2, n3 := n*n, n*n*n
	d, s := lat-lat0, lat+lat0
	return airy1830.b * scale * ((1+n+5.0/4*n2+5.0/4*n3)*d -
		(3*n+3*n2+21.0/8*n3)*math.Sin(d)*math.Cos(s) +
		(15.0/8*n2+15.0/8*n3)*math.Sin(2*d)*math.Cos(2*s) -
		35.0/24*n3*math.Sin(3*d)*math.Cos(3*s))
}

// curvature returns the radii of curvature nu and rho, scaled, and eta
// squared, at lat (the guide's equation C2).
func curvature(lat float64) (nu, rho, eta2 float64) {
	sin := math.Sin(lat)
	w := 1 - airy1830.e2()*sin*sin
	nu = airy1830.a * scale / math.Sqrt(w)
	rho = airy1830.a * scale * (1 - airy1830.e2()) / (w * math.Sqrt(w))
	return nu, rho, nu/rho - 1
}

// project converts OSGB36 latitude and longitude in radians to the grid in
// metres (the guide's annex C.1).
func project(lat, lon float64) (east, north float64) {
	nu, rho, eta2 := curvature(lat)
	sin, cos := math.Sincos(lat)
	tan2 := math.Pow(sin/cos, 2)
	tan4 := tan2 * tan2
	cos3, cos5 := cos*cos*cos, math.Pow(cos, 5)
	d := lon - lon0
	d2 := d * d

	i := meridian(lat) + north0
	ii := nu / 2 * sin * cos
	iii := nu / 24 * sin * cos3 * (5 - tan2 + 9*eta2)
	iiia := nu / 720 * sin * cos5 * (61 - 58*tan2 + tan4)
	iv := nu * cos
	v := nu / 6 * cos3 * (nu/rho - tan2)
	vi := nu / 120 * cos5 * (5 - 18*tan2 + tan4 + 14*eta2 - 58*tan2*eta2)
	return east0 + d*(iv+d2*(v+d2*vi)), i + d2*(ii+d2*(iii+d2*iiia))
}

// unproject converts the grid in metres to OSGB36 latitude and longitude in
// radians (the guide's annex C.2).
func unproject(east, north float64) (lat, lon float64) {
	lat = (north-north0)/(airy1830.a*scale) + lat0
	for range iterations {
		left := north - north0 - meridian(lat)
		if math.Abs(left) < closeTo {
			break
		}
		lat += left / (airy1830.a * scale)
	}
	nu, rho, eta2 := curvature(lat)
	tan, sec := math.Tan(lat), 1/math.Cos(lat)
	tan2 := tan * tan
	tan4, tan6 := tan2*tan2, tan2*tan2*tan2
	nu3, nu5, nu7 := nu*nu*nu, math.Pow(nu, 5), math.Pow(nu, 7)
	d := east - east0
	d2 := d * d

	vii := tan / (2 * rho * nu)
	viii := tan / (24 * rho * nu3) * (5 + 3*tan2 + eta2 - 9*tan2*eta2)
	ix := tan / (720 * rho * nu5) * (61 + 90*tan2 + 45*tan4)
	x := sec / nu
	xi := sec / (6 * nu3) * (nu/rho + 2*tan2)
	xii := sec / (120 * nu5) * (5 + 28*tan2 + 24*tan4)
	xiia := sec / (5040 * nu7) * (61 + 662*tan2 + 1320*tan4 + 720*tan6)
	return lat - d2*(vii-d2*(viii-d2*ix)), lon0 + d*(x-d2*(xi-d2*(xii-d2*xiia)))
}
