package gazetteer

import (
	"slices"
	"strings"
	"unicode"

	"gather/directory"
)

// floors follow an ordinal that is not part of a postcode: "Unit E3 2ND Floor".
var floors = []string{"FLOOR", "FLR", "FL", "STOREY", "LEVEL"}

// ordinals are inward halves that are also the number of a floor.
var ordinals = []string{"1ST", "2ND", "3RD"}

// postcodeIn finds a full postcode among other words, "M33 7DB" in "Sale M33
// 7DB, UK": the last that the data hold or, where they hold none, the last
// whose outcode they hold. It corrects no letters or digits.
func (g *Gazetteer) postcodeIn(text string) (Reading, bool) {
	var in Reading
	held := false
	eachRun(text, 3, func(run string, next string) {
		r := ReadPostcode(run)
		if r.Kind != Unit || r.Repaired || slices.Contains(floors, next) && slices.Contains(ordinals, r.Postcode[len(r.Postcode)-3:]) {
			return
		}
		switch loc, _, err := g.unit(r); {
		case err == nil && loc.Precision == directory.PrecisionUnit:
			in, held = r, true
		case !held && (err == nil || g.unshippedArea(r.Area)):
			in = r
		}
	})
	return in, in.Kind == Unit
}

// outcodeIn finds an outcode or a sector that the data hold among other words,
// the last of them: "M33" in "Sale M33".
func (g *Gazetteer) outcodeIn(text string) (Reading, bool) {
	var in Reading
	eachRun(text, 1, func(run string, _ string) {
		if r := ReadPostcode(run); (r.Kind == Outcode || r.Kind == Ambiguous) && len(g.outcodesOf(r.Outcode)) > 0 {
			in = r
		}
	})
	return in, in.Kind != NotPostcode
}

// eachRun calls f with each run of up to words words of text, in capitals, and
// the word after it; a shorter run comes before a longer one from the same word.
// Of "Flat B, L1 1AA" the last run is L1 1AA, not BL1 1AA.
func eachRun(text string, words int, f func(run, next string)) {
	all := strings.FieldsFunc(strings.ToUpper(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for i := range all {
		for n := 1; n <= words && i+n <= len(all); n++ {
			next := ""
			if i+n < len(all) {
				next = all[i+n]
			}
			f(strings.Join(all[i:i+n], " "), next)
		}
	}
}
