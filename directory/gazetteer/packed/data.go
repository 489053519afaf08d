// Package packed reads and writes the file format of the gazetteer's postcodes
// and places: small enough to embed in the program, and unpacked one postcode
// area at a time, on first use.
//
// Positions are stored on the National Grid to StepMetres. Unpacked, Great
// Britain's 2.6 million units take about 18 MB, so unpacked areas stay in memory.
package packed

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// ErrDamaged is the error of Open and Check for bytes that are not a complete
// file of this layout.
var ErrDamaged = errors.New("damaged or not a gazetteer file")

// maxRawBytes bounds what one block may claim to unpack to. The largest area
// has 71,000 units and takes 400 kB; 64 MB would be 10 million.
const maxRawBytes = 64 << 20

// Spot is a position on the National Grid in metres, with its district and the
// units it stands for.
type Spot struct {
	East, North float64
	Radius      float64 // metres within which nine units in ten of a sector or outcode lie; 0 for a unit
	District    int     // index into Districts
	Units       int     // how many units it was made from; 1 for a unit
}

// Data is an open file. It is safe for concurrent use.
type Data struct {
	districts []District
	areas     []area
	outcodes  []outcodeEntry
	sectors   []sectorEntry
	byName    map[string]int32 // outcode to its index
	places    block
	nPlaces   int
	unpack    *zstd.Decoder
	units     int
}

// block is one compressed range of the file.
type block struct {
	packed   []byte
	rawBytes int
}

type area struct {
	name        string
	block       block
	first, last int32 // its sectors, last not included
	once        sync.Once
	units       *areaUnits
	err         error
}

type outcodeEntry struct {
	name        string
	first, last int32 // its sectors, last not included
	middle
}

type sectorEntry struct {
	digit   byte
	units   uint16
	outcode int32
	area    int32
	middle
}

// Open reads the index of a file and verifies the checksum of the whole file;
// units stay packed until they are needed. It retains file, which must not be
// changed.
func Open(file []byte) (*Data, error) {
	if len(file) < headerBytes || string(file[:len(magic)]) != magic {
		return nil, fmt.Errorf("reading the header: %w", ErrDamaged)
	}
	if crc32.ChecksumIEEE(file[len(magic)+4:]) != binary.LittleEndian.Uint32(file[len(magic):]) {
		return nil, fmt.Errorf("comparing the checksum: %w", ErrDamaged)
	}
	indexBytes := int(binary.LittleEndian.Uint32(file[len(magic)+4:]))
	if indexBytes > len(file)-headerBytes {
		return nil, fmt.Errorf("reading the index: %w", ErrDamaged)
	}
	unpack, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecoderMaxMemory(maxRawBytes))
	if err != nil {
		return nil, fmt.Errorf("making the decompressor: %w", err)
	}
	d := &Data{unpack: unpack}
	raw, err := unpack.DecodeAll(file[headerBytes:headerBytes+indexBytes], nil)
	if err != nil {
		return nil, fmt.Errorf("unpacking the index: %w: %w", ErrDamaged, err)
	}
	if err := d.readIndex(raw, file[headerBytes+indexBytes:]); err != nil {
		return nil, fmt.Errorf("reading the index: %w", err)
	}
	return d, nil
}

// Districts returns the districts by index; the first is the empty one.
func (d *Data) Districts() []District { return d.districts }

// Units returns how many unit postcodes the file holds.
func (d *Data) Units() int { return d.units }

// Outcode returns the median of an outcode's units.
func (d *Data) Outcode(name string) (Spot, bool) {
	i, ok := d.byName[name]
	if !ok {
		return Spot{}, false
	}
	o := &d.outcodes[i]
	units := 0
	for _, s := range d.sectors[o.first:o.last] {
		units += int(s.units)
	}
	return o.spot(units), true
}

// Outcodes returns the names of all outcodes, sorted by text.
func (d *Data) Outcodes() []string {
	names := make([]string, len(d.outcodes))
	for i := range d.outcodes {
		names[i] = d.outcodes[i].name
	}
	return names
}

// Sector returns the median of the units of the sector that digit names in an
// outcode: '7' in "M33" for M33 7.
func (d *Data) Sector(outcode string, digit byte) (Spot, bool) {
	i, ok := d.sectorIndex(outcode, digit)
	if !ok {
		return Spot{}, false
	}
	s := &d.sectors[i]
	return s.spot(int(s.units)), true
}

// SectorCount returns how many sectors there are; they are numbered from 0.
func (d *Data) SectorCount() int { return len(d.sectors) }

// SectorAt returns the outcode, digit and median of sector i.
func (d *Data) SectorAt(i int) (outcode string, digit byte, middle Spot) {
	s := &d.sectors[i]
	return d.outcodes[s.outcode].name, s.digit, s.spot(int(s.units))
}

func (d *Data) sectorIndex(outcode string, digit byte) (int32, bool) {
	o, ok := d.byName[outcode]
	if !ok {
		return 0, false
	}
	for i := d.outcodes[o].first; i < d.outcodes[o].last; i++ {
		if d.sectors[i].digit == digit {
			return i, true
		}
	}
	return 0, false
}

func (m *middle) spot(units int) Spot {
	return Spot{
		East: float64(m.east) * StepMetres, North: float64(m.north) * StepMetres,
		Radius: float64(m.radius) * StepMetres, District: int(m.district), Units: units,
	}
}

// Check unpacks everything and reports the first damaged block. Open decodes only
// the index.
func (d *Data) Check() error {
	for i := range d.areas {
		if _, err := d.area(int32(i)); err != nil {
			return fmt.Errorf("unpacking area %s: %w", d.areas[i].name, err)
		}
	}
	if _, err := d.Places(); err != nil {
		return fmt.Errorf("unpacking the places: %w", err)
	}
	return nil
}

// HasArea reports whether the file has units in a postcode area ("EH").
func (d *Data) HasArea(name string) bool {
	for i := range d.areas {
		if d.areas[i].name == name {
			return true
		}
	}
	return false
}
