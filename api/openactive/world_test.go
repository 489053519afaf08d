package openactive_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"sync"
	"testing"
	"time"

	"gather/api/openactive"
	"gather/directory"
	"gather/directory/boltstore"
	"gather/directory/gazetteer"
	"gather/directory/vocabulary"
)

const base = "https://gather.example"

var admin = directory.Principal{Key: "admin", Role: directory.RoleAdmin}

// world is a real directory with the embedded store, and its feeds. Tests set its
// clock.
type world struct {
	t     testing.TB
	dir   *directory.Directory
	feeds *openactive.Feeds
	mu    sync.Mutex
	now   time.Time
	ids   int
}

// opened is noon on a Monday in winter.
var opened = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func open(t testing.TB) *world {
	t.Helper()
	store, err := boltstore.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	words, err := vocabulary.Default()
	if err != nil {
		t.Fatal(err)
	}
	places, err := gazetteer.Open("")
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, now: opened, dir: directory.New(store, words, places)}
	w.dir.Now = w.clock
	w.dir.NewID = func() string {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.ids++
		return fmt.Sprintf("00000000-0000-4000-8000-%012d", w.ids)
	}
	w.feeds = feeds(t, w.dir, base, w.clock)
	return w
}

func feeds(t testing.TB, d *directory.Directory, base string, now func() time.Time) *openactive.Feeds {
	t.Helper()
	h, err := openactive.New(d, openactive.Options{
		BaseURL: base, Vocabulary: d.Words, Page: func(id string) string { return base + "/v1/activities/" + id }, Now: now,
		Dataset: openactive.Dataset{
			Name: "Gather", Description: "Community activities in Trafford.", Publisher: "Trafford & friends</script>", Logo: base + "/logo.png", Email: "hello@gather.example",
			Licence: "https://creativecommons.org/licenses/by/4.0/", Discussion: base + "/discussion", Documentation: base + "/docs",
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) later(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

// page is an RPDE page as a client reads it.
type page struct {
	Next  string `json:"next"`
	Items []struct {
		State    string          `json:"state"`
		Kind     string          `json:"kind"`
		ID       string          `json:"id"`
		Modified int64           `json:"modified"`
		Data     json.RawMessage `json:"data"`
	} `json:"items"`
	License string `json:"license"`
}

// page reads the page of a feed at an address, as in a page's next.
func (w *world) page(address string) (p page) {
	w.t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		w.t.Fatal(err)
	}
	ask := openactive.Ask{After: number(w.t, u.Query().Get("afterChangeNumber")), Limit: int(number(w.t, u.Query().Get("limit")))}
	read := w.feeds.Series
	if u.Path == openactive.SessionsPath {
		read = w.feeds.Sessions
	}
	made, err := read(w.t.Context(), ask)
	if err != nil {
		w.t.Fatal(err)
	}
	body, err := json.Marshal(made)
	if err == nil {
		err = json.Unmarshal(body, &p)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	if end := len(p.Items) == 0 && p.Next == address; made.Last != end {
		w.t.Errorf("%s: last page: %v, want %v", address, made.Last, end)
	}
	return p
}

func number(t testing.TB, text string) int64 {
	t.Helper()
	if text == "" {
		return 0
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// client follows a feed and keeps its items.
type client struct {
	next string
	last int64
	has  map[string]string
	seen int
}

func newClient(path string) *client { return &client{next: base + path, has: map[string]string{}} }

// harvest follows the feed to its end, and checks RPDE's rules.
func (c *client) harvest(w *world) {
	w.t.Helper()
	for {
		p := w.page(c.next)
		for _, it := range p.Items {
			if it.Modified <= c.last {
				w.t.Fatalf("%s: item %s has number %d after %d", c.next, it.ID, it.Modified, c.last)
			}
			if (it.State == "deleted") != (it.Data == nil) {
				w.t.Fatalf("%s: item %s is %s with data %s", c.next, it.ID, it.State, it.Data)
			}
			c.last, c.seen = it.Modified, c.seen+1
			if delete(c.has, it.ID); it.State == "updated" {
				c.has[it.ID] = string(it.Data)
			}
		}
		if len(p.Items) == 0 && p.Next == c.next {
			return
		}
		if p.Next == c.next {
			w.t.Fatalf("the next page of %s is itself, and it has %d items", c.next, len(p.Items))
		}
		c.next = p.Next
	}
}

// group registers and trusts a group.
func (w *world) group(name string) directory.Group {
	w.t.Helper()
	ctx := context.Background()
	reg, err := w.dir.Register(ctx, directory.Principal{}, directory.GroupDetails{Name: name}, "")
	if err != nil {
		w.t.Fatal(err)
	}
	g, err := w.dir.SetGroupStatus(ctx, admin, reg.Group.ID, reg.Group.Rev, directory.GroupTrusted)
	if err != nil {
		w.t.Fatal(err)
	}
	return g
}

func (w *world) publish(group string, d directory.Details) directory.Activity {
	w.t.Helper()
	a, err := w.dir.Publish(context.Background(), admin, group, d, "")
	if err != nil {
		w.t.Fatalf("publish %q: %v", d.Title, err)
	}
	return a
}

func ptr[T any](v T) *T { return &v }

func sale() *directory.Venue {
	return &directory.Venue{Name: "St Mary's Hall", Address: directory.Address{Street: "12 Church Road", Town: "Sale", County: "Greater Manchester", Postcode: "M33 7DB"}}
}

// walk is a weekly walk with only what the feeds require.
func walk(title string) directory.Details {
	return directory.Details{
		Title: title, Interests: []string{"walking"}, Delivery: []string{"venue"}, Venue: sale(), Cost: &directory.Cost{Kind: "free"},
		Schedule: &directory.Schedule{Repeats: []directory.Repeat{{Every: "week", Days: []string{"tue"}, Start: "10:30", End: "12:00"}}},
	}
}

// kinds are activities that are in the feeds, by the name of their golden file.
func kinds() map[string]directory.Details {
	everything := walk("Chair yoga")
	everything.Summary, everything.Description = "Gentle yoga on chairs.", "Then tea & a chat."
	everything.Interests = []string{"coffee-morning", "chair-yoga", "parkrun"}
	everything.Delivery = []string{"venue", "online"}
	everything.Cost = &directory.Cost{Kind: "fixed", Pounds: 3.5, PoundsTo: 5, ConcessionPounds: ptr(0.0), ConcessionFor: "students", Note: "Cash only."}
	everything.Audience = &directory.Audience{MinAge: ptr(50), MaxAge: ptr(90), MadeFor: []string{"women"}}
	everything.Access = map[string]directory.Answer{"step-free": {Answer: "yes", Note: "ramp"}, "hearing-loop": {Answer: "no"}, "quiet-space": {Answer: "yes"}}
	everything.FirstVisit = &directory.FirstVisit{WhatToExpect: "Ann meets you.", GroupMax: 20}
	everything.Website = "https://northgate.example/yoga"
	everything.Schedule = &directory.Schedule{
		Repeats: []directory.Repeat{
			{Every: "week", Interval: 2, Days: []string{"tue", "thu"}, Start: "10:30", End: "11:30", From: "2026-01-06", Until: "2027-06-29"},
			{Every: "month", Days: []string{"sat"}, Nth: []int{1, -1}, Start: "19:00"},
		},
		Dates: []directory.SessionDate{{Date: "2026-12-20", Start: "14:00", End: "16:45"}}, Except: []string{"2026-12-22"},
		Pauses: []directory.Pause{{From: "12-24", Until: "01-02"}}, Note: "Doors open at ten.",
	}
	everything.Images = []directory.Image{{URL: "https://northgate.example/hall.jpg", Alt: "A bright hall"}}
	donation := walk("Walking for donations")
	donation.Venue = &directory.Venue{Address: directory.Address{Postcode: "M33 7DB"}}
	donation.Cost = &directory.Cost{Kind: "donation", Pounds: 2}
	donation.Audience = &directory.Audience{MadeFor: []string{"men"}}
	return map[string]directory.Details{"plain": walk("Tuesday walk"), "everything": everything, "donation": donation}
}

// others are activities that are not in the feeds, each for one reason.
func others() map[string]directory.Details {
	m := map[string]directory.Details{}
	change := func(name string, f func(*directory.Details)) {
		d := walk("Not for OpenActive: " + name)
		f(&d)
		m[name] = d
	}
	change("no interest", func(d *directory.Details) { d.Interests = nil })
	change("no activity of the list", func(d *directory.Details) { d.Interests = []string{"quiz"} })
	change("online", func(d *directory.Details) { d.Delivery, d.Venue = []string{"online"}, nil })
	change("no price", func(d *directory.Details) { d.Cost = nil })
	change("no times", func(d *directory.Details) { d.Schedule = nil })
	change("times in words", func(d *directory.Details) { d.Schedule = &directory.Schedule{Note: "Most days"} })
	return m
}
