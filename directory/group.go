package directory

import (
	"time"

	"gather/directory/vocabulary"
)

// GroupDetails is what a group writes about itself.
type GroupDetails struct {
	// Name is 3 to 120 characters.
	Name string `json:"name" example:"Northgate Friends"`
	// Description is at most 2,000 characters.
	Description string `json:"description,omitempty"`
	// Welsh holds the same in Welsh.
	Welsh *GroupWelsh `json:"cy,omitempty"`
	// Kind is a value of the closed list group-kind.
	Kind    string `json:"kind,omitempty" example:"community-group"`
	Website string `json:"website,omitempty"`
	// Postcode is where the group is based; builders of that area see it.
	Postcode string    `json:"postcode,omitempty" example:"M33 7DB"`
	Contacts []Contact `json:"contacts,omitempty"`
	// External are codes in other systems, such as a charity number.
	External []External `json:"external,omitempty"`
}

// GroupWelsh holds a group's Welsh texts.
type GroupWelsh struct {
	Name        string `json:"name,omitempty"`
	Description string `json:"description,omitempty"`
}

// GroupStatus says whether a group's activities can be found.
type GroupStatus string

// The statuses of a group.
const (
	// GroupPending: newly registered; a builder has yet to trust it.
	GroupPending GroupStatus = "pending"
	// GroupTrusted: its activities are published.
	GroupTrusted GroupStatus = "trusted"
	// GroupSuspended: its activities are hidden and it may not publish.
	GroupSuspended GroupStatus = "suspended"
)

// Group runs activities.
type Group struct {
	ID      string      `json:"id" format:"uuid"`
	Rev     int64       `json:"rev,omitempty"`
	Change  int64       `json:"change,omitempty"`
	Status  GroupStatus `json:"status" enums:"pending,trusted,suspended"`
	Created time.Time   `json:"created" format:"date-time"`
	Updated time.Time   `json:"updated" format:"date-time"`
	// Outcode and District (a GSS code) say roughly where it is based.
	Outcode      string `json:"outcode,omitempty"`
	District     string `json:"district,omitempty"`
	DistrictName string `json:"district_name,omitempty"`
	GroupDetails
}

// Public returns a copy of g that anyone may see. It leaves out contacts that
// the group did not make public, and the postcode, which may be somebody's
// home; the outcode stays.
func (g Group) Public() Group {
	g.Contacts = publicContacts(g.Contacts)
	g.Postcode = ""
	return g
}

// where returns what is known about where the group is, to compare with areas;
// nil if nothing is.
func (g *Group) where() *Location {
	if g.Outcode == "" && g.District == "" {
		return nil
	}
	return &Location{Outcode: g.Outcode, District: g.District}
}

// group cleans g in place, collects its faults and returns where it is.
func (c *check) group(g *GroupDetails) *Location {
	c.line("name", &g.Name, maxTitle)
	if tooShort(g.Name) {
		c.Add("name", "say what the group is called, in 3 to 120 characters", "is too short")
	}
	c.text("description", &g.Description, maxWhatExpect)
	if g.Welsh != nil {
		c.line("cy.name", &g.Welsh.Name, maxTitle)
		c.text("cy.description", &g.Welsh.Description, maxWhatExpect)
	}
	c.term("kind", vocabulary.GroupKind, &g.Kind)
	c.webAddress("website", &g.Website)
	where := c.postcode("postcode", &g.Postcode, false)
	c.contacts("contacts", g.Contacts)
	c.external("external", g.External)
	return where
}
