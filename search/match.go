package search

import (
	"context"
	"math"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
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
	filter *filter
	words  *wordSets // nil: no words are asked for
	spare  uint32    // parameters that a facet leaves out, see filter.fails
	found  func(c *columns, i int, slot int32, fails uint32)

	looked int
	err    error
}

// run calls found with every listing that matches, or fails only one of the
// spare parameters. It begins at the side that leaves least to look at.
func (m *matcher) run(ctx context.Context) error {
	switch {
	case m.words != nil:
		m.fromWords(ctx)
	default:
		m.fromFacts(ctx)
	}
	for i := range m.tail.len() {
		if m.words == nil || m.words.inTail(&m.tail.stems[i]) {
			m.look(ctx, &m.tail.columns, i, int32(m.base.len()+i))
		}
	}
	return m.err
}

// look looks at one listing that has the words.
func (m *matcher) look(ctx context.Context, c *columns, i int, slot int32) {
	if m.looked++; m.looked%checkEvery == 0 && m.err == nil {
		m.err = ctx.Err()
	}
	if m.err != nil {
		return
	}
	if fails := m.filter.fails(c, i, m.spare); fails&^m.spare == 0 && fails&(fails-1) == 0 && !m.dead.has(int(slot)) {
		m.found(c, i, slot, fails)
	}
}

// fromWords looks at the listings of the base that have the words.
func (m *matcher) fromWords(ctx context.Context) {
	docs := m.words.docs
	if m.filter.circle != nil || m.filter.box != nil {
		ranges := m.ranges()
		if n := rangeLen(ranges); uint64(n) < docs.GetCardinality() {
			reach := roaring.New()
			for _, r := range ranges {
				reach.AddRange(uint64(r[0]), uint64(r[1]))
			}
			if m.filter.circle != nil {
				reach.Or(m.remoteSlots)
			}
			reach.And(docs)
			docs = reach
		}
	}
	var slots [256]uint32
	for more := docs.ManyIterator(); m.err == nil; {
		n := more.NextMany(slots[:])
		if n == 0 {
			return
		}
		for _, slot := range slots[:n] {
			m.look(ctx, &m.base.columns, int(slot), int32(slot))
		}
	}
}

// fromFacts looks at the listings of the base that are near enough, or have an
// interest asked for, or at all.
func (m *matcher) fromFacts(ctx context.Context) {
	ranges := [][2]int32{{0, int32(m.base.len())}}
	var afar []int32
	if m.filter.circle != nil || m.filter.box != nil {
		ranges = m.ranges()
	}
	if m.filter.circle != nil {
		afar = m.base.remote
		ranges = append(ranges, [2]int32{int32(m.located), int32(m.base.len())})
	}
	if lists, n := m.interestLists(); n < rangeLen(ranges)+len(afar) {
		m.each(ctx, lists)
		return
	}
	for _, r := range ranges {
		for slot := r[0]; slot < r[1] && m.err == nil; slot++ {
			m.look(ctx, &m.base.columns, int(slot), slot)
		}
	}
	for _, slot := range afar {
		if !m.filter.circle.spans(m.lat[slot], m.lon[slot]) {
			m.look(ctx, &m.base.columns, int(slot), slot)
		}
	}
}

// each looks at every listing in the lists once.
func (m *matcher) each(ctx context.Context, lists [][]int32) {
	if len(lists) == 1 {
		for _, slot := range lists[0] {
			m.look(ctx, &m.base.columns, int(slot), slot)
		}
		return
	}
	all := slices.Concat(lists...)
	slices.Sort(all)
	for _, slot := range slices.Compact(all) {
		m.look(ctx, &m.base.columns, int(slot), slot)
	}
}

// interestLists are the slots by interest of the alternatives that fewest
// listings have, and how many those are at most.
func (m *matcher) interestLists() (best [][]int32, least int) {
	least = math.MaxInt
	if m.spare&failedInterest != 0 {
		return nil, least
	}
	for _, bits := range m.filter.interest {
		var lists [][]int32
		n := 0
		for i := range len(m.interestFrom) - 1 {
			if bits[i/64]>>(i%64)&1 != 0 {
				lists = append(lists, m.byInterest[m.interestFrom[i]:m.interestFrom[i+1]])
				n += len(lists[len(lists)-1])
			}
		}
		if n < least {
			best, least = lists, n
		}
	}
	return best, least
}

func rangeLen(ranges [][2]int32) (n int) {
	for _, r := range ranges {
		n += int(r[1] - r[0])
	}
	return n
}

// ranges are the stretches of the base in which the circle or the box lies,
// one for each row.
func (m *matcher) ranges() [][2]int32 {
	var south, north, west, east int32
	if box := m.filter.box; box != nil {
		south, north, west, east = box.south, box.north, box.west, box.east
	} else {
		c := m.filter.circle
		south, north, west, east = c.south, c.north, c.west, c.east
	}
	var out [][2]int32
	for row := rowOf(south); row <= rowOf(north); row++ {
		from, until := m.rows[row], m.rows[row+1]
		if from == until {
			continue
		}
		lons := m.lon[from:until]
		lo, _ := slices.BinarySearch(lons, west)
		hi := len(lons)
		if east < math.MaxInt32 {
			hi, _ = slices.BinarySearch(lons, east+1)
		}
		if lo < hi {
			out = append(out, [2]int32{from + int32(lo), from + int32(hi)})
		}
	}
	return out
}

