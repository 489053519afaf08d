package listings_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"

	"benchmark/listings"

	"gather/directory"
)

// TestCorpusReadsWhatItWrote checks that a listing reads the same from the file
// as it was generated, before and after the update.
func TestCorpusReadsWhatItWrote(t *testing.T) {
	const size = 1100
	g := generator(t, 4)
	made, written := &listings.Corpus{Generator: g, Size: size}, &listings.Corpus{Generator: g, Size: size}
	var seen atomic.Int64
	if err := written.Write(t.Context(), t.TempDir(), 2, func(int, directory.Activity) { seen.Add(1) }); err != nil {
		t.Fatal(err)
	}
	defer written.Close()
	if seen.Load() != size {
		t.Errorf("%d listings were shown, not %d", seen.Load(), size)
	}
	if ns := slices.Sorted(slices.Values(written.ByPlace)); len(ns) != size || ns[0] != 0 || ns[size-1] != size-1 || len(slices.Compact(ns)) != size {
		t.Errorf("the order along the curve is not one of all %d listings", size)
	}
	for _, updated := range []bool{false, true} {
		made.Updated, written.Updated = updated, updated
		for n := range size {
			want, err := made.Doc(n)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := written.Doc(n); err != nil || !bytes.Equal(got, want) {
				t.Fatalf("listing %d, updated %v: %v\n got %s\nwant %s", n, updated, err, got, want)
			}
			if a, err := written.Listing(n); err != nil || a.ID != g.ID(n) {
				t.Fatalf("listing %d has id %s, not %s: %v", n, a.ID, g.ID(n), err)
			}
		}
	}
}

func TestInOrder(t *testing.T) {
	const size = 5000
	var got []int
	double := func(n int) (int, error) { return 2 * n, nil }
	if err := listings.InOrder(t.Context(), size, 2, double, func(n int) error { got = append(got, n); return nil }); err != nil {
		t.Fatal(err)
	}
	for n := range size {
		if len(got) != size || got[n] != 2*n {
			t.Fatalf("%d values, at %d %d", len(got), n, got[n])
		}
	}
	broken := errors.New("broken")
	if err := listings.InOrder(t.Context(), size, 2, func(n int) (int, error) {
		if n == 3000 {
			return 0, broken
		}
		return n, nil
	}, func(int) error { return nil }); !errors.Is(err, broken) {
		t.Errorf("making a value failed: %v", err)
	}
	if err := listings.InOrder(t.Context(), size, 2, double, func(n int) error {
		if n == 2000 {
			return broken
		}
		return nil
	}); !errors.Is(err, broken) {
		t.Errorf("taking a value failed: %v", err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := listings.InOrder(ctx, size, 2, double, func(int) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}
