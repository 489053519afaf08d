package index_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"gather/directory"
	"gather/search"
)

// The middle of M33 7DB, where most searches begin, and points north of it.
var sale = directory.Position{Lat: 53.4245, Lon: -2.3200}

func north(miles float64) directory.Position {
	return directory.Position{Lat: sale.Lat + miles/69.093, Lon: sale.Lon}
}

func venueAt(p directory.Position) *directory.Venue {
	return &directory.Venue{Name: "The Hall", Position: &p, Address: directory.Address{Town: "Sale"}}
}

const near = "near=53.4245,-2.32&"

// town is a small directory; each title begins with a letter to know it by.
func town() []directory.Details {
	return []directory.Details{
		{
			Title: "A Chair yoga for all", Summary: "Gentle stretching on chairs.", Delivery: []string{"venue"}, Venue: venueAt(north(0.5)),
			Interests: []string{"chair-yoga"}, Access: yes("step-free", "hearing-loop"), Schedule: weekly("tue", "10:00", "11:00"),
			Cost: &directory.Cost{Kind: "free"}, Languages: []string{"en"},
			FirstVisit: &directory.FirstVisit{Facts: yes("met-on-arrival", "companion-welcome"), GroupTypical: 8, GroupMax: 10, Commitment: "drop-in"},
			Joining:    &directory.Joining{Places: &directory.Places{Status: "open"}},
		},
		{
			Title: "B Badminton club", Delivery: []string{"venue"}, Venue: venueAt(north(2)), Interests: []string{"badminton"},
			Access: no(yes("accessible-toilet"), "step-free"), Schedule: weekly("thu", "19:00", "21:00"),
			Cost: &directory.Cost{Kind: "fixed", Pounds: 4}, Audience: &directory.Audience{MinAge: ref(16)},
			FirstVisit: &directory.FirstVisit{GroupTypical: 30, Commitment: "weekly"},
			Joining:    &directory.Joining{Places: &directory.Places{Status: "full"}},
		},
		{
			Title: "C Knit and natter", Delivery: []string{"venue", "online"}, Venue: venueAt(north(30)), Interests: []string{"knitting"},
			Schedule: weekly("tue", "14:00", "16:00"), Cost: &directory.Cost{Kind: "donation", Pounds: 2},
			Audience: &directory.Audience{MadeFor: []string{"over-50s"}, OpenToAll: ref(true), MinAge: ref(50)}, Languages: []string{"en", "cy"},
			Welsh: &directory.Welsh{Title: "C Gwau a sgwrsio", Summary: "Dewch i wau gyda phaned."},
		},
		{
			Title: "D Carers' telephone circle", Delivery: []string{"phone"}, Schedule: weekly("sat", "18:30", "19:30"),
			Audience: &directory.Audience{MadeFor: []string{"carers"}}, Interests: []string{"peer-support"}, Cost: &directory.Cost{Kind: "free"},
		},
		{
			Title: "E Befriending at home", Delivery: []string{"home"}, Catchment: &directory.Catchment{Outcodes: []string{"M33"}}, Interests: []string{"befriending"},
		},
		{
			Title: "F Befriending elsewhere", Delivery: []string{"home"}, Catchment: &directory.Catchment{Outcodes: []string{"EH6"}}, Interests: []string{"befriending"},
		},
		{
			Title: "G Garden for neighbours", Delivery: []string{"venue"}, Venue: venueAt(north(1)), Catchment: &directory.Catchment{RadiusMiles: 0.5},
			Interests: []string{"gardening"},
		},
	}
}

