package bulk

import (
	"errors"
	"strconv"
	"strings"

	"gather/directory"
)

// Distances, in miles, from a postcode's middle within which coordinates are
// believed: a unit postcode is a street, a sector can be some miles of country.
const (
	nearUnit   = 2.0
	nearSector = 10.0
)

// place is what a row says of where it is.
type place struct {
	name     string
	address  directory.Address
	lat, lon string // as written
}

// settle puts a place into d: the venue with its postcode, and its coordinates
// where they can be believed. It reports whether there is a venue.
func (d *draft) settle(p place) bool {
	v := &directory.Venue{Name: line(stated(p.name)), Address: p.address}
	a := &v.Address
	for _, s := range []*string{&a.Street, &a.Locality, &a.Town, &a.County} {
		*s = strings.Trim(line(stated(*s)), " ,")
	}
	middle := d.postcode(&v.Address)
	given, ok := d.coordinates(p, middle)
	if ok && middle == nil && a.Postcode != "" && !given.InUK() {
		ok = false
	}
	if ok {
		v.Position = &given
	}
	if v.Position == nil && middle == nil && a.Postcode == "" {
		if *a != (directory.Address{}) || v.Name != "" {
			words := commas(v.Name, a.Street, a.Locality, a.Town, a.County)
			d.warn("venue", words, "has neither a postcode nor coordinates that can be used, so it cannot be found by place; the address was put into the description")
			d.details.Description = paragraph(d.details.Description, "Address: "+words)
		}
		return false
	}
	d.details.Venue = v
	return true
}

// postcode cleans the postcode of a and answers its middle, nil where it has
// none. A text that is no postcode is left out with a warning; a postcode that
// only lacks a place stays, for the rules to judge.
func (d *draft) postcode(a *directory.Address) *directory.Location {
	a.Postcode = line(stated(a.Postcode))
	if a.Postcode == "" {
		return nil
	}
	loc, err := d.file.places.Postcode(a.Postcode)
	if err == nil {
		switch {
		case loc.Repaired:
			d.warn("venue.address.postcode", a.Postcode, "was read as %s", loc.Postcode)
		case loc.Precision != directory.PrecisionUnit:
			d.warn("venue.address.postcode", a.Postcode, "is not in the gazetteer; the middle of its %s stands in", loc.Precision)
		}
		a.Postcode = loc.Postcode
		return &loc
	}
	var no *directory.NoPlace
	if errors.As(err, &no) && no.Why == directory.NeedsImport {
		return nil
	}
	d.warn("venue.address.postcode", a.Postcode, "was left out: %s", err)
	a.Postcode = ""
	return nil
}

// coordinates reads a position and holds it against the postcode's.
func (d *draft) coordinates(p place, middle *directory.Location) (directory.Position, bool) {
	lat, lon := line(stated(p.lat)), line(stated(p.lon))
	written := strings.Trim(lat+", "+lon, ", ")
	if written == "" {
		return directory.Position{}, false
	}
	var pos directory.Position
	var err1, err2 error
	pos.Lat, err1 = strconv.ParseFloat(lat, 64)
	pos.Lon, err2 = strconv.ParseFloat(lon, 64)
	instead := "they were left out"
	if middle != nil {
		instead = "the postcode's middle is used"
	}
	if err1 != nil || err2 != nil {
		d.warn("venue.position", written, "are not coordinates; %s", instead)
		return pos, false
	}
	if pos == (directory.Position{}) {
		return pos, false // 0, 0 is how some programs write nothing
	}
	swapped := directory.Position{Lat: pos.Lon, Lon: pos.Lat}
	if !pos.InUK() && swapped.InUK() && (middle == nil || swapped.Miles(middle.Position) <= nearSector) {
		d.warn("venue.position", written, "have latitude and longitude swapped; they were swapped back")
		pos = swapped
	}
	if !pos.InUK() {
		d.warn("venue.position", written, "are not in the United Kingdom; %s", instead)
		return pos, false
	}
	if middle == nil {
		return pos, true
	}
	allowed := nearSector
	if middle.Precision == directory.PrecisionUnit {
		allowed = nearUnit
	}
	if far := pos.Miles(middle.Position); far > allowed {
		d.warn("venue.position", written, "are %.1f miles from the middle of %s; %s", far, middle.Postcode, instead)
		return pos, false
	}
	return pos, true
}
