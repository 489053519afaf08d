package draft

import (
	"strings"

	"gather/directory/bulk/freetext"
)

// maxNote is the most characters of a note, as the rules have it.
const maxNote = 500

// Finish does the clean-up that all formats share. It runs last.
func (d *Draft) Finish() {
	x := &d.Details
	d.takeMentioned()
	if len(x.Delivery) == 0 && len(d.Faults) == 0 {
		d.guessDelivery()
	} else if len(d.Faults) == 0 && x.Venue == nil && x.Has("venue") && !d.takeArea() {
		d.refusePlaceless()
	}
	d.keepRough()
	if s := x.Schedule; s != nil && len([]rune(s.Note)) > maxNote {
		x.Description = freetext.Paragraph(x.Description, "Times: "+s.Note)
	}
	d.cut("title", &x.Title, 120)
	d.cut("summary", &x.Summary, 300)
	d.cut("description", &x.Description, 5000)
	if v := x.Venue; v != nil {
		d.cut("venue.name", &v.Name, 120)
		d.cut("venue.address.street", &v.Address.Street, 120)
		d.cut("venue.address.locality", &v.Address.Locality, 120)
		d.cut("venue.address.town", &v.Address.Town, 120)
		d.cut("venue.address.county", &v.Address.County, 120)
		if g := v.GettingThere; g != nil {
			d.cut("venue.getting_there.parking", &g.Parking, 500)
			d.cut("venue.getting_there.note", &g.Note, 500)
		}
	}
	if s := x.Schedule; s != nil {
		d.cut("schedule.note", &s.Note, maxNote)
		if len(s.Repeats) == 0 && len(s.Dates) == 0 && s.Note == "" && !s.TermTime {
			x.Schedule = nil
		}
	}
	if x.Cost != nil {
		d.cut("cost.note", &x.Cost.Note, 500)
	}
	if x.Audience != nil {
		d.cut("audience.note", &x.Audience.Note, 500)
	}
	if x.Joining != nil {
		d.cut("joining.note", &x.Joining.Note, 500)
	}
	d.tidyContacts()
	x.Interests = freetext.Narrowest(d.File.Words, append(x.Interests, d.File.Interests...))
	if len(x.Interests) > 10 {
		x.Interests = x.Interests[:10]
	}
}

// guessDelivery chooses how people take part if a row has no place: online or by
// phone if its words say so, else somewhere in an area, else by phone if it has a
// number. A website alone is no evidence: taken as online, the listing would
// appear in every local search in the country.
func (d *Draft) guessDelivery() {
	x := &d.Details
	if x.Venue != nil {
		x.Delivery = []string{"venue"}
		return
	}
	texts := []string{x.Summary, x.Description}
	if x.Schedule != nil {
		texts = append(texts, x.Schedule.Note)
	}
	if x.Online != nil || freetext.SaysOnline(append(texts, x.Title)...) {
		x.Delivery = []string{"online"}
	}
	if freetext.SaysByPhone(x.Title, texts...) {
		x.Delivery = append(x.Delivery, "phone")
	}
	for _, way := range x.Delivery {
		d.Warn("delivery", "", "no place is given, and its words speak of taking part so: it is taken as %q", way)
	}
	if len(x.Delivery) > 0 {
		return
	}
	if d.takeArea() {
		return
	}
	d.Placeless = !d.nationwide()
	for _, c := range x.Contacts {
		if c.Phone != "" {
			x.Delivery = []string{"phone"}
			d.Warn("delivery", c.Phone, "no place is given; as there is a number to ring, it is taken as \"phone\"")
			return
		}
	}
	d.refusePlaceless()
}

// cut shortens a text that is too long, at a word boundary, and warns.
func (d *Draft) cut(field string, s *string, most int) {
	r := []rune(*s)
	if len(r) <= most {
		return
	}
	d.Warn(field, *s, "is %d characters long, and was cut to %d", len(r), most)
	short := string(r[:most-1])
	if i := strings.LastIndexAny(short, " \n"); i > most/2 {
		short = short[:i]
	}
	*s = strings.TrimRight(short, " \n,;:-") + "…"
}
