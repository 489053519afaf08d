package packed

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// StepMetres is the resolution of stored positions. Rounding to ten metres
// moves a point 3.5 m on average and 7.1 m at most, which is less than the
// length of the street that shares a postcode, and makes the file a third
// smaller than one-metre positions would.
const StepMetres = 10

// StrayMetres is how far a unit may lie from the median of its sector. The
// widest sectors of the Highlands reach some 50 km and official files hold a
// few large users misplaced by 150 km; beyond this, the row is wrong.
const StrayMetres = 300_000

// District is a local authority district.
type District struct {
	Code   string // GSS code, "E08000009"; empty for none
	Name   string // "Trafford"
	County string // the county it lies in, "Greater Manchester"; empty for none
}

// Place is a named populated place.
type Place struct {
	Name        string
	Also        []string // other names: Welsh, Gaelic, local
	East, North float64  // National Grid metres
	Size        int      // people, or a guess from the kind of place; for ordering only
	District    int      // index of its district, 0 for none
}

type unit struct {
	key         Key
	east, north int32 // steps
	district    uint16
	ended       bool
}

// Builder collects units, places and districts to pack. The zero value is ready
// to use. It takes 24 bytes of memory for each unit.
type Builder struct {
	districts []District
	byCode    map[string]int
	units     []unit
	places    []Place
}

// District returns the index of the district with d.Code, adding it when it is
// new and filling in a name or county that was missing. The empty code is 0.
func (b *Builder) District(d District) int {
	if b.byCode == nil {
		b.districts, b.byCode = []District{{}}, map[string]int{"": 0}
	}
	i, ok := b.byCode[d.Code]
	if !ok {
		i = len(b.districts)
		b.byCode[d.Code] = i
		b.districts = append(b.districts, d)
		return i
	}
	if i > 0 {
		b.districts[i].Name = cmp.Or(b.districts[i].Name, d.Name)
		b.districts[i].County = cmp.Or(b.districts[i].County, d.County)
	}
	return i
}

// Unit adds a postcode at a point of the National Grid in metres, in the
// district with that index. A postcode added again replaces the earlier one.
func (b *Builder) Unit(k Key, east, north float64, district int) {
	b.units = append(b.units, unit{k, steps(east), steps(north), uint16(district), false})
}

// EndedUnit adds a postcode that is no longer in use. The same postcode in use
// replaces it, whichever is added first: postcodes are reused.
func (b *Builder) EndedUnit(k Key, east, north float64, district int) {
	b.units = append(b.units, unit{k, steps(east), steps(north), uint16(district), true})
}

// Place adds a place. Places keep the order in which they were added.
func (b *Builder) Place(p Place) { b.places = append(b.places, p) }

// Len returns how many units were added, counting replacements.
func (b *Builder) Len() int { return len(b.units) }

func steps(metres float64) int32 { return int32(math.Round(metres / StepMetres)) }

// sector and outcode are contiguous groups of the sorted units.
type sector struct {
	digit byte
	units []unit
	middle
}

type outcode struct {
	name    string
	sectors []sector
	middle
}

// middle summarises a group: its median position, the radius that holds nine
// units in ten, both in steps, and its most common district.
type middle struct {
	east, north int32
	radius      int32
	district    uint16
}

// sortUnits sorts the units, keeps the last of each postcode, and removes
// strays, whose keys it returns.
func (b *Builder) sortUnits() (strays []Key) {
	slices.SortStableFunc(b.units, func(x, y unit) int {
		if x.key != y.key || x.ended == y.ended {
			return cmp.Compare(x.key, y.key)
		}
		if x.ended {
			return -1
		}
		return 1
	})
	kept := b.units[:0]
	for i, u := range b.units {
		if i+1 == len(b.units) || b.units[i+1].key != u.key {
			kept = append(kept, u)
		}
	}
	b.units = kept

	kept = make([]unit, 0, len(b.units))
	for _, group := range runs(b.units, func(k Key) uint64 { return uint64(k) / uint64(lettersSquared) }) {
		for stray := true; stray && len(group) > 0; {
			m := middleOf(group)
			near := group[:0:0]
			for _, u := range group {
				if math.Hypot(float64(u.east-m.east), float64(u.north-m.north))*StepMetres > StrayMetres {
					strays = append(strays, u.key)
				} else {
					near = append(near, u)
				}
			}
			stray, group = len(near) < len(group), near
		}
		kept = append(kept, group...)
	}
	b.units = kept
	return strays
}

// runs splits units into the ranges over which by stays the same.
func runs[T comparable](units []unit, by func(Key) T) [][]unit {
	var out [][]unit
	start := 0
	for i := range units {
		if i+1 == len(units) || by(units[i+1].key) != by(units[i].key) {
			out = append(out, units[start:i+1])
			start = i + 1
		}
	}
	return out
}

// outcodes groups the sorted units.
func (b *Builder) outcodes() []outcode {
	var out []outcode
	for _, group := range runs(b.units, Key.Outcode) {
		o := outcode{name: group[0].key.Outcode(), middle: middleOf(group)}
		for _, units := range runs(group, Key.Digit) {
			o.sectors = append(o.sectors, sector{units[0].key.Digit(), units, middleOf(units)})
		}
		out = append(out, o)
	}
	return out
}

// middleOf summarises a group of units. It uses medians, since a handful of
// misplaced units would pull a mean by kilometres.
func middleOf(units []unit) middle {
	easts, norths := make([]int32, len(units)), make([]int32, len(units))
	count := map[uint16]int{}
	for i, u := range units {
		easts[i], norths[i] = u.east, u.north
		count[u.district]++
	}
	slices.Sort(easts)
	slices.Sort(norths)
	m := middle{east: easts[len(easts)/2], north: norths[len(norths)/2]}

	away := make([]int32, len(units))
	for i, u := range units {
		away[i] = int32(math.Hypot(float64(u.east-m.east), float64(u.north-m.north)))
	}
	slices.Sort(away)
	m.radius = away[(len(away)-1)*9/10]

	most := 0
	for district, n := range count {
		if n > most || n == most && district < m.district {
			most, m.district = n, district
		}
	}
	return m
}

// check returns why the data cannot be packed, or nil.
func (b *Builder) check() error {
	if len(b.districts) > math.MaxUint16 {
		return fmt.Errorf("%d districts, more than a file can number", len(b.districts))
	}
	for _, u := range b.units {
		if int(u.district) >= len(b.districts) {
			return fmt.Errorf("postcode %v: no district %d", u.key, u.district)
		}
	}
	for _, p := range b.places {
		if p.District < 0 || p.District >= len(b.districts) {
			return fmt.Errorf("place %q: no district %d", p.Name, p.District)
		}
	}
	return nil
}