func TestWhatEachParameterFinds(t *testing.T) {
	w := newWorld(t, town()...)
	group := w.newGroup("Other people")
	w.group = group
	w.publish(directory.Details{Title: "H Choir", Delivery: []string{"venue"}, Venue: venue("EH6 6JJ"), Interests: []string{"singing"}, Languages: []string{"pl"}})
	w.catchUp()
	for _, c := range []struct{ query, want string }{
		{"", "A B C D E F G H"},
		// Words: any of them, forms, other words for interests, broader ones.
		{"q=yoga", "A"},
		{"q=badminton+knitting", "B C"},
		{"q=badmington", "B"},
		{"q=stretch", "A"},
		{"q=gwau", "C"}, // a Welsh title
		{"q=crafts", "C"},
		{"q=racket+sports", "B"},
		{"q=carer%27s", "D"},
		{"q=carers", "D"},
		{"q=NORTHGATE", "A B C D E F G"},
		{"q=caf%C3%A9+chair", "A"},
		{"q=the", "A B C D E F G H"},    // nothing to look for
		{"q=%21%3F", "A B C D E F G H"}, // nor here
		{"q=zzzzqqqq", ""},
		{"q=zzzzqqqq+yoga", "A"},
		// Reach: near A and B; C online, D by phone, E at home; G only for
		// those within half a mile of it; F for another town; H too far.
		{near + "within=3", "A B C D E"},
		{near + "within=1", "A C D E"},
		{near, "A B C D E"},
		{near + "within=40", "A B C D E"},
		{"near=53.4390,-2.32&within=0.3", "C D G"},
		{"near=EH6&within=1", "C D F H"},
		{"bbox=-2.4,53.4,-2.2,53.44", "A G"},
		{"near=53.4245,-2.32&bbox=-2.4,53.4,-2.2,53.5", "A B"},
		// Interests include narrower ones; comma any of, repeat all of.
		{"interest=knitting", "C"},
		{"interest=crafts", "C"},
		{"interest=yoga,badminton", "A B"},
		{"interest=yoga&interest=badminton", ""},
		// Access: yes passes; no never does; nothing said only when asked.
		{"access=step-free", "A"},
		{"access=step-free&access_unknown=include", "A C D E F G H"},
		{"access=step-free,accessible-toilet", "A B"},
		{"access=step-free&access=hearing-loop", "A"},
		{"access=step-free&access=accessible-toilet", ""},
		{"first_visit=met-on-arrival", "A"},
		{"first_visit=met-on-arrival&first_visit=companion-welcome", "A"},
		{"first_visit=buddy", ""},
		{"group_max=10", "A"},
		{"group_max=9", ""},
		{"group_max=30", "A B"},
		{"commitment=weekly", "B"},
		{"commitment=weekly,drop-in", "A B"},
		// One session must fit day, time and dates together.
		{"day=tue", "A C"},
		{"day=tue&time=morning", "A"},
		{"day=tue,sat&time=14:00-19:00", "C D"},
		{"time=evening", "B D"},
		{"time=10:00-10:01", "A"},
		{"time=10:01-11:00", ""},
		{"day=tue&day=thu", ""},
		{"from=2026-11-25&to=2026-11-27", "B"},
		{"from=2026-11-28&to=2026-11-28&day=sat&time=evening", "D"},
		{"from=2026-11-28&to=2026-11-28&day=fri", ""},
		{"to=2026-11-24", "A C"},
		{"to=2026-11-22", ""},
		{"cost=free", "A C D"},
		{"cost=3.99", "A C D"},
		{"cost=4", "A B C D"},
		// Ages: no limit passes everybody.
		{"age=15", "A D E F G H"},
		{"age=16", "A B D E F G H"},
		{"age=50", "A B C D E F G H"},
		// Audiences: open to all passes, made only for others does not.
		{"for=carers", "A B C D E F G H"},
		{"for=young-carers", "A B C D E F G H"}, // young carers are carers
		{"for=over-65s", "A B C E F G H"},
		{"language=cy", "C"},
		{"language=en", "A B C D E F G"}, // nothing stated counts as English
		{"language=cy&language=en", "C"},
		{"delivery=online,phone", "C D"},
		{"delivery=venue&delivery=online", "C"},
		{near + "delivery=venue", "A B"}, // C has a venue, but far away
		{near + "delivery=venue,online", "A B C"},
		{"places=now", "A"},
		{"checked=1", "A B C D E F G H"},
		{"group=" + group.ID, "H"},
		{"group=nobody", ""},
		// All at once.
		{near + "q=yoga&access=step-free&first_visit=companion-welcome&day=tue&cost=free&age=80&for=over-50s&delivery=venue&places=now&group_max=12", "A"},
	} {
		if got := sorted(w.search(c.query)); got != c.want {
			t.Errorf("%s finds %q, want %q", c.query, got, c.want)
		}
	}
}

