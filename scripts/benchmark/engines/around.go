package engines

import (
	"math"

	"benchmark/questions"

	"gather/directory"
	"gather/directory/gazetteer/grid"
)

// aroundMetres is the margin for the sides of a box of degrees, which bend
// outwards between its corners on the National Grid: some hundred metres for a box
// of half a degree.
const aroundMetres = 500

// gridAround returns a rectangle of the National Grid, in metres, that contains
// the box of q.
func gridAround(q *questions.Question) (west, south, east, north float64) {
	west, south, east, north = math.MaxFloat64, math.MaxFloat64, -math.MaxFloat64, -math.MaxFloat64
	for _, lat := range []float64{q.Box.South, q.Box.North} {
		for _, lon := range []float64{q.Box.West, q.Box.East} {
			e, n := grid.FromWGS84(directory.Position{Lat: lat, Lon: lon})
			west, east, south, north = min(west, e), max(east, e), min(south, n), max(north, n)
		}
	}
	return west - aroundMetres, south - aroundMetres, east + aroundMetres, north + aroundMetres
}
