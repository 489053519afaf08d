package oruk

import (
	"time"

	"gather/directory"
)

// filter is what a list of services is asked for. All of it must hold.
type filter struct {
	// terms are sets of terms by index; an activity must have one of each.
	terms         [][]bool
	group         string
	modifiedAfter int64 // in milliseconds since 1970; 0: any
	// minimumAge and maximumAge are nil when not asked.
	minimumAge, maximumAge *int
	// days, start and end must hold of one and the same regular time. No days:
	// any day; start and end are minutes after midnight, -1 when not asked.
	days       uint8
	start, end int16
	// covers is somebody's home that must be inside the catchment.
	covers *directory.Location
	// near and metres are a circle that the venue must lie in.
	near   *directory.Position
	metres float64
	// found are the ids that a search for words found, best first; nil when
	// there was none.
	found []string
	today int32
}

// match reports whether e is asked for.
func (f *filter) match(s *snapshot, e *entry) bool {
	return (f.group == "" || e.group == f.group) &&
		(f.modifiedAfter == 0 || e.at > f.modifiedAfter || s.groupAt(e.group) > f.modifiedAfter) &&
		(f.minimumAge == nil || (e.minAge >= 0 && int(e.minAge) >= *f.minimumAge)) &&
		(f.maximumAge == nil || (e.maxAge >= 0 && int(e.maxAge) <= *f.maximumAge)) &&
		f.hasTerms(e) && f.hasTime(e) &&
		(f.covers == nil || e.catchment.covers(f.covers)) &&
		(f.near == nil || (e.venue != nil && f.near.Metres(*e.venue) <= f.metres))
}

func (f *filter) hasTerms(e *entry) bool {
	for _, set := range f.terms {
		found := false
		for _, t := range e.terms {
			if set[t] {
				found = true
				break
			}
		}
		if !found {
			return false
		}
	}
	return true
}

func (f *filter) hasTime(e *entry) bool {
	if f.days == 0 && f.start < 0 && f.end < 0 {
		return true
	}
	for _, x := range e.slots {
		if (x.until == 0 || x.until >= f.today) && (f.days == 0 || x.days&f.days != 0) &&
			(f.start < 0 || x.start >= f.start) && (f.end < 0 || x.end <= f.end) {
			return true
		}
	}
	return false
}

// each calls visit for every activity that f asks for, in order: of the search
// if there was one, else of id. It stops when visit answers false.
func (f *filter) each(s *snapshot, visit func(*entry) bool) {
	if f.found == nil {
		for _, e := range s.activities {
			if f.match(s, e) && !visit(e) {
				return
			}
		}
		return
	}
	for _, id := range f.found {
		i, ok := find(s.activities, id)
		if ok && f.match(s, s.activities[i]) && !visit(s.activities[i]) {
			return
		}
	}
}

// today is the day in London, in days since 1970.
func today(now time.Time) int32 {
	return dayNumber(now.In(directory.London()).Format(directory.DateLayout))
}
