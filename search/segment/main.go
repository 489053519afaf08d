package segment

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

// Main is the segment on the disk, with most of the listings, in three parts: what takes place at
// a venue only, what can be taken part in from elsewhere too, and what has no
// venue that is known, of which what has an area comes first. The first two are in the order of where they are: row by
// row from south to north, and in each row, a hundredth of a degree of latitude,
// from west to east. So a circle is one short range of each row that it
// touches, and what is reached from anywhere is one range. It never changes.
type Main struct {
	Columns Columns
	at      []int64 // where the packed facts of a row begin in the file of listings
	bodies  *MappedFile
	// The first doc of each row of the map, and one more, of the two parts with a
	// venue.
	Rows, RemoteRows []int32
	Local            int // docs of the first part
	located          int // docs of the first two
	areas            int // docs of these and of what has an area

	// Docs by title, by update, newest first, and by id; titleRank is the position
	// of a doc in the first.
	byTitle, byUpdated, byID []int32
	titleRank                []int32
	interestFrom             []int32 // of each interest in byInterest
	byInterest               []int32
	idKeys                   idKeys // in the order of byID
	docIDs                   docIDs // by doc

	Reader   *scorch.IndexSnapshot
	docOf    []int32 // by document number, -1: none
	postings postingCache
}

// AreaDocs is the range of docs of which no more than the area is known.
func (b *Main) AreaDocs() (from, until int32) { return int32(b.located), int32(b.areas) }

// RowHeight is the height of a row in parts of PlotsPerDegree: about a
// kilometre, so that a short walk touches three rows and a drive some dozens.
const RowHeight = PlotsPerDegree / 100

const rowCount = 180 * 100

// RowOf is the row of the grid that a latitude, as columns keep it, lies in.
func RowOf(lat int32) int {
	return min(max((int(lat)+90*PlotsPerDegree)/RowHeight, 0), rowCount-1)
}

// NewMain sorts rows into a main segment, and returns the doc of each row, -1 for
// those that do not count. It owns reader and bodies unless there is an error.
func NewMain(r *Unsorted, bodies *MappedFile, reader index.IndexReader, vocab *Ordinals) (*Main, []int32, error) {
	snapshot, ok := reader.(*scorch.IndexSnapshot)
	if !ok {
		return nil, nil, fmt.Errorf("read the index: %T is not a snapshot of scorch", reader)
	}
	keep := r.spatialOrder()
	moved := make([]int32, r.Columns.Len())
	for i := range moved {
		moved[i] = -1
	}
	for doc, i := range keep {
		moved[i] = int32(doc)
	}
	b := &Main{bodies: bodies, Reader: snapshot, byID: Picked(moved, r.ByID), byTitle: Picked(moved, r.ByTitle)}
	id := func(doc int32) []byte { return r.ID(keep[doc]) }
	b.idKeys, b.docIDs = newIDKeys(b.byID, id), newDocIDs(len(keep), id)
	var work errgroup.Group
	work.SetLimit(r.Cores)
	work.Go(func() error {
		r.Beside(moved, b.byID, id)
		return nil
	})
	b.Columns, b.at = *r.Columns.Pick(keep), Picked(r.At, keep)
	*r.Columns = Columns{} // a quarter of the memory that making a main segment takes
	b.partition()
	b.listInterests(len(vocab.Rolled))
	b.orderByUpdate()
	if r.Cores == 1 {
		if err := work.Wait(); err != nil {
			return nil, nil, err
		}
	}
	err := b.joinDocuments(id, r.Cores)
	for _, s := range snapshot.Segments() {
		if file, ok := s.Segment().(interface{ Data() []byte }); ok {
			bodies.segments = append(bodies.segments, file.Data())
		}
	}
	return b, moved, errors.Join(err, work.Wait())
}

// partition finds where the parts and their rows begin.
func (b *Main) partition() {
	for i := range b.Columns.Flags {
		switch flags := b.Columns.Flags[i]; {
		case flags&FlagArea != 0:
			b.areas++
		case flags&FlagVenue == 0:
		case flags&FlagsRemote == 0:
			b.Local++
			b.located++
		default:
			b.located++
		}
	}
	b.areas += b.located
	b.Rows = b.rowsOf(0, b.Local)
	b.RemoteRows = b.rowsOf(b.Local, b.located)
}

