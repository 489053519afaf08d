package index

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"gather/search/complete"
	"gather/search/segment"
	"math"
	"runtime/debug"
	"slices"
	"sync"
	"unsafe"

	"golang.org/x/sync/errgroup"
)

// loading is what one goroutine has read of the file of listings: rows of facts,
// and the names that they are ordered by.
type loading struct {
	columns     segment.Columns
	builder     *segment.ColumnBuilder
	at          []int64 // where the bodies begin
	ids, titles segment.Arena
	gone        segment.Arena // ids that were taken out, and the entries that say so
	goneAt      []int64
	names       complete.Names
	facts       segment.Facts // of the row being read
}

// read adds the entries of a block.
func (p *loading) read(from int64, block []byte) error {
	return segment.EachEntry(from, block, func(at int64, e segment.Entry) error {
		if e.Body == nil {
			p.gone.Add(e.ID)
			p.goneAt = append(p.goneAt, at)
			return nil
		}
		// The facts share the memory of the block.
		f := &p.facts
		if err := f.Unpack(unsafe.String(unsafe.SliceData(e.Body), len(e.Body))); err != nil {
			return err
		}
		p.names.Add(f, int32(p.columns.Len()))
		p.builder.Add(&p.columns, f)
		p.at = append(p.at, at)
		p.ids.Add(f.ID)
		p.titles.Add(f.SortTitle)
		return nil
	})
}

// readAll reads all that is on the disk.
func (s *disk) readAll(cores int) (*loading, error) {
	vocab := segment.NewOrdinals(s.encoder.Vocabulary)
	parts := make([]*loading, min(cores, maxReaders))
	type block struct {
		from    int64
		entries []byte
	}
	blocks := make(chan block, len(parts))
	free := make(chan []byte, 2*len(parts)+1)
	var work errgroup.Group
	for i := range parts {
		p := &loading{builder: segment.NewColumnBuilder(vocab), names: complete.NewNames()}
		parts[i] = p
		work.Go(func() (err error) {
			for b := range blocks {
				if err == nil {
					err = p.read(b.from, b.entries)
				}
				free <- b.entries
			}
			return err
		})
	}
	err := s.listings.Blocks(free, func(from int64, entries []byte) error {
		blocks <- block{from, entries}
		return nil
	})
	close(blocks)
	if err := errors.Join(err, work.Wait()); err != nil {
		return nil, err
	}
	all := parts[0]
	for i, p := range parts[1:] {
		all.absorb(p)
		parts[i+1] = nil // its memory is no longer needed
	}
	if all.columns.Len() > math.MaxInt32 {
		return nil, fmt.Errorf("read the listings: there are %d", all.columns.Len())
	}
	return all, nil
}

// maxReaders is how many goroutines read the listings: more wait for the disk.
const maxReaders = 4

// absorb adds what another goroutine has read.
func (p *loading) absorb(o *loading) {
	if o.columns.Len()+o.gone.Len() == 0 {
		return
	}
	p.builder.Absorb(&o.columns, o.builder)
	p.names.Absorb(&o.names, int32(p.columns.Len()))
	p.columns = *p.columns.Joined(&o.columns)
	p.at, p.goneAt = slices.Concat(p.at, o.at), slices.Concat(p.goneAt, o.goneAt)
	p.ids.Absorb(&o.ids)
	p.titles.Absorb(&o.titles)
	p.gone.Absorb(&o.gone)
}

// newest are the rows that count, in the order of their ids: of each id the
// one that was written last, unless it was taken out since.
func (p *loading) newest() []int32 {
	live := int32(p.columns.Len())
	all := make([]int32, p.columns.Len()+p.gone.Len())
	for i := range all {
		all[i] = int32(i)
	}
	id := func(i int32) []byte {
		if i >= live {
			return p.gone.Text(i - live)
		}
		return p.ids.Text(i)
	}
	at := func(i int32) int64 {
		if i >= live {
			return p.goneAt[i-live]
		}
		return p.at[i]
	}
	segment.SortTexts(all, id, func(a, b int32) int { return cmp.Compare(at(b), at(a)) })
	keep := all[:0]
	var last []byte
	for n, i := range all {
		if this := id(i); n == 0 || string(this) != string(last) {
			last = this
			if i < live {
				keep = append(keep, i)
			}
		}
	}
	return keep
}

// orders are the rows that count in the order of their ids, and of their titles
// and ids.
func (p *loading) orders(cores int) (byID, byTitle []int32) {
	byTitle = make([]int32, p.columns.Len())
	for i := range byTitle {
		byTitle[i] = int32(i)
	}
	// All rows, because which of them count is found out concurrently.
	sortTitles := func() {
		segment.SortTexts(byTitle, p.titles.Text, func(a, b int32) int { return bytes.Compare(p.ids.Text(a), p.ids.Text(b)) })
	}
	if cores == 1 {
		sortTitles()
		byID = p.newest()
	} else {
		var work sync.WaitGroup
		work.Go(sortTitles)
		byID = p.newest()
		work.Wait()
	}
	if len(byID) < p.columns.Len() {
		counts := make([]bool, p.columns.Len())
		for _, i := range byID {
			counts[i] = true
		}
		byTitle = slices.DeleteFunc(byTitle, func(i int32) bool { return !counts[i] })
	}
	return byID, byTitle
}

// maxWaste is the share of a file of listings that may be out of date before
// the index is stale.
const maxWaste = 0.75

// manyListings is from how many on making a main segment takes so much memory
// beside what stays that it is given back to the system at once.
const manyListings = 50_000

// freeMemory gives back what making a main segment of so many listings took.
func freeMemory(listings int) {
	if listings > manyListings {
		debug.FreeOSMemory()
	}
}

// load makes the main segment of all that is on the disk.
func (s *disk) load(cores int) error {
	bodies, err := s.listings.MapCommitted()
	if err != nil {
		return err
	}
	reader, err := s.reader()
	if err != nil {
		return errors.Join(err, bodies.Close())
	}
	all, err := s.readAll(cores)
	if err != nil {
		return errors.Join(err, reader.Close(), bodies.Close())
	}
	r := &segment.Unsorted{Columns: &all.columns, At: all.at, ID: all.ids.Text, Cores: cores}
	r.Beside = func(moved, byID []int32, id func(doc int32) []byte) {
		s.completions = all.names.Sets(moved, byID, id, s.encoder.Vocabulary)
	}
	r.ByID, r.ByTitle = all.orders(cores)
	b, _, err := segment.NewMain(r, bodies, reader, all.builder.Ordinals)
	if err != nil {
		return errors.Join(err, reader.Close(), bodies.Close())
	}
	if all.columns.Len() > 1000 && float64(b.Len()) < (1-maxWaste)*float64(all.columns.Len()) {
		s.stale.Store(true)
	}
	s.builder = all.builder
	bodies.Release() // what was read of them to find the doc of each document
	defer freeMemory(b.Len())
	s.view, s.recent = segment.NewView(b, s.builder), nil
	return nil
}
