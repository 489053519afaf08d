package match

import (
	"gather/search"
	"gather/search/calendar"
	"gather/search/segment"
	"math"
	"slices"
	"sort"
	"strings"
)

// Ranked is one match and where it stands: by tier, then by number, smallest
// first; then, where the order is by title, by title; then by id.
type Ranked struct {
	Doc    int32
	tier   int32
	number float64
}

// page picks the matches of this page in order, and reports whether more follow.
func (s *Search) page(after *search.Cursor) ([]Ranked, bool) {
	p := s.picker(after)
	switch s.Query.Order() {
	case search.SortTitle:
		s.pick(p, func(c *segment.Columns, h *hit, i int) float64 { return s.View.TitleNumber(h.doc) })
	case search.SortUpdated:
		s.pick(p, func(c *segment.Columns, _ *hit, i int) float64 { return -float64(c.Updated[i]) })
	case search.SortDistance:
		s.pick(p, func(c *segment.Columns, _ *hit, i int) float64 { return s.distance(c, i) })
	case search.SortSoonest:
		s.pick(p, func(c *segment.Columns, _ *hit, i int) float64 { return s.soonest(c, i) })
	default:
		s.pickBest(p)
	}
	return p.page()
}

// picker keeps the first few matches, in order, after a key.
type picker struct {
	view   *segment.View
	size   int
	titled bool // ties are broken by title first
	after  *search.SortKey
	from   float64  // the number of after
	shown  []uint64 // on pages before, in order; see search.ShownID
	best   []Ranked
}

// picker keeps one match more than a page: that there is one means another page.
func (s *Search) picker(after *search.Cursor) *picker {
	p := &picker{view: s.View, size: s.Query.PageSize() + 1, titled: s.Query.Order() == search.SortTitle, best: s.memory.picked[:0]}
	if after == nil {
		return p
	}
	p.shown = slices.Clone(after.Shown)
	slices.Sort(p.shown)
	if after.After.ID == "" {
		return p
	}
	p.after, p.from = &after.After, after.After.Number
	if p.titled {
		p.from = s.View.TitleNumberOf(after.After.Text, after.After.ID)
	}
	return p
}

// page is what was picked, and whether there is more.
func (p *picker) page() ([]Ranked, bool) {
	if len(p.best) == p.size {
		return p.best[:p.size-1], true
	}
	return p.best, false
}

// offer keeps a match if it is among the first so far.
func (p *picker) offer(r Ranked) {
	full := len(p.best) == p.size
	if full && p.compare(r, p.best[p.size-1]) >= 0 || p.after != nil && !p.isAfter(r) || p.isShown(r) {
		return
	}
	if !full {
		p.best = append(p.best, r)
	}
	last := len(p.best) - 1
	at := last
	if last > 0 && p.compare(p.best[last-1], r) > 0 { // most matches come in order, or nearly
		at = sort.Search(last-1, func(i int) bool { return p.compare(p.best[i], r) > 0 })
		copy(p.best[at+1:], p.best[at:last])
	}
	p.best[at] = r
}

// compare puts matches in order. Titles and ids are read only when they decide.
func (p *picker) compare(a, b Ranked) int {
	switch {
	case a.tier != b.tier:
		return int(a.tier - b.tier)
	case a.number < b.number:
		return -1
	case a.number > b.number:
		return 1
	}
	if p.titled {
		if c := strings.Compare(p.view.Title(a.Doc), p.view.Title(b.Doc)); c != 0 {
			return c
		}
	}
	return strings.Compare(p.view.ID(a.Doc), p.view.ID(b.Doc))
}

// isAfter reports whether a match comes after the last of the page before.
func (p *picker) isAfter(r Ranked) bool {
	switch {
	case int(r.tier) != p.after.Tier:
		return int(r.tier) > p.after.Tier
	case r.number != p.from:
		return r.number > p.from
	}
	if p.titled {
		if c := strings.Compare(p.view.Title(r.Doc), p.after.Text); c != 0 {
			return c > 0
		}
	}
	return p.view.ID(r.Doc) > p.after.ID
}

// isShown reports whether a match was on a page before.
func (p *picker) isShown(r Ranked) bool {
	if len(p.shown) == 0 {
		return false
	}
	_, shown := slices.BinarySearch(p.shown, shownID(p.view, r.Doc))
	return shown
}

// shownID is the number that stands for a doc in search.Cursor.Shown.
func shownID(v *segment.View, doc int32) uint64 {
	var id [idBytes]byte
	return search.ShownID(v.AppendID(id[:0], doc))
}

