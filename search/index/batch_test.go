package index_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"gather/directory"
	"gather/search/segment"
)

var errFullDisk = errors.New("the disk is full")

// A batch that Bleve refuses leaves nothing behind, also not in the file of
// listings, which was written before it: the next batch must not count it in.
func TestABatchThatFailsLeavesNothing(t *testing.T) {
	l := inventedLog(t, 20)
	apply := func(w *world, rs ...directory.Record) error { return w.index.Apply(t.Context(), rs) }
	refresh := func(w *world) error { return w.index.Refresh(t.Context()) }
	for _, c := range []struct {
		name string
		// fails is what is done while Bleve refuses to write.
		fails func(w *world) error
	}{
		{"new listings", func(w *world) error { return apply(w, l.records[10:15]...) }},
		{"listings taken out", func(w *world) error {
			gone := l.records[3]
			gone.Gone, gone.Change = true, 16
			return apply(w, gone)
		}},
		{"sessions refreshed", refresh},
	} {
		t.Run(c.name, func(t *testing.T) {
			// The same twice, with and without what fails: the folders end alike.
			var worlds [2]*world
			for i := range worlds {
				w := &world{t: t, now: noon, in: t.TempDir()}
				worlds[i] = w
				w.index = openIndex(t, w)
				defer func() { w.index.Close() }()
				if err := apply(w, l.records[:10]...); err != nil {
					t.Fatal(err)
				}
				w.at(noon.AddDate(0, 2, 0))
				if i == 1 {
					w.index.FailNextBatch(errFullDisk)
					if err := c.fails(w); !errors.Is(err, errFullDisk) {
						t.Fatalf("while Bleve refuses to write: %v", err)
					}
					if w.index.Cursor() != 10 || w.index.Len() != 10 {
						t.Errorf("after it: change %d, %d listings", w.index.Cursor(), w.index.Len())
					}
					if err := apply(w, l.records[15:]...); !errors.Is(err, errFullDisk) {
						t.Errorf("it is written to before it has recovered: %v", err)
					}
					if err := w.index.Recover(t.Context(), l); err != nil {
						t.Fatal(err)
					}
				}
				if err := apply(w, l.records[15:]...); err != nil {
					t.Fatal(err)
				}
				if err := w.index.Close(); err != nil {
					t.Fatal(err)
				}
				w.index = openIndex(t, w)
			}
			want, got := worlds[0], worlds[1]
			if got.index.Len() != want.index.Len() || got.index.Cursor() != want.index.Cursor() {
				t.Fatalf("opened again: change %d, %d listings, want %d and %d", got.index.Cursor(), got.index.Len(), want.index.Cursor(), want.index.Len())
			}
			alike(t, "opened again", answers(got), answers(want))
			if g, w := listingsSize(t, got), listingsSize(t, want); g != w {
				t.Errorf("the file of listings has %d bytes, want %d", g, w)
			}
		})
	}
}

// listingsSize is how long the file of listings of an index is.
func listingsSize(t *testing.T, w *world) int64 {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(w.in, "*", segment.ListingsFile))
	if err != nil || len(files) != 1 {
		t.Fatalf("files of listings: %q, %v", files, err)
	}
	info, err := os.Stat(files[0])
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}