// rowsOf are the first docs of the rows of the map in a range, and its end.
func (b *Main) rowsOf(from, until int) []int32 {
	rows := make([]int32, rowCount+1)
	for i := from; i < until; i++ {
		rows[RowOf(b.Columns.Lat[i])+1]++
	}
	rows[0] = int32(from)
	for r := range rowCount {
		rows[r+1] += rows[r]
	}
	return rows
}

func (b *Main) listInterests(interests int) {
	b.interestFrom = make([]int32, interests+1)
	for _, n := range b.Columns.interests {
		b.interestFrom[n+1]++
	}
	for n := range interests {
		b.interestFrom[n+1] += b.interestFrom[n]
	}
	b.byInterest = make([]int32, len(b.Columns.interests))
	next := slices.Clone(b.interestFrom)
	for i := range b.Len() {
		for _, n := range b.Columns.InterestsOf(i) {
			b.byInterest[next[n]] = int32(i)
			next[n]++
		}
	}
}

// orderByUpdate sorts the docs by update, and sets their positions by title.
func (b *Main) orderByUpdate() {
	list := make([]keyed, b.Len())
	for rank, i := range b.byID {
		list[rank] = keyed{^(uint64(b.Columns.Updated[i]) ^ 1<<63), int32(rank)}
	}
	sortKeyed(list)
	b.byUpdated = make([]int32, len(list))
	for at, k := range list {
		b.byUpdated[at] = b.byID[k.n]
	}
	b.titleRank = Ranks(b.byTitle, b.Len())
}

// idAndTitle are the id and the folded title of a row, valid while the segment
// is in use.
func (b *Main) idAndTitle(row int32) (id, title []byte) { return idAndTitleOf(b.Packed(row)) }

// Len is the number of rows.
func (b *Main) Len() int { return b.Columns.Len() }

// Packed is the packed facts of a row.
func (b *Main) Packed(row int32) []byte { return b.bodies.raw(b.at[row]) }

// Title is the folded title of a row.
func (b *Main) Title(row int32) []byte {
	_, title := b.idAndTitle(row)
	return title
}

// TitleNumber is the position of a row in the order of titles.
func (b *Main) TitleNumber(row int32) float64 { return float64(b.titleRank[row]) }

// ByTitle are the rows by title and id.
func (b *Main) ByTitle() []int32 { return b.byTitle }

// ByUpdated are the rows by update, newest first.
func (b *Main) ByUpdated() []int32 { return b.byUpdated }

// WithInterest are the rows that have an interest, or a narrower one, by its
// ordinal.
func (b *Main) WithInterest(id uint16) []int32 {
	return b.byInterest[b.interestFrom[id]:b.interestFrom[id+1]]
}

// titleRankOf is the rank by title at which a listing with a folded title and id
// is or would be inserted.
func (b *Main) titleRankOf(title, id string) int32 {
	at, _ := slices.BinarySearchFunc(b.byTitle, 0, func(doc int32, _ int) int {
		i, t := b.idAndTitle(doc)
		return cmp.Or(cmp.Compare(string(t), title), cmp.Compare(string(i), id))
	})
	return int32(at)
}

// id is the id of a doc.
func (b *Main) id(doc int32) string {
	if b.docIDs != nil {
		return b.docIDs[doc].String()
	}
	id, _ := b.idAndTitle(doc)
	return string(id)
}

// AppendID appends the id of a row.
func (b *Main) AppendID(to []byte, doc int32) []byte {
	if b.docIDs == nil {
		id, _ := b.idAndTitle(doc)
		return append(to, id...)
	}
	var text [UuidBytes]byte
	at := 0
	for i, c := range b.docIDs[doc] {
		if i == 4 || i == 6 || i == 8 || i == 10 {
			text[at] = '-'
			at++
		}
		text[at], text[at+1] = hexPairs[2*int(c)], hexPairs[2*int(c)+1]
		at += 2
	}
	return append(to, text[:]...)
}

// hexPairs are all bytes as two hexadecimal digits each.
var hexPairs = func() (pairs [512]byte) {
	const digits = "0123456789abcdef"
	for i := range 256 {
		pairs[2*i], pairs[2*i+1] = digits[i>>4], digits[i&15]
	}
	return pairs
}()

// Find is the doc of an id.
func (b *Main) Find(id string) (int32, bool) {
	return b.findBy([]byte(id), func(doc int32) []byte { return []byte(b.id(doc)) })
}

