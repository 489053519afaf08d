package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"gather/directory"
)

// TestASuspendedGroupIsPublicNowhere suspends a group with more listings than
// one transaction holds, and asks for it at every public address before its
// listings' records follow, and again when they do.
func TestASuspendedGroupIsPublicNowhere(t *testing.T) {
	const many = directory.MaxWrites + 2
	s := newSite(t)
	other := s.trusted("Northgate Friends")
	s.publish(other.Key, yoga)
	group := s.trusted("Zephyr Walkers").Group
	root := directory.Principal{Key: "test", Role: directory.RoleAdmin}
	var one string
	for i := 0; i < many; i += many / 3 {
		var ls []directory.Listing
		for n := range many / 3 {
			ls = append(ls, directory.Listing{Details: directory.Details{
				Title: fmt.Sprintf("Zephyr walk %d", i+n), Interests: []string{"walking"}, Delivery: []string{"venue"}, Cost: &directory.Cost{Kind: "free"},
				Venue:    &directory.Venue{Name: "The gate", Address: directory.Address{Street: "1 High Street", Town: "Sale", Postcode: "M33 7DB"}},
				Schedule: &directory.Schedule{Repeats: []directory.Repeat{{Every: "week", Days: []string{"wed"}, Start: "10:00", End: "11:00"}}},
				Source:   &directory.Source{Name: "test", ID: fmt.Sprint(i + n)},
			}})
		}
		done := must(s.deps.Directory.Import(t.Context(), root, group.ID, ls, false))(t)
		one = done[0].ID
	}
	s.catchUp()

	at := "/v1/activities/" + one
	paths := []string{
		"/v1/activities?q=zephyr", "/v1/activities?near=M33+7DB&sort=distance", "/v1/activities?group=" + group.ID,
		"/v1/suggest?q=zephyr", at, at + "/sessions", at + ".ics", at + ".csv", at + ".jsonld", "/activities/" + one,
		"/v1/groups/" + group.ID, "/v1/groups/" + group.ID + "/activities", "/groups/" + group.ID,
		"/oruk/v3/services", "/oruk/v3/services?search=zephyr", "/oruk/v3/services/" + one, "/oruk/v3/service_at_locations", "/oruk/v3/organizations",
		"/oruk/v3/organizations/" + group.ID, "/openactive/session-series", "/openactive/scheduled-sessions", "/sitemap.xml",
	}
	for _, form := range []string{"ics", "csv", "geojson", "jsonld", "atom"} {
		paths = append(paths, "/v1/activities."+form, "/v1/activities."+form+"?q=zephyr", "/v1/groups/"+group.ID+"/activities."+form)
	}
	shown := func(path string) bool {
		r := s.get(path)
		body := strings.ToLower(string(r.body))
		switch {
		case r.status >= 500:
			t.Errorf("%s: %d %s", path, r.status, r.body)
		case path == "/sitemap.xml":
			return strings.Contains(body, one) || strings.Contains(body, group.ID)
		case path == at+"/sessions":
			return r.status == http.StatusOK
		case path == "/openactive/scheduled-sessions":
			return strings.Contains(body, `"state":"updated"`)
		}
		// An answer that finds nothing says what it looked for.
		return r.status == http.StatusOK && (strings.Contains(body, "zephyr walk") || strings.Contains(body, `"text":"zephyr`))
	}
	for _, path := range paths {
		if !shown(path) {
			t.Errorf("%s does not show the group's listings at first", path)
		}
	}
	status := "/v1/groups/" + group.ID + "/status"
	s.do("PUT", status, `{"status":"suspended"}`, key(s.admin), ifMatch("*")).is(http.StatusOK)
	s.catchUp()
	hidden := func(when string) {
		t.Helper()
		if body := s.get("/oruk/v3/services").body; !strings.Contains(string(body), `"total_items":1,`) {
			t.Errorf("%s: services are counted: %.200s", when, body)
		}
		for _, path := range paths {
			if shown(path) {
				t.Errorf("%s: %s shows a suspended group", when, path)
			}
		}
	}
	left := 0
	for _, r := range must(s.store.Find(t.Context(), directory.KindActivity, "group", group.ID, "", directory.MaxWrites))(t) {
		if a := must(directory.ReadActivity(r))(t); a.Published() {
			left++
		}
	}
	if left == 0 {
		t.Error("all records follow their group already: nothing is proved of those that do not")
	}
	hidden("suspended")
	check(t, s.deps.Directory.FinishCascades(t.Context()))
	s.catchUp()
	hidden("followed")

	s.do("PUT", status, `{"status":"trusted"}`, key(s.admin), ifMatch("*")).is(http.StatusOK)
	check(t, s.deps.Directory.FinishCascades(t.Context()))
	s.catchUp()
	for _, path := range paths {
		if !shown(path) {
			t.Errorf("%s does not show the group's listings when it is trusted again", path)
		}
	}
}
