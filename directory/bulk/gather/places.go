package gather

import (
	"regexp"
	"strconv"
	"strings"

	"gather/directory"
	"gather/directory/bulk/draft"
	"gather/directory/bulk/freetext"
	"gather/directory/vocabulary"
)

// samePoint is the distance in metres under which a position is only the
// middle of its postcode, written down: rounding moves it less than this.
const samePoint = 1

func takeVenue(d *draft.Draft, l *location) {
	v := &directory.Venue{Name: l.Name, GettingThere: readTransport(l.Transport)}
	d.Details.Venue = v
	var middle *directory.Location
	for _, a := range l.Addresses {
		v.Address = directory.Address{Street: a.Line1, Locality: a.Region, Town: a.City, County: a.State, Postcode: a.Postcode}
		if loc, err := d.File.Places.Postcode(a.Postcode); err == nil {
			middle = &loc
			// What the standard wants filled was filled from the postcode.
			for _, part := range []*string{&v.Address.County, &v.Address.Town} {
				if *part == loc.DistrictName && (part == &v.Address.County || v.Address.County == "") {
					*part = ""
				}
			}
		}
		if a.Line1 == l.Name {
			v.Address.Street = ""
		}
	}
	if l.Latitude != nil && l.Longitude != nil {
		p := directory.Position{Lat: *l.Latitude, Lon: *l.Longitude}
		if middle == nil || p.Metres(middle.Position) >= samePoint {
			v.Position = &p
		}
	}
	if strings.EqualFold(l.IdentifierType, "uprn") && l.Identifier != "" {
		d.Details.External = append(d.Details.External, directory.External{System: "uprn", Code: l.Identifier})
	}
	for _, a := range l.Accessibility {
		label, answer, ok := strings.Cut(a.Description, ": ")
		if t, known := d.File.Words.TermByWords(vocabulary.Access, label); ok && known && (answer == directory.Yes || answer == directory.No) {
			d.AnswerAccess(t.ID, answer, a.Details)
		}
	}
}

var (
	stopIn    = regexp.MustCompile(`^Nearest stop: (.*?)(?: \(([0-9]+) metres\))?\.(?: |$)`)
	parkingIn = regexp.MustCompile(`^Parking: (.*?)\.(?: |$)`)
)

// readTransport reads getting there out of the words in which a Gather writes
// it; what is left over is its note.
func readTransport(text string) *directory.GettingThere {
	if text == "" {
		return nil
	}
	g := &directory.GettingThere{}
	if m := stopIn.FindStringSubmatch(text); m != nil {
		g.Stop, text = m[1], text[len(m[0]):]
		g.StopMetres, _ = strconv.Atoi(m[2])
	}
	for _, x := range []struct {
		answer  *string
		yes, no string
	}{
		{&g.StepFreeRoute, "The way from there is step-free.", "The way from there has steps."},
		{&g.CommunityTransport, "Community transport goes there.", "No community transport goes there."},
		{&g.LitAfterDark, "The way is lit after dark.", "The way is not lit after dark."},
	} {
		for said, answer := range map[string]string{x.yes: directory.Yes, x.no: directory.No} {
			if rest, ok := strings.CutPrefix(text, said); ok {
				*x.answer, text = answer, strings.TrimPrefix(rest, " ")
			}
		}
	}
	if m := parkingIn.FindStringSubmatch(text); m != nil {
		g.Parking, text = m[1], text[len(m[0]):]
	}
	g.Note = text
	return g
}

// placeInArea takes the service areas of a venue without an address or a position
// as the area that it lies in, as which a Gather writes it.
func placeInArea(d *draft.Draft) {
	v, c := d.Details.Venue, d.Details.Catchment
	if v == nil || v.Position != nil || v.Address.Postcode != "" || c == nil || len(c.Districts)+len(c.Outcodes) == 0 {
		return
	}
	v.Area = &directory.VenueArea{Districts: c.Districts, Outcodes: c.Outcodes}
	if name, ok := strings.CutPrefix(v.Name, "somewhere in "); ok {
		v.Name, v.Area.Name = "", name
	}
	d.Details.Catchment = nil
}

var (
	districtIn = regexp.MustCompile(`/statistical-geography/([EWSNK][0-9]{8})$`)
	radiusIn   = regexp.MustCompile(`^Within ([0-9.]+) miles of (.+)$`)
)

// wholeKingdom is the GSS code of the United Kingdom.
const wholeKingdom = "K02000001"

func takeAreas(d *draft.Draft, areas []area) {
	c := &directory.Catchment{}
	for _, a := range areas {
		code := districtIn.FindStringSubmatch(a.URI)
		radius := radiusIn.FindStringSubmatch(a.Name)
		outcode, isOutcode := strings.CutPrefix(a.Name, "Postcode district ")
		switch {
		case code != nil && code[1] == wholeKingdom:
			c.Nationwide = true
		case code != nil:
			c.Districts = append(c.Districts, code[1])
		case isOutcode:
			c.Outcodes = append(c.Outcodes, outcode)
		case radius != nil:
			c.RadiusMiles, _ = strconv.ParseFloat(radius[1], 64)
			if radius[2] != "the venue" {
				c.Around = radius[2]
			}
		default:
			d.Warn("catchment", a.Name, "is an area that could not be read; it was put into the description")
			d.Details.Description = freetext.Paragraph(d.Details.Description, "Area: "+a.Name)
			continue
		}
		d.Details.Catchment = c
	}
}