// key is where a match stands, as a cursor has it.
func (p *picker) key(r Ranked) search.SortKey {
	k := search.SortKey{Tier: int(r.tier), Number: r.number, ID: p.view.ID(r.Doc)}
	if p.titled {
		k.Number, k.Text = 0, p.view.Title(r.Doc)
	}
	return k
}

// nextCursor is where the page that was found ends.
func (s *Search) nextCursor() search.Cursor {
	c := search.Cursor{Question: s.Query.Fingerprint(), At: s.Now.UnixMilli()}
	if s.Query.Order() == search.SortBest {
		if s.after != nil {
			c.Shown = s.after.Shown
		}
		if !s.pastShown() {
			c.Shown = slices.Grow(slices.Clip(c.Shown), len(s.Found))
			for _, r := range s.Found {
				c.Shown = append(c.Shown, shownID(s.View, r.Doc))
			}
			return c
		}
	}
	c.After = (&picker{view: s.View, titled: s.Query.Order() == search.SortTitle}).key(s.Found[len(s.Found)-1])
	return c
}

// pastShown reports whether the page lies behind those that a cursor of
// sort=best remembers.
func (s *Search) pastShown() bool {
	return s.Query.Order() == search.SortBest && s.after != nil && len(s.after.Shown) >= search.MaxShown
}

// pick orders by a number, smallest first. What says nothing of access that
// was asked for comes after the rest in every order.
func (s *Search) pick(p *picker, number func(c *segment.Columns, h *hit, i int) float64) {
	for n := range s.Matcher.hits {
		h := &s.Matcher.hits[n]
		c, i := s.View.Row(h.doc)
		p.offer(Ranked{h.doc, int32(s.unstatedTier(c, i)), number(c, h, i)})
	}
}

func (s *Search) distance(c *segment.Columns, i int) float64 {
	if s.Place == nil || c.Flags[i]&segment.FlagVenue == 0 {
		return math.MaxFloat64
	}
	return s.Place.Miles(c.Position(i))
}

func (s *Search) soonest(c *segment.Columns, i int) float64 {
	if o, ok := s.NextFitting(c.SessionsOf(i)); ok {
		return float64(o.Start())
	}
	return math.MaxFloat64
}

// NextFitting is the first session that the question asks about: on its days,
// at its times, within its dates; else just the next.
func (s *Search) NextFitting(sessions []calendar.Recurrence) (calendar.Occurrence, bool) {
	if len(s.Matcher.filter.tests) == 0 {
		return calendar.NextOf(sessions, s.Wall)
	}
	return s.Matcher.filter.tests[0].FirstOf(sessions, s.Matcher.filter.span)
}

// everything reports whether all listings match, in an order in which segments
// keep their docs: then a page costs the same however deep it lies and however
// many listings there are.
func (s *Search) everything() bool {
	q := &s.Query
	return (q.Sort == search.SortTitle || q.Sort == search.SortUpdated) && len(q.Facets) == 0 && q.AsksNothing()
}

// walk is page where everything matches: it reads the order of the segments.
func (s *Search) walk(after *search.Cursor) ([]Ranked, bool) {
	p := s.picker(after)
	number := s.View.TitleNumber
	if !p.titled {
		number = func(doc int32) float64 {
			c, i := s.View.Row(doc)
			return -float64(c.Updated[i])
		}
	}
	for _, part := range s.View.Parts() {
		rows := part.Segment.ByTitle()
		if !p.titled {
			rows = part.Segment.ByUpdated()
		}
		from := 0
		if p.after != nil {
			from = sort.Search(len(rows), func(i int) bool {
				doc := part.First + rows[i]
				return p.isAfter(Ranked{Doc: doc, number: number(doc)})
			})
		}
		for taken := 0; from < len(rows) && taken < p.size; from++ {
			if doc := part.First + rows[from]; !s.View.Deleted.Has(int(doc)) {
				p.offer(Ranked{Doc: doc, number: number(doc)})
				taken++
			}
		}
	}
	return p.page()
}

// idBytes is the length of a UUID as text.
const idBytes = 36

// IDs are the ids of matches. They share one allocation.
func IDs(v *segment.View, found []Ranked) []string {
	all, ends := make([]byte, 0, idBytes*len(found)), make([]int, 0, search.MaxLimit)
	for _, r := range found {
		all = v.AppendID(all, r.Doc)
		ends = append(ends, len(all))
	}
	text, from := string(all), 0
	ids := make([]string, len(found))
	for i, end := range ends {
		ids[i], from = text[from:end], end
	}
	return ids
}
