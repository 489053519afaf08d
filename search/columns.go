package search

import (
	"slices"

	"gather/directory"
)

// columns are the facts of listings as searches test, count and order them:
// column by column, a listing is a slot in each. Rows are only ever added at
// the end, so a copy of the struct goes on seeing what it saw.
type columns struct {
	lat, lon  []int32  // in parts of plotsPerDegree; only with flagVenue
	flags     []uint32 // see flagVenue and the rest
	accessYes []uint64 // bits in the order of the vocabulary
	accessNo  []uint64
	firstYes  []uint64
	firstNo   []uint64
	madeFor   []uint64
	language  []uint16 // of tables.languages
	minAge    []uint8
	maxAge    []uint8
	price     []float64 // in pounds; not a number where not stated
	size      []uint16  // of the group, 0 where not stated
	updated   []int64   // Unix milliseconds
	checked   []int64   // Unix milliseconds
	trusted   []float32 // see trustFrom
	how       []uint8   // of tables.how
	district  []uint16  // of tables.districts
	group     []uint64  // see groupKey
	lives     []uint32  // of tables.catchments
	horizon   []int32

	interestEnd []uint32 // where a listing's end in interests
	interests   []uint16 // own, then broader, by place in the vocabulary
	own         []uint8  // how many of them are its own
	weekdays    []uint8  // bits of all days that it ever has a session on
	sessionEnd  []uint32
	sessions    []recurrence
}

// The flags of a listing. The delivery flags stand in the order of allWays.
const (
	flagVenueWay  = 1 << iota // delivery
	flagOnlineWay             // delivery
	flagPhoneWay              // delivery
	flagHomeWay               // delivery
	flagVenue                 // its position is known
	flagPrecise
	flagOpen // open to all
	flagPlacesNow
	flagDonation  // what it costs is a gift
	flagCatchment // it says where people must live, or that it does not matter
	flagHall      // a venue is named, known where or not
	flagRest      // from here on numbers of more than one bit

	flagsRemote = flagOnlineWay | flagPhoneWay | flagHomeWay

	commitmentShift = 12 // three bits: one more than the place in the vocabulary
	toldShift       = 16 // three bits: what is said of the first visit beside facts

	flagFewPlaces = 1 << 19 // of flagPlacesNow: few, not open
	flagFixed     = 1 << 20 // it costs a stated price
	flagDenies    = 1 << 21 // its title says "not"
)

func (c *columns) len() int { return len(c.flags) }

// between is part of a list whose ends are kept.
func between[T any](ends []uint32, all []T, i int) []T {
	from := uint32(0)
	if i > 0 {
		from = ends[i-1]
	}
	return all[from:ends[i]:ends[i]]
}

func (c *columns) interestsOf(i int) []uint16    { return between(c.interestEnd, c.interests, i) }
func (c *columns) sessionsOf(i int) []recurrence { return between(c.sessionEnd, c.sessions, i) }

func (c *columns) position(i int) directory.Position {
	return directory.Position{Lat: float64(c.lat[i]) / plotsPerDegree, Lon: float64(c.lon[i]) / plotsPerDegree}
}

// pick is the rows of c in the order of which.
func (c *columns) pick(which []int32) *columns {
	var interests, sessions int
	for _, i := range which {
		interests += len(c.interestsOf(int(i)))
		sessions += len(c.sessionsOf(int(i)))
	}
	out := &columns{
		lat: picked(c.lat, which), lon: picked(c.lon, which), flags: picked(c.flags, which),
		accessYes: picked(c.accessYes, which), accessNo: picked(c.accessNo, which), firstYes: picked(c.firstYes, which), firstNo: picked(c.firstNo, which),
		madeFor: picked(c.madeFor, which), language: picked(c.language, which), minAge: picked(c.minAge, which), maxAge: picked(c.maxAge, which),
		price: picked(c.price, which), size: picked(c.size, which), updated: picked(c.updated, which), checked: picked(c.checked, which), trusted: picked(c.trusted, which), own: picked(c.own, which), weekdays: picked(c.weekdays, which),
		how: picked(c.how, which), district: picked(c.district, which), group: picked(c.group, which), lives: picked(c.lives, which),
		horizon: picked(c.horizon, which), interestEnd: make([]uint32, 0, len(which)), sessionEnd: make([]uint32, 0, len(which)),
		interests: make([]uint16, 0, interests), sessions: make([]recurrence, 0, sessions),
	}
	for _, i := range which {
		out.interests = append(out.interests, c.interestsOf(int(i))...)
		out.interestEnd = append(out.interestEnd, uint32(len(out.interests)))
		out.sessions = append(out.sessions, c.sessionsOf(int(i))...)
		out.sessionEnd = append(out.sessionEnd, uint32(len(out.sessions)))
	}
	return out
}

// remote are the ways to take part without going to a venue, and allWays are
// all.
var (
	remote  = []string{"online", "phone", "home"}
	allWays = AnyOf{"venue", "online", "phone", "home"}
)

// joined is the rows of c and then those of d.
func (c *columns) joined(d *columns) *columns {
	out := &columns{
		lat: slices.Concat(c.lat, d.lat), lon: slices.Concat(c.lon, d.lon), flags: slices.Concat(c.flags, d.flags),
		accessYes: slices.Concat(c.accessYes, d.accessYes), accessNo: slices.Concat(c.accessNo, d.accessNo),
		firstYes: slices.Concat(c.firstYes, d.firstYes), firstNo: slices.Concat(c.firstNo, d.firstNo),
		trusted: slices.Concat(c.trusted, d.trusted), own: slices.Concat(c.own, d.own), weekdays: slices.Concat(c.weekdays, d.weekdays), madeFor: slices.Concat(c.madeFor, d.madeFor), language: slices.Concat(c.language, d.language),
		minAge: slices.Concat(c.minAge, d.minAge), maxAge: slices.Concat(c.maxAge, d.maxAge), price: slices.Concat(c.price, d.price),
		size: slices.Concat(c.size, d.size), updated: slices.Concat(c.updated, d.updated), checked: slices.Concat(c.checked, d.checked),
		how: slices.Concat(c.how, d.how), district: slices.Concat(c.district, d.district), group: slices.Concat(c.group, d.group),
		lives: slices.Concat(c.lives, d.lives), horizon: slices.Concat(c.horizon, d.horizon),
		interestEnd: slices.Clone(c.interestEnd), interests: slices.Concat(c.interests, d.interests),
		sessionEnd: slices.Clone(c.sessionEnd), sessions: slices.Concat(c.sessions, d.sessions),
	}
	for _, end := range d.interestEnd {
		out.interestEnd = append(out.interestEnd, end+uint32(len(c.interests)))
	}
	for _, end := range d.sessionEnd {
		out.sessionEnd = append(out.sessionEnd, end+uint32(len(c.sessions)))
	}
	return out
}
