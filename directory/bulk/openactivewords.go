package bulk

import (
	"encoding/json"
	"regexp"
	"strings"

	"gather/directory"
	"gather/directory/vocabulary"
)

// oaLabel is a concept, or a word for one.
type oaLabel struct{ id, name string }

// oaLabels are what OpenActive writes as a concept, a word, or a list of them.
type oaLabels []oaLabel

// UnmarshalJSON takes a text, an object or a list of them.
func (l *oaLabels) UnmarshalJSON(b []byte) error {
	raws, err := elements(b)
	if err != nil {
		return err
	}
	for _, raw := range raws {
		var x oaLabel
		switch raw[0] {
		case '{':
			var o struct {
				ID    text `json:"id"`
				AtID  text `json:"@id"`
				Label text `json:"prefLabel"`
				Name  text `json:"name"`
			}
			if json.Unmarshal(raw, &o) != nil {
				continue
			}
			x = oaLabel{o.AtID.line(), o.Label.line()}
			if x.id == "" {
				x.id = o.ID.line()
			}
			if x.name == "" {
				x.name = o.Name.line()
			}
		default:
			var t text
			if err := json.Unmarshal(raw, &t); err != nil {
				return err
			}
			x.name = t.line()
		}
		if x != (oaLabel{}) {
			*l = append(*l, x)
		}
	}
	return nil
}

func (l oaLabels) names() []string {
	var out []string
	for _, x := range l {
		if x.name != "" {
			out = append(out, x.name)
		}
	}
	return out
}

// oaAges are ages as an object, or as a text.
type oaAges struct{ least, most, words text }

