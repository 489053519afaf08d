package oruk_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"gather/api/apitest"
	"gather/directory"
	"gather/directory/boltstore"
	"gather/directory/gazetteer"
	"gather/directory/vocabulary"
)

var admin = directory.Principal{Key: "admin", Role: directory.RoleAdmin}

// prefix is the path at which package api serves Open Referral.
const prefix = "/oruk/v3"

// world is a real directory with the embedded store, served by the API.
type world struct {
	t     testing.TB
	store directory.Store
	dir   *directory.Directory
	// site serves dir, with its own clock.
	site *apitest.Site
	// now is the directory's clock; it advances each time it is read.
	mu  sync.Mutex
	now time.Time
	ids int
}

var data = sync.OnceValues(func() (*gazetteer.Gazetteer, error) { return gazetteer.Open("") })

// opened is noon on a Monday in winter.
var opened = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func open(t testing.TB) *world {
	t.Helper()
	store, err := boltstore.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	words, err := vocabulary.Default()
	if err != nil {
		t.Fatal(err)
	}
	places, err := data()
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, store: store, now: opened, dir: directory.New(store, words, places)}
	w.dir.Now = func() time.Time {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.now = w.now.Add(time.Millisecond)
		return w.now
	}
	w.dir.NewID = func() string {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.ids++
		return fmt.Sprintf("00000000-0000-4000-8000-%012d", w.ids)
	}
	w.serve(store, opened)
	return w
}

// serve makes a new API of a store, with a clock that always shows now.
func (w *world) serve(store directory.Store, now time.Time) {
	w.t.Helper()
	w.site = apitest.New(w.t, directory.New(store, w.dir.Words, w.dir.Places), apitest.Options{Now: func() time.Time { return now }})
}

// get returns the body at a path below the prefix.
func (w *world) get(path string, status int) []byte {
	w.t.Helper()
	if strings.Contains(path, "search=") {
		w.site.CatchUp()
	}
	res := httptest.NewRecorder()
	w.site.Handler.ServeHTTP(res, httptest.NewRequest(http.MethodGet, prefix+path, nil))
	if res.Code != status {
		w.t.Fatalf("GET %s: %d %.500s, want %d", path, res.Code, res.Body, status)
	}
	return res.Body.Bytes()
}

func (w *world) read(path string, v any) {
	w.t.Helper()
	if err := json.Unmarshal(w.get(path, http.StatusOK), v); err != nil {
		w.t.Fatalf("GET %s: %v", path, err)
	}
}

// group registers and trusts a group.
func (w *world) group(details directory.GroupDetails) directory.Group {
	w.t.Helper()
	ctx := context.Background()
	reg, err := w.dir.Register(ctx, directory.Principal{}, details, "")
	if err != nil {
		w.t.Fatal(err)
	}
	g, err := w.dir.SetGroupStatus(ctx, admin, reg.Group.ID, reg.Group.Rev, directory.GroupTrusted)
	if err != nil {
		w.t.Fatal(err)
	}
	return g
}

func (w *world) publish(group string, d directory.Details) directory.Activity {
	w.t.Helper()
	by := directory.Principal{Key: "group", Role: directory.RolePublisher, Group: group}
	a, err := w.dir.Publish(context.Background(), by, group, d, "")
	if err != nil {
		w.t.Fatalf("publish %q: %v", d.Title, err)
	}
	return a
}

func ptr[T any](v T) *T { return &v }

// northgate is a group with every field set.
func northgate() directory.GroupDetails {
	return directory.GroupDetails{
		Name: "Northgate Friends", Description: "We meet, walk and sing in Sale.", Kind: "charity",
		Welsh: &directory.GroupWelsh{Name: "Cyfeillion Northgate"}, Website: "https://northgate.example", Postcode: "M33 7DB",
		Contacts: []directory.Contact{{Role: "Office", Email: "hello@northgate.example", Public: true}, {Role: "Chair", Email: "chair@northgate.example"}},
		External: []directory.External{{System: "charity-commission", Code: "1234567"}},
	}
}

func weekly(start, end string, days ...string) directory.Repeat {
	return directory.Repeat{Every: "week", Days: days, Start: start, End: end}
}

func sale() *directory.Venue {
	return &directory.Venue{Name: "St Mary's Hall", Address: directory.Address{Street: "12 Church Road", Town: "Sale", County: "Greater Manchester", Postcode: "M33 7DB"}}
}

