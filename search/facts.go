package search

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"gather/directory"
	"gather/directory/gazetteer"
	"gather/directory/vocabulary"
)

// facts are what is kept in memory of one listing: what an item shows, and
// what ordering, facets and exact checks need. They never change once made.
type facts struct {
	// At is where the venue is, if HasVenue; Precise, whether that is known to
	// the street.
	At       directory.Position `json:"at"`
	HasVenue bool               `json:"has_venue,omitempty"`
	Precise  bool               `json:"precise,omitempty"`
	// Catchment is true where people must live somewhere; Radius is how far,
	// in miles, from Centre, or 0.
	Catchment bool               `json:"catchment,omitempty"`
	Radius    float64            `json:"radius,omitempty"`
	Centre    directory.Position `json:"centre"`
	Checked   directory.Checked  `json:"checked"`
	// Sessions are known until Horizon (wall minutes).
	Sessions []occurrence              `json:"sessions,omitempty"`
	Changes  []directory.SessionChange `json:"changes,omitempty"`
	Horizon  int32                     `json:"horizon"`
	// SortTitle is the folded title.
	SortTitle string   `json:"sort_title"`
	TitleCy   string   `json:"title_cy,omitempty"`
	SummaryCy string   `json:"summary_cy,omitempty"`
	Interests []string `json:"interests,omitempty"`
	// Item is the item without what depends on the question.
	Item Item `json:"item"`
}

// maker makes facts and documents of listings.
type maker struct {
	words  *vocabulary.Vocabulary
	places *gazetteer.Gazetteer
}

// facts makes the facts of a published listing at now.
func (m maker) facts(a *directory.Activity, now time.Time) *facts {
	f := &facts{
		Item: Item{
			ID: a.ID, Title: a.Title, Summary: a.Summary, Group: a.Group, GroupName: a.GroupName,
			Delivery: a.Delivery, Languages: a.Languages, Updated: a.Updated, Change: a.Change,
			Access: m.said(vocabulary.Access, a.Access), Venue: venueBrief(a), Cost: costBrief(a.Cost),
			FirstVisit: m.firstVisit(a.FirstVisit), Audience: audienceBrief(a.Audience),
		},
		SortTitle: fold(a.Title), Interests: a.Interests, Checked: a.Checked,
		Sessions: occurrences(a, now), Changes: a.SessionChanges,
		Horizon: wallMinutes(now) + horizonDays*dayMinutes,
	}
	if a.Welsh != nil {
		f.TitleCy, f.SummaryCy = a.Welsh.Title, a.Welsh.Summary
	}
	if j := a.Joining; j != nil && j.Places != nil {
		f.Item.Places = j.Places.Status
	}
	if a.Venue != nil && a.Located != nil {
		at := a.Located.Position
		f.At, f.HasVenue, f.Item.Position = at, true, &at
		f.Precise = a.Located.Precision == directory.PrecisionPoint || a.Located.Precision == directory.PrecisionUnit
	}
	m.catchment(f, a)
	return f
}

// catchment sets where people must live.
func (m maker) catchment(f *facts, a *directory.Activity) {
	k := a.Catchment
	f.Catchment = k != nil
	if k == nil || k.RadiusMiles == 0 {
		return
	}
	f.Radius = k.RadiusMiles
	if k.Around != "" {
		if loc, err := m.places.Postcode(k.Around); err == nil {
			f.Centre = loc.Position
			return
		}
	}
	if a.Located != nil {
		f.Centre = a.Located.Position
	}
}

// covers reports whether p lies in the radius of f, which has one.
func (f *facts) covers(p directory.Position) bool { return f.Centre.Miles(p) <= f.Radius }

// rollup answers interests and all broader ones, each once.
func (m maker) rollup(interests []string) []string {
	var all []string
	for _, id := range interests {
		for _, id := range append([]string{id}, m.words.Broader(id)...) {
			if !slices.Contains(all, id) {
				all = append(all, id)
			}
		}
	}
	return all
}

// said sorts answers into yes and no, in the order of their list.
func (m maker) said(list string, answers map[string]directory.Answer) Said {
	var s Said
	if len(answers) == 0 {
		return s
	}
	for _, t := range m.words.List(list) {
		switch answers[t.ID].Answer {
		case directory.Yes:
			s.Yes = append(s.Yes, t.ID)
		case directory.No:
			s.No = append(s.No, t.ID)
		}
	}
	return s
}

func (m maker) firstVisit(v *directory.FirstVisit) FirstVisitBrief {
	if v == nil {
		return FirstVisitBrief{}
	}
	return FirstVisitBrief{
		Said: m.said(vocabulary.FirstVisit, v.Facts), GroupTypical: v.GroupTypical, GroupMax: v.GroupMax,
		Commitment: v.Commitment, Structure: v.Structure, ContactFirst: v.ContactFirst,
	}
}

func venueBrief(a *directory.Activity) *VenueBrief {
	if a.Venue == nil {
		return nil
	}
	v := &VenueBrief{Name: a.Venue.Name, Town: a.Venue.Address.Town}
	if a.Located != nil {
		v.Outcode, v.District, v.DistrictName = a.Located.Outcode, a.Located.District, a.Located.DistrictName
	}
	return v
}

func costBrief(c *directory.Cost) *CostBrief {
	if c == nil {
		return nil
	}
	return &CostBrief{Kind: c.Kind, Pounds: c.Pounds, PoundsTo: c.PoundsTo, Per: c.Per, ConcessionPounds: c.ConcessionPounds, HelpWithCost: c.HelpWithCost}
}

