package gazetteer

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"gather/directory/gazetteer/packed"
)

// formatsRead tells the operator which formats can be imported.
const formatsRead = "Give the ONSPD or NSPL, Code-Point Open, OS Open Names, or a CSV whose header names postcode, lat and lon."

// The number of columns of the two formats that have no header.
const (
	codePointColumns = 10
	openNamesColumns = 34
)

// format detects a file's format from its first row. take is nil for an unknown
// format; header reports whether the first row is a header.
func (im *importer) format(row [][]byte) (name string, take taker, header bool) {
	if c, ok := directoryColumns(row); ok {
		if c.ended >= 0 || c.country >= 0 {
			return "ONSPD or NSPL", im.directoryRow(c, len(row)), true
		}
		return "postcode,lat,lon", im.directoryRow(c, len(row)), true
	}
	if code, named, ok := districtColumns(row); ok {
		return "names of districts", im.districtRow(code, named), true
	}
	switch len(row) {
	case codePointColumns:
		if _, skip := im.postcode(row[0]); (skip == nil || skip.why != SkipFault) && whole(row[1]) && whole(row[2]) {
			return "Code-Point Open", im.codePointRow, false
		}
	case openNamesColumns:
		if string(row[6]) == "TYPE" {
			return "OS Open Names", im.openNamesRow, true
		}
		if whole(row[8][:max(bytes.IndexByte(row[8], '.'), 0)]) || whole(row[8]) {
			return "OS Open Names", im.openNamesRow, false
		}
	case 3:
		if _, skip := im.postcode(row[0]); skip == nil || skip.why != SkipFault {
			return "postcode,lat,lon", im.directoryRow(columns{postcode: 0, lat: 1, lon: 2, ended: -1, district: -1, country: -1}, 3), false
		}
	}
	return "", nil, false
}

func whole(field []byte) bool {
	_, err := strconv.Atoi(string(field))
	return err == nil
}

// columns are the indexes of a postcode directory's columns; -1 for none.
type columns struct{ postcode, lat, lon, ended, district, country int }

// The columns of the ONSPD and NSPL are found by pattern, since the two-digit
// year in their names changes with the release.
var (
	districtColumn = regexp.MustCompile(`^(lad\d\dcd|oslaua|laua)$`)
	countryColumn  = regexp.MustCompile(`^(ctry\d\dcd|ctry)$`)
	ladCode        = regexp.MustCompile(`^lad\d\dcd$`)
	ladName        = regexp.MustCompile(`^lad\d\dnm$`)
)

func directoryColumns(header [][]byte) (columns, bool) {
	at := map[string]int{}
	c := columns{-1, -1, -1, -1, -1, -1}
	for i, field := range header {
		name := strings.ToLower(string(field))
		if _, twice := at[name]; !twice {
			at[name] = i
		}
		if c.district < 0 && districtColumn.MatchString(name) {
			c.district = i
		}
		if c.country < 0 && countryColumn.MatchString(name) {
			c.country = i
		}
	}
	first := func(names ...string) int {
		for _, name := range names {
			if i, ok := at[name]; ok {
				return i
			}
		}
		return -1
	}
	c.postcode = first("pcds", "pcd", "pcd2", "pcd7", "pcd8", "postcode")
	c.lat = first("lat", "latitude")
	c.lon = first("long", "longitude", "lng", "lon")
	c.ended = first("doterm")
	return c, c.postcode >= 0 && c.lat >= 0 && c.lon >= 0
}

// directoryRow returns a taker for rows of the ONSPD, the NSPL or a plain list.
func (im *importer) directoryRow(c columns, width int) taker {
	return func(row [][]byte) *skipped {
		if len(row) != width {
			return faulty(fmt.Sprintf("The row has %d columns, not the header's %d.", len(row), width), "Give every column, empty where there is nothing.")
		}
		key, skip := im.postcode(row[c.postcode])
		if skip != nil {
			return skip
		}
		u := unitRow{key: key}
		if u.east, u.north, skip = degrees(row[c.lat], row[c.lon]); skip != nil {
			return skip
		}
		u.ended = c.ended >= 0 && len(row[c.ended]) > 0
		if c.district >= 0 {
			u.district = im.districtCoded(row[c.district])
		}
		im.addUnit(u)
		return nil
	}
}

