package directory

import "time"

// Details is what a group writes about an activity. Everything but the title
// and the delivery may be left out; what is left out is "not stated", which is
// never the same as no.
//
// Texts are plain text: HTML has no meaning in them and is escaped wherever
// they are shown. Closed lists are in package vocabulary, with a meaning for
// each value.
type Details struct {
	// Title is what the activity is called, 3 to 120 characters.
	Title string `json:"title" example:"Tuesday Chair Yoga"`
	// Summary is one or two sentences, at most 300 characters.
	Summary string `json:"summary,omitempty" example:"Gentle yoga on chairs, then tea and a chat."`
	// Description is at most 5,000 characters; blank lines part paragraphs.
	Description string `json:"description,omitempty"`
	// Welsh holds the Welsh texts, in addition to the English ones.
	Welsh *Welsh `json:"cy,omitempty"`
	// Interests are concept ids of our vocabulary, at most 10.
	Interests []string `json:"interests,omitempty" example:"chair-yoga"`
	// Delivery says how one takes part: any of venue, online, phone, home.
	Delivery []string `json:"delivery" example:"venue"`
	// Venue is where it takes place; needed with delivery venue.
	Venue *Venue `json:"venue,omitempty"`
	// Online says how to join; only with delivery online.
	Online *Online `json:"online,omitempty"`
	// Catchment says where people must live to take part; absent means
	// anyone may.
	Catchment *Catchment `json:"catchment,omitempty"`
	// Schedule says when it takes place.
	Schedule *Schedule `json:"schedule,omitempty"`
	Cost     *Cost     `json:"cost,omitempty"`
	Audience *Audience `json:"audience,omitempty"`
	// Languages are the codes of the languages spoken, at most 20.
	Languages []string `json:"languages,omitempty" example:"en"`
	// Access has the answers to access features by id. A feature that is absent
	// is not stated: people are advised to ask.
	Access     map[string]Answer `json:"access,omitempty"`
	FirstVisit *FirstVisit       `json:"first_visit,omitempty"`
	Joining    *Joining          `json:"joining,omitempty"`
	// Contacts are at most 6. Only those marked public are shown to anyone
	// but the group and its builders.
	Contacts     []Contact     `json:"contacts,omitempty"`
	Website      string        `json:"website,omitempty" example:"https://example.org/yoga"`
	Safeguarding *Safeguarding `json:"safeguarding,omitempty"`
	// Images are at most 10.
	Images []Image `json:"images,omitempty"`
	// External are the codes this activity has in other systems, at most 20.
	External []External `json:"external,omitempty"`
	// Source says where an imported listing comes from.
	Source *Source `json:"source,omitempty"`
}

// Welsh holds Welsh texts. Each field has the meaning and the limits of the
// English field of that name.
type Welsh struct {
	Title        string `json:"title,omitempty"`
	Summary      string `json:"summary,omitempty"`
	Description  string `json:"description,omitempty"`
	WhatToExpect string `json:"what_to_expect,omitempty"`
	GettingThere string `json:"getting_there,omitempty"`
	ScheduleNote string `json:"schedule_note,omitempty"`
	CostNote     string `json:"cost_note,omitempty"`
	JoiningNote  string `json:"joining_note,omitempty"`
}

// Answer is what an activity says about one feature or fact.
type Answer struct {
	// Answer is yes or no. Leave the feature out when it is not known.
	Answer string `json:"answer" enums:"yes,no" example:"yes"`
	// Note adds to the answer, at most 300 characters ("ramp at the side door").
	Note string `json:"note,omitempty"`
}

// The two things an Answer can say.
const (
	Yes = "yes"
	No  = "no"
)

// Online says how an online activity is joined.
type Online struct {
	// Platform is its name ("Zoom"), at most 60 characters.
	Platform string `json:"platform,omitempty"`
	// URL is where to join or to ask for the link.
	URL string `json:"url,omitempty"`
	// Note is at most 300 characters.
	Note string `json:"note,omitempty"`
}

