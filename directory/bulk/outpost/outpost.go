// Package outpost imports services from pages of Outpost, the directory software
// behind several English councils' sites.
package outpost

import (
	"cmp"
	"encoding/json"
	"strings"

	"gather/directory"
	"gather/directory/bulk/draft"
	"gather/directory/bulk/freetext"
	"gather/directory/bulk/loose"
)

// The fields of an Outpost service that are imported.
type (
	service struct {
		ID            loose.Text                `json:"id"`
		Name          loose.Text                `json:"name"`
		Description   loose.Text                `json:"description"`
		URL           loose.Text                `json:"url"`
		Updated       loose.Text                `json:"updated_at"`
		MinAge        loose.Text                `json:"min_age"`
		MaxAge        loose.Text                `json:"max_age"`
		NeedsReferral loose.Text                `json:"needs_referral"`
		Free          loose.Text                `json:"free"`
		VisibleTo     loose.Text                `json:"visible_to"`
		Locations     loose.Many[location]      `json:"locations"`
		Contacts      loose.Many[contact]       `json:"contacts"`
		Organisation  loose.Maybe[organisation] `json:"organisation"`
		Taxonomies    loose.Many[label]         `json:"taxonomies"`
		Schedules     loose.Many[schedule]      `json:"regular_schedules"`
		CostOptions   loose.Many[costOption]    `json:"cost_options"`
		Links         loose.Many[link]          `json:"links"`
		SENDNeeds     loose.Many[label]         `json:"send_needs"`
		Suitabilities loose.Many[label]         `json:"suitabilities"`
	}
	location struct {
		Name            loose.Text        `json:"name"`
		Address         loose.Text        `json:"address_1"`
		City            loose.Text        `json:"city"`
		Region          loose.Text        `json:"state_province"`
		Postcode        loose.Text        `json:"postal_code"`
		Hidden          bool              `json:"mask_exact_address"`
		Geometry        loose.Maybe[spot] `json:"geometry"`
		Accessibilities loose.Many[label] `json:"accessibilities"`
	}
	spot struct {
		Coordinates []loose.Text `json:"coordinates"` // longitude, latitude
	}
	contact struct {
		Name  loose.Text `json:"name"`
		Title loose.Text `json:"title"`
		Email loose.Text `json:"email"`
		Phone loose.Text `json:"phone"`
	}
	organisation struct {
		ID          loose.Text `json:"id"`
		Name        loose.Text `json:"name"`
		Description loose.Text `json:"description"`
		Email       loose.Text `json:"email"`
		URL         loose.Text `json:"url"`
	}
	label struct {
		Name loose.Text `json:"name"`
	}
	schedule struct {
		Weekday  loose.Text `json:"weekday"`
		OpensAt  loose.Text `json:"opens_at"`
		ClosesAt loose.Text `json:"closes_at"`
	}
	costOption struct {
		Option loose.Text `json:"option"`
		Amount loose.Text `json:"amount"`
		Per    loose.Text `json:"cost_type"`
	}
	link struct {
		Label loose.Text `json:"label"`
		URL   loose.Text `json:"url"`
	}
)

// Lists are the names that the list has in a page of services.
var Lists = []string{"content", "contents"}

// Take maps one service to d. It adds a fault for one that cannot become a
// listing.
func Take(d *draft.Draft, raw []byte) {
	var s service
	if err := json.Unmarshal(raw, &s); err != nil {
		d.Fault("", "", "see Outpost's form of a service", "cannot be read: %s", loose.Fault(err))
		return
	}
	x := &d.Details
	x.Title = s.Name.Line()
	x.Source.ID = s.ID.Line()
	if x.Title == "" {
		d.Fault("title", "", "say what the activity is called", "is missing")
		return
	}
	if x.Source.ID == "" {
		x.Source.ID = draft.HashID(x.Title, string(s.URL))
	}
	x.Description = s.Description.String()
	takeOrganisation(d, s)
	takePlaces(d, s)
	var labels []string
	for _, t := range s.Taxonomies {
		labels = append(labels, t.Name.Line())
	}
	d.TakeInterests(d.Details.Title, labels...)
	takeContacts(d, s)
	for _, r := range s.Schedules {
		times := freetext.PlainClock(r.OpensAt.Line())
		if times != "" && r.ClosesAt != "" {
			times += " - " + freetext.PlainClock(r.ClosesAt.Line())
		}
		d.TakeTimes(strings.TrimSpace(r.Weekday.Line() + " " + times))
	}
	d.TakeAges(s.MinAge.Number(), s.MaxAge.Number())
	for _, needs := range []loose.Many[label]{s.SENDNeeds, s.Suitabilities} {
		d.AddSuitable(names(needs))
	}
	takeCosts(d, s)
	if freetext.YesNo(string(s.NeedsReferral)) == "yes" {
		d.Joining().How = draft.AppendNew(d.Joining().How, "referral")
	}
	d.TakeUpdated(string(s.Updated))
	d.Finish()
}

