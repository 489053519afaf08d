package gazetteer

import (
	"slices"

	"gather/directory/gazetteer/packed"
)

// oneInMany is the share of an outcode's units in a district from which on the
// two overlap: the official files put single units astray.
const oneInMany = 100

// overlap says which outcodes and districts overlap.
type overlap struct {
	outcodes map[string][]string // by district
}

// measureOverlaps counts the units of every outcode by district, in the layer
// that knows most of the outcode. It unpacks every postcode, which takes a
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

// outcodesOf are the outcodes that overlap any of some districts, in order.
func (o *overlap) outcodesOf(districts []string) []string {
	var all []string
	for _, code := range districts {
		all = append(all, o.outcodes[code]...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// allOutcodes are the outcodes of all layers, in order.
func (g *Gazetteer) allOutcodes() []string {
	var all []string
	for _, l := range g.layers {
		all = append(all, l.Outcodes()...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// outcodesOf is an outcode or, where it stands for those that go on with a
// letter, as W1 does, those; none that no layer knows.
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
