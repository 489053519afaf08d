// Package hsds imports services from HSDS 3 and Open Referral UK, versions 3
// and 1, as JSON and as packages of CSV tables.
package hsds

import (
	"cmp"
	"encoding/json"
	"strings"

	"gather/directory"
	"gather/directory/bulk/draft"
	"gather/directory/bulk/freetext"
	"gather/directory/bulk/gather"
	"gather/directory/bulk/icalendar"
	"gather/directory/bulk/loose"
	"gather/directory/vocabulary"
)

// The fields of HSDS 3 and Open Referral UK 3 that are imported.
type (
	service struct {
		ID            loose.Text                 `json:"id"`
		Name          loose.Text                 `json:"name"`
		AlternateName loose.Text                 `json:"alternate_name"`
		Description   loose.Text                 `json:"description"`
		URL           loose.Text                 `json:"url"`
		Email         loose.Text                 `json:"email"`
		Status        loose.Text                 `json:"status"`
		Application   loose.Text                 `json:"application_process"`
		Interpreting  loose.Text                 `json:"interpretation_services"`
		Fees          loose.Text                 `json:"fees_description"`
		OldFees       loose.Text                 `json:"fees"`
		Eligibility   loose.Text                 `json:"eligibility_description"`
		MinAge        loose.Text                 `json:"minimum_age"`
		MaxAge        loose.Text                 `json:"maximum_age"`
		Assured       loose.Text                 `json:"assured_date"`
		Modified      loose.Text                 `json:"last_modified"`
		Alert         loose.Text                 `json:"alert"`
		Licence       loose.Text                 `json:"licenses"`
		Organization  loose.Maybe[organization]  `json:"organization"`
		Phones        loose.Many[phone]          `json:"phones"`
		Contacts      loose.Many[contact]        `json:"contacts"`
		Schedules     loose.Many[icalendar.Rule] `json:"schedules"`
		Areas         loose.Many[area]           `json:"service_areas"`
		AtLocations   loose.Many[atLocation]     `json:"service_at_locations"`
		Languages     loose.Many[language]       `json:"languages"`
		CostOptions   loose.Many[costOption]     `json:"cost_options"`
		Attributes    loose.Many[attribute]      `json:"attributes"`
		service1
	}
	organization struct {
		ID          loose.Text `json:"id"`
		Name        loose.Text `json:"name"`
		Description loose.Text `json:"description"`
		Website     loose.Text `json:"website"`
		URL         loose.Text `json:"url"`
	}
	phone struct {
		Number    loose.Text `json:"number"`
		Extension loose.Text `json:"extension"`
		Hours     loose.Text `json:"description"`
	}
	contact struct {
		Name   loose.Text        `json:"name"`
		Title  loose.Text        `json:"title"`
		Email  loose.Text        `json:"email"`
		Phones loose.Many[phone] `json:"phones"`
	}
	area struct {
		Name        loose.Text `json:"name"`
		ServiceArea loose.Text `json:"service_area"`
	}
	atLocation struct {
		ID        loose.Text                 `json:"id"`
		Service   loose.Maybe[service]       `json:"service"`
		Location  loose.Maybe[location]      `json:"location"`
		Schedules loose.Many[icalendar.Rule] `json:"schedules"`
		Contacts  loose.Many[contact]        `json:"contacts"`
		Phones    loose.Many[phone]          `json:"phones"`
		atLocation1
	}
	location struct {
		Type          loose.Text                 `json:"location_type"`
		Name          loose.Text                 `json:"name"`
		Description   loose.Text                 `json:"description"`
		Transport     loose.Text                 `json:"transportation"`
		Latitude      loose.Text                 `json:"latitude"`
		Longitude     loose.Text                 `json:"longitude"`
		Addresses     loose.Many[address]        `json:"addresses"`
		Accessibility loose.Many[accessibility]  `json:"accessibility"`
		Schedules     loose.Many[icalendar.Rule] `json:"schedules"`
		location1
	}
	address struct {
		Line1    loose.Text `json:"address_1"`
		Line2    loose.Text `json:"address_2"`
		City     loose.Text `json:"city"`
		Region   loose.Text `json:"region"`
		State    loose.Text `json:"state_province"`
		Postcode loose.Text `json:"postal_code"`
		Type     loose.Text `json:"address_type"`
	}
	accessibility struct {
		Description   loose.Text `json:"description"`
		Details       loose.Text `json:"details"`
		Accessibility loose.Text `json:"accessibility"`
	}
	language struct {
		Name     loose.Text `json:"name"`
		Code     loose.Text `json:"code"`
		Language loose.Text `json:"language"` // in version 1
	}
	costOption struct {
		Option      loose.Text `json:"option"`
		Currency    loose.Text `json:"currency"`
		Amount      loose.Text `json:"amount"`
		Description loose.Text `json:"amount_description"`
		ValidTo     loose.Text `json:"valid_to"`
	}
	attribute struct {
		LinkType   loose.Text        `json:"link_type"`
		LinkEntity loose.Text        `json:"link_entity"`
		Term       loose.Maybe[term] `json:"taxonomy_term"`
	}
	term struct {
		Code loose.Text `json:"code"`
		Name loose.Text `json:"name"`
	}
)

