package hsds_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"gather/directory"
	"gather/directory/bulk"
	"gather/directory/bulk/bulktest"
)

// listRow is a kind of row of a council's list that carries no locations, and what
// must become of it when it is imported with --area Bristol.
type listRow struct {
	name, description, rest string // rest: more fields as JSON
	delivery                string // that it must have, joined by spaces; empty: refused
	postcode, area          string // where it must be
}

var listRows = []listRow{
	{"Knit and Natter", `<p>We meet at Yate Library, BS37 4AX. Book <a href=\"https://example.org/book\">here</a>. More news online.</p>`, `"attending_type":""`, "venue", "BS37 4AX", ""},
	{"Tea and Talk", `<p>We meet at Yate Library,&nbsp;bs374ax.</p>`, ``, "venue", "BS37 4AX", ""},
	{"Men's Shed", `Come along on Wednesdays. Book online at our website.`, ``, "venue", "", "Bristol"},
	{"Get Online Week", `Learn how to get online, with tea.`, ``, "venue", "", "Bristol"},
	{"Cost of Living warm space", `A warm room and a cup of tea.`, `"contacts":[{"id":"c","phones":[{"number":"0117 496 0123"}]}]`, "venue", "", "Bristol"},
	{"Walking group", `Meet at BS1 5TR or BS37 4AX, depending on the week.`, ``, "venue", "", "BS1 or BS37"},
	{"Bereavement cafe", `An hour to talk.`, `"service_areas":[{"id":"a","service_area":"South Gloucestershire"}]`, "venue", "", "South Gloucestershire"},
	{"Stroke club", `All welcome.`, `"service_areas":[{"name":"Bristol and North Somerset"},{"name":"the moon"}]`, "venue", "", "Bristol or North Somerset"},
	{"Toddler group", `Songs and toys.`, `"service_at_locations":[{"id":"x","location":{"id":"y","name":"St Mary's Hall","physical_addresses":[{"address_1":"Church Lane","city":"Yate"}]}}]`, "venue", "", "Yate"},
	{"Carers choir", `Sing with us.`, `"service_at_locations":[{"id":"x","location":{"id":"y","name":"The Hub","latitude":51.4545,"longitude":-2.5879}}],"service_areas":[{"name":"Bristol"}]`, "venue", "", ""},
	{"Phones two", `Ring us`, `"contacts":[{"id":"c","phones":[{"number":"0800 0354213"}]}],"service_areas":[{"name":"Bristol"}]`, "venue", "", "Bristol"},
	{"Befriending visits", `A volunteer comes to you.`, `"attending_type":"home_visit"`, "home", "", ""},
	{"Ring us", `Advice for carers.`, `"attending_type":"Phone"`, "phone", "", ""},
	{"Zoom quiz", `A quiz on Zoom every Friday.`, ``, "online", "", ""},
	{"Open space", `The postcode FY9 9ZZ is none, and neither is B0B 1AA.`, ``, "venue", "", "Bristol"},
	{"Closed club", `Gone.`, `"status":"inactive"`, "", "", ""},
}

// A council's list says of few services where they take place. Imported with
// --area nearly all are taken, and each says what is known of where: the row's own
// word before the file's.
func TestAListWithoutPlaces(t *testing.T) {
	const copies = 20
	var rows []string
	for n := range copies {
		for k, r := range listRows {
			rest := r.rest
			if rest != "" {
				rest = "," + rest
			}
			rows = append(rows, fmt.Sprintf(`{"id":"%08d-0000-4000-8000-%012d","name":"%s %d","description":"%s","organization":{"id":"o%d","name":"Friends %d"}%s}`,
				k, n, r.name, n, r.description, k, k, rest))
		}
	}
	file := "[" + strings.Join(rows, ",") + "]"
	d := bulktest.NewDirectory(t)
	o := bulk.Options{Source: directory.Source{Name: "a council"}, Areas: []string{"Bristol"}}
	report, err := bulk.Import(t.Context(), d, bulktest.Admin, strings.NewReader(file), o)
	if err != nil {
		t.Fatal(err)
	}
	open := len(rows) - copies // but for those that are closed
	if report.Total != len(rows) || report.Created*100 < open*95 {
		t.Errorf("%d of %d rows that are open were taken, of %d\n%s", report.Created, open, report.Total, bulktest.Report(t, report))
	}
	listings := bulktest.Listings(t, d)
	for _, r := range listRows {
		for n := range copies {
			a, ok := listings[fmt.Sprintf("%s %d", r.name, n)]
			if ok != (r.delivery != "") {
				t.Errorf("%s: taken %v", r.name, ok)
			}
			if !ok {
				break
			}
			postcode, area := "", ""
			if a.Venue != nil {
				postcode = a.Venue.Address.Postcode
			}
			if a.Venue != nil && a.Venue.Area != nil {
				area = a.Venue.Area.Name
			}
			if got := strings.Join(a.Delivery, " "); got != r.delivery || postcode != r.postcode || area != r.area || area != "" && a.Located != nil {
				t.Errorf("%s: %q at %q in %q (%+v), want %q at %q in %q", r.name, got, postcode, area, a.Located, r.delivery, r.postcode, r.area)
				break
			}
		}
	}
	if hall := listings["Toddler group 0"]; hall.Venue == nil || hall.Venue.Name != "St Mary's Hall" || hall.Venue.Address.Street != "Church Lane" || strings.Contains(hall.Description, "Address") {
		t.Errorf("an address without a postcode became %+v, %q", hall.Venue, hall.Description)
	}
	if said := bulktest.Report(t, report); !strings.Contains(said, `"BS37 4AX" stands in the text, and was taken as the place`) || !strings.Contains(said, `"the moon" is not an area that we know`) {
		t.Errorf("the report does not say what was taken from the text:\n%s", said)
	}

	before := bulktest.Changes(t, d)
	again, err := bulk.Import(t.Context(), d, bulktest.Admin, strings.NewReader(file), o)
	if err != nil || again.Unchanged != report.Created || bulktest.Changes(t, d) != before {
		t.Errorf("imported again: %d unchanged of %d, %v", again.Unchanged, report.Created, err)
	}
}

