package search

import (
	"hash/maphash"
	"math"
	"slices"
	"strings"

	"gather/directory"
	"gather/directory/vocabulary"
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

// tables are what columns point into. They only grow; a copy of the struct
// goes on seeing what it saw.
type tables struct {
	languages  [][]string
	how        []string
	districts  []Labelled // id and name
	catchments []catchment
}

// catchment is where people must live, or a circle that they must live in.
type catchment struct {
	codes  []string // see catchmentTerms
	centre directory.Position
	radius float64 // in miles, 0: the codes say it
}

// anyone is the catchment of what has none.
const anyone = 0

// covers reports whether somebody who lives in the place may come.
func (k *catchment) covers(at directory.Position, terms []string) bool {
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
// flatError, south of Shetland: what is left out is how the length of a degree
// of longitude changes on the way.
func flatMiles(p, here directory.Position) float64 {
	const milesPerDegree = 69.09 // of a globe as directory.Position measures it
	south, east := (p.Lat-here.Lat)*milesPerDegree, (p.Lon-here.Lon)*milesPerDegree*math.Cos(here.Lat*math.Pi/180)
	return math.Sqrt(south*south + east*east)
}

const (
	flatReach = 50
	flatError = 0.05
)

// columnBuilder adds rows to columns. One goroutine uses it at a time.
type columnBuilder struct {
	tables   tables
	numbers  map[string]int // of entries of tables, under a name for each
	ordinals *ordinals
	name     []byte // to look one up
}

// ordinals are the places of ids in the vocabulary, which are the bits and
// numbers of columns.
type ordinals struct {
	access, first, audience, commitment map[string]int
	interest                            map[string]uint16
	rolled                              [][]uint16 // an interest and all broader ones

	// The vocabulary itself, so that no answer copies it.
	interests []vocabulary.Interest
	lists     map[string][]vocabulary.Term
	wider     []uint64 // of each audience, it and those it belongs to
	parts     [][]clockRange
}

func (o *ordinals) list(name string) []vocabulary.Term { return o.lists[name] }

func newOrdinals(words *vocabulary.Vocabulary) *ordinals {
	o := &ordinals{
		access: orderOf(words, vocabulary.Access), first: orderOf(words, vocabulary.FirstVisit),
		audience: orderOf(words, vocabulary.Audience), commitment: orderOf(words, vocabulary.Commitment),
		interest: map[string]uint16{}, lists: map[string][]vocabulary.Term{},
	}
	for _, name := range vocabulary.Names() {
		o.lists[name] = words.List(name)
	}
	all := words.Interests()
	o.interests = all
	for i, t := range all {
		o.interest[t.ID] = uint16(i)
	}
	for _, t := range all {
		rolled := []uint16{o.interest[t.ID]}
		for _, b := range words.Broader(t.ID) {
			rolled = append(rolled, o.interest[b])
		}
		o.rolled = append(o.rolled, rolled)
	}
	for _, t := range o.list(vocabulary.Audience) {
		o.wider = append(o.wider, bitsOf(o.audience, belongsTo(words, AnyOf{t.ID})))
	}
	for _, t := range o.list(vocabulary.TimeOfDay) {
		o.parts = append(o.parts, timesOfDay(AnyOf{t.ID}, words))
	}
	return o
}

func newColumnBuilder(o *ordinals) *columnBuilder {
	return &columnBuilder{ordinals: o, numbers: map[string]int{}, tables: tables{
		districts: []Labelled{{}}, catchments: []catchment{{codes: []string{termOpen}}},
	}}
}

// number is the number of an entry of a table, which add adds when it is new.
// Entries share no memory with the facts they are of.
func (f *columnBuilder) number(table, entry string, add func() int) int {
	f.name = append(append(f.name[:0], table...), entry...)
	if n, ok := f.numbers[string(f.name)]; ok {
		return n
	}
	n := add()
	f.numbers[string(f.name)] = n
	return n
}

// The tables, as they stand in the names of their entries.
const (
	tableLanguages = "language "
	tableHow       = "how "
	tableDistricts = "district "
	tableLives     = "lives "
)

func (f *columnBuilder) languagesOf(codes []string) uint16 {
	return uint16(f.number(tableLanguages, catchmentKey(codes), func() int {
		f.tables.languages = append(f.tables.languages, clonedTexts(codes))
		return len(f.tables.languages) - 1
	}))
}

func (f *columnBuilder) howOf(how string) uint8 {
	return uint8(f.number(tableHow, how, func() int {
		f.tables.how = append(f.tables.how, strings.Clone(how))
		return len(f.tables.how) - 1
	}))
}

func clonedTexts(all []string) []string {
	if len(all) == 0 {
		return nil
	}
	out := make([]string, len(all))
	for i, s := range all {
		out[i] = strings.Clone(s)
	}
	return out
}

// groupSeed makes groupKey differ from process to process.
var groupSeed = maphash.MakeSeed()

// groupKey stands for the id of a group: no two have the same but by a chance
// of one in 2^64.
func groupKey(id string) uint64 { return maphash.String(groupSeed, id) }

// add adds the row of f to c.
func (f *columnBuilder) add(c *columns, of *facts) {
	it := &of.Item
	c.lat, c.lon = append(c.lat, plot(of.At.Lat)), append(c.lon, plot(of.At.Lon))
	c.flags = append(c.flags, f.flags(of))
	c.accessYes = append(c.accessYes, bitsOf(f.ordinals.access, it.Access.Yes))
	c.accessNo = append(c.accessNo, bitsOf(f.ordinals.access, it.Access.No))
	c.firstYes = append(c.firstYes, bitsOf(f.ordinals.first, it.FirstVisit.Yes))
	c.firstNo = append(c.firstNo, bitsOf(f.ordinals.first, it.FirstVisit.No))
	c.trusted = append(c.trusted, trustFrom(of.Checked))
	c.language, c.how = append(c.language, f.languagesOf(it.Languages)), append(c.how, f.howOf(of.Checked.How))
	least, most, made := uint8(0), uint8(MaxAge), uint64(0)
	if a := it.Audience; a != nil {
		made = bitsOf(f.ordinals.audience, a.MadeFor)
		if a.MinAge != nil {
			least = uint8(min(max(*a.MinAge, 0), math.MaxUint8))
		}
		if a.MaxAge != nil {
			most = uint8(min(max(*a.MaxAge, 0), math.MaxUint8))
		}
	}
	c.minAge, c.maxAge, c.madeFor = append(c.minAge, least), append(c.maxAge, most), append(c.madeFor, made)
	price, stated := of.price()
	if !stated {
		price = math.NaN()
	}
	c.price = append(c.price, price)
	c.size = append(c.size, uint16(min(of.groupSize(), math.MaxUint16)))
	c.updated, c.checked = append(c.updated, it.Updated.UnixMilli()), append(c.checked, of.Checked.At.UnixMilli())
	c.district, c.lives = append(c.district, f.district(it.Venue)), append(c.lives, f.catchment(of))
	c.group, c.horizon = append(c.group, groupKey(it.Group)), append(c.horizon, of.Horizon)
	c.own = append(c.own, f.addInterests(c, of.Interests))
	c.interestEnd = append(c.interestEnd, uint32(len(c.interests)))
	days := uint8(0)
	for _, r := range of.Sessions {
		days |= 1 << r.weekday()
	}
	c.weekdays = append(c.weekdays, days)
	c.sessions = append(c.sessions, of.Sessions...)
	c.sessionEnd = append(c.sessionEnd, uint32(len(c.sessions)))
}

// addInterests adds the interests of a row, its own before all broader ones,
// and answers how many are its own.
func (f *columnBuilder) addInterests(c *columns, ids []string) uint8 {
	start := len(c.interests)
	add := func(n uint16) {
		if !slices.Contains(c.interests[start:], n) {
			c.interests = append(c.interests, n)
		}
	}
	for _, id := range ids {
		if n, ok := f.ordinals.interest[id]; ok {
			add(n)
		}
	}
	own := len(c.interests) - start
	for _, n := range c.interests[start:] {
		for _, broader := range f.ordinals.rolled[n] {
			add(broader)
		}
	}
	return uint8(min(own, math.MaxUint8))
}

func (f *columnBuilder) flags(of *facts) (flags uint32) {
	it := &of.Item
	set := func(flag uint32, on bool) {
		if on {
			flags |= flag
		}
	}
	for i, way := range allWays {
		set(flagVenueWay<<i, slices.Contains(it.Delivery, way))
	}
	set(flagVenue, of.HasVenue)
	set(flagPrecise, of.Precise)
	set(flagOpen, it.Audience == nil || it.Audience.OpenToAll)
	set(flagPlacesNow, it.Places == "open" || it.Places == "few")
	set(flagDonation, it.Cost != nil && it.Cost.Kind == "donation")
	set(flagFixed, it.Cost != nil && it.Cost.Kind == "fixed")
	set(flagCatchment, of.Catchment)
	set(flagHall, it.Venue != nil)
	set(flagFewPlaces, it.Places == "few")
	set(flagDenies, strings.Contains(of.SortTitle, "not "))
	if at, ok := f.ordinals.commitment[it.FirstVisit.Commitment]; ok {
		flags |= uint32(at+1) << commitmentShift
	}
	v, told := it.FirstVisit, uint32(0)
	for _, stated := range []bool{v.GroupTypical+v.GroupMax > 0, v.Commitment != "", v.Structure != "", v.ContactFirst != ""} {
		if stated {
			told++
		}
	}
	// What is denied counts too, so that one number says how much is told.
	return flags | min(told+uint32(len(v.No)), 7)<<toldShift
}

func (f *columnBuilder) district(v *VenueBrief) uint16 {
	if v == nil || v.District == "" {
		return 0
	}
	return f.districtOf(Labelled{ID: v.District, Label: either(v.DistrictName, v.District)})
}

func (f *columnBuilder) districtOf(d Labelled) uint16 {
	return uint16(f.number(tableDistricts, d.ID, func() int {
		f.tables.districts = append(f.tables.districts, Labelled{ID: strings.Clone(d.ID), Label: strings.Clone(d.Label)})
		return len(f.tables.districts) - 1
	}))
}

func (f *columnBuilder) catchment(of *facts) uint32 {
	if !of.Catchment || slices.Contains(of.Lives, termOpen) {
		return anyone
	}
	return f.catchmentOf(catchment{codes: of.Lives, centre: of.Centre, radius: of.Radius})
}

func (f *columnBuilder) catchmentOf(k catchment) uint32 {
	add := func() int {
		f.tables.catchments = append(f.tables.catchments, catchment{codes: clonedTexts(k.codes), centre: k.centre, radius: k.radius})
		return len(f.tables.catchments) - 1
	}
	if k.radius > 0 {
		return uint32(add())
	}
	return uint32(f.number(tableLives, catchmentKey(k.codes), add))
}

// absorb makes rows that another filler made rows of f: what they point to in
// its tables is added to those of f.
func (f *columnBuilder) absorb(c *columns, of *columnBuilder) {
	languages, how := make([]uint16, len(of.tables.languages)), make([]uint8, len(of.tables.how))
	districts, lives := make([]uint16, len(of.tables.districts)), make([]uint32, len(of.tables.catchments))
	for i, codes := range of.tables.languages {
		languages[i] = f.languagesOf(codes)
	}
	for i, text := range of.tables.how {
		how[i] = f.howOf(text)
	}
	for i, d := range of.tables.districts[1:] { // the first is none
		districts[i+1] = f.districtOf(d)
	}
	for i, k := range of.tables.catchments[1:] { // the first is anyone
		lives[i+1] = f.catchmentOf(k)
	}
	for i := range c.len() {
		c.language[i], c.how[i] = languages[c.language[i]], how[c.how[i]]
		c.district[i], c.lives[i] = districts[c.district[i]], lives[c.lives[i]]
	}
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

func picked[T any](column []T, which []int32) []T {
	out := make([]T, len(which))
	for at, i := range which {
		out[at] = column[i]
	}
	return out
}
