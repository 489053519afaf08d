package feeds

import (
	"time"

	"gather/directory"
	"gather/directory/vocabulary"
)

// facts is an activity in the flat formats, GeoJSON and CSV. docs/formats.md lists
// the fields and what they mean; fields are only added, never changed.
type facts struct {
	ID           string   `json:"id"`
	URL          string   `json:"url"`
	Title        string   `json:"title"`
	Summary      string   `json:"summary,omitempty"`
	Group        string   `json:"group"`
	GroupID      string   `json:"group_id"`
	Interests    []string `json:"interests,omitempty"`
	Delivery     []string `json:"delivery"`
	Venue        string   `json:"venue,omitempty"`
	Street       string   `json:"street,omitempty"`
	Locality     string   `json:"locality,omitempty"`
	Town         string   `json:"town,omitempty"`
	County       string   `json:"county,omitempty"`
	Postcode     string   `json:"postcode,omitempty"`
	Precision    string   `json:"precision,omitempty"`
	When         string   `json:"when,omitempty"`
	NextSession  string   `json:"next_session,omitempty"`
	CostKind     string   `json:"cost_kind,omitempty"`
	Cost         string   `json:"cost,omitempty"`
	MinAge       *int     `json:"min_age,omitempty"`
	MaxAge       *int     `json:"max_age,omitempty"`
	MadeFor      []string `json:"made_for,omitempty"`
	Languages    []string `json:"languages,omitempty"`
	AccessYes    []string `json:"access_yes,omitempty"`
	AccessNo     []string `json:"access_no,omitempty"`
	FirstVisit   []string `json:"first_visit,omitempty"`
	WhatToExpect string   `json:"what_to_expect,omitempty"`
	Commitment   string   `json:"commitment,omitempty"`
	GroupMax     int      `json:"group_max,omitempty"`
	Joining      []string `json:"joining,omitempty"`
	Places       string   `json:"places,omitempty"`
	Phone        string   `json:"phone,omitempty"`
	Email        string   `json:"email,omitempty"`
	Website      string   `json:"website,omitempty"`
	Checked      string   `json:"checked,omitempty"`
	Updated      string   `json:"updated"`
	Source       string   `json:"source,omitempty"`
	Licence      string   `json:"licence,omitempty"`
	Attribution  string   `json:"attribution,omitempty"`
	Area         string   `json:"area,omitempty"` // that the venue lies in, where no more is known

	position *directory.Position // of the venue; nil without one
}

// factsOf returns the public facts of an activity, with the next session after at.
func (s Site) factsOf(activity *directory.Activity, at time.Time) facts {
	a := activity.Public()
	f := facts{
		ID: a.ID, URL: s.ActivityURL(a.ID), Title: Clean(a.Title), Summary: Clean(a.Summary),
		Group: Clean(a.GroupName), GroupID: a.Group, Interests: a.Interests, Delivery: a.Delivery,
		When: s.WhenText(a.Schedule), Cost: Clean(CostText(a.Cost)), Languages: a.Languages,
		AccessYes: s.answered(vocabulary.Access, a.Access, directory.Yes),
		AccessNo:  s.answered(vocabulary.Access, a.Access, directory.No),
		Website:   Clean(a.Website), Updated: moment(a.Updated),
	}
	if next, ok := a.NextSession(at); ok {
		f.NextSession = next.Start.Format(time.RFC3339)
	}
	if !a.Checked.At.IsZero() {
		f.Checked = a.Checked.At.UTC().Format(directory.DateLayout)
	}
	f.addVenue(&a)
	f.addTerms(&a)
	if v := a.FirstVisit; v != nil {
		f.FirstVisit = s.answered(vocabulary.FirstVisit, v.Facts, directory.Yes)
		f.WhatToExpect, f.Commitment, f.GroupMax = Clean(v.WhatToExpect), v.Commitment, v.GroupMax
	}
	for _, c := range a.Contacts {
		if f.Phone == "" {
			f.Phone = Clean(c.Phone)
		}
		if f.Email == "" {
			f.Email = Clean(c.Email)
		}
	}
	return f
}

func (f *facts) addVenue(a *directory.Activity) {
	v := a.Venue
	if v == nil {
		return
	}
	f.Venue, f.Postcode = Clean(v.Name), Clean(v.Address.Postcode)
	f.Street, f.Locality = Clean(v.Address.Street), Clean(v.Address.Locality)
	f.Town, f.County = Clean(v.Address.Town), Clean(v.Address.County)
	if v.Area != nil {
		f.Area = Clean(v.Area.Name)
		return
	}
	if a.Located != nil {
		f.position, f.Precision = &a.Located.Position, string(a.Located.Precision)
	}
}

func (f *facts) addTerms(a *directory.Activity) {
	if a.Cost != nil {
		f.CostKind = a.Cost.Kind
	}
	if a.Audience != nil {
		f.MinAge, f.MaxAge, f.MadeFor = a.Audience.MinAge, a.Audience.MaxAge, a.Audience.MadeFor
	}
	if a.Joining != nil {
		f.Joining = a.Joining.How
		if a.Joining.Places != nil {
			f.Places = a.Joining.Places.Status
		}
	}
	if a.Source != nil {
		f.Source, f.Licence, f.Attribution = Clean(a.Source.Name), Clean(a.Source.Licence), Clean(a.Source.Attribution)
	}
}

// moment formats t in UTC as RFC 3339, to the second.
func moment(t time.Time) string { return t.UTC().Format(time.RFC3339) }