// districtColumns finds the columns of a list of district codes and names, as
// the ONSPD's archive has in its Documents.
func districtColumns(header [][]byte) (code, name int, ok bool) {
	code, name = -1, -1
	for i, field := range header {
		switch column := strings.ToLower(string(field)); {
		case ladCode.MatchString(column):
			code = i
		case ladName.MatchString(column):
			name = i
		}
	}
	return code, name, code >= 0 && name >= 0
}

func (im *importer) districtRow(code, name int) taker {
	return func(row [][]byte) *skipped {
		if len(row) <= max(code, name) {
			return faulty("The row has no code or name.", "Give every column.")
		}
		if len(row[code]) != len("E08000009") || len(row[name]) == 0 || bytes.HasSuffix(row[code], []byte("99999999")) {
			return &skipped{why: SkipOther}
		}
		if fault := badText(row[code], row[name]); fault != nil {
			return fault
		}
		known, _ := im.known.district(string(row[code]))
		im.builder.District(packed.District{Code: string(row[code]), Name: string(row[name]), County: known.County})
		im.report.Districts++
		return nil
	}
}

// codePointRow imports a row of Code-Point Open: postcode, positional quality,
// easting, northing, ..., district, ward. Quality 90 means no position.
func (im *importer) codePointRow(row [][]byte) *skipped {
	if len(row) != codePointColumns {
		return faulty(fmt.Sprintf("The row has %d columns, not %d.", len(row), codePointColumns), "Give the file as published.")
	}
	key, skip := im.postcode(row[0])
	if skip != nil {
		return skip
	}
	if string(row[1]) == "90" {
		return &skipped{why: SkipNoPosition}
	}
	u := unitRow{key: key, district: im.districtCoded(row[8])}
	if u.east, u.north, skip = reference(row[2], row[3]); skip != nil {
		return skip
	}
	im.addUnit(u)
	return nil
}

// The columns of OS Open Names that are read.
const (
	openName, openOtherName     = 2, 4
	openType, openLocalType     = 6, 7
	openEast, openNorth         = 8, 9
	openDistrict, openUnitary   = 21, 24
	openPopulated, openPostcode = "populatedPlace", "Postcode"
)

// sizes are nominal populations of places of which only the kind is known. They
// serve to order places only.
var sizes = map[string]int{
	"City": 100_000, "Town": 10_000, "Suburban Area": 3_000, "Village": 1_000, "Hamlet": 100, "Other Settlement": 50,
}

// openNamesRow imports a populated place or a postcode of OS Open Names.
func (im *importer) openNamesRow(row [][]byte) *skipped {
	if len(row) != openNamesColumns {
		return faulty(fmt.Sprintf("The row has %d columns, not %d.", len(row), openNamesColumns), "Give the file as published.")
	}
	size, populated := sizes[string(row[openLocalType])]
	populated = populated && string(row[openType]) == openPopulated
	if !populated && string(row[openLocalType]) != openPostcode {
		return &skipped{why: SkipOther}
	}
	east, north, skip := reference(row[openEast], row[openNorth])
	if skip != nil {
		return skip
	}
	district := im.districtNamed(row[openDistrict], row[openUnitary])
	if !populated {
		key, skip := im.postcode(row[openName])
		if skip != nil {
			return skip
		}
		im.addUnit(unitRow{key: key, east: east, north: north, district: district})
		return nil
	}
	if fault := badText(row[openName], row[openOtherName]); fault != nil {
		return fault
	}
	p := packed.Place{Name: string(row[openName]), East: east, North: north, Size: size, District: district}
	if p.Name == "" {
		return faulty("The place has no name.", "Give the file as published.")
	}
	if len(row[openOtherName]) > 0 {
		p.Also = []string{string(row[openOtherName])}
	}
	im.addPlace(p)
	im.report.Places++
	return nil
}

// maxNameBytes is longer than Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch.
const maxNameBytes = 120

// badText returns a fault for names that are too long or cannot be displayed.
func badText(names ...[]byte) *skipped {
	for _, name := range names {
		if len(name) > maxNameBytes || !utf8.Valid(name) || bytes.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f }) {
			return faulty("A name is too long or is not UTF-8 text.", "Save the file as UTF-8.")
		}
	}
	return nil
}
