package index_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"gather/directory"
	"gather/directory/vocabulary"
	"gather/search"
	"gather/search/index"
)

// answers are what an index answers to all questions.
func answers(w *world) []search.Answer {
	w.t.Helper()
	var all []search.Answer
	for _, question := range questions {
		all = append(all, w.search(question+"&facets=all&explain=true&limit=100"))
	}
	return all
}

// alike compares answers: scores of words may differ in the last digits when
// documents lie in other segments, and so may equal ones' order.
func alike(t *testing.T, what string, got, want []search.Answer) {
	t.Helper()
	for i := range want {
		g, w := got[i], want[i]
		if g.Total != w.Total || !reflect.DeepEqual(g.Facets, w.Facets) || !reflect.DeepEqual(g.Interpreted, w.Interpreted) || !reflect.DeepEqual(g.AsOf, w.AsOf) {
			t.Errorf("%s, %q: total %d, was %d; facets, interpretation or time differ", what, questions[i], g.Total, w.Total)
		}
		byID := map[string]search.Item{}
		for _, it := range g.Items {
			it.Score = nil
			byID[it.ID] = it
		}
		for _, it := range w.Items {
			it.Score = nil
			if w.Total <= len(w.Items) && !reflect.DeepEqual(byID[it.ID], it) {
				t.Errorf("%s, %q: got %+v, was %+v", what, questions[i], byID[it.ID], it)
			}
		}
	}
}

// log is a change log in memory, as a source to rebuild from.
type log struct {
	mu      sync.Mutex
	records []directory.Record
}

func (l *log) add(rs ...directory.Record) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.records = append(l.records, rs...)
}

func (l *log) Changes(ctx context.Context, after int64, limit int) ([]directory.Record, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var out []directory.Record
	for _, r := range l.records {
		if r.Change > after && len(out) < limit {
			out = append(out, r)
		}
	}
	return out, ctx.Err()
}

func (l *log) Last(context.Context) (int64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.records) == 0 {
		return 0, nil
	}
	return l.records[len(l.records)-1].Change, nil
}

func (l *log) Wait(ctx context.Context, after int64) error {
	for {
		if last, _ := l.Last(ctx); last > after {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(5 * time.Millisecond):
		}
	}
}

func (l *log) Mark(directory.Record) directory.Mark { return "" }

func (l *log) Holds(ctx context.Context, _ directory.Mark) (bool, error) { return true, ctx.Err() }

// inventedLog is a log of n invented listings.
func inventedLog(t testing.TB, n int) *log {
	l, r := &log{}, newInventor(t, 1)
	for i := range n {
		l.add(record(t, r.activity(i, noon), int64(i+1)))
	}
	return l
}

func TestReopenAndRebuildAnswerTheSame(t *testing.T) {
	const n = 150
	w := invented(t, n)
	want := answers(w)
	if err := w.index.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := w.index.Search(context.Background(), search.Query{}); !errors.Is(err, index.ErrClosed) {
		t.Errorf("after Close, a search says %v", err)
	}
	w.index = openIndex(t, w)
	if w.index.Cursor() != n || w.index.Len() != n || w.index.Stale() {
		t.Errorf("reopened: cursor %d, %d listings, stale %v", w.index.Cursor(), w.index.Len(), w.index.Stale())
	}
	alike(t, "reopened", answers(w), want)
	if err := w.index.Rebuild(context.Background(), inventedLog(t, n)); err != nil {
		t.Fatal(err)
	}
	alike(t, "rebuilt", answers(w), want)
	if folders, _ := filepath.Glob(filepath.Join(w.in, "index-*")); len(folders) != 1 {
		t.Errorf("after a rebuild there are %v", folders)
	}
	if err := w.index.Close(); err != nil {
		t.Fatal(err)
	}
	w.index = openIndex(t, w)
	alike(t, "rebuilt and reopened", answers(w), want)
}

