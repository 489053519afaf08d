package packed

import (
	"encoding/binary"
	"math"
	"math/bits"
)

// reader reads numbers and text from a block. After the first fault it returns
// zero values, and bad is set.
type reader struct {
	rest []byte
	bad  bool
}

func (r *reader) uint() int {
	v, n := binary.Uvarint(r.rest)
	if n <= 0 || v > math.MaxInt32 {
		r.bad, r.rest = true, nil
		return 0
	}
	r.rest = r.rest[n:]
	return int(v)
}

func (r *reader) int() int32 {
	v, n := binary.Varint(r.rest)
	if n <= 0 || v < math.MinInt32 || v > math.MaxInt32 {
		r.bad, r.rest = true, nil
		return 0
	}
	r.rest = r.rest[n:]
	return int32(v)
}

// count reads the number of values that follow, each of at least a byte.
func (r *reader) count() int {
	n := r.uint()
	if n > len(r.rest) {
		r.bad, r.rest = true, nil
		return 0
	}
	return n
}

func (r *reader) bytes() []byte {
	n := r.count()
	p := r.rest[:n]
	r.rest = r.rest[n:]
	return p
}

func (r *reader) text() string { return string(r.bytes()) }

func (r *reader) middle(from middle) middle {
	m := middle{east: from.east + r.int(), north: from.north + r.int(), radius: int32(r.uint())}
	m.district = uint16(int32(from.district) + r.int())
	return m
}

// readIndex fills d from the index, and slices the blocks out of the rest of the
// file.
func (d *Data) readIndex(raw, blocks []byte) error {
	r := &reader{rest: raw}
	d.districts = make([]District, r.count())
	for i := range d.districts {
		d.districts[i] = District{Code: r.text(), Name: r.text(), County: r.text()}
	}
	cut := func(rawBytes, packedBytes int) block {
		if packedBytes > len(blocks) || rawBytes > maxRawBytes {
			r.bad = true
			return block{}
		}
		b := block{blocks[:packedBytes], rawBytes}
		blocks = blocks[packedBytes:]
		return b
	}
	d.areas = make([]area, r.count())
	outcodesOf := make([]int, len(d.areas))
	outcodes := 0
	for i := range d.areas {
		d.areas[i].name = r.text()
		outcodesOf[i] = r.count()
		outcodes += outcodesOf[i]
		d.areas[i].block = cut(r.uint(), r.uint())
	}
	d.nPlaces = r.uint()
	d.places = cut(r.uint(), r.uint())
	if r.bad || outcodes > len(r.rest) || len(d.districts) == 0 {
		return ErrDamaged
	}
	d.readOutcodes(r, outcodesOf, outcodes)
	if r.bad || len(r.rest) != 0 || !d.districtsKnown() {
		return ErrDamaged
	}
	return nil
}

// readOutcodes reads the outcodes and sectors of every area.
func (d *Data) readOutcodes(r *reader, outcodesOf []int, outcodes int) {
	d.outcodes = make([]outcodeEntry, 0, outcodes)
	d.byName = make(map[string]int32, outcodes)
	sectors := int32(0)
	for i := range d.areas {
		d.areas[i].first = sectors
		for range outcodesOf[i] {
			name := d.areas[i].name + r.text()
			n := int32(min(r.uint(), sectorsEach))
			d.byName[name] = int32(len(d.outcodes))
			d.outcodes = append(d.outcodes, outcodeEntry{name: name, first: sectors, last: sectors + n})
			sectors += n
		}
		d.areas[i].last = sectors
	}
	var from middle
	for i := range d.outcodes {
		from = r.middle(from)
		d.outcodes[i].middle = from
	}
	d.sectors = make([]sectorEntry, sectors)
	for a := range d.areas {
		for i := d.areas[a].first; i < d.areas[a].last; i++ {
			d.sectors[i] = sectorEntry{
				digit: '0' + byte(r.uint()%sectorsEach),
				units: uint16(min(r.uint(), lettersSquared)),
				area:  int32(a),
			}
			d.units += int(d.sectors[i].units)
		}
	}
	for o := range d.outcodes {
		for i := d.outcodes[o].first; i < d.outcodes[o].last; i++ {
			d.sectors[i].outcode = int32(o)
			d.sectors[i].middle = r.middle(d.outcodes[o].middle)
		}
	}
}

func (d *Data) districtsKnown() bool {
	for i := range d.outcodes {
		if int(d.outcodes[i].district) >= len(d.districts) {
			return false
		}
	}
	for i := range d.sectors {
		if int(d.sectors[i].district) >= len(d.districts) {
			return false
		}
	}
	return true
}

// areaUnits holds the unpacked units of one area: six bytes for each unit, and a
// bitmap for each sector to find units by.
type areaUnits struct {
	present [][bitmapWords]uint64 // by sector
	before  []int32               // units in the area before each sector
	offset  [][2]int16            // steps east and north of the sector's median
	number  []uint16              // district
}

const bitmapWords = (lettersSquared + 63) / 64

// area returns the units of area i, which it unpacks on first use.
func (d *Data) area(i int32) (*areaUnits, error) {
	a := &d.areas[i]
	a.once.Do(func() {
		raw, err := d.raw(a.block)
		if err != nil {
			a.err = err
			return
		}
		a.units, a.err = d.readArea(raw, a)
	})
	return a.units, a.err
}

