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
	*view
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
		for i := range m.tail.len() {
			m.look(ctx, &m.tail.columns, i, int32(m.base.len()+i), false, 0)
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
	if fails&failed != 0 || m.dead.has(int(slot)) {
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
	if lists, n := m.interestLists(); n < m.stretched()*interestWorth {
		m.each(ctx, lists)
		return
	}
	for _, s := range m.stretches {
		for slot := s.from; slot < s.until && m.err == nil; slot++ {
			m.look(ctx, &m.base.columns, int(slot), slot, s.sure, 0)
		}
	}
}

// interestWorth is how many listings of an interest, which lie apart, are looked
// at as fast as this many times fewer that lie together.
const interestWorth = 2

// each looks at every listing in the lists once.
func (m *matcher) each(ctx context.Context, lists [][]int32) {
	if len(lists) == 1 {
		for _, slot := range lists[0] {
			m.look(ctx, &m.base.columns, int(slot), slot, false, 0)
		}
		return
	}
	all := slices.Concat(lists...)
	slices.Sort(all)
	for _, slot := range slices.Compact(all) {
		m.look(ctx, &m.base.columns, int(slot), slot, false, 0)
	}
}

// interestLists are the slots by interest of the alternatives that fewest
// listings have, as far as they may be near, and how many those are at most.
func (m *matcher) interestLists() (best [][]int32, least int) {
	least = math.MaxInt
	if m.alone&failedInterest != 0 {
		return nil, least
	}
	for _, ids := range m.filter.interestIDs {
		var lists [][]int32
		n := 0
		for _, i := range ids {
			if list := m.within(m.byInterest[m.interestFrom[i]:m.interestFrom[i+1]]); len(list) > 0 {
				lists = append(lists, list)
				n += len(list)
			}
		}
		if n < least {
			best, least = lists, n
		}
	}
	return best, least
}

// within is the part of a list of slots between the first and the last that are
// near enough.
func (m *matcher) within(list []int32) []int32 {
	if len(m.stretches) == 0 {
		return nil
	}
	from, _ := slices.BinarySearch(list, m.stretches[0].from)
	until, _ := slices.BinarySearch(list, m.stretches[len(m.stretches)-1].until)
	return list[from:max(from, until)]
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
	b, f := m.base, m.filter
	switch {
	case f.box != nil:
		m.boxed(b.rows)
		m.boxed(b.remoteRows)
	case f.circle == nil:
		m.stretches = append(m.stretches, stretch{0, int32(b.len()), false})
	default:
		m.circled(b.rows, parted)
		if f.goesThere && m.alone&failedDelivery == 0 {
			m.circled(b.remoteRows, parted)
			return
		}
		m.stretches = append(m.stretches, stretch{int32(b.local), int32(b.len()), false})
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
	lons := m.base.lon[from:until]
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

// firstNotBefore is where in an ordered list a value stands or would stand.
func firstNotBefore(list []int32, v int32) int {
	lo, hi := 0, len(list)
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		if list[mid] < v {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
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
		lons := m.base.lon[s.from:s.until]
		lo := s.from + int32(firstNotBefore(lons, r.sureWest))
		hi := s.from + int32(firstNotBefore(lons, r.sureEast))
		if lo >= hi {
			continue
		}
		m.stretches[len(m.stretches)-1].until = lo
		m.stretches = append(m.stretches, stretch{lo, hi, true}, stretch{hi, s.until, false})
	}
}
