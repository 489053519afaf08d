package segment

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"time"

	"gather/directory"
	"gather/directory/gazetteer"
	"gather/directory/vocabulary"
	"gather/search"
	"gather/search/calendar"
	"gather/search/language"
)

// Facts are what is kept of one listing: its brief as JSON, and what ordering,
// facets and exact checks need. They never change once made.
type Facts struct {
	ID, Group string
	// Brief is the listing in brief as JSON, and what differs in Welsh.
	Brief Brief
	// Names of the listing and of its group, for completions; SortTitle is the
	// folded title.
	Title, TitleCy, GroupName, SortTitle string
	Updated                              time.Time
	Checked                              directory.Checked

	// At is where the venue is, if HasVenue; Precise, whether that is known to
	// the street. Hall is true where a venue is named, known where or not, and
	// District its local authority district, if known: GSS code and name.
	At       directory.Position
	HasVenue bool
	Precise  bool
	Hall     bool
	District search.Labelled
	// Area are the codes of the area that it takes place in, where no more is
	// known, as terms; AreaName is what that is called.
	Area     []string
	AreaName string
	// Catchment is true where people must live somewhere: Lives says where, see
	// CatchmentTerms. Radius is how far, in miles, from Centre, or 0.
	Catchment bool
	Radius    float64
	Centre    directory.Position
	Lives     []string

	Delivery, Languages, Interests []string
	Access, FirstVisit             search.Said
	// Choices are what is stated of the choices that are matched by their ids
	// alone, each as its name and id.
	Choices []string
	// VisitStated counts what is stated of the first visit beside the facts that
	// are yes.
	VisitStated int
	// GroupSize is how many people come at most, 0 where not stated.
	GroupSize int
	// Open is true where anyone may come, MadeFor says for whom it is, and MinAge
	// and MaxAge are years, absent without a limit.
	Open           bool
	MadeFor        []string
	MinAge, MaxAge *int
	// CostKind is empty where the price, in pounds, is not stated.
	CostKind string
	Pounds   float64
	Places   string

	// Sessions are known until Horizon (wall minutes). Plan is what they are
	// computed from, as JSON.
	Sessions []calendar.Recurrence
	Horizon  int32
	Plan     string
	// Full is the whole listing, see SetFull; searches never read it.
	Full string
	// Tokens are the stems of all texts, see language.EncodeTokens.
	Tokens string
}

// Plan is what sessions are computed from.
type Plan struct {
	Schedule *directory.Schedule       `json:"s,omitempty"`
	Changes  []directory.SessionChange `json:"c,omitempty"`
}

// Encoder makes facts and documents of listings.
type Encoder struct {
	Vocabulary     *vocabulary.Vocabulary
	Places         *gazetteer.Gazetteer
	English, Plain language.Analyser
}

// Facts makes the facts of a published listing at now.
func (m Encoder) Facts(a *directory.Activity, now time.Time) (*Facts, error) {
	words := m.NewTokenCache().Passages(a)
	return m.FactsWith(a, &words, now)
}

// FactsWith makes the facts of a listing whose words have been read.
func (m Encoder) FactsWith(a *directory.Activity, words *[language.PartEnd]language.Passage, now time.Time) (*Facts, error) {
	access, visit := m.said(vocabulary.Access, a.Access), m.firstVisit(a.FirstVisit)
	f := &Facts{
		ID: a.ID, Group: a.Group, Title: a.Title, GroupName: a.GroupName, SortTitle: language.Fold(a.Title),
		Updated: a.Updated, Checked: a.Checked,
		Delivery: a.Delivery, Languages: a.Languages, Interests: a.Interests,
		Access: access, FirstVisit: visit.Said, Choices: statedChoices(a), VisitStated: visitStated(visit), GroupSize: groupSize(visit),
		Open: true, Hall: hall(a.Venue),
		Horizon: calendar.WallMinutes(now) + calendar.HorizonDays*calendar.DayMinutes, Tokens: language.EncodeTokens(words),
	}
	if a.Schedule != nil {
		p, err := json.Marshal(Plan{a.Schedule, a.SessionChanges})
		if err != nil {
			return nil, fmt.Errorf("keep the schedule of activity %s: %w", a.ID, err)
		}
		f.Sessions, f.Plan = calendar.Recurrences(calendar.Upcoming(a, now)), string(p)
	}
	if a.Welsh != nil {
		f.TitleCy = a.Welsh.Title
	}
	if j := a.Joining; j != nil && j.Places != nil {
		f.Places = j.Places.Status
	}
	if who := a.Audience; who != nil {
		f.Open, f.MadeFor, f.MinAge, f.MaxAge = who.Open(), who.MadeFor, who.MinAge, who.MaxAge
	}
	if a.Cost != nil {
		f.CostKind, f.Pounds = a.Cost.Kind, a.Cost.Pounds
	}
	m.locate(f, a)
	m.catchment(f, a)
	var err error
	if f.Brief, err = m.brief(a, access, visit); err != nil {
		return nil, fmt.Errorf("write activity %s in brief: %w", a.ID, err)
	}
	return f, nil
}

// hall reports whether a venue is named, so that somebody knows where to go.
func hall(v *directory.Venue) bool {
	return v != nil && (v.Area == nil || v.Name != "" || v.Address.Street != "")
}