// kinds are activities of every kind, by the name of their golden file.
func kinds() []struct {
	name string
	directory.Details
} {
	type row = struct {
		name string
		directory.Details
	}
	return []row{
		{"everything", everything()},
		{"least", directory.Details{Title: "Phone a friend", Delivery: []string{"phone"}}},
		{"online", directory.Details{
			Title: "Online quiz", Summary: "A quiz on Zoom.", Delivery: []string{"online", "phone"}, Interests: []string{"quiz"},
			Online: &directory.Online{Platform: "Zoom", URL: "https://zoom.example/j/1", Note: "Ask for the password."},
			Cost:   &directory.Cost{Kind: "donation", Pounds: 2}, Catchment: &directory.Catchment{Nationwide: true},
			Schedule: &directory.Schedule{Repeats: []directory.Repeat{{Every: "month", Days: []string{"thu", "fri"}, Nth: []int{1, -1}, Start: "19:30"}}},
		}},
		{"home", directory.Details{
			Title: "Home visits", Description: "A volunteer comes for an hour.", Delivery: []string{"home"},
			Catchment: &directory.Catchment{Outcodes: []string{"M33", "WA14"}}, Joining: &directory.Joining{How: []string{"referral"}, Referral: []string{"link-worker", "professional"}},
			Audience: &directory.Audience{MinAge: ptr(65), MadeFor: []string{"over-65s"}}, Schedule: &directory.Schedule{Note: "By arrangement, most weekday afternoons."},
		}},
		{"district", directory.Details{
			Title: "Trafford shopping help", Delivery: []string{"home", "phone"}, Catchment: &directory.Catchment{Districts: []string{"E08000009"}},
		}},
		{"radius", directory.Details{
			Title: "Walk and talk", Delivery: []string{"venue"}, Venue: sale(), Interests: []string{"walking"}, Catchment: &directory.Catchment{RadiusMiles: 3},
			Schedule: &directory.Schedule{Repeats: []directory.Repeat{{Every: "week", Interval: 2, Days: []string{"sat"}, Start: "10:00", End: "11:30", From: "2026-01-03"}}},
			Cost:     &directory.Cost{Kind: "free"}, Audience: &directory.Audience{MinAge: ptr(0), MaxAge: ptr(17)},
		}},
		{"dates", directory.Details{
			Title: "Winter fair", Delivery: []string{"venue"}, Venue: &directory.Venue{Address: directory.Address{Postcode: "M33 7DB"}},
			Schedule: &directory.Schedule{Dates: []directory.SessionDate{{Date: "2026-12-05", Start: "10:00", End: "16:00"}, {Date: "2026-12-06", Start: "11:00"}}, Except: []string{"2026-12-06"}},
		}},
		{"past", directory.Details{
			Title: "Summer fair", Delivery: []string{"venue"}, Venue: sale(),
			Schedule: &directory.Schedule{Dates: []directory.SessionDate{{Date: "2026-07-05", Start: "10:00", End: "16:00"}}},
		}},
		{"paused", directory.Details{
			Title: "Gardening club", Delivery: []string{"venue"}, Venue: sale(), Interests: []string{"gardening"},
			Schedule: &directory.Schedule{
				Repeats: []directory.Repeat{weekly("14:00", "16:00", "wed")}, TermTime: true, Except: []string{"2027-04-07"},
				Pauses: []directory.Pause{{From: "11-01", Until: "02-28", Reason: "season"}, {From: "2027-05-31", Until: "2027-06-04", Reason: "term-break"}, {From: "2026-01-01", Until: "2026-01-10"}},
			},
		}},
	}
}

