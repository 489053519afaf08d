package segment

import (
	"gather/directory"
	"gather/search"
	"hash/maphash"
	"math"
	"slices"
	"strings"
	"time"
)

// ColumnBuilder adds rows to columns. One goroutine uses it at a time.
type ColumnBuilder struct {
	Tables   Tables
	numbers  map[string]int // of entries of tables, under a name for each
	Ordinals *Ordinals
	name     []byte // to look one up
}

// NewColumnBuilder makes a builder with empty tables for a vocabulary.
func NewColumnBuilder(o *Ordinals) *ColumnBuilder {
	return &ColumnBuilder{Ordinals: o, numbers: map[string]int{}, Tables: Tables{
		Districts: []search.Labelled{{}}, Catchments: []catchment{{codes: []string{TermOpen}}}, Areas: []Area{{}},
	}}
}

// number is the number of an entry of a table, which add adds when it is new.
// Entries share no memory with the facts they are of.
func (f *ColumnBuilder) number(table, entry string, add func() int) int {
	f.name = append(append(f.name[:0], table...), entry...)
	if n, ok := f.numbers[string(f.name)]; ok {
		return n
	}
	n := add()
	f.numbers[string(f.name)] = n
	return n
}

// The tables, as they begin the names of their entries.
const (
	tableLanguages = "language "
	tableHow       = "how "
	tableDistricts = "district "
	tableLives     = "lives "
	tableAreas     = "area "
)

func (f *ColumnBuilder) languagesNumber(codes []string) uint16 {
	return uint16(f.number(tableLanguages, catchmentKey(codes), func() int {
		f.Tables.Languages = append(f.Tables.Languages, clonedTexts(codes))
		return len(f.Tables.Languages) - 1
	}))
}

