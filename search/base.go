package search

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"
)

// base is most of the listings of an index, in three parts: what takes place at
// a venue only, what can be taken part in from elsewhere too, and what has no
// venue that is known. The first two are in the order of where they are: row by
// row from south to north, and in each row, a hundredth of a degree of latitude,
// from west to east. So a circle is one short stretch of each row that it
// touches, and what is reached from anywhere is one stretch. It never changes.
type base struct {
	columns
	at     []int64 // where the body of a slot begins
	bodies *mapped
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

// newBase puts the rows of all whose number is in keep in order, and answers
// beside the base where each row of all went, -1 for nowhere.
func newBase(all *columns, at []int64, keep []int32, bodies *mapped, reader index.IndexReader, interests int) (*base, []int32, error) {
	snapshot, ok := reader.(*scorch.IndexSnapshot)
	if !ok {
		return nil, nil, fmt.Errorf("read the index: %T is not a snapshot of scorch", reader)
	}
	key := func(i int32) uint64 {
		if all.flags[i]&flagVenue == 0 {
			return 2<<62 | uint64(all.lives[i])
		}
		at := uint64(rowOf(all.lat[i]))<<32 | uint64(uint32(all.lon[i])^1<<31)
		if all.flags[i]&flagsRemote != 0 {
			at |= 1 << 62
		}
		return at
	}
	keys := make([]uint64, all.len())
	for _, i := range keep {
		keys[i] = key(i)
	}
	slices.SortFunc(keep, func(a, b int32) int { return cmp.Or(cmp.Compare(keys[a], keys[b]), cmp.Compare(a, b)) })
	b := &base{columns: *all.pick(keep), at: picked(at, keep), bodies: bodies, reader: snapshot}
	moved := make([]int32, all.len())
	for i := range moved {
		moved[i] = -1
	}
	for slot, i := range keep {
		moved[i] = int32(slot)
	}
	b.lay()
	b.listInterests(interests)
	b.order()
	return b, moved, b.join()
}

// lay notes where the parts and their rows begin.
func (b *base) lay() {
	for i := range b.flags {
		switch flags := b.flags[i]; {
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
		rows[rowOf(b.lat[i])+1]++
	}
	rows[0] = int32(from)
	for r := range rowCount {
		rows[r+1] += rows[r]
	}
	return rows
}

func (b *base) listInterests(interests int) {
	b.interestFrom = make([]int32, interests+1)
	for _, n := range b.interests {
		b.interestFrom[n+1]++
	}
	for n := range interests {
		b.interestFrom[n+1] += b.interestFrom[n]
	}
	b.byInterest = make([]int32, len(b.interests))
	next := slices.Clone(b.interestFrom)
	for i := range b.len() {
		for _, n := range b.interestsOf(i) {
			b.byInterest[next[n]] = int32(i)
			next[n]++
		}
	}
}

// order sorts the slots in all ways in which lists are shown.
func (b *base) order() {
	n := b.len()
	ids, titles := make([]uint64, n), make([]uint64, n)
	for i := range n {
		id, title := b.names(i)
		ids[i], titles[i] = beginning(id), beginning(title)
	}
	every := func() []int32 {
		all := make([]int32, n)
		for i := range all {
			all[i] = int32(i)
		}
		return all
	}
	byID := func(i, j int32) int {
		if c := cmp.Compare(ids[i], ids[j]); c != 0 {
			return c
		}
		a, _ := b.names(int(i))
		o, _ := b.names(int(j))
		return bytes.Compare(a, o)
	}
	b.byID, b.byTitle, b.byUpdated = every(), every(), every()
	var sorting sync.WaitGroup
	sorting.Go(func() { slices.SortFunc(b.byID, byID) })
	slices.SortFunc(b.byTitle, func(i, j int32) int {
		if c := cmp.Compare(titles[i], titles[j]); c != 0 {
			return c
		}
		_, a := b.names(int(i))
		_, o := b.names(int(j))
		return cmp.Or(bytes.Compare(a, o), byID(i, j))
	})
	slices.SortFunc(b.byUpdated, func(i, j int32) int {
		return cmp.Or(cmp.Compare(b.updated[j], b.updated[i]), byID(i, j))
	})
	sorting.Wait()
	b.titleRank = make([]int32, n)
	for rank, i := range b.byTitle {
		b.titleRank[i] = int32(rank)
	}
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

// find is the slot of a listing.
func (b *base) find(id string) (int32, bool) {
	at, ok := slices.BinarySearchFunc(b.byID, id, func(i int32, id string) int {
		have, _ := b.names(int(i))
		return strings.Compare(string(have), id)
	})
	if !ok {
		return 0, false
	}
	return b.byID[at], true
}

// join finds the slot of every document of the snapshot.
func (b *base) join() error {
	count := uint64(0)
	for _, s := range b.reader.Segments() {
		count += s.Segment().Count()
	}
	b.slotOf = make([]int32, 0, count)
	for _, s := range b.reader.Segments() {
		deleted := s.Deleted()
		for n := range s.Segment().Count() {
			slot := int32(-1)
			if deleted == nil || !deleted.Contains(uint32(n)) {
				id, err := s.Segment().DocID(n)
				if err != nil {
					return fmt.Errorf("read a document's id: %w", err)
				}
				if found, ok := b.find(string(id)); ok {
					slot = found
				}
			}
			b.slotOf = append(b.slotOf, slot)
		}
	}
	return nil
}

func (b *base) close() error { return errors.Join(b.reader.Close(), b.bodies.close()) }
