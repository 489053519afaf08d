package segment

import (
	"gather/directory"
	"gather/search"
	"math"
	"slices"
)

// Tables are what columns point into. They only grow; a copy of the struct
// goes on seeing what it saw.
type Tables struct {
	Languages  [][]string
	How        []string
	Districts  []search.Labelled // id and name
	Catchments []catchment
}

// catchment is where people must live, or a circle that they must live in.
type catchment struct {
	codes  []string // see catchmentTerms
	centre directory.Position
	radius float64 // in miles, 0: the codes say it
}

// Anyone is the catchment of what has none.
const Anyone = 0

// Covers reports whether somebody who lives in the place may come.
func (k *catchment) Covers(at directory.Position, terms []string) bool {
	if k.radius > 0 {
		switch about := flatMiles(k.centre, at); {
		case k.radius > flatReach || math.Abs(about-k.radius) < flatError*k.radius:
			return k.centre.Miles(at) <= k.radius
		default:
			return about < k.radius
		}
	}
	for _, code := range k.codes {
		if slices.Contains(terms, code) {
			return true
		}
	}
	return false
}

// flatMiles is about how far two places are apart, as if the Earth were flat
// around the second. Up to flatReach miles it is wrong by less than the share
// flatError, south of Shetland: what is left out is how the length of a degree
// of longitude changes on the way.
func flatMiles(p, here directory.Position) float64 {
	const milesPerDegree = 69.09 // of a globe as directory.Position measures it
	south, east := (p.Lat-here.Lat)*milesPerDegree, (p.Lon-here.Lon)*milesPerDegree*math.Cos(here.Lat*math.Pi/180)
	return math.Sqrt(south*south + east*east)
}

const (
	flatReach = 50
	flatError = 0.05
)
