package bulk

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gather/directory"
	"gather/directory/vocabulary"
)

// Another Gather publishes its listings as Open Referral UK with attributes
// from our own closed lists. What follows reads that form exactly, so that a
// listing that went out comes back with the same fields: nothing is guessed,
// mended or taken for HTML. What the standard cannot carry (pictures, private
// contacts, facts that are answered no, changed sessions) does not come back.
type (
	ourService struct {
		ID            string                  `json:"id"`
		Name          string                  `json:"name"`
		AlternateName string                  `json:"alternate_name"`
		Summary       string                  `json:"summary"`
		Description   string                  `json:"description"`
		URL           string                  `json:"url"`
		Status        string                  `json:"status"`
		Application   string                  `json:"application_process"`
		Fees          string                  `json:"fees_description"`
		Eligibility   string                  `json:"eligibility_description"`
		Information   string                  `json:"additional_information"`
		MinAge        *int                    `json:"minimum_age"`
		MaxAge        *int                    `json:"maximum_age"`
		Assured       string                  `json:"assured_date"`
		Organization  *ourOrganization        `json:"organization"`
		Schedules     []ourSchedule           `json:"schedules"`
		Areas         []ourArea               `json:"service_areas"`
		AtLocations   []ourAtLocation         `json:"service_at_locations"`
		Languages     []struct{ Code string } `json:"languages"`
		CostOptions   []ourCost               `json:"cost_options"`
		Contacts      []ourContact            `json:"contacts"`
		Attributes    []ourAttribute          `json:"attributes"`
	}
	ourOrganization struct {
		ID            string         `json:"id"`
		Name          string         `json:"name"`
		AlternateName string         `json:"alternate_name"`
		Description   string         `json:"description"`
		Website       string         `json:"website"`
		Email         string         `json:"email"`
		Attributes    []ourAttribute `json:"attributes"`
		Identifiers   []struct {
			Type string `json:"identifier_type"`
			Code string `json:"identifier"`
		} `json:"organization_identifiers"`
	}
	ourAtLocation struct {
		ID       string       `json:"id"`
		Location *ourLocation `json:"location"`
		Service  *ourService  `json:"service"`
	}
	ourLocation struct {
		Type           string   `json:"location_type"`
		Name           string   `json:"name"`
		Description    string   `json:"description"`
		Transport      string   `json:"transportation"`
		URL            string   `json:"url"`
		Latitude       *float64 `json:"latitude"`
		Longitude      *float64 `json:"longitude"`
		Identifier     string   `json:"external_identifier"`
		IdentifierType string   `json:"external_identifier_type"`
		Addresses      []struct {
			Line1    string `json:"address_1"`
			City     string `json:"city"`
			Region   string `json:"region"`
			State    string `json:"state_province"`
			Postcode string `json:"postal_code"`
		} `json:"addresses"`
		Accessibility []struct {
			Description string `json:"description"`
			Details     string `json:"details"`
		} `json:"accessibility"`
	}
	ourArea struct {
		Name string `json:"name"`
		URI  string `json:"uri"`
	}
	ourCost struct {
		Option string   `json:"option"`
		Amount *float64 `json:"amount"`
		Note   string   `json:"amount_description"`
	}
	ourContact struct {
		Name   string `json:"name"`
		Title  string `json:"title"`
		Email  string `json:"email"`
		Phones []struct {
			Number string `json:"number"`
			Hours  string `json:"description"`
		} `json:"phones"`
	}
	ourAttribute struct {
		LinkType string `json:"link_type"`
		Value    string `json:"value"`
		Term     struct {
			Code string `json:"code"`
		} `json:"taxonomy_term"`
	}
)

// isOurs reports whether a service was published by a Gather: it has, as all
// that a Gather publishes, an attribute that says how one takes part by a code
// of our list.
func (s *hsdsService) isOurs(words *vocabulary.Vocabulary) bool {
	for _, a := range s.Attributes {
		if t := a.Term.value; t != nil && a.LinkType == "delivery" && a.LinkEntity == "service" {
			if _, ok := words.Term(vocabulary.Delivery, string(t.Code)); ok {
				return true
			}
		}
	}
	return false
}

