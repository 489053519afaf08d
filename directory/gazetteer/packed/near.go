package packed

import "math"

// NorthernIreland is the GSS code of a stand-in district for the places of
// Northern Ireland, whose districts the embedded data do not have.
const NorthernIreland = "N92000002"

// nearCell is the side in metres of the squares by which Near indexes units.
const nearCell = 2000

// Near returns a function that returns the index of the district of the unit
// nearest to a point of the National Grid in metres, among the units added
// before the call of Near; 0 when there are none within 100 km.
func (b *Builder) Near() func(east, north float64) (district int) {
	const steps2cell = nearCell / StepMetres
	cells := map[[2]int32][]int32{}
	for i, u := range b.units {
		c := [2]int32{u.east / steps2cell, u.north / steps2cell}
		cells[c] = append(cells[c], int32(i))
	}
	return func(east, north float64) int {
		e, n := steps(east), steps(north)
		home := [2]int32{e / steps2cell, n / steps2cell}
		best, district := math.Inf(1), 0
		for ring := int32(0); ring <= 100_000/nearCell; ring++ {
			// Whatever lies in this ring is at least ring-1 squares away.
			if best <= float64(ring-1)*steps2cell {
				break
			}
			for de := -ring; de <= ring; de++ {
				for dn := -ring; dn <= ring; dn++ {
					if max(de, -de, dn, -dn) != ring {
						continue
					}
					for _, i := range cells[[2]int32{home[0] + de, home[1] + dn}] {
						u := b.units[i]
						if d := math.Hypot(float64(u.east-e), float64(u.north-n)); d < best {
							best, district = d, int(u.district)
						}
					}
				}
			}
		}
		return district
	}
}
