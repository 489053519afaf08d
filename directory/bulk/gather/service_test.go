package gather_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"gather/api/apitest"
	"gather/directory"
	"gather/directory/bulk"
	"gather/directory/bulk/bulktest"
)

func ptr[T any](v T) *T { return &v }

func sale() *directory.Venue {
	return &directory.Venue{Name: "St Mary's Hall", Address: directory.Address{Street: "12 Church Road", Town: "Sale", County: "Greater Manchester", Postcode: "M33 7DB"}}
}

// everyKind are activities of every kind, each with all that the standard can
// carry of it.
func everyKind() []directory.Details {
	weekly := directory.Repeat{Every: "week", Days: []string{"wed"}, Start: "14:00", End: "16:00"}
	return []directory.Details{
		{
			Title: "Tuesday Chair Yoga", Summary: "Gentle yoga on chairs, then tea.", Description: "All on chairs.\n\nTea & a chat <after>, N/A if away.",
			Welsh: &directory.Welsh{Title: "Ioga cadair dydd Mawrth"}, Interests: []string{"chair-yoga", "coffee-morning"}, Delivery: []string{"venue", "online"},
			Venue: &directory.Venue{Name: "St Mary's Hall", Address: directory.Address{Street: "12 Church Road", Locality: "Ashton", Town: "Sale", County: "Greater Manchester", Postcode: "M33 7DB"},
				Position:     &directory.Position{Lat: 53.4251, Lon: -2.3221},
				GettingThere: &directory.GettingThere{Stop: "Sale Metrolink", StopMetres: 200, StepFreeRoute: "yes", CommunityTransport: "no", LitAfterDark: "yes", Parking: "Six spaces", Note: "Use the side door."}},
			Online: &directory.Online{Platform: "Zoom", URL: "https://zoom.example/j/1", Note: "Ask for the link."},
			Schedule: &directory.Schedule{
				Repeats: []directory.Repeat{{Every: "week", Days: []string{"tue"}, Start: "10:30", End: "11:30", From: "2026-01-06", Until: "2027-06-29"}},
				Dates:   []directory.SessionDate{{Date: "2026-12-19", Start: "14:00", End: "16:00"}}, Except: []string{"2026-12-29"}, Note: "Doors open at ten.",
				Pauses: []directory.Pause{{From: "2027-04-01", Until: "2027-04-16"}},
			},
			Cost: &directory.Cost{Kind: "fixed", Pounds: 3.5, PoundsTo: 5, ConcessionPounds: ptr(2.0), ConcessionFor: "students",
				Extras: []directory.Extra{{What: "Tea", Pounds: 1, Optional: true}}, HelpWithCost: "yes", Note: "Cash only."},
			Audience: &directory.Audience{MinAge: ptr(50), MaxAge: ptr(99), MadeFor: []string{"over-50s", "women"}, Note: "Carers come free."}, Languages: []string{"en", "cy"},
			Access: map[string]directory.Answer{"step-free": {Answer: "yes", Note: "ramp at the side"}, "hearing-loop": {Answer: "no"}, "seated-option": {Answer: "yes"}},
			FirstVisit: &directory.FirstVisit{Facts: map[string]directory.Answer{"met-on-arrival": {Answer: "yes", Note: "by the host"}}, WhatToExpect: "The host meets you.\n\nThen we begin.",
				Structure: "doing-together", Conversation: "some", Energy: "seated", Commitment: "drop-in"},
			Joining:  &directory.Joining{How: []string{"drop-in"}, URL: "https://northgate.example/join", Places: &directory.Places{Status: "few"}, Note: "Just come."},
			Contacts: []directory.Contact{{Role: "Host", Name: "Ann", Phone: "0161 496 0001", Email: "ann@northgate.example", Hours: "mornings", Public: true}},
			Website:  "https://northgate.example/yoga", External: []directory.External{{System: "uprn", Code: "100012345678"}},
		},
		{Title: "Phone a friend", Delivery: []string{"phone"}},
		{
			Title: "Online quiz", Summary: "A quiz on Zoom.", Delivery: []string{"online", "phone"}, Interests: []string{"quiz"}, Catchment: &directory.Catchment{Nationwide: true},
			Cost:     &directory.Cost{Kind: "donation", Pounds: 2},
			Schedule: &directory.Schedule{Repeats: []directory.Repeat{{Every: "month", Days: []string{"thu", "fri"}, Nth: []int{1, -1}, Start: "19:30"}}},
		},
		{
			Title: "Home visits", Description: "A volunteer comes for an hour.", Delivery: []string{"home"}, Catchment: &directory.Catchment{Outcodes: []string{"M33", "WA14"}},
			Joining: &directory.Joining{How: []string{"referral"}, Referral: []string{"link-worker", "professional"}}, Audience: &directory.Audience{MinAge: ptr(65), MadeFor: []string{"over-65s"}},
			Schedule: &directory.Schedule{Note: "By arrangement, most weekday afternoons."},
		},
		{Title: "Choir somewhere", Delivery: []string{"venue"}, Venue: &directory.Venue{Area: &directory.VenueArea{Name: "Bristol", Districts: []string{"E06000023"}}}},
		{Title: "Trafford shopping help", Delivery: []string{"home", "phone"}, Catchment: &directory.Catchment{Districts: []string{"E08000009"}}},
		{
			Title: "Walk and talk", Delivery: []string{"venue"}, Venue: sale(), Interests: []string{"walking"}, Catchment: &directory.Catchment{RadiusMiles: 3},
			Schedule: &directory.Schedule{Repeats: []directory.Repeat{{Every: "week", Interval: 2, Days: []string{"sat"}, Start: "10:00", End: "11:30", From: "2026-01-03"}}},
			Cost:     &directory.Cost{Kind: "free"}, Audience: &directory.Audience{MinAge: ptr(0), MaxAge: ptr(17)},
		},
		{
			Title: "Monthly course", Delivery: []string{"online"}, Catchment: &directory.Catchment{RadiusMiles: 2.5, Around: "M33 7"},
			Cost: &directory.Cost{Kind: "fixed", Pounds: 40, Per: "course"}, Schedule: &directory.Schedule{Dates: []directory.SessionDate{{Date: "2026-12-05", Start: "10:00", End: "16:00"}, {Date: "2026-12-06", Start: "11:00"}}},
		},
		{
			Title: "Gardening club", Delivery: []string{"venue"}, Venue: &directory.Venue{Name: "Allotments", Address: directory.Address{Street: "Dane Road", Town: "Sale", Postcode: "M33 7DB"}}, Interests: []string{"gardening"},
			Schedule: &directory.Schedule{Repeats: []directory.Repeat{weekly, {Every: "week", Days: []string{"sat"}, Start: "10:00"}}, TermTime: true, Except: []string{"2027-04-07"},
				Pauses: []directory.Pause{{From: "11-01", Until: "02-28"}, {From: "2027-05-31", Until: "2027-06-04"}}, Note: "Boots needed."},
		},
		{
			Title: "Resting choir", Delivery: []string{"venue"}, Venue: sale(), Interests: []string{"singing"},
			Schedule: &directory.Schedule{Repeats: []directory.Repeat{{Every: "week", Days: []string{"wed"}, Start: "14:00", From: "2026-01-07"}}, Pauses: []directory.Pause{{From: "2026-11-20", Until: "2026-12-31"}}},
		},
	}
}

