package bulk

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"gather/directory"
	"gather/directory/vocabulary"
)

// csvRow is one row of a table.
type csvRow struct {
	t      *table
	fields []string
}

// get is the row's field, empty where the file says nothing.
func (r csvRow) get(field string) string {
	for _, i := range r.t.byField[field] {
		if s := stated(r.fields[i]); s != "" {
			return s
		}
	}
	return ""
}

// byHeader is the text under a header, in the form headers are compared in.
func (r csvRow) byHeader(h string) string {
	if i, ok := r.t.byHeader[h]; ok {
		return r.fields[i]
	}
	return ""
}

// mapRow maps one row.
func mapRow(d *draft, row csvRow) {
	x := &d.details
	x.Title = line(row.get("title"))
	facility := line(row.get("facility"))
	if x.Title == "" {
		d.fault("title", "", "say what the activity is called", "is missing")
		return
	}
	name := x.Title
	if facility != "" {
		x.Title += ": " + facility
	}
	x.Summary = line(row.get("summary"))
	x.Description = row.get("description")
	csvPlace(d, row, name)
	x.Source.ID = csvID(row, name, facility, d)
	csvGroup(d, row)
	d.interests(name, row.get("category"), facility)
	if label := line(row.get("category")); label != "" && len(interestsOfLabels(d.file.words, label)) == 0 {
		x.Description = paragraph(x.Description, label)
	}
	csvContacts(d, row)
	csvTimes(d, row)
	csvWho(d, row)
	csvJoining(d, row)
	csvAccess(d, row)
	csvCost(d, row)
	csvUpdated(d, row)
	d.finish()
}

// csvID is the row's own id, or one made of what the row is known by. A site
// is listed once for each kind of facility and who may use it, so those belong
// to the id.
func csvID(row csvRow, name, facility string, d *draft) string {
	id := line(row.get("id"))
	switch {
	case id != "" && facility != "":
		return strings.TrimSpace(id + " " + facility + " " + line(row.get("access_type")))
	case id != "":
		return id
	}
	where := row.get("postcode") + row.get("address")
	if d.details.Venue != nil {
		where = d.details.Venue.Address.Postcode
	}
	return hashID(name, where, row.get("category")+facility, row.get("day")+row.get("opening"))
}

func csvPlace(d *draft, row csvRow, title string) {
	p := place{
		name: row.get("venue"), lat: row.get("lat"), lon: row.get("lon"),
		address: directory.Address{Street: row.get("street"), Locality: row.get("locality"), Town: row.get("town"), County: row.get("county"), Postcode: row.get("postcode")},
	}
	remark := ""
	if text := row.get("address"); text != "" {
		var name string
		var a directory.Address
		name, a, remark = splitAddress(d.file.places, text, title)
		if p.name == "" {
			p.name = name
		}
		if p.address.Street == "" {
			p.address.Street = a.Street
		}
		if p.address.Town == "" {
			p.address.Town = a.Town
		}
		if p.address.Postcode == "" {
			p.address.Postcode = a.Postcode
		}
	}
	for _, part := range partsOf(row.get("delivery")) {
		if t, ok := d.file.words.TermByWords(vocabulary.Delivery, part); ok {
			d.details.Delivery = append(d.details.Delivery, t.ID)
		} else if part != "" {
			d.warn("delivery", part, "is not a way to take part that we know; it was left out")
		}
	}
	if d.settle(p) {
		if !d.details.Has("venue") {
			d.details.Delivery = append([]string{"venue"}, d.details.Delivery...)
		}
	}
	if remark != "" {
		d.gettingThere(remark)
	}
}

func csvGroup(d *draft, row csvRow) {
	if d.file.group != "" {
		return
	}
	name := line(row.get("group"))
	if r := []rune(name); len(r) < 3 || len(r) > 120 {
		return
	}
	d.groupKey, d.group = "name\n"+vocabulary.Fold(name), directory.GroupDetails{Name: name}
}

func csvContacts(d *draft, row csvRow) {
	c := directory.Contact{Name: line(row.get("contact_name")), Role: line(row.get("contact_role"))}
	d.email(&c, row.get("email"))
	d.phone(&c, row.get("phone"))
	if c != (directory.Contact{}) {
		d.details.Contacts = append(d.details.Contacts, c)
	}
	d.anyContact(row.get("contact"))
	d.website(row.get("website"))
	if text := row.get("booking_url"); text != "" {
		if u, ok := webAddress(text); ok {
			d.joining().URL = u
		} else {
			d.warn("joining.url", text, "is not a web address; it was left out")
		}
	}
}

func csvTimes(d *draft, row csvRow) {
	day, start := row.get("day"), row.get("start")
	times := start
	if end := row.get("end"); end != "" && start != "" {
		times += " - " + end
	}
	if times == "" {
		times = row.get("time")
	}
	if day != "" || times != "" {
		d.opening(strings.TrimSpace(day + " " + times))
	}
	d.opening(row.get("opening"))
}

