// Package draft turns the rows of imported files into listings. The format
// packages say which field is which; this package interprets the values, the
// same way for all formats, and warns about everything uncertain, corrected or
// left out.
package draft

import (
	"fmt"
	"time"

	"gather/directory"
)

// Limits on the rows of a file.
const (
	// MaxRows is more than any nation has.
	MaxRows = 2_000_000
	// MaxRow is the most bytes in one row. A listing may have at most a tenth
	// of this; other formats repeat a lot.
	MaxRow = directory.MaxDoc
	// MaxValue is the most characters of a value that a Remark quotes.
	MaxValue = 80
)

// Draft is a row being turned into a listing.
type Draft struct {
	// File is the file that the row is from.
	File *File
	// Line is the line on which the row begins and Item its number, both
	// from 1.
	Line, Item int
	// Details are the content of the listing.
	Details directory.Details
	// Confirmed is when the source last confirmed the row; zero means the time
	// of import.
	Confirmed time.Time
	// GroupKey is the id of the row's group at its source, and Group its
	// details; an empty key is the group of the whole file.
	GroupKey string
	Group    directory.GroupDetails
	// Own is the id of an activity in this directory that the row may be a copy
	// of.
	Own string
	// Placeless is true where the row says nothing of where it takes place, and no
	// area was given for such rows.
	Placeless bool
	// Outcome is set for a row that is not a listing by itself: Deleted, Joined
	// or Repeated.
	Outcome directory.Outcome
	// Faults are why the row is refused: one is enough. Warnings are all other
	// remarks.
	Faults   []Remark
	Warnings []Remark

	rough *directory.Venue // an address that is too little for a place, until Finish
	areas []string         // that the row states, in its own words
}

// Fault records why the row is refused: what is wrong with the value of a
// field, and how to fix it.
func (d *Draft) Fault(field, value, fix, format string, args ...any) {
	d.Faults = append(d.Faults, Remark{Field: field, Value: directory.Clip(value, MaxValue), What: fmt.Sprintf(format, args...), Fix: fix})
}

// Warn records something uncertain, corrected or left out.
func (d *Draft) Warn(field, value, format string, args ...any) {
	d.Warnings = append(d.Warnings, Remark{Field: field, Value: directory.Clip(value, MaxValue), What: fmt.Sprintf(format, args...)})
}

// SourceID is the id of the row at its source, empty if it has none.
func (d *Draft) SourceID() string {
	if d.Details.Source == nil {
		return ""
	}
	return d.Details.Source.ID
}

// FirstVisit returns the details about a first visit, creating them if
// necessary.
func (d *Draft) FirstVisit() *directory.FirstVisit {
	if d.Details.FirstVisit == nil {
		d.Details.FirstVisit = &directory.FirstVisit{}
	}
	return d.Details.FirstVisit
}

// Cost returns the draft's cost, creating it if necessary. The caller must set
// its kind: a cost without one breaks the rules.
func (d *Draft) Cost() *directory.Cost {
	if d.Details.Cost == nil {
		d.Details.Cost = &directory.Cost{}
	}
	return d.Details.Cost
}
