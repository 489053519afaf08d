package oruk

import (
	"slices"
	"time"

	"gather/directory"
)

// entry is what filters need to know about one published activity.
type entry struct {
	id, group      string
	at             int64    // when last written, in milliseconds since 1970
	terms          []uint16 // indices in Taxonomies.terms
	slots          []slot
	venue          *directory.Position // of its venue, nil without one
	catchment      *catchment          // nil: anyone may take part
	minAge, maxAge int16               // unstated: -1
	ways           uint8               // bit i: ways[i]
}

func (e *entry) key() string { return e.id }

// slot is a regular time: its days, its start and end in minutes after midnight,
// and its last day.
type slot struct {
	start, end int16
	days       Days
	until      int32 // last day, in days since 1970; 0: open
}

// catchment is where people must live.
type catchment struct {
	outcodes, districts []string
	centre              *directory.Position
	metres              float64
}

// openEnd is the assumed length of a session without an end, in minutes: two
// hours, as everywhere in the directory.
const openEnd = 120

func newEntry(a *directory.Activity, at int64, t *Taxonomies, places directory.Gazetteer) *entry {
	e := &entry{id: a.ID, group: a.Group, at: at, minAge: -1, maxAge: -1}
	eachTerm(a, func(list, code, _ string) {
		if i, ok := t.index(list, code); ok {
			e.terms = append(e.terms, uint16(i))
		}
	})
	for i, way := range ways {
		if a.Has(way) {
			e.ways |= 1 << i
		}
	}
	if a.Has("venue") && a.Located != nil {
		e.venue = &directory.Position{Lat: a.Located.Lat, Lon: a.Located.Lon}
	}
	if u := a.Audience; u != nil {
		if u.MinAge != nil {
			e.minAge = int16(*u.MinAge)
		}
		if u.MaxAge != nil {
			e.maxAge = int16(*u.MaxAge)
		}
	}
	if a.Schedule != nil {
		e.slots = slots(a.Schedule)
	}
	e.catchment = newCatchment(a, places)
	return e
}

func newCatchment(a *directory.Activity, places directory.Gazetteer) *catchment {
	c := a.Catchment
	if c == nil || c.Nationwide {
		return nil
	}
	k := &catchment{outcodes: c.Outcodes, districts: c.Districts, metres: c.RadiusMiles * directory.MetresPerMile}
	if c.RadiusMiles > 0 {
		if a.Located != nil {
			k.centre = &directory.Position{Lat: a.Located.Lat, Lon: a.Located.Lon}
		}
		if loc, err := places.Sector(c.Around); c.Around != "" && err == nil {
			k.centre = &loc.Position
		}
	}
	return k
}

// covers reports whether somebody who lives at where may take part.
func (c *catchment) covers(where *directory.Location) bool {
	switch {
	case c == nil:
		return true
	case c.centre != nil:
		return c.centre.Metres(where.Position) <= c.metres
	}
	return slices.Contains(c.outcodes, where.Outcode) || slices.Contains(c.districts, where.District)
}

// slots are the times of s. Dates on the same day of the week at the same time
// are merged into one.
func slots(s *directory.Schedule) []slot {
	var out []slot
	for i := range s.Repeats {
		r := &s.Repeats[i]
		x := slot{until: dayNumber(r.Until)}
		for i, d := range dayNames {
			if slices.Contains(r.Days, d.code) {
				x.days |= 1 << i
			}
		}
		if x.clock(r.Start, r.End) {
			out = append(out, x)
		}
	}
	for _, d := range s.Dates {
		day, err := time.Parse(directory.DateLayout, d.Date)
		if err != nil || slices.Contains(s.Except, d.Date) {
			continue
		}
		x := slot{until: dayNumber(d.Date), days: 1 << ((int(day.Weekday()) + 6) % 7)}
		if !x.clock(d.Start, d.End) {
			continue
		}
		same := slices.IndexFunc(out, func(y slot) bool {
			return y.until != 0 && y.days == x.days && y.start == x.start && y.end == x.end
		})
		if same >= 0 {
			out[same].until = max(out[same].until, x.until)
			continue
		}
		out = append(out, x)
	}
	return out
}

func (x *slot) clock(start, end string) bool {
	from, ok := minutes(start)
	x.start, x.end = from, from+openEnd
	if until, ended := minutes(end); ended {
		x.end = until
	}
	return ok
}

// minutes reads HH:MM, or HH:MM:SS, as minutes after midnight.
func minutes(clock string) (int16, bool) {
	for _, layout := range []string{"15:04", "15:04:05"} {
		if t, err := time.Parse(layout, clock); err == nil {
			return int16(t.Hour()*60 + t.Minute()), true
		}
	}
	return 0, false
}

// dayNumber is a date in days since 1970, 0 for none.
func dayNumber(date string) int32 {
	t, err := time.Parse(directory.DateLayout, date)
	if err != nil {
		return 0
	}
	return int32(t.Unix() / (24 * 60 * 60))
}
