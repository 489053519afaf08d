package search

import (
	"cmp"
	"slices"

	"gather/directory/vocabulary"
)

// costSteps are the prices that the cost facet counts: pocket money, the cup
// of tea and the class.
var costSteps = []struct {
	price Price
	label string
	cy    string
}{
	{Price{Free: true}, "Free", "Am ddim"}, {Price{Most: 2}, "Up to £2", "Hyd at £2"},
	{Price{Most: 5}, "Up to £5", "Hyd at £5"}, {Price{Most: 10}, "Up to £10", "Hyd at £10"},
}

// maxInterestCounts is how many interests the facet lists: a screen's worth of
// the commonest.
const maxInterestCounts = 50

// tally counts ids.
type tally map[string]int

func (t tally) add(ids ...string) {
	for _, id := range ids {
		t[id]++
	}
}

// facets counts what the question asks to be counted.
func (s *searching) facets() *Facets {
	var f Facets
	for _, name := range s.query.Facets {
		switch name {
		case "interest":
			f.Interest = s.commonest(s.count1("interest", func(t tally, f *facts) { t.add(f.Rollup...) }), s.interestLabel)
		case "access":
			f.Access = s.inOrder(vocabulary.Access, s.count1("access", func(t tally, f *facts) { t.add(f.Item.Access.Yes...) }))
		case "first_visit":
			f.FirstVisit = s.inOrder(vocabulary.FirstVisit, s.count1("first_visit", func(t tally, f *facts) { t.add(f.Item.FirstVisit.Yes...) }))
		case "day":
			f.Day = s.inOrder(vocabulary.Day, s.countDays())
		case "time":
			f.Time = s.inOrder(vocabulary.TimeOfDay, s.countTimes())
		case "cost":
			f.Cost = s.countCosts()
		case "for":
			f.For = s.inOrder(vocabulary.Audience, s.countFor())
		case "delivery":
			f.Delivery = s.inOrder(vocabulary.Delivery, s.countWays())
		case "language":
			f.Language = s.inOrder(vocabulary.Language, s.count1("language", func(t tally, f *facts) {
				if t.add(f.Item.Languages...); len(f.Item.Languages) == 0 {
					t.add("en") // as the filter takes it
				}
			}))
		case "district":
			f.District = s.countDistricts()
		}
	}
	return &f
}

// count1 tallies the matches, leaving one parameter out of account.
func (s *searching) count1(of string, add func(tally, *facts)) tally {
	t := tally{}
	s.found.without(s.all, of).each(func(doc int) { add(t, s.slots[doc]) })
	return t
}

// inOrder lists counts in the order of a closed list.
func (s *searching) inOrder(list string, counts tally) []FacetCount {
	var out []FacetCount
	for _, t := range s.compiler.vocabulary.List(list) {
		if n := counts[t.ID]; n > 0 {
			out = append(out, FacetCount{ID: t.ID, Label: s.say(t.Label, t.LabelCy), Count: n})
		}
	}
	return out
}

// commonest lists counts from the highest.
func (s *searching) commonest(counts tally, label func(id string) string) []FacetCount {
	out := make([]FacetCount, 0, len(counts))
	for id, n := range counts {
		out = append(out, FacetCount{ID: id, Count: n})
	}
	slices.SortFunc(out, func(a, b FacetCount) int { return cmp.Or(b.Count-a.Count, cmp.Compare(a.ID, b.ID)) })
	out = out[:min(len(out), maxInterestCounts)]
	for i := range out {
		out[i].Label = label(out[i].ID)
	}
	return out
}

func (s *searching) interestLabel(id string) string {
	t, ok := s.compiler.vocabulary.Interest(id)
	if !ok {
		return id
	}
	return s.say(t.Label, t.LabelCy)
}

