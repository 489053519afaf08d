package match

import (
	"cmp"
	"math"
	"math/bits"
	"slices"

	"gather/directory/vocabulary"
	"gather/search"
	"gather/search/calendar"
	"gather/search/segment"
)

// MaxInterestCounts is how many interests the facet lists: a screen's worth of
// the commonest.
const MaxInterestCounts = 50

// counter counts the facets that a question asks for, over what matches or
// fails only the parameter of a facet. It counts the numbers that columns hold;
// facets turns them into ids and labels.
type counter struct {
	interest, access, first, day, time, cost, audience, delivery, language, district bool

	filter    *filter
	alone     uint32 // the parameters that a facet leaves out, see filter.fails
	interests []int32
	numbered  []uint64 // memory
	accesses  [64]int
	firsts    [64]int
	days      [7]int
	times     [32]int
	most      []float64 // pounds, by step of the cost facet
	costs     []int     // by step
	open      int
	madeFor   []int
	wider     []uint64 // of each audience, it and those it belongs to
	ways      [4]int
	languages []int                 // by number of languages
	choices   []*segment.ChoiceBits // that are counted
	stated    [64]int               // by bit of the choices
	districts []int

	clocks   [][]calendar.ClockRange // of each group of times asked for
	weekdays []uint8                 // of each group of days asked for
	parts    [][]calendar.ClockRange // of each time of day
}

// beginCounter makes n count the facets that q names, and takes over its memory.
func (c *Compiler) beginCounter(n *counter, q *search.Query, f *filter) {
	*n = counter{
		filter: f, interests: cleared(n.interests, len(c.Ordinals.Rolled)), numbered: n.numbered[:0], madeFor: cleared(n.madeFor, len(c.Ordinals.Audience)),
		wider: c.Ordinals.Wider, parts: c.Ordinals.Parts, choices: n.choices[:0],
		most: n.most[:0], costs: n.costs[:0],
	}
	spare := uint32(0)
	for _, name := range q.Facets {
		switch name {
		case "interest":
			n.interest, spare = true, spare|failedInterest
		case "access":
			n.access, spare = true, spare|failedAccess
		case "first_visit":
			n.first, spare = true, spare|failedFirst
		case "day":
			n.day, spare = true, spare|failedSessions
		case "time":
			n.time, spare = true, spare|failedSessions
		case "cost":
			n.cost, spare = true, spare|failedCost
			for i := range c.Ordinals.CostSteps {
				n.most = append(n.most, c.Ordinals.CostSteps[i].Price.Most)
			}
			n.costs = cleared(n.costs, len(n.most))
		case "for":
			n.audience, spare = true, spare|failedFor
		case "delivery":
			n.delivery, spare = true, spare|failedDelivery
		case "language":
			n.language, spare = true, spare|failedLanguage
			n.languages = make([]int, len(c.tables.Languages))
		case "district":
			n.district, n.districts = true, make([]int, len(c.tables.Districts))
		default:
			for k := range c.Ordinals.Choices {
				if bits := &c.Ordinals.Choices[k]; bits.Choice.Name == name {
					n.choices, spare = append(n.choices, bits), spare|failsChoice(k)
				}
			}
		}
	}
	n.alone = spare
	for _, alternatives := range OrAny(q.Time) {
		n.clocks = append(n.clocks, c.Clocks(alternatives))
	}
	for _, alternatives := range OrAny(q.Day) {
		n.weekdays = append(n.weekdays, c.Weekdays(alternatives))
	}
}

// cleared is a list of n zeros, in the memory of list where that is enough.
func cleared[T any](list []T, n int) []T {
	if cap(list) < n {
		return make([]T, n)
	}
	list = list[:n]
	clear(list)
	return list
}

// count counts one listing that fails at most one parameter.
func (n *counter) count(c *segment.Columns, i int, near bool, fails uint32) {
	if fails != 0 {
		n.countFor(fails, c, i, near)
		return
	}
	// All facets but districts are those of a parameter that may fail alone.
	for each := n.alone; each != 0; each &= each - 1 {
		n.countFor(each&-each, c, i, near)
	}
	if n.district {
		n.districts[c.District[i]]++
	}
}

