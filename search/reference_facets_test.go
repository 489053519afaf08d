package search

import (
	"cmp"
	"context"
	"math/bits"
	"slices"

	"gather/directory/vocabulary"
)

// facets counts what the question asks to be counted. A value's count is what
// would be found with its own clause in place of those of its parameter.
func (s *referenceSearch) facets(ctx context.Context) (*Facets, error) {
	var f Facets
	var err error
	for _, name := range s.query.Facets {
		switch name {
		case "interest":
			f.Interest, err = s.countInterests(ctx)
		case "access":
			f.Access, err = s.countList(ctx, vocabulary.Access, name, func(id string) Query { return Query{Access: []AnyOf{{id}}} })
		case "first_visit":
			f.FirstVisit, err = s.countList(ctx, vocabulary.FirstVisit, name, func(id string) Query { return Query{FirstVisit: []AnyOf{{id}}} })
		case "day":
			f.Day, err = s.countDays()
		case "time":
			f.Time, err = s.countTimes()
		case "cost":
			f.Cost, err = s.countCosts(ctx)
		case "for":
			f.For, err = s.countList(ctx, vocabulary.Audience, name, func(id string) Query { return Query{For: []AnyOf{{id}}} })
		case "delivery":
			// How far a venue is counts, so the question's place belongs to it.
			f.Delivery, err = s.countList(ctx, vocabulary.Delivery, name, func(id string) Query {
				return Query{Near: s.query.Near, Within: s.query.Within, Box: s.query.Box, Delivery: []AnyOf{{id}}}
			})
		case "language":
			f.Language, err = s.countList(ctx, vocabulary.Language, name, func(id string) Query { return Query{Language: []AnyOf{{id}}} })
		case "district":
			f.District = s.countDistricts()
		}
		if err != nil {
			return nil, err
		}
	}
	return &f, nil
}

// counted is how many of base the clauses of one parameter of q hold of.
func (s *referenceSearch) counted(ctx context.Context, base set, of string, q Query) (int, error) {
	c := s.compiler
	if q.Near == "" {
		c.place = nil
	}
	clauses, err := c.filters(q)
	if err != nil {
		return 0, err
	}
	var own []set
	for _, c := range clauses {
		if c.of == of {
			docs, err := s.holds(ctx, c)
			if err != nil {
				return 0, err
			}
			own = append(own, docs)
		}
	}
	if len(own) == 1 {
		return base.countAnd(own[0]), nil
	}
	all := base.clone()
	for _, docs := range own {
		all.and(docs)
	}
	return all.count(), nil
}

// countList counts each value of a closed list, in its order.
func (s *referenceSearch) countList(ctx context.Context, list, of string, ask func(id string) Query) ([]FacetCount, error) {
	var out []FacetCount
	base := s.found.without(s.all, of)
	for _, t := range s.compiler.vocabulary.List(list) {
		n, err := s.counted(ctx, base, of, ask(t.ID))
		if err != nil {
			return nil, err
		}
		if n > 0 {
			out = append(out, FacetCount{ID: t.ID, Label: s.say(t.Label, t.LabelCy), Count: n})
		}
	}
	return out, nil
}

func (s *referenceSearch) countInterests(ctx context.Context) ([]FacetCount, error) {
	var out []FacetCount
	base := s.found.without(s.all, "interest")
	for _, t := range s.compiler.vocabulary.Interests() {
		n, err := s.counted(ctx, base, "interest", Query{Interest: []AnyOf{{t.ID}}})
		if err != nil {
			return nil, err
		}
		if n > 0 {
			out = append(out, FacetCount{ID: t.ID, Label: s.say(t.Label, t.LabelCy), Count: n})
		}
	}
	slices.SortFunc(out, commonest)
	return out[:min(len(out), maxInterestCounts)], nil
}

func (s *referenceSearch) countCosts(ctx context.Context) ([]FacetCount, error) {
	var out []FacetCount
	base := s.found.without(s.all, "cost")
	for _, step := range costSteps {
		n, err := s.counted(ctx, base, "cost", Query{Cost: &step.price})
		if err != nil {
			return nil, err
		}
		if n > 0 {
			out = append(out, FacetCount{ID: step.price.String(), Label: s.say(step.label, step.cy), Count: n})
		}
	}
	return out, nil
}

// countDistricts counts by the district of the venue; there is no parameter of
// that name to leave out.
func (s *referenceSearch) countDistricts() []FacetCount {
	counts := map[string]*FacetCount{}
	s.found.all.each(func(doc int) {
		v := s.slots[doc].Item.Venue
		if v == nil || v.District == "" {
			return
		}
		if counts[v.District] == nil {
			counts[v.District] = &FacetCount{ID: v.District, Label: cmp.Or(v.DistrictName, v.District)}
		}
		counts[v.District].Count++
	})
	var out []FacetCount
	for _, c := range counts {
		out = append(out, *c)
	}
	slices.SortFunc(out, commonest)
	return out
}

// countDays counts listings by the days on which they have a session at the
// times and within the dates asked for.
func (s *referenceSearch) countDays() ([]FacetCount, error) {
	var clocks [][]clockRange
	for _, alternatives := range orAny(s.query.Time) {
		clocks = append(clocks, s.compiler.clocks(alternatives))
	}
	return s.countSessions(vocabulary.Day, len(clocks), func(group int, o occurrence) uint32 {
		if inClocks(clocks[group], clockOf(o.start())) {
			return 1 << weekday(o.start())
		}
		return 0
	})
}

// countTimes counts listings by the times of day at which they have a session
// on the days and within the dates asked for.
func (s *referenceSearch) countTimes() ([]FacetCount, error) {
	var days []uint8
	for _, alternatives := range orAny(s.query.Day) {
		days = append(days, s.compiler.weekdays(alternatives))
	}
	var clocks [][]clockRange
	for _, t := range s.compiler.vocabulary.List(vocabulary.TimeOfDay) {
		clocks = append(clocks, s.compiler.clocks(AnyOf{t.ID}))
	}
	return s.countSessions(vocabulary.TimeOfDay, len(days), func(group int, o occurrence) (times uint32) {
		if days[group]>>weekday(o.start())&1 == 0 {
			return 0
		}
		for i, ranges := range clocks {
			if inClocks(ranges, clockOf(o.start())) {
				times |= 1 << i
			}
		}
		return times
	})
}

// countSessions counts listings by the terms of a list, at most 32: those that
// have a session within the dates for the term in every group of the other
// parameter. terms answers which terms, as bits, a session is of in a group.
func (s *referenceSearch) countSessions(list string, groups int, terms func(group int, o occurrence) uint32) ([]FacetCount, error) {
	w, err := newWindow(s.query.From, s.query.To, s.now)
	if err != nil {
		return nil, err
	}
	var counts [32]int
	s.found.without(s.all, "sessions").each(func(doc int) {
		in := ^uint32(0)
		for group := range groups {
			var has uint32
			for _, o := range s.slots[doc].sessions {
				if o.start() >= w.until {
					break
				}
				if o.start() >= w.from {
					has |= terms(group, o)
				}
			}
			in &= has
		}
		for ; in != 0; in &= in - 1 {
			counts[bits.TrailingZeros32(in)]++
		}
	})
	var out []FacetCount
	for i, t := range s.compiler.vocabulary.List(list) {
		if counts[i] > 0 {
			out = append(out, FacetCount{ID: t.ID, Label: s.say(t.Label, t.LabelCy), Count: counts[i]})
		}
	}
	return out, nil
}
