// Package draft is what a row of a foreign file is on its way to becoming a
// listing. The packages of the formats say which field is which; what stands in
// the fields is taken into a draft here, the same way for all formats, with a
// warning for everything that was read with doubt, repaired or left out.
package draft

import (
	"fmt"
	"time"

	"gather/directory"
)

// Limits of the rows of a file.
const (
	// MaxRows is more than a nation has.
	MaxRows = 2_000_000
	// MaxRow is the most bytes in one row. A listing may be at most a
	// tenth of this; foreign formats repeat much.
	MaxRow = directory.MaxDoc
	// MaxValue is the most characters of a value that a Remark quotes.
	MaxValue = 80
)

// Draft is one row on its way to becoming a listing.
type Draft struct {
	// File is the file that the row is from.
	File *File
	// Line is the line on which the row begins and Item its number, both
	// from 1.
	Line, Item int
	// Details are what the listing will say.
	Details directory.Details
	// Confirmed is when the source last confirmed the row; zero: when the
	// file is read.
	Confirmed time.Time
	// GroupKey is the id of the row's group at its source, and Group what is
	// said of it; an empty key is the group of the whole file.
	GroupKey string
	Group    directory.GroupDetails
	// Own is the id of an activity here that the row may be a copy of.
	Own string
	// Outcome is set for a row that is no listing by itself: Deleted, Joined
	// or Repeated.
	Outcome directory.Outcome
	// Faults are why the row is refused: one is enough. Warnings are all else
	// that is to be said of it.
	Faults   []Remark
	Warnings []Remark
}

// Fault notes why the row is refused: what is wrong with the value of a field,
// and what to do.
func (d *Draft) Fault(field, value, fix, format string, args ...any) {
	d.Faults = append(d.Faults, Remark{Field: field, Value: directory.Clip(value, MaxValue), What: fmt.Sprintf(format, args...), Fix: fix})
}

// Warn notes what was read with doubt, repaired or left out.
func (d *Draft) Warn(field, value, format string, args ...any) {
	d.Warnings = append(d.Warnings, Remark{Field: field, Value: directory.Clip(value, MaxValue), What: fmt.Sprintf(format, args...)})
}

// SourceID is the id of the row at its source, empty for none.
func (d *Draft) SourceID() string {
	if d.Details.Source == nil {
		return ""
	}
	return d.Details.Source.ID
}

// FirstVisit is what is said of a first visit, which is made if there is
// nothing.
func (d *Draft) FirstVisit() *directory.FirstVisit {
	if d.Details.FirstVisit == nil {
		d.Details.FirstVisit = &directory.FirstVisit{}
	}
	return d.Details.FirstVisit
}

// Cost is the draft's cost, which is made if it has none. A cost without a kind
// breaks the rules.
func (d *Draft) Cost() *directory.Cost {
	if d.Details.Cost == nil {
		d.Details.Cost = &directory.Cost{}
	}
	return d.Details.Cost
}
