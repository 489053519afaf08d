package demo

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"gather/directory"
)

// writer makes the listings of one town.
type writer struct {
	town   town
	anchor time.Time // the Monday of the current week, in London
	now    time.Time
}

// hosts are the invented first names of hosts.
var hosts = []string{"Maureen", "Sanjay", "Pat", "Dilys", "Winston", "Agnieszka", "Bev", "Tariq", "Elin", "Gareth", "Joyce", "Femi", "Ruth", "Col", "Nasreen", "Huw"}

// listing returns the nth listing of kind k in the town. Its random choices are
// seeded by town, kind and n, so that it is the same each time.
func (w *writer) listing(k kind, n int) (directory.Listing, error) {
	seed := fnv.New64a()
	fmt.Fprintf(seed, "%s %s %d", w.town.key, k.key, n)
	r := rand.New(rand.NewPCG(seed.Sum64(), 0))
	d := directory.Details{Delivery: k.delivery, Interests: k.interests, Cost: k.cost}
	var v *venue
	if len(k.where) > 0 {
		v = w.pick(k.where[n%len(k.where)], r)
		d.Delivery = []string{"venue"}
		d.Venue = w.venue(*v, k, r)
	}
	schedule, err := w.schedule(k, n, r)
	if err != nil {
		return directory.Listing{}, fmt.Errorf("%s: %w", k.key, err)
	}
	d.Schedule = schedule
	host := hosts[r.IntN(len(hosts))]
	fill := w.filler(v, schedule, host)
	d.Title = fill(k.titles[n%len(k.titles)])
	d.Summary, d.Description = k.summary, fill(k.about)
	d.Website = "https://example.org/" + slug(d.Title)
	if k.delivery != nil && k.delivery[0] == "online" {
		d.Online = &directory.Online{Platform: "Zoom", URL: d.Website + "/join", Note: "The link comes by e-mail the day before"}
	}
	d.Catchment = w.catchment(k)
	d.Audience = audience(k)
	d.Languages = w.languages(k)
	d.Contacts = w.contacts(k, host, r)
	d.Joining = w.joining(k, d, r)
	d.Source = &directory.Source{
		Name: sourceName, ID: fmt.Sprintf("%s/%s/%d", w.town.key, k.key, n+1),
		Attribution: "Invented for demonstration: this activity does not exist",
	}
	if sparse := r.IntN(10) == 0; !sparse {
		d.Access = access(k, v, r)
		d.FirstVisit = w.firstVisit(k, v, fill, r)
		d.Safeguarding = safeguarding(k, r)
	}
	if w.town.nation == "cy" {
		d.Welsh = w.welsh(k, d, fill)
	}
	return directory.Listing{Details: d, Confirmed: w.confirmed(r)}, nil
}

// confirmed returns when a listing was last confirmed: most in the last 8 weeks,
// a fifth 2 to 6 months ago, a tenth 6 to 14 months ago.
func (w *writer) confirmed(r *rand.Rand) time.Time {
	days := r.IntN(55)
	switch r.IntN(10) {
	case 0, 1:
		days = 60 + r.IntN(120)
	case 2:
		days = 180 + r.IntN(240)
	}
	return w.now.UTC().Truncate(24*time.Hour).AddDate(0, 0, -days-1)
}

// filler returns a function that replaces the placeholders of a text; see kind.
func (w *writer) filler(v *venue, s *directory.Schedule, host string) func(string) string {
	place, name := w.town.name, ""
	if v != nil {
		name = v.name
		if v.locality != "" {
			place = v.locality
		}
	}
	return strings.NewReplacer("{town}", place, "{venue}", name, "{day}", dayName(s), "{host}", host).Replace
}