func TestOnlyPublishedListingsAreFound(t *testing.T) {
	w := newWorld(t, town()...)
	ctx := context.Background()
	r, err := w.dir.Register(ctx, directory.Principal{}, directory.GroupDetails{Name: "Not yet trusted"}, "")
	if err != nil {
		t.Fatal(err)
	}
	trusted := w.group
	w.group = r.Group
	pending := w.publish(directory.Details{Title: "P Pending", Delivery: []string{"online"}})
	w.catchUp()
	if got := sorted(w.search("")); strings.Contains(got, "P") || pending.Status != directory.StatusPending {
		t.Errorf("a pending listing (%s) is found: %q", pending.Status, got)
	}
	group, err := w.dir.SetGroupStatus(ctx, admin, r.Group.ID, r.Group.Rev, directory.GroupTrusted)
	if err != nil {
		t.Fatal(err)
	}
	w.catchUp()
	if got := sorted(w.search("")); got != "A B C D E F G P" {
		t.Errorf("trusted, and found: %q", got)
	}
	if _, err := w.dir.SetGroupStatus(ctx, admin, group.ID, group.Rev, directory.GroupSuspended); err != nil {
		t.Fatal(err)
	}
	a := w.as["A Chair yoga for all"]
	if _, err := w.dir.Withdraw(ctx, admin, a.ID, a.Rev); err != nil {
		t.Fatal(err)
	}
	b := w.as["B Badminton club"]
	b.Title = "Q Ping pong"
	w.group = trusted
	if _, err := w.dir.Revise(ctx, admin, b.ID, b.Rev, b.Details); err != nil {
		t.Fatal(err)
	}
	w.catchUp()
	for _, c := range []struct{ query, want string }{{"", "C D E F G Q"}, {"q=yoga", ""}, {"q=club", "C G Q"}, {"q=ping", "Q"}} {
		if got := sorted(w.search(c.query)); got != c.want {
			t.Errorf("%q finds %q, want %q", c.query, got, c.want)
		}
	}
	if got, _ := w.index.Suggest(ctx, "chair yoga for", "", "", 5); len(got) != 0 {
		t.Errorf("what was withdrawn is suggested: %+v", got)
	}
}

func TestPrivateContactsAreNotKept(t *testing.T) {
	const secret, open = "zyxwvuts@qponm.example", "abcdefgh@ijklm.example"
	w := newWorld(t, directory.Details{Title: "A Walk", Delivery: []string{"online"}, Contacts: []directory.Contact{{Email: secret}, {Email: open, Public: true}}})
	if got := titles(w.search("")); got != "A" {
		t.Fatalf("finds %q", got)
	}
	if err := w.index.Close(); err != nil {
		t.Fatal(err)
	}
	folders, err := filepath.Glob(filepath.Join(w.in, "index-*"))
	if err != nil || len(folders) != 1 {
		t.Fatal(folders, err)
	}
	kept := ""
	err = filepath.WalkDir(folders[0], func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		kept += string(b)
		return err
	})
	if err != nil || !strings.Contains(kept, w.as["A Walk"].ID) {
		t.Fatal("the index does not keep the listing", err)
	}
	if strings.Contains(kept, secret) || strings.Contains(kept, open) {
		t.Error("the index keeps contacts")
	}
}

func TestApplyIsIdempotent(t *testing.T) {
	w := invented(t, 20)
	ctx := context.Background()
	l := inventedLog(t, 20)
	if err := w.index.Apply(ctx, l.records[5:15]); err != nil { // an old page again
		t.Fatal(err)
	}
	if w.index.Cursor() != 20 || w.index.Len() != 20 {
		t.Errorf("cursor %d, %d listings", w.index.Cursor(), w.index.Len())
	}
	// One page with two states of a listing, a group, and a record that
	// cannot be read.
	r := newInventor(t, 2)
	first, second := r.activity(100, noon), r.activity(100, noon)
	second.Title = "The newer"
	broken := directory.Record{Kind: directory.KindActivity, ID: "00000000-0000-4000-8000-000000000003", Change: 24, Doc: json.RawMessage(`{"title":7}`)}
	page := []directory.Record{record(t, first, 21), {Kind: directory.KindGroup, ID: "g", Change: 22, Doc: json.RawMessage(`{}`)}, record(t, second, 23), broken}
	if err := w.index.Apply(ctx, page); err != nil {
		t.Fatal(err)
	}
	if w.index.Cursor() != 24 || w.index.Len() != 20 { // one more, and the broken one out
		t.Errorf("cursor %d, %d listings", w.index.Cursor(), w.index.Len())
	}
	if got := w.search("q=newer"); got.Total != 1 || got.Items[0].Change != 23 || got.AsOf.Change != 24 {
		t.Errorf("finds %+v", got)
	}
}