func csvWho(d *draft, row csvRow) {
	number := func(field, at string) *float64 {
		text := line(row.get(field))
		if text == "" {
			return nil
		}
		v, err := strconv.ParseFloat(text, 64)
		if err != nil {
			d.warn(at, text, "is not an age; it was left out")
			return nil
		}
		return &v
	}
	d.ages(number("min_age", "audience.min_age"), number("max_age", "audience.max_age"))
	d.ageText(row.get("age"))
	if text := row.get("audience"); text != "" {
		for _, part := range partsOf(text) {
			if t, ok := d.file.words.TermByWords(vocabulary.Audience, part); ok {
				d.audience().MadeFor = appendNew(d.audience().MadeFor, t.ID)
			} else {
				d.audience().Note = join(d.audience().Note, line(part))
			}
		}
	}
	for _, part := range partsOf(row.get("languages")) {
		d.language(part, "")
	}
}

var (
	selfReferral = regexp.MustCompile(`(?i)^self[- ]?(referrals?|refer)\.?$`)
	referralOnly = regexp.MustCompile(`(?i)^(foodbank |food bank )?(referral|referrals|referral only|vouchers?|referral/assessment|referral or assessment)\.?$`)
	openDoor     = regexp.MustCompile(`(?i)^(open door|drop[- ]?in|just turn up|turn up|first come,? first served)\.?$`)
	byBooking    = regexp.MustCompile(`(?i)^((by )?(appointment|booking)( only)?|book(ing)? (in advance|required|essential))\.?$`)
)

// csvJoining reads how one joins: what is sure as facts, and always the words.
func csvJoining(d *draft, row csvRow) {
	for _, field := range []string{"referral", "joining"} {
		text := row.get(field)
		if text == "" {
			continue
		}
		j := d.joining()
		for _, rule := range []struct {
			form      *regexp.Regexp
			how, from string
		}{{selfReferral, "", "self"}, {referralOnly, "referral", ""}, {openDoor, "drop-in", ""}, {byBooking, "book", ""}} {
			if !rule.form.MatchString(text) {
				continue
			}
			if rule.how != "" {
				j.How = appendNew(j.How, rule.how)
			}
			if rule.from != "" {
				j.Referral = appendNew(j.Referral, rule.from)
			}
		}
		j.Note = join(j.Note, line(text))
	}
	switch text := line(row.get("access_type")); text {
	case "":
	case "Free Public Access":
		d.details.Cost = &directory.Cost{Kind: "free"}
		d.joining().How = appendNew(d.joining().How, "drop-in")
	case "Private Use":
		d.joining().Note = join(d.joining().Note, "Private use: not open to the public")
		d.warn("joining", text, "means that the public may not come; the listing says so")
	default:
		d.joining().Note = join(d.joining().Note, "Who can use it: "+text)
	}
}

func csvAccess(d *draft, row csvRow) {
	for i, id := range row.t.features {
		text := stated(row.fields[i])
		if answer := yesNo(text); answer != "" {
			d.answer(id, answer, "")
		} else if text != "" {
			d.warn("access."+id, text, "is neither yes nor no; it was left out")
		}
	}
	accessOf(d, row)
	d.accessText(row.get("access"))
	d.accessText(row.get("access_notes"))
	if text := row.get("transport"); text != "" {
		d.gettingThere(line(text))
	}
	if d.details.Venue != nil {
		if p := parking(row); p != "" {
			if d.details.Venue.GettingThere == nil {
				d.details.Venue.GettingThere = &directory.GettingThere{}
			}
			d.details.Venue.GettingThere.Parking = p
		}
	}
}

// parking says in words what the columns about parking state.
func parking(row csvRow) string {
	var cars, bikes string
	switch yesNo(row.get("car_park")) {
	case "yes":
		cars = "Car park"
		if n, err := strconv.Atoi(row.get("car_park_spaces")); err == nil && n > 0 {
			cars = fmt.Sprintf("Car park with %d spaces", n)
		}
	case "no":
		cars = "No car park"
	}
	switch yesNo(row.get("cycle_park")) {
	case "yes":
		bikes = "Cycle parking"
	case "no":
		bikes = "No cycle parking"
	}
	return join(line(row.get("parking")), cars, bikes)
}

func csvCost(d *draft, row csvRow) {
	d.price(row.get("cost"))
	text := row.get("concession")
	if text == "" || d.details.Cost == nil {
		return
	}
	c, ok := readPrice(text)
	if !ok || (c.Kind == "fixed" && d.details.Cost.Kind == "fixed" && c.Pounds > d.details.Cost.Pounds) {
		d.warn("cost.concession_pounds", text, "could not be read as a lower price; it is kept as a note")
		d.details.Cost.Note = join(d.details.Cost.Note, "Concessions: "+line(text))
		return
	}
	pounds := c.Pounds
	d.details.Cost.ConcessionPounds, d.details.Cost.ConcessionFor = &pounds, "concessions"
}

func csvUpdated(d *draft, row csvRow) {
	text := row.get("updated")
	if text == "" {
		return
	}
	t, ok := readDate(text)
	if !ok {
		d.warn("checked", text, "is not a date; the listing counts as confirmed today")
		return
	}
	d.confirmed = t
}
