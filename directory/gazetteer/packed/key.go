package packed

import "strings"

// InwardLetters are the twenty letters allowed as the last two characters of a
// postcode: C I K M O V are easily misread in handwriting.
const InwardLetters = "ABDEFGHJLNPQRSTUWXYZ"

const (
	lettersSquared = len(InwardLetters) * len(InwardLetters) // unit codes in one sector
	sectorsEach    = 10                                      // sectors in one outcode
	outcodeBase    = 37                                      // blank, ten digits, twenty-six letters
	outcodePlaces  = 4
)

// Key is one unit postcode as a number. Keys sort like the text of postcodes, so
// the units of a sector, an outcode and an area are contiguous.
type Key uint64

// ParseKey parses a full postcode in capitals with one space ("M33 7DB"). It
// checks only what the number needs: an outcode of two to four letters and
// digits, and an inward half of a digit and two InwardLetters.
func ParseKey(postcode string) (Key, bool) {
	outcode, inward, ok := strings.Cut(postcode, " ")
	if !ok || len(inward) != 3 || inward[0] < '0' || inward[0] > '9' {
		return 0, false
	}
	first, second := strings.IndexByte(InwardLetters, inward[1]), strings.IndexByte(InwardLetters, inward[2])
	if first < 0 || second < 0 || len(outcode) < 2 || len(outcode) > outcodePlaces {
		return 0, false
	}
	number := 0
	for i := range outcodePlaces {
		number *= outcodeBase
		if i >= len(outcode) {
			continue
		}
		switch c := outcode[i]; {
		case c >= '0' && c <= '9' && i > 0:
			number += int(c-'0') + 1
		case c >= 'A' && c <= 'Z':
			number += int(c-'A') + 11
		default:
			return 0, false
		}
	}
	return Key((number*sectorsEach+int(inward[0]-'0'))*lettersSquared + first*len(InwardLetters) + second), true
}

// Outcode returns the outward half of the postcode, "M33".
func (k Key) Outcode() string {
	number := int(k) / lettersSquared / sectorsEach
	var text [outcodePlaces]byte
	n := 0
	for i := outcodePlaces - 1; i >= 0; i-- {
		switch c := number % outcodeBase; {
		case c > 10:
			text[i], n = byte(c-11)+'A', max(n, i+1)
		case c > 0:
			text[i], n = byte(c-1)+'0', max(n, i+1)
		}
		number /= outcodeBase
	}
	return string(text[:n])
}

// Digit returns the digit that names the postcode's sector, '7' in "M33 7DB".
func (k Key) Digit() byte { return byte(int(k)/lettersSquared%sectorsEach) + '0' }

// unit returns the index of the last two letters among a sector's 400.
func (k Key) unit() int { return int(k) % lettersSquared }

// String returns the postcode in capitals with one space.
func (k Key) String() string {
	u := k.unit()
	return k.Outcode() + " " + string([]byte{k.Digit(), InwardLetters[u/len(InwardLetters)], InwardLetters[u%len(InwardLetters)]})
}

// Area returns the leading letters of an outcode, "M" of "M33".
func Area(outcode string) string {
	for i := range len(outcode) {
		if outcode[i] >= '0' && outcode[i] <= '9' {
			return outcode[:i]
		}
	}
	return outcode
}
