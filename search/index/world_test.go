package index_test

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gather/directory"
	"gather/directory/boltstore"
	"gather/directory/gazetteer"
	"gather/directory/vocabulary"
	"gather/search"
	"gather/search/index"
)

// noon is now in most tests: Monday 23 November 2026, 12:00 in London.
var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

var admin = directory.Principal{Key: "test", Role: directory.RoleAdmin}

func Words(t testing.TB) *vocabulary.Vocabulary {
	t.Helper()
	v, err := vocabulary.Default()
	if err != nil {
		t.Fatal(err)
	}
	return v
}

var openPlaces = sync.OnceValues(func() (*gazetteer.Gazetteer, error) { return gazetteer.Open("") })

func places(t testing.TB) *gazetteer.Gazetteer {
	t.Helper()
	g, err := openPlaces()
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// world is a real directory with an index that follows it.
type world struct {
	t     testing.TB
	dir   *directory.Directory
	index *index.Index
	data  string // the folder of the directory
	in    string // the folder of the index
	group directory.Group

	mu  sync.Mutex
	now time.Time
	ids int
	as  map[string]directory.Activity // by title
}

func newWorld(t testing.TB, listings ...directory.Details) *world {
	t.Helper()
	w := &world{t: t, now: noon, as: map[string]directory.Activity{}, in: t.TempDir()}
	w.openStore(t.TempDir())
	w.group = w.newGroup("Northgate Friends")
	for _, d := range listings {
		w.publish(d)
	}
	w.open()
	t.Cleanup(func() {
		if err := w.index.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

// openStore opens the directory in a folder.
func (w *world) openStore(folder string) {
	w.t.Helper()
	store, err := boltstore.Open(folder)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() {
		if err := store.Close(); err != nil {
			w.t.Error(err)
		}
	})
	w.data, w.dir = folder, directory.New(store, Words(w.t), places(w.t))
	w.dir.Now = w.clock
	w.dir.NewID = func() string {
		w.ids++
		return fmt.Sprintf("00000000-0000-4000-8000-%012d", w.ids)
	}
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) at(now time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = now
}

func (w *world) newGroup(name string) directory.Group {
	w.t.Helper()
	ctx := context.Background()
	r, err := w.dir.Register(ctx, directory.Principal{}, directory.GroupDetails{Name: name}, "")
	if err != nil {
		w.t.Fatal(err)
	}
	g, err := w.dir.SetGroupStatus(ctx, admin, r.Group.ID, r.Group.Rev, directory.GroupTrusted)
	if err != nil {
		w.t.Fatal(err)
	}
	return g
}

func (w *world) open() {
	w.t.Helper()
	var err error
	w.index, err = index.Open(w.in, index.Options{Words: Words(w.t), Places: places(w.t), Now: w.clock})
	if err != nil {
		w.t.Fatal(err)
	}
	w.catchUp()
}

func (w *world) catchUp() {
	w.t.Helper()
	f := &index.Follower{Source: w.dir, Index: w.index}
	if err := f.CatchUp(context.Background()); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) publish(d directory.Details) directory.Activity {
	w.t.Helper()
	a, err := w.dir.Publish(context.Background(), admin, w.group.ID, d, "")
	if err != nil {
		w.t.Fatalf("publish %q: %v", d.Title, err)
	}
	w.as[a.Title] = a
	return a
}

// query parses URL parameters.
func (w *world) query(raw string) search.Query {
	w.t.Helper()
	values, err := url.ParseQuery(raw)
	if err != nil {
		w.t.Fatal(err)
	}
	q, err := search.ParseQuery(values, Words(w.t))
	if err != nil {
		w.t.Fatalf("%s: %v", raw, err)
	}
	return q
}

func (w *world) search(raw string) search.Answer {
	w.t.Helper()
	a, err := w.index.Search(context.Background(), w.query(raw))
	if err != nil {
		w.t.Fatalf("%s: %v", raw, err)
	}
	if a.Total < len(a.Items) {
		w.t.Errorf("%s: a total of %d, and %d items", raw, a.Total, len(a.Items))
	}
	return a
}

// titles are the titles of the items of an answer, in order, after their
// first letter: fixtures are called by one letter each.
func titles(a search.Answer) string {
	var out []string
	for _, it := range a.Items {
		out = append(out, strings.Fields(it.Title)[0])
	}
	return strings.Join(out, " ")
}

// sorted is titles in alphabetical order.
func sorted(a search.Answer) string {
	out := strings.Fields(titles(a))
	slices.Sort(out)
	return strings.Join(out, " ")
}

func item(t testing.TB, a search.Answer, title string) search.Item {
	t.Helper()
	for _, it := range a.Items {
		if strings.HasPrefix(it.Title, title) {
			return it
		}
	}
	t.Fatalf("no %q among %q", title, titles(a))
	return search.Item{}
}

// faults are the fields at fault in an error, in order.
func faults(err error) string {
	var invalid *directory.Invalid
	if !errors.As(err, &invalid) {
		return fmt.Sprint("not invalid: ", err)
	}
	var fields []string
	for _, f := range invalid.Faults {
		fields = append(fields, f.Field)
	}
	return strings.Join(fields, " ")
}

// at answers a venue at a postcode.
func venue(postcode string) *directory.Venue {
	return &directory.Venue{Name: "The Hall", Address: directory.Address{Town: "Sale", Postcode: postcode}}
}

func weekly(day, start, end string) *directory.Schedule {
	return &directory.Schedule{Repeats: []directory.Repeat{{Every: "week", Days: []string{day}, Start: start, End: end}}}
}

func yes(ids ...string) map[string]directory.Answer {
	m := map[string]directory.Answer{}
	for _, id := range ids {
		m[id] = directory.Answer{Answer: directory.Yes}
	}
	return m
}

func no(m map[string]directory.Answer, ids ...string) map[string]directory.Answer {
	for _, id := range ids {
		m[id] = directory.Answer{Answer: directory.No}
	}
	return m
}

func ref[T any](v T) *T { return &v }
