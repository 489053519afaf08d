package listings

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"sort"

	"gather/directory/gazetteer/packed"
)

// country is the distribution of the population: every postcode sector of Great
// Britain with its number of unit postcodes. A unit has some fifteen addresses, so
// random units are distributed like random addresses.
type country struct {
	data    *packed.Data
	sectors []sector
	units   int // in all sectors
	towns   []packed.Place
}

type sector struct {
	from int // number of units in the sectors before it
	town int // the nearest place, an index into towns
}

// readCountry reads the gazetteer's packed file.
func readCountry(path string) (*country, error) {
	file, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the places: %w", err)
	}
	data, err := packed.Open(file)
	if err != nil {
		return nil, fmt.Errorf("read the places: %w", err)
	}
	towns, err := data.Places()
	if err != nil {
		return nil, fmt.Errorf("read the places: %w", err)
	}
	c := &country{data: data, towns: towns}
	for i := range data.SectorCount() {
		_, _, middle := data.SectorAt(i)
		s := sector{from: c.units}
		best := math.MaxFloat64
		for t := range towns {
			east, north := towns[t].East-middle.East, towns[t].North-middle.North
			if d := east*east + north*north; d < best {
				best, s.town = d, t
			}
		}
		c.sectors = append(c.sectors, s)
		c.units += middle.Units
	}
	return c, nil
}

// home draws a sector, weighted by its number of units.
func (c *country) home(r *rand.Rand) int {
	unit := r.IntN(c.units)
	return sort.Search(len(c.sectors), func(i int) bool { return c.sectors[i].from > unit }) - 1
}

// postcode draws a unit postcode of a sector.
func (c *country) postcode(r *rand.Rand, sector int) (postcode string, at packed.Spot) {
	_, _, middle := c.data.SectorAt(sector)
	wanted, seen := r.IntN(max(middle.Units, 1)), 0
	var key packed.Key
	c.data.EachUnit(sector, func(k packed.Key, s packed.Spot) {
		if seen <= wanted { // the last one when the file has fewer
			key, at = k, s
		}
		seen++
	})
	return key.String(), at
}