// ours maps a service that another Gather published, or one at a location.
func ours(d *draft, raw []byte) {
	var at ourAtLocation
	var s ourService
	err := json.Unmarshal(raw, &at)
	if err == nil && at.Service != nil {
		s = *at.Service
		if len(s.AtLocations) == 0 {
			s.AtLocations = []ourAtLocation{{ID: at.ID, Location: at.Location}}
		}
	} else if err == nil {
		err = json.Unmarshal(raw, &s)
	}
	x := &d.details
	switch x.Title, x.Source.ID = s.Name, s.ID; {
	case err != nil:
		d.fault("", "", "see the HSDS form of a service", "cannot be read: %s", jsonFault(err))
		return
	case s.Status == "inactive":
		d.fault("status", s.Status, "leave it out of the file", "means that all of its dates are past")
		return
	case s.ID == "":
		x.Source.ID = hashID(s.Name, s.URL)
	}
	x.Summary, x.Description, x.Website = s.Summary, s.Description, s.URL
	if s.Summary != "" {
		x.Description = strings.TrimPrefix(strings.TrimPrefix(s.Description, s.Summary), "\n\n")
	}
	if s.AlternateName != "" {
		x.Welsh = &directory.Welsh{Title: s.AlternateName}
	}
	if s.MinAge != nil || s.MaxAge != nil || s.Eligibility != "" {
		a := d.audience()
		a.MinAge, a.MaxAge, a.Note = s.MinAge, s.MaxAge, s.Eligibility
	}
	if t, ok := readDate(s.Assured); ok {
		d.confirmed = t
	}
	for _, l := range s.Languages {
		x.Languages = append(x.Languages, l.Code)
	}
	ourGroup(d, s.Organization)
	ourTerms(d, s.Attributes)
	ourPlaces(d, s.AtLocations)
	ourAreas(d, s.Areas)
	x.Schedule = ourTimes(s.Schedules)
	ourCosts(d, s)
	ourJoining(d, s.Application)
	if s.Information != "" {
		d.firstVisit().WhatToExpect = s.Information
	}
	for _, c := range s.Contacts {
		k := directory.Contact{Name: c.Name, Role: c.Title, Email: c.Email, Public: !d.file.hideContacts}
		for _, p := range c.Phones {
			k.Phone, k.Hours = p.Number, p.Hours
		}
		x.Contacts = append(x.Contacts, k)
	}
}

func ourGroup(d *draft, o *ourOrganization) {
	if o == nil || o.Name == "" || d.file.group != "" {
		return
	}
	g := directory.GroupDetails{Name: o.Name, Description: o.Description, Website: o.Website}
	if o.Description == o.Name {
		g.Description = "" // the standard wants one
	}
	if o.AlternateName != "" {
		g.Welsh = &directory.GroupWelsh{Name: o.AlternateName}
	}
	for _, a := range o.Attributes {
		if _, ok := d.file.words.Term(vocabulary.GroupKind, a.Term.Code); ok {
			g.Kind = a.Term.Code
		}
	}
	for _, i := range o.Identifiers {
		g.External = append(g.External, directory.External{System: i.Type, Code: i.Code})
	}
	if o.Email != "" {
		g.Contacts = []directory.Contact{{Email: o.Email, Public: !d.file.hideContacts}}
	}
	d.groupKey, d.group = "organization "+o.ID, g
}

