package openactive

import (
	"encoding/json"
	"regexp"
	"strings"

	"gather/directory"
	"gather/directory/bulk/draft"
	"gather/directory/bulk/freetext"
	"gather/directory/bulk/loose"
	"gather/directory/vocabulary"
)

// label is a SKOS concept; either its id or its name may be empty.
type label struct{ id, name string }

// labels are the concepts of a member that holds a concept, a name, or a list
// of either.
type labels []label

// UnmarshalJSON accepts a string, an object or a list of them.
func (l *labels) UnmarshalJSON(b []byte) error {
	raws, err := loose.Elements(b)
	if err != nil {
		return err
	}
	for _, raw := range raws {
		var x label
		switch raw[0] {
		case '{':
			var o struct {
				ID    loose.Text `json:"id"`
				AtID  loose.Text `json:"@id"`
				Label loose.Text `json:"prefLabel"`
				Name  loose.Text `json:"name"`
			}
			if json.Unmarshal(raw, &o) != nil {
				continue
			}
			x = label{o.AtID.Line(), o.Label.Line()}
			if x.id == "" {
				x.id = o.ID.Line()
			}
			if x.name == "" {
				x.name = o.Name.Line()
			}
		default:
			var t loose.Text
			if err := json.Unmarshal(raw, &t); err != nil {
				return err
			}
			x.name = t.Line()
		}
		if x != (label{}) {
			*l = append(*l, x)
		}
	}
	return nil
}

func (l labels) names() []string {
	var out []string
	for _, x := range l {
		if x.name != "" {
			out = append(out, x.name)
		}
	}
	return out
}

// ages is an age range: least and most, or words where it is a string.
type ages struct{ least, most, words loose.Text }

// UnmarshalJSON accepts an object with a lowest and a highest age, or a string.
func (a *ages) UnmarshalJSON(b []byte) error {
	if b[0] != '{' {
		return a.words.UnmarshalJSON(b)
	}
	var o struct {
		MinValue loose.Text `json:"minValue"`
		MaxValue loose.Text `json:"maxValue"`
		Min      loose.Text `json:"min"`
		Max      loose.Text `json:"max"`
	}
	if err := json.Unmarshal(b, &o); err != nil {
		return err
	}
	if a.least = o.MinValue; a.least == "" {
		a.least = o.Min
	}
	if a.most = o.MaxValue; a.most == "" {
		a.most = o.Max
	}
	return nil
}

// String returns the ages in words, empty where there are none.
func (a ages) String() string {
	switch {
	case a.words != "":
		return a.words.Line()
	case a.least != "" && a.most != "":
		return "(ages " + a.least.Line() + " to " + a.most.Line() + ")"
	case a.least != "":
		return "(ages " + a.least.Line() + " and over)"
	case a.most != "":
		return "(up to age " + a.most.Line() + ")"
	}
	return ""
}

// place is a venue; its address is an object or a string.
type place struct {
	Name    loose.Text       `json:"name"`
	Address address          `json:"address"`
	Geo     loose.Maybe[geo] `json:"geo"`
}

type geo struct {
	Latitude  loose.Text `json:"latitude"`
	Longitude loose.Text `json:"longitude"`
}

func (g *geo) latitude() loose.Text {
	if g == nil {
		return ""
	}
	return g.Latitude
}

func (g *geo) longitude() loose.Text {
	if g == nil {
		return ""
	}
	return g.Longitude
}

type address struct {
	directory.Address
	words string
}

// UnmarshalJSON accepts a postal address, or a string.
func (a *address) UnmarshalJSON(b []byte) error {
	if b[0] != '{' {
		var t loose.Text
		err := json.Unmarshal(b, &t)
		a.words = t.String()
		return err
	}
	var o struct {
		Street   loose.Text `json:"streetAddress"`
		Locality loose.Text `json:"addressLocality"`
		Region   loose.Text `json:"addressRegion"`
		Postcode loose.Text `json:"postalCode"`
	}
	if err := json.Unmarshal(b, &o); err != nil {
		return err
	}
	// Feeds separate the lines of a street with newlines or <br />.
	street := strings.Join(strings.FieldsFunc(o.Street.String(), func(r rune) bool { return r == '\n' }), ", ")
	a.Address = directory.Address{Street: freetext.Line(street), Town: o.Locality.Line(), County: o.Region.Line(), Postcode: o.Postcode.Line()}
	return nil
}

// places are the places of a member that holds a place, its address as a
// string, or a list of either.
type places []place