// Lists are the names that the list has in a page of services.
var Lists = []string{"contents", "content", "items", "data", "services"}

// Take maps one service, or one service at a location, to d. It adds a fault for
// one that cannot become a listing.
func Take(d *draft.Draft, raw []byte) {
	var at atLocation
	var s service
	err := json.Unmarshal(raw, &at)
	if err == nil && at.Service.Value != nil {
		s = *at.Service.Value
		at.Service.Value = nil
		s.AtLocations = loose.Many[atLocation]{at}
	} else if err == nil {
		err = json.Unmarshal(raw, &s)
	}
	if err != nil {
		d.Fault("", "", "see the HSDS form of a service", "cannot be read: %s", loose.Fault(err))
		return
	}
	if s.isOurs(d.File.Words) {
		gather.Take(d, raw)
		return
	}
	s.modernise()
	x := &d.Details
	x.Title = s.Name.Line()
	x.Source.ID = s.ID.Line()
	if at.ID != "" && len(s.AtLocations) == 1 && s.AtLocations[0].ID == at.ID {
		x.Source.ID = at.ID.Line() // one listing for each location
	}
	switch {
	case !isService(raw):
		d.Fault("", x.Title, "give services; organisations, locations and taxonomies are taken with them", "is not a service")
		return
	case x.Title == "":
		d.Fault("title", "", "say what the activity is called", "is missing")
		return
	case s.Status == "defunct", s.Status == "inactive":
		d.Fault("status", string(s.Status), "leave it out of the file, or make it active", "means that the service does not run")
		return
	case x.Source.ID == "":
		x.Source.ID = draft.HashID(x.Title, string(s.URL))
	}
	takeTexts(d, s)
	takeOrganisation(d, s)
	takePlaces(d, s)
	takeLabels(d, s)
	takeContacts(d, s)
	takeTimes(d, s)
	takeCosts(d, s)
	for _, l := range s.Languages {
		d.TakeLanguage(l.Name.Line(), l.Code.Line())
	}
	d.TakeAges(s.MinAge.Number(), s.MaxAge.Number())
	takeVersion1(d, s.service1)
	d.TakeUpdated(string(cmp.Or(s.Assured, s.Modified))) // the assured date wins
	d.Finish()
}

// isOurs reports whether a service was published by a Gather. Every such service
// has an attribute for its delivery, with a code of our vocabulary.
func (s *service) isOurs(words *vocabulary.Vocabulary) bool {
	for _, a := range s.Attributes {
		if t := a.Term.Value; t != nil && a.LinkType == "delivery" && a.LinkEntity == "service" {
			if _, ok := words.Term(vocabulary.Delivery, string(t.Code)); ok {
				return true
			}
		}
	}
	return false
}

// isService reports whether an object is a service, by the fields that only
// services have. HSDS requires a status, but published files omit it.
func isService(raw []byte) bool {
	var v map[string]json.RawMessage
	if json.Unmarshal(raw, &v) != nil {
		return false
	}
	if v["location_type"] != nil || v["state"] != nil && v["kind"] != nil {
		return false // a location, which may name its organisation, or an RPDE item
	}
	for _, field := range []string{"status", "service", "organization", "organization_id", "service_at_locations"} {
		if v[field] != nil {
			return true
		}
	}
	return false
}

// takeTexts maps the free texts, the licence and the website. An alert and a
// temporary closure have no field of their own and go into the description.
func takeTexts(d *draft.Draft, s service) {
	x := &d.Details
	x.Description = s.Description.String()
	if s.Alert != "" {
		x.Description = freetext.Paragraph(x.Description, s.Alert.String())
	}
	if s.Eligibility != "" {
		d.Audience().Note = s.Eligibility.Line()
	}
	if s.Application != "" {
		d.Joining().Note = s.Application.Line()
	}
	if s.Interpreting != "" {
		d.AnswerAccess("interpreter", directory.Yes, directory.Clip(s.Interpreting.Line(), 300))
	}
	if s.Status == "temporarily closed" {
		x.Description = freetext.Paragraph("Temporarily closed.", x.Description)
		d.Warn("status", string(s.Status), "is said at the head of the description")
	}
	if d.File.Source.Licence == "" && s.Licence != "" {
		x.Source.Licence = directory.Clip(s.Licence.Line(), 120)
	}
	d.TakeWebsite(string(s.URL))
}

