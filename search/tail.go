package search

import (
	"cmp"
	"slices"
	"sort"
	"strings"
)

// delta is what was written since the base was made, in the order in which it
// was. Entries are only added at the end, so a copy of the struct goes on
// seeing what it saw.
type delta struct {
	columns  columns
	bodies   []string
	at       []int64
	docTerms []docTerms
	// titleRank is before which slot of the base, in the order of titles, an
	// entry stands.
	titleRank []int32
	// The entries in the order of titles and of updates, newest first: made
	// anew with every write.
	byTitle, byUpdated []int32
	terms              *deltaTerms
}

// postings are the slots of the tail, before an end, that have all of some stems.
func (t *delta) postings(stems []string, end int) []posting {
	if t.terms == nil {
		return nil
	}
	list := t.terms.stems.before(stems[0], end)
	for _, stem := range stems[1:] {
		list = both(list, t.terms.stems.before(stem, end))
	}
	return list
}

// add adds a listing to the tail of a base.
func (t *delta) add(b *main, w indexed, fill *columnBuilder) {
	if t.terms == nil {
		t.terms = &deltaTerms{}
	}
	doc := b.columns.len() + t.columns.len()
	fill.add(&t.columns, w.facts)
	t.keep(w.body, w.at, w.terms, b.titleRankOf(w.facts.SortTitle, w.id))
	t.index(doc, w.terms)
}

func (t *delta) keep(body string, at int64, words docTerms, rank int32) {
	t.bodies, t.at, t.docTerms = append(t.bodies, body), append(t.at, at), append(t.docTerms, words)
	t.titleRank = append(t.titleRank, rank)
}

func (t *delta) index(doc int, words docTerms) {
	for _, s := range words.stems {
		t.terms.stems.add(s.stem, posting(doc)<<whereBits|s.where)
	}
	for _, word := range words.plain {
		t.terms.plain.add(word, posting(doc)<<whereBits)
	}
}

// order brings the entries from a number on into the orders of the tail.
func (t *delta) order(from int) {
	t.byTitle = t.with(t.byTitle, from, t.titleBefore)
	t.byUpdated = t.with(t.byUpdated, from, func(i, j int32) int {
		return cmp.Or(cmp.Compare(t.columns.updated[j], t.columns.updated[i]), strings.Compare(idOf(t.bodies[i]), idOf(t.bodies[j])))
	})
}

func (t *delta) titleBefore(i, j int32) int {
	if c := cmp.Compare(t.titleRank[i], t.titleRank[j]); c != 0 {
		return c
	}
	return cmp.Or(strings.Compare(titleOf(t.bodies[i]), titleOf(t.bodies[j])), strings.Compare(idOf(t.bodies[i]), idOf(t.bodies[j])))
}

// with is an order with the entries from a number on.
func (t *delta) with(order []int32, from int, before func(i, j int32) int) []int32 {
	var fresh []int32
	for i := from; i < t.columns.len(); i++ {
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

// plainWords are the unstemmed words of the tail, and perhaps some of what came
// since.
func (t *delta) plainWords() []string {
	if t.terms == nil {
		return nil
	}
	return t.terms.plain.all()
}

// indexed is a listing that was written, and nil facts one that was taken out.
type indexed struct {
	id    string
	facts *facts
	body  string
	at    int64
	terms docTerms
}