// countFor counts one listing for the facets that leave one parameter out.
func (n *counter) countFor(parameter uint32, c *segment.Columns, i int, near bool) {
	switch parameter {
	case failedInterest:
		for _, interest := range c.InterestsOf(i) {
			n.interests[interest]++
		}
	case failedAccess:
		countBits(&n.accesses, c.AccessYes[i])
	case failedFirst:
		countBits(&n.firsts, c.FirstYes[i])
	case failedSessions:
		n.countSessions(c.SessionsOf(i))
	case failedCost:
		price := c.Price[i]
		for step, most := range n.most {
			n.costs[step] += bit(price <= most)
		}
	case failedFor:
		n.countAudiences(c, i)
	case failedDelivery:
		n.countWays(c.Flags[i], near)
	case failedLanguage:
		n.languages[c.Language[i]]++
	default:
		for _, bits := range n.choices {
			if failsChoice(bits.Number) == parameter {
				countBits(&n.stated, c.Choices[i]&bits.All)
			}
		}
	}
}

func countBits(counts *[64]int, mask uint64) {
	for ; mask != 0; mask &= mask - 1 {
		counts[bits.TrailingZeros64(mask)]++
	}
}

// countAudiences counts a listing for each audience that it was made for. What is
// open to all is one number, which facets adds to every audience.
func (n *counter) countAudiences(c *segment.Columns, i int) {
	if c.Flags[i]&segment.FlagOpen != 0 {
		n.open++
		return
	}
	for a, mask := range n.wider {
		if mask&c.MadeFor[i] != 0 {
			n.madeFor[a]++
		}
	}
}

// countWays counts a listing for each way in which it can be taken part in. A
// venue must be near, where a distance is asked for.
func (n *counter) countWays(flags uint32, near bool) {
	for way := 1; way < len(n.ways); way++ {
		n.ways[way] += int(flags >> way & 1)
	}
	if flags&segment.FlagVenueWay != 0 && (n.filter.circle == nil || near) {
		n.ways[0]++
	}
}

// countSessions counts a listing by the days on which it has a session at the
// times and within the dates asked for, and by the times of day at which it has
// one on the days.
func (n *counter) countSessions(sessions []calendar.Recurrence) {
	if n.day {
		in := uint32(1<<len(n.days) - 1)
		for _, clocks := range n.clocks {
			in &= n.daysOf(sessions, clocks)
		}
		for ; in != 0; in &= in - 1 {
			n.days[bits.TrailingZeros32(in)]++
		}
	}
	if n.time {
		in := ^uint32(0)
		for _, days := range n.weekdays {
			in &= n.timesOf(sessions, days)
		}
		for ; in != 0; in &= in - 1 {
			n.times[bits.TrailingZeros32(in)]++
		}
	}
}

func (n *counter) daysOf(sessions []calendar.Recurrence, clocks []calendar.ClockRange) (days uint32) {
	for _, r := range sessions {
		if r.Within(n.filter.span) != 0 && calendar.InClocks(clocks, r.Clock()) {
			days |= 1 << r.Weekday()
		}
	}
	return days
}

func (n *counter) timesOf(sessions []calendar.Recurrence, days uint8) (times uint32) {
	for _, r := range sessions {
		if days>>r.Weekday()&1 == 0 || r.Within(n.filter.span) == 0 {
			continue
		}
		for i, ranges := range n.parts {
			if calendar.InClocks(ranges, r.Clock()) {
				times |= 1 << i
			}
		}
	}
	return times
}

