package gazetteer_test

import (
	"slices"
	"testing"

	"gather/directory/gazetteer"
)

func TestNamed(t *testing.T) {
	g, err := gazetteer.Open("")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		text       string
		own, known bool
	}{
		{"Todmorden", true, true},
		{"hebden  bridge", true, true},
		{"St. Ives", true, true},
		{"Hull", false, true}, // Kingston upon Hull
		{"Trafford", true, true},
		{"Orkney", false, true}, // the Orkney Islands
		{"Todmordn", false, false},
		{"M33", false, false},
		{"", false, false},
	} {
		if own, known := g.Named(c.text); own != c.own || known != c.known {
			t.Errorf("%q: own %v and known %v, want %v and %v", c.text, own, known, c.own, c.known)
		}
	}
}

func TestNeighbourhoods(t *testing.T) {
	g, err := gazetteer.Open("")
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if got := g.Neighbourhoods("M33"); !slices.Contains(got, "Sale") || len(got) > 6 {
			t.Errorf("M33 is %q", got)
		}
	}
	if got := g.Neighbourhoods("ZZ99"); got != nil {
		t.Errorf("an outcode that is none is %q", got)
	}
}