func TestCheckedLongAgo(t *testing.T) {
	w := newWorld(t, town()...)
	w.at(noon.AddDate(0, 4, 0))
	for _, c := range []struct {
		query string
		total int
	}{{"checked=3", 0}, {"checked=5", 7}} {
		if got := w.search(c.query).Total; got != c.total {
			t.Errorf("%s finds %d, want %d", c.query, got, c.total)
		}
	}
	if trust := item(t, w.search(""), "A").Trust; trust.CheckedMonths != 3 || trust.Score >= 0.9 {
		t.Errorf("after four months the trust is %+v", trust)
	}
}

func TestOrders(t *testing.T) {
	w := newWorld(t, town()...)
	w.at(noon.Add(time.Hour))
	a := w.as["B Badminton club"]
	if _, err := w.dir.Revise(context.Background(), admin, a.ID, a.Rev, a.Details); err != nil {
		t.Fatal(err)
	}
	w.catchUp()
	for _, c := range []struct{ query, want string }{
		{"sort=title", "A B C D E F G"},
		{near + "within=3&sort=distance", "A B C D E"},
		{"sort=soonest&day=tue,thu,sat", "A C B D"},
		{"sort=soonest&day=thu,sat", "B D"},
		{"sort=updated&limit=1", "B"},
		{near + "within=3&q=knitting+badminton+yoga", "A B C"}, // what is near first, online after
		{near + "within=3&access=step-free&access_unknown=include", "A C D E"},
		{"q=badminton+club&limit=1", "B"},
		{"for=over-50s&limit=1", "C"}, // made for them
		{"for=carers&limit=1", "D"},
	} {
		if got := titles(w.search(c.query)); got != c.want {
			t.Errorf("%s finds %q, want %q", c.query, got, c.want)
		}
	}
}

func TestItem(t *testing.T) {
	w := newWorld(t, town()...)
	a := w.search(near + "within=3&access=step-free&first_visit=met-on-arrival&interest=yoga&cost=free&day=tue&for=carers&places=now&explain=true")
	got := item(t, a, "A")
	if got.DistanceMiles == nil || math.Abs(*got.DistanceMiles-0.5) > 1e-9 || got.DistanceAbout {
		t.Errorf("the distance is %v, about %v", got.DistanceMiles, got.DistanceAbout)
	}
	want := "0.5 miles; Chair yoga is part of Yoga; step-free; someone meets you; open to all; free; places now; Tuesday 24 November, 10:00"
	if why := strings.Join(got.Why, "; "); why != want {
		t.Errorf("why is %q\nwant    %q", why, want)
	}
	if ask := strings.Join(got.Ask, " "); ask != "Is there an accessible toilet?" {
		t.Errorf("ask is %q", ask)
	}
	if got.NextSession == nil || got.NextSession.Key != "2026-11-24T10:00" || got.NextSession.Start.Format(time.RFC3339) != "2026-11-24T10:00:00Z" {
		t.Errorf("the next session is %+v", got.NextSession)
	}
	if got.Trust.Score != 0.5 || got.Trust.How != "entered" || got.Score == nil || got.Score.Tier != 0 || got.Score.Total <= 0 {
		t.Errorf("trust %+v, score %+v", got.Trust, got.Score)
	}
	if got.Venue == nil || got.Venue.Outcode != "M33" || got.Venue.DistrictName != "Trafford" || got.Interests[0].Label != "Chair yoga" {
		t.Errorf("venue %+v, interests %v", got.Venue, got.Interests)
	}
	if got.GroupName != "Northgate Friends" || got.Places != "open" || got.FirstVisit.GroupMax != 10 || got.Cost.Kind != "free" {
		t.Errorf("item %+v", got)
	}
	cy := item(t, w.search("lang=cy&q=gwau"), "C Gwau")
	if cy.Summary == "" || cy.Interests[0].Label != "Gwau" {
		t.Errorf("in Welsh: %+v", cy)
	}
	donation := item(t, w.search("cost=free&q=knitting"), "C")
	if strings.Join(donation.Why, "; ") != "“knitting” is in the title; by donation" {
		t.Errorf("a donation says %q", donation.Why)
	}
}

