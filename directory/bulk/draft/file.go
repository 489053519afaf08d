package draft

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"gather/directory"
	"gather/directory/vocabulary"
)

// File is what all rows of one file share.
type File struct {
	// Words and Places are the vocabulary and gazetteer of the directory being
	// imported into.
	Words  *vocabulary.Vocabulary
	Places directory.Gazetteer
	// Now is the time of the import.
	Now time.Time
	// Source is recorded on every listing, with the row's own id.
	Source directory.Source
	// Group is the id of a registered group, or a group name, for every row.
	// Empty: the group that the row names, or one named after the source.
	Group string
	// HideContacts marks every contact as not public.
	HideContacts bool
	// Interests are given to every row that has no narrower one.
	Interests []string
	// Area is where rows take place that say nothing of where, and Delivery how
	// people take part in them; see SetArea.
	Area     *directory.VenueArea
	Delivery string
	// Notes are about the file as a whole.
	Notes []string
}

// Draft starts the draft of a row, given the line on which it begins and its
// number in the file, both from 1.
func (f *File) Draft(line, item int) *Draft {
	d := &Draft{File: f, Line: line, Item: item}
	d.Details.Source = f.SourceFor("")
	return d
}

// FileGroup is the group of rows that do not name one: its key at the source,
// and its details.
func (f *File) FileGroup() (key string, details directory.GroupDetails) {
	name := strings.TrimSpace(f.Group)
	if name == "" {
		name = f.Source.Name
		return "source", directory.GroupDetails{Name: name, Website: f.Source.URL}
	}
	return "named\n" + vocabulary.Fold(name), directory.GroupDetails{Name: name}
}

// SourceFor is the Source of a row with this id at its source.
func (f *File) SourceFor(id string) *directory.Source {
	s := f.Source
	s.ID = id
	return &s
}

// HashID derives an id for a row that has none from its contents, so that the
// same row gets the same id next time.
func HashID(parts ...string) string {
	for i := range parts {
		parts[i] = vocabulary.Fold(parts[i])
	}
	sum := sha256.Sum256([]byte(strings.Join(parts, "\n")))
	return "row-" + hex.EncodeToString(sum[:8])
}

// Today is the import's date in London, at midnight UTC.
func (f *File) Today() time.Time {
	y, mo, d := f.Now.In(directory.London()).Date()
	return time.Date(y, mo, d, 0, 0, 0, 0, time.UTC)
}
