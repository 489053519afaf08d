package listings

import (
	"slices"

	"gather/directory"
	"gather/directory/gazetteer/grid"
)

// CostSteps are the prices in pounds that the cost facet of Gather counts.
var CostSteps = [4]float64{0, 2, 5, 10}

// Row is what an engine needs of a listing to answer the questions, as columns of
// a table.
type Row struct {
	Number int
	ID     string
	Title  string
	// Venue is whether it is at a venue; Position and the National Grid's East
	// and North, in metres, are where.
	Venue       bool
	Position    directory.Position
	East, North float64
	// Access has bit i set when feature i of the vocabulary is a yes, Days bit
	// i for the days of the week from Monday.
	Access uint64
	Days   uint8
	// Pounds is the price, -1 where it is not stated, 0 for a donation.
	Pounds float64
	// Interests are indexes into Interests of Facts, broader ones included.
	Interests []int
	// Catchment are the outcodes and districts of which a searcher must live in
	// one, nil where anyone may come; Radius is in metres around the centre, 0
	// without.
	Catchment                             []string
	Radius, CentreEast, CentreNorth       float64
	Centre                                directory.Position
	Updated                               int64 // Unix milliseconds
	TitleText, LabelText, BriefText, Body string
	// Plain has the words that a misspelt word may be corrected to.
	Plain string
}

// Facts turns listings into rows.
type Facts struct {
	// Access and Interests are the ids in the order of their indexes.
	Access, Interests []string

	g        *Generator
	interest map[string]int
	rollup   map[string][]int // by interest
}

// NewFacts returns the Facts of the listings of g.
func NewFacts(g *Generator) *Facts {
	f := &Facts{g: g, interest: map[string]int{}, rollup: map[string][]int{}}
	for _, t := range g.access {
		f.Access = append(f.Access, t.ID)
	}
	for i, t := range g.Words.Interests() {
		f.Interests = append(f.Interests, t.ID)
		f.interest[t.ID] = i
	}
	for _, id := range f.Interests {
		for _, b := range append([]string{id}, g.Words.Broader(id)...) {
			f.rollup[id] = append(f.rollup[id], f.interest[b])
		}
	}
	return f
}

// Interest returns the index of an interest.
func (f *Facts) Interest(id string) int { return f.interest[id] }

// Row returns the row of a listing.
func (f *Facts) Row(a directory.Activity) Row {
	r := Row{Number: Number(a.ID), ID: a.ID, Title: a.Title, Pounds: -1, Updated: a.Updated.UnixMilli()}
	if a.Venue != nil && a.Located != nil {
		r.Venue, r.Position = true, a.Located.Position
		r.East, r.North = grid.FromWGS84(r.Position)
	}
	for i, id := range f.Access {
		if a.Access[id].Answer == directory.Yes {
			r.Access |= 1 << i
		}
	}
	if a.Schedule != nil {
		for _, rep := range a.Schedule.Repeats {
			for _, day := range rep.Days {
				r.Days |= 1 << slices.Index(dayIDs, day)
			}
		}
	}
	if c := a.Cost; c != nil {
		if r.Pounds = 0; c.Kind == "fixed" {
			r.Pounds = c.Pounds
		}
	}
	for _, id := range a.Interests {
		for _, i := range f.rollup[id] {
			if !slices.Contains(r.Interests, i) {
				r.Interests = append(r.Interests, i)
			}
		}
	}
	f.catchment(&r, a)
	f.texts(&r, a)
	return r
}

func (f *Facts) catchment(r *Row, a directory.Activity) {
	k := a.Catchment
	switch {
	case k == nil || k.Nationwide:
	case k.RadiusMiles > 0:
		// Searches use the centre of the sector too: the postcode may be a home.
		loc, err := f.g.Places.Sector(k.Around)
		if err != nil {
			panic("listings: a catchment's postcode is not found: " + err.Error()) // it came from the gazetteer
		}
		r.Radius, r.Centre = k.RadiusMiles*directory.MetresPerMile, loc.Position
		r.CentreEast, r.CentreNorth = grid.FromWGS84(loc.Position)
	default:
		r.Catchment = append(append([]string{}, k.Outcodes...), k.Districts...)
	}
}

// texts sets the searched texts, one for each weight.
func (f *Facts) texts(r *Row, a directory.Activity) {
	var labels, others, broader string
	own := a.Interests
	add := func(to *string, words ...string) {
		for _, w := range words {
			*to += w + " "
		}
	}
	for _, id := range own {
		t, _ := f.g.Words.Interest(id)
		add(&labels, t.Label, t.LabelCy)
		add(&others, t.Words...)
		add(&others, t.WordsCy...)
	}
	for _, i := range r.Interests {
		if id := f.Interests[i]; !slices.Contains(own, id) {
			t, _ := f.g.Words.Interest(id)
			add(&broader, t.Label, t.LabelCy)
		}
	}
	venue := ""
	if v := a.Venue; v != nil {
		venue = v.Name + " " + v.Address.Street + " " + v.Address.Locality + " " + v.Address.Town
	}
	r.TitleText = a.Title
	r.LabelText = labels + others
	r.BriefText = a.Summary + " " + a.GroupName + " " + venue
	r.Body = broader + a.Description
	r.Plain = a.Title + " " + a.GroupName + " " + a.Summary + " " + labels + others + venue
}
