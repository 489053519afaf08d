package search

import (
	"bytes"
	"context"
	"errors"
	"slices"

	index "github.com/blevesearch/bleve_index_api"
)

const (
	// leastDelta is how long a tail may always be, and tailShare which share of
	// the base it may be, before both are made a new base: every search looks
	// at all of the tail, which takes some microseconds for a thousand, and
	// making a base takes some seconds for a million.
	leastDelta = 2000
	deltaShare = 64
)

// compact makes a new base of base and tail in the background, when the tail is
// long and none is being made. Searches and writes go on meanwhile. x.writing
// and x.mu are held.
func (x *Index) compact(s *disk) {
	if !x.compacted || s.delta.columns.len() <= max(leastDelta, s.main.columns.len()/deltaShare) {
		return
	}
	v := x.current
	reader, err := s.reader()
	if err != nil {
		x.log.Error("search: the index is not put in order", "error", err)
		return
	}
	bodies, err := s.listings.mapCommitted()
	if err != nil {
		x.log.Error("search: the index is not put in order", "error", errors.Join(err, reader.Close()))
		return
	}
	x.compacted = false
	v.users++
	x.compacting.Go(func() {
		defer x.release(v)
		made, err := x.compactSnapshot(v, bodies, reader)
		if err != nil {
			x.log.Error("search: the index is not put in order", "error", errors.Join(err, reader.Close(), bodies.close()))
			x.writing.Lock()
			defer x.writing.Unlock()
			x.compacted = true
			return
		}
		x.replaceMain(s, v, made)
	})
}

// compacted_ is a new main segment, and where the docs of a view went in it, -1
// for nowhere.
type compacted_ struct {
	main        *main
	completions *completionSets
	moved       []int32
}

// compactSnapshot makes the new main segment, on one core: searches go on
// meanwhile.
func (x *Index) compactSnapshot(v *snapshot, bodies *mappedFile, reader index.IndexReader) (made compacted_, err error) {
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
	done, err := x.throttle.acquire(ctx)
	if err != nil {
		return made, err
	}
	defer done()
	r, added := v.view.unsorted()
	r.cores = 1
	names := mergeNames(v, added)
	r.beside = func(moved, byID []int32, id func(doc int32) []byte) {
		made.completions = names.completionSets(moved, byID, id, interestNames(x.words))
	}
	defer freeMemory(v.view.live)
	made.main, made.moved, err = newMain(r, bodies, reader, v.view.ordinals)
	if err == nil {
		made.main.carryPostings(v.view, made.moved)
	}
	return made, err
}

// unsorted are all listings of v, and the docs of its delta segment that are
// not deleted. The order of the main segment is taken from there: only the delta
// is sorted, and no name read from the disk.
func (v *view) unsorted() (r *unsorted, added []int32) {
	before := v.main.columns.len()
	r = &unsorted{columns: v.main.columns.joined(&v.delta.columns), at: slices.Concat(v.main.at, v.delta.at)}
	for i := range v.delta.columns.len() {
		if doc := int32(before + i); !v.deleted.has(int(doc)) {
			added = append(added, doc)
		}
	}
	r.id = func(doc int32) []byte {
		if i := int(doc) - before; i >= 0 {
			return []byte(idOf(v.delta.bodies[i]))
		}
		return []byte(v.main.id(doc))
	}
	title := func(doc int32) []byte {
		if i := int(doc) - before; i >= 0 {
			return []byte(titleOf(v.delta.bodies[i]))
		}
		_, title := v.main.idAndTitle(int(doc))
		return title
	}
	byID := func(a, b int32) int { return bytes.Compare(r.id(a), r.id(b)) }
	r.byID = v.merged(v.main.byID, added, byID)
	r.byTitle = v.merged(v.main.byTitle, added, func(a, b int32) int {
		if c := bytes.Compare(title(a), title(b)); c != 0 {
			return c
		}
		return byID(a, b)
	})
	return r, added
}