// spans reports whether a place lies in the stretches that the circle is
// looked for in.
func (c *circle) spans(lat, lon int32) bool {
	row := rowOf(lat)
	return row >= rowOf(c.south) && row <= rowOf(c.north) && lon >= c.west && lon <= c.east
}

// wordSets are which listings have the words of a reading.
type wordSets struct {
	docs     *roaring.Bitmap // of the base: any of the words
	forms    []formSet
	unwanted []formSet
	any      bool // no words are wanted: all listings will do
}

// formSet is which listings have one form of a word, where, and what that is
// worth.
type formSet struct {
	text, title, labels *roaring.Bitmap
	keys                []uint64
	weight              float32
	word                int // which word of the reading: the best of its forms counts
}

// wordSets looks the words of r up.
func (v *view) wordSets(r *reading) (*wordSets, error) {
	w := &wordSets{docs: roaring.New(), any: len(r.words) == 0 && len(r.unwanted) > 0}
	var all []*roaring.Bitmap
	for n, s := range r.words {
		typed := float32(0)
		for _, f := range s.forms {
			set, err := v.formSet(f)
			if err != nil {
				return nil, err
			}
			// What was not typed is never more telling than what was.
			telling := v.rarity(set)
			if f.weight == 1 {
				typed = telling
			} else if typed > 0 {
				telling = min(telling, typed)
			}
			set.word, set.weight = n, f.weight*telling
			w.forms, all = append(w.forms, set), append(all, set.text)
		}
	}
	switch {
	case w.any:
		w.docs.AddRange(0, uint64(v.base.len()))
	case len(all) == 1:
		w.docs = all[0]
	default:
		w.docs = roaring.FastOr(all...)
	}
	for _, f := range r.unwanted {
		set, err := v.formSet(f)
		if err != nil {
			return nil, err
		}
		w.unwanted = append(w.unwanted, set)
		non, err := v.bitmap(fieldTitle, nonStem)
		if err != nil {
			return nil, err
		}
		w.docs = roaring.AndNot(w.docs, roaring.AndNot(roaring.Or(set.title, set.labels), non))
	}
	return w, nil
}

// formSet looks one form up.
func (v *view) formSet(f form) (formSet, error) {
	text, err := v.formBitmap(f)
	if err != nil {
		return formSet{}, err
	}
	set := formSet{text: text, title: text, labels: text, keys: f.keys()}
	for i, stem := range f.stems {
		title, err := v.bitmap(fieldTitle, stem)
		if err != nil {
			return formSet{}, err
		}
		labels, err := v.bitmap(fieldLabels, stem)
		if err != nil {
			return formSet{}, err
		}
		if i == 0 {
			set.title, set.labels = title, labels
		} else {
			set.title, set.labels = roaring.And(set.title, title), roaring.And(set.labels, labels)
		}
	}
	return set, nil
}

// rarity is how telling a form is that so many listings have: the usual
// inverse document frequency of BM25.
func (v *view) rarity(set formSet) float32 {
	n, have := float64(v.slots()), float64(v.having(set.text, set.keys))
	return float32(math.Log1p((n - have + 0.5) / (have + 0.5)))
}

// having is how many listings have a form, those counted too that were written
// again or taken out since the base was made.
func (v *view) having(text *roaring.Bitmap, keys []uint64) uint64 {
	n := text.GetCardinality()
	for i := range v.tail.stems {
		if hasAll(&v.tail.stems[i], keys) {
			n++
		}
	}
	return n
}

// inTail reports whether a listing of the tail has any of the words.
func (w *wordSets) inTail(set *stemSet) bool {
	for i := range w.unwanted {
		if where, ok := set.find(stemKey(nonStem)); ok && where&inTitle != 0 {
			break
		}
		if w.unwanted[i].roughTail(set) > roughText {
			return false
		}
	}
	return w.any || slices.ContainsFunc(w.forms, func(f formSet) bool { return hasAll(set, f.keys) })
}

// rough is how well a slot fits the words by a first look.
func (m *matcher) rough(slot int32) (score float32) {
	tailed := int(slot) - m.base.len()
	word, best := 0, float32(0)
	for i := range m.words.forms {
		f := &m.words.forms[i]
		if f.word != word {
			score, word, best = score+best, f.word, 0
		}
		if tailed >= 0 {
			best = max(best, f.weight*f.roughTail(&m.tail.stems[tailed]))
			continue
		}
		if !f.text.Contains(uint32(slot)) {
			continue
		}
		switch {
		case f.title.Contains(uint32(slot)):
			best = max(best, f.weight*roughTitle)
		case f.labels.Contains(uint32(slot)):
			best = max(best, f.weight*roughLabels)
		default:
			best = max(best, f.weight*roughText)
		}
	}
	return score + best
}

func (f *formSet) roughTail(set *stemSet) float32 {
	where := uint8(inTitle | inLabels)
	for _, key := range f.keys {
		w, ok := set.find(key)
		if !ok {
			return 0
		}
		where &= w
	}
	switch {
	case where&inTitle != 0:
		return roughTitle
	case where&inLabels != 0:
		return roughLabels
	}
	return roughText
}