// everything is a listing with every field set.
func everything() directory.Details {
	return directory.Details{
		Title: "Tuesday Chair Yoga", Summary: "Gentle yoga on chairs, then tea.", Description: "All on chairs.\n\nTea & a chat <after>.",
		Welsh: &directory.Welsh{Title: "Ioga cadair dydd Mawrth"}, Interests: []string{"chair-yoga", "coffee-morning"},
		Delivery: []string{"venue", "online"},
		Venue: &directory.Venue{Name: "St Mary's Hall", Address: directory.Address{Street: "12 Church Road", Locality: "Ashton", Town: "Sale", County: "Greater Manchester", Postcode: "M33 7DB"},
			GettingThere: &directory.GettingThere{Stop: "Sale Metrolink", StopMetres: 200, StepFreeRoute: "yes", CommunityTransport: "no", LitAfterDark: "yes", Parking: "Six spaces", Note: "Use the side door."}},
		Online: &directory.Online{Platform: "Zoom"},
		Schedule: &directory.Schedule{
			Repeats: []directory.Repeat{{Every: "week", Days: []string{"tue"}, Start: "10:30", End: "11:30", From: "2026-01-06", Until: "2027-06-29"}},
			Dates:   []directory.SessionDate{{Date: "2026-12-19", Start: "14:00", End: "16:00"}}, Except: []string{"2026-12-29"}, Note: "Doors open at ten.",
			Pauses: []directory.Pause{{From: "2027-04-01", Until: "2027-04-16"}},
		},
		Cost: &directory.Cost{Kind: "fixed", Pounds: 3.5, PoundsTo: 5, ConcessionPounds: ptr(2.0), ConcessionFor: "students",
			Extras: []directory.Extra{{What: "Tea", Pounds: 1, Optional: true}}, HelpWithCost: "yes", Note: "Cash only."},
		Audience:  &directory.Audience{MinAge: ptr(50), MaxAge: ptr(99), MadeFor: []string{"over-50s", "women"}, OpenToAll: ptr(true), Note: "Carers come free."},
		Languages: []string{"en", "cy"},
		Access:    map[string]directory.Answer{"step-free": {Answer: "yes", Note: "ramp at the side"}, "hearing-loop": {Answer: "no"}, "seated-option": {Answer: "yes"}},
		FirstVisit: &directory.FirstVisit{
			Facts:        map[string]directory.Answer{"met-on-arrival": {Answer: "yes", Note: "by Ann"}, "camera-optional": {Answer: "no"}},
			WhatToExpect: "Ann meets you at the door.", ContactFirst: "Ring the host.", GroupTypical: 12, GroupMax: 20,
			Structure: "doing-together", Conversation: "some", Energy: "seated", Commitment: "drop-in",
		},
		Joining: &directory.Joining{How: []string{"drop-in"}, URL: "https://northgate.example/join", Places: &directory.Places{Status: "few", Available: ptr(3)}, Note: "Just come."},
		Contacts: []directory.Contact{
			{Role: "Treasurer", Name: "Private Person", Email: "private@northgate.example", Phone: "0161 496 0009"},
			{Role: "Host", Name: "Ann", Phone: "0161 496 0001", Email: "ann@northgate.example", Hours: "mornings", Public: true},
		},
		Website: "https://northgate.example/yoga", External: []directory.External{{System: "uprn", Code: "100012345678"}},
	}
}

// full makes a directory with activities of every kind: those of kinds by their
// names, one withdrawn, one of a group that is not trusted.
func full(t testing.TB) (w *world, byName map[string]directory.Activity) {
	t.Helper()
	ctx := context.Background()
	w, byName = open(t), map[string]directory.Activity{}
	a := w.group(northgate())
	b := w.group(directory.GroupDetails{Name: "Trafford Helpers"})
	for i, k := range kinds() {
		byName[k.name] = w.publish([]string{a.ID, b.ID}[i%2], k.Details)
	}
	for _, ch := range []directory.SessionChange{
		{Session: "2026-12-01T10:30", Status: "cancelled", Note: "Hall closed"},
		{Session: "2026-12-08T10:30", Status: "moved", To: &directory.SessionDate{Date: "2026-12-09", Start: "11:00", End: "12:00"}},
		{Session: "2026-12-15T10:30", Status: "full"},
	} {
		x := byName["everything"]
		x, err := w.dir.ChangeSession(ctx, admin, x.ID, x.Rev, ch)
		if err != nil {
			t.Fatal(err)
		}
		byName["everything"] = x
	}
	gone := w.publish(a.ID, directory.Details{Title: "Withdrawn class", Delivery: []string{"phone"}})
	gone, err := w.dir.Withdraw(ctx, admin, gone.ID, gone.Rev)
	if err != nil {
		t.Fatal(err)
	}
	byName["withdrawn"] = gone
	reg, err := w.dir.Register(ctx, directory.Principal{}, directory.GroupDetails{Name: "Newcomers"}, "")
	if err != nil {
		t.Fatal(err)
	}
	byName["pending"] = w.publish(reg.Group.ID, directory.Details{Title: "Pending class", Delivery: []string{"venue"}, Venue: sale()})
	return w, byName
}
