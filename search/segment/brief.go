package segment

import (
	"bytes"
	"cmp"
	"encoding/json"

	"gather/directory"
	"gather/directory/vocabulary"
	"gather/search"
)

// Brief is a listing in brief as JSON, without its last brace: what depends on
// the question follows. In Welsh a part of it differs.
type Brief struct {
	English string
	// Welsh is, in Welsh, what stands between the first Before and the last After bytes of
	// English.
	Welsh         string
	Before, After int
}

// newBrief keeps of the Welsh text only where it differs.
func newBrief(english, welsh string) Brief {
	b := Brief{English: english}
	most := min(len(english), len(welsh))
	for b.Before < most && english[b.Before] == welsh[b.Before] {
		b.Before++
	}
	for b.After < most-b.Before && english[len(english)-1-b.After] == welsh[len(welsh)-1-b.After] {
		b.After++
	}
	b.Welsh = welsh[b.Before : len(welsh)-b.After]
	return b
}

// appendWelsh appends the Welsh text of a brief.
func appendWelsh(b, english, welsh []byte, before, after int) []byte {
	b = append(append(b, english[:before]...), welsh...)
	return append(b, english[len(english)-after:]...)
}

// brief writes a listing in brief, in both languages.
func (m Encoder) brief(a *directory.Activity, access search.Said, visit search.FirstVisitBrief) (Brief, error) {
	brief := search.Brief{
		ID: a.ID, Title: a.Title, Summary: a.Summary, Group: a.Group, GroupName: a.GroupName,
		Delivery: a.Delivery, Venue: venueBrief(a), Interests: labelled(m.Vocabulary, a.Interests, false),
		Cost: costBrief(a.Cost), Access: access, FirstVisit: visit, Audience: audienceBrief(a.Audience),
		Languages: a.Languages, Updated: a.Updated, Change: a.Change,
	}
	if j := a.Joining; j != nil {
		brief.Referral = j.Referral
		if j.Places != nil {
			brief.Places = j.Places.Status
		}
	}
	if a.Venue != nil && a.Venue.Area == nil && a.Located != nil {
		at := roundedPosition(a.Located.Position)
		brief.Position = &at
	}
	english, err := withoutBrace(brief)
	if err != nil {
		return Brief{}, err
	}
	if a.Welsh != nil {
		brief.Title, brief.Summary = cmp.Or(a.Welsh.Title, a.Title), cmp.Or(a.Welsh.Summary, a.Summary)
	}
	brief.Interests = labelled(m.Vocabulary, a.Interests, true)
	welsh, err := withoutBrace(brief)
	return newBrief(english, welsh), err
}

// withoutBrace is a brief as JSON without its last brace. HTML needs no
// escaping in JSON that is never put into a page.
func withoutBrace(brief search.Brief) (string, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(brief); err != nil {
		return "", err
	}
	return string(bytes.TrimSuffix(b.Bytes(), []byte("}\n"))), nil
}

// labelled are interests with their labels.
func labelled(words *vocabulary.Vocabulary, ids []string, welsh bool) []search.Labelled {
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
		Commitment: v.Commitment, Structure: v.Structure, Conversation: v.Conversation, Energy: v.Energy, ContactFirst: v.ContactFirst,
	}
}

func venueBrief(a *directory.Activity) *search.VenueBrief {
	if a.Venue == nil {
		return nil
	}
	v := &search.VenueBrief{Name: a.Venue.Name, Town: a.Venue.Address.Town}
	if area := a.Venue.Area; area != nil {
		v.Area = area.Name
	} else if a.Located != nil {
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
