package present

import (
	"context"
	"slices"
	"strings"

	"gather/directory/vocabulary"
	"gather/search"
	"gather/search/match"
)

const (
	// fewMatches is when wider questions are offered: with fewer than five
	// there is hardly a choice.
	fewMatches = 5
	// maxRescues is how many are offered.
	maxRescues = 6
)

// relaxation is a question with one condition less, and what to call it.
type relaxation struct {
	label string
	query search.Query
}

// rescue counts what wider questions find, and keeps those that find more, in the
// order in which people give things up: the distance first, access needs and the
// words last.
func (p *Presenter) rescue(ctx context.Context) ([]search.Rescue, error) {
	if p.Search.Matcher.Total >= fewMatches || (p.Search.Query.Cursor != "") {
		return nil, nil
	}
	var out []search.Rescue
	for _, r := range p.relaxations() {
		if len(out) == maxRescues {
			break
		}
		n, err := p.Search.Count(ctx, &r.query)
		if err != nil {
			return nil, err
		}
		if n > p.Search.Matcher.Total && !slices.ContainsFunc(out, func(have search.Rescue) bool { return have.Label == r.label }) {
			out = append(out, search.Rescue{Label: r.label, Count: n, Query: r.query.String()})
		}
	}
	return out, nil
}

// relaxations are the questions that ask one thing less.
func (p *Presenter) relaxations() []relaxation {
	var rs []relaxation
	relax := func(english, welsh string, change func(*search.Query)) {
		q := p.Search.Query
		q.Cursor = ""
		change(&q)
		rs = append(rs, relaxation{p.say(english, welsh), q})
	}
	q := p.Search.Query
	if p.Search.Place != nil && q.Box == nil {
		for _, times := range []float64{2, 4} {
			miles := min(q.Miles()*times, search.MaxMiles)
			relax("Within "+search.Number(miles)+" miles", "O fewn "+search.Number(miles)+" milltir", func(q *search.Query) { q.Within = miles })
		}
	}
	if q.Box != nil {
		relax("Outside this part of the map too", "Y tu allan i'r rhan hon o'r map hefyd", func(q *search.Query) { q.Box = nil })
	}
	if match.DatesAsked(&q) {
		relax("On any day, at any time", "Unrhyw ddiwrnod, unrhyw bryd", func(q *search.Query) { q.Day, q.Time, q.From, q.To = nil, nil, "", "" })
	}
	if len(q.Delivery) > 0 {
		relax("In any way, online too", "Mewn unrhyw ffordd, ar-lein hefyd", func(q *search.Query) { q.Delivery = nil })
	}
	p.broader(relax)
	p.single(relax)
	if asked := p.unstatedToo(&q); len(asked) > 0 {
		// What says no stays out: nobody is sent to ask about steps that are there.
		names := strings.Join(asked, ", ")
		relax("Where to ask about: "+names, "Lle mae angen gofyn am: "+names, func(q *search.Query) { p.unstatedToo(q) })
	}
	q = p.Search.Query
	for i, alternatives := range q.Access {
		names := p.names(vocabulary.Access, alternatives)
		relax("Whether or not: "+names, "P'un ai a oes: "+names, func(q *search.Query) {
			q.Access = slices.Delete(slices.Clone(q.Access), i, i+1)
		})
	}
	if p.Search.Place != nil {
		relax("Anywhere", "Unrhyw le", p.anywhere)
	}
	if q.Words != "" {
		relax("Without the words", "Heb y geiriau", func(q *search.Query) { q.Words, q.Literal = "", false })
	}
	return rs
}

