package directory

import (
	"slices"
	"strings"
)

// VenueArea is where something takes place as far as it is known: somewhere in these
// districts and outcodes. It has no position, and none is made up for it.
type VenueArea struct {
	// Name is what the area is called, at most 120 characters. Alone it says
	// which area is meant: a district, a county or a town. Where it is left
	// out it is made of the districts and outcodes, so leave it out too where
	// those change.
	Name string `json:"name,omitempty" example:"Bristol"`
	// Districts are the GSS codes of local authorities, at most 100. A name
	// that only one has is written as its code.
	Districts []string `json:"districts,omitempty" example:"E06000023"`
	// Outcodes are postcode districts, at most 300.
	Outcodes []string `json:"outcodes,omitempty" example:"BS5"`
}

// Somewhere says in words where a is, "somewhere in Bristol", and in Welsh.
func (a *VenueArea) Somewhere() (english, welsh string) {
	return "somewhere in " + a.Name, "rhywle yn ardal " + a.Name
}

// maxNamed is how many districts or outcodes the name of an area lists: more
// are no name.
const maxNamed = 3

// area checks where something takes place that has no address, and names it.
func (c *check) area(a *VenueArea) {
	const field = "venue.area"
	c.line(field+".name", &a.Name, maxLine)
	if len(a.Districts)+len(a.Outcodes) > 0 {
		c.districts(field+".districts", a.Districts)
		c.outcodes(field+".outcodes", a.Outcodes)
		if a.Name == "" {
			a.Name = c.areaName(a)
		}
		return
	}
	if a.Name == "" {
		c.Add(field, "give the districts or outcodes that it lies in, or the name of a district, county or town", "is empty")
		return
	}
	found, err := c.places.Area(a.Name)
	if err != nil {
		c.noPlace(field+".name", err)
		return
	}
	*a = found
	c.atMost(field+".districts", len(a.Districts), maxDistricts)
	c.atMost(field+".outcodes", len(a.Outcodes), maxOutcodes)
}

// areaName makes a name of districts and outcodes: "Bristol or Bath".
func (c *check) areaName(a *VenueArea) string {
	codes := slices.Concat(a.Districts, a.Outcodes)
	var names []string
	for _, code := range codes[:min(maxNamed, len(codes))] {
		if found, err := c.places.Area(code); err == nil {
			code = found.Name
		}
		names = append(names, code)
	}
	if len(codes) > maxNamed {
		names = append(names, "elsewhere")
	}
	name, last := "", len(names)-1
	if last > 0 {
		name = strings.Join(names[:last], ", ") + " or "
	}
	return Clip(name+names[last], maxLine)
}
