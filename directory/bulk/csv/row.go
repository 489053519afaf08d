package csv

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"gather/directory"
	"gather/directory/bulk/draft"
	"gather/directory/bulk/freetext"
	"gather/directory/vocabulary"
)

// row is one row of a table.
type row struct {
	t      *table
	fields []string
}

// get returns the row's value of a field, empty if the file does not state it.
func (r row) get(field string) string {
	for _, i := range r.t.byField[field] {
		if s := freetext.Stated(r.fields[i]); s != "" && !sheetError(s) {
			return s
		}
	}
	return ""
}

// sheetError reports whether a value is an error of a spreadsheet and no text.
func sheetError(s string) bool {
	switch strings.ToUpper(strings.TrimSpace(s)) {
	case "#NAME?", "#REF!", "#VALUE!", "#N/A", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#GETTING_DATA", "ERR:502", "ERR:508", "########":
		return true
	}
	return false
}

// byHeader returns the value under a normalised header.
func (r row) byHeader(h string) string {
	if i, ok := r.t.byHeader[h]; ok {
		return r.fields[i]
	}
	return ""
}

// takeRow maps one row to a draft.
func takeRow(d *draft.Draft, row row) {
	x := &d.Details
	for i, value := range row.fields {
		if sheetError(value) {
			d.Warn(freetext.Line(row.t.headers[i]), value, "is an error of the spreadsheet; it was left out")
		}
	}
	x.Title = freetext.Line(row.get("title"))
	facility := freetext.Line(row.get("facility"))
	if x.Title == "" {
		d.Fault("title", "", "say what the activity is called", "is missing")
		return
	}
	name := x.Title
	if facility != "" {
		x.Title += ": " + facility
	}
	x.Summary = freetext.Line(row.get("summary"))
	x.Description = row.get("description")
	takePlace(d, row, name)
	x.Source.ID = idOf(row, name, facility, d)
	takeGroup(d, row)
	d.TakeInterests(name, row.get("category"), facility)
	if label := freetext.Line(row.get("category")); label != "" && len(freetext.LabelInterests(d.File.Words, label)) == 0 {
		x.Description = freetext.Paragraph(x.Description, label)
	}
	takeContacts(d, row)
	takeTimes(d, row)
	takeWho(d, row)
	takeJoining(d, row)
	takeAccess(d, row)
	takeCost(d, row)
	d.TakeUpdated(row.get("updated"))
	d.Finish()
}

// idOf returns the row's own id, or one derived from its contents. A site is
// listed once for each kind of facility and access type, so those are part of
// the id.
func idOf(row row, name, facility string, d *draft.Draft) string {
	id := freetext.Line(row.get("id"))
	switch {
	case id != "" && facility != "":
		return strings.TrimSpace(id + " " + facility + " " + freetext.Line(row.get("access_type")))
	case id != "":
		return id
	}
	where := row.get("postcode") + row.get("address")
	if d.Details.Venue != nil {
		where = d.Details.Venue.Address.Postcode
	}
	return draft.HashID(name, where, row.get("category")+facility, row.get("day")+row.get("opening"))
}

func takePlace(d *draft.Draft, row row, title string) {
	p := draft.Place{
		Name: row.get("venue"), Lat: row.get("lat"), Lon: row.get("lon"),
		Address: directory.Address{Street: row.get("street"), Locality: row.get("locality"), Town: row.get("town"), County: row.get("county"), Postcode: row.get("postcode")},
	}
	remark := ""
	if text := row.get("address"); text != "" {
		var name string
		var a directory.Address
		name, a, remark = freetext.SplitAddress(d.File.Places, text, title)
		if p.Name == "" {
			p.Name = name
		}
		if p.Address.Street == "" {
			p.Address.Street = a.Street
		}
		if p.Address.Town == "" {
			p.Address.Town = a.Town
		}
		if p.Address.Postcode == "" {
			p.Address.Postcode = a.Postcode
		}
	}
	for _, part := range freetext.Parts(row.get("delivery")) {
		if t, ok := d.File.Words.TermByWords(vocabulary.Delivery, part); ok {
			d.Details.Delivery = append(d.Details.Delivery, t.ID)
		} else if part != "" {
			d.Warn("delivery", part, "is not a way to take part that we know; it was left out")
		}
	}
	if d.TakePlace(p) {
		if !d.Details.Has("venue") {
			d.Details.Delivery = append([]string{"venue"}, d.Details.Delivery...)
		}
	}
	d.StateArea(row.get("area"))
	if remark != "" {
		d.AddGettingThere(remark)
	}
}

func takeGroup(d *draft.Draft, row row) {
	if d.File.Group != "" {
		return
	}
	name := freetext.Line(row.get("group"))
	if r := []rune(name); len(r) < 2 || len(r) > 120 {
		return
	}
	d.GroupKey, d.Group = "name\n"+vocabulary.Fold(name), directory.GroupDetails{Name: name}
}

func takeContacts(d *draft.Draft, row row) {
	c := directory.Contact{Name: freetext.Line(row.get("contact_name")), Role: freetext.Line(row.get("contact_role"))}
	d.TakeEmail(&c, row.get("email"))
	d.TakePhone(&c, row.get("phone"))
	if c != (directory.Contact{}) {
		d.Details.Contacts = append(d.Details.Contacts, c)
	}
	d.TakeContact(row.get("contact"))
	d.TakeWebsite(row.get("website"))
	if text := row.get("booking_url"); text != "" {
		if u, ok := freetext.WebAddress(text); ok {
			d.Joining().URL = u
		} else {
			d.Warn("joining.url", text, "is not a web address; it was left out")
		}
	}
}