// Catchment says where people must live to take part. Exactly one of its
// forms is used.
type Catchment struct {
	// Nationwide is true when anyone in the United Kingdom may.
	Nationwide bool `json:"nationwide,omitempty"`
	// Outcodes are the postcode districts covered, at most 300.
	Outcodes []string `json:"outcodes,omitempty" example:"M33"`
	// Districts are the GSS codes of the local authorities covered, at most 100.
	Districts []string `json:"districts,omitempty" example:"E08000009"`
	// RadiusMiles is the distance covered, in miles, 0.1 to 100, from the
	// venue, or from Around.
	RadiusMiles float64 `json:"radius_miles,omitempty"`
	// Around is the postcode that RadiusMiles is measured from; needed where
	// there is no venue. It may be somebody's home: all but its group see the
	// sector, "M33 7", and a sector or an outcode can be written too.
	Around string `json:"around,omitempty"`
}

// Status is whether an activity can be found.
type Status string

// The statuses of an activity.
const (
	// StatusPending: its group is not yet trusted, or is suspended; only the
	// group and its builders see it.
	StatusPending Status = "pending"
	// StatusPublished: anyone can find it.
	StatusPublished Status = "published"
	// StatusWithdrawn: taken down by its group; reading it is ErrGone.
	StatusWithdrawn Status = "withdrawn"
)

// Activity is one listing: its Details, and what only the directory sets.
type Activity struct {
	// ID is a UUID.
	ID string `json:"id" format:"uuid"`
	// Group is the id of the group that runs it, GroupName its name.
	Group     string `json:"group" format:"uuid"`
	GroupName string `json:"group_name"`
	// Rev counts the revisions of this activity, from 1. Change is the number
	// of its newest write in the whole directory; the ETag is made of it.
	Rev    int64  `json:"rev,omitempty"`
	Change int64  `json:"change,omitempty"`
	Status Status `json:"status" enums:"pending,published,withdrawn"`
	// Created and Updated are UTC, to the millisecond.
	Created time.Time `json:"created" format:"date-time"`
	Updated time.Time `json:"updated" format:"date-time"`
	// Checked says when and how the listing was last confirmed.
	Checked Checked `json:"checked"`
	// EditedHere is true once somebody revised an imported listing here; the
	// next import leaves what they changed alone.
	EditedHere bool `json:"edited_here,omitempty"`
	// Located is where the venue is (or, for an activity without one, the
	// middle of its catchment radius, of which all but its group see the middle
	// of the postcode sector).
	Located *Location `json:"located,omitempty"`
	// SessionChanges are the sessions that differ from the schedule, in order.
	SessionChanges []SessionChange `json:"session_changes,omitempty"`
	Details
}

// Checked says when, by whom and how a listing was last confirmed as true.
type Checked struct {
	// At is UTC. A group that publishes, or changes what its listing says,
	// confirms what it writes.
	At time.Time `json:"at" format:"date-time"`
	// By is the role of who confirmed it: publisher, link-worker, builder, admin.
	By string `json:"by" example:"publisher"`
	// How is owner, phone, visit, email, import, or entered: written in by
	// somebody else than its group.
	How string `json:"how" example:"owner"`
}

// Public returns a copy of a that anyone may see. It leaves out contacts that
// the group did not make public and, of a place that may be somebody's home,
// everything finer than the postcode sector. Directory.show fills in the middle
// of the sector.
func (a Activity) Public() Activity {
	a.Contacts = publicContacts(a.Contacts)
	if a.Catchment != nil && a.Catchment.Around != "" {
		shown := *a.Catchment
		shown.Around = PublicArea(shown.Around)
		a.Catchment = &shown
	}
	if a.Venue == nil && a.Located.fine() {
		a.Located = nil
	}
	return a
}

func publicContacts(cs []Contact) []Contact {
	var shown []Contact
	for _, c := range cs {
		if c.Public {
			shown = append(shown, c)
		}
	}
	return shown
}

// Has reports whether delivery is one of the ways to take part.
func (d *Details) Has(delivery string) bool {
	for _, have := range d.Delivery {
		if have == delivery {
			return true
		}
	}
	return false
}