func (b *Main) findBy(id []byte, of func(doc int32) []byte) (int32, bool) {
	from, until := b.idKeys.span(id)
	at, ok := slices.BinarySearchFunc(b.byID[from:until], id, func(doc int32, id []byte) int {
		return bytes.Compare(of(doc), id)
	})
	if !ok {
		return 0, false
	}
	return b.byID[from+at], true
}

// joinDocuments finds the doc of every document of Bleve's snapshot; id is the id
// of a doc.
func (b *Main) joinDocuments(id func(doc int32) []byte, cores int) error {
	var work errgroup.Group
	work.SetLimit(cores)
	var joined atomic.Int64
	count := uint64(0)
	for _, s := range b.Reader.Segments() {
		count += s.Segment().Count()
	}
	b.docOf = make([]int32, count)
	docs := b.docOf
	for _, s := range b.Reader.Segments() {
		n := s.Segment().Count()
		for from := uint64(0); from < n; from += joinBlock {
			until := min(from+joinBlock, n)
			part := docs[from:until]
			work.Go(func() error {
				found, err := b.joinBlock(s, from, part, id)
				joined.Add(int64(found))
				return err
			})
		}
		docs = docs[n:]
	}
	if err := work.Wait(); err != nil {
		return err
	}
	if n := joined.Load(); n != int64(b.Len()) {
		return fmt.Errorf("%d listings have %d documents: %w", b.Len(), n, ErrDamaged)
	}
	return nil
}

// joinBlock is how many documents are joined by one goroutine at a time.
const joinBlock = 1 << 15

func (b *Main) joinBlock(s *scorch.SegmentSnapshot, from uint64, docs []int32, of func(doc int32) []byte) (found int, err error) {
	defer func() { // a file that was cut short panics when it is read
		if r := recover(); r != nil {
			err = fmt.Errorf("read a document's id: %v: %w", r, ErrDamaged)
		}
	}()
	deleted := s.Deleted()
	for i := range docs {
		docs[i] = -1
		n := from + uint64(i)
		if deleted != nil && deleted.Contains(uint32(n)) {
			continue
		}
		id, err := s.Segment().DocID(n)
		if err != nil {
			return found, fmt.Errorf("read a document's id: %w", err)
		}
		if doc, ok := b.findBy(id, of); ok {
			docs[i] = doc
			found++
		}
	}
	return found, nil
}

// Close lets go of the words and the mapped file.
func (b *Main) Close() error { return errors.Join(b.Reader.Close(), b.bodies.Close()) }

// Unsorted are the listings that a main segment is made of, in any order, with the
// orders by name that the caller knows.
type Unsorted struct {
	Columns *Columns
	At      []int64 // where the bodies begin
	// ByID and ByTitle are the rows that count in the order of their ids, and of
	// their titles and ids.
	ByID, ByTitle []int32
	ID            func(row int32) []byte
	// Beside is called once the doc of each row is known, concurrently with the
	// rest where there are cores for it: moved is the doc of each row, -1 for
	// none, byID are the docs by id, and id is the id of a doc.
	Beside func(moved, byID []int32, id func(doc int32) []byte)
	Cores  int // how many may be used
}

// Ranks are the positions of numbers below n in an order; 0 for those that are not
// in it.
func Ranks(order []int32, n int) []int32 {
	out := make([]int32, n)
	for rank, i := range order {
		out[i] = int32(rank)
	}
	return out
}

// spatialOrder are the rows that count, in the order of Main.
func (r *Unsorted) spatialOrder() []int32 {
	// By rank in the order of ids, which decides between listings at one place.
	list := make([]keyed, len(r.ByID))
	for rank, i := range r.ByID {
		key := uint64(RowOf(r.Columns.Lat[i]))<<32 | uint64(uint32(r.Columns.Lon[i])^1<<31)
		switch {
		case r.Columns.Flags[i]&FlagVenue == 0:
			key = 2<<62 | uint64(r.Columns.Lives[i])
			if r.Columns.Flags[i]&FlagArea == 0 {
				key |= 1 << 32
			}
		case r.Columns.Flags[i]&FlagsRemote != 0:
			key |= 1 << 62
		}
		list[rank] = keyed{key, int32(rank)}
	}
	sortKeyed(list)
	keep := make([]int32, len(list))
	for doc, k := range list {
		keep[doc] = r.ByID[k.n]
	}
	return keep
}