func TestNothingSaidAboutAccess(t *testing.T) {
	w := newWorld(t, town()...)
	a := w.search("access=hearing-loop&access=step-free")
	if got := titles(a); got != "A" {
		t.Errorf("finds %q", got)
	}
	if a.Unstated == nil || a.Unstated.Count != 5 { // all but A and B, which says no
		t.Fatalf("unstated is %+v", a.Unstated)
	}
	wider := w.search(a.Unstated.Query)
	if titles(wider)[:1] != "A" || wider.Total != a.Total+a.Unstated.Count {
		t.Errorf("%s finds %q", a.Unstated.Query, titles(wider))
	}
	if ask := item(t, wider, "G").Ask; ask[0] != "Is there a hearing loop?" || ask[1] != "Can you get in without any steps?" {
		t.Errorf("ask is %q", ask)
	}
	for _, sort := range []string{"title", "updated", "soonest", "best"} {
		if got := titles(w.search("access=hearing-loop&access_unknown=include&sort=" + sort)); got[:1] != "A" {
			t.Errorf("sorted by %s, what says nothing comes before what says yes: %q", sort, got)
		}
	}
}

func TestOnlineStaysInALocalSearch(t *testing.T) {
	w := newWorld(t, town()...)
	a := w.search(near + "within=3&q=knitting+badminton")
	if got := titles(a); got != "B C" {
		t.Errorf("finds %q", got)
	}
	if why := strings.Join(item(t, a, "C").Why, "; "); why != "“knitting” is in the title; 30 miles; online" {
		t.Errorf("why is %q", why)
	}
}

func TestCatchmentForms(t *testing.T) {
	listing := func(title string, k *directory.Catchment) directory.Details {
		return directory.Details{Title: title, Delivery: []string{"phone"}, Catchment: k}
	}
	w := newWorld(t,
		listing("A anyone", nil),
		listing("B nationwide", &directory.Catchment{Nationwide: true}),
		listing("C Trafford", &directory.Catchment{Districts: []string{"E08000009"}}),
		listing("D M33", &directory.Catchment{Outcodes: []string{"M33", "M32"}}),
		listing("E around", &directory.Catchment{RadiusMiles: 2, Around: "M33 7DB"}),
	)
	for _, c := range []struct{ near, want string }{
		{"M33+7DB", "A B C D E"}, {"WA14", "A B C"}, {"EH6", "A B"}, {"M33", "A B C D E"},
	} {
		if got := sorted(w.search("near=" + c.near)); got != c.want {
			t.Errorf("near %s finds %q, want %q", c.near, got, c.want)
		}
	}
}

