package draft

import (
	"errors"
	"strconv"
	"strings"

	"gather/directory"
	"gather/directory/bulk/freetext"
)

// Distances, in miles, from the middle of a postcode within which coordinates
// are accepted: a unit postcode is a street, a sector can be some miles of
// country.
const (
	nearUnit   = 2.0
	nearSector = 10.0
)

// Place is what a row states about its location.
type Place struct {
	Name     string
	Address  directory.Address
	Lat, Lon string // as written
}

// TakePlace sets d's venue with its postcode, and its coordinates if they are
// plausible. It reports whether there is a venue.
func (d *Draft) TakePlace(p Place) bool {
	v := &directory.Venue{Name: freetext.Line(freetext.Stated(p.Name)), Address: p.Address}
	a := &v.Address
	for _, s := range []*string{&a.Street, &a.Locality, &a.Town, &a.County} {
		*s = strings.Trim(freetext.Line(freetext.Stated(*s)), " ,")
	}
	middle := d.takePostcode(&v.Address)
	given, ok := d.takeCoordinates(p, middle)
	if ok && middle == nil && a.Postcode != "" && !given.InUK() {
		ok = false
	}
	if ok {
		v.Position = &given
	}
	if v.Position == nil && middle == nil && a.Postcode == "" {
		if *a != (directory.Address{}) || v.Name != "" {
			d.keepRough() // of an earlier one
			d.rough = v
		}
		return false
	}
	d.Details.Venue = v
	return true
}

// takePostcode normalises the postcode of a and returns its middle, nil if it
// has none. A text that is not a postcode is left out with a warning; a
// postcode whose data the operator has yet to import (see
// directory.NeedsImport) stays, for the rules to judge.
func (d *Draft) takePostcode(a *directory.Address) *directory.Location {
	a.Postcode = freetext.Line(freetext.Stated(a.Postcode))
	if a.Postcode == "" {
		return nil
	}
	loc, err := d.File.Places.Postcode(a.Postcode)
	if err == nil {
		switch {
		case loc.Repaired:
			d.Warn("venue.address.postcode", a.Postcode, "was read as %s", loc.Postcode)
		case loc.Precision != directory.PrecisionUnit:
			d.Warn("venue.address.postcode", a.Postcode, "is not in the gazetteer; the middle of its %s stands in", loc.Precision)
		}
		a.Postcode = loc.Postcode
		return &loc
	}
	var no *directory.NoPlace
	if errors.As(err, &no) && no.Why == directory.NeedsImport {
		return nil
	}
	d.Warn("venue.address.postcode", a.Postcode, "was left out: %s", err)
	a.Postcode = ""
	return nil
}

// takeCoordinates reads a position and checks it against the postcode's.
func (d *Draft) takeCoordinates(p Place, middle *directory.Location) (directory.Position, bool) {
	lat, lon := freetext.Line(freetext.Stated(p.Lat)), freetext.Line(freetext.Stated(p.Lon))
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
		d.Warn("venue.position", written, "are not coordinates; %s", instead)
		return pos, false
	}
	if pos == (directory.Position{}) {
		return pos, false // some programs write 0, 0 for no position
	}
	swapped := directory.Position{Lat: pos.Lon, Lon: pos.Lat}
	if !pos.InUK() && swapped.InUK() && (middle == nil || swapped.Miles(middle.Position) <= nearSector) {
		d.Warn("venue.position", written, "have latitude and longitude swapped; they were swapped back")
		pos = swapped
	}
	if !pos.InUK() {
		d.Warn("venue.position", written, "are not in the United Kingdom; %s", instead)
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
		d.Warn("venue.position", written, "are %.1f miles from the middle of %s; %s", far, middle.Postcode, instead)
		return pos, false
	}
	return pos, true
}
