package search

import (
	"cmp"
	"slices"
	"sort"
	"strings"
	"sync"
	"sync/atomic"
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

// docTerms are the words of one listing as they are looked for: its stems with
// where they stand, and the words of its short texts, unstemmed.
type docTerms struct {
	stems []termAt
	plain []string
}

type termAt struct {
	stem  string
	where posting
}

// newDocTerms are the terms of a listing: all stems, those of its title and those
// of its labels, and the unstemmed words.
func newDocTerms(all, title, labels, plain []string) docTerms {
	where := map[string]posting{}
	for _, s := range all {
		where[s] |= 0
	}
	for _, s := range title {
		where[s] |= inTitle
	}
	for _, s := range labels {
		where[s] |= inLabels
	}
	t := docTerms{plain: plain}
	for s, w := range where {
		t.stems = append(t.stems, termAt{s, w})
	}
	return t
}

// deltaTerms says which slots of a tail have a word. One goroutine adds at a
// time; others read meanwhile, and leave out what was added after they began:
// slots only grow.
type deltaTerms struct {
	stems termLists
	plain termLists
}

// termLists are lists of postings by word, each only ever added to.
type termLists struct {
	mu    sync.RWMutex
	lists map[string]*termList
	all_  []string // in the order in which they came
}

type termList struct{ postings atomic.Pointer[[]posting] }

func (l *termLists) of(word string) *termList {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.lists[word]
}

func (l *termLists) add(word string, p posting) {
	list := l.of(word)
	if list == nil {
		list = &termList{}
		l.mu.Lock()
		if l.lists == nil {
			l.lists = map[string]*termList{}
		}
		l.lists[word], l.all_ = list, append(l.all_, word)
		l.mu.Unlock()
	}
	var all []posting
	if old := list.postings.Load(); old != nil {
		all = *old
	}
	all = append(all, p)
	list.postings.Store(&all)
}

// all are the words so far.
func (l *termLists) all() []string {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.all_
}

// before is the list of a word, as far as the slots before an end.
func (l *termLists) before(word string, end int) []posting {
	have := l.of(word)
	if have == nil {
		return nil
	}
	all := have.postings.Load()
	if all == nil {
		return nil
	}
	list := *all
	if n := len(list); n == 0 || int(list[n-1].slot()) < end {
		return list
	}
	return list[:at(list, int32(end))]
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

// docSet is a set of slots in pages that are copied before they are changed,
// so that a copy of the struct goes on seeing what it saw.
type docSet struct{ pages []*[pageWords]uint64 }

// pageWords words of 64 bits are a page: half a kilobyte, what changing one
// slot costs.
const pageWords = 64

func (s docSet) has(doc int) bool {
	page := doc / (pageWords * 64)
	return page < len(s.pages) && s.pages[page] != nil && s.pages[page][doc/64%pageWords]>>(doc%64)&1 != 0
}

// with is s with slots added.
func (s docSet) with(docs []int32) docSet {
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
	return docSet{pages}
}

// plainWords are the unstemmed words of the tail, and perhaps some of what came
// since.
func (t *delta) plainWords() []string {
	if t.terms == nil {
		return nil
	}
	return t.terms.plain.all()
}
