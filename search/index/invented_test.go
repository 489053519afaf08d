package index_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"gather/directory"
	"gather/directory/vocabulary"
)

// inventor makes listings by chance, the same ones for the same seed: facts of
// every kind, spread over some towns.
type inventor struct {
	*rand.Rand
	words     *vocabulary.Vocabulary
	interests []vocabulary.Interest
	groups    int
}

func newInventor(t testing.TB, seed uint64) *inventor {
	v := Words(t)
	return &inventor{Rand: rand.New(rand.NewPCG(seed, 1)), words: v, interests: v.Interests(), groups: 50}
}

// The towns of invented listings.
var towns = []struct {
	name              string
	at                directory.Position
	outcode, district string
}{
	{"Sale", directory.Position{Lat: 53.4245, Lon: -2.32}, "M33", "E08000009"},
	{"Leeds", directory.Position{Lat: 53.797, Lon: -1.543}, "LS1", "E08000035"},
	{"Cardiff", directory.Position{Lat: 51.481, Lon: -3.179}, "CF10", "W06000015"},
	{"Leith", directory.Position{Lat: 55.976, Lon: -3.17}, "EH6", "S12000036"},
	{"Newport", directory.Position{Lat: 51.584, Lon: -2.998}, "NP20", "W06000022"},
}

func (r *inventor) one(of ...string) string { return of[r.IntN(len(of))] }
func (r *inventor) in(percent int) bool     { return r.IntN(100) < percent }

func (r *inventor) id(list string) string {
	terms := r.words.List(list)
	return terms[r.IntN(len(terms))].ID
}

// answers says yes or no of some features of a list.
func (r *inventor) answers(list string, most int) map[string]directory.Answer {
	m := map[string]directory.Answer{}
	for range r.IntN(most + 1) {
		m[r.id(list)] = directory.Answer{Answer: r.one(directory.Yes, directory.Yes, directory.Yes, directory.No)}
	}
	return m
}

// activity makes a published activity, as the directory would store it.
func (r *inventor) activity(n int, now time.Time) directory.Activity {
	town := towns[r.IntN(len(towns))]
	interest := r.interests[r.IntN(len(r.interests))]
	group := r.IntN(r.groups)
	checked := now.Add(-time.Duration(r.IntN(500*24)) * time.Hour).UTC().Truncate(time.Millisecond)
	a := directory.Activity{
		ID: fmt.Sprintf("00000000-0000-4000-8000-%012d", n), Group: fmt.Sprintf("00000000-0000-4000-9000-%012d", group),
		GroupName: fmt.Sprintf("%s Neighbours %d", town.name, group), Status: directory.StatusPublished, Created: checked, Updated: checked,
		Checked: directory.Checked{At: checked, By: "publisher", How: r.one("owner", "phone", "visit", "import")},
		Details: directory.Details{
			Title:       strings.TrimSpace(r.one("", "Monday ", "Friendly ", "Gentle ", "Community ") + interest.Label + r.one("", " group", " club", " for beginners", " and tea")),
			Summary:     r.one("Everybody is welcome.", "Come for a chat and a cup of tea.", "No experience needed.", "A small and friendly group."),
			Description: strings.Repeat(r.one("We meet in the hall. ", "Bring what you need; we have spares. ", "Volunteers will show you round. "), 1+r.IntN(6)),
			Interests:   []string{interest.ID}, Delivery: []string{"venue"}, Access: r.answers(vocabulary.Access, 8),
			FirstVisit: &directory.FirstVisit{Facts: r.answers(vocabulary.FirstVisit, 8)},
		},
	}
	at := directory.Position{Lat: town.at.Lat + (r.Float64()-0.5)/4, Lon: town.at.Lon + (r.Float64()-0.5)/3}
	a.Venue = &directory.Venue{Name: r.one("St Mary's Hall", "The Library", "Community Centre"), Position: &at, Address: directory.Address{Town: town.name}}
	a.Located = &directory.Location{Position: at, Precision: directory.PrecisionPoint, Outcode: town.outcode, District: town.district, DistrictName: town.name}
	switch r.IntN(10) {
	case 0:
		a.Delivery = append(a.Delivery, "online")
	case 1:
		a.Delivery, a.Venue, a.Located = []string{r.one("online", "phone", "home")}, nil, nil
	}
	r.fill(&a, town.outcode, town.district)
	return a
}

// fill adds what a listing may leave out.
func (r *inventor) fill(a *directory.Activity, outcode, district string) {
	switch r.IntN(12) {
	case 0:
		a.Catchment = &directory.Catchment{Outcodes: []string{outcode}}
	case 1:
		a.Catchment = &directory.Catchment{Districts: []string{district}}
	case 2:
		a.Catchment = &directory.Catchment{Nationwide: true}
	case 3:
		if a.Venue != nil {
			a.Catchment = &directory.Catchment{RadiusMiles: 1 + r.Float64()*5}
		}
	}
	if r.in(85) {
		start := r.IntN(12) + 9
		a.Schedule = &directory.Schedule{Repeats: []directory.Repeat{{
			Every: "week", Days: []string{r.id(vocabulary.Day)}, Start: fmt.Sprintf("%02d:00", start), End: fmt.Sprintf("%02d:30", start+1),
		}}}
	}
	switch r.IntN(4) {
	case 0:
		a.Cost = &directory.Cost{Kind: "free"}
	case 1:
		a.Cost = &directory.Cost{Kind: "fixed", Pounds: float64(1 + r.IntN(12))}
	case 2:
		a.Cost = &directory.Cost{Kind: "donation"}
	}
	if r.in(40) {
		a.Audience = &directory.Audience{MadeFor: []string{r.id(vocabulary.Audience)}}
		if r.in(50) {
			a.Audience.OpenToAll = ref(true)
		}
		if r.in(50) {
			a.Audience.MinAge = ref(r.IntN(60))
		}
	}
	if r.in(50) {
		a.Languages = []string{r.one("en", "en", "cy", "pl", "ur")}
	}
	if r.in(60) {
		a.FirstVisit.GroupTypical = 3 + r.IntN(30)
		a.FirstVisit.Commitment = r.id(vocabulary.Commitment)
	}
	if r.in(60) {
		a.FirstVisit.Structure, a.FirstVisit.Conversation = r.id(vocabulary.Structure), r.id(vocabulary.Conversation)
	}
	if r.in(50) {
		a.FirstVisit.Energy = r.id(vocabulary.Energy)
	}
	if r.in(50) {
		a.Joining = &directory.Joining{Places: &directory.Places{Status: r.id(vocabulary.Places)}, Referral: []string{r.id(vocabulary.Referral)}}
	}
	if r.in(10) {
		a.Welsh = &directory.Welsh{Title: "Grŵp " + a.Title, Summary: "Croeso i bawb."}
	}
}
