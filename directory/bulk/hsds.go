package bulk

import (
	"encoding/json"
	"strings"

	"gather/directory"
)

// The parts of HSDS 3 and Open Referral UK 3 that are taken.
type (
	hsdsService struct {
		ID            text                 `json:"id"`
		Name          text                 `json:"name"`
		AlternateName text                 `json:"alternate_name"`
		Description   text                 `json:"description"`
		URL           text                 `json:"url"`
		Email         text                 `json:"email"`
		Status        text                 `json:"status"`
		Application   text                 `json:"application_process"`
		Interpreting  text                 `json:"interpretation_services"`
		Fees          text                 `json:"fees_description"`
		OldFees       text                 `json:"fees"`
		Eligibility   text                 `json:"eligibility_description"`
		MinAge        text                 `json:"minimum_age"`
		MaxAge        text                 `json:"maximum_age"`
		Assured       text                 `json:"assured_date"`
		Modified      text                 `json:"last_modified"`
		Alert         text                 `json:"alert"`
		Licence       text                 `json:"licenses"`
		Organization  maybe[hsdsOrg]       `json:"organization"`
		Phones        many[hsdsPhone]      `json:"phones"`
		Contacts      many[hsdsContact]    `json:"contacts"`
		Schedules     many[hsdsSchedule]   `json:"schedules"`
		Areas         many[hsdsArea]       `json:"service_areas"`
		AtLocations   many[hsdsAtLocation] `json:"service_at_locations"`
		Languages     many[hsdsLanguage]   `json:"languages"`
		CostOptions   many[hsdsCost]       `json:"cost_options"`
		Attributes    many[hsdsAttribute]  `json:"attributes"`
		oruk1Service
	}
	hsdsOrg struct {
		ID          text `json:"id"`
		Name        text `json:"name"`
		Description text `json:"description"`
		Website     text `json:"website"`
		URL         text `json:"url"`
	}
	hsdsPhone struct {
		Number    text `json:"number"`
		Extension text `json:"extension"`
		Hours     text `json:"description"`
	}
	hsdsContact struct {
		Name   text            `json:"name"`
		Title  text            `json:"title"`
		Email  text            `json:"email"`
		Phones many[hsdsPhone] `json:"phones"`
	}
	hsdsArea struct {
		Name text `json:"name"`
	}
	hsdsAtLocation struct {
		ID        text                `json:"id"`
		Service   maybe[hsdsService]  `json:"service"`
		Location  maybe[hsdsLocation] `json:"location"`
		Schedules many[hsdsSchedule]  `json:"schedules"`
		Contacts  many[hsdsContact]   `json:"contacts"`
		Phones    many[hsdsPhone]     `json:"phones"`
		oruk1AtLocation
	}
	hsdsLocation struct {
		Type          text               `json:"location_type"`
		Name          text               `json:"name"`
		Description   text               `json:"description"`
		Transport     text               `json:"transportation"`
		Latitude      text               `json:"latitude"`
		Longitude     text               `json:"longitude"`
		Addresses     many[hsdsAddress]  `json:"addresses"`
		Accessibility many[hsdsAccess]   `json:"accessibility"`
		Schedules     many[hsdsSchedule] `json:"schedules"`
		oruk1Location
	}
	hsdsAddress struct {
		Line1    text `json:"address_1"`
		Line2    text `json:"address_2"`
		City     text `json:"city"`
		Region   text `json:"region"`
		State    text `json:"state_province"`
		Postcode text `json:"postal_code"`
		Type     text `json:"address_type"`
	}
	hsdsAccess struct {
		Description   text `json:"description"`
		Details       text `json:"details"`
		Accessibility text `json:"accessibility"`
	}
	hsdsLanguage struct {
		Name     text `json:"name"`
		Code     text `json:"code"`
		Language text `json:"language"` // in version 1
	}
	hsdsCost struct {
		Option      text `json:"option"`
		Currency    text `json:"currency"`
		Amount      text `json:"amount"`
		Description text `json:"amount_description"`
		ValidTo     text `json:"valid_to"`
	}
	hsdsAttribute struct {
		LinkType   text            `json:"link_type"`
		LinkEntity text            `json:"link_entity"`
		Term       maybe[hsdsTerm] `json:"taxonomy_term"`
	}
	hsdsTerm struct {
		Code text `json:"code"`
		Name text `json:"name"`
	}
)

