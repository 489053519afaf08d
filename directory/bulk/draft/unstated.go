package draft

import (
	"regexp"
	"slices"
	"strings"

	"gather/directory"
	"gather/directory/bulk/freetext"
)

// StateArea records an area that the row says it serves, in its own words:
// "Bristol", "Bristol and Bath". It counts where the row states no place.
func (d *Draft) StateArea(words string) {
	if words = freetext.Line(freetext.Stated(words)); words != "" {
		d.areas = append(d.areas, words)
	}
}

// mostMentioned is the most postcodes of a text that are looked up.
const mostMentioned = 10

var postcodes = regexp.MustCompile(`(?i)\b[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}\b`)

// takeMentioned takes a postcode that stands in the row's words as its place,
// where the row has no other. Several are an area, because nothing says which.
func (d *Draft) takeMentioned() {
	x := &d.Details
	if x.Venue != nil || len(x.Delivery) > 0 && !x.Has("venue") {
		return
	}
	texts := []string{x.Title, x.Summary, x.Description}
	if d.rough != nil {
		a := d.rough.Address
		texts = append(texts, d.rough.Name, a.Street, a.Locality, a.Town, a.County)
	}
	if x.Schedule != nil {
		texts = append(texts, x.Schedule.Note)
	}
	var found, outcodes []string
	for _, m := range postcodes.FindAllString(strings.Join(texts, "\n"), mostMentioned) {
		if loc, err := d.File.Places.Postcode(m); err == nil && !loc.Repaired {
			found, outcodes = AppendNew(found, loc.Postcode), AppendNew(outcodes, loc.Outcode)
		}
	}
	switch words := strings.Join(found, ", "); len(found) {
	case 0:
	case 1:
		d.placeRough(nil)
		x.Venue.Address.Postcode = found[0]
		d.Warn("venue.address.postcode", words, "stands in the text, and was taken as the place")
	default:
		d.placeRough(&directory.VenueArea{Outcodes: outcodes})
		d.Warn("venue.area", words, "stand in the text, and nothing says which is the place; it is taken as somewhere there")
	}
}

// takeArea takes the area of a row that says nothing of a place or another way
// to take part: that of the town in its address, else those that it states, else
// what was given for the whole file, which does not place what serves the whole
// country. It reports whether there was one.
func (d *Draft) takeArea() bool {
	if d.rough != nil {
		for _, name := range []string{d.rough.Address.Town, d.rough.Address.Locality} {
			if a, ok := d.area(name); ok {
				d.somewhere(a, "is the town of an address without a postcode")
				return true
			}
		}
	}
	if a, ok := d.statedArea(); ok {
		d.somewhere(a, "is what the row says of where")
		return true
	}
	remote := d.File.Delivery != "" && d.File.Delivery != "venue"
	if a := d.File.Area; a != nil && !d.nationwide() && (!remote || len(d.Details.Delivery) > 0) {
		d.somewhere(*a, "was given for rows that say nothing of where")
		return true
	}
	if remote && len(d.Details.Delivery) == 0 {
		d.takeDelivery()
		return true
	}
	return false
}

// nationwide reports whether the row says that it serves the whole country.
func (d *Draft) nationwide() bool {
	return d.Details.Catchment != nil && d.Details.Catchment.Nationwide
}

// refusePlaceless refuses a row that says nothing of where it takes place.
func (d *Draft) refusePlaceless() {
	d.Placeless = true
	d.Fault("venue.address.postcode", "", "give a postcode, or say how else people take part, or import with --area", "is missing, and the row says nothing of where it takes place, or of taking part online or by phone")
}

// somewhere places the draft in an area.
func (d *Draft) somewhere(a directory.VenueArea, why string) {
	d.placeRough(&a)
	if !d.Details.Has("venue") {
		d.Details.Delivery = append([]string{"venue"}, d.Details.Delivery...)
	}
	d.Warn("venue.area", a.Name, "%s: where exactly is not stated", why)
}

// placeRough sets the venue, with the address that was too little for a place.
func (d *Draft) placeRough(area *directory.VenueArea) {
	v := &directory.Venue{}
	if d.rough != nil {
		v, d.rough = d.rough, nil
	}
	v.Area, d.Details.Venue = area, v
}