// UnmarshalJSON takes an object with a lowest and a highest age, or a text.
func (a *oaAges) UnmarshalJSON(b []byte) error {
	if b[0] != '{' {
		return a.words.UnmarshalJSON(b)
	}
	var o struct {
		MinValue text `json:"minValue"`
		MaxValue text `json:"maxValue"`
		Min      text `json:"min"`
		Max      text `json:"max"`
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

// String is the ages in words, empty where there are none.
func (a oaAges) String() string {
	switch {
	case a.words != "":
		return a.words.line()
	case a.least != "" && a.most != "":
		return "(ages " + a.least.line() + " to " + a.most.line() + ")"
	case a.least != "":
		return "(ages " + a.least.line() + " and over)"
	case a.most != "":
		return "(up to age " + a.most.line() + ")"
	}
	return ""
}

// oaPlace is a place; its address is an object, or a text.
type oaPlace struct {
	Name    text         `json:"name"`
	Address oaAddress    `json:"address"`
	Geo     maybe[oaGeo] `json:"geo"`
}

type oaGeo struct {
	Latitude  text `json:"latitude"`
	Longitude text `json:"longitude"`
}

func (g *oaGeo) latitude() text {
	if g == nil {
		return ""
	}
	return g.Latitude
}

func (g *oaGeo) longitude() text {
	if g == nil {
		return ""
	}
	return g.Longitude
}

type oaAddress struct {
	directory.Address
	words string
}

// UnmarshalJSON takes a postal address, or a text.
func (a *oaAddress) UnmarshalJSON(b []byte) error {
	if b[0] != '{' {
		var t text
		err := json.Unmarshal(b, &t)
		a.words = t.String()
		return err
	}
	var o struct {
		Street   text `json:"streetAddress"`
		Locality text `json:"addressLocality"`
		Region   text `json:"addressRegion"`
		Postcode text `json:"postalCode"`
	}
	if err := json.Unmarshal(b, &o); err != nil {
		return err
	}
	// Lines of a street are written below each other, or with <br />.
	street := strings.Join(strings.FieldsFunc(o.Street.String(), func(r rune) bool { return r == '\n' }), ", ")
	a.Address = directory.Address{Street: line(street), Town: o.Locality.line(), County: o.Region.line(), Postcode: o.Postcode.line()}
	return nil
}

// oaPlaces is a place, its address as a text, or a list of these.
type oaPlaces []oaPlace

// UnmarshalJSON takes an object, a text or a list of them.
func (l *oaPlaces) UnmarshalJSON(b []byte) error {
	raws, err := elements(b)
	if err != nil {
		return err
	}
	for _, raw := range raws {
		var p oaPlace
		switch raw[0] {
		case '{':
			if json.Unmarshal(raw, &p) != nil {
				continue
			}
		case '"':
			var t text
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

// oaKinds are the kinds of item that say nothing about what it is.
var oaKinds = map[string]bool{
	"sessionseries": true, "scheduledsession": true, "event": true, "session": true, "headlineevent": true, "eventseries": true,
	"courseinstance": true, "course": true, "sessionseries.scheduledsession": true, "courseinstance.event": true, "headlineevent.event": true,
}

// oaLabels takes what an activity is: by the concepts of OpenActive's list
// where they are given, by words else. Old feeds put a category into kind.
func (f *feed) oaLabels(d *draft, e *oaEvent, it *oaItem) {
	words := append(e.Activity.names(), e.Category.names()...)
	for _, a := range e.Activity {
		if i := strings.LastIndexAny(a.id, "#/"); i >= 0 {
			if id, ok := f.concept(d.file.words, a.id[i+1:]); ok {
				d.details.Interests = appendNew(d.details.Interests, id)
			}
		}
	}
	if kind := it.Kind.line(); !oaKinds[strings.ToLower(kind)] {
		words = append(words, kind)
	}
	d.interests(d.details.Title, words...)
	if names := e.Level.names(); len(names) > 0 {
		d.details.Description = paragraph(d.details.Description, "Level: "+strings.Join(names, ", "))
	}
	if names := e.Needs.names(); len(names) > 0 {
		d.details.Description = paragraph(d.details.Description, "The source adds: "+strings.Join(names, ", "))
	}
}

// ofOpenActive is our interest for a concept of OpenActive's activity list.
func (f *feed) concept(words *vocabulary.Vocabulary, id string) (string, bool) {
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

// oaWho takes whom an activity is for.
func oaWho(d *draft, e *oaEvent) {
	for _, a := range []oaAges{e.Ages, e.OldAges} {
		d.ageText(string(a.words))
		if a.least != "" || a.most != "" {
			d.ages(a.least.number(), a.most.number())
		}
	}
	gender := strings.ToLower(e.Gender.line())
	switch {
	case strings.HasSuffix(gender, "femaleonly"), gender == "female", gender == "female only", gender == "women only":
		d.audience().MadeFor = []string{"women"}
	case strings.HasSuffix(gender, "maleonly"), gender == "male", gender == "male only", gender == "men only":
		d.audience().MadeFor = []string{"men"}
	}
}

// saidAccess is how a Gather says its answers about access in words.
var saidAccess = regexp.MustCompile(`^([^:.]+): (yes|no)(?: \(([^()]*)\))?\.(?: |$)`)

// oaAccess takes what is said about access. The words of another Gather are
// read as the answers they were; the impairments that a source says it
// supports stay in its words.
func oaAccess(d *draft, e *oaEvent) {
	rest, read := e.Access.line(), 0
	for {
		said := saidAccess.FindStringSubmatch(rest)
		if said == nil {
			break
		}
		t, ok := d.file.words.TermByWords(vocabulary.Access, said[1])
		if !ok {
			break
		}
		d.answer(t.ID, said[2], said[3])
		rest, read = rest[len(said[0]):], read+1
	}
	d.accessText(rest)
	if read > 0 {
		return // the impairments are made of the answers
	}
	d.suitable(e.Support.names())
}

// isConcession are names of prices for those with less money.
var isConcession = regexp.MustCompile(`\b(concession(s|ary)?|unwaged|low income|students?|conc)\b`)
