package bulk

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"
	"time"

	"gather/directory"
	"gather/directory/vocabulary"
)

// file is what is known of all rows of one file.
type file struct {
	words  *vocabulary.Vocabulary
	places directory.Gazetteer
	// now is when the file is read.
	now time.Time
	// source is noted on every listing, with the row's own id.
	source directory.Source
	// group is the id of a registered group, or the name of one, that every
	// row belongs to; empty: the group that the row names, or one named after
	// the source.
	group string
	// hideContacts marks every contact as not public.
	hideContacts bool
	// interests are given to every row that has none narrower.
	interests []string
	// notes are about the file as a whole.
	notes []string
}

var uuidForm = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)

// draft begins the draft of a row: the line on which it begins, and its number
// in the file, both from 1.
func (f *file) draft(line, item int) *draft {
	d := &draft{file: f, line: line, item: item}
	d.details.Source = f.sourceFor("")
	return d
}

// fileGroup is the group of rows without one of their own.
func (f *file) fileGroup() (key string, details directory.GroupDetails) {
	name := strings.TrimSpace(f.group)
	if name == "" {
		name = f.source.Name
		return "source", directory.GroupDetails{Name: name, Website: f.source.URL}
	}
	return "named\n" + vocabulary.Fold(name), directory.GroupDetails{Name: name}
}

// sourceFor is the Source of a row with this id.
func (f *file) sourceFor(id string) *directory.Source {
	s := f.source
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

// today is the date on the wall in London.
func (f *file) today() time.Time {
	y, mo, d := f.now.In(directory.London()).Date()
	return time.Date(y, mo, d, 0, 0, 0, 0, time.UTC)
}
