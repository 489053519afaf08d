package gazetteer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"gather/directory"
	"gather/directory/gazetteer/grid"
	"gather/directory/gazetteer/packed"
)

// importer collects the rows of the imported files.
type importer struct {
	options     Options
	builder     packed.Builder
	known       *Gazetteer // the embedded data, for names of districts
	outwards    map[string]bool
	districts   map[string]int // by name, for files that give no code
	placed      map[string][]packed.Place
	report      Report
	progress    func(done, total int64)
	done, total int64
}

// rowFault says what is wrong with a row, and how to fix it.
type rowFault struct{ what, fix string }

// skipped says why a row is not imported: for a Skip reason, or a fault.
type skipped struct {
	why   Skip
	fault rowFault
}

func faulty(what, fix string) *skipped { return &skipped{SkipFault, rowFault{what, fix}} }

// taker imports one row, or returns why it did not.
type taker func(row [][]byte) *skipped

// rowsAtOnce is the number of rows between progress reports and checks of the
// context.
const rowsAtOnce = 8192

// readFile reads one CSV file in any of the formats. A file in none of them is a
// fault only if it was named by itself, since archives hold other files too.
func (im *importer) readFile(ctx context.Context, name string, r io.Reader, alone bool) error {
	lines := newLineReader(r)
	before := im.done
	var row [][]byte
	var take taker
	file := FileReport{Name: name}
	defer func() { im.report.Files = append(im.report.Files, file) }()
	for n := 0; ; n++ {
		if n%rowsAtOnce == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
			im.progress(im.done, im.total)
		}
		line, err := lines.next()
		im.done = before + lines.read
		if errors.Is(err, io.EOF) {
			return nil
		}
		var skip *skipped
		ok := true
		switch {
		case errors.Is(err, errLongLine):
			skip = faulty(fmt.Sprintf("The line is longer than %d bytes.", maxLineBytes), "Give one row on each line.")
		case err != nil:
			return err
		case len(bytes.TrimSpace(line)) == 0:
			continue
		default:
			row, ok = splitRow(line, row)
			if !ok {
				skip = faulty("A quotation mark is not closed.", "Put each field's quotation marks in pairs.")
			}
		}
		if take == nil && skip == nil {
			var header bool
			file.Format, take, header = im.format(row)
			if take == nil {
				if alone {
					im.report.fault(Fault{File: name, What: "The file is not in a format that can be imported.", Fix: formatsRead})
				}
				return nil
			}
			if header {
				continue
			}
		}
		file.Rows++
		if skip == nil {
			skip = take(row)
		}
		im.count(name, lines.line, skip)
	}
}

func (im *importer) count(name string, line int, skip *skipped) {
	if skip == nil {
		return
	}
	im.report.Skipped[skip.why]++
	if skip.why == SkipFault {
		im.report.fault(Fault{File: name, Line: line, What: skip.fault.what, Fix: skip.fault.fix})
	}
}

// unitRow is a row's postcode and its position on the National Grid.
type unitRow struct {
	key         packed.Key
	east, north float64
	district    int
	ended       bool
}

func (im *importer) addUnit(u unitRow) {
	if u.ended {
		im.builder.EndedUnit(u.key, u.east, u.north, u.district)
	} else {
		im.builder.Unit(u.key, u.east, u.north, u.district)
	}
	im.report.Units++
}

// postcode parses a row's postcode in any of the official spacings: "AB10 1AB",
// "AB1  0AA", "AB101AA".
func (im *importer) postcode(field []byte) (packed.Key, *skipped) {
	var compact [8]byte
	n := 0
	for _, c := range field {
		switch {
		case c == ' ':
			continue
		case n == len(compact):
			return 0, notPostcode(field)
		case c >= 'a' && c <= 'z':
			c -= 'a' - 'A'
		}
		compact[n] = c
		n++
	}
	if n == 6 && string(compact[:3]) == "NPT" {
		return 0, &skipped{why: SkipOldNewport}
	}
	if n < 5 || n > 7 {
		return 0, notPostcode(field)
	}
	outward := string(compact[:n-3])
	fits, ok := im.outwards[outward]
	if !ok {
		fits = outwardOnly.MatchString(outward)
		if fits { // only forms that exist are kept, so that the map stays small
			im.outwards[outward] = true
		}
	}
	key, ok := packed.ParseKey(outward + " " + string(compact[n-3:n]))
	if !fits || !ok {
		return 0, notPostcode(field)
	}
	if string(compact[:2]) == "BT" && !im.options.IncludeNI {
		return 0, &skipped{why: SkipNI}
	}
	return key, nil
}

