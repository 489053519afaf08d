package feeds_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"iter"
	"runtime"
	"strings"
	"testing"
	"time"

	"gather/api/feeds"
	"gather/directory"
)

func atomFeed() feeds.AtomFeed {
	return feeds.AtomFeed{
		ID: "https://gather.example.org/v1/activities.atom", Title: "New & changed", Updated: full().Updated,
		Self: "https://gather.example.org/v1/activities.atom?a=1&b=2", Next: "https://gather.example.org/v1/activities.atom?cursor=x", Page: "https://gather.example.org/",
	}
}

// lists are the formats that write many activities.
func lists(s feeds.Site) map[string]func(io.Writer, feeds.Activities) error {
	return map[string]func(io.Writer, feeds.Activities) error{
		"activities.geojson": func(w io.Writer, as feeds.Activities) error { return feeds.WriteGeoJSON(w, s, at, as) },
		"activities.csv":     func(w io.Writer, as feeds.Activities) error { return feeds.WriteCSV(w, s, at, as) },
		"activities.atom":    func(w io.Writer, as feeds.Activities) error { return feeds.WriteAtom(w, s, atomFeed(), as) },
		"sitemap.xml":        func(w io.Writer, as feeds.Activities) error { return feeds.WriteSitemap(w, s.ActivityPages(as)) },
	}
}

func TestGoldenFeeds(t *testing.T) {
	withdrawn := least()
	withdrawn.ID, withdrawn.Status = "9f1f7f44-5a39-4a0f-8a35-8f6c1f0f7d02", directory.StatusWithdrawn
	for name, write := range lists(site(t)) {
		as := []directory.Activity{full(), least()}
		if name == "activities.atom" {
			as = append(as, withdrawn)
		}
		var b bytes.Buffer
		if err := write(&b, list(as...)); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		golden(t, name, b.Bytes())
	}
}

func TestFeedsNameNoPrivateContact(t *testing.T) {
	for name, write := range lists(site(t)) {
		var b bytes.Buffer
		if err := write(&b, list(full())); err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{"Secret", "0999", "secret@"} {
			if strings.Contains(b.String(), secret) {
				t.Errorf("%s holds %q, which the group did not make public", name, secret)
			}
		}
	}
}

func TestEmptyFeedsAreWhole(t *testing.T) {
	for name, write := range lists(site(t)) {
		var b bytes.Buffer
		if err := write(&b, list()); err != nil {
			t.Fatal(err)
		}
		switch {
		case strings.HasSuffix(name, ".geojson"):
			if !json.Valid(b.Bytes()) {
				t.Errorf("%s is not JSON: %s", name, b.String())
			}
		case !strings.HasSuffix(name, ".csv"):
			if err := xml.Unmarshal(b.Bytes(), new(struct{})); err != nil {
				t.Errorf("%s: %v\n%s", name, err, b.String())
			}
		}
	}
}

func TestErrorsEndAFeed(t *testing.T) {
	broken := errors.New("the index went away")
	breaks := func(yield func(*directory.Activity, error) bool) {
		a := full()
		if yield(&a, nil) {
			yield(nil, broken)
		}
	}
	for name, write := range lists(site(t)) {
		if err := write(io.Discard, breaks); !errors.Is(err, broken) {
			t.Errorf("%s: error %v, want %v", name, err, broken)
		}
		if err := write(shut{}, list(full())); !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("%s: error %v, want that of the writer", name, err)
		}
	}
}

// shut is a connection that the client closed.
type shut struct{}

func (shut) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

