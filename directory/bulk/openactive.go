package bulk

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"gather/directory"
)

// openActivePage is the name of the list in a page of an RPDE feed.
var openActivePage = []string{"items"}

// The parts of OpenActive's objects that are taken, in the names of today and
// of the dialects before it.
type (
	oaItem struct {
		State    text            `json:"state"`
		Kind     text            `json:"kind"`
		ID       text            `json:"id"`
		Modified text            `json:"modified"`
		Data     json.RawMessage `json:"data"`
	}
	oaEvent struct {
		Type         text            `json:"type"`
		AtType       text            `json:"@type"`
		ID           text            `json:"id"`
		AtID         text            `json:"@id"`
		Name         text            `json:"name"`
		Description  text            `json:"description"`
		URL          text            `json:"url"`
		Activity     oaLabels        `json:"activity"`
		Category     oaLabels        `json:"category"`
		Organizer    many[oaOrg]     `json:"organizer"`
		Location     oaPlaces        `json:"location"`
		Offers       many[oaOffer]   `json:"offers"`
		Offer        many[oaOffer]   `json:"offer"`
		Free         text            `json:"isAccessibleForFree"`
		Ages         oaAges          `json:"ageRange"`
		OldAges      oaAges          `json:"agerange"`
		Gender       text            `json:"genderRestriction"`
		Level        oaLabels        `json:"level"`
		Support      oaLabels        `json:"accessibilitySupport"`
		Access       text            `json:"accessibilityInformation"`
		Instructions text            `json:"attendeeInstructions"`
		Capacity     text            `json:"maximumAttendeeCapacity"`
		TimesNote    text            `json:"schedulingNote"`
		MeetingPoint text            `json:"meetingPoint"`
		Parking      text            `json:"beta:parking"`
		Needs        oaLabels        `json:"beta:specialRequirements"`
		Schedules    many[oaTimes]   `json:"eventSchedule"`
		SubEvents    many[oaEvent]   `json:"subEvent"`
		Super        oaSuper         `json:"superEvent"`
		Start        text            `json:"startDate"`
		End          text            `json:"endDate"`
		Status       text            `json:"eventStatus"`
		Mode         text            `json:"eventAttendanceMode"`
		Virtual      maybe[oaOnline] `json:"beta:virtualLocation"`
	}
	oaOrg struct {
		ID          text `json:"id"`
		AtID        text `json:"@id"`
		Name        text `json:"name"`
		Description text `json:"description"`
		URL         text `json:"url"`
		Telephone   text `json:"telephone"`
		Email       text `json:"email"`
	}
	oaOffer struct {
		Name     text   `json:"name"`
		Price    text   `json:"price"`
		Currency text   `json:"priceCurrency"`
		Words    text   `json:"description"`
		Ages     oaAges `json:"ageRange"`
	}
	oaTimes struct {
		From      text  `json:"startDate"`
		Until     text  `json:"endDate"`
		Starts    text  `json:"startTime"`
		Ends      text  `json:"endTime"`
		Days      texts `json:"byDay"`
		MonthDays texts `json:"byMonthDay"`
		Every     text  `json:"repeatFrequency"`
		Often     text  `json:"frequency"`
		Count     text  `json:"repeatCount"`
		Except    texts `json:"exceptDate"`
	}
	oaOnline struct {
		Name text `json:"name"`
		URL  text `json:"url"`
	}
	// oaSuper is what a session is one of: an address, or the thing itself.
	oaSuper struct {
		ref   string
		event *oaEvent
	}
)

// UnmarshalJSON takes an address or an object.
func (s *oaSuper) UnmarshalJSON(b []byte) error {
	switch b[0] {
	case '"':
		return json.Unmarshal(b, &s.ref)
	case '{':
		s.event = &oaEvent{}
		if err := json.Unmarshal(b, s.event); err != nil {
			return err
		}
		s.ref = s.event.id()
	}
	return nil
}

func (e *oaEvent) id() string {
	if e.AtID != "" {
		return e.AtID.line()
	}
	return e.ID.line()
}

