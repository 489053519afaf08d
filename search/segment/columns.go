package segment

import (
	"math"
	"slices"

	"gather/directory"
	"gather/search"
	"gather/search/calendar"
)

// Columns are the facts of listings as searches test, count and order them:
// column by column, with a row for each listing. Rows are only ever added at
// the end, so a copy of the struct keeps the state it was taken in.
type Columns struct {
	Lat, Lon  []int32  // in parts of PlotsPerDegree; only with FlagVenue
	Flags     []uint32 // see FlagVenue and the rest
	AccessYes []uint64 // bits in the order of the vocabulary
	AccessNo  []uint64
	FirstYes  []uint64
	FirstNo   []uint64
	MadeFor   []uint64
	Choices   []uint64 // see ChoiceBits
	Language  []uint16 // of Tables.Languages
	MinAge    []uint8
	MaxAge    []uint8
	Price     []float64 // in pounds; not a number where not stated
	Size      []uint16  // of the group, 0 where not stated
	Updated   []int64   // Unix milliseconds
	Checked   []int64   // Unix milliseconds
	Trusted   []float32 // see trustFrom
	How       []uint8   // of Tables.How
	District  []uint16  // of Tables.Districts
	Group     []uint64  // see GroupKey
	Lives     []uint32  // of Tables.Catchments
	Area      []uint32  // of Tables.Areas; only with FlagArea
	Horizon   []int32

	interestEnd []uint32 // where a listing's end in interests
	interests   []uint16 // own, then broader, by place in the vocabulary
	Own         []uint8  // how many of them are its own
	Weekdays    []uint8  // bits of all days that it ever has a session on
	sessionEnd  []uint32
	sessions    []calendar.Recurrence
}

// The flags of a listing. The delivery flags are in the order of AllWays.
const (
	FlagVenueWay  = 1 << iota // delivery
	flagOnlineWay             // delivery
	flagPhoneWay              // delivery
	FlagHomeWay               // delivery
	FlagVenue                 // its position is known
	FlagPrecise
	FlagOpen // open to all
	FlagPlacesNow
	FlagDonation  // its price is a donation
	FlagCatchment // it says where people must live, or that it does not matter
	FlagHall      // a venue is named, known where or not
	FlagArea      // all that is known of where it is is the area
	flagRest      // from here on numbers of more than one bit

	FlagsRemote = flagOnlineWay | flagPhoneWay | FlagHomeWay

	StatedShift = 16 // three bits: how much is stated of the first visit beside the facts that are yes

	FlagFewPlaces = 1 << 19 // of FlagPlacesNow: few, not open
	FlagFixed     = 1 << 20 // it costs a stated price
	FlagNegated   = 1 << 21 // its title says "not"
)

// Len is the number of rows.
func (c *Columns) Len() int { return len(c.Flags) }

// Between is the part of all that belongs to i, where part i ends at ends[i].
func Between[T any](ends []uint32, all []T, i int) []T {
	from := uint32(0)
	if i > 0 {
		from = ends[i-1]
	}
	return all[from:ends[i]:ends[i]]
}

// InterestsOf are the interests of a row by number: its own, then broader ones.
func (c *Columns) InterestsOf(i int) []uint16 { return Between(c.interestEnd, c.interests, i) }

// SessionsOf are the sessions of a row. The caller must not change them.
func (c *Columns) SessionsOf(i int) []calendar.Recurrence {
	return Between(c.sessionEnd, c.sessions, i)
}

// Position is where the venue of a row is. It means nothing without FlagVenue.
func (c *Columns) Position(i int) directory.Position {
	return directory.Position{Lat: float64(c.Lat[i]) / PlotsPerDegree, Lon: float64(c.Lon[i]) / PlotsPerDegree}
}

