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

// Main is most of the listings of an index, in three parts: what takes place at
// a venue only, what can be taken part in from elsewhere too, and what has no
// venue that is known. The first two are in the order of where they are: row by
// row from south to north, and in each row, a hundredth of a degree of latitude,
// from west to east. So a circle is one short stretch of each row that it
// touches, and what is reached from anywhere is one stretch. It never changes.
type Main struct {
	Columns Columns
	at      []int64 // where the body of a slot begins
	bodies  *MappedFile
	// The first slot of each row, and one more, of the two parts with a venue.
	Rows, RemoteRows []int32
	Local            int // slots of the first part
	located          int // slots of the first two

	// Slots in the order of titles, of updates, newest first, and of ids;
	// titleRank is where a slot stands in the first.
	byTitle, byUpdated, byID []int32
	titleRank                []int32
	interestFrom             []int32 // slots by interest, broader ones too
	byInterest               []int32
	idKeys                   idKeys // in the order of byID
	docIDs                   docIDs // by slot

	Reader   *scorch.IndexSnapshot
	docOf    []int32 // by document number, -1: none
	postings postingCache
}

// RowHeight is the height of a row in parts of plotsPerDegree: about a
// kilometre, so that a short walk touches three rows and a drive some dozens.
const RowHeight = PlotsPerDegree / 100

const rowCount = 180 * 100

func RowOf(lat int32) int {
	return min(max((int(lat)+90*PlotsPerDegree)/RowHeight, 0), rowCount-1)
}

// NewMain puts rows in order, and answers beside the base where each row went,
// -1 for nowhere. The base takes reader and bodies when there is no error.
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
	id := func(doc int32) []byte { return r.Id(keep[doc]) }
	b.idKeys, b.docIDs = newIDKeys(b.byID, id), newDocIDs(len(keep), id)
	var work errgroup.Group
	work.SetLimit(r.Cores)
	work.Go(func() error {
		r.Beside(moved, b.byID, id)
		return nil
	})
	b.Columns, b.at = *r.Columns.Pick(keep), Picked(r.At, keep)
	*r.Columns = Columns{} // a quarter of the memory that a base needs while it is made
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

// partition notes where the parts and their rows begin.
func (b *Main) partition() {
	for i := range b.Columns.Flags {
		switch flags := b.Columns.Flags[i]; {
		case flags&FlagVenue == 0:
		case flags&FlagsRemote == 0:
			b.Local++
			b.located++
		default:
			b.located++
		}
	}
	b.Rows = b.rowsOf(0, b.Local)
	b.RemoteRows = b.rowsOf(b.Local, b.located)
}

// rowsOf are the first slots of the rows of a stretch, and its end.
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

// orderByUpdate sorts the slots by update, and notes where they stand by title.
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

// titleRankOf is before which place in the order of titles a listing of that
// folded title and id stands.
func (b *Main) titleRankOf(title, id string) int32 {
	at, _ := slices.BinarySearchFunc(b.byTitle, 0, func(doc int32, _ int) int {
		i, t := b.idAndTitle(doc)
		return cmp.Or(cmp.Compare(string(t), title), cmp.Compare(string(i), id))
	})
	return int32(at)
}

// id is the id of the listing in a slot.
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

// hexPairs are all bytes as two digits each.
var hexPairs = func() (pairs [512]byte) {
	const digits = "0123456789abcdef"
	for i := range 256 {
		pairs[2*i], pairs[2*i+1] = digits[i>>4], digits[i&15]
	}
	return pairs
}()

// Find is the slot of a listing.
func (b *Main) Find(id string) (int32, bool) {
	return b.findBy([]byte(id), func(doc int32) []byte { return []byte(b.id(doc)) })
}

func (b *Main) findBy(id []byte, of func(doc int32) []byte) (int32, bool) {
	from, until := b.idKeys.stretch(id)
	at, ok := slices.BinarySearchFunc(b.byID[from:until], id, func(doc int32, id []byte) int {
		return bytes.Compare(of(doc), id)
	})
	if !ok {
		return 0, false
	}
	return b.byID[from+at], true
}

// joinDocuments finds the slot of every document of the snapshot. id is that of a slot.
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
		return fmt.Errorf("of %d listings %d have their words: %w", b.Len(), n, ErrDamaged)
	}
	return nil
}

// joinBlock is how many documents are joined by one goroutine at a time.
const joinBlock = 1 << 15

func (b *Main) joinBlock(s *scorch.SegmentSnapshot, from uint64, docs []int32, of func(doc int32) []byte) (found int, err error) {
	defer func() { // see openShelf
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

func (b *Main) Close() error { return errors.Join(b.Reader.Close(), b.bodies.Close()) }
