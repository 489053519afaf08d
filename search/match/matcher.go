package match

import (
	"context"
	"gather/search/segment"
	"math"
	"slices"
)

// checkEvery is how many rows are tested between checks of the context.
const checkEvery = 1 << 14

// hit is one match, and the score of its words in the first pass.
type hit struct {
	doc   int32
	words float32
}

// matcher finds the docs of one view that match one compiled query.
type matcher struct {
	view    *segment.View
	filter  *filter
	terms   *termSets // nil: no words are asked for
	counter *counter  // nil: no facets are asked for
	keep    bool      // hits, not only how many there are
	// alone are the parameters of which a row may fail one and still be counted
	// for a facet, see filter.fails.
	alone uint32

	Total    int
	Unstated int // that would match if what they do not say were yes
	hits     []hit
	best     float32 // of the scores of words among the hits

	ranges          []docRange
	withoutInterest filter // memory
	block           *block
	tested          int
	err             error
}

// docRange is a run of docs; all of a sure one lie in the circle.
type docRange struct {
	from, until int32
	sure        bool
}

// run finds what matches, in the order of docs, from the postings of the words or
// from the columns.
func (m *matcher) run(ctx context.Context) error {
	m.alone = 0
	if m.counter != nil {
		m.alone = m.counter.alone
	}
	switch {
	case m.terms != nil:
		m.scanWords(ctx)
	default:
		m.scanFacts(ctx)
		for row := range m.view.Delta.Len() {
			m.test(ctx, &m.view.Delta.Columns, row, m.view.DeltaDoc(row), false, 0)
		}
	}
	return m.err
}

// test tests one row, whose words have a score, and counts it.
func (m *matcher) test(ctx context.Context, c *segment.Columns, i int, doc int32, sure bool, words float32) {
	if m.tested++; m.tested%checkEvery == 0 && m.err == nil {
		m.err = ctx.Err()
	}
	if m.err != nil {
		return
	}
	f := m.filter
	near := sure || f.near(c, i)
	fails := f.fails(c, i, near, m.alone)
	if fails&failed != 0 || m.view.Deleted.Has(int(doc)) {
		return
	}
	if fails == 0 {
		m.Total++
		if m.keep {
			m.hits = append(m.hits, hit{doc, words})
			m.best = max(m.best, words)
		}
	} else if fails&unstatedOnly != 0 {
		m.Unstated++
		fails &^= unstatedOnly
	}
	if n := m.counter; n != nil && fails&^n.alone == 0 && fails&(fails-1) == 0 {
		n.count(c, i, near, fails)
	}
}

// scanFacts tests the rows of the main segment that lie near enough or have an
// interest asked for, whichever are fewer.
func (m *matcher) scanFacts(ctx context.Context) {
	m.nearRanges(true)
	if m.scanInterest(ctx) {
		return
	}
	for _, s := range m.ranges {
		m.prefilter(ctx, s)
	}
}

// bit is 1 for true.
func bit(so bool) int {
	if so {
		return 1
	}
	return 0
}

// prefilter tests the rows of a range that pass the three cheapest tests: most
// rows do not, so this loop decides how long a search of a town takes.
func (m *matcher) prefilter(ctx context.Context, s docRange) {
	f, c := m.filter, &m.view.Main.Columns
	// Every row passes what is not asked for.
	alternatives, has := ^uint64(0), ^uint64(0)
	if f.access != nil && !f.unknown {
		alternatives, has = f.access[0], 0
	}
	most, priced := f.cost, bit(f.priced)
	days, free := uint8(0), uint8(1)
	if len(f.tests) > 0 {
		days, free = f.tests[0].Days, 0
	}
	strict := [2]int{bit(m.alone&failedCost == 0), bit(m.alone&failedSessions == 0)}
	access, price, weekdays := c.AccessYes[s.from:s.until], c.Price[s.from:s.until], c.Weekdays[s.from:s.until]
	for k := range access {
		badAccess := bit((access[k]|has)&alternatives == 0)
		badPrice := bit(!(price[k] <= most)) & priced
		badDay := bit(weekdays[k]&days|free == 0)
		if badAccess+badPrice+badDay > 1 || badPrice&strict[0]|badDay&strict[1] != 0 {
			continue
		}
		doc := s.from + int32(k)
		m.test(ctx, c, int(doc), doc, s.sure, 0)
	}
}

