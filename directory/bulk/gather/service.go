package gather

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gather/directory"
	"gather/directory/bulk/draft"
	"gather/directory/bulk/freetext"
	"gather/directory/bulk/loose"
	"gather/directory/vocabulary"
)

// Another Gather publishes its listings as Open Referral UK with attributes
// from our own closed lists. What follows reads that form exactly, so that a
// listing that went out comes back with the same fields: nothing is guessed,
// mended or taken for HTML. What the standard cannot carry (pictures, private
// contacts, facts that are answered no, changed sessions) does not come back.
type (
	service struct {
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
		Organization  *organization           `json:"organization"`
		Schedules     []schedule              `json:"schedules"`
		Areas         []area                  `json:"service_areas"`
		AtLocations   []atLocation            `json:"service_at_locations"`
		Languages     []struct{ Code string } `json:"languages"`
		CostOptions   []costOption            `json:"cost_options"`
		Contacts      []contact               `json:"contacts"`
		Attributes    []attribute             `json:"attributes"`
	}
	organization struct {
		ID            string      `json:"id"`
		Name          string      `json:"name"`
		AlternateName string      `json:"alternate_name"`
		Description   string      `json:"description"`
		Website       string      `json:"website"`
		Email         string      `json:"email"`
		Attributes    []attribute `json:"attributes"`
		Identifiers   []struct {
			Type string `json:"identifier_type"`
			Code string `json:"identifier"`
		} `json:"organization_identifiers"`
	}
	atLocation struct {
		ID       string    `json:"id"`
		Location *location `json:"location"`
		Service  *service  `json:"service"`
	}
	location struct {
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
	area struct {
		Name string `json:"name"`
		URI  string `json:"uri"`
	}
	costOption struct {
		Option string   `json:"option"`
		Amount *float64 `json:"amount"`
		Note   string   `json:"amount_description"`
	}
	contact struct {
		Name   string `json:"name"`
		Title  string `json:"title"`
		Email  string `json:"email"`
		Phones []struct {
			Number string `json:"number"`
			Hours  string `json:"description"`
		} `json:"phones"`
	}
	attribute struct {
		LinkType string `json:"link_type"`
		Value    string `json:"value"`
		Term     struct {
			Code string `json:"code"`
		} `json:"taxonomy_term"`
	}
)

// Take maps a service that another Gather published, or one at a location.
func Take(d *draft.Draft, raw []byte) {
	var at atLocation
	var s service
	err := json.Unmarshal(raw, &at)
	if err == nil && at.Service != nil {
		s = *at.Service
		if len(s.AtLocations) == 0 {
			s.AtLocations = []atLocation{{ID: at.ID, Location: at.Location}}
		}
	} else if err == nil {
		err = json.Unmarshal(raw, &s)
	}
	x := &d.Details
	switch x.Title, x.Source.ID = s.Name, s.ID; {
	case err != nil:
		d.Fault("", "", "see the HSDS form of a service", "cannot be read: %s", loose.Fault(err))
		return
	case s.Status == "inactive":
		d.Fault("status", s.Status, "leave it out of the file", "means that all of its dates are past")
		return
	case s.ID == "":
		x.Source.ID = draft.HashID(s.Name, s.URL)
	}
	x.Summary, x.Description, x.Website = s.Summary, s.Description, s.URL
	if s.Summary != "" {
		x.Description = strings.TrimPrefix(strings.TrimPrefix(s.Description, s.Summary), "\n\n")
	}
	if s.AlternateName != "" {
		x.Welsh = &directory.Welsh{Title: s.AlternateName}
	}
	if s.MinAge != nil || s.MaxAge != nil || s.Eligibility != "" {
		a := d.Audience()
		a.MinAge, a.MaxAge, a.Note = s.MinAge, s.MaxAge, s.Eligibility
	}
	if t, ok := freetext.Date(s.Assured); ok {
		d.Confirmed = t
	}
	for _, l := range s.Languages {
		x.Languages = append(x.Languages, l.Code)
	}
	takeGroup(d, s.Organization)
	takeTerms(d, s.Attributes)
	takePlaces(d, s.AtLocations)
	takeAreas(d, s.Areas)
	placeInArea(d)
	x.Schedule = readTimes(s.Schedules)
	takeCosts(d, s)
	takeJoining(d, s.Application)
	if s.Information != "" {
		d.FirstVisit().WhatToExpect = s.Information
	}
	for _, c := range s.Contacts {
		k := directory.Contact{Name: c.Name, Role: c.Title, Email: c.Email, Public: !d.File.HideContacts}
		for _, p := range c.Phones {
			k.Phone, k.Hours = p.Number, p.Hours
		}
		x.Contacts = append(x.Contacts, k)
	}
}

func takeGroup(d *draft.Draft, o *organization) {
	if o == nil || o.Name == "" || d.File.Group != "" {
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
		if _, ok := d.File.Words.Term(vocabulary.GroupKind, a.Term.Code); ok {
			g.Kind = a.Term.Code
		}
	}
	for _, i := range o.Identifiers {
		g.External = append(g.External, directory.External{System: i.Type, Code: i.Code})
	}
	if o.Email != "" {
		g.Contacts = []directory.Contact{{Email: o.Email, Public: !d.File.HideContacts}}
	}
	d.GroupKey, d.Group = "organization "+o.ID, g
}

// takeTerms takes the attributes that are terms of our closed lists. A term that
// this directory does not have, as when the other one is newer, is left out
// with a warning.
func takeTerms(d *draft.Draft, attributes []attribute) {
	x := &d.Details
	into := map[string]func(code string){
		"audience":     func(c string) { d.Audience().MadeFor = append(d.Audience().MadeFor, c) },
		"delivery":     func(c string) { x.Delivery = append(x.Delivery, c) },
		"cost":         func(c string) { d.Cost().Kind = c },
		"cost_per":     func(c string) { d.Cost().Per = c },
		"commitment":   func(c string) { d.FirstVisit().Commitment = c },
		"structure":    func(c string) { d.FirstVisit().Structure = c },
		"conversation": func(c string) { d.FirstVisit().Conversation = c },
		"energy":       func(c string) { d.FirstVisit().Energy = c },
		"join":         func(c string) { d.Joining().How = append(d.Joining().How, c) },
		"referral":     func(c string) { d.Joining().Referral = append(d.Joining().Referral, c) },
		"places":       func(c string) { d.Joining().Places = &directory.Places{Status: c} },
		"assurance":    func(string) {}, // the import is how it was checked here
	}
	for _, a := range attributes {
		code := a.Term.Code
		var known bool
		switch a.LinkType {
		case "interest":
			if _, known = d.File.Words.Interest(code); known {
				x.Interests = append(x.Interests, code)
			}
		case "accessibility":
			if _, known = d.File.Words.Term(vocabulary.Access, code); known {
				d.AnswerAccess(code, directory.Yes, a.Value)
			}
		case "first_visit":
			if _, known = d.File.Words.Term(vocabulary.FirstVisit, code); known {
				f := d.FirstVisit()
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
			if _, known = d.File.Words.Term(listOf(a.LinkType), code); known {
				take(code)
			}
		}
		if !known {
			d.Warn(a.LinkType, code, "is not among the terms of this directory; it was left out")
		}
	}
	if len(x.Interests) == 0 {
		x.Interests = slices.Clone(d.File.Interests)
	}
}

// listOf is the closed list that attributes of a link_type are from.
func listOf(linkType string) string {
	if linkType == "assurance" {
		return vocabulary.CheckedHow
	}
	return linkType
}

func takePlaces(d *draft.Draft, places []atLocation) {
	x := &d.Details
	for _, at := range places {
		switch l := at.Location; {
		case l == nil:
		case l.Type == "physical":
			takeVenue(d, l)
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

func takeCosts(d *draft.Draft, s service) {
	c := d.Details.Cost
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

// takeJoining parts the note about joining from the address that may follow it.
func takeJoining(d *draft.Draft, text string) {
	if text == "" {
		return
	}
	note, last := "", text
	if i := strings.LastIndex(text, "\n\n"); i >= 0 {
		note, last = text[:i], text[i+2:]
	}
	if u, ok := freetext.WebAddress(last); ok && u == last {
		d.Joining().Note, d.Joining().URL = note, last
		return
	}
	d.Joining().Note = text
}