func TestSessionsChange(t *testing.T) {
	w := newWorld(t, directory.Details{Title: "A Walk", Delivery: []string{"venue"}, Venue: venueAt(sale), Schedule: weekly("mon", "14:00", "15:00")})
	change := func(c directory.SessionChange) {
		t.Helper()
		a := w.as["A Walk"]
		changed, err := w.dir.ChangeSession(context.Background(), admin, a.ID, a.Rev, c)
		if err != nil {
			t.Fatal(err)
		}
		w.as["A Walk"] = changed
		w.catchUp()
	}
	expect := func(query, want, next string) {
		t.Helper()
		a := w.search(query)
		if got := titles(a); got != want {
			t.Errorf("%s finds %q, want %q", query, got, want)
		}
		if want != "" && a.Items[0].NextSession.Start.Format("2006-01-02T15:04") != next {
			t.Errorf("%s: the next session is %v, want %s", query, a.Items[0].NextSession.Start, next)
		}
	}
	expect("to=2026-11-23", "A", "2026-11-23T14:00")
	change(directory.SessionChange{Session: "2026-11-23T14:00", Status: "cancelled"})
	expect("to=2026-11-23", "", "")
	expect("", "A", "2026-11-30T14:00")
	change(directory.SessionChange{Session: "2026-11-30T14:00", Status: "moved", To: &directory.SessionDate{Date: "2026-12-01", Start: "09:00"}, Note: "hall closed"})
	expect("from=2026-11-30&to=2026-11-30", "", "")
	expect("from=2026-12-01&to=2026-12-01&day=tue&time=morning", "A", "2026-12-01T09:00")
	if s := w.search("").Items[0].NextSession; s.Key != "2026-11-30T14:00" || s.Status != "moved" || s.Note != "hall closed" || s.End != nil {
		t.Errorf("the moved session is %+v", s)
	}
	// What has begun today is too late for a search, and still the next session.
	w.at(time.Date(2026, 12, 7, 14, 30, 0, 0, time.UTC))
	expect("to=2026-12-07", "", "")
	expect("", "A", "2026-12-07T14:00")
	w.at(time.Date(2026, 12, 7, 15, 0, 0, 0, time.UTC))
	expect("", "A", "2026-12-14T14:00")
}

func TestClockChange(t *testing.T) {
	w := newWorld(t, directory.Details{Title: "A Walk", Delivery: []string{"venue"}, Venue: venueAt(sale), Schedule: weekly("sun", "10:00", "11:00")})
	w.at(time.Date(2027, 3, 20, 12, 0, 0, 0, time.UTC)) // a week before the clocks go forward
	for _, c := range []struct{ from, start string }{
		{"2027-03-21", "2027-03-21T10:00:00Z"},
		{"2027-03-28", "2027-03-28T10:00:00+01:00"},
		{"2027-10-24", "2027-10-24T10:00:00+01:00"},
		{"2027-10-31", "2027-10-31T10:00:00Z"},
	} {
		query := "day=sun&time=10:00-10:01&from=" + c.from + "&to=" + c.from
		if got := titles(w.search(query)); got != "A" {
			t.Errorf("%s finds %q", query, got)
		}
		day, _ := time.Parse(time.DateOnly, c.from)
		w.at(day)
		if got := w.search("").Items[0].NextSession.Start.Format(time.RFC3339); got != c.start {
			t.Errorf("on %s the session starts at %s, want %s", c.from, got, c.start)
		}
		w.at(time.Date(2027, 3, 20, 12, 0, 0, 0, time.UTC))
	}
}

func TestPlaces(t *testing.T) {
	w := newWorld(t, town()...)
	a := w.search("near=Newport&within=2")
	p := a.Interpreted.Place
	if p == nil || p.Precision != directory.PrecisionPlace || p.AboutMiles == 0 || len(p.Others) < 2 {
		t.Fatalf("Newport is read as %+v", p)
	}
	for _, other := range p.Others {
		there := w.search(other.Query).Interpreted.Place
		if there.Position.Metres(p.Position) < 5000 {
			t.Errorf("%s is in the same place: %+v", other.Name, there)
		}
	}
	if got := w.search("near=M33+7OB").Interpreted.Place; got == nil || got.Name == "" {
		t.Errorf("M33 7OB is read as %+v", got)
	}
	if got := w.search("near=m337db").Interpreted; got.Place.Name != "M33 7DB" || got.WithinMiles != search.DefaultMiles || got.Place.AboutMiles != 0 {
		t.Errorf("m337db is read as %+v", got)
	}
	about := item(t, w.search("near=M33&within=10"), "A")
	if !about.DistanceAbout || !strings.HasPrefix(about.Why[0], "about ") {
		t.Errorf("from an outcode the distance is %q", about.Why)
	}
	for _, c := range []struct{ near, fix string }{{"Nowhereatall", "spelling"}, {"BFPO+57", ""}, {"-2.32,53.42", "latitude first"}} {
		_, err := w.index.Search(context.Background(), w.query("near="+c.near))
		var invalid *directory.Invalid
		if faults(err) != "near" {
			t.Errorf("near %s: %v", c.near, err)
		} else if errors.As(err, &invalid); !strings.Contains(invalid.Faults[0].Fix, c.fix) {
			t.Errorf("near %s: the fix is %q", c.near, invalid.Faults[0].Fix)
		}
	}
}

