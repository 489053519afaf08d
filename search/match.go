package search

import (
	"context"
	"math"
	"slices"
)

// checkEvery is how many listings are looked at between looks at the context.
const checkEvery = 1 << 14

// hit is one match, and how well it fits the words.
type hit struct {
	slot  int32
	words float32
}

// matcher looks for what answers one question in one view.
type matcher struct {
	view    *view
	filter  *filter
	words   *wordSets // nil: no words are asked for
	counter *counter  // nil: no facets are asked for
	keep    bool      // hits, not only how many there are
	// alone are the parameters of which a listing may fail one and still counts
	// for something, see filter.fails.
	alone uint32

	total    int
	unstated int // that would match if what they do not say of access were yes
	hits     []hit
	best     float32 // of the scores of words among the hits

	stretches []stretch
	known     filter // memory
	pane      *pane
	looked    int
	err       error
}

// stretch is some slots next to each other. Those that are sure lie in the
// circle.
type stretch struct {
	from, until int32
	sure        bool
}

// run finds what matches, in the order of slots. It begins at the side that
// leaves least to look at.
func (m *matcher) run(ctx context.Context) error {
	m.alone = 0
	if m.counter != nil {
		m.alone = m.counter.alone
	}
	if m.filter.access != nil && !m.filter.unknown {
		m.alone |= failedAccess
	}
	switch {
	case m.words != nil:
		m.fromWords(ctx)
	default:
		m.fromFacts(ctx)
		for i := range m.view.tail.columns.len() {
			m.look(ctx, &m.view.tail.columns, i, int32(m.view.base.columns.len()+i), false, 0)
		}
	}
	return m.err
}

// look looks at one listing that fits the words so well.
func (m *matcher) look(ctx context.Context, c *columns, i int, slot int32, sure bool, words float32) {
	if m.looked++; m.looked%checkEvery == 0 && m.err == nil {
		m.err = ctx.Err()
	}
	if m.err != nil {
		return
	}
	f := m.filter
	near := sure || f.near(c, i)
	fails := f.fails(c, i, near, m.alone)
	if fails&failed != 0 || m.view.dead.has(int(slot)) {
		return
	}
	if fails == 0 {
		m.total++
		if m.keep {
			m.hits = append(m.hits, hit{slot, words})
			m.best = max(m.best, words)
		}
	} else if fails == failedAccess && !f.unknown && f.mayHaveAccess(c, i) {
		m.unstated++
	}
	if n := m.counter; n != nil && fails&^n.alone == 0 {
		n.count(c, i, near, fails)
	}
}

// fromFacts looks at the listings of the base that are near enough, or have an
// interest asked for, or at all.
func (m *matcher) fromFacts(ctx context.Context) {
	m.reach(true)
	if m.fromInterest(ctx) {
		return
	}
	for _, s := range m.stretches {
		m.sieve(ctx, s)
	}
}

// one is 1 where something is so.
func one(so bool) int {
	if so {
		return 1
	}
	return 0
}

// sieve looks at the listings of a stretch that do not fail too much of what is
// quickly told: most do, so this decides how long it takes to look at a town.
func (m *matcher) sieve(ctx context.Context, s stretch) {
	f, c := m.filter, &m.view.base.columns
	// What is not asked for is had by all.
	any, has := ^uint64(0), ^uint64(0)
	if f.access != nil && !f.unknown {
		any, has = f.access[0], 0
	}
	most, priced := f.cost, one(f.priced)
	days, free := uint8(0), uint8(1)
	if len(f.tests) > 0 {
		days, free = f.tests[0].days, 0
	}
	strict := [3]int{one(m.alone&failedAccess == 0), one(m.alone&failedCost == 0), one(m.alone&failedSessions == 0)}
	access, price, weekdays := c.accessYes[s.from:s.until], c.price[s.from:s.until], c.weekdays[s.from:s.until]
	for k := range access {
		badAccess := one((access[k]|has)&any == 0)
		badPrice := one(!(price[k] <= most)) & priced
		badDay := one(weekdays[k]&days|free == 0)
		if badAccess+badPrice+badDay > 1 || badAccess&strict[0]|badPrice&strict[1]|badDay&strict[2] != 0 {
			continue
		}
		slot := s.from + int32(k)
		m.look(ctx, c, int(slot), slot, s.sure, 0)
	}
}

