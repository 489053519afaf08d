package listings

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"gather/directory"
)

// The values that listings draw from. Repeated values are drawn more often.
var (
	groupKinds = strings.Fields("Friends Association Club Society Trust Group Centre Circle Network Project")
	checkedHow = strings.Fields("owner owner owner phone visit email import import")
	halls      = []string{"Community Centre", "Village Hall", "Library", "Methodist Church Hall", "Leisure Centre", "Memorial Hall", "Scout Hut", "Social Club", "Park Pavilion", "School Hall"}
	streets    = []string{"Church Road", "High Street", "Station Road", "Park Lane", "Mill Lane", "Victoria Road", "Green Lane", "Manor Road"}
	openings   = []string{"Gentle", "Friendly", "Beginners", "Morning", "Evening", "Social", "Weekly", "Improvers", "Community", "Seated"}
	starts     = strings.Fields("09:30 10:00 10:00 10:30 11:00 13:00 13:30 14:00 14:00 18:00 18:30 19:00 19:00 19:30")
	dayIDs     = strings.Fields("mon tue wed thu fri sat sun")
	dayNames   = strings.Fields("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
)

// chance is true in percent of a hundred cases.
func chance(r *rand.Rand, percent int) bool { return r.IntN(100) < percent }

func pick(r *rand.Rand, of []string) string { return of[r.IntN(len(of))] }

// reach sets the delivery, the venue and the catchment.
func (g *Generator) reach(a *directory.Activity, r *rand.Rand, postcode, town string) {
	switch n := r.IntN(100); {
	case n < 88:
		a.Delivery = []string{"venue"}
	case n < 92:
		a.Delivery = []string{"venue", "online"}
	case n < 96:
		a.Delivery = []string{"online"}
	case n < 98:
		a.Delivery = []string{"phone"}
	default:
		a.Delivery = []string{"home"}
	}
	loc, err := g.Places.Postcode(postcode)
	if err != nil {
		panic(fmt.Sprintf("listings: a postcode of the gazetteer is not found in it: %v", err))
	}
	if a.Has("venue") {
		a.Venue = &directory.Venue{Name: town + " " + pick(r, halls), Address: directory.Address{
			Street: fmt.Sprint(1+r.IntN(200), " ", pick(r, streets)), Town: town, Postcode: postcode,
		}}
		a.Located = &loc
	}
	switch n := r.IntN(100); {
	case n < 5:
		a.Catchment = &directory.Catchment{RadiusMiles: float64(3 + r.IntN(12)), Around: postcode}
	case n < 8:
		a.Catchment = &directory.Catchment{Outcodes: []string{loc.Outcode}}
	case n < 12 && loc.District != "":
		a.Catchment = &directory.Catchment{Districts: []string{loc.District}}
	case n < 14:
		a.Catchment = &directory.Catchment{Nationwide: true}
	}
	if a.Located == nil && a.Catchment != nil && a.Catchment.RadiusMiles > 0 {
		a.Located = &loc
	}
}

// facts sets the times, the price, the audience, access and the first visit.
func (g *Generator) facts(a *directory.Activity, r *rand.Rand) {
	if !chance(r, 6) {
		a.Schedule = schedule(r)
	}
	a.Cost = cost(r)
	if chance(r, 35) {
		a.Audience = &directory.Audience{}
		if chance(r, 60) {
			least := []int{16, 18, 18, 50, 55, 60, 65}[r.IntN(7)]
			a.Audience.MinAge = &least
		}
		if chance(r, 60) {
			a.Audience.MadeFor = []string{g.audiences[zipfIndex(r, len(g.audiences))].ID}
			open := chance(r, 40)
			a.Audience.OpenToAll = &open
		}
	}
	if chance(r, 20) {
		a.Languages = []string{"en"}
		if chance(r, 30) {
			a.Languages = append(a.Languages, []string{"cy", "ur", "pl", "bn", "pa"}[r.IntN(5)])
		}
	}
	// Some groups answer nearly everything and many nearly nothing.
	diligence := r.IntN(100) * r.IntN(100) / 100
	a.Access = map[string]directory.Answer{}
	for i, t := range g.access {
		if chance(r, diligence) || i == 0 && chance(r, 30) {
			a.Access[t.ID] = answer(r, 75-i)
		}
	}
	a.FirstVisit = &directory.FirstVisit{Facts: map[string]directory.Answer{}}
	for i, t := range g.first {
		if chance(r, diligence) {
			a.FirstVisit.Facts[t.ID] = answer(r, 80-i)
		}
	}
	if chance(r, 30) {
		a.FirstVisit.GroupTypical = 4 + r.IntN(20)
		a.FirstVisit.Commitment = []string{"drop-in", "drop-in", "weekly", "course", "book-each-time"}[r.IntN(5)]
	}
	if chance(r, 40) {
		a.Joining = &directory.Joining{How: []string{[]string{"drop-in", "book"}[r.IntN(2)]},
			Places: &directory.Places{Status: []string{"open", "open", "few", "waiting-list", "full"}[r.IntN(5)]}}
	}
	// Telephone numbers that Ofcom reserves for drama.
	a.Contacts = []directory.Contact{{Role: "Host", Phone: fmt.Sprintf("0161 496 0%03d", r.IntN(1000)), Public: true}}
	a.Website = "https://example.org/" + a.ID[:8]
}

func answer(r *rand.Rand, yes int) directory.Answer {
	if chance(r, yes) {
		return directory.Answer{Answer: directory.Yes}
	}
	return directory.Answer{Answer: directory.No}
}

// schedule draws one or two regular times. All run on, so that each weekday
// named has a session in every quarter of a year.
func schedule(r *rand.Rand) *directory.Schedule {
	s := &directory.Schedule{}
	for range 1 + r.IntN(5)/4 {
		start := pick(r, starts)
		var hour, minute int
		fmt.Sscanf(start, "%d:%d", &hour, &minute)
		rep := directory.Repeat{Every: "week", Days: []string{dayIDs[drawDay(r)]}, Start: start, End: fmt.Sprintf("%02d:%02d", hour+1+r.IntN(2), minute)}
		switch n := r.IntN(100); {
		case n < 8:
			rep.Every, rep.Nth = "month", []int{1 + r.IntN(4)}
		case n < 16:
			rep.Interval, rep.From = 2, fmt.Sprintf("2026-01-%02d", 5+r.IntN(14))
		}
		s.Repeats = append(s.Repeats, rep)
	}
	if chance(r, 15) {
		s.Pauses = []directory.Pause{{From: "07-25", Until: "08-25", Reason: "term-break"}}
	}
	return s
}

// drawDay draws a weekday; weekends are quieter.
func drawDay(r *rand.Rand) int {
	if day := r.IntN(7); day < 5 || chance(r, 50) {
		return day
	}
	return r.IntN(5)
}

func cost(r *rand.Rand) *directory.Cost {
	switch n := r.IntN(100); {
	case n < 35:
		return &directory.Cost{Kind: "free"}
	case n < 45:
		return &directory.Cost{Kind: "donation"}
	case n < 90:
		c := &directory.Cost{Kind: "fixed", Pounds: float64(2+r.IntN(23)) / 2, Per: "session"}
		if chance(r, 30) {
			lower := float64(int(c.Pounds)) / 2
			c.ConcessionPounds = &lower
		}
		return c
	}
	return nil
}
