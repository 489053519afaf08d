package packed

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"

	"github.com/klauspost/compress/zstd"
)

// magic starts every file. The digit is the version of the layout.
const magic = "GAZETT1\n"

// headerBytes is the length of the magic, the checksum of everything after the
// checksum, and the length of the packed index.
const headerBytes = len(magic) + 4 + 4

// bitmapBytes holds a bit for each unit code of a sector.
const bitmapBytes = lettersSquared / 8

// writer appends numbers and text to a block before it is compressed.
type writer []byte

func (w *writer) uint(v int)     { *w = binary.AppendUvarint(*w, uint64(v)) }
func (w *writer) int(v int32)    { *w = binary.AppendVarint(*w, int64(v)) }
func (w *writer) text(s string)  { w.uint(len(s)); *w = append(*w, s...) }
func (w *writer) bytes(p []byte) { w.uint(len(p)); *w = append(*w, p...) }

// Bytes packs everything added into one file, the same bytes for the same input,
// and returns the postcodes left out because they lie further than StrayMetres
// from the rest of their sector.
//
// The file is a header, an index and a block for each postcode area and one
// for the places, each compressed separately so that a reader unpacks only the
// areas it needs. Blocks are columnar, because that compresses better: an area
// is, sector by sector, the bitmaps of the unit codes that exist, then the
// eastings as differences, the northings and the districts.
func (b *Builder) Bytes() (file []byte, strays []Key, err error) {
	b.District(District{})
	if err := b.check(); err != nil {
		return nil, nil, err
	}
	strays = b.sortUnits()
	pack, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression),
		zstd.WithEncoderConcurrency(1), zstd.WithEncoderCRC(false), zstd.WithWindowSize(1<<20))
	if err != nil {
		return nil, nil, fmt.Errorf("making the compressor: %w", err)
	}
	defer pack.Close()

	outcodes := b.outcodes()
	var areas []packedArea
	for start := 0; start < len(outcodes); {
		end, name := start, Area(outcodes[start].name)
		for end < len(outcodes) && Area(outcodes[end].name) == name {
			end++
		}
		raw := areaBlock(outcodes[start:end])
		areas = append(areas, packedArea{name, end - start, len(raw), pack.EncodeAll(raw, nil)})
		start = end
	}
	rawPlaces := b.placesBlock()
	places := pack.EncodeAll(rawPlaces, nil)
	rawIndex := b.indexBlock(areas, outcodes, len(rawPlaces), len(places))
	index := pack.EncodeAll(rawIndex, nil)

	file = append(file, magic...)
	file = binary.LittleEndian.AppendUint32(file, 0)
	file = binary.LittleEndian.AppendUint32(file, uint32(len(index)))
	file = append(file, index...)
	for _, a := range areas {
		file = append(file, a.packed...)
	}
	file = append(file, places...)
	binary.LittleEndian.PutUint32(file[len(magic):], crc32.ChecksumIEEE(file[len(magic)+4:]))
	return file, strays, nil
}

type packedArea struct {
	name     string
	outcodes int
	rawBytes int
	packed   []byte
}

// areaBlock encodes the units of one area.
func areaBlock(outcodes []outcode) []byte {
	var bitmaps, easts, norths, districts writer
	var table writer
	numbers := map[uint16]int{}
	for _, o := range outcodes {
		for _, s := range o.sectors {
			var present [bitmapBytes]byte
			east, north := s.east, s.north
			for _, u := range s.units {
				present[u.key.unit()/8] |= 1 << (u.key.unit() % 8)
				easts.int(u.east - east)
				norths.int(u.north - north)
				east, north = u.east, u.north
				n, ok := numbers[u.district]
				if !ok {
					n = len(numbers)
					numbers[u.district] = n
					table.uint(int(u.district))
				}
				districts.uint(n)
			}
			bitmaps = append(bitmaps, present[:]...)
		}
	}
	var w writer
	w.uint(len(numbers))
	w = append(w, table...)
	for _, column := range []writer{bitmaps, easts, norths, districts} {
		w.bytes(column)
	}
	return w
}

// indexBlock encodes everything that a reader keeps in memory from the start.
func (b *Builder) indexBlock(areas []packedArea, outcodes []outcode, rawPlaces, packedPlaces int) []byte {
	var w writer
	w.uint(len(b.districts))
	for _, d := range b.districts {
		w.text(d.Code)
		w.text(d.Name)
		w.text(d.County)
	}
	w.uint(len(areas))
	for _, a := range areas {
		w.text(a.name)
		w.uint(a.outcodes)
		w.uint(a.rawBytes)
		w.uint(len(a.packed))
	}
	w.uint(len(b.places))
	w.uint(rawPlaces)
	w.uint(packedPlaces)
	for _, o := range outcodes {
		w.text(o.name[len(Area(o.name)):])
		w.uint(len(o.sectors))
	}
	var from middle
	for _, o := range outcodes {
		w.middle(o.middle, from)
		from = o.middle
	}
	for _, o := range outcodes {
		for _, s := range o.sectors {
			w.uint(int(s.digit - '0'))
			w.uint(len(s.units))
		}
	}
	for _, o := range outcodes {
		for _, s := range o.sectors {
			w.middle(s.middle, o.middle)
		}
	}
	return w
}

// middle appends m as differences from another.
func (w *writer) middle(m, from middle) {
	w.int(m.east - from.east)
	w.int(m.north - from.north)
	w.uint(int(m.radius))
	w.int(int32(m.district) - int32(from.district))
}

// placesBlock encodes the named places, a column at a time.
func (b *Builder) placesBlock() []byte {
	var names, also, positions, sizes writer
	var east, north int32
	for _, p := range b.places {
		names.text(p.Name)
		also.uint(len(p.Also))
		for _, a := range p.Also {
			also.text(a)
		}
		e, n := steps(p.East), steps(p.North)
		positions.int(e - east)
		positions.int(n - north)
		east, north = e, n
		sizes.uint(p.Size)
		sizes.uint(p.District)
	}
	var w writer
	for _, column := range []writer{names, also, positions, sizes} {
		w.bytes(column)
	}
	return w
}
