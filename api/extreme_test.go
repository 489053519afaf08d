package api_test

import (
	"net/http"
	"strings"
	"testing"
)

// Dates at the ends of the calendar are refused or answered, and are never a
// fault of ours.
func TestExtremeYearsAreNoFaultOfOurs(t *testing.T) {
	s := newSite(t)
	g := s.trusted("Northgate Friends")
	var ids []string
	for _, date := range []string{"0000-01-01", "0001-01-01", "9999-12-31", "9999-12-30", "10000-01-01", "-001-01-01", "99999-01-01"} {
		for _, schedule := range []string{
			`{"dates":[{"date":"` + date + `","start":"23:30","end":"01:00"}]}`,
			`{"repeats":[{"every":"week","days":["tue"],"start":"23:00","end":"01:00","from":"` + date + `"}]}`,
			`{"repeats":[{"every":"week","days":["tue"],"start":"23:00","until":"` + date + `"}]}`,
			`{"repeats":[{"every":"month","days":["tue"],"nth":[1],"start":"23:00","from":"` + date + `","until":"` + date + `"}],"pauses":[{"from":"` + date + `","until":"` + date + `"}],"except":["` + date + `"]}`,
		} {
			r := s.do("POST", "/v1/activities", `{"title":"Long ago","delivery":["phone"],"interests":["walking"],"schedule":`+schedule+`}`, key(g.Key))
			if r.status >= 500 {
				t.Errorf("%s: %d %s", schedule, r.status, r.body)
			}
			if r.status == http.StatusCreated {
				var a struct{ ID string }
				r.into(&a)
				ids = append(ids, a.ID)
			}
		}
		until := `"` + date + `T23:59:59-12:00"`
		if r := s.do("POST", "/v1/keys", `{"label":"x","role":"admin","expires":`+until+`}`, key(s.admin)); r.status >= 500 {
			t.Errorf("expires %s: %d", until, r.status)
		}
		for _, at := range []string{"/v1/activities?from=%s", "/v1/activities?to=%s&from=%[1]s", "/v1/activities/{id}/sessions?from=%s", "/v1/activities/{id}/sessions?from=%sT23:59:59-12:00", "/v1/activities/{id}/sessions?to=%s", "/v1/activities/{id}/sessions/%sT23:00",
			"/oruk/v3/services?modified_after=%s", "/oruk/v3/services?modified_after=%sT23:59:59-12:00"} {
			for _, id := range append(ids, nobody) {
				path := strings.NewReplacer("{id}", id, "%s", date, "%[1]s", date).Replace(at)
				if r := s.get(path); r.status >= 500 {
					t.Errorf("%s: %d %s", path, r.status, r.body)
				}
			}
		}
	}
	s.catchUp()
	forms := []string{"", ".ics", ".jsonld", ".atom", ".csv", ".geojson", "/sessions"}
	for _, id := range ids {
		for _, form := range forms {
			if r := s.get("/v1/activities/" + id + form); r.status >= 500 {
				t.Errorf("%s%s: %d", id, form, r.status)
			}
		}
		s.get("/oruk/v3/services/" + id).is(http.StatusOK)
		s.get("/activities/" + id).is(http.StatusOK)
	}
	for _, form := range forms[:6] {
		if r := s.get("/v1/activities" + form); r.status >= 500 {
			t.Errorf("%s: %d", form, r.status)
		}
	}
	if r := s.do("POST", "/v1/activities/search", `{"q":"\ud800"}`); r.status != http.StatusBadRequest || r.kind() != "malformed" {
		t.Errorf("half a character: %d %s", r.status, r.body)
	}
	if strings.Contains(s.log.String(), `"level":"ERROR"`) {
		t.Errorf("the log has faults of ours:\n%s", s.log)
	}
}
