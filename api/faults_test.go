package api_test

import (
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"gather/directory"
)

func TestFaultsOfFormAndOfRulesAreNamedTogether(t *testing.T) {
	s := newSite(t)
	g := s.trusted("Northgate Friends")
	a, made := s.publish(g.Key, yoga)
	at := "/v1/activities/" + a.ID
	listing := func(fields string) string {
		return `{"title":"Yoga","delivery":["venue"],"venue":{"address":{"postcode":"M33 7DB"}}` + fields + `}`
	}
	for _, row := range []struct{ name, body, faults string }{
		{"an unknown field and a price", listing(`,"colour":"red","cost":{"kind":"fixed","pounds":-1}`), "colour cost.pounds"},
		{"a number for a text, an access answer", listing(`,"summary":5,"access":{"step-free":{"answer":"maybe"}}`), "summary access.step-free.answer"},
		{"a field twice, a date", listing(`,"website":"https://a.example","website":"https://b.example","schedule":{"dates":[{"date":"2026-02-30","start":"10:00"}]}`), "website schedule.dates[0].date"},
		// What is there only because of the form is not said.
		{"a delivery that is no list", `{"title":"Yoga","delivery":"venue","venue":{"address":{"postcode":"GIR 0AA"}},"online":{}}`, "delivery venue.address.postcode"},
		{"a title that is a number", `{"title":1,"delivery":["phone"],"languages":["xx"]}`, "title languages[0]"},
		{"a venue that is a list", `{"title":"Yoga","delivery":["venue"],"venue":[],"languages":["xx"]}`, "venue languages[0]"},
		{"a kind of cost that is a number", listing(`,"cost":{"kind":1,"pounds":-1,"per":"moon"}`), "cost.kind cost.per"},
		{"a telephone number that is a number", listing(`,"contacts":[{"phone":1},{"email":"x"}]`), "contacts[0].phone contacts[1].email"},
		{"a radius that is a text", listing(`,"catchment":{"radius_miles":"3","around":"GIR 0AA"}`), "catchment.radius_miles"},
		{"something strange in a venue that should not be", `{"title":"Yoga","delivery":["phone"],"venue":{"colour":1,"address":{"postcode":"M33 7DB"}}}`, "venue.colour venue"},
		// What is not one whole object is held to no rules.
		{"two objects", `{"title":1} {}`, ""},
	} {
		for _, ask := range []struct{ method, at, match string }{{"POST", "/v1/activities", ""}, {"PUT", at, made.etag()}} {
			var options []option
			if ask.match != "" {
				options = append(options, ifMatch(ask.match))
			}
			r := s.do(ask.method, ask.at, row.body, append(options, key(g.Key))...)
			if r.status != http.StatusBadRequest || r.kind() != "malformed" {
				t.Errorf("%s: %s %d %s", row.name, ask.method, r.status, r.kind())
			}
			if got := r.faults(); got != row.faults && row.faults != "" {
				t.Errorf("%s: %s faults %q, want %q: %s", row.name, ask.method, got, row.faults, r.body)
			}
			fields := strings.Fields(r.faults())
			if slices.Sort(fields); len(slices.Compact(fields)) != len(r.problem().Errors) && row.faults != "" {
				t.Errorf("%s: %s says it twice: %s", row.name, ask.method, r.body)
			}
		}
	}
	for _, row := range []struct{ patch, faults string }{
		{`{"colour":"red","title":""}`, "colour title"},
		{`{"summary":"a","summary":"b","colour":"red","cost":{"kind":"fixed","pounds":-1}}`, "summary colour cost.pounds"},
		{`{"delivery":"phone"}`, "delivery"},
		{`{"title":null,"colour":1`, ""},
	} {
		r := s.do("PATCH", at, row.patch, key(g.Key), ifMatch(made.etag())).is(http.StatusBadRequest)
		if got := r.faults(); got != row.faults || r.kind() != "malformed" {
			t.Errorf("patch %s: %s, faults %q, want %q", row.patch, r.kind(), got, row.faults)
		}
	}
	s.get(at, key(g.Key), header("If-None-Match", made.etag())).is(http.StatusNotModified)
}

func TestAPlaceThatIsNoneIsOneProblem(t *testing.T) {
	s := newSite(t)
	fault := func(r reply) directory.Fault {
		t.Helper()
		p := r.is(http.StatusBadRequest).problem()
		i := slices.IndexFunc(p.Errors, func(f directory.Fault) bool { return f.Field == "near" })
		if i < 0 || p.Type != "/problems/parameters" {
			t.Fatalf("%s: %s", r.what, r.body)
		}
		return p.Errors[i]
	}
	for _, place := range []string{"Nowhereville", "GIR 0AA", "Manchestre", "BT1 1AA", "EH"} {
		near := strings.ReplaceAll(place, " ", "+")
		want := fault(s.get("/v1/activities?near=" + near))
		for name, r := range map[string]reply{
			"with another fault": s.get("/v1/activities?limit=1000&near=" + near),
			"as a file":          s.get("/v1/activities.csv?limit=5&near=" + near),
			"posted":             s.do("POST", "/v1/activities/search", map[string]any{"near": place}),
			"posted with one":    s.do("POST", "/v1/activities/search", map[string]any{"near": place, "limit": 1000}),
		} {
			if got := fault(r); !reflect.DeepEqual(got, want) {
				t.Errorf("%s, %s: %+v, want %+v", place, name, got, want)
			}
		}
	}
}