// Without --area the report ends with what to run; --delivery says what else rows
// may mean that say nothing.
func TestWhatSaysNothing(t *testing.T) {
	const file = `[{"id":"1","name":"Men's Shed","description":"Come along.","status":"active"},{"id":"2","name":"Zoom quiz","description":"A quiz on Zoom every Friday.","status":"active"}]`
	imported := func(o bulk.Options) (bulk.Report, map[string]directory.Activity, error) {
		d := bulktest.NewDirectory(t)
		o.Source.Name = "a council"
		r, err := bulk.Import(t.Context(), d, bulktest.Admin, strings.NewReader(file), o)
		return r, bulktest.Listings(t, d), err
	}
	r, _, err := imported(bulk.Options{})
	if err != nil || r.Placeless != 1 || r.Refused != 1 {
		t.Fatalf("without anything: %d placeless, %d refused, %v\n%s", r.Placeless, r.Refused, err, bulktest.Report(t, r))
	}
	if said := bulktest.Report(t, r); !strings.Contains(said[strings.LastIndex(said, "1 created"):], "--area Bristol") {
		t.Errorf("the last lines do not say what to run:\n%s", said)
	}
	for _, c := range []struct {
		o    bulk.Options
		want string // of the first row
	}{
		{bulk.Options{Areas: []string{"E06000023", "BS37"}}, `["venue"] {"name":"Bristol or BS37","districts":["E06000023"],"outcodes":["BS37"]} null`},
		{bulk.Options{Areas: []string{"Avon"}, Delivery: "venue"}, ""},
		{bulk.Options{Delivery: "online"}, `["online"] null null`},
		{bulk.Options{Areas: []string{"bristol"}, Delivery: "home"}, `["home"] null {"districts":["E06000023"]}`},
	} {
		_, listings, err := imported(c.o)
		a := listings["Men's Shed"]
		var area *directory.VenueArea
		if a.Venue != nil {
			area = a.Venue.Area
		}
		got := ""
		for _, v := range []any{a.Delivery, area, a.Catchment} {
			b, _ := json.Marshal(v)
			got += string(b) + " "
		}
		if err != nil || c.want != "" && strings.TrimSpace(got) != c.want {
			t.Errorf("%+v: %s, %v, want %s", c.o, got, err, c.want)
		}
		if quiz := listings["Zoom quiz"]; !slices.Equal(quiz.Delivery, []string{"online"}) || quiz.Venue != nil {
			t.Errorf("%+v: the quiz is %v", c.o, quiz.Delivery)
		}
	}
	for _, c := range []struct {
		o     bulk.Options
		field string
	}{
		{bulk.Options{Areas: []string{"Atlantis-upon-Sea"}}, "area"},
		{bulk.Options{Areas: []string{"Hale"}}, "area"},
		{bulk.Options{Areas: []string{"BS37 4AX"}}, "area"},
		{bulk.Options{Areas: []string{"England"}}, "area"},
		{bulk.Options{Areas: []string{"Bristol", "BS37"}, Delivery: "home"}, "area"},
		{bulk.Options{Delivery: "by post"}, "delivery"},
	} {
		_, _, err := imported(c.o)
		var bad *directory.Invalid
		if !errors.As(err, &bad) || bad.Faults[0].Field != c.field || bad.Faults[0].Fix == "" {
			t.Errorf("%+v: %v, want a fault of %s", c.o, err, c.field)
		}
	}
}