func TestInterpreted(t *testing.T) {
	w := newWorld(t, town()...)
	got := w.search("q=the+badmington+for+over+65s+zzzz").Interpreted
	if fmt.Sprint(got.Words.Repaired) != "[{badmington [badminton]}]" || fmt.Sprint(got.Words.Ignored) != "[the for over]" || fmt.Sprint(got.Words.Unknown) != "[65s zzzz]" {
		t.Errorf("words are read as %+v", got.Words)
	}
	if len(got.Suggested) != 1 || got.Suggested[0].Parameter != "for" || got.Suggested[0].Value != "over-65s" {
		t.Fatalf("suggested are %+v", got.Suggested)
	}
	if q := w.query(got.Suggested[0].Query); len(q.For) != 1 || q.For[0][0] != "over-65s" {
		t.Errorf("the suggested question is %s", q)
	}
	if got := w.search("q=the").Interpreted.Words; got.Note == "" || len(got.Ignored) != 1 {
		t.Errorf("a stop word is read as %+v", got)
	}
	suggested := map[string]string{}
	for _, s := range w.search("q=free+step-free+knitting+tuesday").Interpreted.Suggested {
		suggested[s.Parameter] = s.Value
	}
	if suggested["cost"] != "free" || suggested["interest"] != "knitting" || suggested["day"] != "tue" || suggested["access"] != "step-free" {
		t.Errorf("suggested are %v", suggested)
	}
	dates := w.search("day=tue").Interpreted.Dates
	if dates == nil || dates.From != "2026-11-23" || dates.To != "2027-02-22" {
		t.Errorf("thirteen weeks are %+v", dates)
	}
}

func TestTooFarAhead(t *testing.T) {
	w := newWorld(t, town()...)
	for _, c := range []struct{ query, field string }{{"to=2028-01-01", "to"}, {"from=2027-11-20", "from"}, {"from=9999-12-31", "from"}} {
		if _, err := w.index.Search(context.Background(), w.query(c.query)); faults(err) != c.field {
			t.Errorf("%s: %v", c.query, err)
		}
	}
	if got := sorted(w.search("from=2027-11-20&to=2027-11-23&day=tue,sat")); got != "A C D" && got != "D" {
		t.Errorf("a year ahead finds %q", got)
	}
}

func TestRescue(t *testing.T) {
	w := newWorld(t, town()...)
	for _, c := range []struct{ query, label string }{
		{near + "within=1.5&q=badminton", "Within 3 miles"},
		{"day=sun&q=badminton", "On any day, at any time"},
		{near + "within=1&delivery=venue&interest=knitting", "In any way, online too"},
		{"interest=crochet", "Crafts"},
		{"interest=badminton&access=step-free", "Whether or not: Step-free entrance"}, // it says no
		{"interest=badminton&access=hearing-loop", "Where to ask about: Hearing loop"},
		{"interest=badminton&cost=free", "At any cost"},
		{"interest=yoga&first_visit=buddy", "Whether or not: A buddy for the first visits"},
		{"q=zzzzqqqq&interest=yoga", "Without the words"},
		{"near=EH6&interest=badminton", "Anywhere"},
		{"bbox=0,50,1,51&interest=badminton", "Outside this part of the map too"},
	} {
		a := w.search(c.query)
		var labels []string
		for _, r := range a.Rescue {
			labels = append(labels, r.Label)
			if n := w.search(r.Query).Total; n != r.Count || n <= a.Total {
				t.Errorf("%s: %q counts %d, and %s finds %d", c.query, r.Label, r.Count, r.Query, n)
			}
		}
		if !strings.Contains(strings.Join(labels, "|"), c.label) {
			t.Errorf("%s offers %q, not %q", c.query, labels, c.label)
		}
	}
	if got := w.search("").Rescue; got != nil {
		t.Errorf("enough matches, and yet %+v", got)
	}
}
