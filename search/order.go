package search

import (
	"cmp"
	"math"
	"slices"
)

// ranked is one match and where it stands.
type ranked struct {
	slot  int32
	key   sortKey
	score *Score // where it was reckoned with care
}

// page are the matches of this page in order, and whether there are more.
func (s *searching) page(after *cursor) ([]ranked, bool) {
	// One more than a page tells whether there is another page.
	p := &picker{view: s.view, size: s.query.PageSize() + 1}
	if after != nil {
		p.after = &after.After
	}
	switch s.query.order() {
	case SortTitle:
		s.pickTitles(p)
	case SortUpdated:
		s.pick(p, func(c *columns, i int) float64 { return -float64(c.updated[i]) })
	case SortDistance:
		s.pick(p, s.distance)
	case SortSoonest:
		s.pick(p, s.soonest)
	default:
		s.pickBest(p)
	}
	if len(p.best) == p.size {
		return p.best[:p.size-1], true
	}
	return p.best, false
}

// picker keeps the first few, in order, of what comes after a key.
type picker struct {
	*view
	size  int
	after *sortKey
	best  []ranked
}

// offer takes a match in when it is among the first. Keys come without the
// id, which is read only when it decides.
func (p *picker) offer(r ranked) {
	if p.after != nil {
		order := r.key.before(*p.after)
		if order == 0 {
			r.key.ID = p.id(r.slot)
			order = cmp.Compare(r.key.ID, p.after.ID)
		}
		if order <= 0 {
			return
		}
	}
	if len(p.best) == p.size && r.key.before(p.best[p.size-1].key) > 0 {
		return
	}
	r.key.ID = p.id(r.slot)
	at, _ := slices.BinarySearchFunc(p.best, r, func(a, b ranked) int { return a.key.compare(b.key) })
	if at == p.size {
		return
	}
	if len(p.best) == p.size {
		p.best = p.best[:p.size-1]
	}
	p.best = slices.Insert(p.best, at, r)
}

// before compares keys without their ids.
func (k sortKey) before(o sortKey) int {
	return cmp.Or(cmp.Compare(k.Tier, o.Tier), cmp.Compare(k.Number, o.Number), cmp.Compare(k.Text, o.Text))
}

// pick orders by a number, smallest first. What says nothing of access that
// was asked for comes after the rest in every order.
func (s *searching) pick(p *picker, number func(c *columns, i int) float64) {
	for _, h := range s.hits {
		c, i := s.row(h.slot)
		p.offer(ranked{slot: h.slot, key: sortKey{Tier: s.unstatedTier(c, i), Number: number(c, i)}})
	}
}

func (s *searching) distance(c *columns, i int) float64 {
	if s.place == nil || c.flags[i]&flagVenue == 0 {
		return math.MaxFloat64
	}
	return s.place.Miles(c.position(i))
}

func (s *searching) soonest(c *columns, i int) float64 {
	if o, ok := s.nextFitting(c.sessionsOf(i)); ok {
		return float64(o.start())
	}
	return math.MaxFloat64
}

// nextFitting is the first session that the question asks about: on its days,
// at its times, within its dates; else just the next.
func (s *searching) nextFitting(sessions []recurrence) (occurrence, bool) {
	if len(s.matcher.filter.tests) == 0 {
		return nextOf(sessions, s.wall)
	}
	return s.test.firstOf(sessions, s.matcher.filter.span)
}

// pickTitles orders by title: the base knows its order by heart, and the few of
// the tail are compared as texts.
func (s *searching) pickTitles(p *picker) {
	base := s.base.len()
	rank := func(text, id string) int32 {
		at, _ := slices.BinarySearchFunc(s.byTitle, 0, func(slot int32, _ int) int {
			i, t := s.base.names(int(slot))
			return cmp.Or(cmp.Compare(string(t), text), cmp.Compare(string(i), id))
		})
		return int32(at)
	}
	// The first ranks of each tier, of which there are two at most.
	first := map[int][]int32{}
	from := int32(0)
	if p.after != nil {
		from = rank(p.after.Text, p.after.ID)
	}
	for _, h := range s.hits {
		c, i := s.row(h.slot)
		tier := s.unstatedTier(c, i)
		if int(h.slot) >= base {
			p.offer(ranked{slot: h.slot, key: sortKey{Tier: tier, Text: s.title(h.slot)}})
			continue
		}
		r := s.titleRank[h.slot]
		if p.after != nil && (tier < p.after.Tier || tier == p.after.Tier && r < from) {
			continue
		}
		have := first[tier]
		if len(have) > p.size && r >= have[len(have)-1] {
			continue
		}
		at, _ := slices.BinarySearch(have, r)
		have = slices.Insert(have, at, r)
		first[tier] = have[:min(len(have), p.size+1)]
	}
	for tier, ranks := range first {
		for _, r := range ranks {
			slot := s.byTitle[r]
			p.offer(ranked{slot: slot, key: sortKey{Tier: tier, Text: s.title(slot)}})
		}
	}
}

// everything reports whether all listings match, in an order that the base
// knows by heart: then a page costs the same however deep it lies, and however
// many listings there are.
func (s *searching) everything() bool {
	q := s.query.question()
	order := q.Sort
	q.Sort = ""
	return (order == SortTitle || order == SortUpdated) && len(s.query.Facets) == 0 && q.String() == ""
}

// walk is page where everything matches.
func (s *searching) walk(after *cursor) ([]ranked, bool) {
	p := &picker{view: s.view, size: s.query.PageSize() + 1}
	order, key := s.byTitle, func(slot int32) sortKey { return sortKey{Text: s.title(slot)} }
	if s.query.order() == SortUpdated {
		order, key = s.byUpdated, func(slot int32) sortKey {
			c, i := s.row(slot)
			return sortKey{Number: -float64(c.updated[i])}
		}
	}
	from := 0
	if after != nil {
		p.after = &after.After
		from, _ = slices.BinarySearchFunc(order, after.After, func(slot int32, k sortKey) int {
			return cmp.Or(key(slot).before(k), cmp.Compare(s.id(slot), k.ID))
		})
	}
	for taken := 0; from < len(order) && taken <= p.size; from++ {
		if slot := order[from]; !s.dead.has(int(slot)) {
			p.offer(ranked{slot: slot, key: key(slot)})
			taken++
		}
	}
	for i := range s.tail.len() {
		if slot := int32(s.base.len() + i); !s.dead.has(int(slot)) {
			p.offer(ranked{slot: slot, key: key(slot)})
		}
	}
	if len(p.best) == p.size {
		return p.best[:p.size-1], true
	}
	return p.best, false
}
