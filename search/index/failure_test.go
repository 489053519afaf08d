package index_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"gather/directory"
	"gather/directory/boltstore"
	"gather/search/index"
)

// titled is a listing that is found by its title.
func titled(title string) directory.Details {
	return directory.Details{Title: title, Delivery: []string{"online"}}
}

// An index goes on answering while its disk fails, and has what was written
// meanwhile once the disk is well again, without a restart.
func TestIndexRecoversFromItsDisk(t *testing.T) {
	for _, c := range []struct {
		name  string
		fails func(t *testing.T, w *world)
	}{
		{"a batch is refused", func(_ *testing.T, w *world) { w.index.FailNextBatch(errFullDisk) }},
		{"the folder is removed", func(t *testing.T, w *world) { remove(t, w.in) }},
		{"the disk index is removed", func(t *testing.T, w *world) { remove(t, w.in, "index-1") }},
		{"Bleve's files are removed", func(t *testing.T, w *world) { remove(t, w.in, "index-1", "store") }},
		{"the listings are removed", func(t *testing.T, w *world) {
			remove(t, w.in, "index-1", "listings")
			w.index.FailNextBatch(errFullDisk)
		}},
		{"Bleve panics", func(_ *testing.T, w *world) { w.index.FailNextBatch(nil) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, titled("Walking"), titled("Knitting"))
			c.fails(t, w)
			follow, stop := w.follow()
			defer stop()
			last := w.publish(titled("Pottery"))
			if got := w.search("q=walking").Total; got != 1 {
				t.Errorf("%d are found while the disk fails, want 1", got)
			}
			w.waitFor(last.Change)
			last = w.publish(titled("Painting"))
			w.waitFor(last.Change)
			check := func(when string) {
				t.Helper()
				for _, q := range []string{"q=walking", "q=knitting", "q=pottery", "q=painting"} {
					if got := w.search(q).Total; got != 1 {
						t.Errorf("%s %s finds %d, want 1", when, q, got)
					}
				}
			}
			check("recovered,")
			if err := follow.Ready(context.Background()); err != nil || w.index.Failure() != nil {
				t.Errorf("recovered, it is not ready: %v, %v", err, w.index.Failure())
			}
			stop()
			if err := w.index.Close(); err != nil {
				t.Fatal(err)
			}
			w.open()
			check("opened again,")
		})
	}
}

// An index whose folder was removed is not left to the next write to find out.
func TestIndexNoticesThatItsFolderIsRemoved(t *testing.T) {
	w := newWorld(t, titled("Walking"))
	remove(t, w.in)
	if err := w.index.Recover(t.Context(), w.dir); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(w.in, "CURRENT")); err != nil {
		t.Errorf("without a write the folder is not made again: %v", err)
	}
	if got := w.search("q=walking").Total; got != 1 {
		t.Errorf("%d are found, want 1", got)
	}
}

