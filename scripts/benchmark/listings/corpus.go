package listings

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"sync"

	"gather/directory"
)

// revisedEvery says which listings an update revises: one in ten.
const revisedEvery = 10

// Corpus is the first Size listings of a generator, before or after a tenth of
// them was revised. After Write they are read from its file, so that no engine's
// times include generating them.
type Corpus struct {
	*Generator
	Size    int
	Updated bool

	// ByPlace are the numbers of all listings in the order of a space-filling
	// curve, those without a venue first. Write sets it.
	ByPlace []int32

	file    *os.File
	written int64
	docs    []span // by number
	revised []span // of the revised listings, by number / revisedEvery
}

// span is the position of a listing's document in the file.
type span struct {
	at   int64
	size int32
}

// chunk is the number of listings that a worker takes at a time.
const chunk = 512

// Write writes the documents of all listings, before and after the update, to a
// file in folder. It calls see with each listing before the update, from several
// goroutines at once; worker is the number of the goroutine, below workers.
func (c *Corpus) Write(ctx context.Context, folder string, workers int, see func(worker int, a directory.Activity)) (err error) {
	if c.file, err = os.CreateTemp(folder, "listings-"); err != nil {
		return fmt.Errorf("write the listings: %w", err)
	}
	c.docs, c.revised = make([]span, c.Size), make([]span, (c.Size+revisedEvery-1)/revisedEvery)
	curves := make([]int64, c.Size)
	defer func() { c.ByPlace = ordered(curves) }()
	var mu sync.Mutex
	return Chunks(ctx, c.Size, workers, func(worker, from, to int) error {
		var text []byte
		var spans []*span
		keep := func(a directory.Activity, to *span) error {
			doc, err := document(a)
			*to = span{int64(len(text)), int32(len(doc))}
			text, spans = append(text, doc...), append(spans, to)
			return err
		}
		for n := from; n < to; n++ {
			a := c.At(n)
			see(worker, a)
			curves[n] = curve(a)
			if err := keep(a, &c.docs[n]); err != nil {
				return err
			}
			if n%revisedEvery != 0 {
				continue
			}
			if err := keep(c.Revised(n), &c.revised[n/revisedEvery]); err != nil {
				return err
			}
		}
		mu.Lock()
		defer mu.Unlock()
		for _, s := range spans {
			s.at += c.written
		}
		c.written += int64(len(text))
		_, err := c.file.Write(text)
		return err
	})
}

// curve returns the position of a listing on a Z-order curve, like a geohash; -1
// without a venue.
func curve(a directory.Activity) int64 {
	if a.Venue == nil || a.Located == nil {
		return -1
	}
	var z int64
	x, y := uint32((a.Located.Position.Lon+10)*(1<<31)/15), uint32((a.Located.Position.Lat-48)*(1<<31)/15)
	for bit := 30; bit >= 0; bit-- {
		z = z<<2 | int64(y>>bit&1)<<1 | int64(x>>bit&1)
	}
	return z & math.MaxInt64
}

// ordered returns the indexes of values, that of the least value first.
func ordered(values []int64) []int32 {
	ns := make([]int32, len(values))
	for n := range ns {
		ns[n] = int32(n)
	}
	slices.SortFunc(ns, func(a, b int32) int { return cmp.Or(cmp.Compare(values[a], values[b]), cmp.Compare(a, b)) })
	return ns
}

// Close removes the file of Write.
func (c *Corpus) Close() error {
	if c.file == nil {
		return nil
	}
	return errors.Join(c.file.Close(), os.Remove(c.file.Name()))
}

// Chunks calls do for ranges that together cover the numbers below n, from
// several goroutines; worker is the number of the goroutine. A goroutine stops at
// its first error, all stop when ctx is done.
func Chunks(ctx context.Context, n, workers int, do func(worker, from, to int) error) error {
	var mu sync.Mutex
	var all sync.WaitGroup
	next, errs := 0, make([]error, workers)
	take := func() int {
		mu.Lock()
		defer mu.Unlock()
		from := next
		next += chunk
		return from
	}
	for w := range workers {
		all.Go(func() {
			for from := take(); from < n && errs[w] == nil && ctx.Err() == nil; from = take() {
				errs[w] = do(w, from, min(from+chunk, n))
			}
		})
	}
	all.Wait()
	return errors.Join(append(errs, ctx.Err())...)
}