// slug returns a title as the last part of a web address.
func slug(title string) string {
	var b strings.Builder
	for _, c := range strings.ToLower(title) {
		switch {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
			b.WriteRune(c)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	return strings.Trim(b.String(), "-")
}

// pick returns a random venue of this sort, or a hall in a town without one.
func (w *writer) pick(s spot, r *rand.Rand) *venue {
	var fit []int
	for i, v := range w.town.venues {
		if v.spot == s {
			fit = append(fit, i)
		}
	}
	if len(fit) == 0 {
		return w.pick(hall, r)
	}
	return &w.town.venues[fit[r.IntN(len(fit))]]
}

func (w *writer) venue(v venue, k kind, r *rand.Rand) *directory.Venue {
	place := v.locality
	if place == "" {
		place = w.town.name
	}
	out := &directory.Venue{Name: v.name, Address: directory.Address{Street: v.street, Town: place, Postcode: v.postcode}}
	g := &directory.GettingThere{Stop: place + " " + w.town.stop, StopMetres: v.metres, Parking: v.parking}
	if v.routeYes {
		g.StepFreeRoute = directory.Yes
	} else if r.IntN(3) == 0 {
		g.StepFreeRoute = directory.No
	}
	if v.litYes {
		g.LitAfterDark = directory.Yes
	}
	if slices.Contains(k.access, "help-with-transport") {
		g.CommunityTransport = directory.Yes
		g.Note = "Ring by noon the day before and the minibus will come to your door."
	}
	if r.IntN(6) > 0 { // some say nothing about the way
		out.GettingThere = g
	}
	return out
}

func (w *writer) schedule(k kind, n int, r *rand.Rand) (*directory.Schedule, error) {
	s, err := readTimes(k.times[n%len(k.times)], w.anchor)
	if err != nil {
		return nil, err
	}
	if s == nil {
		if k.note == "" {
			return nil, nil
		}
		return &directory.Schedule{Note: k.note}, nil
	}
	s.Note = k.note
	if k.termTime {
		s.TermTime, s.Pauses = true, schoolHolidays()
	}
	if from, until, ok := strings.Cut(k.season, " "); ok {
		s.Pauses = append(s.Pauses, directory.Pause{From: from, Until: until, Reason: "season"})
	}
	if len(s.Repeats) == 0 {
		return s, nil
	}
	one := &s.Repeats[0]
	switch r.IntN(12) {
	case 0: // closed for two weeks, as when the hall is painted
		s.Pauses = append(s.Pauses, directory.Pause{From: w.day(49), Until: w.day(62), Reason: "other"})
	case 1: // cancelled on single days, as when the hall is let for a wedding
		s.Except = []string{w.day(28), w.day(29), w.day(30)}
	case 2: // an extra date
		s.Dates = []directory.SessionDate{{Date: w.day(33), Start: "15:00", End: "17:00"}}
		s.Note = strings.TrimSpace(s.Note + " An extra afternoon with cake once a season.")
	case 3:
		if one.Interval < 2 {
			one.From = w.day(-300)
		}
		one.Until = w.day(300)
	}
	return s, nil
}

// day returns the date n days after the anchor, in directory.DateLayout.
func (w *writer) day(n int) string { return w.anchor.AddDate(0, 0, n).Format(directory.DateLayout) }

func (w *writer) catchment(k kind) *directory.Catchment {
	switch k.catchment {
	case "nationwide":
		return &directory.Catchment{Nationwide: true}
	case "district":
		return &directory.Catchment{Districts: []string{w.town.district}}
	case "outcodes":
		return &directory.Catchment{Outcodes: w.town.outcodes}
	case "radius":
		return &directory.Catchment{RadiusMiles: 5}
	}
	return nil
}

func audience(k kind) *directory.Audience {
	if len(k.made) == 0 && k.ages == [2]int{} {
		return nil
	}
	a := &directory.Audience{MadeFor: k.made}
	if len(k.made) > 0 {
		open := !k.closed
		a.OpenToAll = &open
		if open {
			a.Note = "Others are welcome too."
		}
	}
	if k.ages[0] > 0 {
		a.MinAge = &k.ages[0]
	}
	if k.ages[1] > 0 {
		a.MaxAge = &k.ages[1]
	}
	return a
}

func (w *writer) languages(k kind) []string {
	switch {
	case len(k.languages) > 0 && w.town.nation == "cy" && !slices.Contains(k.languages, "cy"):
		return append([]string{"cy"}, k.languages...)
	case len(k.languages) > 0:
		return k.languages
	case w.town.nation == "cy":
		return []string{"cy", "en"}
	}
	return []string{"en"}
}

// contacts returns a public contact with a drama number or an example address,
// and for some listings a second one that is not public.
func (w *writer) contacts(k kind, host string, r *rand.Rand) []directory.Contact {
	number := func() string { return fmt.Sprintf("%s%03d", w.town.phone, r.IntN(1000)) }
	cs := []directory.Contact{{
		Role: "Host", Name: host, Phone: number(), Email: k.key + "." + w.town.key + "@example.org", Hours: "Weekdays, ten to four", Public: true,
	}}
	switch r.IntN(4) {
	case 0:
		cs[0].Email = ""
	case 1:
		cs[0].Phone, cs[0].Hours = "", ""
	case 2:
		cs = append(cs, directory.Contact{Role: "Treasurer", Phone: fmt.Sprintf("07700 900%03d", r.IntN(1000))})
	}
	return cs
}

func (w *writer) joining(k kind, d directory.Details, r *rand.Rand) *directory.Joining {
	j := &directory.Joining{How: k.how, Referral: k.refer}
	switch {
	case slices.Contains(k.how, "drop-in"):
		j.NeedsForm = directory.No
		j.Note = "Just come along; no need to tell us first."
	case slices.Contains(k.how, "book"):
		j.URL = d.Website + "/book"
		j.Note = "Book on the site, or ring and we will do it for you."
	case slices.Contains(k.how, "referral"):
		j.NeedsForm = directory.Yes
		j.Note = "One page, filled in with you on the phone."
	}
	if k.key == "job-club" || k.key == "befriending-home" {
		j.NeedsID = directory.Yes
	} else if r.IntN(3) == 0 {
		j.NeedsID = directory.No
	}
	p := &directory.Places{AsOf: w.day(-1 - r.IntN(20))}
	left := 1 + r.IntN(3)
	switch n := r.IntN(20); {
	case n < 9:
		p.Status = "open"
	case n < 12:
		p.Status, p.Available = "few", &left
	case n < 14 && !slices.Contains(k.how, "drop-in"):
		p.Status, p.WaitingWeeks = "waiting-list", 2+r.IntN(10)
		j.How = append(slices.Clone(j.How), "waiting-list")
		j.How = slices.Compact(j.How)
	case n == 14 && !slices.Contains(k.how, "drop-in"):
		p.Status = "full"
	default:
		return j
	}
	j.Places = p
	return j
}

// access combines the access features of the venue with those of the session
// itself; one listing in nine states none.
func access(k kind, v *venue, r *rand.Rand) map[string]directory.Answer {
	if r.IntN(9) == 0 {
		return nil
	}
	out := map[string]directory.Answer{}
	for _, id := range k.noAccess {
		out[id] = directory.Answer{Answer: directory.No}
	}
	if v != nil {
		for _, id := range v.no {
			out[id] = directory.Answer{Answer: directory.No, Note: noNotes[id]}
		}
		for _, id := range v.yes {
			if r.IntN(7) > 0 { // not everybody mentions everything
				out[id] = directory.Answer{Answer: directory.Yes, Note: yesNotes[id]}
			}
		}
	}
	for _, id := range k.access {
		out[id] = directory.Answer{Answer: directory.Yes, Note: yesNotes[id]}
	}
	return out
}

var yesNotes = map[string]string{
	"ramp": "Ramp at the side door; ring the bell", "lift": "The lift takes a wheelchair and one other", "hearing-loop": "Sit on the left for the best of it",
	"changing-places": "Radar key at the desk", "carer-free": "Bring one person free", "interpreter": "Tell us the language when you book",
	"bsl-interpreter": "Booked for every meeting", "help-with-transport": "Minibus within five miles",
}

var noNotes = map[string]string{
	"step-free": "Three steps at the door; two of us can help", "lift": "The room is up one flight of stairs", "accessible-toilet": "The nearest is in the library, two minutes away",
}