// facets are the counts with the ids and labels of what was counted.
func (s *Search) facets(n *counter) *search.Facets {
	var f search.Facets
	v := s.View.Ordinals
	list := func(on bool, name string, count func(i int) int) []search.FacetCount {
		if !on {
			return nil
		}
		terms := v.List(name)
		var out []search.FacetCount
		for i := range terms {
			if found := count(i); found > 0 {
				if out == nil {
					out = make([]search.FacetCount, 0, len(terms)-i)
				}
				out = append(out, search.FacetCount{ID: terms[i].ID, Label: s.Query.Say(terms[i].Label, terms[i].LabelCy), Count: found})
			}
		}
		return out
	}
	f.Access = list(n.access, vocabulary.Access, func(i int) int { return n.accesses[i] })
	f.FirstVisit = list(n.first, vocabulary.FirstVisit, func(i int) int { return n.firsts[i] })
	f.Day = list(n.day, vocabulary.Day, func(i int) int { return n.days[i] })
	f.Time = list(n.time, vocabulary.TimeOfDay, func(i int) int { return n.times[i] })
	f.For = list(n.audience, vocabulary.Audience, func(i int) int { return n.open + n.madeFor[i] })
	ways := v.List(vocabulary.Delivery)
	f.Delivery = list(n.delivery, vocabulary.Delivery, func(i int) int {
		if way := slices.Index(segment.AllWays, ways[i].ID); way >= 0 {
			return n.ways[way]
		}
		return 0
	})
	if n.language {
		spoken := s.countLanguages(n)
		terms := v.List(vocabulary.Language)
		f.Language = list(true, vocabulary.Language, func(i int) int { return spoken[terms[i].ID] })
	}
	if n.interest {
		f.Interest = s.countInterests(n)
	}
	for _, bits := range n.choices {
		*bits.Choice.Counts(&f) = list(true, bits.Choice.List, func(i int) int { return n.stated[bits.First+i] })
	}
	for i, found := range n.costs {
		if found > 0 {
			step := &v.CostSteps[i]
			if f.Cost == nil {
				f.Cost = make([]search.FacetCount, 0, len(n.costs))
			}
			f.Cost = append(f.Cost, search.FacetCount{ID: step.Price.String(), Label: s.Query.Say(step.Label, step.LabelCy), Count: found})
		}
	}
	for i, found := range n.districts {
		if i > 0 && found > 0 {
			d := s.View.Tables.Districts[i]
			f.District = append(f.District, search.FacetCount{ID: d.ID, Label: d.Label, Count: found})
		}
	}
	slices.SortFunc(f.District, Commonest)
	return &f
}

// countLanguages is how many listings there are by language. Where no language
// is stated, it is English.
func (s *Search) countLanguages(n *counter) map[string]int {
	spoken := map[string]int{}
	for set, found := range n.languages {
		all := s.View.Tables.Languages[set]
		if len(all) == 0 {
			all = []string{"en"}
		}
		for i, l := range all {
			if !slices.Contains(all[:i], l) {
				spoken[l] += found
			}
		}
	}
	return spoken
}

func (s *Search) countInterests(n *counter) []search.FacetCount {
	// The number of an interest is its place in the order of ids.
	least := n.leastListed()
	for i, count := range n.interests {
		if count >= least {
			n.numbered = append(n.numbered, uint64(math.MaxInt32-count)<<32|uint64(i))
		}
	}
	found := n.numbered
	slices.Sort(found)
	found = found[:min(len(found), MaxInterestCounts)]
	if len(found) == 0 {
		return nil
	}
	out := make([]search.FacetCount, len(found))
	for at, key := range found {
		i := uint32(key)
		t := &s.View.Ordinals.Interests[i]
		out[at] = search.FacetCount{ID: t.ID, Label: s.Query.Say(t.Label, t.LabelCy), Count: int(n.interests[i])}
	}
	return out
}

// leastListed is a count that every interest listed has at least: only those
// with as many need be sorted.
func (n *counter) leastListed() int32 {
	var of [64]int32 // how many interests have a count; the last: so much or more
	for _, count := range n.interests {
		of[min(count, int32(len(of)-1))]++
	}
	seen := int32(0)
	for count := len(of) - 1; count > 1; count-- {
		if seen += of[count]; seen >= MaxInterestCounts {
			return int32(count)
		}
	}
	return 1
}

// Commonest orders counts by number, the greatest first, and then by id.
func Commonest(a, b search.FacetCount) int { return cmp.Or(b.Count-a.Count, cmp.Compare(a.ID, b.ID)) }