// hsdsPage are the names of the list in a page of services.
var hsdsPage = []string{"contents", "content", "items", "data", "services"}

// hsds maps one service, or one service at a location.
func hsds(d *draft, raw []byte) {
	var at hsdsAtLocation
	var s hsdsService
	err := json.Unmarshal(raw, &at)
	if err == nil && at.Service.value != nil {
		s = *at.Service.value
		at.Service.value = nil
		s.AtLocations = many[hsdsAtLocation]{at}
	} else if err == nil {
		err = json.Unmarshal(raw, &s)
	}
	if err != nil {
		d.fault("", "", "see the HSDS form of a service", "cannot be read: %s", jsonFault(err))
		return
	}
	if s.isOurs(d.file.words) {
		ours(d, raw)
		return
	}
	s.modernise()
	x := &d.details
	x.Title = s.Name.line()
	x.Source.ID = s.ID.line()
	if at.ID != "" && len(s.AtLocations) == 1 && s.AtLocations[0].ID == at.ID {
		x.Source.ID = at.ID.line() // one listing for each place
	}
	switch {
	case !isService(raw):
		d.fault("", x.Title, "give services; organisations, locations and taxonomies are taken with them", "is not a service")
		return
	case x.Title == "":
		d.fault("title", "", "say what the activity is called", "is missing")
		return
	case s.Status == "defunct", s.Status == "inactive":
		d.fault("status", string(s.Status), "leave it out of the file, or make it active", "means that the service does not run")
		return
	case x.Source.ID == "":
		x.Source.ID = hashID(x.Title, string(s.URL))
	}
	hsdsTexts(d, s)
	hsdsOrganisation(d, s)
	hsdsPlaces(d, s)
	hsdsLabels(d, s)
	hsdsContacts(d, s)
	hsdsTimes(d, s)
	hsdsCosts(d, s)
	for _, l := range s.Languages {
		d.language(l.Name.line(), l.Code.line())
	}
	d.ages(s.MinAge.number(), s.MaxAge.number())
	oruk1(d, s.oruk1Service)
	for _, when := range []text{s.Modified, s.Assured} { // the assurance, if there is one
		if t, ok := readDate(string(when)); ok {
			d.confirmed = t
		}
	}
	d.finish()
}

// isService reports whether an object is a service, by the fields that only
// services have: status is required of them, and real files leave it out.
func isService(raw []byte) bool {
	var v map[string]json.RawMessage
	if json.Unmarshal(raw, &v) != nil {
		return false
	}
	if v["location_type"] != nil || v["state"] != nil && v["kind"] != nil {
		return false // a location, which may name its organisation; an item of a feed
	}
	for _, field := range []string{"status", "service", "organization", "organization_id", "service_at_locations"} {
		if v[field] != nil {
			return true
		}
	}
	return false
}

// hsdsTexts takes the texts. What has no field of its own joins the
// description, under its name.
func hsdsTexts(d *draft, s hsdsService) {
	x := &d.details
	x.Description = s.Description.String()
	if s.Alert != "" {
		x.Description = paragraph(x.Description, s.Alert.String())
	}
	if s.Eligibility != "" {
		d.audience().Note = s.Eligibility.line()
	}
	if s.Application != "" {
		d.joining().Note = s.Application.line()
	}
	if s.Interpreting != "" {
		d.answer("interpreter", directory.Yes, clipTo(s.Interpreting.line(), 300))
	}
	if s.Status == "temporarily closed" {
		x.Description = paragraph("Temporarily closed.", x.Description)
		d.warn("status", string(s.Status), "is said at the head of the description")
	}
	if d.file.source.Licence == "" && s.Licence != "" {
		x.Source.Licence = clipTo(s.Licence.line(), 120)
	}
	d.website(string(s.URL))
}

func hsdsOrganisation(d *draft, s hsdsService) {
	o := s.Organization.value
	if o == nil || o.Name == "" || d.file.group != "" {
		return
	}
	website := o.Website
	if website == "" {
		website = o.URL
	}
	d.groupOf("organization "+o.ID.line(), directory.GroupDetails{Name: o.Name.line(), Description: o.Description.String()}, string(website))
}

