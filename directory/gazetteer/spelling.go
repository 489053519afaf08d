package gazetteer

import "slices"

// guessable is the fewest bytes of a name whose spelling is corrected: a slip in
// a shorter one is as likely another name.
const guessable = 5

// like returns the entries one of whose names is one slip from name, largest
// first.
func (x *nameIndex) like(name string) []int {
	if len(name) < guessable {
		return nil
	}
	var out []int
	for _, k := range x.keys {
		if oneSlip(k.text, name) {
			out = append(out, k.entry)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// oneSlip reports whether one letter added, left out, changed or swapped with
// its neighbour makes a into b. It compares bytes: folded names are nearly all
// ASCII.
func oneSlip(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) < len(b) {
		return a[i:] == b[i+1:]
	}
	if i == len(a) || a[i+1:] == b[i+1:] {
		return true
	}
	return i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}
