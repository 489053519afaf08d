package segment

import (
	"bytes"
	"slices"
)

// Segment is what the main and the delta segment have in common: a number of
// listings, by row. The lists it returns are in the order of rows or of what
// they are named after, include deleted listings, and must not be changed.
type Segment interface {
	// Len is the number of rows.
	Len() int
	// Packed is the packed facts of a row, valid while the view is in use.
	Packed(row int32) []byte
	// AppendID appends the id of a row.
	AppendID(b []byte, row int32) []byte
	// Title is the folded title of a row, valid while the view is in use.
	Title(row int32) []byte
	// TitleNumber is the position of a row in the order of titles of the whole
	// view; rows of the delta segment lie between those of the main segment.
	TitleNumber(row int32) float64
	// ByTitle and ByUpdated are the rows by title and id, and by update, newest
	// first.
	ByTitle() []int32
	ByUpdated() []int32
	// Find is the newest row of an id.
	Find(id string) (row int32, ok bool)
	// Postings are the rows that have all of some stems, at least one.
	Postings(stems []string) ([]Posting, error)
}

// View is one state of an index: a main segment, the delta segment written
// since, and the docs that were written again or taken out. A doc is a row of
// the main segment, or, from Main.Len() on, a row of the delta segment. A view
// never changes, so a search that holds one needs no lock.
type View struct {
	Main     *Main
	Delta    Delta
	Tables   Tables
	Deleted  DocSet
	Live     int // docs that are not deleted
	Ordinals *Ordinals
}

// NewView is a view of a main segment alone, whose columns point into the
// tables of b.
func NewView(main *Main, b *ColumnBuilder) *View {
	return &View{Main: main, Tables: b.Tables, Live: main.Len(), Ordinals: b.Ordinals}
}

// Part is a segment of a view, with the doc that its first row is.
type Part struct {
	Segment Segment
	First   int32
}

// Parts are the segments of v in the order of their docs.
func (v *View) Parts() [2]Part {
	return [2]Part{{Segment: v.Main}, {Segment: &v.Delta, First: v.firstOfDelta()}}
}

// firstOfDelta is the doc that the first row of the delta segment is. This and
// deltaRow are the only places that know how docs are divided among segments.
func (v *View) firstOfDelta() int32 { return int32(v.Main.Len()) }

// deltaRow is the row of a doc in the delta segment, if it is there.
func (v *View) deltaRow(doc int32) (row int32, ok bool) {
	row = doc - v.firstOfDelta()
	return row, row >= 0
}

// locate finds the segment and the row of a doc.
func (v *View) locate(doc int32) (Segment, int32) {
	if row, ok := v.deltaRow(doc); ok {
		return &v.Delta, row
	}
	return v.Main, doc
}

// Row is locate for what reads columns, without an interface on the way.
func (v *View) Row(doc int32) (*Columns, int) {
	if row, ok := v.deltaRow(doc); ok {
		return &v.Delta.Columns, int(row)
	}
	return &v.Main.Columns, int(doc)
}

// DeltaDoc is the doc that a row of the delta segment is.
func (v *View) DeltaDoc(row int) int32 { return v.firstOfDelta() + int32(row) }

// Len is the number of docs, deleted ones too.
func (v *View) Len() int { return v.Main.Len() + v.Delta.Len() }

// Find is the doc of a listing that is not deleted.
func (v *View) Find(id string) (doc int32, ok bool) {
	if row, ok := v.Delta.Find(id); ok {
		doc = v.DeltaDoc(int(row))
		return doc, !v.Deleted.Has(int(doc))
	}
	doc, ok = v.Main.Find(id)
	return doc, ok && !v.Deleted.Has(int(doc))
}

// Packed is the packed facts of a doc, valid while v is in use. They must not
// be changed.
func (v *View) Packed(doc int32) []byte {
	s, row := v.locate(doc)
	return s.Packed(row)
}

// Body is a copy of the packed facts of a doc.
func (v *View) Body(doc int32) string { return string(v.Packed(doc)) }

// Facts are the facts of a doc. The error says that its file was damaged.
func (v *View) Facts(doc int32) (*Facts, error) { return unpack(v.Body(doc)) }

// AppendBrief appends the brief of a doc to b, as JSON without its last brace, in
// English or Welsh.
func (v *View) AppendBrief(b []byte, doc int32, welsh bool) []byte {
	return appendBriefOf(b, v.Packed(doc), welsh)
}