// locate sets where the venue is, as far as it is known.
func (m Encoder) locate(f *Facts, a *directory.Activity) {
	if a.Venue != nil && a.Venue.Area != nil {
		m.locateArea(f, a.Venue.Area)
		return
	}
	if a.Venue == nil || a.Located == nil {
		return
	}
	f.At, f.HasVenue = roundedPosition(a.Located.Position), true
	f.Precise = a.Located.Precision == directory.PrecisionPoint || a.Located.Precision == directory.PrecisionUnit
	if d := a.Located.District; d != "" {
		f.District = search.Labelled{ID: d, Label: cmp.Or(a.Located.DistrictName, d)}
	}
}

// locateArea sets the area that something takes place in, and its district where
// all of it lies in one.
func (m Encoder) locateArea(f *Facts, area *directory.VenueArea) {
	f.Area, f.AreaName = codeTerms(area.Outcodes, area.Districts), area.Name
	districts := slices.Clone(area.Districts)
	for _, code := range area.Outcodes {
		loc, err := m.Places.Outcode(code)
		if err != nil {
			return // of Northern Ireland, whose outcodes are not known
		}
		districts = append(districts, loc.District)
	}
	if districts = slices.Compact(districts); len(districts) == 1 && districts[0] != "" {
		name, _ := m.Places.District(districts[0])
		f.District = search.Labelled{ID: districts[0], Label: cmp.Or(name, districts[0])}
	}
}

// visitStated counts what is stated of a first visit beside the facts that are
// yes: what is denied counts too, so that one number says how much is stated.
func visitStated(v search.FirstVisitBrief) int {
	n := len(v.No)
	for _, stated := range []bool{v.GroupTypical+v.GroupMax > 0, v.Commitment != "", v.Structure != "", v.ContactFirst != ""} {
		if stated {
			n++
		}
	}
	return n
}

// groupSize is how many people come at most, 0 where not stated. A group said
// to be small has six or fewer, as the vocabulary defines it.
func groupSize(v search.FirstVisitBrief) int {
	switch {
	case v.GroupMax > 0:
		return v.GroupMax
	case v.GroupTypical > 0:
		return v.GroupTypical
	case slices.Contains(v.Yes, "small-group"):
		return 6
	}
	return 0
}

// Price is the usual price in pounds, and whether it is stated. A donation is
// asked of nobody: it counts as nothing.
func (f *Facts) Price() (float64, bool) {
	if f.CostKind == "fixed" {
		return f.Pounds, true
	}
	return 0, f.CostKind != ""
}

// PlotsPerDegree is how finely positions are kept: to about a centimetre, so
// that both coordinates of a place take eight bytes.
const PlotsPerDegree = 1e7

// roundedPosition is p as it is kept.
func roundedPosition(p directory.Position) directory.Position {
	return directory.Position{Lat: float64(ToPlot(p.Lat)) / PlotsPerDegree, Lon: float64(ToPlot(p.Lon)) / PlotsPerDegree}
}

// ToPlot is a coordinate in degrees as columns keep it.
func ToPlot(degrees float64) int32 { return int32(math.Round(degrees * PlotsPerDegree)) }

// catchment sets where people must live.
func (m Encoder) catchment(f *Facts, a *directory.Activity) {
	k := a.Catchment
	f.Catchment = k != nil
	if k != nil {
		f.Lives = CatchmentTerms(k)
	}
	if k == nil || k.RadiusMiles == 0 {
		return
	}
	f.Radius = k.RadiusMiles
	if k.Around != "" {
		if loc, err := m.Places.Sector(k.Around); err == nil {
			f.Centre = loc.Position
			return
		}
	}
	if a.Located != nil {
		f.Centre = a.Located.Position
	}
}

// Covers reports whether p lies in the radius of f, which has one.
func (f *Facts) Covers(p directory.Position) bool { return f.Centre.Miles(p) <= f.Radius }

// The terms that stand for no limit, and a radius to check.
const (
	TermOpen   = "*open"
	TermRadius = "*radius"
)

// CatchmentTerms say where people must live: what the searcher's place must
// share with them. A radius is checked by its distance.
func CatchmentTerms(k *directory.Catchment) []string {
	switch {
	case k == nil || k.Nationwide:
		return []string{TermOpen}
	case k.RadiusMiles > 0:
		return []string{TermRadius}
	}
	return codeTerms(k.Outcodes, k.Districts)
}

// codeTerms are outcodes and districts as terms.
func codeTerms(outcodes, districts []string) []string {
	var terms []string
	for _, o := range outcodes {
		terms = append(terms, "outcode "+o)
	}
	for _, d := range districts {
		terms = append(terms, "district "+d)
	}
	return terms
}

// TermsOf are the terms of catchments and areas that hold a place.
func TermsOf(place *directory.Location) []string {
	var terms []string
	if place.Outcode != "" {
		terms = append(terms, "outcode "+place.Outcode)
	}
	if place.District != "" {
		terms = append(terms, "district "+place.District)
	}
	return terms
}

// NewTokenCache makes a cache for one goroutine that encodes listings.
func (m Encoder) NewTokenCache() *language.TokenCache {
	return language.NewTokenCache(m.Vocabulary, m.English, m.Plain)
}

// Changes are the listing's session changes, which only a session that has one
// needs.
func (f *Facts) Changes(o calendar.Occurrence) []directory.SessionChange {
	if !o.Changed() {
		return nil
	}
	var p Plan
	// This process or an earlier one packed it, and its checksum was checked when
	// the index was opened.
	if err := json.Unmarshal([]byte(f.Plan), &p); err != nil {
		return nil
	}
	return p.Changes
}
