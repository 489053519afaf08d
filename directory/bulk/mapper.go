package bulk

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"gather/directory"
	"gather/directory/vocabulary"
)

// mapper turns the rows of one file into drafts.
type mapper struct {
	words    *vocabulary.Vocabulary
	places   directory.Gazetteer
	format   Format
	o        Options
	source   directory.Source
	interest []string // of every row
	now      time.Time
	columns  []Column // of a CSV
	notes    []string
	feed     *feed             // of an OpenActive file
	concepts map[string]string // OpenActive's activities: our interest
}

var uuidForm = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)

func newMapper(dir *directory.Directory, o Options, head []byte) (*mapper, error) {
	m := &mapper{words: dir.Words, places: dir.Places, format: o.Format, o: o, source: o.Source, now: dir.Now()}
	m.source.ID = ""
	switch m.format {
	case Auto:
		m.format = detect(head)
	default:
		if !slices.Contains(Formats(), m.format) {
			return nil, invalid("format", fmt.Sprintf("say one of %q, or leave it out", Formats()), "%q is not a format that can be imported", o.Format)
		}
	}
	for field := range o.Columns {
		if !isField(field) {
			return nil, invalid("columns."+field, "see the list of fields in the help", "%q is not a field that a column can be taken for", field)
		}
	}
	for i, text := range o.Interests {
		id, ok := m.words.ByWords(text)
		if _, exact := m.words.Interest(text); exact {
			id, ok = text, true
		}
		if !ok {
			return nil, invalid(fmt.Sprintf("interests[%d]", i), "see /v1/vocabularies/interests for the concepts", "%q is not an interest we know", clip(text))
		}
		m.interest = append(m.interest, id)
	}
	if len(m.interest) == 0 && m.format == CSV {
		m.interestOfFile()
	}
	return m, nil
}

// interestOfFile reads an interest out of the name of the file: every row of
// gm_food_banks.csv is about food banks.
func (m *mapper) interestOfFile() {
	name := strings.TrimSuffix(m.source.Name, filepath.Ext(m.source.Name))
	if name == m.source.Name {
		return // not the name of a file
	}
	if ids := m.interestsIn(strings.NewReplacer("_", " ", "-", " ").Replace(name)); len(ids) == 1 {
		m.interest = ids
		m.notes = append(m.notes, fmt.Sprintf("every row was given the interest %q, or a narrower one, from the name of the file", ids[0]))
	}
}

// read takes the rows of r, in order, and gives each to take.
func (m *mapper) read(r io.Reader, take func(*draft) error) error {
	r = skipBOM(r)
	switch m.format {
	case JSONLines:
		return m.readLines(r, take)
	case CSV:
		return m.readCSV(r, take)
	case Outpost:
		return m.readJSON(r, outpostPage, m.outpost, take)
	case OpenActive:
		return m.readJSON(r, openActivePage, m.openActive, take)
	}
	return m.readJSON(r, hsdsPage, m.hsds, take)
}

// fileGroup is the group of rows without one of their own.
func (m *mapper) fileGroup() (key string, details directory.GroupDetails) {
	name := strings.TrimSpace(m.o.Group)
	if name == "" {
		name = m.source.Name
		return "source", directory.GroupDetails{Name: name, Website: m.source.URL}
	}
	return "named\n" + vocabulary.Fold(name), directory.GroupDetails{Name: name}
}

// sourceFor is the Source of a row with this id.
func (m *mapper) sourceFor(id string) *directory.Source {
	s := m.source
	s.ID = id
	return &s
}

// hashID is the id of a row that has none: made of what the row is known by,
// so that the same row has the same id next time.
func hashID(parts ...string) string {
	for i := range parts {
		parts[i] = vocabulary.Fold(parts[i])
	}
	sum := sha256.Sum256([]byte(strings.Join(parts, "\n")))
	return "row-" + hex.EncodeToString(sum[:8])
}

// finish cleans what every format has in common. It runs last.
func (m *mapper) finish(d *draft) {
	x := &d.details
	m.cut(d, "title", &x.Title, 120)
	m.cut(d, "summary", &x.Summary, 300)
	m.cut(d, "description", &x.Description, 5000)
	if v := x.Venue; v != nil {
		m.cut(d, "venue.name", &v.Name, 120)
		m.cut(d, "venue.address.street", &v.Address.Street, 120)
		m.cut(d, "venue.address.locality", &v.Address.Locality, 120)
		m.cut(d, "venue.address.town", &v.Address.Town, 120)
		m.cut(d, "venue.address.county", &v.Address.County, 120)
		if g := v.GettingThere; g != nil {
			m.cut(d, "venue.getting_there.parking", &g.Parking, 500)
			m.cut(d, "venue.getting_there.note", &g.Note, 500)
		}
	}
	if s := x.Schedule; s != nil {
		m.cut(d, "schedule.note", &s.Note, 500)
		if len(s.Repeats) == 0 && len(s.Dates) == 0 && s.Note == "" && !s.TermTime {
			x.Schedule = nil
		}
	}
	if x.Cost != nil {
		m.cut(d, "cost.note", &x.Cost.Note, 500)
	}
	if x.Audience != nil {
		m.cut(d, "audience.note", &x.Audience.Note, 500)
	}
	if x.Joining != nil {
		m.cut(d, "joining.note", &x.Joining.Note, 500)
	}
	m.tidyContacts(d)
	x.Interests = m.narrowest(append(x.Interests, m.interest...))
	if len(x.Interests) > 10 {
		x.Interests = x.Interests[:10]
	}
	if len(x.Delivery) == 0 && len(d.faults) == 0 {
		m.guessDelivery(d)
	}
}

// saysOnline finds words by which a text says that one takes part online.
var saysOnline = regexp.MustCompile(`(?i)\b(online|on-line|remote(ly)?|virtual(ly)?|video (call|conferenc\w+)|zoom|ms teams|microsoft teams|skype|webinars?)\b`)

// guessDelivery says how one takes part where a row gives no place: online
// where its words say so, else by the telephone number it gives, with a
// warning. A website alone says nothing: taken as online, the listing would
// stand in every local search of the country.
func (m *mapper) guessDelivery(d *draft) {
	x := &d.details
	if x.Venue != nil {
		x.Delivery = []string{"venue"}
		return
	}
	words := x.Title + "\n" + x.Summary + "\n" + x.Description
	if x.Schedule != nil {
		words += "\n" + x.Schedule.Note
	}
	if x.Online != nil || saysOnline.MatchString(words) {
		x.Delivery = []string{"online"}
		d.warn("delivery", "", "no place is given, and its words speak of taking part online: it is taken as \"online\"")
		return
	}
	for _, c := range x.Contacts {
		if c.Phone != "" {
			x.Delivery = []string{"phone"}
			d.warn("delivery", c.Phone, "no place is given; as there is a number to ring, it is taken as \"phone\"")
			return
		}
	}
	d.fault("venue.address.postcode", "", "give a postcode, or say how else people take part", "is missing, and the row says nothing of taking part online or by phone")
}

// cut shortens a text that is too long, at a word, and says so.
func (m *mapper) cut(d *draft, field string, s *string, most int) {
	r := []rune(*s)
	if len(r) <= most {
		return
	}
	d.warn(field, *s, "is %d characters long, and was cut to %d", len(r), most)
	short := string(r[:most-1])
	if i := strings.LastIndexAny(short, " \n"); i > most/2 {
		short = short[:i]
	}
	*s = strings.TrimRight(short, " \n,;:-") + "…"
}