// orukOf serves a directory as Open Referral UK.
func orukOf(t testing.TB, d *directory.Directory) http.Handler {
	return apitest.New(t, d, apitest.Options{}).Handler
}

func body(t testing.TB, h http.Handler, path string) []byte {
	t.Helper()
	res := httptest.NewRecorder()
	h.ServeHTTP(res, httptest.NewRequest(http.MethodGet, path, nil))
	if res.Code != http.StatusOK {
		t.Fatalf("GET %s: %d %s", path, res.Code, res.Body)
	}
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// winter is noon on a Monday, in a pause of some of everyKind.
var winter = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// What goes out as Open Referral UK comes back the same in every field that
// the standard carries, whichever of its forms the file has.
func TestOurOpenReferralComesBack(t *testing.T) {
	ctx := context.Background()
	from := bulktest.NewDirectory(t)
	from.Now = func() time.Time { return winter }
	reg, err := from.Register(ctx, bulktest.Admin, directory.GroupDetails{
		Name: "Northgate Friends", Description: "We meet, walk and sing.", Kind: "charity", Welsh: &directory.GroupWelsh{Name: "Cyfeillion Northgate"}, Website: "https://northgate.example",
		Contacts: []directory.Contact{{Email: "hello@northgate.example", Public: true}}, External: []directory.External{{System: "charity-commission", Code: "1234567"}},
	}, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, details := range everyKind() {
		if _, err := from.Publish(ctx, bulktest.Admin, reg.Group.ID, details, ""); err != nil {
			t.Fatalf("%s: %v", details.Title, err)
		}
	}
	past := directory.Details{Title: "Summer fair", Delivery: []string{"venue"}, Venue: sale(), Schedule: &directory.Schedule{Dates: []directory.SessionDate{{Date: "2026-07-05", Start: "10:00"}}}}
	if _, err := from.Publish(ctx, bulktest.Admin, reg.Group.ID, past, ""); err != nil {
		t.Fatal(err)
	}
	h := orukOf(t, from)
	for _, path := range []string{"/services?full=true", "/services?full=true&format=ndjson", "/organizations?full_service=true&full=true"} {
		t.Run(path, func(t *testing.T) {
			to := bulktest.NewDirectory(t)
			to.Now = from.Now
			file := body(t, h, "/oruk/v3"+path)
			r, err := bulk.Import(ctx, to, bulktest.Admin, bytes.NewReader(file), bulk.Options{Source: directory.Source{Name: "Northgate"}})
			if err != nil || r.Format != bulk.HSDS {
				t.Fatalf("%v, read as %s", err, r.Format)
			}
			if r.Created != len(everyKind()) || r.Refused != 1 || r.Warned != 0 {
				t.Errorf("%s", bulktest.Report(t, r))
			}
			back := bulktest.Listings(t, to)
			for _, want := range everyKind() {
				got := back[want.Title]
				compare(t, want.Title, got, want)
			}
			if g, err := to.Group(ctx, bulktest.Admin, back["Phone a friend"].Group); err != nil || !reflect.DeepEqual(g.GroupDetails, reg.Group.GroupDetails) {
				t.Errorf("the group came back as\n%+v, want\n%+v (%v)", g.GroupDetails, reg.Group.GroupDetails, err)
			}
		})
	}
}

// compare holds what came back against what went out, field by field. Times
// are compared as sessions too, over two years.
func compare(t *testing.T, title string, got directory.Activity, want directory.Details) {
	t.Helper()
	a, b := got.Details, want
	a.Source = nil
	was := directory.Activity{Details: want}
	when := func(x directory.Activity) (keys []string) {
		for _, s := range x.Sessions(winter, winter.AddDate(2, 0, 0), 1000) {
			keys = append(keys, fmt.Sprint(s.Key, s.End))
		}
		return keys
	}
	if x, y := when(got), when(was); !slices.Equal(x, y) {
		t.Errorf("%s: sessions %v, want %v", title, x, y)
	}
	if title == "Resting choir" { // the stretch before today is not published: the pause begins earlier
		a.Schedule, b.Schedule = nil, nil
	}
	x, err1 := json.MarshalIndent(a, "", " ")
	y, err2 := json.MarshalIndent(b, "", " ")
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	if string(x) != string(y) {
		t.Errorf("%s came back otherwise:\n%s", title, difference(string(x), string(y)))
	}
}

// difference are the lines of two texts that the other does not have.
func difference(got, want string) string {
	var out []string
	a, b := strings.Split(got, "\n"), strings.Split(want, "\n")
	for _, l := range a {
		if !slices.Contains(b, l) {
			out = append(out, "got  "+l)
		}
	}
	for _, l := range b {
		if !slices.Contains(a, l) {
			out = append(out, "want "+l)
		}
	}
	return strings.Join(out, "\n")
}