func notPostcode(field []byte) *skipped {
	return faulty(fmt.Sprintf("%q is not a postcode.", directory.Quote(string(field))), "Give a full postcode, such as M33 7DB.")
}

// degrees parses a row's WGS84 position and converts it to the National Grid.
func degrees(lat, lon []byte) (east, north float64, skip *skipped) {
	if len(lat) == 0 && len(lon) == 0 {
		return 0, 0, &skipped{why: SkipNoPosition}
	}
	p := directory.Position{}
	var err, err2 error
	p.Lat, err = strconv.ParseFloat(string(lat), 64)
	p.Lon, err2 = strconv.ParseFloat(string(lon), 64)
	if err != nil || err2 != nil || math.IsNaN(p.Lat) || math.IsNaN(p.Lon) {
		return 0, 0, faulty("The latitude or longitude is not a number.", "Give decimal degrees, such as 53.42 and -2.32.")
	}
	if p.Lat > 99 || p == (directory.Position{}) {
		return 0, 0, &skipped{why: SkipNoPosition}
	}
	if wrong := wrongPosition(p); wrong != nil {
		return 0, 0, faulty(wrong.Detail, wrong.Fix)
	}
	east, north = grid.FromWGS84(p)
	return east, north, nil
}

// The extent of the National Grid in metres.
const (
	gridEast  = 700_000
	gridNorth = 1_300_000
)

// reference parses a row's position on the National Grid.
func reference(east, north []byte) (e, n float64, skip *skipped) {
	e, err := strconv.ParseFloat(string(east), 64)
	n, err2 := strconv.ParseFloat(string(north), 64)
	switch {
	case err != nil || err2 != nil:
		return 0, 0, faulty("The easting or northing is not a number.", "Give metres on the British National Grid.")
	case e == 0 && n == 0:
		return 0, 0, &skipped{why: SkipNoPosition}
	case !(e > 0 && e < gridEast && n > 0 && n < gridNorth):
		return 0, 0, faulty("The easting or northing is outside the British National Grid.", "Give metres, east first.")
	}
	return e, n, nil
}

// districtCoded returns the index of a district by GSS code, 0 for none.
func (im *importer) districtCoded(code []byte) int {
	if len(code) != len("E08000009") || bytes.HasSuffix(code, []byte("99999999")) || !utf8.Valid(code) {
		return 0
	}
	d, _ := im.known.district(string(code))
	return im.builder.District(d)
}

// districtNamed returns the index of the first known district among the names, 0
// for none. Welsh names are bilingual: "Sir Ceredigion - Ceredigion".
func (im *importer) districtNamed(names ...[]byte) int {
	for _, name := range names {
		if len(name) == 0 {
			continue
		}
		index, ok := im.districts[string(name)]
		if !ok {
			for part := range strings.SplitSeq(string(name)+" - "+string(name), " - ") {
				if code, found := im.known.DistrictNamed(part); found {
					d, _ := im.known.district(code)
					index = im.builder.District(d)
					break
				}
			}
			if len(im.districts) < maxDistrictNames {
				im.districts[string(name)] = index
			}
		}
		if index > 0 {
			return index
		}
	}
	return 0
}

// maxDistrictNames bounds the district names kept from a file: there are some
// 400 districts, with a few spellings of each.
const maxDistrictNames = 10_000

// againMetres is the distance within which two places of one name are taken to
// be the same place, imported twice.
const againMetres = 500

// addPlace adds a place, unless it has been added before.
func (im *importer) addPlace(p packed.Place) {
	name := fold(p.Name)
	for _, q := range im.placed[name] {
		if math.Hypot(p.East-q.East, p.North-q.North) < againMetres {
			return
		}
	}
	im.placed[name] = append(im.placed[name], p)
	im.builder.Place(p)
}
