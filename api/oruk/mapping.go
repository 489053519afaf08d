package oruk

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"gather/directory"
	"gather/directory/vocabulary"
)

// Mapping turns records of the directory into Open Referral UK. Its results
// depend only on its fields and arguments, and on Now only to the minute.
type Mapping struct {
	Taxonomies *Taxonomies
	// Places names local authority districts.
	Places directory.Gazetteer
	// Now decides which sessions are past, which changes are alerts, and whether
	// a pause is on.
	Now time.Time
}

// stamp is the layout of last_modified: RFC 3339 in UTC with milliseconds.
const stamp = "2006-01-02T15:04:05.000Z"

// Brief maps an activity to a service without its collections, as in lists.
// modified is when it, or its group, was last written. Contacts that are not
// public are left out.
func (m *Mapping) Brief(a *directory.Activity, g *directory.Group, modified time.Time) Service {
	s := Service{
		ID: a.ID, OrganizationID: a.Group, Name: a.Title, Summary: a.Summary, Description: description(a),
		URL: a.Website, Email: publicEmail(a.Contacts), LastModified: modified.UTC().Format(stamp),
	}
	if a.Audience != nil {
		s.MinimumAge, s.MaximumAge, s.EligibilityDescription = a.Audience.MinAge, a.Audience.MaxAge, a.Audience.Note
	}
	if !a.Checked.At.IsZero() {
		s.AssuredDate = a.Checked.At.In(directory.London()).Format(directory.DateLayout)
	}
	s.Status, s.Alert = m.standing(a)
	if g != nil {
		o := m.BriefOrganization(g)
		s.Organization = &o
	}
	return s
}

// Service maps an activity to a service with everything.
func (m *Mapping) Service(a *directory.Activity, g *directory.Group, modified time.Time) Service {
	s := m.Brief(a, g, modified)
	if a.Welsh != nil {
		s.AlternateName = a.Welsh.Title
	}
	if a.FirstVisit != nil {
		s.AdditionalInformation = paragraphs(a.FirstVisit.WhatToExpect, a.FirstVisit.ContactFirst)
	}
	if a.Joining != nil {
		s.ApplicationProcess = paragraphs(a.Joining.Note, a.Joining.URL)
	}
	s.Schedules = m.Schedules(a)
	s.ServiceAreas = m.areas(a)
	s.ServiceAtLocations = m.Locations(a)
	s.Languages = m.languages(a)
	s.FeesDescription, s.CostOptions = costs(a)
	s.Contacts, s.Phones = contacts(a.ID, a.Contacts)
	s.Attributes = m.attributes(a)
	if g != nil {
		o := m.Organization(g)
		s.Organization = &o
	}
	return s
}

// description is the summary and the description as one text.
func description(a *directory.Activity) string { return paragraphs(a.Summary, a.Description) }

// paragraphs joins the texts that are not empty with blank lines.
func paragraphs(texts ...string) string {
	return strings.Join(slices.DeleteFunc(texts, func(s string) bool { return s == "" }), "\n\n")
}

// BriefOrganization maps a group to an organization without identifiers and
// attributes. The standard requires a description: it is the group's name if the
// group has none.
func (m *Mapping) BriefOrganization(g *directory.Group) Organization {
	o := Organization{ID: g.ID, Name: g.Name, Description: g.Description, Website: g.Website, Email: publicEmail(g.Contacts)}
	if o.Description == "" {
		o.Description = g.Name
	}
	return o
}

// Organization maps a group to an organization without services.
func (m *Mapping) Organization(g *directory.Group) Organization {
	o := m.BriefOrganization(g)
	if g.Welsh != nil {
		o.AlternateName = g.Welsh.Name
	}
	for i, x := range g.External {
		o.Identifiers = append(o.Identifiers, Identifier{
			ID: derived(g.ID, "identifier", fmt.Sprint(i)), OrganizationID: g.ID,
			IdentifierScheme: schemes[x.System], IdentifierType: x.System, Identifier: x.Code,
		})
	}
	if g.Kind != "" {
		o.Attributes = m.attribute(nil, g.ID, "organization", vocabulary.GroupKind, g.Kind, "")
	}
	return o
}

