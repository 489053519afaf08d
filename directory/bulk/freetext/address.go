package freetext

import (
	"regexp"
	"strings"
	"unicode"

	"gather/directory"
)

// streetWord matches a part of an address that names a street and not a building.
var streetWord = regexp.MustCompile(`(?i)\b(road|rd|street|st|lane|ln|avenue|ave|drive|close|way|crescent|grove|place|square|terrace|gardens|row|hill|brow|view|court|walk|mews|parade|precinct|fold|gate|green|bank|boulevard|approach|drive|heol|ffordd|stryd)\.?$`)

// longestPart is the most bytes in a part of an address; anything longer is a
// remark.
const longestPart = 50

// SplitAddress splits an address in free text into the name of a building, the
// address, with a postcode at its end if there is one, and a remark.
func SplitAddress(places directory.Gazetteer, text, title string) (name string, a directory.Address, note string) {
	var parts []string
	for _, p := range strings.FieldsFunc(plain(Stated(text)), func(r rune) bool { return r == ',' || r == '\n' }) {
		p = strings.Trim(OneSpace(p), " .")
		switch {
		case len(p) > longestPart, note != "" && p != "" && unicode.IsLower(rune(p[0])):
			note = strings.Trim(note+", "+p, ", ")
		case p != "":
			parts = append(parts, p)
		}
	}
	if n := len(parts); n > 0 {
		if loc, err := places.Postcode(parts[n-1]); err == nil {
			a.Postcode, parts = loc.Postcode, parts[:n-1]
		}
	}
	if len(parts) > 1 && strings.EqualFold(parts[0], title) {
		name, parts = parts[0], parts[1:]
	}
	if len(parts) > 1 && name == "" && !strings.ContainsAny(parts[0][:1], "0123456789") && !streetWord.MatchString(parts[0]) {
		name, parts = parts[0], parts[1:]
	}
	switch n := len(parts); {
	case n == 1 && streetWord.MatchString(parts[0]):
		a.Street = parts[0]
	case n == 1:
		a.Town = parts[0]
	case n > 1:
		a.Street, a.Town = strings.Join(parts[:n-1], ", "), parts[n-1]
	}
	return name, a, note
}
