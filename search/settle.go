package search

import (
	"bytes"
	"context"
	"errors"
	"slices"

	index "github.com/blevesearch/bleve_index_api"
)

const (
	// leastTail is how long a tail may always be, and tailShare which share of
	// the base it may be, before both are made a new base: every search looks
	// at all of the tail, which takes some microseconds for a thousand, and
	// making a base takes some seconds for a million.
	leastTail = 2000
	tailShare = 64
)

// settle makes a new base of base and tail in the background, when the tail is
// long and none is being made. Searches and writes go on meanwhile. x.writing
// and x.mu are held.
func (x *Index) settle(s *shelf) {
	if !x.settled || s.tail.columns.len() <= max(leastTail, s.base.columns.len()/tailShare) {
		return
	}
	v := x.view
	reader, err := s.reader()
	if err != nil {
		x.log.Error("search: the index is not put in order", "error", err)
		return
	}
	bodies, err := s.listings.load()
	if err != nil {
		x.log.Error("search: the index is not put in order", "error", errors.Join(err, reader.Close()))
		return
	}
	x.settled = false
	v.users++
	x.settling.Go(func() {
		defer x.release(v)
		made, moved, err := x.resettle(s, v, bodies, reader)
		if err != nil {
			x.log.Error("search: the index is not put in order", "error", errors.Join(err, reader.Close(), bodies.close()))
			x.writing.Lock()
			defer x.writing.Unlock()
			x.settled = true
			return
		}
		x.replace(s, v, made, moved)
	})
}

// resettle makes the new base, on one core: searches go on meanwhile.
func (x *Index) resettle(s *shelf, v *view, bodies *mapped, reader index.IndexReader) (*base, []int32, error) {
	// A merge of a whole index may hold the turn for minutes.
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	go func() {
		select {
		case <-x.closing:
			stop()
		case <-ctx.Done():
		}
	}()
	done, err := x.turns.take(ctx)
	if err != nil {
		return nil, nil, err
	}
	defer done()
	r := v.unordered()
	r.cores = 1
	defer giveBack(v.live)
	made, moved, err := newBase(r, bodies, reader, v.orders, s.interestNames())
	if err == nil {
		made.carry(v, moved)
	}
	return made, moved, err
}

// unordered are all listings of v. What is known of the base's order and names is
// taken from there: only the tail is sorted, and no name read from the disk.
func (v *view) unordered() *unordered {
	before := v.base.columns.len()
	r := &unordered{columns: v.base.columns.joined(&v.tail.columns), at: slices.Concat(v.base.at, v.tail.at)}
	var later []int32 // of the tail
	for i := range v.tail.columns.len() {
		if slot := int32(before + i); !v.dead.has(int(slot)) {
			later = append(later, slot)
		}
	}
	r.id = func(slot int32) []byte {
		if i := int(slot) - before; i >= 0 {
			return []byte(idOf(v.tail.bodies[i]))
		}
		return []byte(v.base.id(slot))
	}
	title := func(slot int32) []byte {
		if i := int(slot) - before; i >= 0 {
			return []byte(titleOf(v.tail.bodies[i]))
		}
		_, title := v.base.names(int(slot))
		return title
	}
	byID := func(a, b int32) int { return bytes.Compare(r.id(a), r.id(b)) }
	r.byID = v.merged(v.base.byID, later, byID)
	r.byTitle = v.merged(v.base.byTitle, later, func(a, b int32) int {
		if c := bytes.Compare(title(a), title(b)); c != 0 {
			return c
		}
		return byID(a, b)
	})
	r.names = v.naming(later)
	return r
}

// merged is an order of the base without what is dead, and with slots of the
// tail where they belong.
func (v *view) merged(base, later []int32, compare func(a, b int32) int) []int32 {
	later = slices.Clone(later)
	slices.SortFunc(later, compare)
	out := make([]int32, 0, v.live)
	from := 0
	upTo := func(until int) {
		for _, slot := range base[from:until] {
			if !v.dead.has(int(slot)) {
				out = append(out, slot)
			}
		}
		from = until
	}
	for _, slot := range later {
		at, _ := slices.BinarySearchFunc(base[from:], slot, compare)
		upTo(from + at)
		out = append(out, slot)
	}
	upTo(len(base))
	return out
}

// naming are the names of the base and of slots of the tail.
func (v *view) naming(later []int32) *naming {
	n := newNaming()
	n.activities.addAll(v.base.prompts.activities)
	n.groups.addAll(v.base.prompts.groups)
	for _, slot := range later {
		// It was written by this process, and is as it was packed.
		if f, err := namesIn(v.tail.bodies[int(slot)-v.base.columns.len()]); err == nil {
			n.add(f, slot)
		}
	}
	return &n
}