// fromInterest looks at the listings that have the interest asked for which
// fewest have, as far as they lie in the stretches.
func (m *matcher) fromInterest(ctx context.Context) bool {
	if m.filter.interest == nil || m.alone&failedInterest != 0 || len(m.stretches) == 0 {
		return false
	}
	which, least := 0, math.MaxInt
	for i, ids := range m.filter.interestIDs {
		n := 0
		for _, id := range ids {
			n += len(m.within(m.view.base.byInterest[m.view.base.interestFrom[id]:m.view.base.interestFrom[id+1]]))
		}
		if n < least {
			which, least = i, n
		}
	}
	ids := m.filter.interestIDs[which]
	// One list is only looked up where the stretches are. Several are put
	// together first, which is worth it where they are short.
	if len(ids) > 1 && least > m.stretched() {
		return false
	}
	var list []int32
	for _, id := range ids {
		more := m.within(m.view.base.byInterest[m.view.base.interestFrom[id]:m.view.base.interestFrom[id+1]])
		if len(ids) == 1 {
			list = more
			break
		}
		list = append(list, more...)
	}
	if len(ids) > 1 {
		slices.Sort(list)
		list = slices.Compact(list)
	}
	if asked := m.filter; len(asked.interest) == 1 {
		// All of the list have it.
		m.known = *asked
		m.known.interest, m.filter = nil, &m.known
		defer func() { m.filter = asked }()
	}
	for _, s := range m.stretches {
		if list = list[firstFrom(list, s.from):]; len(list) == 0 {
			break
		}
		for len(list) > 0 && list[0] < s.until {
			m.look(ctx, &m.view.base.columns, int(list[0]), list[0], s.sure, 0)
			list = list[1:]
		}
	}
	return true
}

// firstFrom is where in an ordered list the values from one on begin, which is
// likely to be near the front.
func firstFrom(list []int32, v int32) int {
	step := 1
	for step < len(list) && list[step] < v {
		step *= 2
	}
	from := step / 2
	return from + firstNotBefore(list[from:min(step+1, len(list))], v)
}

// within is the part of a list of slots between the first and the last that are
// near enough.
func (m *matcher) within(list []int32) []int32 {
	from := firstNotBefore(list, m.stretches[0].from)
	return list[from : from+firstNotBefore(list[from:], m.stretches[len(m.stretches)-1].until)]
}

func (m *matcher) stretched() (n int) {
	for _, s := range m.stretches {
		n += int(s.until - s.from)
	}
	return n
}

// reach finds the stretches of the base in which listings lie that are near
// enough; parted, the sure ones are told from the rest.
func (m *matcher) reach(parted bool) {
	m.stretches = m.stretches[:0]
	b, f := m.view.base, m.filter
	switch {
	case f.box != nil:
		m.boxed(b.rows)
		m.boxed(b.remoteRows)
	case f.circle == nil:
		m.stretches = append(m.stretches, stretch{0, int32(b.columns.len()), false})
	default:
		m.circled(b.rows, parted)
		if f.goesThere && m.alone&failedDelivery == 0 {
			m.circled(b.remoteRows, parted)
			return
		}
		m.stretches = append(m.stretches, stretch{int32(b.local), int32(b.columns.len()), false})
	}
}

// boxed adds the stretch of each row that lies in the box.
func (m *matcher) boxed(rows []int32) {
	box := m.filter.box
	for row := rowOf(box.south); row <= rowOf(box.north); row++ {
		m.between(rows, row, box.west, box.east)
	}
}

// between adds the stretch of a row between two longitudes, both included, and
// answers it.
func (m *matcher) between(rows []int32, row int, west, east int32) stretch {
	from, until := rows[row], rows[row+1]
	if from == until {
		return stretch{}
	}
	lons := m.view.base.columns.lon[from:until]
	lo := firstNotBefore(lons, west)
	hi := len(lons)
	if east < math.MaxInt32 {
		hi = lo + firstNotBefore(lons[lo:], east+1)
	}
	if lo >= hi {
		return stretch{}
	}
	s := stretch{from + int32(lo), from + int32(hi), false}
	m.stretches = append(m.stretches, s)
	return s
}

// firstNotBefore is where in an ordered list a value stands or would stand. The
// halving has no branch to guess, which takes half the time of one that has.
func firstNotBefore(list []int32, v int32) int {
	at, n := 0, len(list)
	for n > 1 {
		half := n / 2
		if list[at+half-1] < v {
			at += half
		}
		n -= half
	}
	if n == 1 && list[at] < v {
		at++
	}
	return at
}

// worthParting is how many listings of a row make it worth finding those that
// lie in the circle for sure.
const worthParting = 16

// circled adds the stretches of each row in which the circle lies.
func (m *matcher) circled(rows []int32, parted bool) {
	c := m.filter.circle
	for row := rowOf(c.south); row <= rowOf(c.north); row++ {
		if rows[row] == rows[row+1] {
			continue
		}
		r, ok := c.row(row)
		if !ok {
			continue
		}
		s := m.between(rows, row, r.west, r.east)
		if n := s.until - s.from; !parted || n < worthParting || r.sureWest >= r.sureEast {
			continue
		}
		lons := m.view.base.columns.lon[s.from:s.until]
		lo := s.from + int32(firstNotBefore(lons, r.sureWest))
		hi := s.from + int32(firstNotBefore(lons, r.sureEast))
		if lo >= hi {
			continue
		}
		m.stretches[len(m.stretches)-1].until = lo
		m.stretches = append(m.stretches, stretch{lo, hi, true}, stretch{hi, s.until, false})
	}
}
