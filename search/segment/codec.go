package segment

import (
	"encoding/binary"
	"errors"
	"math"
	"time"

	"gather/directory"
	"gather/search"
	"gather/search/calendar"
	"gather/search/language"
)

// factWriter builds the form in which the facts of a listing are kept: numbers of
// varying length and texts after their length, one after the other.
type factWriter []byte

func (p *factWriter) number(n uint64) { *p = binary.AppendUvarint(*p, n) }
func (p *factWriter) signed(n int64)  { *p = binary.AppendVarint(*p, n) }
func (p *factWriter) fraction(f float64) {
	*p = binary.LittleEndian.AppendUint64(*p, math.Float64bits(f))
}

func (p *factWriter) text(s string) {
	p.number(uint64(len(s)))
	*p = append(*p, s...)
}

func (p *factWriter) texts(all []string) {
	p.number(uint64(len(all)))
	for _, s := range all {
		p.text(s)
	}
}

func (p *factWriter) yes(b bool) bool {
	n := uint64(0)
	if b {
		n = 1
	}
	p.number(n)
	return b
}

// optional writes a whole number that may be absent.
func (p *factWriter) optional(n *int) {
	if p.yes(n != nil) {
		p.signed(int64(*n))
	}
}

// errPacked marks facts that cannot be read.
var errPacked = errors.New("the facts of a listing are cut short")

// factReader reads what packed wrote. After the end it answers nothing more and
// says so in bad.
type factReader struct {
	rest string
	bad  bool
}

func (u *factReader) number() uint64 {
	var n uint64
	for i := 0; i < len(u.rest) && i < binary.MaxVarintLen64; i++ {
		b := u.rest[i]
		n |= uint64(b&0x7f) << (7 * i)
		if b < 0x80 {
			u.rest = u.rest[i+1:]
			return n
		}
	}
	u.rest, u.bad = "", true
	return 0
}

func (u *factReader) signed() int64 {
	n := u.number()
	return int64(n>>1) ^ -int64(n&1)
}

func (u *factReader) fraction() float64 {
	s := u.cut(8)
	if len(s) < 8 {
		return 0
	}
	var n uint64
	for i := range 8 {
		n |= uint64(s[i]) << (8 * i)
	}
	return math.Float64frombits(n)
}

func (u *factReader) cut(n uint64) string {
	if n > uint64(len(u.rest)) {
		u.rest, u.bad = "", true
		return ""
	}
	s := u.rest[:n]
	u.rest = u.rest[n:]
	return s
}

func (u *factReader) text() string { return u.cut(u.number()) }

func (u *factReader) texts() []string { return u.textsIn(nil) }

// textsIn reads texts into the memory of have, which nobody needs any more.
func (u *factReader) textsIn(have []string) []string {
	n := u.number()
	if n == 0 || n > uint64(len(u.rest)) {
		u.bad = u.bad || n != 0
		return have[:0]
	}
	if uint64(cap(have)) < n {
		have = make([]string, 0, n)
	}
	have = have[:0]
	for range n {
		have = append(have, u.text())
	}
	return have
}

func (u *factReader) yes() bool { return u.number() == 1 }

func (u *factReader) optional() *int {
	if !u.yes() {
		return nil
	}
	n := int(u.signed())
	return &n
}

// tokenLengthBytes is how many bytes at the end say how long the tokens before them
// are.
const tokenLengthBytes = 4

// Pack writes f out. The id comes first, the folded title second and the JSON
// third, and the tokens last, so that they can be read without the rest.
func (m Encoder) Pack(f *Facts) []byte {
	var p factWriter
	it := &f.Item
	for _, s := range []string{it.ID, f.SortTitle, f.Ready, it.Title, it.Summary, it.Group, it.GroupName, f.TitleCy, f.SummaryCy, it.Places} {
		p.text(s)
	}
	p.texts(it.Delivery)
	p.texts(it.Languages)
	p.texts(f.Interests)
	p.signed(it.Updated.UnixMilli())
	p.signed(it.Change)
	p.signed(f.Checked.At.UnixMilli())
	p.text(f.Checked.By)
	p.text(f.Checked.How)
	for _, said := range []search.Said{it.Access, it.FirstVisit.Said} {
		p.texts(said.Yes)
		p.texts(said.No)
	}
	if v := it.Venue; p.yes(v != nil) {
		for _, s := range []string{v.Name, v.Town, v.Outcode, v.District, v.DistrictName} {
			p.text(s)
		}
	}
	if p.yes(f.HasVenue) {
		p.fraction(f.At.Lat)
		p.fraction(f.At.Lon)
		p.yes(f.Precise)
	}
	m.packCost(&p, it.Cost)
	v := it.FirstVisit
	p.number(uint64(max(0, v.GroupTypical)))
	p.number(uint64(max(0, v.GroupMax)))
	for _, s := range []string{v.Commitment, v.Structure, v.ContactFirst} {
		p.text(s)
	}
	if a := it.Audience; p.yes(a != nil) {
		p.optional(a.MinAge)
		p.optional(a.MaxAge)
		p.texts(a.MadeFor)
		p.yes(a.OpenToAll)
	}
	if p.yes(f.Catchment) {
		p.fraction(f.Radius)
		p.fraction(f.Centre.Lat)
		p.fraction(f.Centre.Lon)
		p.texts(f.Lives)
	}
	p.signed(int64(f.Horizon))
	p.number(uint64(len(f.Sessions)))
	for _, r := range f.Sessions {
		p.number(uint64(r.Minute))
		p.signed(int64(r.Length))
		p.number(uint64(r.First))
		p.number(uint64(r.Change))
		p.number(r.Weeks)
	}
	p.text(f.Plan)
	p.text(f.Tokens)
	p = binary.LittleEndian.AppendUint32(p, uint32(len(f.Tokens)))
	return p
}

