// Package openactive imports activities from pages of OpenActive's RPDE feeds,
// in the current version of its model and in older ones. A feed lists events
// and their dated sessions as separate items, so it is read twice; see Feed.
package openactive

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"gather/directory"
	"gather/directory/bulk/draft"
	"gather/directory/bulk/freetext"
	"gather/directory/bulk/loose"
)

// Lists is the name of the list in a page of an RPDE feed.
var Lists = []string{"items"}

// The fields of OpenActive's objects that are imported, under their current
// names and the names of older versions.
type (
	item struct {
		State    loose.Text      `json:"state"`
		Kind     loose.Text      `json:"kind"`
		ID       loose.Text      `json:"id"`
		Modified loose.Text      `json:"modified"`
		Data     json.RawMessage `json:"data"`
	}
	event struct {
		Type         loose.Text                   `json:"type"`
		AtType       loose.Text                   `json:"@type"`
		ID           loose.Text                   `json:"id"`
		AtID         loose.Text                   `json:"@id"`
		Name         loose.Text                   `json:"name"`
		Description  loose.Text                   `json:"description"`
		URL          loose.Text                   `json:"url"`
		Activity     labels                       `json:"activity"`
		Category     labels                       `json:"category"`
		Organizer    loose.Many[organizer]        `json:"organizer"`
		Location     places                       `json:"location"`
		Offers       loose.Many[offer]            `json:"offers"`
		Offer        loose.Many[offer]            `json:"offer"`
		Free         loose.Text                   `json:"isAccessibleForFree"`
		Ages         ages                         `json:"ageRange"`
		OldAges      ages                         `json:"agerange"`
		Gender       loose.Text                   `json:"genderRestriction"`
		Level        labels                       `json:"level"`
		Support      labels                       `json:"accessibilitySupport"`
		Access       loose.Text                   `json:"accessibilityInformation"`
		Instructions loose.Text                   `json:"attendeeInstructions"`
		Capacity     loose.Text                   `json:"maximumAttendeeCapacity"`
		TimesNote    loose.Text                   `json:"schedulingNote"`
		MeetingPoint loose.Text                   `json:"meetingPoint"`
		Parking      loose.Text                   `json:"beta:parking"`
		Needs        labels                       `json:"beta:specialRequirements"`
		Schedules    loose.Many[schedule]         `json:"eventSchedule"`
		SubEvents    loose.Many[event]            `json:"subEvent"`
		Super        superEvent                   `json:"superEvent"`
		Start        loose.Text                   `json:"startDate"`
		End          loose.Text                   `json:"endDate"`
		Status       loose.Text                   `json:"eventStatus"`
		Mode         loose.Text                   `json:"eventAttendanceMode"`
		Virtual      loose.Maybe[virtualLocation] `json:"beta:virtualLocation"`
	}
	organizer struct {
		ID          loose.Text `json:"id"`
		AtID        loose.Text `json:"@id"`
		Name        loose.Text `json:"name"`
		Description loose.Text `json:"description"`
		URL         loose.Text `json:"url"`
		Telephone   loose.Text `json:"telephone"`
		Email       loose.Text `json:"email"`
	}
	offer struct {
		Name     loose.Text `json:"name"`
		Price    loose.Text `json:"price"`
		Currency loose.Text `json:"priceCurrency"`
		Words    loose.Text `json:"description"`
		Ages     ages       `json:"ageRange"`
	}
	schedule struct {
		From      loose.Text  `json:"startDate"`
		Until     loose.Text  `json:"endDate"`
		Starts    loose.Text  `json:"startTime"`
		Ends      loose.Text  `json:"endTime"`
		Days      loose.Texts `json:"byDay"`
		MonthDays loose.Texts `json:"byMonthDay"`
		Months    loose.Texts `json:"byMonth"`
		Duration  loose.Text  `json:"duration"`
		Zone      loose.Text  `json:"scheduleTimezone"`
		Every     loose.Text  `json:"repeatFrequency"`
		Often     loose.Text  `json:"frequency"`
		Count     loose.Text  `json:"repeatCount"`
		Except    loose.Texts `json:"exceptDate"`
	}
	virtualLocation struct {
		Name loose.Text `json:"name"`
		URL  loose.Text `json:"url"`
	}
	// superEvent is the event a session belongs to: its address, or the event
	// embedded.
	superEvent struct {
		ref   string
		event *event
	}
)

// UnmarshalJSON accepts an address or an object.
func (s *superEvent) UnmarshalJSON(b []byte) error {
	switch b[0] {
	case '"':
		return json.Unmarshal(b, &s.ref)
	case '{':
		s.event = &event{}
		if err := json.Unmarshal(b, s.event); err != nil {
			return err
		}
		s.ref = s.event.id()
	}
	return nil
}

func (e *event) id() string {
	if e.AtID != "" {
		return e.AtID.Line()
	}
	return e.ID.Line()
}

