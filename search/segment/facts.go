package segment

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"gather/directory"
	"gather/directory/gazetteer"
	"gather/directory/vocabulary"
	"gather/search"
	"gather/search/calendar"
	"gather/search/language"
)

// Facts are what is kept of one listing: what an item shows, and what
// ordering, facets and exact checks need. They never change once made.
type Facts struct {
	// At is where the venue is, if HasVenue; Precise, whether that is known to
	// the street.
	At       directory.Position
	HasVenue bool
	Precise  bool
	// Catchment is true where people must live somewhere: Lives says where, see
	// catchmentTerms. Radius is how far, in miles, from Centre, or 0.
	Catchment bool
	Radius    float64
	Centre    directory.Position
	Lives     []string
	Checked   directory.Checked
	// Sessions are known until Horizon (wall minutes). Plan is what they are
	// computed from, as JSON.
	Sessions []calendar.Recurrence
	Horizon  int32
	Plan     string
	// SortTitle is the folded title.
	SortTitle string
	TitleCy   string
	SummaryCy string
	Interests []string
	// Ready is the listing in brief as JSON, in English, without its last brace:
	// what depends on the question follows.
	Ready string
	// Tokens are the stems of all texts, see tokens.
	Tokens string
	// Item is the item without what depends on the question.
	Item search.Item
}

// Plan is what sessions are computed from.
type Plan struct {
	Schedule *directory.Schedule       `json:"s,omitempty"`
	Changes  []directory.SessionChange `json:"c,omitempty"`
}

// Encoder makes facts and documents of listings.
type Encoder struct {
	Vocabulary     *vocabulary.Vocabulary
	Places         *gazetteer.Gazetteer
	English, Plain language.Analyser
}

// Facts makes the facts of a published listing at now.
func (m Encoder) Facts(a *directory.Activity, now time.Time) (*Facts, error) {
	words := m.NewTokenCache().Passages(a)
	return m.FactsWith(a, &words, now)
}

// FactsWith makes the facts of a listing whose words have been read.
func (m Encoder) FactsWith(a *directory.Activity, words *[language.PartEnd]language.Passage, now time.Time) (*Facts, error) {
	f := &Facts{
		Item: search.Item{Brief: search.Brief{
			ID: a.ID, Title: a.Title, Summary: a.Summary, Group: a.Group, GroupName: a.GroupName,
			Delivery: a.Delivery, Languages: a.Languages, Updated: a.Updated, Change: a.Change,
			Access: m.said(vocabulary.Access, a.Access), Venue: venueBrief(a), Cost: costBrief(a.Cost),
			FirstVisit: m.firstVisit(a.FirstVisit), Audience: audienceBrief(a.Audience),
		}},
		SortTitle: language.Fold(a.Title), Interests: a.Interests, Checked: a.Checked,
		Horizon: calendar.WallMinutes(now) + calendar.HorizonDays*calendar.DayMinutes, Tokens: language.EncodeTokens(words),
	}
	if a.Schedule != nil {
		p, err := json.Marshal(Plan{a.Schedule, a.SessionChanges})
		if err != nil {
			return nil, fmt.Errorf("keep the schedule of activity %s: %w", a.ID, err)
		}
		f.Sessions, f.Plan = calendar.Recurrences(calendar.Upcoming(a, now)), string(p)
	}
	if a.Welsh != nil {
		f.TitleCy, f.SummaryCy = a.Welsh.Title, a.Welsh.Summary
	}
	if j := a.Joining; j != nil && j.Places != nil {
		f.Item.Places = j.Places.Status
	}
	if a.Venue != nil && a.Located != nil {
		at := roundedPosition(a.Located.Position)
		f.At, f.HasVenue, f.Item.Position = at, true, &at
		f.Precise = a.Located.Precision == directory.PrecisionPoint || a.Located.Precision == directory.PrecisionUnit
	}
	m.catchment(f, a)
	if err := m.ready(f); err != nil {
		return nil, fmt.Errorf("write activity %s in brief: %w", a.ID, err)
	}
	return f, nil
}

// ready sets the JSON of f.
func (m Encoder) ready(f *Facts) error {
	brief := f.Item.Brief
	brief.Interests = Labelled(m.Vocabulary, f.Interests, false)
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(brief); err != nil {
		return err
	}
	f.Ready = strings.TrimSuffix(b.String(), "}\n")
	return nil
}

// Labelled are interests with their labels.
func Labelled(words *vocabulary.Vocabulary, ids []string, welsh bool) []search.Labelled {
	var out []search.Labelled
	for _, id := range ids {
		label := id
		if t, ok := words.Interest(id); ok {
			if label = t.Label; welsh {
				label = cmp.Or(t.LabelCy, label)
			}
		}
		out = append(out, search.Labelled{ID: id, Label: label})
	}
	return out
}

// PlotsPerDegree is how finely positions are kept: to about a centimetre, so
// that both coordinates of a place take eight bytes.
const PlotsPerDegree = 1e7

// roundedPosition is p as it is kept.
func roundedPosition(p directory.Position) directory.Position {
	return directory.Position{Lat: float64(ToPlot(p.Lat)) / PlotsPerDegree, Lon: float64(ToPlot(p.Lon)) / PlotsPerDegree}
}

