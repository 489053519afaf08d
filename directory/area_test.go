package directory_test

import (
	"encoding/json"
	"testing"

	"gather/directory"
)

// Where only the area is known, a listing says so, is named, and has no position.
func TestVenueArea(t *testing.T) {
	d := rules(t)
	listing := func(rest string) string {
		return `{"title":"Choir","delivery":["venue"],"venue":{` + rest + `}}`
	}
	for _, c := range []struct{ name, json, faults, area string }{
		{"a code", listing(`"address":{},"area":{"districts":["E06000023"]}`), "", `{"name":"Bristol","districts":["E06000023"]}`},
		{"the name of a district for its code", listing(`"address":{},"area":{"districts":[" bristol "]}`), "", `{"name":"Bristol","districts":["E06000023"]}`},
		{"only a name", listing(`"address":{},"area":{"name":"Bristol"}`), "", `{"name":"Bristol","districts":["E06000023"]}`},
		{"a county", listing(`"address":{},"area":{"name":"South Yorkshire"}`), "", `{"name":"South Yorkshire","districts":["E08000017","E08000018","E08000038","E08000039"]}`},
		{"outcodes", listing(`"address":{},"area":{"outcodes":["bs5"," bs16 "]}`), "", `{"name":"BS5 or BS16","outcodes":["BS5","BS16"]}`},
		{"several", listing(`"address":{},"area":{"districts":["E06000023","E06000022"],"outcodes":["BS5","BS6"]}`), "",
			`{"name":"Bristol, Bath and North East Somerset, BS5 or elsewhere","districts":["E06000023","E06000022"],"outcodes":["BS5","BS6"]}`},
		{"a name of its own", listing(`"address":{},"area":{"name":"the Chew Valley","districts":["E06000022"]}`), "", `{"name":"the Chew Valley","districts":["E06000022"]}`},
		{"an address without a postcode", listing(`"name":"The Old Mill","address":{"street":"Mill Lane","town":"Bristol"},"area":{"outcodes":["BS5"]}`), "", `{"name":"BS5","outcodes":["BS5"]}`},
		{"Northern Ireland by outcode", listing(`"address":{},"area":{"outcodes":["BT1"]}`), "", `{"name":"BT1","outcodes":["BT1"]}`},
		{"nothing", listing(`"address":{},"area":{}`), "venue.area", ""},
		{"a postcode too", listing(`"address":{"postcode":"BS5 9AA"},"area":{"name":"Bristol"}`), "venue.area", ""},
		{"a position too", listing(`"address":{},"position":{"lat":51.46,"lon":-2.55},"area":{"name":"Bristol"}`), "venue.area", ""},
		{"no such place", listing(`"address":{},"area":{"name":"Atlantis-upon-Sea"}`), "venue.area.name", ""},
		{"a name of several places", listing(`"address":{},"area":{"name":"Hale"}`), "venue.area.name", ""},
		{"a postcode for an area", listing(`"address":{},"area":{"name":"BS5 9AA"}`), "venue.area.name", ""},
		{"too wide", listing(`"address":{},"area":{"name":"England"}`), "venue.area.districts", ""},
		{"no such codes", listing(`"address":{},"area":{"districts":["E99999999","Hale"],"outcodes":["ZZ99"]}`), "venue.area.districts[0] venue.area.districts[1] venue.area.outcodes[0]", ""},
		{"twice", listing(`"address":{},"area":{"districts":["E06000023","Bristol"]}`), "venue.area.districts[1]", ""},
		{"a radius around it", `{"title":"Choir","delivery":["venue"],"venue":{"address":{},"area":{"name":"Bristol"}},"catchment":{"radius_miles":3}}`, "catchment.around", ""},
		{"an area, but online", `{"title":"Choir","delivery":["online"],"venue":{"address":{},"area":{"name":"Bristol"}}}`, "venue", ""},
		{"a field that is not one", listing(`"address":{},"area":{"district":["E06000023"]}`), "venue.area.district", ""},
	} {
		var details directory.Details
		err := directory.Decode([]byte(c.json), &details)
		if err == nil {
			err = d.CheckDetails(&details)
		}
		if got := fieldsOf(err); got != c.faults {
			t.Errorf("%s: faults %q, want %q (%v)", c.name, got, c.faults, err)
			continue
		}
		if c.area == "" {
			continue
		}
		got, err := json.Marshal(details.Venue.Area)
		if err != nil || string(got) != c.area {
			t.Errorf("%s: %s, %v, want %s", c.name, got, err, c.area)
		}
	}
}
