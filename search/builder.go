package search

import (
	"cmp"
	"hash/maphash"
	"math"
	"slices"
	"strings"
)

// columnBuilder adds rows to columns. One goroutine uses it at a time.
type columnBuilder struct {
	tables   tables
	numbers  map[string]int // of entries of tables, under a name for each
	ordinals *ordinals
	name     []byte // to look one up
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

func (f *columnBuilder) languagesNumber(codes []string) uint16 {
	return uint16(f.number(tableLanguages, catchmentKey(codes), func() int {
		f.tables.languages = append(f.tables.languages, clonedTexts(codes))
		return len(f.tables.languages) - 1
	}))
}

func (f *columnBuilder) howNumber(how string) uint8 {
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
	c.lat, c.lon = append(c.lat, toPlot(of.At.Lat)), append(c.lon, toPlot(of.At.Lon))
	c.flags = append(c.flags, f.flags(of))
	c.accessYes = append(c.accessYes, bitsOf(f.ordinals.access, it.Access.Yes))
	c.accessNo = append(c.accessNo, bitsOf(f.ordinals.access, it.Access.No))
	c.firstYes = append(c.firstYes, bitsOf(f.ordinals.first, it.FirstVisit.Yes))
	c.firstNo = append(c.firstNo, bitsOf(f.ordinals.first, it.FirstVisit.No))
	c.trusted = append(c.trusted, trustFrom(of.Checked))
	c.language, c.how = append(c.language, f.languagesNumber(it.Languages)), append(c.how, f.howNumber(of.Checked.How))
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
	return f.districtNumber(Labelled{ID: v.District, Label: cmp.Or(v.DistrictName, v.District)})
}

func (f *columnBuilder) districtNumber(d Labelled) uint16 {
	return uint16(f.number(tableDistricts, d.ID, func() int {
		f.tables.districts = append(f.tables.districts, Labelled{ID: strings.Clone(d.ID), Label: strings.Clone(d.Label)})
		return len(f.tables.districts) - 1
	}))
}

func (f *columnBuilder) catchment(of *facts) uint32 {
	if !of.Catchment || slices.Contains(of.Lives, termOpen) {
		return anyone
	}
	return f.catchmentNumber(catchment{codes: of.Lives, centre: of.Centre, radius: of.Radius})
}

func (f *columnBuilder) catchmentNumber(k catchment) uint32 {
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
		languages[i] = f.languagesNumber(codes)
	}
	for i, text := range of.tables.how {
		how[i] = f.howNumber(text)
	}
	for i, d := range of.tables.districts[1:] { // the first is none
		districts[i+1] = f.districtNumber(d)
	}
	for i, k := range of.tables.catchments[1:] { // the first is anyone
		lives[i+1] = f.catchmentNumber(k)
	}
	for i := range c.len() {
		c.language[i], c.how[i] = languages[c.language[i]], how[c.how[i]]
		c.district[i], c.lives[i] = districts[c.district[i]], lives[c.lives[i]]
	}
}

// catchmentKey is a text that two lists of the same codes share.
func catchmentKey(codes []string) string {
	switch len(codes) {
	case 0:
		return ""
	case 1:
		return codes[0]
	}
	codes = slices.Clone(codes)
	slices.Sort(codes)
	return strings.Join(codes, " ")
}