// broader relaxes each interest to the wider ones it belongs to.
func (p *Presenter) broader(relax func(en, cy string, change func(*search.Query))) {
	for i, alternatives := range p.Search.Query.Interest {
		var wider search.AnyOf
		var names []string
		for _, id := range alternatives {
			t, _ := p.Search.Compiler.Vocabulary.Interest(id)
			for _, b := range t.Broader {
				if !slices.Contains(wider, b) {
					wider = append(wider, b)
					names = append(names, p.interestLabel(b))
				}
			}
		}
		if wider == nil {
			continue
		}
		label := strings.Join(names, ", ")
		relax(label, label, func(q *search.Query) {
			q.Interest = slices.Clone(q.Interest)
			q.Interest[i] = wider
		})
	}
}

// single relaxes each of the other conditions by itself.
func (p *Presenter) single(relax func(en, cy string, change func(*search.Query))) {
	q := p.Search.Query
	for k := range search.Choices {
		c := &search.Choices[k]
		for i, alternatives := range *c.Of(&q) {
			if !c.Each {
				break
			}
			names := p.names(c.List, alternatives)
			relax("Whether or not: "+names, "P'un ai a oes: "+names, func(q *search.Query) {
				*c.Of(q) = slices.Delete(slices.Clone(*c.Of(q)), i, i+1)
			})
		}
	}
	relaxChoice := func(name string) {
		if c := search.ChoiceNamed(name); len(*c.Of(&q)) > 0 {
			relax(c.Whole.English, c.Whole.Welsh, func(q *search.Query) { *c.Of(q) = nil })
		}
	}
	if q.Cost != nil {
		relax("At any cost", "Am unrhyw bris", func(q *search.Query) { q.Cost = nil })
	}
	if q.GroupMax > 0 {
		relax("In a group of any size", "Mewn grŵp o unrhyw faint", func(q *search.Query) { q.GroupMax = 0 })
	}
	relaxChoice("commitment")
	if q.PlacesNow {
		relax("Without places now", "Heb leoedd ar hyn o bryd", func(q *search.Query) { q.PlacesNow = false })
	}
	if q.CheckedMonths > 0 {
		relax("Checked longer ago", "Wedi'u gwirio ers tro", func(q *search.Query) { q.CheckedMonths = 0 })
	}
	relaxChoice("language")
	if q.Age != nil {
		relax("For any age", "I unrhyw oedran", func(q *search.Query) { q.Age = nil })
	}
	relaxChoice("for")
	if q.Group != "" {
		relax("By any group", "Gan unrhyw grŵp", func(q *search.Query) { q.Group = "" })
	}
}

// unstatedToo makes q ask for what does not say, too, of all that may be asked
// about, and answers the labels of what that is, none where it did.
func (p *Presenter) unstatedToo(q *search.Query) (asked []string) {
	if len(q.Access) > 0 && !q.AccessUnknown {
		q.AccessUnknown = true
		asked = append(asked, p.names(vocabulary.Access, slices.Concat(q.Access...)))
	}
	for k := range search.Choices {
		c := &search.Choices[k]
		if !c.Asked {
			continue
		}
		all := slices.Clone(*c.Of(q))
		for i, alternatives := range all {
			if !slices.Contains(alternatives, search.NotStated) {
				all[i] = append(slices.Clone(alternatives), search.NotStated)
				asked = append(asked, p.names(c.List, alternatives))
			}
		}
		*c.Of(q) = all
	}
	return asked
}

// names are the labels of ids of a closed list.
func (p *Presenter) names(list string, ids []string) string {
	var names []string
	for _, id := range ids {
		if t, ok := p.Search.Compiler.Vocabulary.Term(list, id); ok {
			names = append(names, p.say(t.Label, t.LabelCy))
		}
	}
	return strings.Join(names, ", ")
}

// unstatedMore counts what would match if what is not stated were yes.
func (p *Presenter) unstatedMore() *search.Unstated {
	if p.Search.Matcher.Unstated == 0 {
		return nil
	}
	q := p.Search.Query
	q.Cursor = ""
	p.unstatedToo(&q)
	return &search.Unstated{Count: p.Search.Matcher.Unstated, Query: q.String()}
}