// ourTerms takes the attributes that are terms of our closed lists. A term that
// this directory does not have, as when the other one is newer, is left out
// with a warning.
func ourTerms(d *draft, attributes []ourAttribute) {
	x := &d.details
	into := map[string]func(code string){
		"audience":     func(c string) { d.audience().MadeFor = append(d.audience().MadeFor, c) },
		"delivery":     func(c string) { x.Delivery = append(x.Delivery, c) },
		"cost":         func(c string) { d.cost().Kind = c },
		"cost_per":     func(c string) { d.cost().Per = c },
		"commitment":   func(c string) { d.firstVisit().Commitment = c },
		"structure":    func(c string) { d.firstVisit().Structure = c },
		"conversation": func(c string) { d.firstVisit().Conversation = c },
		"energy":       func(c string) { d.firstVisit().Energy = c },
		"join":         func(c string) { d.joining().How = append(d.joining().How, c) },
		"referral":     func(c string) { d.joining().Referral = append(d.joining().Referral, c) },
		"places":       func(c string) { d.joining().Places = &directory.Places{Status: c} },
		"assurance":    func(string) {}, // the import is how it was checked here
	}
	for _, a := range attributes {
		code := a.Term.Code
		var known bool
		switch a.LinkType {
		case "interest":
			if _, known = d.file.words.Interest(code); known {
				x.Interests = append(x.Interests, code)
			}
		case "accessibility":
			if _, known = d.file.words.Term(vocabulary.Access, code); known {
				d.answer(code, directory.Yes, a.Value)
			}
		case "first_visit":
			if _, known = d.file.words.Term(vocabulary.FirstVisit, code); known {
				f := d.firstVisit()
				if f.Facts == nil {
					f.Facts = map[string]directory.Answer{}
				}
				f.Facts[code] = directory.Answer{Answer: directory.Yes, Note: a.Value}
			}
		default:
			take := into[a.LinkType]
			if take == nil {
				continue // of another publisher, who adds to what a Gather says
			}
			if _, known = d.file.words.Term(listOf(a.LinkType), code); known {
				take(code)
			}
		}
		if !known {
			d.warn(a.LinkType, code, "is not among the terms of this directory; it was left out")
		}
	}
	if len(x.Interests) == 0 {
		x.Interests = slices.Clone(d.file.interests)
	}
}

// listOf is the closed list that attributes of a link_type are from.
func listOf(linkType string) string {
	if linkType == "assurance" {
		return vocabulary.CheckedHow
	}
	return linkType
}

func ourPlaces(d *draft, places []ourAtLocation) {
	x := &d.details
	for _, at := range places {
		switch l := at.Location; {
		case l == nil:
		case l.Type == "physical":
			ourVenue(d, l)
		case strings.HasPrefix(l.Name, "Online"):
			o := directory.Online{URL: l.URL, Note: l.Description}
			o.Platform = strings.TrimPrefix(strings.TrimPrefix(l.Name, "Online"), ": ")
			if o != (directory.Online{}) {
				x.Online = &o
			}
		}
	}
}

// priceRange is how a Gather says the most of a price: "£3.50 to £5 per session".
var priceRange = regexp.MustCompile(`^£[0-9.]+ to £([0-9.]+) per `)

func ourCosts(d *draft, s ourService) {
	c := d.details.Cost
	if c == nil {
		return
	}
	if c.Per == "session" {
		c.Per = "" // the same, unsaid
	}
	for i, o := range s.CostOptions {
		amount := 0.0
		if o.Amount != nil {
			amount = *o.Amount
		}
		switch {
		case i == 0 && (o.Option == "Free" || o.Option == "Donation" || o.Option == "Standard"):
			c.Pounds = amount
			if m := priceRange.FindStringSubmatch(o.Note); m != nil {
				c.PoundsTo, _ = strconv.ParseFloat(m[1], 64)
			}
		case o.Option == "Concession" && c.ConcessionPounds == nil && strings.HasPrefix(o.Note, "per "):
			c.ConcessionPounds = &amount
			_, c.ConcessionFor, _ = strings.Cut(o.Note, "; ")
		default:
			c.Extras = append(c.Extras, directory.Extra{What: o.Option, Pounds: amount, Optional: o.Note == "optional"})
		}
	}
	c.Note = s.Fees
	if rest, ok := strings.CutPrefix(c.Note, "There is help with the cost."); ok {
		c.HelpWithCost, c.Note = directory.Yes, strings.TrimPrefix(rest, " ")
	}
}

// ourJoining parts the note about joining from the address that may follow it.
func ourJoining(d *draft, text string) {
	if text == "" {
		return
	}
	note, last := "", text
	if i := strings.LastIndex(text, "\n\n"); i >= 0 {
		note, last = text[:i], text[i+2:]
	}
	if u, ok := webAddress(last); ok && u == last {
		d.joining().Note, d.joining().URL = note, last
		return
	}
	d.joining().Note = text
}
