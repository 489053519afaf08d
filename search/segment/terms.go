package segment

import (
	"sync"
	"sync/atomic"
)

// docTerms are the words of one listing as they are looked for: its stems with
// where they stand, and the words of its short texts, unstemmed.
type docTerms struct {
	stems []termAt
	plain []string
}

type termAt struct {
	stem  string
	where Posting
}

// newDocTerms are the terms of a listing: all stems, those of its title and those
// of its labels, and the unstemmed words.
func newDocTerms(all, title, labels, plain []string) docTerms {
	where := map[string]Posting{}
	for _, s := range all {
		where[s] |= 0
	}
	for _, s := range title {
		where[s] |= InTitle
	}
	for _, s := range labels {
		where[s] |= InLabels
	}
	t := docTerms{plain: plain}
	for s, w := range where {
		t.stems = append(t.stems, termAt{s, w})
	}
	return t
}

// DeltaTerms says which slots of a tail have a word. One goroutine adds at a
// time; others read meanwhile, and leave out what was added after they began:
// slots only grow.
type DeltaTerms struct {
	stems termLists
	Plain termLists
}

// termLists are lists of postings by word, each only ever added to.
type termLists struct {
	mu    sync.RWMutex
	lists map[string]*termList
	terms []string // in the order in which they came
}

type termList struct{ postings atomic.Pointer[[]Posting] }

func (l *termLists) of(word string) *termList {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.lists[word]
}

func (l *termLists) add(word string, p Posting) {
	list := l.of(word)
	if list == nil {
		list = &termList{}
		l.mu.Lock()
		if l.lists == nil {
			l.lists = map[string]*termList{}
		}
		l.lists[word], l.terms = list, append(l.terms, word)
		l.mu.Unlock()
	}
	var all []Posting
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
	return l.terms
}

// Before is the list of a word, as far as the slots before an end.
func (l *termLists) Before(word string, end int) []Posting {
	have := l.of(word)
	if have == nil {
		return nil
	}
	all := have.postings.Load()
	if all == nil {
		return nil
	}
	list := *all
	if n := len(list); n == 0 || int(list[n-1].Doc()) < end {
		return list
	}
	return list[:at(list, int32(end))]
}