func ToPlot(degrees float64) int32 { return int32(math.Round(degrees * PlotsPerDegree)) }

// catchment sets where people must live.
func (m Encoder) catchment(f *Facts, a *directory.Activity) {
	k := a.Catchment
	f.Catchment = k != nil
	if k != nil {
		f.Lives = CatchmentTerms(k)
	}
	if k == nil || k.RadiusMiles == 0 {
		return
	}
	f.Radius = k.RadiusMiles
	if k.Around != "" {
		if loc, err := m.Places.Postcode(k.Around); err == nil {
			f.Centre = loc.Position
			return
		}
	}
	if a.Located != nil {
		f.Centre = a.Located.Position
	}
}

// Covers reports whether p lies in the radius of f, which has one.
func (f *Facts) Covers(p directory.Position) bool { return f.Centre.Miles(p) <= f.Radius }

// said sorts answers into yes and no, in the order of their list.
func (m Encoder) said(list string, answers map[string]directory.Answer) search.Said {
	var s search.Said
	if len(answers) == 0 {
		return s
	}
	for _, t := range m.Vocabulary.List(list) {
		switch answers[t.ID].Answer {
		case directory.Yes:
			s.Yes = append(s.Yes, t.ID)
		case directory.No:
			s.No = append(s.No, t.ID)
		}
	}
	return s
}

func (m Encoder) firstVisit(v *directory.FirstVisit) search.FirstVisitBrief {
	if v == nil {
		return search.FirstVisitBrief{}
	}
	return search.FirstVisitBrief{
		Said: m.said(vocabulary.FirstVisit, v.Facts), GroupTypical: v.GroupTypical, GroupMax: v.GroupMax,
		Commitment: v.Commitment, Structure: v.Structure, ContactFirst: v.ContactFirst,
	}
}

func venueBrief(a *directory.Activity) *search.VenueBrief {
	if a.Venue == nil {
		return nil
	}
	v := &search.VenueBrief{Name: a.Venue.Name, Town: a.Venue.Address.Town}
	if a.Located != nil {
		v.Outcode, v.District, v.DistrictName = a.Located.Outcode, a.Located.District, a.Located.DistrictName
	}
	return v
}

func costBrief(c *directory.Cost) *search.CostBrief {
	if c == nil {
		return nil
	}
	return &search.CostBrief{Kind: c.Kind, Pounds: c.Pounds, PoundsTo: c.PoundsTo, Per: c.Per, ConcessionPounds: c.ConcessionPounds, HelpWithCost: c.HelpWithCost}
}

func audienceBrief(a *directory.Audience) *search.AudienceBrief {
	if a == nil {
		return nil
	}
	return &search.AudienceBrief{MinAge: a.MinAge, MaxAge: a.MaxAge, MadeFor: a.MadeFor, OpenToAll: a.Open()}
}

// GroupSize is how many people come at most, 0 where not stated. A group said
// to be small has six or fewer, as the vocabulary defines it.
func (f *Facts) GroupSize() int {
	v := f.Item.FirstVisit
	switch {
	case v.GroupMax > 0:
		return v.GroupMax
	case v.GroupTypical > 0:
		return v.GroupTypical
	case slices.Contains(v.Yes, "small-group"):
		return 6
	}
	return 0
}

// Price is the usual price in pounds, and whether it is stated. A donation is
// asked of nobody: it counts as nothing.
func (f *Facts) Price() (float64, bool) {
	c := f.Item.Cost
	switch {
	case c == nil:
		return 0, false
	case c.Kind == "fixed":
		return c.Pounds, true
	}
	return 0, true
}

// The terms that stand for no limit, and a radius to check.
const (
	TermOpen   = "*open"
	TermRadius = "*radius"
)

// CatchmentTerms say where people must live: what the searcher's place must
// share with them. A radius is checked by its distance.
func CatchmentTerms(k *directory.Catchment) []string {
	switch {
	case k == nil || k.Nationwide:
		return []string{TermOpen}
	case k.RadiusMiles > 0:
		return []string{TermRadius}
	}
	var terms []string
	for _, o := range k.Outcodes {
		terms = append(terms, "outcode "+o)
	}
	for _, d := range k.Districts {
		terms = append(terms, "district "+d)
	}
	return terms
}

func (m Encoder) NewTokenCache() *language.TokenCache {
	return language.NewTokenCache(m.Vocabulary, m.English, m.Plain)
}

// Changes are the listing's session changes, which only a session that has one
// needs.
func (f *Facts) Changes(o calendar.Occurrence) []directory.SessionChange {
	if o[2] < 0 {
		return nil
	}
	var p Plan
	// It was written by us, and its checksum was right when the index was opened.
	if err := json.Unmarshal([]byte(f.Plan), &p); err != nil {
		return nil
	}
	return p.Changes
}

// Trust is how far f can be relied on at a time.
func (f *Facts) Trust(now time.Time) directory.Trust {
	a := directory.Activity{Checked: f.Checked}
	return a.Trust(now)
}