func audienceBrief(a *directory.Audience) *AudienceBrief {
	if a == nil {
		return nil
	}
	return &AudienceBrief{MinAge: a.MinAge, MaxAge: a.MaxAge, MadeFor: a.MadeFor, OpenToAll: a.Open()}
}

// groupSize is how many people come at most, 0 where not stated. A group said
// to be small has six or fewer, as the vocabulary defines it.
func (f *facts) groupSize() int {
	v := f.Item.FirstVisit
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

// price is the usual price in pounds, and whether it is stated. A donation is
// asked of nobody: it counts as nothing.
func (f *facts) price() (float64, bool) {
	c := f.Item.Cost
	switch {
	case c == nil:
		return 0, false
	case c.Kind == "fixed":
		return c.Pounds, true
	}
	return 0, true
}

// The terms that stand for no limit, nothing stated, and a radius to check.
const (
	termOpen     = "*open"
	termUnstated = "*unstated"
	termRadius   = "*radius"
)

// catchmentTerms are the terms of fieldCatchment: what the searcher's place
// must share with it. A radius is checked against the facts.
func catchmentTerms(k *directory.Catchment) []string {
	switch {
	case k == nil || k.Nationwide:
		return []string{termOpen}
	case k.RadiusMiles > 0:
		return []string{termRadius}
	}
	var terms []string
	for _, o := range k.Outcodes {
		terms = append(terms, "outcode "+o)
	}
	for _, d := range k.Districts {
		terms = append(terms, "district "+d)
	}
	return terms
}

// document makes what Bleve indexes of a listing with these facts.
func (m maker) document(a *directory.Activity, f *facts) (map[string]any, error) {
	activity, err := json.Marshal(a)
	if err != nil {
		return nil, fmt.Errorf("index activity %s: %w", a.ID, err)
	}
	kept, err := json.Marshal(f)
	if err != nil {
		return nil, fmt.Errorf("index activity %s: %w", a.ID, err)
	}
	doc := map[string]any{
		fieldActivity: string(activity), fieldFacts: string(kept),
		fieldGroup: a.Group, fieldInterest: m.rollup(a.Interests), fieldDelivery: a.Delivery,
		fieldAccessYes: f.Item.Access.Yes, fieldAccessNo: f.Item.Access.No,
		fieldFirst: f.Item.FirstVisit.Yes, fieldCommitment: f.Item.FirstVisit.Commitment,
		fieldPlaces: f.Item.Places, fieldCatchment: catchmentTerms(a.Catchment),
		fieldChecked: float64(a.Checked.At.Unix()),
		fieldMinAge:  float64(0), fieldMaxAge: float64(MaxAge),
		fieldAudience: []string{termOpen}, fieldLanguage: []string{termUnstated},
	}
	if len(a.Languages) > 0 {
		doc[fieldLanguage] = a.Languages
	}
	if who := a.Audience; who != nil {
		made := slices.Clone(who.MadeFor)
		if who.Open() {
			made = append(made, termOpen)
		}
		doc[fieldAudience] = made
		if who.MinAge != nil {
			doc[fieldMinAge] = float64(*who.MinAge)
		}
		if who.MaxAge != nil {
			doc[fieldMaxAge] = float64(*who.MaxAge)
		}
	}
	if price, ok := f.price(); ok {
		doc[fieldPounds] = price
	}
	if n := f.groupSize(); n > 0 {
		doc[fieldGroupSize] = float64(n)
	}
	if f.HasVenue {
		doc[fieldAt] = map[string]any{"lat": f.At.Lat, "lon": f.At.Lon}
	}
	if v := f.Item.Venue; v != nil {
		doc[fieldDistrict] = v.District
	}
	m.sessionTerms(doc, f)
	m.texts(doc, a)
	return doc, nil
}

func (m maker) sessionTerms(doc map[string]any, f *facts) {
	starts := make([]string, len(f.Sessions))
	var dates []string
	for i, o := range f.Sessions {
		starts[i] = sessionTerm(o.start())
		if date := dateTerm(o.start()); len(dates) == 0 || dates[len(dates)-1] != date {
			dates = append(dates, date)
		}
	}
	doc[fieldSession], doc[fieldDate] = starts, dates
}

// texts adds the fields that words are looked for in.
func (m maker) texts(doc map[string]any, a *directory.Activity) {
	var labels, others, broader []string
	for _, id := range a.Interests {
		if t, ok := m.words.Interest(id); ok {
			labels = append(labels, t.Label, t.LabelCy)
			others = append(others, slices.Concat(t.Words, t.WordsCy)...)
		}
	}
	for _, id := range m.rollup(a.Interests) {
		if t, ok := m.words.Interest(id); ok && !slices.Contains(a.Interests, id) {
			broader = append(broader, t.Label, t.LabelCy)
		}
	}
	var venue []string
	if v := a.Venue; v != nil {
		venue = []string{v.Name, v.Address.Street, v.Address.Locality, v.Address.Town}
	}
	body := []string{a.Description}
	if a.FirstVisit != nil {
		body = append(body, a.FirstVisit.WhatToExpect)
	}
	plain := slices.Concat([]string{a.Title, a.GroupName, a.Summary}, labels, others, venue)
	if cy := a.Welsh; cy != nil {
		plain = append(plain, cy.Title, cy.Summary, cy.Description, cy.WhatToExpect)
	}
	for name, parts := range map[string][]string{
		fieldTitle: {a.Title}, fieldGroupName: {a.GroupName}, fieldLabels: labels, fieldWords: others, fieldBroader: broader,
		fieldSummary: {a.Summary}, fieldBody: body, fieldVenue: venue, fieldPlain: plain,
	} {
		// A full stop between parts keeps them apart as sentences would be.
		doc[name] = fold(strings.Join(parts, " . "))
	}
}
