package gazetteer

import (
	"slices"

	"gather/directory/gazetteer/packed"
)

// oneInMany is the divisor of the smallest share of an outcode's units that
// counts as an overlap with a district: official files misplace single units.
const oneInMany = 100

// overlap holds which outcodes and districts overlap.
type overlap struct {
	outcodes map[string][]string // by district
}

// measureOverlaps counts the units of every outcode by district, in the layer
// with most units of the outcode. It unpacks every postcode, which takes a
// quarter of a second the first time.
func (g *Gazetteer) measureOverlaps() *overlap {
	o := &overlap{outcodes: map[string][]string{}}
	counts := map[*layer]map[string]map[int]int{}
	for _, l := range g.layers {
		of := map[string]map[int]int{}
		for i := range l.SectorCount() {
			outcode, _, _ := l.SectorAt(i)
			if of[outcode] == nil {
				of[outcode] = map[int]int{}
			}
			l.EachUnit(i, func(_ packed.Key, u packed.Spot) { of[outcode][u.District]++ })
		}
		counts[l] = of
	}
	for _, outcode := range g.allOutcodes() {
		l, spot, ok := g.outcodeSpot(outcode)
		if !ok {
			continue
		}
		for district, units := range counts[l][outcode] {
			if code, _ := g.districtOf(l, district); code != "" && units*oneInMany >= spot.Units {
				o.outcodes[code] = append(o.outcodes[code], outcode)
			}
		}
	}
	return o
}

// outcodesOf returns the outcodes that overlap any of the districts, sorted.
func (o *overlap) outcodesOf(districts []string) []string {
	var all []string
	for _, code := range districts {
		all = append(all, o.outcodes[code]...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// allOutcodes returns the outcodes of all layers, sorted.
func (g *Gazetteer) allOutcodes() []string {
	var all []string
	for _, l := range g.layers {
		all = append(all, l.Outcodes()...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// outcodesOf returns the outcode or, where it stands for outcodes with a further
// letter, as W1 does, those. It returns none for an outcode in no layer.
func (g *Gazetteer) outcodesOf(code string) []string {
	var codes []string
	if _, _, known := g.outcodeSpot(code); known {
		codes = append(codes, code)
	}
	for letter := byte('A'); letter <= 'Z'; letter++ {
		if longer := code + string(letter); g.isOutcode(longer) {
			codes = append(codes, longer)
		}
	}
	return codes
}

// isOutcode reports whether any layer has units of an outcode.
func (g *Gazetteer) isOutcode(code string) bool {
	_, _, known := g.outcodeSpot(code)
	return known
}