func takeOrganisation(d *draft.Draft, s service) {
	o := s.Organization.Value
	if o == nil || o.Name == "" || d.File.Group != "" {
		return
	}
	website := o.Website
	if website == "" {
		website = o.URL
	}
	d.FileUnder("organization "+cmp.Or(o.ID.Line(), o.Name.Line()), directory.GroupDetails{Name: o.Name.Line(), Description: o.Description.String()}, string(website))
}

func takePlaces(d *draft.Draft, s service) {
	for _, a := range s.Areas {
		d.StateArea(cmp.Or(a.Name, a.ServiceArea).Line())
	}
	for _, at := range s.AtLocations {
		l := at.Location.Value
		if l == nil {
			continue
		}
		if l.Type == "virtual" {
			d.Details.Delivery = draft.AppendNew(d.Details.Delivery, "online")
			continue
		}
		p := draft.Place{Name: l.Name.Line(), Lat: string(l.Latitude), Lon: string(l.Longitude)}
		if len(l.Addresses) > 0 {
			a := l.Addresses[0]
			for _, other := range l.Addresses {
				if other.Type == "physical" {
					a = other
					break
				}
			}
			p.Address = directory.Address{Street: a.Line1.Line(), Locality: a.Line2.Line(), Town: a.City.Line(), County: a.State.Line(), Postcode: a.Postcode.Line()}
		}
		if d.Details.Venue != nil {
			words := freetext.Commas(p.Name, p.Address.Street, p.Address.Town, p.Address.Postcode)
			d.Warn("venue", words, "is one more place; it was put into the description")
			d.Details.Description = freetext.Paragraph(d.Details.Description, "Also at: "+words)
			continue
		}
		if d.TakePlace(p) {
			d.Details.Delivery = draft.AppendNew(d.Details.Delivery, "venue")
		}
		if l.Transport != "" {
			d.AddGettingThere(l.Transport.Line())
		}
		for _, a := range l.Accessibility {
			d.TakeAccess(a.Accessibility.Line())
			takeAccessSentence(d, a.Description.Line(), a.Details.Line())
		}
	}
}

// takeAccessSentence maps a sentence about access: to an access feature if it
// is the label of one, otherwise to the text on getting there.
func takeAccessSentence(d *draft.Draft, sentence, more string) {
	if id, ok := freetext.AccessFeature(d.File.Words, sentence); ok {
		d.AnswerAccess(id, directory.Yes, directory.Clip(more, 300))
		return
	}
	if sentence != "" {
		d.AddGettingThere("Access: " + freetext.Sentences(sentence, more))
	}
}

func takeLabels(d *draft.Draft, s service) {
	var labels []string
	for _, a := range s.Attributes {
		if t := a.Term.Value; t != nil && t.Name != "" {
			labels = append(labels, t.Name.Line())
		}
	}
	d.TakeInterests(d.Details.Title, labels...)
}

func takeContacts(d *draft.Draft, s service) {
	contacts, phones := s.Contacts, s.Phones
	for _, at := range s.AtLocations {
		if len(contacts) == 0 {
			contacts = at.Contacts
		}
		if len(phones) == 0 {
			phones = at.Phones
		}
	}
	add := func(c directory.Contact, p phone) {
		if number := p.Number.Line(); number != "" {
			if p.Extension != "" {
				number += " ext " + p.Extension.Line()
			}
			d.TakePhone(&c, number)
			c.Hours = directory.Clip(p.Hours.Line(), 120)
		}
		d.Details.Contacts = append(d.Details.Contacts, c)
	}
	var first directory.Contact
	d.TakeEmail(&first, string(s.Email))
	if len(phones) == 0 && first.Email != "" {
		d.Details.Contacts = append(d.Details.Contacts, first)
	}
	for _, p := range phones {
		add(first, p)
		first = directory.Contact{}
	}
	for _, c := range contacts {
		contact := directory.Contact{Name: c.Name.Line(), Role: c.Title.Line()}
		d.TakeEmail(&contact, string(c.Email))
		if len(c.Phones) == 0 {
			d.Details.Contacts = append(d.Details.Contacts, contact)
			continue
		}
		add(contact, c.Phones[0])
	}
}

func takeCosts(d *draft.Draft, s service) {
	var prices []draft.Price
	for _, c := range s.CostOptions {
		if when, ok := freetext.Date(string(c.ValidTo)); ok && when.Before(d.File.Today()) {
			d.Warn("cost", strings.TrimSpace(c.Option.Line()+" "+string(c.Amount)), "was the price until %s; it was left out", c.ValidTo.Line())
			continue
		}
		prices = append(prices, draft.Price{Label: c.Option.Line(), Amount: c.Amount, Per: c.Description.Line(), Currency: c.Currency.Line()})
	}
	d.TakePrices(prices)
	fees := s.Fees
	if fees == "" {
		fees = s.OldFees
	}
	switch {
	case fees == "":
	case d.Details.Cost == nil:
		d.TakePrice(string(fees))
	default:
		d.Details.Cost.Note = freetext.Sentences(d.Details.Cost.Note, fees.Line())
	}
}