// kind is the type without its namespace, lower case.
func (e *oaEvent) kind() string {
	t := e.AtType
	if t == "" {
		t = e.Type
	}
	s := t.line()
	return strings.ToLower(s[strings.LastIndexAny(s, ":/#")+1:])
}

// isSession reports whether e is one dated session of something.
func (e *oaEvent) isSession() bool {
	return e.Super.ref != "" || e.Super.event != nil || e.kind() == "scheduledsession"
}

// facilities are the types of places to hire: they are no activities.
var facilities = map[string]bool{"facilityuse": true, "individualfacilityuse": true, "slot": true, "ondemandevent": true}

// openActive maps one item.
func (f *feed) openActive(d *draft, raw []byte) {
	it, e, err := readItem(raw)
	if err != nil {
		d.fault("", "", "see OpenActive's form of an item", "cannot be read: %s", jsonFault(err))
		return
	}
	x := &d.details
	x.Source.ID, x.Title = it.ID.line(), e.Name.line()
	if it.deleted() {
		d.outcome = Deleted
		return
	}
	listing, _ := it.about(e)
	x.Source.ID = listing
	switch describes, known := f.describes[listing]; {
	case facilities[e.kind()]:
		d.fault("", e.kind(), "leave it out: places to hire are not listed", "is not an activity that people come to together")
		return
	case len(it.Data) == 0 && it.State != "":
		d.fault("data", "", "leave the item out, or mark it as deleted", "is missing")
		return
	case e.isSession() && !known:
		d.fault("superEvent", listing, "give the feed that describes it too", "is not in the file, so nothing says what this is a session of")
		return
	case e.isSession() && describes != d.item:
		d.outcome = Joined
		return
	case known && describes != d.item:
		d.outcome = Repeated
		d.warn("id", listing, "is replaced by a later item of the feed")
		return
	}
	if e.isSession() {
		e = e.Super.event
	}
	if e.Super.event != nil {
		e.inherit(e.Super.event)
	}
	x.Title = e.Name.line()
	f.oaEvent(d, e, &it)
}

// oaEvent maps what an item describes.
func (f *feed) oaEvent(d *draft, e *oaEvent, it *oaItem) {
	x := &d.details
	switch {
	case x.Title == "":
		d.fault("name", "", "say what the activity is called", "is missing")
		return
	case strings.Contains(e.Status.line(), "EventCancelled"):
		d.fault("eventStatus", e.Status.line(), "leave it out of the feed", "means that it does not take place")
		return
	case x.Source.ID == "":
		x.Source.ID = hashID(x.Title, string(e.URL), string(e.Start))
	}
	x.Description = e.Description.String()
	d.website(string(e.URL))
	f.oaLabels(d, e, it)
	oaOrganizer(d, e)
	oaVenue(d, e)
	oaWho(d, e)
	f.oaTimes(d, e)
	oaCosts(d, e)
	if e.Instructions != "" {
		d.firstVisit().WhatToExpect = clipTo(e.Instructions.String(), 2000)
	}
	if v := e.Capacity.number(); v != nil && *v >= 1 && *v <= 10000 && *v == float64(int(*v)) {
		d.firstVisit().GroupMax = int(*v)
	}
	if t, ok := readModified(it.Modified.line()); ok {
		d.confirmed = t
	}
	d.finish()
}

