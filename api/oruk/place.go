package oruk

import (
	"cmp"
	"fmt"
	"strings"

	"gather/directory"
	"gather/directory/vocabulary"
)

// ways are the deliveries that have a location. Home visits have none: where
// they reach is a service area.
var ways = []string{"venue", "online", "phone"}

// locationID is the id of the service_at_location of an activity and way.
func locationID(activity, way string) string {
	return derived(activity, "service_at_location", way)
}

// Locations returns the places of a, without the service itself: its venue,
// online, the telephone.
func (m *Mapping) Locations(a *directory.Activity) []ServiceAtLocation {
	var out []ServiceAtLocation
	for _, way := range ways {
		if !a.Has(way) {
			continue
		}
		l := Location{ID: derived(a.ID, "location", way), LocationType: "virtual"}
		switch way {
		case "venue":
			m.venue(&l, a)
		case "online":
			l.Name = "Online"
			if o := a.Online; o != nil {
				l.Description, l.URL = o.Note, o.URL
				if o.Platform != "" {
					l.Name = "Online: " + o.Platform
				}
			}
		case "phone":
			l.Name = "By telephone"
		}
		out = append(out, ServiceAtLocation{ID: locationID(a.ID, way), ServiceID: a.ID, LocationID: l.ID, Location: l})
	}
	return out
}

func (m *Mapping) venue(l *Location, a *directory.Activity) {
	l.LocationType = "physical"
	if at := a.Located; at != nil && at.Position != (directory.Position{}) {
		l.Latitude, l.Longitude = &at.Lat, &at.Lon
		l.Description = roughly(at)
	}
	for _, x := range a.External {
		if strings.EqualFold(x.System, "uprn") {
			l.ExternalIdentifier, l.ExternalIdentifierType = x.Code, "UPRN"
		}
	}
	l.Accessibility = m.accessibility(l.ID, a)
	v := a.Venue
	if v == nil {
		return
	}
	l.Name = v.Name
	l.Transportation = transport(v.GettingThere)
	if v.Area != nil {
		english, _ := v.Area.Somewhere()
		l.Name, l.Description = cmp.Or(l.Name, english), "The place is not stated: it is "+english+"."
	}
	if x, ok := address(a); ok {
		x.ID, x.LocationID = derived(a.ID, "address", "venue"), l.ID
		l.Addresses = []Address{x}
	}
}

// roughly warns if a position is coarser than a building.
func roughly(at *directory.Location) string {
	switch at.Precision {
	case directory.PrecisionSector:
		return "The position is the middle of the postcode sector " + at.Sector + "."
	case directory.PrecisionOutcode:
		return "The position is the middle of the postcode district " + at.Outcode + "."
	}
	return ""
}

// address returns the venue's address, and whether it has every part that the
// standard requires. A missing town or county is filled from the local
// authority; a street or postcode is never invented.
func address(a *directory.Activity) (Address, bool) {
	v := a.Venue.Address
	x := Address{Address1: v.Street, City: v.Town, Region: v.Locality, StateProvince: v.County, PostalCode: v.Postcode, Country: "GB", AddressType: "physical"}
	if x.Address1 == "" {
		x.Address1 = a.Venue.Name
	}
	if x.City == "" {
		x.City, x.Region = v.Locality, ""
	}
	if at := a.Located; at != nil {
		for _, part := range []*string{&x.City, &x.StateProvince} {
			if *part == "" {
				*part = at.DistrictName
			}
		}
	}
	return x, x.Address1 != "" && x.City != "" && x.StateProvince != "" && x.PostalCode != ""
}

// transport is a text about how to get there.
func transport(g *directory.GettingThere) string {
	if g == nil {
		return ""
	}
	var texts []string
	if g.Stop != "" {
		stop := "Nearest stop: " + g.Stop
		if g.StopMetres > 0 {
			stop += fmt.Sprintf(" (%d metres)", g.StopMetres)
		}
		texts = append(texts, stop+".")
	}
	for _, x := range []struct{ answer, yes, no string }{
		{g.StepFreeRoute, "The way from there is step-free.", "The way from there has steps."},
		{g.CommunityTransport, "Community transport goes there.", "No community transport goes there."},
		{g.LitAfterDark, "The way is lit after dark.", "The way is not lit after dark."},
	} {
		switch x.answer {
		case directory.Yes:
			texts = append(texts, x.yes)
		case directory.No:
			texts = append(texts, x.no)
		}
	}
	if g.Parking != "" {
		texts = append(texts, "Parking: "+strings.TrimSuffix(g.Parking, ".")+".")
	}
	if g.Note != "" {
		texts = append(texts, g.Note)
	}
	return strings.Join(texts, " ")
}

// accessibility lists the access features that a answers, with yes or no.
func (m *Mapping) accessibility(location string, a *directory.Activity) []Accessibility {
	var out []Accessibility
	for _, code := range sortedKeys(a.Access) {
		answer, label := a.Access[code], code
		if t, ok := m.Taxonomies.words.Term(vocabulary.Access, code); ok {
			label = t.Label
		}
		text := label + ": " + answer.Answer
		full := text
		if answer.Note != "" {
			full += " (" + answer.Note + ")"
		}
		out = append(out, Accessibility{
			ID: derived(a.ID, "accessibility", code), LocationID: location,
			Description: text, Details: answer.Note, Accessibility: full,
		})
	}
	return out
}

// districtURI is where the Office for National Statistics describes the area
// with a GSS code.
const districtURI = "http://statistics.data.gov.uk/id/statistical-geography/"

// areas are the parts of the country that a is for, or else those in which it takes
// place, if no more is known. It is nil if a is for anyone.
func (m *Mapping) areas(a *directory.Activity) []ServiceArea {
	var out []ServiceArea
	add := func(key, name, uri string) {
		out = append(out, ServiceArea{ID: derived(a.ID, "area", key), ServiceID: a.ID, Name: name, ServiceArea: name, URI: uri})
	}
	codes := func(outcodes, districts []string) {
		for _, code := range outcodes {
			add(code, "Postcode district "+code, "")
		}
		for _, code := range districts {
			name, _ := m.Places.District(code)
			add(code, cmp.Or(name, code), districtURI+code)
		}
	}
	c := a.Catchment
	if c == nil {
		if v := a.Venue; v != nil && v.Area != nil {
			codes(v.Area.Outcodes, v.Area.Districts)
		}
		return out
	}
	if c.Nationwide {
		add("nationwide", "United Kingdom", districtURI+"K02000001")
	}
	codes(c.Outcodes, c.Districts)
	if c.RadiusMiles > 0 {
		from := "the venue"
		if c.Around != "" {
			from = c.Around
		}
		add("radius", fmt.Sprintf("Within %g miles of %s", c.RadiusMiles, from), "")
	}
	return out
}
