package search

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"

	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"
	"golang.org/x/sync/errgroup"
)

// base is most of the listings of an index, in three parts: what takes place at
// a venue only, what can be taken part in from elsewhere too, and what has no
// venue that is known. The first two are in the order of where they are: row by
// row from south to north, and in each row, a hundredth of a degree of latitude,
// from west to east. So a circle is one short stretch of each row that it
// touches, and what is reached from anywhere is one stretch. It never changes.
type base struct {
	columns columns
	at      []int64 // where the body of a slot begins
	bodies  *mapped
	// The first slot of each row, and one more, of the two parts with a venue.
	rows, remoteRows []int32
	local            int // slots of the first part
	located          int // slots of the first two

	// Slots in the order of titles, of updates, newest first, and of ids;
	// titleRank is where a slot stands in the first.
	byTitle, byUpdated, byID []int32
	titleRank                []int32
	interestFrom             []int32 // slots by interest, broader ones too
	byInterest               []int32
	keys                     idKeys  // in the order of byID
	ids                      slotIDs // by slot

	reader  *scorch.IndexSnapshot
	slotOf  []int32 // by document number, -1: none
	known   knownWords
	prompts suggester
	users   int // views; guarded by the mutex of the Index
}

// rowHeight is the height of a row in parts of plotsPerDegree: about a
// kilometre, so that a short walk touches three rows and a drive some dozens.
const rowHeight = plotsPerDegree / 100

const rowCount = 180 * 100

func rowOf(lat int32) int {
	return min(max((int(lat)+90*plotsPerDegree)/rowHeight, 0), rowCount-1)
}

// unordered are listings of which a base is made, in any order: their facts, and
// what is known of their names.
type unordered struct {
	columns *columns
	at      []int64 // where the bodies begin
	// byID and byTitle are the rows that count in the order of their ids, and of
	// their titles and ids.
	byID, byTitle []int32
	names         *naming
	id            func(row int32) []byte
	cores         int // how many may be used
}

// ranks are where numbers below n stand in an order; of those that do not it
// says nothing.
func ranks(order []int32, n int) []int32 {
	out := make([]int32, n)
	for rank, i := range order {
		out[i] = int32(rank)
	}
	return out
}

// newBase puts rows in order, and answers beside the base where each row went,
// -1 for nowhere. The base takes reader and bodies when there is no error.
func newBase(r *unordered, bodies *mapped, reader index.IndexReader, vocab *orders, interests []prompt) (*base, []int32, error) {
	snapshot, ok := reader.(*scorch.IndexSnapshot)
	if !ok {
		return nil, nil, fmt.Errorf("read the index: %T is not a snapshot of scorch", reader)
	}
	keep := r.laidOut()
	moved := make([]int32, r.columns.len())
	for i := range moved {
		moved[i] = -1
	}
	for slot, i := range keep {
		moved[i] = int32(slot)
	}
	b := &base{bodies: bodies, reader: snapshot, byID: picked(moved, r.byID), byTitle: picked(moved, r.byTitle)}
	id := func(slot int32) []byte { return r.id(keep[slot]) }
	b.keys, b.ids = newIDKeys(b.byID, id), newSlotIDs(len(keep), id)
	var work errgroup.Group
	work.SetLimit(r.cores)
	work.Go(func() error {
		b.prompts = r.names.prompts(moved, b.byID, id, interests)
		return nil
	})
	b.columns, b.at = *r.columns.pick(keep), picked(r.at, keep)
	*r.columns = columns{} // a quarter of the memory that a base needs while it is made
	b.lay()
	b.listInterests(len(vocab.rolled))
	b.order()
	if r.cores == 1 {
		if err := work.Wait(); err != nil {
			return nil, nil, err
		}
	}
	err := b.join(id, r.cores)
	for _, s := range snapshot.Segments() {
		if file, ok := s.Segment().(interface{ Data() []byte }); ok {
			bodies.beside = append(bodies.beside, file.Data())
		}
	}
	return b, moved, errors.Join(err, work.Wait())
}