func hsdsPlaces(d *draft, s hsdsService) {
	for _, at := range s.AtLocations {
		l := at.Location.value
		if l == nil {
			continue
		}
		if l.Type == "virtual" {
			d.details.Delivery = appendNew(d.details.Delivery, "online")
			continue
		}
		p := place{name: l.Name.line(), lat: string(l.Latitude), lon: string(l.Longitude)}
		if len(l.Addresses) > 0 {
			a := l.Addresses[0]
			for _, other := range l.Addresses {
				if other.Type == "physical" {
					a = other
					break
				}
			}
			p.address = directory.Address{Street: a.Line1.line(), Locality: a.Line2.line(), Town: a.City.line(), County: a.State.line(), Postcode: a.Postcode.line()}
		}
		if d.details.Venue != nil {
			words := commas(p.name, p.address.Street, p.address.Town, p.address.Postcode)
			d.warn("venue", words, "is one more place; it was put into the description")
			d.details.Description = paragraph(d.details.Description, "Also at: "+words)
			continue
		}
		if d.settle(p) {
			d.details.Delivery = appendNew(d.details.Delivery, "venue")
		}
		if l.Transport != "" {
			d.gettingThere(l.Transport.line())
		}
		for _, a := range l.Accessibility {
			d.accessText(a.Accessibility.line())
			accessSentence(d, a.Description.line(), a.Details.line())
		}
	}
}

// accessSentence keeps a sentence about access in its own words; whether it is
// a label of ours is tried first.
func accessSentence(d *draft, sentence, more string) {
	if id, ok := feature(d.file.words, sentence); ok {
		d.answer(id, directory.Yes, clipTo(more, 300))
		return
	}
	if sentence != "" {
		d.gettingThere("Access: " + join(sentence, more))
	}
}

func hsdsLabels(d *draft, s hsdsService) {
	var labels []string
	for _, a := range s.Attributes {
		if t := a.Term.value; t != nil && t.Name != "" {
			labels = append(labels, t.Name.line())
		}
	}
	d.interests(d.details.Title, labels...)
}

func hsdsContacts(d *draft, s hsdsService) {
	contacts, phones := s.Contacts, s.Phones
	for _, at := range s.AtLocations {
		if len(contacts) == 0 {
			contacts = at.Contacts
		}
		if len(phones) == 0 {
			phones = at.Phones
		}
	}
	add := func(c directory.Contact, p hsdsPhone) {
		if number := p.Number.line(); number != "" {
			if p.Extension != "" {
				number += " ext " + p.Extension.line()
			}
			d.phone(&c, number)
			c.Hours = clipTo(p.Hours.line(), 120)
		}
		d.details.Contacts = append(d.details.Contacts, c)
	}
	var first directory.Contact
	d.email(&first, string(s.Email))
	if len(phones) == 0 && first.Email != "" {
		d.details.Contacts = append(d.details.Contacts, first)
	}
	for _, p := range phones {
		add(first, p)
		first = directory.Contact{}
	}
	for _, c := range contacts {
		contact := directory.Contact{Name: c.Name.line(), Role: c.Title.line()}
		d.email(&contact, string(c.Email))
		if len(c.Phones) == 0 {
			d.details.Contacts = append(d.details.Contacts, contact)
			continue
		}
		add(contact, c.Phones[0])
	}
}

func hsdsCosts(d *draft, s hsdsService) {
	var prices []option
	for _, c := range s.CostOptions {
		if when, ok := readDate(string(c.ValidTo)); ok && when.Before(d.file.today()) {
			d.warn("cost", strings.TrimSpace(c.Option.line()+" "+string(c.Amount)), "was the price until %s; it was left out", c.ValidTo.line())
			continue
		}
		prices = append(prices, option{label: c.Option.line(), amount: c.Amount, per: c.Description.line(), currency: c.Currency.line()})
	}
	d.options(prices)
	fees := s.Fees
	if fees == "" {
		fees = s.OldFees
	}
	switch {
	case fees == "":
	case d.details.Cost == nil:
		d.price(string(fees))
	default:
		d.details.Cost.Note = join(d.details.Cost.Note, fees.line())
	}
}