// countFor counts whom listings pass for: those open to all pass for
// everybody, so only what was made for somebody tells one audience from
// another.
func (s *searching) countFor() tally {
	narrower := map[string][]string{} // by each audience, those that belong to it
	for _, t := range s.compiler.vocabulary.List(vocabulary.Audience) {
		for _, wide := range s.compiler.belongsTo(AnyOf{t.ID}) {
			narrower[wide] = append(narrower[wide], t.ID)
		}
	}
	open := 0
	t := s.count1("for", func(t tally, f *facts) {
		if f.Item.Audience == nil || f.Item.Audience.OpenToAll {
			open++
			return
		}
		seen := map[string]bool{}
		for _, made := range f.Item.Audience.MadeFor {
			for _, id := range narrower[made] {
				if !seen[id] {
					seen[id] = true
					t.add(id)
				}
			}
		}
	})
	if open > 0 {
		for _, term := range s.compiler.vocabulary.List(vocabulary.Audience) {
			t[term.ID] += open
		}
	}
	return t
}

// countWays counts listings by the ways in which they can be reached from the
// place asked for.
func (s *searching) countWays() tally {
	return s.count1("delivery", func(t tally, f *facts) {
		for _, way := range f.Item.Delivery {
			miles, ok := s.miles(f)
			if way == "venue" && s.place != nil && s.query.Box == nil && !(ok && miles <= s.query.Miles()) {
				continue
			}
			t.add(way)
		}
	})
}

// countCosts counts what costs at most each of the steps.
func (s *searching) countCosts() []FacetCount {
	counts := make([]int, len(costSteps))
	s.found.without(s.all, "cost").each(func(doc int) {
		price, ok := s.slots[doc].price()
		for i, step := range costSteps {
			if ok && price <= step.price.Most {
				counts[i]++
			}
		}
	})
	var out []FacetCount
	for i, step := range costSteps {
		if counts[i] > 0 {
			out = append(out, FacetCount{ID: step.price.String(), Label: s.say(step.label, step.cy), Count: counts[i]})
		}
	}
	return out
}

func (s *searching) countDistricts() []FacetCount {
	names := map[string]string{}
	counts := s.count1("district", func(t tally, f *facts) {
		if v := f.Item.Venue; v != nil && v.District != "" {
			names[v.District] = v.DistrictName
			t.add(v.District)
		}
	})
	return s.commonest(counts, func(id string) string { return names[id] })
}

// countDays counts listings by the days on which they have a session at the
// times and within the dates asked for.
func (s *searching) countDays() tally {
	times := s.query.Time
	if len(times) == 0 {
		times = []AnyOf{nil}
	}
	var clocks [][]clockRange
	for _, any := range times {
		clocks = append(clocks, s.compiler.clocks(any))
	}
	ids := s.compiler.dayIDs()
	return s.countSessions(ids, len(clocks), func(group, id int, o occurrence) bool {
		return weekday(o.start()) == id && inClocks(clocks[group], o.start())
	})
}

// countTimes counts listings by the times of day at which they have a session
// on the days and within the dates asked for.
func (s *searching) countTimes() tally {
	days := s.query.Day
	if len(days) == 0 {
		days = []AnyOf{nil}
	}
	var weekdays [][7]bool
	for _, any := range days {
		weekdays = append(weekdays, s.compiler.weekdays(any))
	}
	var ids []string
	var clocks [][]clockRange
	for _, t := range s.compiler.vocabulary.List(vocabulary.TimeOfDay) {
		ids = append(ids, t.ID)
		clocks = append(clocks, s.compiler.clocks(AnyOf{t.ID}))
	}
	return s.countSessions(ids, len(weekdays), func(group, id int, o occurrence) bool {
		return inClocks(clocks[id], o.start()) && weekdays[group][weekday(o.start())]
	})
}

// countSessions counts listings by id: those that, for every group of the
// other parameter, have a session in the window that fits group and id.
func (s *searching) countSessions(ids []string, groups int, fits func(group, id int, o occurrence) bool) tally {
	t := tally{}
	w, err := sessionWindow(s.query, s.now)
	if err != nil {
		return t // match has refused such a question already
	}
	s.found.without(s.all, "sessions").each(func(doc int) {
		has := make([]bool, len(ids)*groups)
		for _, o := range s.slots[doc].Sessions {
			if !w.holds(o) {
				continue
			}
			for i := range has {
				has[i] = has[i] || fits(i/len(ids), i%len(ids), o)
			}
		}
		for id := range ids {
			all := true
			for group := range groups {
				all = all && has[group*len(ids)+id]
			}
			if all {
				t.add(ids[id])
			}
		}
	})
	return t
}