// schemes are the org-id.guide codes of the registers that groups name.
var schemes = map[string]string{
	"charity-commission": "GB-CHC", "oscr": "GB-SC", "ccni": "GB-NIC", "companies-house": "GB-COH",
}

// attributes are the terms that classify a, in the order of the taxonomies.
func (m *Mapping) attributes(a *directory.Activity) []Attribute {
	var out []Attribute
	eachTerm(a, func(list, code, note string) {
		out = m.attribute(out, a.ID, "service", list, code, note)
	})
	return out
}

// attribute adds one attribute to out. It skips a term that the vocabulary no
// longer has.
func (m *Mapping) attribute(out []Attribute, owner, entity, list, code, note string) []Attribute {
	i, ok := m.Taxonomies.index(list, code)
	if !ok {
		return out
	}
	term := m.Taxonomies.terms[i]
	link := list
	for _, x := range taxonomies {
		if x.list == list {
			link = x.linkType
		}
	}
	return append(out, Attribute{
		ID: derived(owner, "attribute/"+list, code), LinkID: owner, TaxonomyTermID: term.ID,
		LinkType: link, LinkEntity: entity, Value: note, TaxonomyTerm: term,
	})
}

// eachTerm calls add for every term that classifies a, always in the same order.
// It leaves out features and facts that are answered no, because an attribute
// says that something is available.
func eachTerm(a *directory.Activity, add func(list, code, note string)) {
	each := func(list string, codes ...string) {
		for _, c := range codes {
			if c != "" {
				add(list, c, "")
			}
		}
	}
	yes := func(list string, answers map[string]directory.Answer) {
		for _, code := range sortedKeys(answers) {
			if answers[code].Answer == directory.Yes {
				add(list, code, answers[code].Note)
			}
		}
	}
	each(interests, a.Interests...)
	yes(vocabulary.Access, a.Access)
	if f := a.FirstVisit; f != nil {
		yes(vocabulary.FirstVisit, f.Facts)
	}
	if a.Audience != nil {
		each(vocabulary.Audience, a.Audience.MadeFor...)
	}
	each(vocabulary.Delivery, a.Delivery...)
	if c := a.Cost; c != nil {
		each(vocabulary.Cost, c.Kind)
		if c.Kind == "fixed" {
			each(vocabulary.CostPer, per(c))
		}
	}
	if f := a.FirstVisit; f != nil {
		each(vocabulary.Commitment, f.Commitment)
		each(vocabulary.Structure, f.Structure)
		each(vocabulary.Conversation, f.Conversation)
		each(vocabulary.Energy, f.Energy)
	}
	if j := a.Joining; j != nil {
		each(vocabulary.Join, j.How...)
		each(vocabulary.Referral, j.Referral...)
		if j.Places != nil {
			each(vocabulary.Places, j.Places.Status)
		}
	}
	each(vocabulary.CheckedHow, a.Checked.How)
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// languages are the spoken languages of a.
func (m *Mapping) languages(a *directory.Activity) []Language {
	var out []Language
	for _, code := range a.Languages {
		name := code
		if t, ok := m.Taxonomies.words.Term(vocabulary.Language, code); ok {
			name = t.Label
		}
		out = append(out, Language{ID: derived(a.ID, "language", code), ServiceID: a.ID, Name: name, Code: code})
	}
	return out
}

func publicEmail(cs []directory.Contact) string {
	for _, c := range cs {
		if c.Public && c.Email != "" {
			return c.Email
		}
	}
	return ""
}

// contacts are the public contacts. Their phones are also returned as the
// service's own, where most consumers look.
func contacts(owner string, cs []directory.Contact) (out []Contact, phones []Phone) {
	for i, c := range cs {
		if !c.Public {
			continue
		}
		key := fmt.Sprint(i)
		x := Contact{ID: derived(owner, "contact", key), ServiceID: owner, Name: c.Name, Title: c.Role, Email: c.Email}
		if c.Phone != "" {
			x.Phones = []Phone{{ID: derived(owner, "contact phone", key), Number: c.Phone, Description: c.Hours}}
			phones = append(phones, Phone{ID: derived(owner, "phone", key), Number: c.Phone, Description: c.Hours})
		}
		out = append(out, x)
	}
	return out, phones
}
