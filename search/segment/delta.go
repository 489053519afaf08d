package segment

import (
	"cmp"
	"slices"
	"sort"
	"strings"
)

// Delta is what was written since the base was made, in the order in which it
// was. Entries are only added at the end, so a copy of the struct goes on
// seeing what it saw.
type Delta struct {
	Columns  Columns
	Bodies   []string
	At       []int64
	DocTerms []docTerms
	// titleRank is before which slot of the base, in the order of titles, an
	// entry stands.
	titleRank []int32
	// The entries in the order of titles and of updates, newest first: made
	// anew with every write.
	ByTitle, ByUpdated []int32
	Terms              *DeltaTerms
}

// postings are the slots of the tail, before an end, that have all of some stems.
func (t *Delta) postings(stems []string, end int) []Posting {
	if t.Terms == nil {
		return nil
	}
	list := t.Terms.stems.Before(stems[0], end)
	for _, stem := range stems[1:] {
		list = both(list, t.Terms.stems.Before(stem, end))
	}
	return list
}

// Add adds a listing to the tail of a base.
func (t *Delta) Add(b *Main, w Indexed, fill *ColumnBuilder) {
	if t.Terms == nil {
		t.Terms = &DeltaTerms{}
	}
	doc := b.Columns.Len() + t.Columns.Len()
	fill.Add(&t.Columns, w.Facts)
	t.Keep(w.Body, w.At, w.Terms, b.TitleRankOf(w.Facts.SortTitle, w.Id))
	t.Index(doc, w.Terms)
}

func (t *Delta) Keep(body string, at int64, words docTerms, rank int32) {
	t.Bodies, t.At, t.DocTerms = append(t.Bodies, body), append(t.At, at), append(t.DocTerms, words)
	t.titleRank = append(t.titleRank, rank)
}

func (t *Delta) Index(doc int, words docTerms) {
	for _, s := range words.stems {
		t.Terms.stems.add(s.stem, Posting(doc)<<WhereBits|s.where)
	}
	for _, word := range words.plain {
		t.Terms.Plain.add(word, Posting(doc)<<WhereBits)
	}
}

// Order brings the entries from a number on into the orders of the tail.
func (t *Delta) Order(from int) {
	t.ByTitle = t.with(t.ByTitle, from, t.titleBefore)
	t.ByUpdated = t.with(t.ByUpdated, from, func(i, j int32) int {
		return cmp.Or(cmp.Compare(t.Columns.Updated[j], t.Columns.Updated[i]), strings.Compare(IdOf(t.Bodies[i]), IdOf(t.Bodies[j])))
	})
}

func (t *Delta) titleBefore(i, j int32) int {
	if c := cmp.Compare(t.titleRank[i], t.titleRank[j]); c != 0 {
		return c
	}
	return cmp.Or(strings.Compare(TitleOf(t.Bodies[i]), TitleOf(t.Bodies[j])), strings.Compare(IdOf(t.Bodies[i]), IdOf(t.Bodies[j])))
}

// with is an order with the entries from a number on.
func (t *Delta) with(order []int32, from int, before func(i, j int32) int) []int32 {
	var fresh []int32
	for i := from; i < t.Columns.Len(); i++ {
		fresh = append(fresh, int32(i))
	}
	slices.SortFunc(fresh, before)
	out := make([]int32, 0, len(order)+len(fresh))
	for _, i := range fresh {
		n := sort.Search(len(order), func(k int) bool { return before(order[k], i) > 0 })
		out = append(append(out, order[:n]...), i)
		order = order[n:]
	}
	return append(out, order...)
}

// PlainWords are the unstemmed words of the tail, and perhaps some of what came
// since.
func (t *Delta) PlainWords() []string {
	if t.Terms == nil {
		return nil
	}
	return t.Terms.Plain.all()
}

// Indexed is a listing that was written, and nil facts one that was taken out.
type Indexed struct {
	Id    string
	Facts *Facts
	Body  string
	At    int64
	Terms docTerms
}
