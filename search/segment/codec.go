package segment

import (
	"encoding/binary"
	"errors"
	"math"
	"time"

	"gather/search/calendar"
	"gather/search/language"
)

// factWriter writes the packed facts of a listing: varints, and texts after their
// length.
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

// factReader reads what factWriter wrote. Past the end it returns zero values and
// sets bad.
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

// textsIn reads texts into the memory of have, which nobody else uses.
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

// Pack writes f out. The id comes first, the folded title second and the brief
// third, and the tokens last, so that they can be read without the rest.
func (m Encoder) Pack(f *Facts) []byte {
	var p factWriter
	for _, s := range []string{f.ID, f.SortTitle, f.Brief.English, f.Brief.Welsh} {
		p.text(s)
	}
	p.number(uint64(f.Brief.Before))
	p.number(uint64(f.Brief.After))
	for _, s := range []string{f.Title, f.TitleCy, f.Group, f.GroupName, f.Places, f.CostKind, f.Checked.How, f.District.ID, f.District.Label, f.AreaName} {
		p.text(s)
	}
	for _, list := range [][]string{
		f.Delivery, f.Languages, f.Interests, f.Access.Yes, f.Access.No, f.FirstVisit.Yes, f.FirstVisit.No, f.MadeFor, f.Lives, f.Choices, f.Area,
	} {
		p.texts(list)
	}
	p.signed(f.Updated.UnixMilli())
	p.signed(f.Checked.At.UnixMilli())
	for _, yes := range []bool{f.HasVenue, f.Precise, f.Hall, f.Catchment, f.Open} {
		p.yes(yes)
	}
	for _, n := range []float64{f.At.Lat, f.At.Lon, f.Radius, f.Centre.Lat, f.Centre.Lon, f.Pounds} {
		p.fraction(n)
	}
	p.number(uint64(max(0, f.VisitStated)))
	p.number(uint64(max(0, f.GroupSize)))
	p.optional(f.MinAge)
	p.optional(f.MaxAge)
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
	p.text(f.Full)
	p.text(f.Tokens)
	return binary.LittleEndian.AppendUint32(p, uint32(len(f.Tokens)))
}

// unpack reads facts. What it answers shares the memory of body.
func unpack(body string) (*Facts, error) {
	f := &Facts{}
	return f, f.Unpack(body)
}

// Unpack is unpack into facts that nobody else uses, whose lists it reuses.
func (f *Facts) Unpack(body string) error {
	u := &factReader{rest: body}
	*f = Facts{
		Delivery: f.Delivery, Languages: f.Languages, Interests: f.Interests, Access: f.Access, FirstVisit: f.FirstVisit,
		MadeFor: f.MadeFor, Lives: f.Lives, Choices: f.Choices, Area: f.Area, Sessions: f.Sessions[:0],
	}
	for _, s := range []*string{&f.ID, &f.SortTitle, &f.Brief.English, &f.Brief.Welsh} {
		*s = u.text()
	}
	f.Brief.Before, f.Brief.After = int(u.number()), int(u.number())
	for _, s := range []*string{
		&f.Title, &f.TitleCy, &f.Group, &f.GroupName, &f.Places, &f.CostKind, &f.Checked.How, &f.District.ID, &f.District.Label, &f.AreaName,
	} {
		*s = u.text()
	}
	for _, list := range []*[]string{
		&f.Delivery, &f.Languages, &f.Interests, &f.Access.Yes, &f.Access.No, &f.FirstVisit.Yes, &f.FirstVisit.No, &f.MadeFor, &f.Lives, &f.Choices, &f.Area,
	} {
		*list = u.textsIn(*list)
	}
	f.Updated, f.Checked.At = time.UnixMilli(u.signed()).UTC(), time.UnixMilli(u.signed()).UTC()
	for _, yes := range []*bool{&f.HasVenue, &f.Precise, &f.Hall, &f.Catchment, &f.Open} {
		*yes = u.yes()
	}
	for _, n := range []*float64{&f.At.Lat, &f.At.Lon, &f.Radius, &f.Centre.Lat, &f.Centre.Lon, &f.Pounds} {
		*n = u.fraction()
	}
	f.VisitStated, f.GroupSize = int(u.number()), int(u.number())
	f.MinAge, f.MaxAge = u.optional(), u.optional()
	f.Horizon = int32(u.signed())
	if n := u.number(); n > 0 && n <= uint64(len(u.rest)) {
		for range n {
			f.Sessions = append(f.Sessions, calendar.Recurrence{
				Minute: int16(u.number()), Length: int16(u.signed()), First: uint16(u.number()), Change: uint16(u.number()), Weeks: u.number(),
			})
		}
	}
	f.Plan, f.Full, f.Tokens = u.text(), u.text(), u.text()
	u.cut(tokenLengthBytes)
	if u.bad || u.rest != "" {
		return errPacked
	}
	return nil
}

// NamesIn are packed facts with nothing but what a listing and its group are
// called, which a compaction reads of the delta segment.
func NamesIn(body string) (*Facts, error) {
	u := &factReader{rest: body}
	f := &Facts{}
	for _, s := range []*string{&f.ID, &f.SortTitle, &f.Brief.English, &f.Brief.Welsh} {
		*s = u.text()
	}
	u.number()
	u.number()
	for _, s := range []*string{&f.Title, &f.TitleCy, &f.Group, &f.GroupName} {
		*s = u.text()
	}
	if u.bad {
		return nil, errPacked
	}
	return f, nil
}

// cutText cuts a text off the front of packed facts.
func cutText(packed []byte) (text, rest []byte) {
	n, shift := 0, 0
	for i, c := range packed {
		n |= int(c&0x7f) << shift
		if shift += 7; c < 0x80 {
			return packed[i+1 : i+1+n], packed[i+1+n:]
		}
	}
	return nil, nil
}

// idOf is the id of packed facts.
func idOf(packed []byte) []byte {
	id, _ := cutText(packed)
	return id
}

// idAndTitleOf are the id and the folded title of packed facts.
func idAndTitleOf(packed []byte) (id, title []byte) {
	id, packed = cutText(packed)
	title, _ = cutText(packed)
	return id, title
}

// TokensOf are the tokens of packed facts, which Pack writes last; none of facts
// that are cut short.
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

// appendBriefOf appends the brief of packed facts to b.
func appendBriefOf(b []byte, packed []byte, welsh bool) []byte {
	_, packed = cutText(packed)
	_, packed = cutText(packed)
	english, packed := cutText(packed)
	if !welsh {
		return append(b, english...)
	}
	other, packed := cutText(packed)
	before, n := binary.Uvarint(packed)
	after, m := binary.Uvarint(packed[max(n, 0):])
	if n <= 0 || m <= 0 || before+after > uint64(len(english)) {
		return append(b, english...) // cut short, which its checksum rules out
	}
	return appendWelsh(b, english, other, int(before), int(after))
}