// scanInterest tests the rows that have the rarest interest asked for and lie in
// the ranges. It reports false where scanning the ranges is cheaper.
func (m *matcher) scanInterest(ctx context.Context) bool {
	if m.filter.interest == nil || m.alone&failedInterest != 0 || len(m.ranges) == 0 {
		return false
	}
	which, least := 0, math.MaxInt
	for i, ids := range m.filter.interestIDs {
		n := 0
		for _, id := range ids {
			n += len(m.inRanges(m.view.Main.WithInterest(id)))
		}
		if n < least {
			which, least = i, n
		}
	}
	ids := m.filter.interestIDs[which]
	// One list is only read where the ranges are. Several are merged first, which
	// pays where they are short.
	if len(ids) > 1 && least > m.rangeLen() {
		return false
	}
	var list []int32
	for _, id := range ids {
		more := m.inRanges(m.view.Main.WithInterest(id))
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
		// All of the list have it, so it need not be tested.
		m.withoutInterest = *asked
		m.withoutInterest.interest, m.filter = nil, &m.withoutInterest
		defer func() { m.filter = asked }()
	}
	for _, s := range m.ranges {
		if list = list[gallop(list, s.from):]; len(list) == 0 {
			break
		}
		for len(list) > 0 && list[0] < s.until {
			m.test(ctx, &m.view.Main.Columns, int(list[0]), list[0], s.sure, 0)
			list = list[1:]
		}
	}
	return true
}

// gallop is lowerBound for a value that is likely to be near the front.
func gallop(list []int32, v int32) int {
	step := 1
	for step < len(list) && list[step] < v {
		step *= 2
	}
	from := step / 2
	return from + lowerBound(list[from:min(step+1, len(list))], v)
}

// inRanges is the part of a list of docs between the first and the last range.
func (m *matcher) inRanges(list []int32) []int32 {
	from := lowerBound(list, m.ranges[0].from)
	return list[from : from+lowerBound(list[from:], m.ranges[len(m.ranges)-1].until)]
}

func (m *matcher) rangeLen() (n int) {
	for _, s := range m.ranges {
		n += int(s.until - s.from)
	}
	return n
}

// nearRanges finds the ranges of the main segment whose docs may lie near enough;
// parted, those that are sure to are ranges of their own.
func (m *matcher) nearRanges(parted bool) {
	m.ranges = m.ranges[:0]
	b, f := m.view.Main, m.filter
	switch {
	case f.box != nil:
		m.addBox(b.Rows)
		m.addBox(b.RemoteRows)
	case f.circle == nil:
		m.ranges = append(m.ranges, docRange{0, int32(b.Len()), false})
	default:
		m.addCircle(b.Rows, parted)
		if f.goesThere && m.alone&failedDelivery == 0 {
			m.addCircle(b.RemoteRows, parted)
			if from, until := b.AreaDocs(); f.areas != nil && from < until {
				m.ranges = append(m.ranges, docRange{from, until, false})
			}
			return
		}
		m.ranges = append(m.ranges, docRange{int32(b.Local), int32(b.Len()), false})
	}
}

// addBox adds the range of each row that lies in the box.
func (m *matcher) addBox(rows []int32) {
	box := m.filter.box
	for row := segment.RowOf(box.south); row <= segment.RowOf(box.north); row++ {
		m.addRow(rows, row, box.west, box.east)
	}
}

// addRow adds the range of a row between two longitudes, both included, and
// returns it.
func (m *matcher) addRow(rows []int32, row int, west, east int32) docRange {
	from, until := rows[row], rows[row+1]
	if from == until {
		return docRange{}
	}
	lons := m.view.Main.Columns.Lon[from:until]
	lo := lowerBound(lons, west)
	hi := len(lons)
	if east < math.MaxInt32 {
		hi = lo + lowerBound(lons[lo:], east+1)
	}
	if lo >= hi {
		return docRange{}
	}
	s := docRange{from + int32(lo), from + int32(hi), false}
	m.ranges = append(m.ranges, s)
	return s
}

// lowerBound is the index of the first value not below v in an ordered list. The
// loop has no branch to mispredict, which halves its time.
func lowerBound(list []int32, v int32) int {
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

// minSureDocs is how many docs of a row make it worth finding those that are sure
// to lie in the circle.
const minSureDocs = 16

// addCircle adds the ranges of each row that the circle touches.
func (m *matcher) addCircle(rows []int32, parted bool) {
	c := m.filter.circle
	for row := segment.RowOf(c.south); row <= segment.RowOf(c.north); row++ {
		if rows[row] == rows[row+1] {
			continue
		}
		r, ok := c.row(row)
		if !ok {
			continue
		}
		s := m.addRow(rows, row, r.west, r.east)
		if n := s.until - s.from; !parted || n < minSureDocs || r.sureWest >= r.sureEast {
			continue
		}
		lons := m.view.Main.Columns.Lon[s.from:s.until]
		lo := s.from + int32(lowerBound(lons, r.sureWest))
		hi := s.from + int32(lowerBound(lons, r.sureEast))
		if lo >= hi {
			continue
		}
		m.ranges[len(m.ranges)-1].until = lo
		m.ranges = append(m.ranges, docRange{lo, hi, true}, docRange{hi, s.until, false})
	}
}