// TestManyActivitiesTakeNoMoreMemory measures the heap while a feed is written: it
// is no larger after 3,000 activities than after 100.
func TestManyActivitiesTakeNoMoreMemory(t *testing.T) {
	held := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	for name, write := range lists(site(t)) {
		var after100, after3000 uint64
		err := write(io.Discard, func(yield func(*directory.Activity, error) bool) {
			for i := range 3001 {
				switch i {
				case 100:
					after100 = held()
				case 3000:
					after3000 = held()
				}
				a := numbered(i, "Knitting")
				if !yield(&a, nil) {
					return
				}
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		const room = 256 << 10 // what the runtime itself may use
		if after3000 > after100+room {
			t.Errorf("%s: %d bytes are held after 100 activities and %d after 3,000", name, after100, after3000)
		}
	}
}

func TestSitemaps(t *testing.T) {
	urls := func(n int) iter.Seq2[feeds.SitemapURL, error] {
		return func(yield func(feeds.SitemapURL, error) bool) {
			for range n {
				if !yield(feeds.SitemapURL{Address: "https://gather.example.org/activities/x?a=1&b=2", Updated: at}, nil) {
					return
				}
			}
		}
	}
	for _, c := range []struct {
		n    int
		full bool
	}{{0, false}, {1, false}, {feeds.SitemapLimit, false}, {feeds.SitemapLimit + 1, true}} {
		var b bytes.Buffer
		err := feeds.WriteSitemap(&b, urls(c.n))
		if errors.Is(err, feeds.ErrSitemapFull) != c.full {
			t.Errorf("%d addresses: error %v", c.n, err)
		}
		if c.full {
			continue
		}
		var read struct {
			XMLName xml.Name
			URLs    []struct {
				Loc     string    `xml:"loc"`
				LastMod time.Time `xml:"lastmod"`
			} `xml:"url"`
		}
		if err := xml.Unmarshal(b.Bytes(), &read); err != nil {
			t.Fatal(err)
		}
		if len(read.URLs) != c.n || read.XMLName.Space != "http://www.sitemaps.org/schemas/sitemap/0.9" {
			t.Errorf("%d addresses are read back as %d in %v", c.n, len(read.URLs), read.XMLName)
		}
		if c.n > 0 && (read.URLs[0].Loc != "https://gather.example.org/activities/x?a=1&b=2" || !read.URLs[0].LastMod.Equal(at)) {
			t.Errorf("read back as %+v", read.URLs[0])
		}
	}
	var b bytes.Buffer
	if err := feeds.WriteSitemapIndex(&b, urls(2)); err != nil {
		t.Fatal(err)
	}
	golden(t, "sitemap-index.xml", b.Bytes())
	for n, want := range map[int]int{0: 1, 1: 1, 50_000: 1, 50_001: 2, 1_000_000: 20} {
		if got := feeds.SitemapPages(n); got != want {
			t.Errorf("SitemapPages(%d) = %d, want %d", n, got, want)
		}
	}
}

func TestNegotiate(t *testing.T) {
	all := []feeds.Format(nil)
	for _, c := range []struct {
		accept, ending string
		offered        []feeds.Format
		want           feeds.Format
		err            error
	}{
		{"", "", all, feeds.JSON, nil},
		{"*/*", "", all, feeds.JSON, nil},
		{"*/*", "", []feeds.Format{feeds.CSV, feeds.JSON}, feeds.CSV, nil},
		{"text/csv", "", all, feeds.CSV, nil},
		{"TEXT/CSV; header=present", "", all, feeds.CSV, nil},
		{"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "", all, feeds.HTML, nil},
		{"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "", []feeds.Format{feeds.JSON, feeds.CSV}, feeds.JSON, nil},
		{"application/geo+json, application/json;q=0.9", "", all, feeds.GeoJSON, nil},
		{"application/json;q=0.2, text/*;q=0.5", "", []feeds.Format{feeds.JSON, feeds.CSV, feeds.ICS}, feeds.CSV, nil},
		{"text/*;q=0.5, text/csv;q=0.1", "", []feeds.Format{feeds.CSV, feeds.ICS}, feeds.ICS, nil},
		{"*/*, application/json;q=0", "", []feeds.Format{feeds.JSON, feeds.Atom}, feeds.Atom, nil},
		{"application/ld+json", "", all, feeds.JSONLD, nil},
		{"image/png", "", all, "", feeds.ErrNotAcceptable},
		{"application/json;q=0", "", []feeds.Format{feeds.JSON}, "", feeds.ErrNotAcceptable},
		{"text/csv;q=nonsense, text/calendar;q=0.1", "", all, feeds.ICS, nil},
		{"text/csv;q=NaN", "", []feeds.Format{feeds.JSON}, feeds.JSON, nil},
		{"nonsense, ,;;", "", all, feeds.JSON, nil},
		{"text/csv", "atom", all, feeds.Atom, nil},
		{"", ".ICS", all, feeds.ICS, nil},
		{"", "htm", all, feeds.HTML, nil},
		{"", "exe", all, "", feeds.ErrNoEnding},
		{"", "csv", []feeds.Format{feeds.JSON}, "", feeds.ErrNoEnding},
		{strings.Repeat("image/png,", 10000), "", all, "", feeds.ErrNotAcceptable},
	} {
		got, err := feeds.Negotiate(c.accept, c.ending, c.offered...)
		if got != c.want || !errors.Is(err, c.err) {
			t.Errorf("Negotiate(%.60q, %q, %v) = %q, %v; want %q, %v", c.accept, c.ending, c.offered, got, err, c.want, c.err)
		}
		if err == nil && got.ContentType() == "" {
			t.Errorf("%s has no content type", got)
		}
	}
}

func FuzzNegotiate(f *testing.F) {
	f.Add("text/html;q=0.9, */*;q=0.1", ".csv")
	f.Add(`text/csv;q="0.5", text/*`, "")
	f.Fuzz(func(t *testing.T, accept, ending string) {
		got, err := feeds.Negotiate(accept, ending)
		if (got == "") != (err != nil) || err == nil && got.ContentType() == "" {
			t.Errorf("Negotiate(%q, %q) = %q, %v", accept, ending, got, err)
		}
	})
}

func FuzzGuard(f *testing.F) {
	for _, text := range hostileTexts() {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		cell := feeds.Guard(text)
		if got := feeds.Unguard(cell); got != text {
			t.Errorf("%q is guarded as %q and read back as %q", text, cell, got)
		}
		if cell != "" && strings.ContainsRune("=+-@\t\r\n", rune(cell[0])) {
			t.Errorf("%q is guarded as %q, which a spreadsheet runs", text, cell)
		}
	})
}

func TestCostInWords(t *testing.T) {
	two := 2.0
	for _, c := range []struct {
		cost *directory.Cost
		want string
	}{
		{nil, ""},
		{&directory.Cost{Kind: "free"}, "Free"},
		{&directory.Cost{Kind: "donation"}, "By donation"},
		{&directory.Cost{Kind: "donation", Pounds: 2.5}, "By donation, £2.50 suggested"},
		{&directory.Cost{Kind: "fixed", Pounds: 3}, "£3 a session"},
		{&directory.Cost{Kind: "fixed", Pounds: 3, PoundsTo: 4.25, Per: "month"}, "£3 to £4.25 a month"},
		{&directory.Cost{Kind: "fixed", Pounds: 3, ConcessionPounds: &two}, "£3 a session (£2 for concessions)"},
		{&directory.Cost{Kind: "fixed", Pounds: 3, HelpWithCost: "yes", Note: "pay on the day"}, "£3 a session; help with the cost is there, ask; pay on the day"},
	} {
		if got := feeds.CostText(c.cost); got != c.want {
			t.Errorf("CostText(%+v) = %q, want %q", c.cost, got, c.want)
		}
	}
}

func TestTimesInWords(t *testing.T) {
	for _, c := range []struct {
		sched *directory.Schedule
		want  string
	}{
		{nil, ""},
		{&directory.Schedule{Repeats: []directory.Repeat{{Every: "week", Days: []string{"tue"}, Start: "10:00", End: "11:00"}}}, "Every Tuesday, 10:00 to 11:00"},
		{&directory.Schedule{Repeats: []directory.Repeat{{Every: "week", Interval: 2, Days: []string{"mon", "wed", "fri"}, Start: "10:00"}}}, "Every 2 weeks on Monday, Wednesday and Friday, 10:00"},
		{&directory.Schedule{Repeats: []directory.Repeat{{Every: "month", Nth: []int{1, -1}, Days: []string{"wed"}, Start: "19:00"}}}, "First and last Wednesday of the month, 19:00"},
		{&directory.Schedule{Repeats: []directory.Repeat{{Every: "month", Interval: 3, Nth: []int{2}, Days: []string{"sat"}, Start: "11:00"}}, Note: "Ring first"}, "Second Saturday, every 3 months, 11:00; Ring first"},
		{&directory.Schedule{Dates: []directory.SessionDate{{Date: "2026-12-22", Start: "14:00", End: "16:00"}}}, "Tuesday 22 December 2026 14:00 to 16:00"},
	} {
		if got := site(t).WhenText(c.sched); got != c.want {
			t.Errorf("WhenText(%+v) = %q, want %q", c.sched, got, c.want)
		}
	}
}
