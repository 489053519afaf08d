package openactive

import (
	"slices"
	"strings"
	"time"

	"gather/directory"
	"gather/directory/vocabulary"
)

// Mapping turns activities into OpenActive's objects. It is immutable, and its
// results depend only on its arguments.
type Mapping struct {
	words  *vocabulary.Vocabulary
	labels map[string]string
	// base is the public address, and page returns the address of the page about
	// an activity.
	base string
	page func(id string) string
}

// NewMapping makes a Mapping with ids below base, the public address without a
// slash at its end. page returns the web address of an activity that has no
// website.
func NewMapping(words *vocabulary.Vocabulary, base string, page func(id string) string) (*Mapping, error) {
	l, err := labels()
	return &Mapping{words: words, labels: l, base: base, page: page}, err
}

// Series maps an activity that was written at this time to a SessionSeries. It
// returns false for one that is not for OpenActive: nil, not public, without an
// activity of the official list, or without what OpenActive requires, which is a
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
		AccessibilitySupport: m.support(a), AccessibilityInformation: m.accessText(a),
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

// categories are the labels of all interests, including those that are not in the
// official list.
func (m *Mapping) categories(a *directory.Activity) []string {
	var out []string
	for _, id := range a.Interests {
		if i, ok := m.words.Interest(id); ok {
			out = append(out, i.Label)
		}
	}
	return out
}

// place is the venue. The address is left out unless every part that OpenActive
// requires is known, and so is a position that is only that of a postcode
// district.
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

// offers are the prices. A donation is a price of 0.
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

// gender is the restriction to men or to women, of an activity that was made for
// them and is not open to all.
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

// accessText is a text with all of a's answers about access.
func (m *Mapping) accessText(a *directory.Activity) string {
	var texts []string
	for _, t := range m.words.List(vocabulary.Access) {
		answer, ok := a.Access[t.ID]
		if !ok {
			continue
		}
		text := t.Label + ": " + answer.Answer
		if answer.Note != "" {
			text += " (" + answer.Note + ")"
		}
		texts = append(texts, text+".")
	}
	return strings.Join(texts, " ")
}