// A disk without room is told from a damaged index: nothing is opened again or
// rebuilt before there is room, and then nothing is missing.
//
// It runs in a process of its own: the go command writes files of this one.
func TestIndexWaitsForRoom(t *testing.T) {
	const alone = "GATHER_TEST_ALONE"
	if os.Getenv(alone) == "" {
		self, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		test := exec.Command(self, "-test.run=^"+t.Name()+"$", "-test.v")
		test.Env = append(os.Environ(), alone+"=1")
		out, err := test.CombinedOutput()
		if err != nil || !strings.Contains(string(out), "--- PASS: "+t.Name()) {
			t.Errorf("%v: %s", err, out)
		}
		return
	}
	ctx := context.Background()
	w := newWorld(t, titled("Walking"))
	follow := &index.Follower{Source: w.dir, Index: w.index}
	w.publish(titled("Pottery"))
	fill(t, func() {
		if err := follow.CatchUp(ctx); !errors.Is(err, syscall.EFBIG) {
			t.Fatalf("without room the index is written: %v", err)
		}
		w.at(noon.Add(time.Minute))
		if err := follow.Ready(ctx); err == nil {
			t.Error("it is ready while a change has waited for a minute")
		}
		if got := w.search("q=walking").Total; got != 1 {
			t.Errorf("without room %d are found, want 1", got)
		}
	})
	w.index.FailNextBatch(errFullDisk)
	if err := follow.CatchUp(ctx); !errors.Is(err, errFullDisk) {
		t.Fatalf("a refused batch: %v", err)
	}
	if err := follow.Ready(ctx); !errors.Is(err, errFullDisk) {
		t.Errorf("after a refused batch it is ready: %v", err)
	}
	fill(t, func() {
		if err := w.index.Recover(ctx, w.dir); !errors.Is(err, syscall.EFBIG) || !strings.Contains(err.Error(), "make room") {
			t.Errorf("without room it recovers: %v", err)
		}
	})
	if err := w.index.Recover(ctx, w.dir); err != nil {
		t.Fatal(err)
	}
	if err := follow.CatchUp(ctx); err != nil {
		t.Fatal(err)
	}
	if err := follow.Ready(ctx); err != nil {
		t.Error(err)
	}
	if got := w.search("q=pottery").Total; got != 1 {
		t.Errorf("with room again %d are found, want 1", got)
	}
	if folders, err := filepath.Glob(filepath.Join(w.in, "index-*")); err != nil || len(folders) != 1 || filepath.Base(folders[0]) != "index-1" {
		t.Errorf("it was rebuilt: %v, %v", folders, err)
	}
}

// An index that fails again as soon as it was opened again has damage that opening
// does not find: it is rebuilt.
func TestIndexThatFailsAgainIsRebuilt(t *testing.T) {
	ctx := context.Background()
	w := newWorld(t, titled("Walking"))
	follow := &index.Follower{Source: w.dir, Index: w.index}
	w.publish(titled("Pottery"))
	for _, want := range []string{"index-1", "index-2"} {
		w.index.FailNextBatch(nil)
		if err := follow.CatchUp(ctx); err == nil {
			t.Fatal("a batch in which Bleve panics is no error")
		}
		if err := w.index.Recover(ctx, w.dir); err != nil {
			t.Fatal(err)
		}
		folders, err := filepath.Glob(filepath.Join(w.in, "index-*"))
		if err != nil || len(folders) != 1 || filepath.Base(folders[0]) != want {
			t.Errorf("recovered, there are %v, want %s: %v", folders, want, err)
		}
	}
	w.catchUp()
	if got := w.search("q=pottery").Total; got != 1 {
		t.Errorf("rebuilt, %d are found, want 1", got)
	}
}

// A batch that Bleve never ends is given up: what was written before is opened
// again, and the batch repeated.
func TestIndexRecoversFromAStuckBatch(t *testing.T) {
	w := newWorld(t, titled("Walking"))
	w.publish(titled("Pottery"))
	news, err := w.dir.Changes(context.Background(), w.index.Cursor(), 10)
	if err != nil || len(news) == 0 {
		t.Fatal(news, err)
	}
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		defer close(release)
		w.index.HoldNextBatch(release)
		began := time.Now()
		if err := w.index.Apply(context.Background(), news); err == nil || time.Since(began) > 5*time.Minute {
			t.Errorf("a batch that never ends: %v after %v", err, time.Since(began))
		}
	})
	if w.index.Failure() == nil {
		t.Error("an index that is stuck has not failed")
	}
	if err := w.index.Recover(context.Background(), w.dir); err != nil {
		t.Fatal(err)
	}
	w.catchUp()
	if got := w.search("q=pottery").Total; got != 1 {
		t.Errorf("recovered, %d are found, want 1", got)
	}
}

