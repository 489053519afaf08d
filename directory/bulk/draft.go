package bulk

import (
	"fmt"
	"gather/directory"
	"time"
)

// draft is one row on its way to becoming a listing.
type draft struct {
	file       *file
	line, item int
	details    directory.Details
	confirmed  time.Time
	// groupKey is the id of the row's group at its source, and group what is
	// said of it; an empty key is the group of the whole file.
	groupKey string
	group    directory.GroupDetails
	// own is the id of an activity here that the row may be a copy of.
	own string
	// outcome is set for a row that is no listing by itself: Deleted, Joined
	// or Repeated.
	outcome  directory.Outcome
	faults   []Remark
	warnings []Remark
}

func (d *draft) fault(field, value, fix, format string, args ...any) {
	d.faults = append(d.faults, Remark{Field: field, Value: clip(value), What: fmt.Sprintf(format, args...), Fix: fix})
}

func (d *draft) warn(field, value, format string, args ...any) {
	d.warnings = append(d.warnings, Remark{Field: field, Value: clip(value), What: fmt.Sprintf(format, args...)})
}

func (d *draft) sourceID() string {
	if d.details.Source == nil {
		return ""
	}
	return d.details.Source.ID
}

func (d *draft) firstVisit() *directory.FirstVisit {
	if d.details.FirstVisit == nil {
		d.details.FirstVisit = &directory.FirstVisit{}
	}
	return d.details.FirstVisit
}

func (d *draft) cost() *directory.Cost {
	if d.details.Cost == nil {
		d.details.Cost = &directory.Cost{}
	}
	return d.details.Cost
}
