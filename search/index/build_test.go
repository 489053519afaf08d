package index_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"gather/search"
	"gather/search/index"
)

// TestRebuildOfManyPagesWhileWritesGoOn rebuilds an index from a log of several
// pages, in which listings come again and are taken out, while more is written
// to it and searches go on: nothing may be lost, and nothing come back.
func TestRebuildOfManyPagesWhileWritesGoOn(t *testing.T) {
	w := newWorld(t)
	r := newInventor(t, 11)
	l := &log{}
	const listings, changes = 2500, 4500
	gone := map[int]bool{}
	write := func(from, until int) {
		for change := from; change < until; change++ {
			n := r.IntN(listings)
			a := r.activity(n, noon)
			rec := record(t, a, int64(change))
			if rec.Gone = r.IntN(10) == 0; rec.Gone {
				rec.Doc = nil
			}
			gone[n] = rec.Gone
			l.add(rec)
		}
	}
	write(1, changes)
	ctx, cancel := context.WithCancel(context.Background())
	var others sync.WaitGroup
	others.Go(func() {
		for ctx.Err() == nil {
			if _, err := w.index.Search(ctx, search.Query{Limit: 20}); err != nil && ctx.Err() == nil {
				t.Error(err)
			}
		}
	})
	others.Go(func() {
		if err := (&index.Follower{Source: l, Index: w.index}).CatchUp(ctx); err != nil && ctx.Err() == nil {
			t.Error(err)
		}
	})
	built := make(chan error, 1)
	go func() { built <- w.index.Rebuild(ctx, l) }()
	for change := changes; change < changes+200; change += 10 {
		write(change, change+10)
		time.Sleep(5 * time.Millisecond)
	}
	if err := <-built; err != nil {
		t.Fatal(err)
	}
	if err := (&index.Follower{Source: l, Index: w.index}).CatchUp(ctx); err != nil {
		t.Fatal(err)
	}
	cancel()
	others.Wait()
	live := 0
	for _, is := range gone {
		if !is {
			live++
		}
	}
	check := func(when string) {
		if w.index.Len() != live || w.index.Cursor() != changes+199 {
			t.Errorf("%s: %d listings up to change %d, and there are %d", when, w.index.Len(), w.index.Cursor(), live)
		}
		for n := range 50 {
			got := w.search(fmt.Sprintf("q=friendly&limit=5&sort=updated&checked=%d", n+1))
			for _, item := range got.Items {
				var number int
				if _, err := fmt.Sscanf(item.ID[24:], "%d", &number); err != nil || gone[number] {
					t.Fatalf("%s: %s is found and was taken out", when, item.ID)
				}
			}
		}
	}
	check("built")
	if err := w.index.Close(); err != nil {
		t.Fatal(err)
	}
	w.index = openIndex(t, w)
	check("opened again")
}

// TestRebuildStopsWithItsContext leaves the index in use as it was.
func TestRebuildStopsWithItsContext(t *testing.T) {
	w := invented(t, 30)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := w.index.Rebuild(ctx, inventedLog(t, 30)); err == nil {
		t.Error("a rebuild whose context has ended succeeds")
	}
	if got := w.search("").Total; got != 30 {
		t.Errorf("afterwards %d listings are found", got)
	}
}