func takeWho(d *draft.Draft, row row) {
	number := func(field, at string) *float64 {
		text := freetext.Line(row.get(field))
		if text == "" {
			return nil
		}
		v, err := strconv.ParseFloat(text, 64)
		if err != nil {
			d.Warn(at, text, "is not an age; it was left out")
			return nil
		}
		return &v
	}
	d.TakeAges(number("min_age", "audience.min_age"), number("max_age", "audience.max_age"))
	d.TakeAgeText(row.get("age"))
	if text := row.get("audience"); text != "" {
		for _, part := range freetext.Parts(text) {
			if t, ok := d.File.Words.TermByWords(vocabulary.Audience, part); ok {
				d.Audience().MadeFor = draft.AppendNew(d.Audience().MadeFor, t.ID)
			} else {
				d.Audience().Note = freetext.Sentences(d.Audience().Note, freetext.Line(part))
			}
		}
	}
	for _, part := range freetext.Parts(row.get("languages")) {
		d.TakeLanguage(part, "")
	}
}

var (
	selfReferral = regexp.MustCompile(`(?i)^self[- ]?(referrals?|refer)\.?$`)
	referralOnly = regexp.MustCompile(`(?i)^(foodbank |food bank )?(referral|referrals|referral only|vouchers?|referral/assessment|referral or assessment)\.?$`)
	openDoor     = regexp.MustCompile(`(?i)^(open door|drop[- ]?in|just turn up|turn up|first come,? first served)\.?$`)
	byBooking    = regexp.MustCompile(`(?i)^((by )?(appointment|booking)( only)?|book(ing)? (in advance|required|essential))\.?$`)
)

// takeJoining reads how people join: certain facts as fields, and always the
// text.
func takeJoining(d *draft.Draft, row row) {
	for _, field := range []string{"referral", "joining"} {
		text := row.get(field)
		if text == "" {
			continue
		}
		j := d.Joining()
		for _, rule := range []struct {
			form      *regexp.Regexp
			how, from string
		}{{selfReferral, "", "self"}, {referralOnly, "referral", ""}, {openDoor, "drop-in", ""}, {byBooking, "book", ""}} {
			if !rule.form.MatchString(text) {
				continue
			}
			if rule.how != "" {
				j.How = draft.AppendNew(j.How, rule.how)
			}
			if rule.from != "" {
				j.Referral = draft.AppendNew(j.Referral, rule.from)
			}
		}
		j.Note = freetext.Sentences(j.Note, freetext.Line(text))
	}
	switch text := freetext.Line(row.get("access_type")); text {
	case "":
	case "Free Public Access":
		d.Details.Cost = &directory.Cost{Kind: "free"}
		d.Joining().How = draft.AppendNew(d.Joining().How, "drop-in")
	case "Private Use":
		d.Joining().Note = freetext.Sentences(d.Joining().Note, "Private use: not open to the public")
		d.Warn("joining", text, "means that the public may not come; the listing says so")
	default:
		d.Joining().Note = freetext.Sentences(d.Joining().Note, "Who can use it: "+text)
	}
}

func takeAccess(d *draft.Draft, row row) {
	for i, id := range row.t.features {
		text := freetext.Stated(row.fields[i])
		if answer := freetext.YesNo(text); answer != "" {
			d.AnswerAccess(id, answer, "")
		} else if text != "" {
			d.Warn("access."+id, text, "is neither yes nor no; it was left out")
		}
	}
	takeActivePlaces(d, row)
	d.TakeAccess(row.get("access"))
	d.TakeAccess(row.get("access_notes"))
	if text := row.get("transport"); text != "" {
		d.AddGettingThere(freetext.Line(text))
	}
	if d.Details.Venue != nil {
		if p := parking(row); p != "" {
			if d.Details.Venue.GettingThere == nil {
				d.Details.Venue.GettingThere = &directory.GettingThere{}
			}
			d.Details.Venue.GettingThere.Parking = p
		}
	}
}

// parking describes in words what the columns about parking state.
func parking(row row) string {
	var cars, bikes string
	switch freetext.YesNo(row.get("car_park")) {
	case "yes":
		cars = "Car park"
		if n, err := strconv.Atoi(row.get("car_park_spaces")); err == nil && n > 0 {
			cars = fmt.Sprintf("Car park with %d spaces", n)
		}
	case "no":
		cars = "No car park"
	}
	switch freetext.YesNo(row.get("cycle_park")) {
	case "yes":
		bikes = "Cycle parking"
	case "no":
		bikes = "No cycle parking"
	}
	return freetext.Sentences(freetext.Line(row.get("parking")), cars, bikes)
}

func takeCost(d *draft.Draft, row row) {
	d.TakePrice(row.get("cost"))
	text := row.get("concession")
	if text == "" || d.Details.Cost == nil {
		return
	}
	c, ok := freetext.Price(text)
	if !ok || (c.Kind == "fixed" && d.Details.Cost.Kind == "fixed" && c.Pounds > d.Details.Cost.Pounds) {
		d.Warn("cost.concession_pounds", text, "could not be read as a lower price; it is kept as a note")
		d.Details.Cost.Note = freetext.Sentences(d.Details.Cost.Note, "Concessions: "+freetext.Line(text))
		return
	}
	pounds := c.Pounds
	d.Details.Cost.ConcessionPounds, d.Details.Cost.ConcessionFor = &pounds, "concessions"
}
