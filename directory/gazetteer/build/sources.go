package main

import (
	"archive/tar"
	"archive/zip"
	"bufio"
	"bytes"
	"cmp"
	"compress/gzip"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/vmihailenco/msgpack/v5"

	"gather/directory"
	"gather/directory/gazetteer/grid"
	"gather/directory/gazetteer/packed"
)

//go:embed districts.tsv
var ownDistricts string

//go:embed places.tsv
var ownPlaces string

// readDistricts reads the districts of the authorities package, then
// districts.tsv, our list of those it lacks and of counties.
func readDistricts(wheel string) (map[string]packed.District, error) {
	raw, err := zipped(wheel, "qlacref_authorities/records.json")
	if err != nil {
		return nil, err
	}
	var records []struct{ LTLA21CD, LTLA21NM, UTLA21CD, UTLA21NM string }
	if err := json.Unmarshal(raw, &records); err != nil {
		return nil, fmt.Errorf("records.json: %w", err)
	}
	byCode := map[string]packed.District{"": {}}
	for _, r := range records {
		county := ""
		switch {
		case strings.HasPrefix(r.LTLA21CD, "E09"):
			county = "Greater London"
		case r.UTLA21CD != r.LTLA21CD && strings.HasPrefix(r.UTLA21CD, "E10"):
			county = r.UTLA21NM
		}
		byCode[r.LTLA21CD] = packed.District{Code: r.LTLA21CD, Name: r.LTLA21NM, County: county}
	}
	for line := range strings.Lines(ownDistricts) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		fields := append(strings.Split(strings.TrimRight(line, "\n"), "\t"), "", "")
		d := byCode[fields[0]]
		byCode[fields[0]] = packed.District{
			Code: fields[0], Name: cmp.Or(fields[1], d.Name), County: cmp.Or(fields[2], d.County),
		}
	}
	return byCode, nil
}

// tally counts the rows of the postcodes package.
type tally struct{ rows, taken, ni, crown, unplaced, npt int }

// columns is one of the package's 23 files, a column at a time.
type columns struct {
	Columns []string `msgpack:"columns"`
	Data    struct {
		Postcode []string `msgpack:"pcd"`
		District []any    `msgpack:"laua"` // text, or not-a-number for none
		East     []any    `msgpack:"oseast1m"`
		North    []any    `msgpack:"osnrth1m"`
	} `msgpack:"data"`
}

