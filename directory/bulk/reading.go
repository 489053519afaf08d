package bulk

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"gather/directory"
	"gather/directory/bulk/csv"
	"gather/directory/bulk/draft"
	"gather/directory/bulk/freetext"
	"gather/directory/bulk/gather"
	"gather/directory/bulk/hsds"
	"gather/directory/bulk/openactive"
	"gather/directory/bulk/outpost"
	"gather/directory/bulk/spool"
	"gather/directory/vocabulary"
)

// reading is a file being imported: its format, and the state that some formats
// keep between rows.
type reading struct {
	format Format
	file   *draft.File
	csv    csv.Reader
	feed   *openactive.Feed // of an OpenActive file
}

func newReading(dir *directory.Directory, o Options, head []byte) (*reading, error) {
	m := &reading{format: o.Format, file: &draft.File{Words: dir.Words, Places: dir.Places, Now: dir.Now(), Source: o.Source, Group: o.Group, HideContacts: o.HideContacts}}
	m.file.Source.ID = ""
	m.csv = csv.Reader{File: m.file, Columns: o.Columns, Delimiter: o.Delimiter}
	switch m.format {
	case Auto:
		m.format = detect(head)
	default:
		if !slices.Contains(Formats(), m.format) {
			return nil, directory.InvalidField("format", fmt.Sprintf("say one of %q, or leave it out", Formats()), "%q is not a format that can be imported", o.Format)
		}
	}
	for field := range o.Columns {
		if !csv.IsField(field) {
			return nil, directory.InvalidField("columns."+field, "see the list of fields in the help", "%q is not a field that a column can be taken for", field)
		}
	}
	if o.Delivery != "" {
		if _, ok := dir.Words.Term(vocabulary.Delivery, o.Delivery); !ok {
			return nil, directory.InvalidField("delivery", "say venue, online, phone or home", "%q is not a way to take part", o.Delivery)
		}
	}
	if err := m.file.SetArea(o.Areas, o.Delivery); err != nil {
		return nil, err
	}
	for i, text := range o.Interests {
		id, ok := dir.Words.ByWords(text)
		if _, exact := dir.Words.Interest(text); exact {
			id, ok = text, true
		}
		if !ok {
			return nil, directory.InvalidField(fmt.Sprintf("interests[%d]", i), "see /v1/vocabularies/interests for the concepts", "%q is not an interest we know", text)
		}
		m.file.Interests = append(m.file.Interests, id)
	}
	if len(m.file.Interests) == 0 && m.format == CSV {
		m.interestOfFile()
	}
	return m, nil
}

// interestOfFile looks for an interest in the file's name: every row of
// gm_food_banks.csv is about food banks.
func (m *reading) interestOfFile() {
	f := m.file
	name := strings.TrimSuffix(f.Source.Name, filepath.Ext(f.Source.Name))
	if name == f.Source.Name {
		return // not a file name
	}
	if ids := freetext.Interests(f.Words, strings.NewReplacer("_", " ", "-", " ").Replace(name)); len(ids) == 1 {
		f.Interests = ids
		f.Notes = append(f.Notes, fmt.Sprintf("every row was given the interest %q, or a narrower one, from the name of the file", ids[0]))
	}
}

// read passes each row of r to take, in order.
func (m *reading) read(r io.Reader, take func(*draft.Draft) error) error {
	r = spool.SkipBOM(r)
	switch m.format {
	case JSONLines:
		return gather.ReadLines(m.file, r, take)
	case CSV:
		return m.csv.Read(r, take)
	case Outpost:
		return m.file.ReadJSON(r, outpost.Lists, outpost.Take, take)
	case OpenActive:
		return m.file.ReadJSON(r, openactive.Lists, m.feed.Take, take)
	}
	return m.file.ReadJSON(r, hsds.Lists, hsds.Take, take)
}