// readModified reads when an item was modified: a date, or a number that can
// only be the seconds or milliseconds of a date. Other numbers are counters.
func readModified(s string) (time.Time, bool) {
	if t, ok := readDate(s); ok {
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

// inherit fills what e does not say from what it is one of.
func (e *oaEvent) inherit(p *oaEvent) {
	for _, x := range []struct{ own, other *text }{
		{&e.Name, &p.Name}, {&e.Description, &p.Description}, {&e.URL, &p.URL}, {&e.Free, &p.Free}, {&e.Gender, &p.Gender}, {&e.Access, &p.Access},
		{&e.Instructions, &p.Instructions}, {&e.MeetingPoint, &p.MeetingPoint}, {&e.Mode, &p.Mode},
	} {
		if *x.own == "" {
			*x.own = *x.other
		}
	}
	for _, x := range []struct{ own, other *oaLabels }{{&e.Activity, &p.Activity}, {&e.Category, &p.Category}, {&e.Support, &p.Support}, {&e.Level, &p.Level}} {
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
	if e.Ages == (oaAges{}) && e.OldAges == (oaAges{}) {
		e.Ages, e.OldAges = p.Ages, p.OldAges
	}
}

func oaOrganizer(d *draft, e *oaEvent) {
	if len(e.Organizer) == 0 {
		return
	}
	o := e.Organizer[0]
	if d.file.group == "" && o.Name != "" {
		id := o.AtID
		if id == "" {
			id = o.ID
		}
		if id == "" {
			id = o.Name
		}
		d.groupOf("organizer "+id.line(), directory.GroupDetails{Name: o.Name.line(), Description: o.Description.String()}, o.URL.line())
	}
	var c directory.Contact
	d.phone(&c, string(o.Telephone))
	d.email(&c, string(o.Email))
	if c.Phone != "" || c.Email != "" {
		d.details.Contacts = append(d.details.Contacts, c)
	}
}

func oaVenue(d *draft, e *oaEvent) {
	mode := strings.ToLower(e.Mode.line())
	if v := e.Virtual.value; v != nil || strings.Contains(mode, "online") || strings.Contains(mode, "mixed") {
		d.details.Delivery = appendNew(d.details.Delivery, "online")
		if v != nil {
			o := directory.Online{Platform: clipTo(v.Name.line(), 60)}
			o.URL, _ = webAddress(v.URL.line())
			d.details.Online = &o
		}
		if strings.Contains(mode, "online") {
			return
		}
	}
	for _, l := range e.Location {
		p := place{name: strings.Trim(l.Name.line(), " ,"), lat: string(l.Geo.value.latitude()), lon: string(l.Geo.value.longitude()), address: l.Address.Address}
		if l.Address.words != "" {
			name, a, note := splitAddress(d.file.places, l.Address.words, p.name)
			if p.address = a; p.name == "" {
				p.name = name
			}
			d.details.Description = paragraph(d.details.Description, note)
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
	}
	if e.MeetingPoint != "" {
		d.gettingThere("Meeting point: " + e.MeetingPoint.line())
	}
	switch yesNo(string(e.Parking)) {
	case "yes":
		d.gettingThere("There is parking.")
	case "no":
		d.gettingThere("There is no parking.")
	}
	oaAccess(d, e)
}

// oaCosts takes the prices; one for those with less money is the concession.
func oaCosts(d *draft, e *oaEvent) {
	var prices []option
	var concession *oaOffer
	offers := append(append(many[oaOffer]{}, e.Offers...), e.Offer...)
	for i, o := range offers {
		label := strings.Trim(o.Name.line()+" "+o.Ages.String(), " ")
		_, isPrice := amountOf(o.Price)
		switch fold := strings.ToLower(label); {
		case isPrice && concession == nil && len(offers) > 1 && isConcession.MatchString(fold):
			concession = &offers[i]
		case fold == "donation":
			d.details.Cost = &directory.Cost{Kind: "donation"}
		default:
			price := option{label: label, amount: o.Price, currency: o.Currency.line()}
			price.per, _ = findPer(label)
			prices = append(prices, price)
		}
	}
	if d.details.Cost == nil {
		d.options(prices)
	}
	c := d.details.Cost
	switch {
	case c == nil && yesNo(string(e.Free)) == "yes":
		d.details.Cost = &directory.Cost{Kind: "free"}
	case c != nil && concession != nil:
		if v, _ := amountOf(concession.Price); c.Kind == "fixed" && v <= c.Pounds {
			c.ConcessionPounds, c.ConcessionFor = &v, clipTo(concession.Words.line(), 120)
			break
		}
		c.Note = join(c.Note, fmt.Sprintf("%s: £%s", concession.Name.line(), concession.Price.line()))
	}
}

func amountOf(t text) (float64, bool) {
	v := t.number()
	if v == nil {
		return 0, false
	}
	return amount(*v)
}
