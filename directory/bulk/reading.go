package bulk

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"gather/directory"
)

// reading is one file on its way in: its format, and what is kept of it by the
// packages of the formats that need something.
type reading struct {
	format Format
	file   *file
	csv    csvFile
	feed   *feed // of an OpenActive file
}

func newReading(dir *directory.Directory, o Options, head []byte) (*reading, error) {
	m := &reading{format: o.Format, file: &file{words: dir.Words, places: dir.Places, now: dir.Now(), source: o.Source, group: o.Group, hideContacts: o.HideContacts}}
	m.file.source.ID = ""
	m.csv = csvFile{file: m.file, columns: o.Columns, delimiter: o.Delimiter}
	switch m.format {
	case Auto:
		m.format = detect(head)
	default:
		if !slices.Contains(Formats(), m.format) {
			return nil, directory.InvalidField("format", fmt.Sprintf("say one of %q, or leave it out", Formats()), "%q is not a format that can be imported", o.Format)
		}
	}
	for field := range o.Columns {
		if !isField(field) {
			return nil, directory.InvalidField("columns."+field, "see the list of fields in the help", "%q is not a field that a column can be taken for", field)
		}
	}
	for i, text := range o.Interests {
		id, ok := dir.Words.ByWords(text)
		if _, exact := dir.Words.Interest(text); exact {
			id, ok = text, true
		}
		if !ok {
			return nil, directory.InvalidField(fmt.Sprintf("interests[%d]", i), "see /v1/vocabularies/interests for the concepts", "%q is not an interest we know", clip(text))
		}
		m.file.interests = append(m.file.interests, id)
	}
	if len(m.file.interests) == 0 && m.format == CSV {
		m.interestOfFile()
	}
	return m, nil
}

// interestOfFile reads an interest out of the name of the file: every row of
// gm_food_banks.csv is about food banks.
func (m *reading) interestOfFile() {
	f := m.file
	name := strings.TrimSuffix(f.source.Name, filepath.Ext(f.source.Name))
	if name == f.source.Name {
		return // not the name of a file
	}
	if ids := interestsIn(f.words, strings.NewReplacer("_", " ", "-", " ").Replace(name)); len(ids) == 1 {
		f.interests = ids
		f.notes = append(f.notes, fmt.Sprintf("every row was given the interest %q, or a narrower one, from the name of the file", ids[0]))
	}
}

// read takes the rows of r, in order, and gives each to take.
func (m *reading) read(r io.Reader, take func(*draft) error) error {
	r = skipBOM(r)
	switch m.format {
	case JSONLines:
		return m.file.readLines(r, take)
	case CSV:
		return m.csv.read(r, take)
	case Outpost:
		return m.file.readJSON(r, outpostPage, outpost, take)
	case OpenActive:
		return m.file.readJSON(r, openActivePage, m.feed.openActive, take)
	}
	return m.file.readJSON(r, hsdsPage, hsds, take)
}
