package segment

import (
	"math/rand/v2"
	"testing"

	"gather/directory"
)

// The quick measure of a catchment decides as the exact one does, near its rim
// too.
func TestCatchmentsCoverWhatIsWithinTheirRadius(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	inside := 0
	for range 200_000 {
		centre := directory.Position{Lat: 49 + 12*r.Float64(), Lon: -9 + 11*r.Float64()}
		k := catchment{codes: []string{TermRadius}, centre: centre, radius: 0.1 + 60*r.Float64()}
		reach := k.radius / 69 * 1.3
		at := directory.Position{Lat: centre.Lat + reach*(2*r.Float64()-1), Lon: centre.Lon + 2*reach*(2*r.Float64()-1)}
		want := centre.Miles(at) <= k.radius
		if got := k.Covers(at, nil); got != want {
			t.Fatalf("%v within %v miles of %v: %v, want %v", at, k.radius, centre, got, want)
		}
		if want {
			inside++
		}
	}
	if inside < 20_000 {
		t.Errorf("only %d lie inside", inside)
	}
}