// kind returns the type in lower case, without its namespace.
func (e *event) kind() string {
	t := e.AtType
	if t == "" {
		t = e.Type
	}
	s := t.Line()
	return strings.ToLower(s[strings.LastIndexAny(s, ":/#")+1:])
}

// isSession reports whether e is one dated session of another event.
func (e *event) isSession() bool {
	return e.Super.ref != "" || e.Super.event != nil || e.kind() == "scheduledsession"
}

// facilities are the types that describe places to hire and videos to watch
// at any time, which are not activities.
var facilities = map[string]bool{"facilityuse": true, "individualfacilityuse": true, "slot": true, "ondemandevent": true}

// Take maps one item of the second pass to d. It sets d.Outcome for an item
// that is deleted, repeated or joined to another, and adds a fault for one
// that cannot become a listing.
func (f *Feed) Take(d *draft.Draft, raw []byte) {
	it, e, err := readItem(raw)
	if err != nil {
		d.Fault("", "", "see OpenActive's form of an item", "cannot be read: %s", loose.Fault(err))
		return
	}
	x := &d.Details
	x.Source.ID, x.Title = it.ID.Line(), e.Name.Line()
	if it.deleted() {
		d.Outcome = draft.Deleted
		return
	}
	listing, _ := it.about(e)
	x.Source.ID = listing
	switch describes, known := f.describes[listing]; {
	case facilities[e.kind()]:
		d.Fault("", e.kind(), "leave it out: places to hire are not listed", "is not an activity that people come to together")
		return
	case len(it.Data) == 0 && it.State != "":
		d.Fault("data", "", "leave the item out, or mark it as deleted", "is missing")
		return
	case e.isSession() && !known:
		d.Fault("superEvent", listing, "give the feed that describes it too", "is not in the file, so nothing says what this is a session of")
		return
	case e.isSession() && describes != d.Item:
		d.Outcome = draft.Joined
		return
	case known && describes != d.Item:
		d.Outcome = draft.Repeated
		d.Warn("id", listing, "is replaced by a later item of the feed")
		return
	}
	if e.isSession() {
		e = e.Super.event
	}
	if e.Super.event != nil {
		e.inherit(e.Super.event)
	}
	x.Title = e.Name.Line()
	f.describe(d, e, &it)
}

// describe maps the event of an item to d.
func (f *Feed) describe(d *draft.Draft, e *event, it *item) {
	x := &d.Details
	switch {
	case x.Title == "":
		d.Fault("name", "", "say what the activity is called", "is missing")
		return
	case strings.Contains(e.Status.Line(), "EventCancelled"):
		d.Fault("eventStatus", e.Status.Line(), "leave it out of the feed", "means that it does not take place")
		return
	case x.Source.ID == "":
		x.Source.ID = draft.HashID(x.Title, string(e.URL), string(e.Start))
	}
	x.Description = e.Description.String()
	d.TakeWebsite(string(e.URL))
	f.takeInterests(d, e, it)
	takeOrganizer(d, e)
	takePlaces(d, e)
	takeWho(d, e)
	f.takeTimes(d, e)
	takeCosts(d, e)
	if e.Instructions != "" {
		d.FirstVisit().WhatToExpect = directory.Clip(e.Instructions.String(), 2000)
	}
	if v := e.Capacity.Number(); v != nil && *v >= 1 && *v <= 10000 && *v == float64(int(*v)) {
		d.FirstVisit().GroupMax = int(*v)
	}
	if t, ok := readModified(it.Modified.Line()); ok {
		d.Confirmed = t
	}
	d.Finish()
}

// readModified parses an item's modified member: a date, or a number in the
// range of Unix seconds or milliseconds between 2000 and 2100. RPDE allows any
// increasing number, so others are counters and carry no date.
func readModified(s string) (time.Time, bool) {
	if t, ok := freetext.Date(s); ok {
		return t, true
	}
	n, err := strconv.ParseFloat(s, 64)
	const first, last = 946684800, 4102444800 // the years 2000 to 2100
	switch {
	case err != nil:
	case n >= first && n < last:
		return time.Unix(int64(n), 0).UTC(), true
	case n >= first*1000 && n < last*1000:
		return time.UnixMilli(int64(n)).UTC(), true
	}
	return time.Time{}, false
}