// names returns the names of the labels that have one.
func names(labels loose.Many[label]) []string {
	var out []string
	for _, l := range labels {
		if name := l.Name.Line(); name != "" {
			out = append(out, name)
		}
	}
	return out
}

func takeOrganisation(d *draft.Draft, s service) {
	o := s.Organisation.Value
	if o == nil || o.Name == "" || d.File.Group != "" {
		return
	}
	g := directory.GroupDetails{Name: o.Name.Line(), Description: o.Description.String()}
	if o.Name.Line() == d.Details.Title && o.Description.String() == d.Details.Description {
		g.Description = "" // the same text as the service
	}
	d.FileUnder("organisation "+cmp.Or(o.ID.Line(), o.Name.Line()), g, o.URL.String())
}

func takePlaces(d *draft.Draft, s service) {
	for i, l := range s.Locations {
		city := strings.ToLower(l.City.Line())
		switch {
		case city == "online":
			d.Details.Delivery = draft.AppendNew(d.Details.Delivery, "online")
			continue
		case city == "nationwide" && l.Postcode == "":
			if d.Details.Catchment == nil {
				d.Details.Catchment = &directory.Catchment{Nationwide: true}
			}
			continue
		}
		p := draft.Place{Name: l.Name.Line(), Address: directory.Address{Street: l.Address.Line(), Town: l.City.Line(), County: l.Region.Line(), Postcode: l.Postcode.Line()}}
		if g := l.Geometry.Value; g != nil && len(g.Coordinates) == 2 && !l.Hidden {
			p.Lon, p.Lat = string(g.Coordinates[0]), string(g.Coordinates[1])
		}
		if l.Hidden {
			p.Name, p.Address.Street = "", ""
			d.Warn("venue", "", "has an address that the source keeps to itself; only the postcode was taken")
		}
		if d.Details.Venue != nil {
			d.Warn("venue", freetext.Commas(p.Name, p.Address.Street, p.Address.Town, p.Address.Postcode), "is one more place, number %d; it was put into the description", i+1)
			d.Details.Description = freetext.Paragraph(d.Details.Description, "Also at: "+freetext.Commas(p.Name, p.Address.Street, p.Address.Town, p.Address.Postcode))
			continue
		}
		if !d.TakePlace(p) {
			continue
		}
		d.Details.Delivery = draft.AppendNew(d.Details.Delivery, "venue")
		for _, a := range l.Accessibilities {
			d.TakeAccess(a.Name.Line())
		}
	}
	// A nationwide catchment is kept only for a listing without a venue.
	if d.Details.Venue != nil {
		d.Details.Catchment = nil
	}
}

func takeContacts(d *draft.Draft, s service) {
	for _, c := range s.Contacts {
		contact := directory.Contact{Name: c.Name.Line(), Role: c.Title.Line()}
		d.TakeEmail(&contact, string(c.Email))
		d.TakePhone(&contact, string(c.Phone))
		d.Details.Contacts = append(d.Details.Contacts, contact)
	}
	if o := s.Organisation.Value; o != nil && len(d.Details.Contacts) == 0 && o.Email != "" {
		var contact directory.Contact
		d.TakeEmail(&contact, string(o.Email))
		d.Details.Contacts = append(d.Details.Contacts, contact)
	}
	d.TakeWebsite(string(s.URL))
	for _, l := range s.Links {
		if d.Details.Website == "" {
			d.TakeWebsite(string(l.URL))
		} else if u, ok := freetext.WebAddress(string(l.URL)); ok && u != d.Details.Website {
			d.Details.Description = freetext.Paragraph(d.Details.Description, strings.TrimSpace(l.Label.Line()+": "+u))
		}
	}
}

func takeCosts(d *draft.Draft, s service) {
	if freetext.YesNo(string(s.Free)) == "yes" {
		d.Details.Cost = &directory.Cost{Kind: "free"}
		return
	}
	prices := make([]draft.Price, 0, len(s.CostOptions))
	for _, c := range s.CostOptions {
		prices = append(prices, draft.Price{Label: c.Option.Line(), Amount: c.Amount, Per: c.Per.Line()})
	}
	d.TakePrices(prices)
}