// laidOut are the rows that count in the order of where they are.
func (r *unordered) laidOut() []int32 {
	// By rank in the order of ids, which decides where the place is the same.
	list := make([]keyed, len(r.byID))
	for rank, i := range r.byID {
		key := uint64(rowOf(r.columns.lat[i]))<<32 | uint64(uint32(r.columns.lon[i])^1<<31)
		switch {
		case r.columns.flags[i]&flagVenue == 0:
			key = 2<<62 | uint64(r.columns.lives[i])
		case r.columns.flags[i]&flagsRemote != 0:
			key |= 1 << 62
		}
		list[rank] = keyed{key, int32(rank)}
	}
	sortKeyed(list)
	keep := make([]int32, len(list))
	for slot, k := range list {
		keep[slot] = r.byID[k.n]
	}
	return keep
}

// lay notes where the parts and their rows begin.
func (b *base) lay() {
	for i := range b.columns.flags {
		switch flags := b.columns.flags[i]; {
		case flags&flagVenue == 0:
		case flags&flagsRemote == 0:
			b.local++
			b.located++
		default:
			b.located++
		}
	}
	b.rows = b.rowsOf(0, b.local)
	b.remoteRows = b.rowsOf(b.local, b.located)
}

// rowsOf are the first slots of the rows of a stretch, and its end.
func (b *base) rowsOf(from, until int) []int32 {
	rows := make([]int32, rowCount+1)
	for i := from; i < until; i++ {
		rows[rowOf(b.columns.lat[i])+1]++
	}
	rows[0] = int32(from)
	for r := range rowCount {
		rows[r+1] += rows[r]
	}
	return rows
}

func (b *base) listInterests(interests int) {
	b.interestFrom = make([]int32, interests+1)
	for _, n := range b.columns.interests {
		b.interestFrom[n+1]++
	}
	for n := range interests {
		b.interestFrom[n+1] += b.interestFrom[n]
	}
	b.byInterest = make([]int32, len(b.columns.interests))
	next := slices.Clone(b.interestFrom)
	for i := range b.columns.len() {
		for _, n := range b.columns.interestsOf(i) {
			b.byInterest[next[n]] = int32(i)
			next[n]++
		}
	}
}

// order sorts the slots by update, and notes where they stand by title.
func (b *base) order() {
	list := make([]keyed, b.columns.len())
	for rank, i := range b.byID {
		list[rank] = keyed{^(uint64(b.columns.updated[i]) ^ 1<<63), int32(rank)}
	}
	sortKeyed(list)
	b.byUpdated = make([]int32, len(list))
	for at, k := range list {
		b.byUpdated[at] = b.byID[k.n]
	}
	b.titleRank = ranks(b.byTitle, b.columns.len())
}

// beginning is a number that stands in the order of texts by their first eight
// bytes.
func beginning(text []byte) (n uint64) {
	for i := range 8 {
		n <<= 8
		if i < len(text) {
			n |= uint64(text[i])
		}
	}
	return n
}

// names are the id and the folded title of a slot, for as long as the base is
// in use.
func (b *base) names(i int) (id, title []byte) {
	raw := b.bodies.raw(b.at[i])
	id, raw = cutText(raw)
	title, _ = cutText(raw)
	return id, title
}

func cutText(raw []byte) (text, rest []byte) {
	n, shift := 0, 0
	for i, c := range raw {
		n |= int(c&0x7f) << shift
		if shift += 7; c < 0x80 {
			return raw[i+1 : i+1+n], raw[i+1+n:]
		}
	}
	return nil, nil
}

