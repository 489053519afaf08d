package index_test

import (
	"slices"
	"strings"
	"testing"

	"gather/directory"
)

// What takes place somewhere in an area is found from inside it, after what is
// known to be near, and says so.
func TestSomewhereInAnArea(t *testing.T) {
	in := func(title string, area directory.VenueArea, delivery ...string) directory.Details {
		return directory.Details{
			Title: title, Delivery: append([]string{"venue"}, delivery...), Interests: []string{"singing"},
			Venue: &directory.Venue{Area: &area},
		}
	}
	named := in("Town choir", directory.VenueArea{Outcodes: []string{"M33"}})
	named.Venue.Name = "The Old Mill"
	w := newWorld(t,
		in("Somewhere choir", directory.VenueArea{Name: "Trafford"}),
		in("Two cities choir", directory.VenueArea{Districts: []string{"Manchester", "S12000036"}}),
		in("Both choir", directory.VenueArea{Districts: []string{"S12000036"}}, "online"),
		named,
		directory.Details{Title: "Near choir", Delivery: []string{"venue"}, Venue: venue("M33 7DB"), Interests: []string{"singing"}},
		directory.Details{Title: "Online choir", Delivery: []string{"online"}, Interests: []string{"singing"}},
	)
	// As they were written, and in the main segment.
	asked := []struct{ q, want string }{
		{"near=M33+7DB", "Both Near Online Somewhere Town"},
		{"near=M33+7DB&delivery=venue", "Near Somewhere Town"},
		{"near=M33+7DB&delivery=venue&within=0.1", "Near Somewhere Town"},
		{"near=WA15+8QY&delivery=venue&within=1", "Somewhere"},
		{"near=EH6+6JJ&delivery=venue", "Both Two"},
		{"near=Manchester&delivery=venue&within=1", "Two"},
		{"q=choir+in+Trafford&delivery=venue", "Near Somewhere"},
		{"near=LS1+4AP&delivery=venue", ""},
		{"bbox=-3,53,-2,54", "Near"},
		{"delivery=venue", "Both Near Somewhere Town Two"},
		{"q=trafford&words=literal", "Somewhere"},
	}
	for range 2 {
		for _, c := range asked {
			if got := sorted(w.search(c.q)); got != c.want {
				t.Errorf("%s: %q, want %q", c.q, got, c.want)
			}
		}
		if err := w.index.Close(); err != nil {
			t.Fatal(err)
		}
		w.open()
	}
	if got := titles(w.search("near=M33+7DB&q=choir")); !strings.HasPrefix(got, "Near ") || strings.Index(got, "Somewhere") > strings.Index(got, "Online") {
		t.Errorf("order: %s", got)
	}
	if got := titles(w.search("near=M33+7DB&sort=distance")); !strings.HasPrefix(got, "Near ") {
		t.Errorf("by distance: %s", got)
	}
	for _, c := range []struct{ q, title, why, ask string }{
		{"near=M33+7DB", "Somewhere choir", "somewhere in Trafford", "Where does it take place?"},
		{"near=M33+7DB&lang=cy", "Somewhere choir", "rhywle yn ardal Trafford", "Ble mae'n cael ei gynnal?"},
		{"near=EH6+6JJ", "Two cities choir", "somewhere in Manchester or Edinburgh", "Where does it take place?"},
		{"near=M33+7DB", "Town choir", "somewhere in M33", ""},
	} {
		got := item(t, w.search(c.q), c.title)
		asked := slices.Contains(got.Ask, "Where does it take place?") || slices.Contains(got.Ask, "Ble mae'n cael ei gynnal?")
		if !slices.Contains(got.Why, c.why) || asked != (c.ask != "") || asked && got.Ask[0] != c.ask {
			t.Errorf("%s: %s says %q and asks %q, want %q and %q", c.q, c.title, got.Why, got.Ask, c.why, c.ask)
		}
		if got.DistanceMiles != nil || got.Position != nil || got.Venue == nil || got.Venue.Area == "" {
			t.Errorf("%s: %s is at %v, %v miles, in %+v", c.q, c.title, got.Position, got.DistanceMiles, got.Venue)
		}
	}
	f := w.search("near=M33+7DB&facets=delivery,district").Facets
	if f.Delivery[0].ID != "venue" || f.Delivery[0].Count != 3 || len(f.District) != 2 || f.District[0].ID != "E08000009" || f.District[0].Count != 3 {
		t.Errorf("facets: %+v, %+v", f.Delivery, f.District)
	}
}
