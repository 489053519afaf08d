package draft

import (
	"errors"

	"gather/directory"
)

// Outcomes of a row in addition to those of directory.Import.
const (
	// Repeated: the same listing came earlier in the file.
	Repeated directory.Outcome = "repeated"
	// Joined: the row is a dated session and became part of its listing.
	Joined directory.Outcome = "joined"
	// Deleted: the source says that the listing is gone. An import leaves its
	// activity alone; a harvest withdraws it after a grace period.
	Deleted directory.Outcome = "deleted"
	// NotWritten: the import stopped before this row was written.
	NotWritten directory.Outcome = "not-written"
)

// Remark is one thing to know about a row: why it was refused or, as a warning,
// what was uncertain, corrected or left out.
type Remark struct {
	// Field is the path of the field in our own form, or a column's header.
	Field string `json:"field"`
	// Value is the file's value, cut to 80 characters.
	Value string `json:"value,omitempty"`
	// What says what is wrong and Fix what to do, in plain words.
	What string `json:"what"`
	Fix  string `json:"fix,omitempty"`
}

// Remarks turns the directory's faults into remarks.
func Remarks(fs []directory.Fault) []Remark {
	out := make([]Remark, len(fs))
	for i, f := range fs {
		out[i] = Remark{Field: f.Field, What: f.Detail, Fix: f.Fix}
	}
	return out
}

// FaultsOf returns the faults in err, or err itself as one.
func FaultsOf(err error) []Remark {
	var bad *directory.Invalid
	if errors.As(err, &bad) {
		return Remarks(bad.Faults)
	}
	return []Remark{{What: err.Error()}}
}