// takeDelivery takes the way of taking part that the whole file says, of a row
// that says none. The file's area is then where people live.
func (d *Draft) takeDelivery() {
	x := &d.Details
	x.Delivery = []string{d.File.Delivery}
	d.Warn("delivery", d.File.Delivery, "was given for rows that do not say how people take part")
	if a := d.File.Area; a != nil && x.Catchment == nil {
		x.Catchment = &directory.Catchment{Districts: slices.Clone(a.Districts), Outcodes: slices.Clone(a.Outcodes)}
	}
}

// keepRough puts an address that is no place into the description.
func (d *Draft) keepRough() {
	if d.rough == nil {
		return
	}
	v, a := d.rough, d.rough.Address
	words := freetext.Commas(v.Name, a.Street, a.Locality, a.Town, a.County)
	d.rough = nil
	d.Warn("venue", words, "has neither a postcode nor coordinates that can be used, so it cannot be found by place; the address was put into the description")
	d.Details.Description = freetext.Paragraph(d.Details.Description, "Address: "+words)
}

// parted parts the names of several areas: "Bristol, Bath and Wells".
var parted = regexp.MustCompile(`\s*[,;/|\n]\s*|\s+(?:and|&)\s+`)

// statedArea is the area that the row states, of all that the gazetteer knows.
func (d *Draft) statedArea() (all directory.VenueArea, ok bool) {
	for _, words := range d.areas {
		names := []string{words}
		if _, known := d.area(words); !known {
			names = parted.Split(words, -1)
		}
		for _, name := range names {
			if a, known := d.area(name); known {
				all, ok = joined(all, a), true
			} else if name != "" {
				d.Warn("venue.area", name, "is not an area that we know, or too wide for one; it was left out")
			}
		}
	}
	return all, ok && fits(all)
}

// area reads the name of an area that a listing may be in.
func (d *Draft) area(name string) (directory.VenueArea, bool) {
	if name = strings.TrimSpace(name); name == "" {
		return directory.VenueArea{}, false
	}
	a, err := d.File.Places.Area(name)
	return a, err == nil && fits(a)
}

// joined is a and b in one.
func joined(a, b directory.VenueArea) directory.VenueArea {
	name := b.Name
	if a.Name != "" && a.Name != b.Name {
		name = directory.Clip(a.Name+" or "+b.Name, maxAreaName)
	}
	out := directory.VenueArea{Name: name, Districts: slices.Clone(a.Districts), Outcodes: slices.Clone(a.Outcodes)}
	for _, code := range b.Districts {
		out.Districts = AppendNew(out.Districts, code)
	}
	for _, code := range b.Outcodes {
		out.Outcodes = AppendNew(out.Outcodes, code)
	}
	return out
}

// maxAreaName and the most codes of an area are those of the rules.
const (
	maxAreaName  = 120
	maxDistricts = 100
	maxOutcodes  = 300
)

func fits(a directory.VenueArea) bool {
	return len(a.Districts) <= maxDistricts && len(a.Outcodes) <= maxOutcodes
}

// SetArea sets the area of rows that say nothing of where, by the names, GSS
// codes or outcodes of its parts, and how people take part in what does not say,
// empty for at a venue. The error is a *directory.Invalid.
func (f *File) SetArea(names []string, delivery string) error {
	var all directory.VenueArea
	for _, name := range names {
		a, err := f.Places.Area(name)
		if no, ok := err.(*directory.NoPlace); ok {
			return directory.InvalidField("area", no.Fix, "%s", no.Detail)
		} else if err != nil {
			return err
		}
		all = joined(all, a)
	}
	f.Delivery = delivery
	if len(names) == 0 {
		return nil
	}
	if f.Area = &all; !fits(all) {
		return directory.InvalidField("area", "name districts or counties", "is too wide: at most %d districts and %d outcodes", maxDistricts, maxOutcodes)
	}
	if delivery != "" && delivery != "venue" && len(all.Districts) > 0 && len(all.Outcodes) > 0 {
		return directory.InvalidField("area", "give only districts, or only outcodes", "is where people live, which is by district or by outcode")
	}
	return nil
}
