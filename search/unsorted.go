package search

import (
	"bytes"
	"slices"
)

// unsorted are listings of which a base is made, in any order: their facts, and
// what is known of their names.
type unsorted struct {
	columns *columns
	at      []int64 // where the bodies begin
	// byID and byTitle are the rows that count in the order of their ids, and of
	// their titles and ids.
	byID, byTitle []int32
	id            func(row int32) []byte
	// beside is called once it is known where each row goes, at the same time as
	// the rest where there are cores for it: moved is the doc of each row, -1 for
	// none, byID are the docs in the order of their ids, and id is that of a doc.
	beside func(moved, byID []int32, id func(doc int32) []byte)
	cores  int // how many may be used
}

// ranks are where numbers below n stand in an order; of those that do not it
// says nothing.
func ranks(order []int32, n int) []int32 {
	out := make([]int32, n)
	for rank, i := range order {
		out[i] = int32(rank)
	}
	return out
}

// spatialOrder are the rows that count in the order of where they are.
func (r *unsorted) spatialOrder() []int32 {
	// By rank in the order of ids, which decides where the place is the same.
	list := make([]keyed, len(r.byID))
	for rank, i := range r.byID {
		key := uint64(rowOf(r.columns.lat[i]))<<32 | uint64(uint32(r.columns.lon[i])^1<<31)
		switch {
		case r.columns.flags[i]&flagVenue == 0:
			key = 2<<62 | uint64(r.columns.lives[i])
		case r.columns.flags[i]&flagsRemote != 0:
			key |= 1 << 62
		}
		list[rank] = keyed{key, int32(rank)}
	}
	sortKeyed(list)
	keep := make([]int32, len(list))
	for doc, k := range list {
		keep[doc] = r.byID[k.n]
	}
	return keep
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