func (f *ColumnBuilder) howNumber(how string) uint8 {
	return uint8(f.number(tableHow, how, func() int {
		f.Tables.How = append(f.Tables.How, strings.Clone(how))
		return len(f.Tables.How) - 1
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

// groupSeed makes GroupKey differ from process to process.
var groupSeed = maphash.MakeSeed()

// GroupKey is a hash of the id of a group: two groups share one with a chance of
// one in 2^64.
func GroupKey(id string) uint64 { return maphash.String(groupSeed, id) }

// Add adds the row of f to c.
func (f *ColumnBuilder) Add(c *Columns, of *Facts) {
	c.Lat, c.Lon = append(c.Lat, ToPlot(of.At.Lat)), append(c.Lon, ToPlot(of.At.Lon))
	c.Flags = append(c.Flags, f.flags(of))
	c.AccessYes = append(c.AccessYes, BitsOf(f.Ordinals.Access, of.Access.Yes))
	c.AccessNo = append(c.AccessNo, BitsOf(f.Ordinals.Access, of.Access.No))
	c.FirstYes = append(c.FirstYes, BitsOf(f.Ordinals.First, of.FirstVisit.Yes))
	c.FirstNo = append(c.FirstNo, BitsOf(f.Ordinals.First, of.FirstVisit.No))
	c.Trusted = append(c.Trusted, trustFrom(of.Checked))
	c.Language, c.How = append(c.Language, f.languagesNumber(of.Languages)), append(c.How, f.howNumber(of.Checked.How))
	least, most := uint8(0), uint8(search.MaxAge)
	if of.MinAge != nil {
		least = uint8(min(max(*of.MinAge, 0), math.MaxUint8))
	}
	if of.MaxAge != nil {
		most = uint8(min(max(*of.MaxAge, 0), math.MaxUint8))
	}
	c.Choices = append(c.Choices, f.Ordinals.choiceBits(of.Choices))
	c.MinAge, c.MaxAge, c.MadeFor = append(c.MinAge, least), append(c.MaxAge, most), append(c.MadeFor, BitsOf(f.Ordinals.Audience, of.MadeFor))
	price, stated := of.Price()
	if !stated {
		price = math.NaN()
	}
	c.Price = append(c.Price, price)
	c.Size = append(c.Size, uint16(min(of.GroupSize, math.MaxUint16)))
	c.Updated, c.Checked = append(c.Updated, of.Updated.UnixMilli()), append(c.Checked, of.Checked.At.UnixMilli())
	c.District, c.Lives = append(c.District, f.districtOf(of.District)), append(c.Lives, f.catchment(of))
	c.Area = append(c.Area, f.areaOf(of))
	c.Group, c.Horizon = append(c.Group, GroupKey(of.Group)), append(c.Horizon, of.Horizon)
	c.Own = append(c.Own, f.addInterests(c, of.Interests))
	c.interestEnd = append(c.interestEnd, uint32(len(c.interests)))
	days := uint8(0)
	for _, r := range of.Sessions {
		days |= 1 << r.Weekday()
	}
	c.Weekdays = append(c.Weekdays, days)
	c.sessions = append(c.sessions, of.Sessions...)
	c.sessionEnd = append(c.sessionEnd, uint32(len(c.sessions)))
}

// addInterests adds the interests of a row, its own before all broader ones,
// and answers how many are its own.
func (f *ColumnBuilder) addInterests(c *Columns, ids []string) uint8 {
	start := len(c.interests)
	add := func(n uint16) {
		if !slices.Contains(c.interests[start:], n) {
			c.interests = append(c.interests, n)
		}
	}
	for _, id := range ids {
		if n, ok := f.Ordinals.Interest[id]; ok {
			add(n)
		}
	}
	own := len(c.interests) - start
	for _, n := range c.interests[start:] {
		for _, broader := range f.Ordinals.Rolled[n] {
			add(broader)
		}
	}
	return uint8(min(own, math.MaxUint8))
}

func (f *ColumnBuilder) flags(of *Facts) (flags uint32) {
	set := func(flag uint32, on bool) {
		if on {
			flags |= flag
		}
	}
	for i, way := range AllWays {
		set(FlagVenueWay<<i, slices.Contains(of.Delivery, way))
	}
	set(FlagVenue, of.HasVenue)
	set(FlagPrecise, of.Precise)
	set(FlagOpen, of.Open)
	set(FlagPlacesNow, of.Places == "open" || of.Places == "few")
	set(FlagDonation, of.CostKind == "donation")
	set(FlagFixed, of.CostKind == "fixed")
	set(FlagCatchment, of.Catchment)
	set(FlagHall, of.Hall)
	set(FlagArea, len(of.Area) > 0)
	set(FlagFewPlaces, of.Places == "few")
	set(FlagNegated, strings.Contains(of.SortTitle, "not "))
	return flags | uint32(min(of.VisitStated, 7))<<StatedShift
}

// districtOf is the number of a district, 0 for none.
func (f *ColumnBuilder) districtOf(d search.Labelled) uint16 {
	if d.ID == "" {
		return 0
	}
	return f.districtNumber(d)
}

func (f *ColumnBuilder) districtNumber(d search.Labelled) uint16 {
	return uint16(f.number(tableDistricts, d.ID, func() int {
		f.Tables.Districts = append(f.Tables.Districts, search.Labelled{ID: strings.Clone(d.ID), Label: strings.Clone(d.Label)})
		return len(f.Tables.Districts) - 1
	}))
}

// areaOf is the number of the area of f, 0 for none.
func (f *ColumnBuilder) areaOf(of *Facts) uint32 {
	if len(of.Area) == 0 {
		return 0
	}
	return f.areaNumber(Area{Name: of.AreaName, Terms: of.Area})
}

func (f *ColumnBuilder) areaNumber(a Area) uint32 {
	return uint32(f.number(tableAreas, catchmentKey(a.Terms)+" "+a.Name, func() int {
		f.Tables.Areas = append(f.Tables.Areas, Area{Name: strings.Clone(a.Name), Terms: clonedTexts(a.Terms)})
		return len(f.Tables.Areas) - 1
	}))
}

func (f *ColumnBuilder) catchment(of *Facts) uint32 {
	if !of.Catchment || slices.Contains(of.Lives, TermOpen) {
		return Anyone
	}
	return f.catchmentNumber(catchment{codes: of.Lives, centre: of.Centre, radius: of.Radius})
}

func (f *ColumnBuilder) catchmentNumber(k catchment) uint32 {
	add := func() int {
		f.Tables.Catchments = append(f.Tables.Catchments, catchment{codes: clonedTexts(k.codes), centre: k.centre, radius: k.radius})
		return len(f.Tables.Catchments) - 1
	}
	if k.radius > 0 {
		return uint32(add())
	}
	return uint32(f.number(tableLives, catchmentKey(k.codes), add))
}

// Absorb adds the tables of another builder to those of f, and changes c, which
// it made, to point into them.
func (f *ColumnBuilder) Absorb(c *Columns, of *ColumnBuilder) {
	languages, how := make([]uint16, len(of.Tables.Languages)), make([]uint8, len(of.Tables.How))
	districts, lives := make([]uint16, len(of.Tables.Districts)), make([]uint32, len(of.Tables.Catchments))
	for i, codes := range of.Tables.Languages {
		languages[i] = f.languagesNumber(codes)
	}
	for i, text := range of.Tables.How {
		how[i] = f.howNumber(text)
	}
	for i, d := range of.Tables.Districts[1:] { // the first is none
		districts[i+1] = f.districtNumber(d)
	}
	for i, k := range of.Tables.Catchments[1:] { // the first is anyone
		lives[i+1] = f.catchmentNumber(k)
	}
	areas := make([]uint32, len(of.Tables.Areas))
	for i, a := range of.Tables.Areas[1:] { // the first is none
		areas[i+1] = f.areaNumber(a)
	}
	for i := range c.Len() {
		c.Area[i] = areas[c.Area[i]]
		c.Language[i], c.How[i] = languages[c.Language[i]], how[c.How[i]]
		c.District[i], c.Lives[i] = districts[c.District[i]], lives[c.Lives[i]]
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

// trustEpoch is the time for which the column Trusted holds the trust of each
// listing. Trust decays with one half-life for all, so at any other time it is
// that number times TrustAt.
var trustEpoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// trustFrom is the trust of a confirmation at the epoch.
func trustFrom(c directory.Checked) float32 {
	a := directory.Activity{Checked: directory.Checked{At: trustEpoch, How: c.How}}
	return float32(a.Trust(trustEpoch).Score * math.Exp2(c.At.Sub(trustEpoch).Hours()/directory.TrustHalfLife.Hours()))
}

// TrustAt is what a trust of 1 at the epoch has become at a time.
func TrustAt(now time.Time) float32 {
	return float32(math.Exp2(-now.Sub(trustEpoch).Hours() / directory.TrustHalfLife.Hours()))
}
