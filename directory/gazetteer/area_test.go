package gazetteer_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"gather/directory"
	"gather/directory/gazetteer"
)

func TestVenueArea(t *testing.T) {
	g, err := gazetteer.Open("")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		in, name     string
		districts    int
		holds, lacks string // codes
	}{
		{"Bristol", "Bristol", 1, "E06000023", ""},
		{" bristol ", "Bristol", 1, "E06000023", ""},
		{"Bristol, City of", "Bristol", 1, "E06000023", ""},
		{"e06000023", "Bristol", 1, "E06000023", ""},
		{"City of Bristol", "Bristol", 1, "E06000023", ""},
		{"Kingston upon Hull", "Kingston upon Hull", 1, "E06000010", ""},
		{"Greater Manchester", "Greater Manchester", 10, "E08000009", "E08000011"},
		{"Kent", "Kent", 13, "E07000106", ""},
		{"wales", "Wales", 22, "W06000015", "E06000023"},
		{"Scotland", "Scotland", 32, "S12000036", ""},
		{"bs5", "BS5", 0, "BS5", "BS6"},
		{"E1", "E1", 0, "E1", ""},
		{"M11", "M11", 0, "M11", "M1"},
		{"Poole", "Poole", 0, "BH15", "P0"},
		{"Shrewsbury", "Shrewsbury", 0, "SY1", "SY4"},
		{"Hale, Trafford", "Hale", 0, "WA15", ""},
	} {
		a, err := g.Area(c.in)
		if err != nil {
			t.Errorf("Area(%q): %v", c.in, err)
			continue
		}
		codes := slices.Concat(a.Districts, a.Outcodes)
		if a.Name != c.name || len(a.Districts) != c.districts || !slices.Contains(codes, c.holds) || slices.Contains(codes, c.lacks) {
			t.Errorf("Area(%q) = %+v, want %q of %d districts with %s and without %q", c.in, a, c.name, c.districts, c.holds, c.lacks)
		}
	}
	for _, c := range []struct {
		in     string
		why    directory.NoPlaceReason
		detail string
	}{
		{"", directory.NotAPlace, ""},
		{"BS5 9AA", directory.NotAPlace, "finer"},
		{"BS5 9", directory.NotAPlace, "finer"},
		{"ZZ99", directory.NoSuchPlace, ""},
		{"Hale", directory.NoSuchPlace, "Several places"},
		{"Atlantis-upon-Sea", directory.NoSuchPlace, ""},
		{"E06999999", directory.NoSuchPlace, ""},
		{strings.Repeat("Bristol ", 100), directory.NoSuchPlace, ""},
		{"\xff", directory.NotAPlace, ""},
	} {
		a, err := g.Area(c.in)
		var no *directory.NoPlace
		if !errors.As(err, &no) || no.Why != c.why || !strings.Contains(no.Detail, c.detail) || no.Fix == "" {
			t.Errorf("Area(%.20q) = %+v, %v, want %s", c.in, a, err, c.why)
		}
	}
}
