package search

import (
	"math"
	"slices"
	"sort"
	"strings"
)

// ranked is one match and where it stands: by tier, then by number, smallest
// first; then, where the order is by title, by title; then by id.
type ranked struct {
	doc    int32
	tier   int32
	number float64
}

// page are the matches of this page in order, and whether there are more.
func (s *Search) page(after *cursor) ([]ranked, bool) {
	p := s.picker(after)
	switch s.query.order() {
	case SortTitle:
		s.pick(p, func(c *columns, h *hit, i int) float64 { return s.view.titleNumber(h.doc) })
	case SortUpdated:
		s.pick(p, func(c *columns, _ *hit, i int) float64 { return -float64(c.updated[i]) })
	case SortDistance:
		s.pick(p, func(c *columns, _ *hit, i int) float64 { return s.distance(c, i) })
	case SortSoonest:
		s.pick(p, func(c *columns, _ *hit, i int) float64 { return s.soonest(c, i) })
	default:
		s.pickBest(p)
	}
	return p.page()
}

// picker keeps the first few, in order, of what comes after a key.
type picker struct {
	view   *view
	size   int
	titled bool // ties are broken by title first
	after  *sortKey
	from   float64 // the number of after
	best   []ranked
}

// picker makes a picker of one more than a page, which tells whether there is
// another page.
func (s *Search) picker(after *cursor) *picker {
	p := &picker{view: s.view, size: s.query.PageSize() + 1, titled: s.query.order() == SortTitle, best: s.picked[:0]}
	if after == nil {
		return p
	}
	p.after, p.from = &after.After, after.After.Number
	if p.titled {
		p.from = s.view.titleNumberOf(after.After.Text, after.After.ID)
	}
	return p
}

// page is what was picked, and whether there is more.
func (p *picker) page() ([]ranked, bool) {
	if len(p.best) == p.size {
		return p.best[:p.size-1], true
	}
	return p.best, false
}

// offer takes a match in when it is among the first.
func (p *picker) offer(r ranked) {
	full := len(p.best) == p.size
	if full && p.compare(r, p.best[p.size-1]) >= 0 || p.after != nil && !p.isAfter(r) {
		return
	}
	if !full {
		p.best = append(p.best, r)
	}
	last := len(p.best) - 1
	at, _ := slices.BinarySearchFunc(p.best[:last], r, p.compare)
	copy(p.best[at+1:], p.best[at:last])
	p.best[at] = r
}

// compare puts matches in order. Titles and ids are read only when they decide.
func (p *picker) compare(a, b ranked) int {
	switch {
	case a.tier != b.tier:
		return int(a.tier - b.tier)
	case a.number < b.number:
		return -1
	case a.number > b.number:
		return 1
	}
	if p.titled {
		if c := strings.Compare(p.view.title(a.doc), p.view.title(b.doc)); c != 0 {
			return c
		}
	}
	return strings.Compare(p.view.id(a.doc), p.view.id(b.doc))
}

// isAfter reports whether a match comes after the last of the page before.
func (p *picker) isAfter(r ranked) bool {
	switch {
	case int(r.tier) != p.after.Tier:
		return int(r.tier) > p.after.Tier
	case r.number != p.from:
		return r.number > p.from
	}
	if p.titled {
		if c := strings.Compare(p.view.title(r.doc), p.after.Text); c != 0 {
			return c > 0
		}
	}
	return p.view.id(r.doc) > p.after.ID
}

// key is where a match stands, as a cursor has it.
func (p *picker) key(r ranked) sortKey {
	k := sortKey{Tier: int(r.tier), Number: r.number, ID: p.view.id(r.doc)}
	if p.titled {
		k.Number, k.Text = 0, p.view.title(r.doc)
	}
	return k
}

// pick orders by a number, smallest first. What says nothing of access that
// was asked for comes after the rest in every order.
func (s *Search) pick(p *picker, number func(c *columns, h *hit, i int) float64) {
	for n := range s.matcher.hits {
		h := &s.matcher.hits[n]
		c, i := s.view.row(h.doc)
		p.offer(ranked{h.doc, int32(s.unstatedTier(c, i)), number(c, h, i)})
	}
}

func (s *Search) distance(c *columns, i int) float64 {
	if s.place == nil || c.flags[i]&flagVenue == 0 {
		return math.MaxFloat64
	}
	return s.place.Miles(c.position(i))
}

func (s *Search) soonest(c *columns, i int) float64 {
	if o, ok := s.nextFitting(c.sessionsOf(i)); ok {
		return float64(o.start())
	}
	return math.MaxFloat64
}

// nextFitting is the first session that the question asks about: on its days,
// at its times, within its dates; else just the next.
func (s *Search) nextFitting(sessions []recurrence) (occurrence, bool) {
	if len(s.matcher.filter.tests) == 0 {
		return nextOf(sessions, s.wall)
	}
	return s.matcher.filter.tests[0].firstOf(sessions, s.matcher.filter.span)
}

// everything reports whether all listings match, in an order that the base
// knows by heart: then a page costs the same however deep it lies, and however
// many listings there are.
func (s *Search) everything() bool {
	q := &s.query
	return (q.Sort == SortTitle || q.Sort == SortUpdated) && len(q.Facets) == 0 && q.asksNothing()
}

// walk is page where everything matches.
func (s *Search) walk(after *cursor) ([]ranked, bool) {
	p := s.picker(after)
	order, newer, number := s.view.main.byTitle, s.view.delta.byTitle, s.view.titleNumber
	if !p.titled {
		order, newer = s.view.main.byUpdated, s.view.delta.byUpdated
		number = func(doc int32) float64 {
			c, i := s.view.row(doc)
			return -float64(c.updated[i])
		}
	}
	base := int32(s.view.main.columns.len())
	take := func(n int, doc func(int) int32) {
		from := 0
		if p.after != nil {
			from = sort.Search(n, func(i int) bool { return p.isAfter(ranked{doc: doc(i), number: number(doc(i))}) })
		}
		for taken := 0; from < n && taken < p.size; from++ {
			if at := doc(from); !s.view.deleted.has(int(at)) {
				p.offer(ranked{doc: at, number: number(at)})
				taken++
			}
		}
	}
	take(len(order), func(i int) int32 { return order[i] })
	take(len(newer), func(i int) int32 { return base + newer[i] })
	return p.page()
}

// idBytes is how long an id usually is.
const idBytes = 36

// ids are the ids of matches, which share one piece of memory.
func ids(v *view, found []ranked) []string {
	all, ends := make([]byte, 0, idBytes*len(found)), make([]int, len(found))
	for i, r := range found {
		all = v.appendID(all, r.doc)
		ends[i] = len(all)
	}
	text, from := string(all), 0
	ids := make([]string, len(found))
	for i, end := range ends {
		ids[i], from = text[from:end], end
	}
	return ids
}