func (d *Data) raw(b block) ([]byte, error) {
	raw, err := d.unpack.DecodeAll(b.packed, make([]byte, 0, b.rawBytes))
	if err != nil || len(raw) != b.rawBytes {
		return nil, ErrDamaged
	}
	return raw, nil
}

// readArea decodes a block of areaBlock.
func (d *Data) readArea(raw []byte, a *area) (*areaUnits, error) {
	r := &reader{rest: raw}
	table := make([]uint16, r.count())
	for i := range table {
		n := r.uint()
		if n >= len(d.districts) {
			return nil, ErrDamaged
		}
		table[i] = uint16(n)
	}
	bitmaps := r.bytes()
	easts, norths, districts := &reader{rest: r.bytes()}, &reader{rest: r.bytes()}, &reader{rest: r.bytes()}
	n := int(a.last - a.first)
	if r.bad || len(bitmaps) != n*bitmapBytes {
		return nil, ErrDamaged
	}
	units := 0
	for _, s := range d.sectors[a.first:a.last] {
		units += int(s.units)
	}
	if units > len(districts.rest) {
		return nil, ErrDamaged
	}
	u := &areaUnits{
		present: make([][bitmapWords]uint64, n),
		before:  make([]int32, n),
		offset:  make([][2]int16, 0, units),
		number:  make([]uint16, 0, units),
	}
	for s := range n {
		for i, b := range bitmaps[s*bitmapBytes : (s+1)*bitmapBytes] {
			u.present[s][i/8] |= uint64(b) << (i % 8 * 8)
		}
		u.before[s] = int32(len(u.number))
		if int(d.sectors[a.first+int32(s)].units) != u.held(s) {
			return nil, ErrDamaged
		}
		var east, north int32
		for range u.held(s) {
			east, north = east+easts.int(), north+norths.int()
			n := districts.uint()
			if n >= len(table) {
				return nil, ErrDamaged
			}
			u.offset = append(u.offset, [2]int16{int16(east), int16(north)})
			u.number = append(u.number, table[n])
		}
	}
	if easts.bad || norths.bad || districts.bad {
		return nil, ErrDamaged
	}
	return u, nil
}

// held returns how many units sector s of the area has.
func (u *areaUnits) held(s int) int {
	n := 0
	for _, word := range u.present[s] {
		n += bits.OnesCount64(word)
	}
	return n
}

// Unit returns where one postcode is, and false for one not in the file. An area
// with a damaged block has no units, but the checksum that Open compares rules
// that out for a file that Bytes wrote.
func (d *Data) Unit(k Key) (Spot, bool) {
	i, ok := d.sectorIndex(k.Outcode(), k.Digit())
	if !ok {
		return Spot{}, false
	}
	s := &d.sectors[i]
	u, err := d.area(s.area)
	if err != nil {
		return Spot{}, false
	}
	local := int(i - d.areas[s.area].first)
	word, bit := k.unit()/64, k.unit()%64
	present := &u.present[local]
	if present[word]>>bit&1 == 0 {
		return Spot{}, false
	}
	at := int(u.before[local]) + bits.OnesCount64(present[word]&(1<<bit-1))
	for _, w := range present[:word] {
		at += bits.OnesCount64(w)
	}
	return u.spot(s, at), true
}

func (u *areaUnits) spot(s *sectorEntry, at int) Spot {
	return Spot{
		East:  float64(s.east+int32(u.offset[at][0])) * StepMetres,
		North: float64(s.north+int32(u.offset[at][1])) * StepMetres,
		Units: 1, District: int(u.number[at]),
	}
}

// EachUnit calls f with each unit of sector i, in order.
func (d *Data) EachUnit(i int, f func(Key, Spot)) {
	s := &d.sectors[i]
	u, err := d.area(s.area)
	if err != nil {
		return
	}
	local := i - int(d.areas[s.area].first)
	first, ok := ParseKey(d.outcodes[s.outcode].name + " " + string(s.digit) + "AA")
	if !ok {
		return
	}
	at := int(u.before[local])
	for w, word := range u.present[local] {
		for ; word != 0; word &= word - 1 {
			f(first+Key(w*64+bits.TrailingZeros64(word)), u.spot(s, at))
			at++
		}
	}
}

// Places returns the named places, in the order in which they were added.
func (d *Data) Places() ([]Place, error) {
	if d.nPlaces == 0 {
		return nil, nil
	}
	raw, err := d.raw(d.places)
	if err != nil {
		return nil, err
	}
	r := &reader{rest: raw}
	names, also, positions, sizes := &reader{rest: r.bytes()}, &reader{rest: r.bytes()}, &reader{rest: r.bytes()}, &reader{rest: r.bytes()}
	if r.bad || d.nPlaces > len(names.rest) {
		return nil, ErrDamaged
	}
	places := make([]Place, d.nPlaces)
	var east, north int32
	for i := range places {
		p := &places[i]
		p.Name = names.text()
		if n := also.count(); n > 0 {
			p.Also = make([]string, n)
			for j := range p.Also {
				p.Also[j] = also.text()
			}
		}
		east, north = east+positions.int(), north+positions.int()
		p.East, p.North = float64(east)*StepMetres, float64(north)*StepMetres
		p.Size, p.District = sizes.uint(), sizes.uint()
		if p.District >= len(d.districts) {
			return nil, ErrDamaged
		}
	}
	if names.bad || also.bad || positions.bad || sizes.bad {
		return nil, ErrDamaged
	}
	return places, nil
}