// titleRankOf is before which place in the order of titles a listing of that
// folded title and id stands.
func (b *base) titleRankOf(title, id string) int32 {
	at, _ := slices.BinarySearchFunc(b.byTitle, 0, func(slot int32, _ int) int {
		i, t := b.names(int(slot))
		return cmp.Or(cmp.Compare(string(t), title), cmp.Compare(string(i), id))
	})
	return int32(at)
}

// id is the id of the listing in a slot.
func (b *base) id(slot int32) string {
	if b.ids != nil {
		return b.ids[slot].String()
	}
	id, _ := b.names(int(slot))
	return string(id)
}

// appendID appends the id of the listing in a slot.
func (b *base) appendID(to []byte, slot int32) []byte {
	if b.ids == nil {
		id, _ := b.names(int(slot))
		return append(to, id...)
	}
	var text [uuidBytes]byte
	at := 0
	for i, c := range b.ids[slot] {
		if i == 4 || i == 6 || i == 8 || i == 10 {
			text[at] = '-'
			at++
		}
		text[at], text[at+1] = hexPairs[2*int(c)], hexPairs[2*int(c)+1]
		at += 2
	}
	return append(to, text[:]...)
}

// hexPairs are all bytes as two digits each.
var hexPairs = func() (pairs [512]byte) {
	const digits = "0123456789abcdef"
	for i := range 256 {
		pairs[2*i], pairs[2*i+1] = digits[i>>4], digits[i&15]
	}
	return pairs
}()

// find is the slot of a listing.
func (b *base) find(id string) (int32, bool) {
	return b.findBy([]byte(id), func(slot int32) []byte { return []byte(b.id(slot)) })
}

func (b *base) findBy(id []byte, of func(slot int32) []byte) (int32, bool) {
	from, until := b.keys.stretch(id)
	at, ok := slices.BinarySearchFunc(b.byID[from:until], id, func(slot int32, id []byte) int {
		return bytes.Compare(of(slot), id)
	})
	if !ok {
		return 0, false
	}
	return b.byID[from+at], true
}

// join finds the slot of every document of the snapshot. id is that of a slot.
func (b *base) join(id func(slot int32) []byte, cores int) error {
	var work errgroup.Group
	work.SetLimit(cores)
	var joined atomic.Int64
	count := uint64(0)
	for _, s := range b.reader.Segments() {
		count += s.Segment().Count()
	}
	b.slotOf = make([]int32, count)
	slots := b.slotOf
	for _, s := range b.reader.Segments() {
		n := s.Segment().Count()
		for from := uint64(0); from < n; from += joinAtOnce {
			until := min(from+joinAtOnce, n)
			part := slots[from:until]
			work.Go(func() error {
				found, err := b.joinPart(s, from, part, id)
				joined.Add(int64(found))
				return err
			})
		}
		slots = slots[n:]
	}
	if err := work.Wait(); err != nil {
		return err
	}
	if n := joined.Load(); n != int64(b.columns.len()) {
		return fmt.Errorf("of %d listings %d have their words: %w", b.columns.len(), n, errDamaged)
	}
	return nil
}

// joinAtOnce is how many documents are joined by one goroutine at a time.
const joinAtOnce = 1 << 15

func (b *base) joinPart(s *scorch.SegmentSnapshot, from uint64, slots []int32, of func(slot int32) []byte) (found int, err error) {
	defer func() { // see openShelf
		if r := recover(); r != nil {
			err = fmt.Errorf("read a document's id: %v: %w", r, errDamaged)
		}
	}()
	deleted := s.Deleted()
	for i := range slots {
		slots[i] = -1
		n := from + uint64(i)
		if deleted != nil && deleted.Contains(uint32(n)) {
			continue
		}
		id, err := s.Segment().DocID(n)
		if err != nil {
			return found, fmt.Errorf("read a document's id: %w", err)
		}
		if slot, ok := b.findBy(id, of); ok {
			slots[i] = slot
			found++
		}
	}
	return found, nil
}

func (b *base) close() error { return errors.Join(b.reader.Close(), b.bodies.close()) }