// An index that is not written to is not ready once a change has waited long, as
// it waits while Bleve is stuck.
func TestReadyEndsWhenChangesWait(t *testing.T) {
	ctx := context.Background()
	w := newWorld(t, titled("Walking"))
	follow := &index.Follower{Source: w.dir, Index: w.index}
	w.at(noon.Add(time.Hour)) // nothing was written for an hour
	w.publish(titled("Pottery"))
	for _, c := range []struct {
		after time.Duration
		ready bool
	}{{0, true}, {9 * time.Second, true}, {11 * time.Second, false}, {time.Hour, false}} {
		w.at(noon.Add(time.Hour + c.after))
		if err := follow.Ready(ctx); (err == nil) != c.ready {
			t.Errorf("%v after a change that is not indexed: %v", c.after, err)
		}
	}
	w.catchUp()
	if err := follow.Ready(ctx); err != nil {
		t.Errorf("once it is indexed: %v", err)
	}
}

// An index is rebuilt when its store was exchanged for another one, or put back
// from a backup and written to since, however many changes that has.
func TestIndexOfAnotherStoreIsRebuilt(t *testing.T) {
	for _, c := range []struct {
		name      string
		exchanged func(t *testing.T, w *world) *world
		walking   int
	}{
		{"another store", func(t *testing.T, w *world) *world {
			return newWorld(t, titled("Bowls"), titled("Darts"), titled("Chess"), titled("Curling"))
		}, 0},
		{"put back from a backup", func(t *testing.T, w *world) *world {
			folder := t.TempDir()
			backup, err := os.ReadFile(filepath.Join(w.data, boltstore.FileName))
			if err == nil {
				err = os.WriteFile(filepath.Join(folder, boltstore.FileName), backup, 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
			w.publish(titled("Archery"))
			w.catchUp()
			back := &world{t: t, now: noon, as: map[string]directory.Activity{}, ids: 1000, group: w.group}
			back.openStore(folder)
			for _, title := range []string{"Bowls", "Darts", "Chess", "Curling"} {
				back.publish(titled(title))
			}
			return back
		}, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, titled("Walking"), titled("Knitting"))
			other := c.exchanged(t, w)
			last, err := other.dir.Last(context.Background())
			if err != nil || last < w.index.Cursor() {
				t.Fatalf("the other store is at %d, the index at %d: %v", last, w.index.Cursor(), err)
			}
			follow := &index.Follower{Source: other.dir, Index: w.index}
			ctx, cancel := context.WithCancel(context.Background())
			done := make(chan error, 1)
			go func() { done <- follow.Run(ctx) }()
			w.waitFor(last)
			cancel()
			<-done
			if got := w.search("q=archery").Total; got != 0 {
				t.Errorf("of the store before %d are found, want none", got)
			}
			if got := w.search("q=curling").Total; got != 1 {
				t.Errorf("of the store now %d are found, want 1", got)
			}
			if got := w.search("q=walking").Total; got != c.walking {
				t.Errorf("of what was there before the backup %d are found, want %d", got, c.walking)
			}
		})
	}
}

// follow runs a follower until stop is called.
func (w *world) follow() (f *index.Follower, stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	f = &index.Follower{Source: w.dir, Index: w.index}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = f.Run(ctx) // ends with ctx
	}()
	return f, func() { cancel(); <-done }
}

// waitFor waits until the index has seen a change: as long as a follower may
// take to try again a few times.
func (w *world) waitFor(change int64) {
	w.t.Helper()
	var err error
	for range 12 {
		if err = w.index.WaitFor(context.Background(), change); err == nil {
			return
		}
	}
	w.t.Fatalf("a minute later: %v", err)
}

func remove(t *testing.T, path ...string) {
	t.Helper()
	if err := os.RemoveAll(filepath.Join(path...)); err != nil {
		t.Fatal(err)
	}
}

// fill does something while no file of this process can grow, as on a full
// disk.
func fill(t *testing.T, do func()) {
	t.Helper()
	signal.Ignore(syscall.SIGXFSZ)
	defer signal.Reset(syscall.SIGXFSZ)
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 1, Max: limit.Max}); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
			t.Fatal(err)
		}
	}()
	do()
}
