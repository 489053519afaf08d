package openactive

import (
	"slices"
	"strings"
	"time"

	"gather/directory"
	"gather/directory/vocabulary"
)

// Mapping turns activities into OpenActive's objects. It never changes once
// made, and what it answers depends on nothing but what it is given.
type Mapping struct {
	words  *vocabulary.Vocabulary
	labels map[string]string
	// base is the public address, and page answers the address of the page
	// about an activity.
	base string
	page func(id string) string
}

// NewMapping makes a Mapping with ids below base, the public address without
// a slash at its end. page answers the web address of an activity that names
// no website of its own.
func NewMapping(words *vocabulary.Vocabulary, base string, page func(id string) string) (*Mapping, error) {
	l, err := labels()
	return &Mapping{words: words, labels: l, base: base, page: page}, err
}

// Series answers the SessionSeries that a is, as written at. It is false for
// an activity that is not for OpenActive: nil, one that is not public, one that
// is no activity of the official list, or that lacks what OpenActive demands: a
// venue with an address or a position, a price (free is one), and a time.
func (m *Mapping) Series(a *directory.Activity, at time.Time) (SessionSeries, bool) {
	if a == nil || !a.Published() || !a.Has("venue") || a.Venue == nil || a.Cost == nil || a.Schedule == nil {
		return SessionSeries{}, false
	}
	s := SessionSeries{
		Context: context, Type: "SessionSeries", ID: m.seriesID(a.ID), Identifier: a.ID, Name: a.Title,
		Description: join("\n\n", a.Summary, a.Description), URL: m.url(a), Activity: m.activities(a), Category: m.categories(a),
		Organizer: Organization{Type: "Organization", ID: m.base + "/openactive/organizations/" + a.Group, Name: a.GroupName},
		Location:  m.place(a), Offers: offers(a.Cost), IsAccessibleForFree: a.Cost.Kind != "fixed",
		EventAttendanceMode: "https://schema.org/OfflineEventAttendanceMode", EventSchedule: m.schedules(a, at), SchedulingNote: a.Schedule.Note,
		AgeRange: ages(a.Audience), GenderRestriction: gender(a.Audience),
		AccessibilitySupport: m.support(a), AccessibilityInformation: m.accessWords(a),
	}
	if a.Has("online") {
		s.EventAttendanceMode = "https://schema.org/MixedEventAttendanceMode"
	}
	if f := a.FirstVisit; f != nil {
		s.AttendeeInstructions, s.MaximumAttendeeCapacity = join("\n\n", f.WhatToExpect, f.ContactFirst), f.GroupMax
	}
	for _, x := range a.Images {
		s.Image = append(s.Image, ImageObject{Type: "ImageObject", URL: x.URL})
	}
	return s, len(s.Activity) > 0 && len(s.EventSchedule) > 0 && (s.Location.Address != nil || s.Location.Geo != nil)
}

func (m *Mapping) seriesID(id string) string { return m.base + SeriesPath + "/" + id }

func (m *Mapping) url(a *directory.Activity) string {
	if a.Website != "" {
		return a.Website
	}
	return m.page(a.ID)
}

func join(between string, texts ...string) string {
	return strings.Join(slices.DeleteFunc(texts, func(s string) bool { return s == "" }), between)
}

// categories are the labels of all interests, also of those that the official
// list does not have.
func (m *Mapping) categories(a *directory.Activity) []string {
	var out []string
	for _, id := range a.Interests {
		if i, ok := m.words.Interest(id); ok {
			out = append(out, i.Label)
		}
	}
	return out
}

// place is the venue. The address is left out unless every part that
// OpenActive demands is known, and the position where it is only that of a
// postcode district.
func (m *Mapping) place(a *directory.Activity) Place {
	v, at := a.Venue, a.Located
	p := Place{Type: "Place", ID: m.seriesID(a.ID) + "#place", Name: v.Name}
	for _, name := range []string{v.Address.Street, v.Address.Town, v.Address.Postcode, a.Title} {
		if p.Name == "" {
			p.Name = name
		}
	}
	x := PostalAddress{
		Type: "PostalAddress", StreetAddress: v.Address.Street, AddressLocality: v.Address.Town, AddressRegion: v.Address.County,
		PostalCode: v.Address.Postcode, AddressCountry: "GB",
	}
	if x.AddressLocality == "" {
		x.AddressLocality = v.Address.Locality
	}
	if at != nil && x.AddressRegion == "" {
		x.AddressRegion = at.DistrictName
	}
	if x.StreetAddress != "" && x.AddressLocality != "" && x.AddressRegion != "" && x.PostalCode != "" {
		p.Address = &x
	}
	if at != nil && (at.Precision == directory.PrecisionPoint || at.Precision == directory.PrecisionUnit || at.Precision == directory.PrecisionSector) {
		p.Geo = &GeoCoordinates{Type: "GeoCoordinates", Latitude: at.Lat, Longitude: at.Lon}
	}
	return p
}

// offers are the prices. What may be given freely is free.
func offers(c *directory.Cost) []Offer {
	offer := func(name string, pounds float64, note string) Offer {
		o := Offer{Type: "Offer", Name: name, Price: pounds, Description: note}
		if pounds > 0 {
			o.PriceCurrency = "GBP"
		}
		return o
	}
	switch c.Kind {
	case "free":
		return []Offer{offer("Free", 0, c.Note)}
	case "donation":
		return []Offer{offer("Donation", 0, join(" ", "Give what you like.", c.Note))}
	}
	per := c.Per
	if per == "" {
		per = "session"
	}
	out := []Offer{offer("Standard, per "+per, c.Pounds, c.Note)}
	if c.PoundsTo > c.Pounds {
		out = append(out, offer("Standard, per "+per+", at most", c.PoundsTo, c.Note))
	}
	if c.ConcessionPounds != nil {
		out = append(out, offer("Concession, per "+per, *c.ConcessionPounds, c.ConcessionFor))
	}
	return out
}

func ages(u *directory.Audience) *AgeRange {
	if u == nil || (u.MinAge == nil && u.MaxAge == nil) {
		return nil
	}
	return &AgeRange{Type: "QuantitativeValue", MinValue: u.MinAge, MaxValue: u.MaxAge}
}

// gender says whether only men or only women may come: where an activity was
// made for them and is not open to all.
func gender(u *directory.Audience) string {
	if !u.Open() {
		men, women := slices.Contains(u.MadeFor, "men"), slices.Contains(u.MadeFor, "women")
		switch {
		case men && !women:
			return context + "MaleOnly"
		case women && !men:
			return context + "FemaleOnly"
		}
	}
	return context + "NoRestriction"
}

// accessWords says in words what a answers about access.
func (m *Mapping) accessWords(a *directory.Activity) string {
	var said []string
	for _, t := range m.words.List(vocabulary.Access) {
		answer, ok := a.Access[t.ID]
		if !ok {
			continue
		}
		text := t.Label + ": " + answer.Answer
		if answer.Note != "" {
			text += " (" + answer.Note + ")"
		}
		said = append(said, text+".")
	}
	return strings.Join(said, " ")
}
