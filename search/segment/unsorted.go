package segment

import (
	"bytes"
	"slices"
)

// Unsorted are listings of which a base is made, in any order: their facts, and
// what is known of their names.
type Unsorted struct {
	Columns *Columns
	At      []int64 // where the bodies begin
	// ByID and byTitle are the rows that count in the order of their ids, and of
	// their titles and ids.
	ByID, ByTitle []int32
	Id            func(row int32) []byte
	// Beside is called once it is known where each row goes, at the same time as
	// the rest where there are cores for it: moved is the doc of each row, -1 for
	// none, byID are the docs in the order of their ids, and id is that of a doc.
	Beside func(moved, byID []int32, id func(doc int32) []byte)
	Cores  int // how many may be used
}

// Ranks are where numbers below n stand in an order; of those that do not it
// says nothing.
func Ranks(order []int32, n int) []int32 {
	out := make([]int32, n)
	for rank, i := range order {
		out[i] = int32(rank)
	}
	return out
}

// spatialOrder are the rows that count in the order of where they are.
func (r *Unsorted) spatialOrder() []int32 {
	// By rank in the order of ids, which decides where the place is the same.
	list := make([]keyed, len(r.ByID))
	for rank, i := range r.ByID {
		key := uint64(RowOf(r.Columns.Lat[i]))<<32 | uint64(uint32(r.Columns.Lon[i])^1<<31)
		switch {
		case r.Columns.Flags[i]&FlagVenue == 0:
			key = 2<<62 | uint64(r.Columns.Lives[i])
		case r.Columns.Flags[i]&FlagsRemote != 0:
			key |= 1 << 62
		}
		list[rank] = keyed{key, int32(rank)}
	}
	sortKeyed(list)
	keep := make([]int32, len(list))
	for doc, k := range list {
		keep[doc] = r.ByID[k.n]
	}
	return keep
}

// Unsorted are all listings of v, and the docs of its delta segment that are
// not deleted. The order of the main segment is taken from there: only the delta
// is sorted, and no name read from the disk.
func (v *View) Unsorted() (r *Unsorted, added []int32) {
	before := v.Main.Columns.Len()
	r = &Unsorted{Columns: v.Main.Columns.Joined(&v.Delta.Columns), At: slices.Concat(v.Main.at, v.Delta.At)}
	for i := range v.Delta.Columns.Len() {
		if doc := int32(before + i); !v.Deleted.Has(int(doc)) {
			added = append(added, doc)
		}
	}
	r.Id = func(doc int32) []byte {
		if i := int(doc) - before; i >= 0 {
			return []byte(IdOf(v.Delta.Bodies[i]))
		}
		return []byte(v.Main.id(doc))
	}
	title := func(doc int32) []byte {
		if i := int(doc) - before; i >= 0 {
			return []byte(TitleOf(v.Delta.Bodies[i]))
		}
		_, title := v.Main.idAndTitle(int(doc))
		return title
	}
	byID := func(a, b int32) int { return bytes.Compare(r.Id(a), r.Id(b)) }
	r.ByID = v.merged(v.Main.byID, added, byID)
	r.ByTitle = v.merged(v.Main.ByTitle, added, func(a, b int32) int {
		if c := bytes.Compare(title(a), title(b)); c != 0 {
			return c
		}
		return byID(a, b)
	})
	return r, added
}

// merged is an order of the base without what is dead, and with slots of the
// tail where they belong.
func (v *View) merged(base, later []int32, compare func(a, b int32) int) []int32 {
	later = slices.Clone(later)
	slices.SortFunc(later, compare)
	out := make([]int32, 0, v.Live)
	from := 0
	upTo := func(until int) {
		for _, doc := range base[from:until] {
			if !v.Deleted.Has(int(doc)) {
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
