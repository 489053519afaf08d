package index

import (
	"context"
	"math/bits"
	"slices"

	"gather/directory/vocabulary"
	"gather/search"
	"gather/search/calendar"
	"gather/search/match"
	"gather/search/segment"
)

// facets counts what the question asks to be counted. A value's count is what
// would be found with its own clause in place of those of its parameter.
func (s *referenceSearch) facets(ctx context.Context) (*search.Facets, error) {
	var f search.Facets
	var err error
	for _, name := range s.query.Facets {
		switch name {
		case "interest":
			f.Interest, err = s.countInterests(ctx)
		case "access":
			f.Access, err = s.countList(ctx, vocabulary.Access, name, func(id string) search.Query { return search.Query{Access: []search.AnyOf{{id}}} })
		case "first_visit":
			f.FirstVisit, err = s.countList(ctx, vocabulary.FirstVisit, name, func(id string) search.Query { return search.Query{FirstVisit: []search.AnyOf{{id}}} })
		case "day":
			f.Day, err = s.countDays()
		case "time":
			f.Time, err = s.countTimes()
		case "cost":
			f.Cost, err = s.countCosts(ctx)
		case "for":
			f.For, err = s.countList(ctx, vocabulary.Audience, name, func(id string) search.Query { return search.Query{For: []search.AnyOf{{id}}} })
		case "delivery":
			// How far a venue is counts, so the question's place belongs to it.
			f.Delivery, err = s.countList(ctx, vocabulary.Delivery, name, func(id string) search.Query {
				return search.Query{Near: s.query.Near, Within: s.query.Within, Box: s.query.Box, Delivery: []search.AnyOf{{id}}}
			})
		case "language":
			f.Language, err = s.countList(ctx, vocabulary.Language, name, func(id string) search.Query { return search.Query{Language: []search.AnyOf{{id}}} })
		case "district":
			f.District = s.countDistricts()
		default:
			c := search.ChoiceNamed(name)
			*c.Counts(&f), err = s.countList(ctx, c.List, name, func(id string) (q search.Query) {
				*c.Of(&q) = []search.AnyOf{{id}}
				return q
			})
		}
		if err != nil {
			return nil, err
		}
	}
	return &f, nil
}

