package oruk

import (
	"slices"
	"strings"
	"time"

	"gather/directory"
)

// Filter selects services. All fields must match; one that is zero or nil does
// not filter.
type Filter struct {
	// Terms and Taxonomies are ids: a service must have every term, or one that
	// is narrower, and some term of every taxonomy. An id that does not exist
	// matches nothing.
	Terms, Taxonomies []string
	// Organization is the id of a group.
	Organization string
	// ModifiedAfter is compared with last_modified.
	ModifiedAfter time.Time
	// MinimumAge is the least that a service's own minimum age may be, and
	// MaximumAge the most that its maximum may be, in years.
	MinimumAge, MaximumAge *int
	// Days, Start and End must hold of one and the same regular time. Start and
	// End are in minutes after midnight.
	Days       Days
	Start, End *int
	// Covers is where somebody lives, which must be inside the catchment.
	Covers *directory.Location
	// Near and Metres are a circle that the venue must lie in.
	Near   *directory.Position
	Metres float64
	// Found are the ids that a text search found, best first, which is then
	// the order of the list; nil without a search.
	Found []string
}

// Days is a set of days of the week; bit 0 is Monday.
type Days uint8

// ParseDay reads a day of the week as iCalendar writes it (MO), or its name.
func ParseDay(text string) (Days, bool) {
	for i, d := range dayNames {
		if strings.EqualFold(text, d.ical) || strings.EqualFold(text, d.name) {
			return 1 << i, true
		}
	}
	return 0, false
}

// query is a Filter prepared to match the entries of a snapshot.
type query struct {
	filter Filter
	in     *snapshot
	// terms are sets of terms by index; an activity must have one of each.
	terms         [][]bool
	modifiedAfter int64 // in milliseconds since 1970
	today         int32
}

func (c *Catalogue) query(f Filter, s *snapshot) *query {
	return &query{
		filter: f, in: s, terms: c.taxonomies.sets(f.Terms, f.Taxonomies),
		modifiedAfter: f.ModifiedAfter.UnixMilli(), today: today(c.clock()),
	}
}

// sets are the terms that match each of these terms and taxonomies.
func (t *Taxonomies) sets(terms, taxonomies []string) [][]bool {
	var out [][]bool
	for _, id := range terms {
		set := make([]bool, len(t.terms))
		for _, i := range t.within[id] {
			set[i] = true
		}
		out = append(out, set)
	}
	for _, id := range taxonomies {
		set := make([]bool, len(t.terms))
		span := t.list[id]
		for i := span[0]; i < span[1]; i++ {
			set[i] = true
		}
		out = append(out, set)
	}
	return out
}

// match reports whether e matches the filter.
func (q *query) match(e *entry) bool {
	f := &q.filter
	return (f.Organization == "" || e.group == f.Organization) &&
		(f.ModifiedAfter.IsZero() || e.at > q.modifiedAfter || q.in.groupAt(e.group) > q.modifiedAfter) &&
		(f.MinimumAge == nil || (e.minAge >= 0 && int(e.minAge) >= *f.MinimumAge)) &&
		(f.MaximumAge == nil || (e.maxAge >= 0 && int(e.maxAge) <= *f.MaximumAge)) &&
		q.hasTerms(e) && q.hasTime(e) &&
		(f.Covers == nil || e.catchment.covers(f.Covers)) &&
		(f.Near == nil || (e.venue != nil && f.Near.Metres(*e.venue) <= f.Metres))
}

func (q *query) hasTerms(e *entry) bool {
	for _, set := range q.terms {
		if !slices.ContainsFunc(e.terms, func(t uint16) bool { return set[t] }) {
			return false
		}
	}
	return true
}

func (q *query) hasTime(e *entry) bool {
	f := &q.filter
	if f.Days == 0 && f.Start == nil && f.End == nil {
		return true
	}
	return slices.ContainsFunc(e.slots, func(x slot) bool {
		return (x.until == 0 || x.until >= q.today) && (f.Days == 0 || x.days&f.Days != 0) &&
			(f.Start == nil || int(x.start) >= *f.Start) && (f.End == nil || int(x.end) <= *f.End)
	})
}

// each calls visit for every activity that matches, in the order of the search if
// there was one, else of id. It stops when visit returns false.
func (q *query) each(visit func(*entry) bool) {
	if q.filter.Found == nil {
		for _, e := range q.in.activities {
			if q.match(e) && !visit(e) {
				return
			}
		}
		return
	}
	for _, id := range q.filter.Found {
		i, ok := find(q.in.activities, id)
		if ok && q.match(q.in.activities[i]) && !visit(q.in.activities[i]) {
			return
		}
	}
}

// today is the day in London, in days since 1970.
func today(now time.Time) int32 {
	return dayNumber(now.In(directory.London()).Format(directory.DateLayout))
}