func TestDamagedIndexIsBegunAnew(t *testing.T) {
	for name, damage := range map[string]func(t *testing.T, folder string){
		"a segment cut short": func(t *testing.T, folder string) {
			segments, err := filepath.Glob(filepath.Join(folder, "store", "*.zap"))
			if err != nil || len(segments) == 0 {
				t.Fatal("no segments", err)
			}
			for _, s := range segments {
				if err := os.Truncate(s, 100); err != nil {
					t.Fatal(err)
				}
			}
		},
		"the listings cut short": func(t *testing.T, folder string) {
			if err := os.Truncate(filepath.Join(folder, "listings"), 1000); err != nil {
				t.Fatal(err)
			}
		},
		"a listing overwritten": func(t *testing.T, folder string) {
			f, err := os.OpenFile(filepath.Join(folder, "listings"), os.O_WRONLY, 0)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := f.WriteAt([]byte("rubbish"), 5000); err != nil {
				t.Fatal(err)
			}
			if err := f.Close(); err != nil {
				t.Fatal(err)
			}
		},
		"no description": func(t *testing.T, folder string) {
			if err := os.Remove(filepath.Join(folder, "index_meta.json")); err != nil {
				t.Fatal(err)
			}
		},
		"rubbish for a root": func(t *testing.T, folder string) {
			if err := os.WriteFile(filepath.Join(folder, "store", "root.bolt"), []byte(strings.Repeat("rubbish ", 1000)), 0o600); err != nil {
				t.Fatal(err)
			}
		},
		"gone": func(t *testing.T, folder string) {
			if err := os.RemoveAll(folder); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := invented(t, 50)
			if err := w.index.Close(); err != nil {
				t.Fatal(err)
			}
			current, err := os.ReadFile(filepath.Join(w.in, "CURRENT"))
			if err != nil {
				t.Fatal(err)
			}
			damage(t, filepath.Join(w.in, strings.TrimSpace(string(current))))
			w.index = openIndex(t, w)
			if w.index.Cursor() != 0 || w.index.Len() != 0 {
				t.Fatalf("opened at %d with %d listings", w.index.Cursor(), w.index.Len())
			}
			f := &index.Follower{Source: inventedLog(t, 50), Index: w.index}
			if err := f.CatchUp(context.Background()); err != nil {
				t.Fatal(err)
			}
			if got := w.search("").Total; got != 50 {
				t.Errorf("caught up with %d listings", got)
			}
		})
	}
}

func TestIndexIsOpenOnce(t *testing.T) {
	w := invented(t, 1)
	if _, err := index.Open(w.in, index.Options{Words: Words(t), Places: places(t)}); err == nil || !strings.Contains(err.Error(), "another process") {
		t.Errorf("a second Open says %v", err)
	}
	if w.search("").Total != 1 {
		t.Error("the first no longer answers")
	}
}

func TestOtherVocabularyIsRebuiltWhileServing(t *testing.T) {
	w := invented(t, 50)
	if err := w.index.Close(); err != nil {
		t.Fatal(err)
	}
	imported, err := Words(t).With([]vocabulary.Interest{{ID: "quoits", Label: "Quoits", Source: []string{"https://example.org/quoits"}, Scheme: "https://example.org/"}})
	if err != nil {
		t.Fatal(err)
	}
	w.index, err = index.Open(w.in, index.Options{Words: imported, Places: places(t), Now: w.clock})
	if err != nil {
		t.Fatal(err)
	}
	if !w.index.Stale() || w.search("").Total != 50 {
		t.Fatalf("stale %v, %d listings", w.index.Stale(), w.search("").Total)
	}
	l := inventedLog(t, 50)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- (&index.Follower{Source: l, Index: w.index}).Run(ctx) }()
	l.add(record(t, newInventor(t, 3).activity(99, noon), 51))
	if err := w.index.WaitFor(ctx, 51); err != nil {
		t.Error(err)
	}
	if w.index.Stale() || w.search("").Total != 51 {
		t.Errorf("after the follower ran: stale %v, %d listings", w.index.Stale(), w.search("").Total)
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("the follower ended with %v", err)
	}
}

