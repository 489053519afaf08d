package search

import (
	"cmp"
	"slices"
	"sort"
	"strings"
	"sync"
	"sync/atomic"
)

// tail is what was written since the base was made, in the order in which it
// was. Entries are only added at the end, so a copy of the struct goes on
// seeing what it saw.
type tail struct {
	columns columns
	bodies  []string
	at      []int64
	terms   []terms
	// titleRank is before which slot of the base, in the order of titles, an
	// entry stands.
	titleRank []int32
	// The entries in the order of titles and of updates, newest first: made
	// anew with every write.
	byTitle, byUpdated []int32
	tailWords          *tailWords
}

// terms are the words of one listing as they are looked for: its stems with
// where they stand, and the words of its short texts, unstemmed.
type terms struct {
	stems []termAt
	plain []string
}

type termAt struct {
	stem  string
	where posting
}

// newTerms are the terms of a listing: all stems, those of its title and those
// of its labels, and the unstemmed words.
func newTerms(all, title, labels, plain []string) terms {
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
	t := terms{plain: plain}
	for s, w := range where {
		t.stems = append(t.stems, termAt{s, w})
	}
	return t
}

// tailWords says which slots of a tail have a word. One goroutine adds at a
// time; others read meanwhile, and leave out what was added after they began:
// slots only grow.
type tailWords struct {
	stems wordLists
	plain wordLists
}

// wordLists are lists of postings by word, each only ever added to.
type wordLists struct {
	mu    sync.RWMutex
	lists map[string]*wordList
	words []string // in the order in which they came
}

type wordList struct{ postings atomic.Pointer[[]posting] }

func (l *wordLists) of(word string) *wordList {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.lists[word]
}

func (l *wordLists) add(word string, p posting) {
	list := l.of(word)
	if list == nil {
		list = &wordList{}
		l.mu.Lock()
		if l.lists == nil {
			l.lists = map[string]*wordList{}
		}
		l.lists[word], l.words = list, append(l.words, word)
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
func (l *wordLists) all() []string {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.words
}

// having is the list of a word, as far as the slots before an end.
func (l *wordLists) having(word string, end int) []posting {
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

// having are the slots of the tail, before an end, that have all of some stems.
func (t *tail) having(stems []string, end int) []posting {
	if t.tailWords == nil {
		return nil
	}
	list := t.tailWords.stems.having(stems[0], end)
	for _, stem := range stems[1:] {
		list = both(list, t.tailWords.stems.having(stem, end))
	}
	return list
}

// add adds a listing to the tail of a base.
func (t *tail) add(b *base, w written, fill *filler) {
	if t.tailWords == nil {
		t.tailWords = &tailWords{}
	}
	slot := b.columns.len() + t.columns.len()
	fill.add(&t.columns, w.facts)
	t.keep(w.body, w.at, w.terms, b.titleRankOf(w.facts.SortTitle, w.id))
	t.index(slot, w.terms)
}

func (t *tail) keep(body string, at int64, words terms, rank int32) {
	t.bodies, t.at, t.terms = append(t.bodies, body), append(t.at, at), append(t.terms, words)
	t.titleRank = append(t.titleRank, rank)
}

func (t *tail) index(slot int, words terms) {
	for _, s := range words.stems {
		t.tailWords.stems.add(s.stem, posting(slot)<<whereBits|s.where)
	}
	for _, word := range words.plain {
		t.tailWords.plain.add(word, posting(slot)<<whereBits)
	}
}

// order brings the entries from a number on into the orders of the tail.
func (t *tail) order(from int) {
	t.byTitle = t.with(t.byTitle, from, t.titleBefore)
	t.byUpdated = t.with(t.byUpdated, from, func(i, j int32) int {
		return cmp.Or(cmp.Compare(t.columns.updated[j], t.columns.updated[i]), strings.Compare(idOf(t.bodies[i]), idOf(t.bodies[j])))
	})
}

func (t *tail) titleBefore(i, j int32) int {
	if c := cmp.Compare(t.titleRank[i], t.titleRank[j]); c != 0 {
		return c
	}
	return cmp.Or(strings.Compare(titleOf(t.bodies[i]), titleOf(t.bodies[j])), strings.Compare(idOf(t.bodies[i]), idOf(t.bodies[j])))
}

// with is an order with the entries from a number on.
func (t *tail) with(order []int32, from int, before func(i, j int32) int) []int32 {
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

// slotSet is a set of slots in pages that are copied before they are changed,
// so that a copy of the struct goes on seeing what it saw.
type slotSet struct{ pages []*[pageWords]uint64 }

// pageWords words of 64 bits are a page: half a kilobyte, what changing one
// slot costs.
const pageWords = 64

func (s slotSet) has(slot int) bool {
	page := slot / (pageWords * 64)
	return page < len(s.pages) && s.pages[page] != nil && s.pages[page][slot/64%pageWords]>>(slot%64)&1 != 0
}

// with is s with slots added.
func (s slotSet) with(slots []int32) slotSet {
	if len(slots) == 0 {
		return s
	}
	pages := slices.Clone(s.pages)
	fresh := map[int]bool{}
	for _, slot := range slots {
		n := int(slot) / (pageWords * 64)
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
		pages[n][slot/64%pageWords] |= 1 << (slot % 64)
	}
	return slotSet{pages}
}

// plainWords are the unstemmed words of the tail, and perhaps some of what came
// since.
func (t *tail) plainWords() []string {
	if t.tailWords == nil {
		return nil
	}
	return t.tailWords.plain.all()
}
