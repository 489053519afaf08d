package segment

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