// counted is how many of base the clauses of one parameter of q hold of.
func (s *referenceSearch) counted(ctx context.Context, base set, of string, q search.Query) (int, error) {
	c := s.compiler
	if q.Near == "" {
		c.Place = nil
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
func (s *referenceSearch) countList(ctx context.Context, list, of string, ask func(id string) search.Query) ([]search.FacetCount, error) {
	var out []search.FacetCount
	base := s.found.without(s.all, of)
	for _, t := range s.compiler.Vocabulary.List(list) {
		n, err := s.counted(ctx, base, of, ask(t.ID))
		if err != nil {
			return nil, err
		}
		if n > 0 {
			out = append(out, search.FacetCount{ID: t.ID, Label: s.say(t.Label, t.LabelCy), Count: n})
		}
	}
	return out, nil
}

func (s *referenceSearch) countInterests(ctx context.Context) ([]search.FacetCount, error) {
	var out []search.FacetCount
	base := s.found.without(s.all, "interest")
	for _, t := range s.compiler.Vocabulary.Interests() {
		n, err := s.counted(ctx, base, "interest", search.Query{Interest: []search.AnyOf{{t.ID}}})
		if err != nil {
			return nil, err
		}
		if n > 0 {
			out = append(out, search.FacetCount{ID: t.ID, Label: s.say(t.Label, t.LabelCy), Count: n})
		}
	}
	slices.SortFunc(out, match.Commonest)
	return out[:min(len(out), match.MaxInterestCounts)], nil
}

func (s *referenceSearch) countCosts(ctx context.Context) ([]search.FacetCount, error) {
	var out []search.FacetCount
	base := s.found.without(s.all, "cost")
	for _, step := range segment.NewOrdinals(s.maker.Vocabulary).CostSteps {
		n, err := s.counted(ctx, base, "cost", search.Query{Cost: &step.Price})
		if err != nil {
			return nil, err
		}
		if n > 0 {
			out = append(out, search.FacetCount{ID: step.Price.String(), Label: s.say(step.Label, step.LabelCy), Count: n})
		}
	}
	return out, nil
}

// countDistricts counts by the district of the venue; there is no parameter of
// that name to leave out.
func (s *referenceSearch) countDistricts() []search.FacetCount {
	counts := map[string]*search.FacetCount{}
	s.found.all.each(func(doc int) {
		d := s.slots[doc].District
		if d.ID == "" {
			return
		}
		if counts[d.ID] == nil {
			counts[d.ID] = &search.FacetCount{ID: d.ID, Label: d.Label}
		}
		counts[d.ID].Count++
	})
	var out []search.FacetCount
	for _, c := range counts {
		out = append(out, *c)
	}
	slices.SortFunc(out, match.Commonest)
	return out
}

// countDays counts listings by the days on which they have a session at the
// times and within the dates asked for.
func (s *referenceSearch) countDays() ([]search.FacetCount, error) {
	var clocks [][]calendar.ClockRange
	for _, alternatives := range match.OrAny(s.query.Time) {
		clocks = append(clocks, s.compiler.Clocks(alternatives))
	}
	return s.countSessions(vocabulary.Day, len(clocks), func(group int, o calendar.Occurrence) uint32 {
		if calendar.InClocks(clocks[group], clockOf(o.Start())) {
			return 1 << calendar.Weekday(o.Start())
		}
		return 0
	})
}

// countTimes counts listings by the times of day at which they have a session
// on the days and within the dates asked for.
func (s *referenceSearch) countTimes() ([]search.FacetCount, error) {
	var days []uint8
	for _, alternatives := range match.OrAny(s.query.Day) {
		days = append(days, s.compiler.Weekdays(alternatives))
	}
	var clocks [][]calendar.ClockRange
	for _, t := range s.compiler.Vocabulary.List(vocabulary.TimeOfDay) {
		clocks = append(clocks, s.compiler.Clocks(search.AnyOf{t.ID}))
	}
	return s.countSessions(vocabulary.TimeOfDay, len(days), func(group int, o calendar.Occurrence) (times uint32) {
		if days[group]>>calendar.Weekday(o.Start())&1 == 0 {
			return 0
		}
		for i, ranges := range clocks {
			if calendar.InClocks(ranges, clockOf(o.Start())) {
				times |= 1 << i
			}
		}
		return times
	})
}

// countSessions counts listings by the terms of a list, at most 32: those that
// have a session within the dates for the term in every group of the other
// parameter. terms answers which terms, as bits, a session is of in a group.
func (s *referenceSearch) countSessions(list string, groups int, terms func(group int, o calendar.Occurrence) uint32) ([]search.FacetCount, error) {
	w, err := calendar.NewWindow(s.query.From, s.query.To, s.now)
	if err != nil {
		return nil, err
	}
	var counts [32]int
	s.found.without(s.all, "sessions").each(func(doc int) {
		in := ^uint32(0)
		for group := range groups {
			var has uint32
			for _, o := range s.slots[doc].sessions {
				if o.Start() >= w.Until {
					break
				}
				if o.Start() >= w.From {
					has |= terms(group, o)
				}
			}
			in &= has
		}
		for ; in != 0; in &= in - 1 {
			counts[bits.TrailingZeros32(in)]++
		}
	})
	var out []search.FacetCount
	for i, t := range s.compiler.Vocabulary.List(list) {
		if counts[i] > 0 {
			out = append(out, search.FacetCount{ID: t.ID, Label: s.say(t.Label, t.LabelCy), Count: counts[i]})
		}
	}
	return out, nil
}