// inherit fills the empty fields of e from p, the event it belongs to.
func (e *event) inherit(p *event) {
	for _, x := range []struct{ own, other *loose.Text }{
		{&e.Name, &p.Name}, {&e.Description, &p.Description}, {&e.URL, &p.URL}, {&e.Free, &p.Free}, {&e.Gender, &p.Gender}, {&e.Access, &p.Access},
		{&e.Instructions, &p.Instructions}, {&e.MeetingPoint, &p.MeetingPoint}, {&e.Mode, &p.Mode},
	} {
		if *x.own == "" {
			*x.own = *x.other
		}
	}
	for _, x := range []struct{ own, other *labels }{{&e.Activity, &p.Activity}, {&e.Category, &p.Category}, {&e.Support, &p.Support}, {&e.Level, &p.Level}} {
		if len(*x.own) == 0 {
			*x.own = *x.other
		}
	}
	if len(e.Organizer) == 0 {
		e.Organizer = p.Organizer
	}
	if len(e.Location) == 0 {
		e.Location = p.Location
	}
	if len(e.Offers)+len(e.Offer) == 0 {
		e.Offers, e.Offer = p.Offers, p.Offer
	}
	if e.Ages == (ages{}) && e.OldAges == (ages{}) {
		e.Ages, e.OldAges = p.Ages, p.OldAges
	}
}

func takeOrganizer(d *draft.Draft, e *event) {
	if len(e.Organizer) == 0 {
		return
	}
	o := e.Organizer[0]
	if d.File.Group == "" && o.Name != "" {
		id := o.AtID
		if id == "" {
			id = o.ID
		}
		if id == "" {
			id = o.Name
		}
		d.FileUnder("organizer "+id.Line(), directory.GroupDetails{Name: o.Name.Line(), Description: o.Description.String()}, o.URL.Line())
	}
	var c directory.Contact
	d.TakePhone(&c, string(o.Telephone))
	d.TakeEmail(&c, string(o.Email))
	if c.Phone != "" || c.Email != "" {
		d.Details.Contacts = append(d.Details.Contacts, c)
	}
}

func takePlaces(d *draft.Draft, e *event) {
	mode := strings.ToLower(e.Mode.Line())
	if v := e.Virtual.Value; v != nil || strings.Contains(mode, "online") || strings.Contains(mode, "mixed") {
		d.Details.Delivery = draft.AppendNew(d.Details.Delivery, "online")
		if v != nil {
			o := directory.Online{Platform: directory.Clip(v.Name.Line(), 60)}
			o.URL, _ = freetext.WebAddress(v.URL.Line())
			d.Details.Online = &o
		}
		if strings.Contains(mode, "online") {
			return
		}
	}
	for _, l := range e.Location {
		p := draft.Place{Name: strings.Trim(l.Name.Line(), " ,"), Lat: string(l.Geo.Value.latitude()), Lon: string(l.Geo.Value.longitude()), Address: l.Address.Address}
		if l.Address.words != "" {
			name, a, note := freetext.SplitAddress(d.File.Places, l.Address.words, p.Name)
			if p.Address = a; p.Name == "" {
				p.Name = name
			}
			d.Details.Description = freetext.Paragraph(d.Details.Description, note)
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
	}
	if e.MeetingPoint != "" {
		d.AddGettingThere("Meeting point: " + e.MeetingPoint.Line())
	}
	switch freetext.YesNo(string(e.Parking)) {
	case "yes":
		d.AddGettingThere("There is parking.")
	case "no":
		d.AddGettingThere("There is no parking.")
	}
	takeAccess(d, e)
}

// takeCosts maps the offers to prices; an offer for people on a low income
// becomes the concession.
func takeCosts(d *draft.Draft, e *event) {
	var prices []draft.Price
	var concession *offer
	offers := append(append(loose.Many[offer]{}, e.Offers...), e.Offer...)
	for i, o := range offers {
		label := strings.Trim(o.Name.Line()+" "+o.Ages.String(), " ")
		_, isPrice := amountOf(o.Price)
		switch fold := strings.ToLower(label); {
		case isPrice && concession == nil && len(offers) > 1 && isConcession.MatchString(fold):
			concession = &offers[i]
		case fold == "donation":
			d.Details.Cost = &directory.Cost{Kind: "donation"}
		default:
			price := draft.Price{Label: label, Amount: o.Price, Currency: o.Currency.Line()}
			price.Per, _ = freetext.FindPer(label)
			prices = append(prices, price)
		}
	}
	if d.Details.Cost == nil {
		d.TakePrices(prices)
	}
	c := d.Details.Cost
	switch {
	case c == nil && freetext.YesNo(string(e.Free)) == "yes":
		d.Details.Cost = &directory.Cost{Kind: "free"}
	case c != nil && concession != nil:
		if v, _ := amountOf(concession.Price); c.Kind == "fixed" && v <= c.Pounds {
			c.ConcessionPounds, c.ConcessionFor = &v, directory.Clip(concession.Words.Line(), 120)
			break
		}
		c.Note = freetext.Sentences(c.Note, fmt.Sprintf("%s: £%s", concession.Name.Line(), concession.Price.Line()))
	}
}

func amountOf(t loose.Text) (float64, bool) {
	v := t.Number()
	if v == nil {
		return 0, false
	}
	return freetext.Amount(*v)
}
