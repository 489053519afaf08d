package language

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"gather/directory/gazetteer"
)

// postcode finds a full postcode anywhere, or an outcode at either end or after
// "in" and the like.
func (p *placeFinder) postcode() (from, until int, ok bool) {
	for i := range p.bare {
		if i+1 < len(p.bare) && p.isPostcode(i, i+2, gazetteer.Unit) && !p.isPostcode(i, i+1, gazetteer.Unit) {
			return i, i + 2, true
		}
		if p.isPostcode(i, i+1, gazetteer.Unit) {
			return i, i + 1, true
		}
	}
	for i := len(p.bare) - 1; i >= 0; i-- {
		if (i == len(p.bare)-1 || i == 0 || placeBefore[p.bare[i-1]]) && p.isOutcode(i) {
			return i, i + 1, true
		}
	}
	return 0, 0, false
}

// isPostcode reports whether words are a postcode of one of some kinds, as typed
// and in use.
func (p *placeFinder) isPostcode(from, until int, kinds ...gazetteer.Kind) bool {
	text := strings.Join(p.bare[from:until], " ")
	r := gazetteer.ReadPostcode(text)
	if r.Repaired || !slices.Contains(kinds, r.Kind) {
		return false
	}
	_, err := p.places.Find(text)
	return err == nil
}

// isOutcode reports whether a word is an outcode, and not a level of a course or
// a vitamin that is written like one.
func (p *placeFinder) isOutcode(i int) bool {
	if !p.isPostcode(i, i+1, gazetteer.Outcode, gazetteer.Ambiguous) {
		return false
	}
	has := func(words ...string) bool {
		return slices.ContainsFunc(p.bare, func(w string) bool { return slices.Contains(words, w) })
	}
	switch p.bare[i] {
	case "b12":
		return !has("vitamin", "deficiency")
	case "b1", "b2", "e1", "e2", "e3", "l1", "l2", "l3": // the levels of courses
		return !has("english", "esol", "level", "entry", "class", "course", "maths", "numeracy", "literacy", "skills")
	}
	return true
}

// decimals match coordinates, to a kilometre or finer.
var decimals = regexp.MustCompile(`\d\.\d{2,}`)

// mayHoldPostcode reports whether a text may say where somebody lives: more of a
// postcode than its outcode, mistyped ones included, or coordinates.
func mayHoldPostcode(text string) bool {
	if !strings.ContainsFunc(text, unicode.IsDigit) {
		return false
	}
	if decimals.MatchString(text) {
		return true
	}
	fields := strings.Fields(text)
	for i := range fields {
		for n := 1; n <= 2 && i+n <= len(fields); n++ {
			switch gazetteer.ReadPostcode(strings.Join(fields[i:i+n], " ")).Kind {
			case gazetteer.Unit, gazetteer.Impossible, gazetteer.Typing, gazetteer.Sector, gazetteer.Withdrawn:
				return true
			}
		}
		// A word that begins with a digit after an outcode is the rest of a postcode,
		// however it is mistyped.
		if i > 0 && unicode.IsDigit(rune(fields[i][0])) {
			switch gazetteer.ReadPostcode(fields[i-1]).Kind {
			case gazetteer.Outcode, gazetteer.Ambiguous:
				return true
			}
		}
	}
	return false
}
