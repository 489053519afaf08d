package match

import (
	"testing"
)

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b     string
		distance int
	}{
		{"", "", 0}, {"a", "", 1}, {"tea", "tea", 0}, {"tea", "eta", 1}, {"friends", "freinds", 1}, {"badminton", "badmingtno", 2},
		{"côr", "cor", 1}, {"abcd", "badc", 2}, {"knitting", "kitten", 3},
	} {
		if got := distance([]rune(c.a), []rune(c.b)); got != c.distance {
			t.Errorf("%q and %q are %d apart, want %d", c.a, c.b, got, c.distance)
		}
		if got := oneSlip(c.a, c.b); got != (c.distance <= 1) {
			t.Errorf("%q and %q: one slip is %v", c.a, c.b, got)
		}
	}
}