// InOrder calls value for each number below n from several goroutines, and take
// with the values in order. It stops at the first error.
func InOrder[T any](ctx context.Context, n, workers int, value func(int) (T, error), take func(T) error) error {
	type made struct {
		values []T
		err    error
	}
	ctx, stop := context.WithCancel(ctx)
	var all sync.WaitGroup
	defer all.Wait()
	defer stop()
	// The channel bounds the chunks that wait for take, so that a slow take
	// does not fill the memory.
	waiting := make(chan chan made, workers)
	all.Go(func() {
		defer close(waiting)
		for from := 0; from < n; from += chunk {
			out := make(chan made, 1)
			select {
			case waiting <- out:
			case <-ctx.Done():
				return
			}
			all.Go(func() {
				var m made
				for i := from; i < min(from+chunk, n) && m.err == nil; i++ {
					var v T
					v, m.err = value(i)
					m.values = append(m.values, v)
				}
				out <- m
			})
		}
	})
	for out := range waiting {
		m := <-out
		if m.err != nil {
			return m.err
		}
		for _, v := range m.values {
			if err := take(v); err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}

// Listing returns the current version of listing n.
func (c *Corpus) Listing(n int) (directory.Activity, error) {
	if c.file == nil {
		if c.Updated && n%revisedEvery == 0 {
			return c.Revised(n), nil
		}
		return c.At(n), nil
	}
	var a directory.Activity
	doc, err := c.Doc(n)
	if err == nil {
		err = json.Unmarshal(doc, &a)
	}
	return a, err
}

// Doc returns the document of the current version of listing n.
func (c *Corpus) Doc(n int) ([]byte, error) {
	if c.file == nil {
		a, err := c.Listing(n)
		if err != nil {
			return nil, err
		}
		return document(a)
	}
	s := c.docs[n]
	if c.Updated && n%revisedEvery == 0 {
		s = c.revised[n/revisedEvery]
	}
	doc := make([]byte, s.size)
	if _, err := c.file.ReadAt(doc, s.at); err != nil {
		return nil, fmt.Errorf("read listing %d: %w", n, err)
	}
	return doc, nil
}

// IsRevised reports whether an update revises listing n.
func IsRevised(n int) bool { return n%revisedEvery == 0 }

// Revisions returns the numbers of the listings that an update revises, in random
// order, so that they are spread over the country.
func (c *Corpus) Revisions() []int {
	var ns []int
	for n := 0; n < c.Size; n += revisedEvery {
		ns = append(ns, n)
	}
	r := c.random(streamRevised, 0)
	r.Shuffle(len(ns), func(i, j int) { ns[i], ns[j] = ns[j], ns[i] })
	return ns
}

// document returns the stored form of a listing.
func document(a directory.Activity) ([]byte, error) {
	a.Rev, a.Change = 0, 0 // in the record
	doc, err := json.Marshal(a)
	if err != nil {
		return nil, fmt.Errorf("make a document: %w", err)
	}
	return doc, nil
}

// Record returns the stored record of listing n, written by change number change.
func (c *Corpus) Record(n int, change int64) (directory.Record, error) {
	doc, err := c.Doc(n)
	if err != nil {
		return directory.Record{}, err
	}
	return directory.Record{Kind: directory.KindActivity, ID: c.ID(n), Rev: 1, Change: change, At: Now, Action: "publish", Doc: doc}, nil
}

// Changes returns the corpus as a change log; with the methods below it makes
// Corpus a search.Source.
func (c *Corpus) Changes(ctx context.Context, after int64, limit int) ([]directory.Record, error) {
	var rs []directory.Record
	for n := int(after); n < c.Size && len(rs) < limit; n++ {
		r, err := c.Record(n, int64(n+1))
		if err != nil {
			return nil, err
		}
		rs = append(rs, r)
	}
	return rs, ctx.Err()
}

// Last returns the number of the last change.
func (c *Corpus) Last(context.Context) (int64, error) { return int64(c.Size), nil }

// Mark is empty and Holds true, since a corpus has no store that could be replaced.
func (c *Corpus) Mark(directory.Record) directory.Mark { return "" }

// Holds returns true, see Mark.
func (c *Corpus) Holds(context.Context, directory.Mark) (bool, error) { return true, nil }

// Wait blocks until ctx is done: the log does not grow.
func (c *Corpus) Wait(ctx context.Context, _ int64) error {
	<-ctx.Done()
	return ctx.Err()
}