// addPostcodes adds every unit of Great Britain that has a position. Northern
// Ireland is left out because its licence differs and its rows give Irish Grid
// in the same columns.
func addPostcodes(b *packed.Builder, districts map[string]packed.District, wheel string) (tally, error) {
	var n tally
	z, err := zip.OpenReader(wheel)
	if err != nil {
		return n, err
	}
	defer z.Close()
	var names []string
	for _, f := range z.File {
		if strings.HasSuffix(f.Name, ".msgpack.br") {
			names = append(names, f.Name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		f, err := z.Open(name)
		if err != nil {
			return n, err
		}
		var c columns
		err = msgpack.NewDecoder(bufio.NewReader(brotli.NewReader(f))).Decode(&c)
		f.Close()
		if err != nil {
			return n, fmt.Errorf("%s: %w", name, err)
		}
		if err := n.add(b, districts, c); err != nil {
			return n, fmt.Errorf("%s: %w", name, err)
		}
	}
	return n, nil
}

func (n *tally) add(b *packed.Builder, districts map[string]packed.District, c columns) error {
	d := c.Data
	if len(d.East) != len(d.Postcode) || len(d.North) != len(d.Postcode) || len(d.District) != len(d.Postcode) {
		return errors.New("columns of different lengths")
	}
	for i, text := range d.Postcode {
		n.rows++
		compact := strings.ReplaceAll(text, " ", "")
		if len(compact) < 5 {
			return fmt.Errorf("row %d: %q is not a postcode", i, text)
		}
		split := len(compact) - 3
		east, north := number(d.East[i]), number(d.North[i])
		switch area := packed.Area(compact); {
		case area == "BT":
			n.ni++
			continue
		case area == "GY" || area == "JE" || area == "IM":
			n.crown++
			continue
		case area == "NPT":
			n.npt++
			continue
		case east == 0 || north == 0:
			n.unplaced++
			continue
		}
		code, _ := d.District[i].(string)
		key, ok := packed.ParseKey(compact[:split] + " " + compact[split:])
		if !ok {
			return fmt.Errorf("row %d: %q is not a postcode", i, text)
		}
		district, ok := districts[code]
		if !ok || district.Name == "" && code != "" {
			return fmt.Errorf("row %d: district %q has no name", i, code)
		}
		b.Unit(key, east, north, b.District(district))
		n.taken++
	}
	return nil
}

// number reads a grid reference, which the package writes as an integer, a
// float or text; 0 when there is none.
func number(v any) float64 {
	f, err := strconv.ParseFloat(strings.TrimSpace(fmt.Sprint(v)), 64)
	if err != nil || f != f {
		return 0
	}
	return f
}

// The columns of GeoNames' table that are read.
const (
	geoName, geoAlternates, geoLat, geoLon = 1, 3, 4, 5
	geoCountry, geoAdmin1, geoPopulation   = 8, 10, 14
	geoColumns                             = 19
)

// cyprus is the first-level division under which GeoNames files a village of
// the base at Akrotiri, which is outside the United Kingdom.
const cyprus = "05"

// addPlaces adds the United Kingdom's places of cities500.txt, each with the
// district of the postcode nearest to it: GeoNames' own division codes often name
// a neighbouring district.
func addPlaces(b *packed.Builder, tarball string) error {
	table, err := tarred(tarball, "package/dist/cities500.txt")
	if err != nil {
		return err
	}
	near := b.Near()
	for line := range strings.Lines(ownPlaces) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if len(f) != 4 {
			return fmt.Errorf("places.tsv: a row of %d columns, not 4", len(f))
		}
		row := make([]string, geoColumns)
		row[geoName], row[geoLat], row[geoLon], row[geoPopulation] = f[0], f[1], f[2], f[3]
		p, err := place(row)
		if err != nil {
			return fmt.Errorf("places.tsv: %s: %w", f[0], err)
		}
		p.District = near(p.East, p.North)
		b.Place(p)
	}
	for line := range bytes.Lines(table) {
		f := strings.Split(strings.TrimRight(string(line), "\r\n"), "\t")
		if len(f) != geoColumns {
			return fmt.Errorf("a row of %d columns, not %d", len(f), geoColumns)
		}
		if f[geoCountry] != "GB" || f[geoAdmin1] == cyprus {
			continue
		}
		p, err := place(f)
		if err != nil {
			return fmt.Errorf("%s: %w", f[geoName], err)
		}
		if f[geoAdmin1] == "NIR" {
			// A stand-in for display: the data do not say which district the
			// place lies in.
			p.District = b.District(packed.District{Code: packed.NorthernIreland, Name: "Northern Ireland"})
		} else {
			p.District = near(p.East, p.North)
		}
		b.Place(p)
	}
	return nil
}

func place(f []string) (packed.Place, error) {
	lat, err := strconv.ParseFloat(f[geoLat], 64)
	if err != nil {
		return packed.Place{}, err
	}
	lon, err := strconv.ParseFloat(f[geoLon], 64)
	if err != nil {
		return packed.Place{}, err
	}
	size, err := strconv.Atoi(f[geoPopulation])
	if err != nil {
		return packed.Place{}, err
	}
	p := packed.Place{Name: f[geoName], Size: size}
	p.East, p.North = grid.FromWGS84(directory.Position{Lat: lat, Lon: lon})
	for name := range strings.SplitSeq(f[geoAlternates], ",") {
		if name = strings.TrimSpace(name); name != p.Name && written(name) && !slices.Contains(p.Also, name) {
			p.Also = append(p.Also, name)
		}
	}
	return p, nil
}

// written reports whether a name is one that people in the United Kingdom might
// type: in Latin letters, not an airport code, and not a transliteration, which
// GeoNames writes in lower case.
func written(name string) bool {
	capital := false
	for i, r := range name {
		switch {
		case r >= 'A' && r <= 'Z':
			capital = capital || i == 0
		case r >= 'a' && r <= 'z', r >= 0xC0 && r <= 0x24F && r != 0xD7 && r != 0xF7:
			capital = capital || i == 0 && r >= 0xC0
		case strings.ContainsRune(" -'’.()", r):
		default:
			return false
		}
	}
	return capital && strings.ToUpper(name) != name
}

// zipped reads one file of a zip.
func zipped(archive, name string) ([]byte, error) {
	z, err := zip.OpenReader(archive)
	if err != nil {
		return nil, err
	}
	defer z.Close()
	f, err := z.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}

// tarred reads one file of a compressed tar.
func tarred(archive, name string) ([]byte, error) {
	f, err := os.Open(archive)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	for t := tar.NewReader(z); ; {
		h, err := t.Next()
		if err != nil {
			return nil, fmt.Errorf("looking for %s: %w", name, err)
		}
		if h.Name == name {
			return io.ReadAll(t)
		}
	}
}