func TestFollower(t *testing.T) {
	w := newWorld(t)
	ctx, cancel := context.WithCancel(context.Background())
	f := &index.Follower{Source: w.dir, Index: w.index}
	done := make(chan error, 1)
	go func() { done <- f.Run(ctx) }()
	for i := range 20 {
		a := w.publish(directory.Details{Title: fmt.Sprintf("Walk %d", i), Delivery: []string{"online"}})
		if err := w.index.WaitFor(ctx, a.Change); err != nil {
			t.Fatal(err)
		}
		if got := w.search("q=walk").Total; got != i+1 {
			t.Fatalf("after publishing %d, %d are found", i+1, got)
		}
	}
	if err := f.Ready(ctx); err != nil {
		t.Errorf("it is not ready: %v", err)
	}
	soon, stop := context.WithTimeout(ctx, 20*time.Millisecond)
	defer stop()
	if err := w.index.WaitFor(soon, 1<<40); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("waiting for what never comes ends with %v", err)
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("the follower ended with %v", err)
	}
}

// TestAnIndexOfAnotherDatabaseIsBuiltAnew gives a follower a log that is
// shorter than what its index has seen, as after a restore.
func TestAnIndexOfAnotherDatabaseIsBuiltAnew(t *testing.T) {
	w := newWorld(t)
	if err := w.index.Rebuild(context.Background(), inventedLog(t, 60)); err != nil {
		t.Fatal(err)
	}
	restored := &log{}
	restored.add(record(t, newInventor(t, 8).activity(7, noon), 5))
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- (&index.Follower{Source: restored, Index: w.index}).Run(ctx) }()
	for deadline := time.Now().Add(20 * time.Second); w.index.Cursor() != 5; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("the index still stands at %d", w.index.Cursor())
		}
	}
	if n := w.search("").Total; n != 1 {
		t.Errorf("%d listings are found, and the store has 1", n)
	}
	cancel()
	<-done
}

func TestRefreshKeepsAYearOfSessions(t *testing.T) {
	w := newWorld(t, directory.Details{Title: "A Walk", Delivery: []string{"online"}, Schedule: weekly("mon", "14:00", "15:00")})
	w.at(noon.AddDate(0, 6, 0))
	question := "from=2028-05-01&to=2028-05-08&day=mon" // nearly a year after the new now
	if got := titles(w.search(question)); got != "" {
		t.Fatalf("before a refresh it finds %q", got)
	}
	if err := w.index.Refresh(context.Background()); err != nil {
		t.Fatal(err)
	}
	a := w.search(question)
	if got := titles(a); got != "A" || a.AsOf.Change != w.index.Cursor() {
		t.Errorf("after a refresh it finds %q", got)
	}
	if got := w.search("").Items[0].NextSession; got == nil || got.Key != "2027-05-24T14:00" {
		t.Errorf("the next session is %+v", got)
	}
}

func TestSearchesDuringWrites(t *testing.T) {
	const n = 120
	l := inventedLog(t, n)
	w := &world{t: t, now: noon, in: t.TempDir()}
	w.index = openIndex(t, w)
	t.Cleanup(func() {
		if err := w.index.Close(); err != nil {
			t.Error(err)
		}
	})
	ctx, cancel := context.WithCancel(context.Background())
	var readers sync.WaitGroup
	for range 3 {
		readers.Go(func() {
			last := 0
			for ctx.Err() == nil {
				a, err := w.index.Search(context.Background(), search.Query{Facets: search.FacetNames(), Limit: 100})
				if err != nil || a.Total < last || int64(a.Total) != a.AsOf.Change {
					t.Errorf("found %d after %d, as of change %d: %v", a.Total, last, a.AsOf.Change, err)
					return
				}
				last = a.Total
				if _, err := w.index.Suggest(ctx, "g", "", "", 8); err != nil && ctx.Err() == nil {
					t.Error(err)
				}
			}
		})
	}
	for from := 0; from < n; from += 20 {
		if err := w.index.Apply(ctx, l.records[from:from+20]); err != nil {
			t.Error(err)
		}
		if from == 60 {
			if err := w.index.Rebuild(ctx, &log{records: l.records[:from+20]}); err != nil {
				t.Error(err)
			}
		}
	}
	cancel()
	readers.Wait()
	if w.index.Len() != n {
		t.Errorf("there are %d listings", w.index.Len())
	}
}