// addAll adds the names of prompts.
func (n *names) addAll(p *prompts) {
	n.numbers = make(map[uint64]int32, p.len())
	n.texts = arena{bytes: make([]byte, 0, len(p.texts)), ends: make([]int, 0, len(p.ends))}
	n.rows = make([]named, 0, len(p.slots))
	for i := range int32(p.len()) {
		key, id := p.text(i, promptKey), ""
		if p.kind == suggestGroup {
			key, id = "", p.text(i, promptID)
		}
		name := n.number(key, p.text(i, promptText), p.text(i, promptCy), id)
		for _, slot := range p.slotsOf(i) {
			n.rows = append(n.rows, named{name, slot})
		}
	}
}

// replace puts a new base, made of what v saw, in the place of the old. moved
// says where the slots of v went.
func (x *Index) replace(s *shelf, v *view, made *base, moved []int32) {
	x.writing.Lock()
	defer x.writing.Unlock()
	x.settled = true
	if now, err := x.writable(); err != nil || now != s || s.base != v.base {
		if err := made.close(); err != nil {
			x.log.Error("search: closing an index", "error", err)
		}
		return
	}
	s.rebase(v, made, moved) // searches see none of it yet
	x.mu.Lock()
	defer x.mu.Unlock()
	x.show(s)
	x.settle(s) // what came meanwhile may be long too
}

// since are the slots of s that are not in an earlier state of it. Pages that
// are the same were not written to.
func (s slotSet) since(before slotSet) (fresh []int32) {
	for n, page := range s.pages {
		if page == nil || n < len(before.pages) && before.pages[n] == page {
			continue
		}
		for i := range pageWords * 64 {
			if slot := n*pageWords*64 + i; s.has(slot) && !before.has(slot) {
				fresh = append(fresh, int32(slot))
			}
		}
	}
	return fresh
}

// rebase keeps of the tail what v did not see, behind a new base.
func (s *shelf) rebase(v *view, made *base, moved []int32) {
	seen, before := v.tail.columns.len(), s.base.columns.len()
	var later []int32
	for i := seen; i < s.tail.columns.len(); i++ {
		later = append(later, int32(i))
	}
	place := func(slot int) int32 {
		if slot < len(moved) {
			return moved[slot]
		}
		return int32(made.columns.len() + slot - before - seen)
	}
	var dead []int32
	for _, slot := range s.dead.since(v.dead) {
		if now := place(int(slot)); now >= 0 {
			dead = append(dead, now)
		}
	}
	newest := map[string]int32{}
	for id, slot := range s.newest {
		if int(slot) >= before+seen {
			newest[id] = place(int(slot))
		}
	}
	kept := tail{columns: *s.tail.columns.pick(later), tailWords: &tailWords{}}
	for n, i := range later {
		body := s.tail.bodies[i]
		kept.keep(body, s.tail.at[i], s.tail.terms[i], made.titleRankOf(titleOf(body), idOf(body)))
		kept.index(made.columns.len()+n, s.tail.terms[i])
	}
	kept.order(0)
	s.tail = kept
	s.base, s.dead, s.newest, s.tips = made, slotSet{}.with(dead), newest, s.tips.after(before+seen, place)
}

// joined is the rows of c and then those of d.
func (c *columns) joined(d *columns) *columns {
	out := &columns{
		lat: slices.Concat(c.lat, d.lat), lon: slices.Concat(c.lon, d.lon), flags: slices.Concat(c.flags, d.flags),
		accessYes: slices.Concat(c.accessYes, d.accessYes), accessNo: slices.Concat(c.accessNo, d.accessNo),
		firstYes: slices.Concat(c.firstYes, d.firstYes), firstNo: slices.Concat(c.firstNo, d.firstNo),
		trusted: slices.Concat(c.trusted, d.trusted), own: slices.Concat(c.own, d.own), weekdays: slices.Concat(c.weekdays, d.weekdays), madeFor: slices.Concat(c.madeFor, d.madeFor), language: slices.Concat(c.language, d.language),
		minAge: slices.Concat(c.minAge, d.minAge), maxAge: slices.Concat(c.maxAge, d.maxAge), price: slices.Concat(c.price, d.price),
		size: slices.Concat(c.size, d.size), updated: slices.Concat(c.updated, d.updated), checked: slices.Concat(c.checked, d.checked),
		how: slices.Concat(c.how, d.how), district: slices.Concat(c.district, d.district), group: slices.Concat(c.group, d.group),
		lives: slices.Concat(c.lives, d.lives), horizon: slices.Concat(c.horizon, d.horizon),
		interestEnd: slices.Clone(c.interestEnd), interests: slices.Concat(c.interests, d.interests),
		sessionEnd: slices.Clone(c.sessionEnd), sessions: slices.Concat(c.sessions, d.sessions),
	}
	for _, end := range d.interestEnd {
		out.interestEnd = append(out.interestEnd, end+uint32(len(c.interests)))
	}
	for _, end := range d.sessionEnd {
		out.sessionEnd = append(out.sessionEnd, end+uint32(len(c.sessions)))
	}
	return out
}
