package bulk

import (
	"encoding/json"
	"strings"

	"gather/directory"
)

// The parts of an Outpost service that are taken. Outpost is the directory
// behind several English councils' sites; its pages hold their services under
// "content".
type (
	outpostService struct {
		ID            text                  `json:"id"`
		Name          text                  `json:"name"`
		Description   text                  `json:"description"`
		URL           text                  `json:"url"`
		Updated       text                  `json:"updated_at"`
		MinAge        text                  `json:"min_age"`
		MaxAge        text                  `json:"max_age"`
		NeedsReferral text                  `json:"needs_referral"`
		Free          text                  `json:"free"`
		VisibleTo     text                  `json:"visible_to"`
		Locations     many[outpostLocation] `json:"locations"`
		Contacts      many[outpostContact]  `json:"contacts"`
		Organisation  maybe[outpostOrg]     `json:"organisation"`
		Taxonomies    many[outpostLabel]    `json:"taxonomies"`
		Schedules     many[outpostSchedule] `json:"regular_schedules"`
		CostOptions   many[outpostCost]     `json:"cost_options"`
		Links         many[outpostLink]     `json:"links"`
		SENDNeeds     many[outpostLabel]    `json:"send_needs"`
		Suitabilities many[outpostLabel]    `json:"suitabilities"`
	}
	outpostLocation struct {
		Name            text               `json:"name"`
		Address         text               `json:"address_1"`
		City            text               `json:"city"`
		Region          text               `json:"state_province"`
		Postcode        text               `json:"postal_code"`
		Hidden          bool               `json:"mask_exact_address"`
		Geometry        maybe[outpostSpot] `json:"geometry"`
		Accessibilities many[outpostLabel] `json:"accessibilities"`
	}
	outpostSpot struct {
		Coordinates []text `json:"coordinates"` // longitude, latitude
	}
	outpostContact struct {
		Name  text `json:"name"`
		Title text `json:"title"`
		Email text `json:"email"`
		Phone text `json:"phone"`
	}
	outpostOrg struct {
		ID          text `json:"id"`
		Name        text `json:"name"`
		Description text `json:"description"`
		Email       text `json:"email"`
		URL         text `json:"url"`
	}
	outpostLabel struct {
		Name text `json:"name"`
	}
	outpostSchedule struct {
		Weekday  text `json:"weekday"`
		OpensAt  text `json:"opens_at"`
		ClosesAt text `json:"closes_at"`
	}
	outpostCost struct {
		Option text `json:"option"`
		Amount text `json:"amount"`
		Per    text `json:"cost_type"`
	}
	outpostLink struct {
		Label text `json:"label"`
		URL   text `json:"url"`
	}
)

// outpostPage are the names of the list in a page of services.
var outpostPage = []string{"content", "contents"}

// outpost maps one service.
func outpost(d *draft, raw []byte) {
	var s outpostService
	if err := json.Unmarshal(raw, &s); err != nil {
		d.fault("", "", "see Outpost's form of a service", "cannot be read: %s", jsonFault(err))
		return
	}
	x := &d.details
	x.Title = s.Name.line()
	x.Source.ID = s.ID.line()
	if x.Title == "" {
		d.fault("title", "", "say what the activity is called", "is missing")
		return
	}
	if x.Source.ID == "" {
		x.Source.ID = hashID(x.Title, string(s.URL))
	}
	x.Description = s.Description.String()
	outpostOrganisation(d, s)
	outpostPlaces(d, s)
	var labels []string
	for _, t := range s.Taxonomies {
		labels = append(labels, t.Name.line())
	}
	d.interests(d.details.Title, labels...)
	outpostContacts(d, s)
	for _, r := range s.Schedules {
		times := r.OpensAt.line()
		if times != "" && r.ClosesAt != "" {
			times += " - " + r.ClosesAt.line()
		}
		d.opening(strings.TrimSpace(r.Weekday.line() + " " + times))
	}
	d.ages(s.MinAge.number(), s.MaxAge.number())
	for _, needs := range []many[outpostLabel]{s.SENDNeeds, s.Suitabilities} {
		d.suitable(names(needs))
	}
	outpostCosts(d, s)
	if yesNo(string(s.NeedsReferral)) == "yes" {
		d.joining().How = appendNew(d.joining().How, "referral")
	}
	if t, ok := readDate(string(s.Updated)); ok {
		d.confirmed = t
	}
	d.finish()
}