// merged is an order of the base without what is dead, and with slots of the
// tail where they belong.
func (v *view) merged(base, later []int32, compare func(a, b int32) int) []int32 {
	later = slices.Clone(later)
	slices.SortFunc(later, compare)
	out := make([]int32, 0, v.live)
	from := 0
	upTo := func(until int) {
		for _, doc := range base[from:until] {
			if !v.deleted.has(int(doc)) {
				out = append(out, doc)
			}
		}
		from = until
	}
	for _, doc := range later {
		at, _ := slices.BinarySearchFunc(base[from:], doc, compare)
		upTo(from + at)
		out = append(out, doc)
	}
	upTo(len(base))
	return out
}

// naming are the names of the base and of slots of the tail.
func mergeNames(v *snapshot, added []int32) *nameSet {
	n := newNameSet()
	n.activities.addAll(v.completions.activities)
	n.groups.addAll(v.completions.groups)
	for _, doc := range added {
		// It was written by this process, and is as it was packed.
		if f, err := namesIn(v.view.body(doc)); err == nil {
			n.add(f, doc)
		}
	}
	return &n
}

// addAll adds the names of prompts.
func (n *names) addAll(p *completions) {
	n.numbers = make(map[uint64]int32, p.len())
	n.texts = arena{bytes: make([]byte, 0, len(p.texts)), ends: make([]int, 0, len(p.ends))}
	n.rows = make([]named, 0, len(p.slots))
	for i := range int32(p.len()) {
		key, id := p.text(i, completionKey), ""
		if p.kind == suggestGroup {
			key, id = "", p.text(i, completionID)
		}
		name := n.number(key, p.text(i, completionText), p.text(i, completionCy), id)
		for _, doc := range p.slotsOf(i) {
			n.rows = append(n.rows, named{name, doc})
		}
	}
}

// replaceMain puts a new base, made of what v saw, in the place of the old. moved
// says where the slots of v went.
func (x *Index) replaceMain(s *disk, v *snapshot, made compacted_) {
	x.writing.Lock()
	defer x.writing.Unlock()
	x.compacted = true
	if now, err := x.writable(); err != nil || now != s || s.main != v.view.main {
		if err := made.main.close(); err != nil {
			x.log.Error("search: closing an index", "error", err)
		}
		return
	}
	s.replaceMain(v.view, made) // searches see none of it yet
	x.mu.Lock()
	defer x.mu.Unlock()
	x.publish(s)
	x.compact(s) // what came meanwhile may be long too
}

// since are the slots of s that are not in an earlier state of it. Pages that
// are the same were not written to.
func (s docSet) since(before docSet) (fresh []int32) {
	for n, page := range s.pages {
		if page == nil || n < len(before.pages) && before.pages[n] == page {
			continue
		}
		for i := range pageWords * 64 {
			if doc := n*pageWords*64 + i; s.has(doc) && !before.has(doc) {
				fresh = append(fresh, int32(doc))
			}
		}
	}
	return fresh
}

// rebase_ keeps of the tail what v did not see, behind a new base.
func (s *disk) replaceMain(v *view, made compacted_) {
	seen, before := v.delta.columns.len(), s.main.columns.len()
	var later []int32
	for i := seen; i < s.delta.columns.len(); i++ {
		later = append(later, int32(i))
	}
	place := func(doc int) int32 {
		if doc < len(made.moved) {
			return made.moved[doc]
		}
		return int32(made.main.columns.len() + doc - before - seen)
	}
	var dead []int32
	for _, doc := range s.deleted.since(v.deleted) {
		if now := place(int(doc)); now >= 0 {
			dead = append(dead, now)
		}
	}
	newest := map[string]int32{}
	for id, doc := range s.newest {
		if int(doc) >= before+seen {
			newest[id] = place(int(doc))
		}
	}
	kept := delta{columns: *s.delta.columns.pick(later), terms: &deltaTerms{}}
	for n, i := range later {
		body := s.delta.bodies[i]
		kept.keep(body, s.delta.at[i], s.delta.docTerms[i], made.main.titleRankOf(titleOf(body), idOf(body)))
		kept.index(made.main.columns.len()+n, s.delta.docTerms[i])
	}
	kept.order(0)
	s.delta = kept
	s.main, s.completions, s.deleted, s.newest, s.recent = made.main, made.completions, docSet{}.with(dead), newest, s.recent.after(before+seen, place)
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