func (m Encoder) packCost(p *factWriter, c *search.CostBrief) {
	if !p.yes(c != nil) {
		return
	}
	p.text(c.Kind)
	p.fraction(c.Pounds)
	p.fraction(c.PoundsTo)
	p.text(c.Per)
	p.text(c.HelpWithCost)
	if p.yes(c.ConcessionPounds != nil) {
		p.fraction(*c.ConcessionPounds)
	}
}

// unpack reads facts. What it answers shares the memory of body.
func unpack(body string) (*Facts, error) {
	f := &Facts{}
	return f, f.Unpack(body)
}

// Unpack is maker.unpack into facts that nobody needs any more, whose lists it
// takes the memory of.
func (f *Facts) Unpack(body string) error {
	u := &factReader{rest: body}
	*f = Facts{
		Item: search.Item{Brief: search.Brief{
			Delivery: f.Item.Delivery, Languages: f.Item.Languages,
			Access: f.Item.Access, FirstVisit: search.FirstVisitBrief{Said: f.Item.FirstVisit.Said},
		}},
		Interests: f.Interests, Lives: f.Lives, Sessions: f.Sessions[:0],
	}
	it := &f.Item
	for _, s := range []*string{&it.ID, &f.SortTitle, &f.Ready, &it.Title, &it.Summary, &it.Group, &it.GroupName, &f.TitleCy, &f.SummaryCy, &it.Places} {
		*s = u.text()
	}
	it.Delivery = u.textsIn(it.Delivery)
	it.Languages = u.textsIn(it.Languages)
	f.Interests = u.textsIn(f.Interests)
	it.Updated = time.UnixMilli(u.signed()).UTC()
	it.Change = u.signed()
	f.Checked.At = time.UnixMilli(u.signed()).UTC()
	f.Checked.By, f.Checked.How = u.text(), u.text()
	for _, said := range []*search.Said{&it.Access, &it.FirstVisit.Said} {
		said.Yes = u.textsIn(said.Yes)
		said.No = u.textsIn(said.No)
	}
	if u.yes() {
		it.Venue = &search.VenueBrief{Name: u.text(), Town: u.text(), Outcode: u.text(), District: u.text(), DistrictName: u.text()}
	}
	if f.HasVenue = u.yes(); f.HasVenue {
		f.At = directory.Position{Lat: u.fraction(), Lon: u.fraction()}
		f.Precise = u.yes()
		at := f.At
		it.Position = &at
	}
	it.Cost = u.cost()
	v := &it.FirstVisit
	v.GroupTypical, v.GroupMax = int(u.number()), int(u.number())
	v.Commitment, v.Structure, v.ContactFirst = u.text(), u.text(), u.text()
	if u.yes() {
		it.Audience = &search.AudienceBrief{MinAge: u.optional(), MaxAge: u.optional(), MadeFor: u.texts(), OpenToAll: u.yes()}
	}
	if f.Catchment = u.yes(); f.Catchment {
		f.Radius, f.Centre.Lat, f.Centre.Lon = u.fraction(), u.fraction(), u.fraction()
		f.Lives = u.textsIn(f.Lives)
	}
	f.Horizon = int32(u.signed())
	if n := u.number(); n > 0 && n <= uint64(len(u.rest)) {
		for range n {
			f.Sessions = append(f.Sessions, calendar.Recurrence{
				Minute: int16(u.number()), Length: int16(u.signed()), First: uint16(u.number()), Change: uint16(u.number()), Weeks: u.number(),
			})
		}
	}
	f.Plan, f.Tokens = u.text(), u.text()
	u.cut(tokenLengthBytes)
	if u.bad || u.rest != "" {
		return errPacked
	}
	return nil
}

func (u *factReader) cost() *search.CostBrief {
	if !u.yes() {
		return nil
	}
	c := &search.CostBrief{Kind: u.text(), Pounds: u.fraction(), PoundsTo: u.fraction(), Per: u.text(), HelpWithCost: u.text()}
	if u.yes() {
		pounds := u.fraction()
		c.ConcessionPounds = &pounds
	}
	return c
}

// NamesIn are packed facts with nothing but what a listing and its group are
// called: making a base reads those of all listings.
func NamesIn(body string) (*Facts, error) {
	u := &factReader{rest: body}
	f := &Facts{}
	var summary string
	it := &f.Item
	for _, s := range []*string{&it.ID, &f.SortTitle, &f.Ready, &it.Title, &summary, &it.Group, &it.GroupName, &f.TitleCy} {
		*s = u.text()
	}
	if u.bad {
		return nil, errPacked
	}
	return f, nil
}

// idOf, readyOf and titleOf are the id, the JSON and the folded title of packed
// facts.
func IdOf(body string) string { return (&factReader{rest: body}).text() }

func readyOf(body string) string {
	u := &factReader{rest: body}
	u.text()
	u.text()
	return u.text()
}

func TitleOf(body string) string {
	u := &factReader{rest: body}
	u.text()
	return u.text()
}

// TokensOf are the tokens of packed facts, which maker.pack writes last. What
// is cut short has none.
func TokensOf[T string | []byte](packed T) (tokens T) {
	end := len(packed) - tokenLengthBytes
	if end < 0 {
		return tokens
	}
	n := int(language.TokenAt(packed, end))
	if n < 0 || n > end {
		return tokens
	}
	return packed[end-n : end]
}
