package segment

import (
	"bytes"
	"cmp"
	"slices"
	"sort"
	"sync"
	"sync/atomic"
)

// Delta is the segment in memory: the listings written since the main segment
// was made, in the order in which they were. Rows are only added at the end, so
// a copy of the struct keeps the state it was taken in.
type Delta struct {
	Columns Columns
	bodies  [][]byte
	at      []int64 // where the bodies begin in the file of listings
	terms   []docTerms
	// titleRank is the rank in the main segment, in the order of titles, before
	// which a row stands.
	titleRank []int32
	// The rows by title and by update: made again by every write.
	byTitle, byUpdated []int32
	// lists are shared with later states, whose rows are left out when reading.
	lists *deltaLists
}

// deltaLists are the rows of a delta segment by stem, by word as it is written,
// and by id. One goroutine adds at a time while others read.
type deltaLists struct{ stems, plain, ids termLists }

// Indexed is a listing to be added to a delta segment; without Facts it is one
// to be taken out.
type Indexed struct {
	Id    string
	Facts *Facts
	Body  []byte
	At    int64
	Terms docTerms
}

// Len is the number of rows.
func (d *Delta) Len() int { return d.Columns.Len() }

// Packed is the packed facts of a row.
func (d *Delta) Packed(row int32) []byte { return d.bodies[row] }

// AppendID appends the id of a row.
func (d *Delta) AppendID(b []byte, row int32) []byte { return append(b, d.id(row)...) }

func (d *Delta) id(row int32) []byte { return idOf(d.bodies[row]) }

// Title is the folded title of a row.
func (d *Delta) Title(row int32) []byte {
	_, title := idAndTitleOf(d.bodies[row])
	return title
}

// TitleNumber is the position of a row in the order of titles: half a place
// before the row of the main segment that follows it.
func (d *Delta) TitleNumber(row int32) float64 { return float64(d.titleRank[row]) - 0.5 }

// ByTitle are the rows by title and id.
func (d *Delta) ByTitle() []int32 { return d.byTitle }

// ByUpdated are the rows by update, newest first.
func (d *Delta) ByUpdated() []int32 { return d.byUpdated }

// Find is the newest row of an id.
func (d *Delta) Find(id string) (row int32, ok bool) {
	if d.lists == nil {
		return 0, false
	}
	list := d.lists.ids.before(id, d.Len())
	if len(list) == 0 {
		return 0, false
	}
	return list[len(list)-1].Row(), true
}

// Postings are the rows that have all of some stems. The error is always nil.
func (d *Delta) Postings(stems []string) ([]Posting, error) { return d.postings(stems), nil }

func (d *Delta) postings(stems []string) []Posting {
	if d.lists == nil {
		return nil
	}
	list := d.lists.stems.before(stems[0], d.Len())
	for _, stem := range stems[1:] {
		list = both(list, d.lists.stems.before(stem, d.Len()))
	}
	return list
}

// PlainWords are the words of short texts as they are written. Some may only be
// in later states.
func (d *Delta) PlainWords() []string {
	if d.lists == nil {
		return nil
	}
	return d.lists.plain.all()
}

// CountPlain is the number of rows that have a word as it is written.
func (d *Delta) CountPlain(word string) int {
	if d.lists == nil {
		return 0
	}
	return len(d.lists.plain.before(word, d.Len()))
}

// add adds a listing whose place in the titles of main is still to be found.
func (d *Delta) add(main *Main, e Indexed, b *ColumnBuilder) {
	b.Add(&d.Columns, e.Facts)
	d.keep(main, e.Body, e.At, e.Terms)
}

// keep adds what a row holds beside its columns, which have been added.
func (d *Delta) keep(main *Main, body []byte, at int64, terms docTerms) {
	row := len(d.bodies)
	id, title := idAndTitleOf(body)
	d.bodies, d.at, d.terms = append(d.bodies, body), append(d.at, at), append(d.terms, terms)
	d.titleRank = append(d.titleRank, main.titleRankOf(string(title), string(id)))
	d.index(row, string(id), terms)
}

// index adds a row to the lists.
func (d *Delta) index(row int, id string, terms docTerms) {
	if d.lists == nil {
		d.lists = &deltaLists{}
	}
	p := Posting(row) << WhereBits
	for _, s := range terms.stems {
		d.lists.stems.add(s.stem, p|s.where)
	}
	for _, word := range terms.plain {
		d.lists.plain.add(word, p)
	}
	d.lists.ids.add(id, p)
}

// order adds the rows from a row on to the orders.
func (d *Delta) order(from int) {
	d.byTitle = d.inserted(d.byTitle, from, d.compareTitles)
	d.byUpdated = d.inserted(d.byUpdated, from, func(i, j int32) int {
		return cmp.Or(cmp.Compare(d.Columns.Updated[j], d.Columns.Updated[i]), bytes.Compare(d.id(i), d.id(j)))
	})
}

func (d *Delta) compareTitles(i, j int32) int {
	if c := cmp.Compare(d.titleRank[i], d.titleRank[j]); c != 0 {
		return c
	}
	return cmp.Or(bytes.Compare(d.Title(i), d.Title(j)), bytes.Compare(d.id(i), d.id(j)))
}

// inserted is an order with the rows from a row on.
func (d *Delta) inserted(order []int32, from int, compare func(i, j int32) int) []int32 {
	var fresh []int32
	for i := from; i < d.Len(); i++ {
		fresh = append(fresh, int32(i))
	}
	slices.SortFunc(fresh, compare)
	out := make([]int32, 0, len(order)+len(fresh))
	for _, i := range fresh {
		n := sort.Search(len(order), func(k int) bool { return compare(order[k], i) > 0 })
		out = append(append(out, order[:n]...), i)
		order = order[n:]
	}
	return append(out, order...)
}

// docTerms are the words of one listing as they are searched: its stems with
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

// termLists are postings by word. Each list only grows, so readers take it
// without a lock and leave out the rows that are too new for them.
type termLists struct {
	mu    sync.RWMutex
	lists map[string]*termList
	terms []string // in the order in which they were added
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

// all are the words added so far.
func (l *termLists) all() []string {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.terms
}

// before is the list of a word up to the rows before end.
func (l *termLists) before(word string, end int) []Posting {
	have := l.of(word)
	if have == nil {
		return nil
	}
	all := have.postings.Load()
	if all == nil {
		return nil
	}
	list := *all
	if n := len(list); n == 0 || int(list[n-1].Row()) < end {
		return list
	}
	return list[:at(list, int32(end))]
}
