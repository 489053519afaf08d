package gazetteer

import (
	"fmt"

	"gather/directory"
)

// unshipped are the postcode areas that the embedded data leave out, with where
// they are: Northern Ireland's have a separate licence, and the Crown
// dependencies' have no position in the official files.
var unshipped = map[string]string{
	"BT": "Northern Ireland",
	"GY": "Guernsey",
	"JE": "Jersey",
	"IM": "the Isle of Man",
}

// refusal returns the error for a reading that is not part of a possible
// postcode.
func refusal(text string, r Reading) *directory.NoPlace {
	switch r.Kind {
	case Placeless:
		return &directory.NoPlace{
			Why:    directory.NoPosition,
			Detail: r.Postcode + " is a valid postcode that has no location.",
			Fix:    "Give the postcode of a street, or the name of a town.",
		}
	case Withdrawn:
		return &directory.NoPlace{
			Why:    directory.NoSuchPlace,
			Detail: r.Postcode + " is an old Newport postcode that is no longer used.",
			Fix:    "Give the postcode that replaced it, which begins with NP.",
		}
	case Impossible:
		return &directory.NoPlace{
			Why:    directory.NotAPlace,
			Detail: fmt.Sprintf("No postcode ends in %s: the letters C, I, K, M, O and V are not used there.", r.Postcode[len(r.Postcode)-3:]),
			Fix:    "Check the last two letters.",
		}
	case PostcodeArea:
		return &directory.NoPlace{
			Why:    directory.TooWide,
			Detail: r.Area + " is a whole postcode area, too wide to search around.",
			Fix:    "Add the number, such as " + r.Area + "1, or name a town.",
		}
	}
	return &directory.NoPlace{
		Why:    directory.NotAPlace,
		Detail: fmt.Sprintf("%q is not a postcode.", directory.Quote(text)),
		Fix:    "Give a postcode such as M33 7DB.",
	}
}

// unknown returns the error for a well-formed postcode that is not found.
func (g *Gazetteer) unknown(r Reading, what string) *directory.NoPlace {
	if where, ok := unshipped[r.Area]; ok && !g.holdsArea(r.Area) {
		return &directory.NoPlace{
			Why:    directory.NeedsImport,
			Detail: "The postcodes of " + where + " are not part of the program.",
			Fix:    "Name a town, or ask whoever runs this directory to import them.",
		}
	}
	return &directory.NoPlace{
		Why:    directory.NoSuchPlace,
		Detail: "There is no " + what + ".",
		Fix:    "Check the postcode, or name a town.",
	}
}

// holdsArea reports whether any layer has postcodes of an area.
func (g *Gazetteer) holdsArea(area string) bool {
	for _, l := range g.layers {
		if l.HasArea(area) {
			return true
		}
	}
	return false
}

// unshippedArea reports whether an area is one of unshipped and no layer holds
// its postcodes.
func (g *Gazetteer) unshippedArea(area string) bool {
	_, left := unshipped[area]
	return left && !g.holdsArea(area)
}
