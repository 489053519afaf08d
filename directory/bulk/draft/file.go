package draft

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"gather/directory"
	"gather/directory/vocabulary"
)

// File is what is known of all rows of one file.
type File struct {
	// Words and Places are the vocabulary and the gazetteer of the directory
	// that the file is read into.
	Words  *vocabulary.Vocabulary
	Places directory.Gazetteer
	// Now is when the file is read.
	Now time.Time
	// Source is noted on every listing, with the row's own id.
	Source directory.Source
	// Group is the id of a registered group, or the name of one, that every
	// row belongs to; empty: the group that the row names, or one named after
	// the source.
	Group string
	// HideContacts marks every contact as not public.
	HideContacts bool
	// Interests are given to every row that has none narrower.
	Interests []string
	// Notes are about the file as a whole.
	Notes []string
}

// Draft begins the draft of a row: the line on which it begins, and its number
// in the file, both from 1.
func (f *File) Draft(line, item int) *Draft {
	d := &Draft{File: f, Line: line, Item: item}
	d.Details.Source = f.SourceFor("")
	return d
}

// FileGroup is the group of rows without one of their own: its key at the
// source, and what is known of it.
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

// HashID is the id of a row that has none: made of what the row is known by,
// so that the same row has the same id next time.
func HashID(parts ...string) string {
	for i := range parts {
		parts[i] = vocabulary.Fold(parts[i])
	}
	sum := sha256.Sum256([]byte(strings.Join(parts, "\n")))
	return "row-" + hex.EncodeToString(sum[:8])
}

// Today is the date in London when the file is read, at midnight UTC.
func (f *File) Today() time.Time {
	y, mo, d := f.Now.In(directory.London()).Date()
	return time.Date(y, mo, d, 0, 0, 0, 0, time.UTC)
}
