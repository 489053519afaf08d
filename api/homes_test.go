package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"gather/directory"
	jsonlines "gather/directory/bulk/gather"
)

// TestAHomesPostcodeIsPublicNowhere publishes what is done at home and by phone
// within some miles of a postcode, and asks for it at every public address: they
// say the sector, and no position within it.
func TestAHomesPostcodeIsPublicNowhere(t *testing.T) {
	const postcode, sector = "M33 7DB", "M33 7"
	s := newSite(t)
	unit := must(s.deps.Places.Postcode(postcode))(t)
	middle := must(s.deps.Places.Sector(postcode))(t)
	if unit.Precision != directory.PrecisionUnit || middle.Precision != directory.PrecisionSector || unit.Position == middle.Position {
		t.Fatalf("%s is at %+v in %+v: nothing can be proved with it", postcode, unit, middle)
	}
	group := s.trusted("Zephyr Visitors")
	listing := `{"title":"Zephyr visits %s","summary":"Somebody comes for tea.","interests":["befriending"],"delivery":["%s"],"cost":{"kind":"free"},
		"catchment":{"radius_miles":5,"around":"m337db"},"schedule":{"repeats":[{"every":"week","days":["wed"],"start":"10:00","end":"11:00"}]}}`
	one, _ := s.publish(group.Key, fmt.Sprintf(listing, "at home", "home"))
	s.publish(group.Key, fmt.Sprintf(listing, "by phone", "phone"))
	s.catchUp()

	told := func(body string) string {
		for _, exact := range []string{postcode, "M337DB", "M33+7DB", "M33%207DB", fmt.Sprintf("%.4f", unit.Lat), fmt.Sprintf("%.4f", unit.Lon)} {
			if strings.Contains(strings.ToUpper(body), exact) {
				return exact
			}
		}
		return ""
	}
	at := "/v1/activities/" + one.ID
	paths := []string{
		"/v1/activities?q=zephyr", "/v1/activities?near=M33&sort=distance&q=zephyr", "/v1/suggest?q=zephyr", at, at + ".ics", at + ".csv", at + ".jsonld",
		"/activities/" + one.ID, "/v1/groups/" + group.Group.ID + "/activities", "/groups/" + group.Group.ID, "/oruk/v3/services", "/oruk/v3/services/" + one.ID,
		"/oruk/v3/service_at_locations", "/openactive/session-series", "/openactive/scheduled-sessions",
	}
	for _, form := range []string{"ics", "csv", "geojson", "jsonld", "atom"} {
		paths = append(paths, "/v1/activities."+form, "/v1/activities."+form+"?q=zephyr", "/v1/groups/"+group.Group.ID+"/activities."+form)
	}
	shown := 0
	for _, path := range paths {
		r := s.get(path)
		if r.status != http.StatusOK {
			t.Errorf("%s: %d %s", path, r.status, r.body)
		}
		if strings.Contains(strings.ToLower(string(r.body)), "zephyr visit") {
			shown++
		}
		if exact := told(string(r.body)); exact != "" {
			t.Errorf("%s says %s", path, exact)
		}
	}
	if shown < 20 {
		t.Errorf("only %d of %d addresses show the listings", shown, len(paths))
	}
	for _, path := range []string{at, "/oruk/v3/services/" + one.ID} {
		if body := s.get(path).body; !strings.Contains(string(body), sector) {
			t.Errorf("%s does not say %s: %s", path, sector, body)
		}
	}
	var have directory.Activity
	if s.get(at).into(&have); have.Located == nil || have.Located.Position != middle.Position {
		t.Errorf("it is located at %+v, not in the middle of its sector", have.Located)
	}

	var exported bytes.Buffer
	must(jsonlines.Export(t.Context(), s.deps.Directory, &exported))(t)
	if exact := told(exported.String()); exact != "" || !strings.Contains(exported.String(), `"`+sector+`"`) {
		t.Errorf("the export says %q: %s", exact, &exported)
	}
	for _, p := range must(s.deps.Directory.PublicHistory(t.Context(), one.ID, 0, 10))(t) {
		if exact := told(string(must(json.Marshal(p.Activity))(t))); exact != "" {
			t.Errorf("revision %d says %s", p.Rev, exact)
		}
	}

	// Those who may write it need all of it.
	if body := string(s.get(at, key(group.Key)).body); !strings.Contains(body, postcode) {
		t.Errorf("its group is shown %s", body)
	}
}