// names are the labels that have one.
func names(labels many[outpostLabel]) []string {
	var out []string
	for _, l := range labels {
		if name := l.Name.line(); name != "" {
			out = append(out, name)
		}
	}
	return out
}

func outpostOrganisation(d *draft, s outpostService) {
	o := s.Organisation.value
	if o == nil || o.Name == "" || d.file.group != "" {
		return
	}
	g := directory.GroupDetails{Name: o.Name.line(), Description: o.Description.String()}
	if o.Name.line() == d.details.Title && o.Description.String() == d.details.Description {
		g.Description = "" // the service's again
	}
	d.groupOf("organisation "+o.ID.line(), g, o.URL.String())
}

func outpostPlaces(d *draft, s outpostService) {
	for i, l := range s.Locations {
		city := strings.ToLower(l.City.line())
		switch {
		case city == "online":
			d.details.Delivery = appendNew(d.details.Delivery, "online")
			continue
		case city == "nationwide" && l.Postcode == "":
			if d.details.Catchment == nil {
				d.details.Catchment = &directory.Catchment{Nationwide: true}
			}
			continue
		}
		p := place{name: l.Name.line(), address: directory.Address{Street: l.Address.line(), Town: l.City.line(), County: l.Region.line(), Postcode: l.Postcode.line()}}
		if g := l.Geometry.value; g != nil && len(g.Coordinates) == 2 && !l.Hidden {
			p.lon, p.lat = string(g.Coordinates[0]), string(g.Coordinates[1])
		}
		if l.Hidden {
			p.name, p.address.Street = "", ""
			d.warn("venue", "", "has an address that the source keeps to itself; only the postcode was taken")
		}
		if d.details.Venue != nil {
			d.warn("venue", commas(p.name, p.address.Street, p.address.Town, p.address.Postcode), "is one more place, number %d; it was put into the description", i+1)
			d.details.Description = paragraph(d.details.Description, "Also at: "+commas(p.name, p.address.Street, p.address.Town, p.address.Postcode))
			continue
		}
		if !d.settle(p) {
			continue
		}
		d.details.Delivery = appendNew(d.details.Delivery, "venue")
		for _, a := range l.Accessibilities {
			d.accessText(a.Name.line())
		}
	}
	// A catchment of the whole country belongs to what has no venue.
	if d.details.Venue != nil {
		d.details.Catchment = nil
	}
}

func outpostContacts(d *draft, s outpostService) {
	for _, c := range s.Contacts {
		contact := directory.Contact{Name: c.Name.line(), Role: c.Title.line()}
		d.email(&contact, string(c.Email))
		d.phone(&contact, string(c.Phone))
		d.details.Contacts = append(d.details.Contacts, contact)
	}
	if o := s.Organisation.value; o != nil && len(d.details.Contacts) == 0 && o.Email != "" {
		var contact directory.Contact
		d.email(&contact, string(o.Email))
		d.details.Contacts = append(d.details.Contacts, contact)
	}
	d.website(string(s.URL))
	for _, l := range s.Links {
		if d.details.Website == "" {
			d.website(string(l.URL))
		} else if u, ok := webAddress(string(l.URL)); ok && u != d.details.Website {
			d.details.Description = paragraph(d.details.Description, strings.TrimSpace(l.Label.line()+": "+u))
		}
	}
}

func outpostCosts(d *draft, s outpostService) {
	if yesNo(string(s.Free)) == "yes" {
		d.details.Cost = &directory.Cost{Kind: "free"}
		return
	}
	prices := make([]option, 0, len(s.CostOptions))
	for _, c := range s.CostOptions {
		prices = append(prices, option{label: c.Option.line(), amount: c.Amount, per: c.Per.line()})
	}
	d.options(prices)
}