// ID is the id of a doc.
func (v *View) ID(doc int32) string {
	var id [UuidBytes]byte
	return string(v.AppendID(id[:0], doc))
}

// AppendID appends the id of a doc. Like Row it asks no interface: then b may lie
// on the stack of the caller.
func (v *View) AppendID(b []byte, doc int32) []byte {
	if row, ok := v.deltaRow(doc); ok {
		return v.Delta.AppendID(b, row)
	}
	return v.Main.AppendID(b, doc)
}

// Title is the folded title of a doc.
func (v *View) Title(doc int32) string {
	s, row := v.locate(doc)
	return string(s.Title(row))
}

// TitleContaining is the folded title of a doc if it contains text, else empty.
func (v *View) TitleContaining(doc int32, text string) string {
	s, row := v.locate(doc)
	if title := s.Title(row); bytes.Contains(title, []byte(text)) {
		return string(title)
	}
	return ""
}

// TitleNumber is the position of a doc in the order of titles.
func (v *View) TitleNumber(doc int32) float64 {
	s, row := v.locate(doc)
	return s.TitleNumber(row)
}

// TitleNumberOf is the position of a folded title with an id, which no doc may
// have any more.
func (v *View) TitleNumberOf(title, id string) float64 {
	rank := v.Main.titleRankOf(title, id)
	if int(rank) < v.Main.Len() {
		if have, name := v.Main.idAndTitle(v.Main.byTitle[rank]); string(have) == id && string(name) == title {
			return float64(rank)
		}
	}
	return float64(rank) - 0.5
}

// Postings are the rows of the main and of the delta segment that have all of
// some stems, deleted ones too.
func (v *View) Postings(stems []string) (main, delta []Posting, err error) {
	if main, err = v.Main.Postings(stems); err != nil {
		return nil, nil, err
	}
	delta, err = v.Delta.Postings(stems)
	return main, delta, err
}

// Count is the number of docs that have all of some stems, deleted ones too.
func (v *View) Count(stems []string) (int, error) {
	main, delta, err := v.Postings(stems)
	return len(main) + len(delta), err
}

// Has reports whether any listing has all of some stems.
func (v *View) Has(stems []string) (bool, error) {
	for _, part := range v.Parts() {
		list, err := part.Segment.Postings(stems)
		if err != nil {
			return false, err
		}
		for _, p := range list {
			if !v.Deleted.Has(int(part.First + p.Row())) {
				return true, nil
			}
		}
	}
	return false, nil
}

// DocSet is a set of docs in pages that are copied before they are changed, so
// that a copy of the struct keeps the state it was taken in.
type DocSet struct{ pages []*[pageWords]uint64 }

// pageWords words of 64 bits are a page: half a kilobyte, which is what changing
// one doc costs.
const pageWords = 64

// Has reports whether a doc is in the set.
func (s DocSet) Has(doc int) bool {
	page := doc / (pageWords * 64)
	return page < len(s.pages) && s.pages[page] != nil && s.pages[page][doc/64%pageWords]>>(doc%64)&1 != 0
}

// With is s with docs added.
func (s DocSet) With(docs []int32) DocSet {
	if len(docs) == 0 {
		return s
	}
	pages := slices.Clone(s.pages)
	fresh := map[int]bool{}
	for _, doc := range docs {
		n := int(doc) / (pageWords * 64)
		for len(pages) <= n {
			pages = append(pages, nil)
		}
		if !fresh[n] {
			fresh[n] = true
			page := new([pageWords]uint64)
			if pages[n] != nil {
				*page = *pages[n]
			}
			pages[n] = page
		}
		pages[n][doc/64%pageWords] |= 1 << (doc % 64)
	}
	return DocSet{pages}
}

// Since are the docs of s that are not in an earlier state of it. Pages that are
// the same were not written to.
func (s DocSet) Since(before DocSet) (fresh []int32) {
	for n, page := range s.pages {
		if page == nil || n < len(before.pages) && before.pages[n] == page {
			continue
		}
		for i := range pageWords * 64 {
			if doc := n*pageWords*64 + i; s.Has(doc) && !before.Has(doc) {
				fresh = append(fresh, int32(doc))
			}
		}
	}
	return fresh
}
