package api_test

import (
	"net/http"
	"strings"
	"testing"
)

// What takes place somewhere in an area says so at every public address, and has a
// position at none.
func TestAnAreaIsShownAsWhatItIs(t *testing.T) {
	s := newSite(t)
	group := s.trusted("Zephyr Singers")
	one, _ := s.publish(group.Key, `{"title":"Zephyr choir","interests":["singing"],"delivery":["venue"],"cost":{"kind":"free"},
		"venue":{"address":{},"area":{"districts":["Bristol"]}},"schedule":{"repeats":[{"every":"week","days":["wed"],"start":"10:00","end":"11:00"}]}}`)
	s.catchUp()
	at := "/v1/activities/" + one.ID
	for _, c := range []struct{ path, says string }{
		{at, `"area":{"name":"Bristol","districts":["E06000023"]}`},
		{"/v1/activities?near=BS5+9AA&q=zephyr", `"somewhere in Bristol"`},
		{"/v1/activities?near=BS5+9AA&q=zephyr&lang=cy", `"rhywle yn ardal Bristol"`},
		{"/v1/activities?near=BS5+9AA&facets=all", `"district":[{"id":"E06000023","label":"Bristol, City of","count":1}]`},
		{at + ".ics", "LOCATION:Somewhere in Bristol"},
		{at + ".csv", ",Bristol\r\n"},
		{at + ".jsonld", `"containedInPlace":{"@type":"AdministrativeArea","name":"Bristol"}`},
		{"/v1/activities.geojson", `"geometry":null`},
		{"/v1/activities.geojson", `"area":"Bristol"`},
		{"/v1/activities.atom", "Zephyr choir"},
		{"/?q=zephyr", "somewhere in Bristol"},
		{"/activities/" + one.ID, "Somewhere in Bristol"},
		{"/groups/" + group.Group.ID, "Somewhere in Bristol"},
		{"/oruk/v3/services/" + one.ID, `"uri":"http://statistics.data.gov.uk/id/statistical-geography/E06000023"`},
		{"/oruk/v3/services/" + one.ID, "The place is not stated: it is somewhere in Bristol."},
		{"/oruk/v3/service_at_locations", "somewhere in Bristol"},
		{"/openactive/session-series", `"items":[]`}, // the standard demands an address or a position
	} {
		r := s.get(c.path)
		body := string(r.body)
		if r.status != http.StatusOK || !strings.Contains(body, c.says) {
			t.Errorf("%s does not say %s: %d %s", c.path, c.says, r.status, body)
		}
		body, _, _ = strings.Cut(body, `"trust":`) // what follows in a search is where it was asked from
		for _, position := range []string{`"lat`, `"geo"`, "GEO:", `"position"`, `"located"`, "distance_miles"} {
			if strings.Contains(body, position) {
				t.Errorf("%s has a position, %s: %s", c.path, position, body)
			}
		}
	}
}
