package draft

import (
	"errors"

	"gather/directory"
)

// Outcomes of a row beside those of directory.Import.
const (
	// Repeated: the same listing came earlier in the file.
	Repeated directory.Outcome = "repeated"
	// Joined: the row is a dated session; it became part of its listing.
	Joined directory.Outcome = "joined"
	// Deleted: the source says that the listing is no more. An import leaves
	// what it made of it alone; a harvest withdraws it after a time of grace.
	Deleted directory.Outcome = "deleted"
	// NotWritten: the import stopped before this row was written.
	NotWritten directory.Outcome = "not-written"
)

// Remark is one thing to know about a row: why it was refused, or, as a
// warning, what was read with doubt, repaired or left behind.
type Remark struct {
	// Field is the path of the field in our own form, or a column's header.
	Field string `json:"field"`
	// Value is what the file has, cut to 80 characters.
	Value string `json:"value,omitempty"`
	// What says what is the matter and Fix what to do, in plain words.
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

// FaultsOf are the faults that err carries, or err itself as one.
func FaultsOf(err error) []Remark {
	var bad *directory.Invalid
	if errors.As(err, &bad) {
		return Remarks(bad.Faults)
	}
	return []Remark{{What: err.Error()}}
}