// UnmarshalJSON accepts an object, a string or a list of them.
func (l *places) UnmarshalJSON(b []byte) error {
	raws, err := loose.Elements(b)
	if err != nil {
		return err
	}
	for _, raw := range raws {
		var p place
		switch raw[0] {
		case '{':
			if json.Unmarshal(raw, &p) != nil {
				continue
			}
		case '"':
			var t loose.Text
			if err := json.Unmarshal(raw, &t); err != nil {
				return err
			}
			p.Address.words = t.String()
		default:
			continue
		}
		*l = append(*l, p)
	}
	return nil
}

// kinds are the values of an item's kind that name a type of OpenActive's
// model, and so say nothing about the activity.
var kinds = map[string]bool{
	"sessionseries": true, "scheduledsession": true, "event": true, "session": true, "headlineevent": true, "eventseries": true,
	"courseinstance": true, "course": true, "sessionseries.scheduledsession": true, "courseinstance.event": true, "headlineevent.event": true,
}

// takeInterests maps the activity to interests: by concepts of OpenActive's
// activity list where the feed gives them, and by names. Old feeds put a
// category into kind.
func (f *Feed) takeInterests(d *draft.Draft, e *event, it *item) {
	words := append(e.Activity.names(), e.Category.names()...)
	for _, a := range e.Activity {
		if i := strings.LastIndexAny(a.id, "#/"); i >= 0 {
			if id, ok := f.concept(d.File.Words, a.id[i+1:]); ok {
				d.Details.Interests = draft.AppendNew(d.Details.Interests, id)
			}
		}
	}
	if kind := it.Kind.Line(); !kinds[strings.ToLower(kind)] {
		words = append(words, kind)
	}
	d.TakeInterests(d.Details.Title, words...)
	if names := e.Level.names(); len(names) > 0 {
		d.Details.Description = freetext.Paragraph(d.Details.Description, "Level: "+strings.Join(names, ", "))
	}
	if names := e.Needs.names(); len(names) > 0 {
		d.Details.Description = freetext.Paragraph(d.Details.Description, "The source adds: "+strings.Join(names, ", "))
	}
}

// concept returns the id of the interest that stands for a concept of
// OpenActive's activity list.
func (f *Feed) concept(words *vocabulary.Vocabulary, id string) (string, bool) {
	if f.concepts == nil {
		f.concepts = map[string]string{}
		for _, i := range words.Interests() {
			if i.OpenActive != "" && f.concepts[i.OpenActive] == "" {
				f.concepts[i.OpenActive] = i.ID
			}
		}
	}
	ours, ok := f.concepts[id]
	return ours, ok
}

// takeWho maps the ages and the gender an activity is for.
func takeWho(d *draft.Draft, e *event) {
	for _, a := range []ages{e.Ages, e.OldAges} {
		d.TakeAgeText(string(a.words))
		if a.least != "" || a.most != "" {
			d.TakeAges(a.least.Number(), a.most.Number())
		}
	}
	gender := strings.ToLower(e.Gender.Line())
	switch {
	case strings.HasSuffix(gender, "femaleonly"), gender == "female", gender == "female only", gender == "women only":
		d.Audience().MadeFor = []string{"women"}
	case strings.HasSuffix(gender, "maleonly"), gender == "male", gender == "male only", gender == "men only":
		d.Audience().MadeFor = []string{"men"}
	}
}

// saidAccess matches the sentence in which Gather's own feed publishes one
// access feature.
var saidAccess = regexp.MustCompile(`^([^:.]+): (yes|no)(?: \(([^()]*)\))?\.(?: |$)`)

// takeAccess maps accessibility. Sentences published by another Gather are
// parsed back into the access features they came from; the impairments that
// any other source says it supports are kept in its words.
func takeAccess(d *draft.Draft, e *event) {
	rest, read := e.Access.Line(), 0
	for {
		said := saidAccess.FindStringSubmatch(rest)
		if said == nil {
			break
		}
		t, ok := d.File.Words.TermByWords(vocabulary.Access, said[1])
		if !ok {
			break
		}
		d.AnswerAccess(t.ID, said[2], said[3])
		rest, read = rest[len(said[0]):], read+1
	}
	d.TakeAccess(rest)
	if read > 0 {
		return // Gather derives its accessibilitySupport from these features
	}
	d.AddSuitable(e.Support.names())
}

// isConcession matches the names of prices for people on a low income.
var isConcession = regexp.MustCompile(`\b(concession(s|ary)?|unwaged|low income|students?|conc)\b`)
