package segment

import (
	"bytes"
	"slices"
	"strings"

	index "github.com/blevesearch/bleve_index_api"
)

// Apply is the view after entries were written: each takes the place of the
// listing of its id, and those without facts only take it out. v stays as it
// is. An id may come once. b holds the tables of v, and one goroutine applies
// at a time, always to the newest view.
func (v *View) Apply(entries []Indexed, b *ColumnBuilder) *View {
	next := *v
	var deleted []int32
	for _, e := range entries {
		if old, ok := next.Find(e.Id); ok {
			deleted = append(deleted, old)
			next.Live--
		}
		if e.Facts != nil {
			next.Delta.add(next.Main, e, b)
			next.Live++
		}
	}
	next.Delta.order(v.Delta.Len())
	next.Tables, next.Deleted = b.Tables, v.Deleted.With(deleted)
	return &next
}

// Added are the docs of the delta segment that are not deleted.
func (v *View) Added() (docs []int32) {
	for row := range v.Delta.Len() {
		if doc := v.DeltaDoc(row); !v.Deleted.Has(int(doc)) {
			docs = append(docs, doc)
		}
	}
	return docs
}

// Compaction is a new main segment made of both segments of a view.
type Compaction struct {
	Main  *Main
	from  *View
	moved []int32 // docs of from in Main, -1 for those that were deleted
}

// Compact makes a main segment of all listings of v, on one core, while v is
// searched and later views are made. It owns bodies and reader unless there is
// an error. See Unsorted for beside.
func (v *View) Compact(bodies *MappedFile, reader index.IndexReader, beside func(moved, byID []int32, id func(doc int32) []byte)) (*Compaction, error) {
	r := v.unsorted()
	r.Beside, r.Cores = beside, 1
	main, moved, err := NewMain(r, bodies, reader, v.Ordinals)
	if err != nil {
		return nil, err
	}
	c := &Compaction{Main: main, from: v, moved: moved}
	c.carryPostings()
	return c, nil
}

// Doc is where a doc of the compacted view, or one applied to it since, is
// after Replace: -1 for one that was deleted.
func (c *Compaction) Doc(doc int32) int32 {
	if int(doc) < len(c.moved) {
		return c.moved[doc]
	}
	return int32(c.Main.Len() + int(doc) - len(c.moved))
}

// Replace is now, to which the compacted view has led, with the new main
// segment: its delta segment keeps the rows added since.
func (c *Compaction) Replace(now *View) *View {
	var later []int32
	for row := c.from.Delta.Len(); row < now.Delta.Len(); row++ {
		later = append(later, int32(row))
	}
	var deleted []int32
	for _, doc := range now.Deleted.Since(c.from.Deleted) {
		if doc = c.Doc(doc); doc >= 0 {
			deleted = append(deleted, doc)
		}
	}
	old := &now.Delta
	delta := Delta{Columns: *old.Columns.Pick(later)}
	for _, row := range later {
		delta.keep(c.Main, old.bodies[row], old.at[row], old.terms[row])
	}
	delta.order(0)
	return &View{
		Main: c.Main, Delta: delta, Tables: now.Tables, Deleted: DocSet{}.With(deleted), Live: now.Live, Ordinals: now.Ordinals,
	}
}

// unsorted are the listings of v. The order of the main segment is kept: only
// the delta segment is sorted, and no name is read from the disk.
func (v *View) unsorted() *Unsorted {
	r := &Unsorted{Columns: v.Main.Columns.Joined(&v.Delta.Columns), At: slices.Concat(v.Main.at, v.Delta.at)}
	r.ID = func(doc int32) []byte { return v.AppendID(nil, doc) }
	title := func(doc int32) []byte {
		s, row := v.locate(doc)
		return s.Title(row)
	}
	byID := func(a, b int32) int { return bytes.Compare(r.ID(a), r.ID(b)) }
	added := v.Added()
	r.ByID = v.merged(v.Main.byID, added, byID)
	r.ByTitle = v.merged(v.Main.byTitle, added, func(a, b int32) int {
		if c := bytes.Compare(title(a), title(b)); c != 0 {
			return c
		}
		return byID(a, b)
	})
	return r
}

// merged is an order of the main segment without deleted docs, and with docs of
// the delta segment inserted.
func (v *View) merged(main, added []int32, compare func(a, b int32) int) []int32 {
	added = slices.Clone(added)
	slices.SortFunc(added, compare)
	out := make([]int32, 0, v.Live)
	from := 0
	upTo := func(until int) {
		for _, doc := range main[from:until] {
			if !v.Deleted.Has(int(doc)) {
				out = append(out, doc)
			}
		}
		from = until
	}
	for _, doc := range added {
		at, _ := slices.BinarySearchFunc(main[from:], doc, compare)
		upTo(from + at)
		out = append(out, doc)
	}
	upTo(len(main))
	return out
}

// carryPostings looks up, in the new main segment, the stems whose postings the
// old one has in memory, so that the next search for them need not read Bleve.
func (c *Compaction) carryPostings() {
	for key, list := range c.from.Main.postings.all() {
		var all []Posting
		for _, p := range list {
			if to := c.moved[p.Row()]; to >= 0 {
				all = append(all, Posting(to)<<WhereBits|p&WhereMask)
			}
		}
		for _, p := range c.from.Delta.postings(strings.Split(key, betweenStems)) {
			if to := c.moved[c.from.DeltaDoc(int(p.Row()))]; to >= 0 {
				all = append(all, Posting(to)<<WhereBits|p&WhereMask)
			}
		}
		c.Main.postings.put(key, inOrder(all, c.Main.Len()))
	}
}