// Pick is the rows of c in the order of which.
func (c *Columns) Pick(which []int32) *Columns {
	var interests, sessions int
	for _, i := range which {
		interests += len(c.InterestsOf(int(i)))
		sessions += len(c.SessionsOf(int(i)))
	}
	out := &Columns{
		Lat: Picked(c.Lat, which), Lon: Picked(c.Lon, which), Flags: Picked(c.Flags, which),
		AccessYes: Picked(c.AccessYes, which), AccessNo: Picked(c.AccessNo, which), FirstYes: Picked(c.FirstYes, which), FirstNo: Picked(c.FirstNo, which),
		MadeFor: Picked(c.MadeFor, which), Language: Picked(c.Language, which), MinAge: Picked(c.MinAge, which), MaxAge: Picked(c.MaxAge, which),
		Price: Picked(c.Price, which), Size: Picked(c.Size, which), Updated: Picked(c.Updated, which), Checked: Picked(c.Checked, which), Trusted: Picked(c.Trusted, which), Own: Picked(c.Own, which), Weekdays: Picked(c.Weekdays, which), Choices: Picked(c.Choices, which),
		How: Picked(c.How, which), District: Picked(c.District, which), Group: Picked(c.Group, which), Lives: Picked(c.Lives, which), Area: Picked(c.Area, which),
		Horizon: Picked(c.Horizon, which), interestEnd: make([]uint32, 0, len(which)), sessionEnd: make([]uint32, 0, len(which)),
		interests: make([]uint16, 0, interests), sessions: make([]calendar.Recurrence, 0, sessions),
	}
	for _, i := range which {
		out.interests = append(out.interests, c.InterestsOf(int(i))...)
		out.interestEnd = append(out.interestEnd, uint32(len(out.interests)))
		out.sessions = append(out.sessions, c.SessionsOf(int(i))...)
		out.sessionEnd = append(out.sessionEnd, uint32(len(out.sessions)))
	}
	return out
}

// Remote are the ways to take part without going to a venue, and AllWays are
// all.
var (
	Remote  = []string{"online", "phone", "home"}
	AllWays = search.AnyOf{"venue", "online", "phone", "home"}
)

// Joined is the rows of c and then those of d.
func (c *Columns) Joined(d *Columns) *Columns {
	out := &Columns{
		Lat: slices.Concat(c.Lat, d.Lat), Lon: slices.Concat(c.Lon, d.Lon), Flags: slices.Concat(c.Flags, d.Flags),
		AccessYes: slices.Concat(c.AccessYes, d.AccessYes), AccessNo: slices.Concat(c.AccessNo, d.AccessNo),
		FirstYes: slices.Concat(c.FirstYes, d.FirstYes), FirstNo: slices.Concat(c.FirstNo, d.FirstNo),
		Trusted: slices.Concat(c.Trusted, d.Trusted), Own: slices.Concat(c.Own, d.Own), Weekdays: slices.Concat(c.Weekdays, d.Weekdays), Choices: slices.Concat(c.Choices, d.Choices), MadeFor: slices.Concat(c.MadeFor, d.MadeFor), Language: slices.Concat(c.Language, d.Language),
		MinAge: slices.Concat(c.MinAge, d.MinAge), MaxAge: slices.Concat(c.MaxAge, d.MaxAge), Price: slices.Concat(c.Price, d.Price),
		Size: slices.Concat(c.Size, d.Size), Updated: slices.Concat(c.Updated, d.Updated), Checked: slices.Concat(c.Checked, d.Checked),
		How: slices.Concat(c.How, d.How), District: slices.Concat(c.District, d.District), Group: slices.Concat(c.Group, d.Group),
		Lives: slices.Concat(c.Lives, d.Lives), Area: slices.Concat(c.Area, d.Area), Horizon: slices.Concat(c.Horizon, d.Horizon),
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

// Tables are what columns point into. They only grow, so a copy of the struct
// keeps the state it was taken in.
type Tables struct {
	Languages  [][]string
	How        []string
	Districts  []search.Labelled // id and name
	Catchments []catchment
	Areas      []Area
}

// Area is where something takes place that has no known position.
type Area struct {
	Name  string
	Terms []string // see TermsOf
}

// catchment is where people must live, or a circle that they must live in.
type catchment struct {
	codes  []string // see CatchmentTerms
	centre directory.Position
	radius float64 // in miles, 0: the codes say it
}

// Anyone is the catchment of what has none.
const Anyone = 0

// Covers reports whether somebody who lives in the place may come.
func (k *catchment) Covers(at directory.Position, terms []string) bool {
	if k.radius > 0 {
		switch about := flatMiles(k.centre, at); {
		case k.radius > flatReach || math.Abs(about-k.radius) < flatError*k.radius:
			return k.centre.Miles(at) <= k.radius
		default:
			return about < k.radius
		}
	}
	for _, code := range k.codes {
		if slices.Contains(terms, code) {
			return true
		}
	}
	return false
}

// flatMiles is about how far two places are apart, as if the Earth were flat
// around the second. Up to flatReach miles it is wrong by less than the share
// flatError, south of Shetland, because the length of a degree of longitude
// changes on the way.
func flatMiles(p, here directory.Position) float64 {
	const milesPerDegree = 69.09 // of a globe as directory.Position measures it
	south, east := (p.Lat-here.Lat)*milesPerDegree, (p.Lon-here.Lon)*milesPerDegree*math.Cos(here.Lat*math.Pi/180)
	return math.Sqrt(south*south + east*east)
}

const (
	flatReach = 50
	flatError = 0.05
)
