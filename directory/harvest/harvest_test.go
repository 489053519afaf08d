package harvest_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"sort"
	"strings"
	"sync"
	"testing"
	"time"

	"gather/api/apitest"
	"gather/api/openactive"
	"gather/directory"
	"gather/directory/boltstore"
	"gather/directory/bulk"
	"gather/directory/gazetteer"
	"gather/directory/harvest"
	"gather/directory/vocabulary"
)

var admin = directory.Principal{Key: "admin", Role: directory.RoleAdmin}

// opened is noon on a Monday in winter.
var opened = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// clock is a clock that tests move.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func newDirectory(t testing.TB, c *clock) *directory.Directory {
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
	d := directory.New(store, words, places)
	d.Now = c.Now
	return d
}

// here is a directory that harvests, with what it asked for and how long it
// waited.
type here struct {
	t      testing.TB
	dir    *directory.Directory
	clock  *clock
	o      harvest.Options
	waited []time.Duration
}

func newHere(t testing.TB, c *clock) *here {
	h := &here{t: t, dir: newDirectory(t, c), clock: c}
	h.o = harvest.Options{
		Folder: t.TempDir(), AllowPrivate: true, UserAgent: "Gather/test (+https://gather.example)", Now: c.Now,
		Wait:   func(ctx context.Context, d time.Duration) error { h.waited = append(h.waited, d); return ctx.Err() },
		Import: bulk.Options{Source: directory.Source{Name: "Next door"}},
	}
	return h
}

// harvest follows urls and fails the test on any error.
func (h *here) harvest(urls ...string) harvest.Report {
	h.t.Helper()
	o := h.o
	o.URLs = urls
	h.waited = nil
	r, err := harvest.Harvest(context.Background(), h.dir, admin, o)
	if err != nil {
		h.t.Fatal(err)
	}
	return r
}

// titles are the titles of what is published, sorted.
func (h *here) titles() string {
	h.t.Helper()
	var out []string
	for _, a := range h.activities() {
		if a.Status == directory.StatusPublished {
			out = append(out, a.Title)
		}
	}
	sort.Strings(out)
	return strings.Join(out, ", ")
}

func (h *here) activities() []directory.Activity {
	h.t.Helper()
	rs, err := h.dir.Changes(context.Background(), 0, 100_000)
	if err != nil {
		h.t.Fatal(err)
	}
	var out []directory.Activity
	for _, r := range rs {
		if r.Kind != directory.KindActivity {
			continue
		}
		a, err := directory.ReadActivity(r)
		if err != nil {
			h.t.Fatal(err)
		}
		out = append(out, a)
	}
	return out
}

func (h *here) titled(title string) directory.Activity {
	h.t.Helper()
	for _, a := range h.activities() {
		if a.Title == title {
			return a
		}
	}
	h.t.Fatalf("there is no %q among %s", title, h.titles())
	return directory.Activity{}
}

// counts is what became of the listings, in a few words.
func counts(r harvest.Report) string {
	i := r.Import
	return fmt.Sprintf("created %d revised %d unchanged %d kept %d refused %d waiting %d withdrawn %d",
		i.Created, i.Revised, i.Unchanged, i.Kept, i.Refused, len(r.Waiting), len(r.Vanished))
}

func (h *here) want(r harvest.Report, want string) {
	h.t.Helper()
	if got := counts(r); got != want || r.Stopped() {
		var b strings.Builder
		_ = r.WriteText(&b)
		h.t.Errorf("%s, want %s\n%s", got, want, b.String())
	}
}

func class(title, day string) directory.Details {
	return directory.Details{
		Title: title, Delivery: []string{"venue"}, Interests: []string{"chair-yoga"}, Cost: &directory.Cost{Kind: "fixed", Pounds: 4},
		Venue:    &directory.Venue{Name: "St Mary's Hall", Address: directory.Address{Street: "12 Church Road", Town: "Sale", County: "Greater Manchester", Postcode: "M33 7DB"}},
		Schedule: &directory.Schedule{Repeats: []directory.Repeat{{Every: "week", Days: []string{day}, Start: "10:30", End: "11:30"}}},
		Access:   map[string]directory.Answer{"step-free": {Answer: "yes", Note: "ramp"}, "hearing-loop": {Answer: "no"}},
	}
}

// there is a Gather that publishes.
type there struct {
	t     testing.TB
	dir   *directory.Directory
	group directory.Group
	*httptest.Server
	asked []string
	agent string
}

func newThere(t testing.TB, c *clock) *there {
	x := &there{t: t, dir: newDirectory(t, c)}
	reg, err := x.dir.Register(context.Background(), admin, directory.GroupDetails{Name: "Northgate Friends"}, "")
	if err != nil {
		t.Fatal(err)
	}
	x.group = reg.Group
	var site *apitest.Site
	x.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		x.asked, x.agent = append(x.asked, r.URL.RequestURI()), r.UserAgent()
		site.Handler.ServeHTTP(w, r)
	}))
	t.Cleanup(x.Close)
	site = apitest.New(t, x.dir, apitest.Options{URL: x.URL, Now: c.Now})
	return x
}

func (x *there) publish(d directory.Details) directory.Activity {
	x.t.Helper()
	a, err := x.dir.Publish(context.Background(), admin, x.group.ID, d, "")
	if err != nil {
		x.t.Fatal(err)
	}
	return a
}

func (x *there) revise(a directory.Activity, change func(*directory.Details)) directory.Activity {
	x.t.Helper()
	return revise(x.t, x.dir, a, change)
}

func revise(t testing.TB, d *directory.Directory, a directory.Activity, change func(*directory.Details)) directory.Activity {
	t.Helper()
	change(&a.Details)
	a, err := d.Revise(context.Background(), admin, a.ID, a.Rev, a.Details)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func (x *there) withdraw(a directory.Activity) {
	x.t.Helper()
	if _, err := x.dir.Withdraw(context.Background(), admin, a.ID, a.Rev); err != nil {
		x.t.Fatal(err)
	}
}

// One Gather follows another by each of its standards: new, changed and deleted
// listings arrive, and local changes stay.
func TestGatherFollowsGather(t *testing.T) {
	for _, c := range []struct {
		name  string
		paths []string
	}{
		{"OpenActive", []string{openactive.SeriesPath}},
		{"OpenActive with sessions", []string{openactive.SeriesPath, openactive.SessionsPath}},
		{"Open Referral UK, list", []string{"/oruk/v3/services"}},
		{"Open Referral UK, base", []string{"/oruk/v3/"}},
		{"Open Referral UK, in full", []string{"/oruk/v3/services?full=true&per_page=1"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			now := &clock{now: opened}
			x, h := newThere(t, now), newHere(t, now)
			yoga, pilates := x.publish(class("Chair Yoga", "tue")), x.publish(class("Pilates", "wed"))
			x.publish(class("Tai chi", "thu"))
			var urls []string
			for _, p := range c.paths {
				urls = append(urls, x.URL+p)
			}
			h.want(h.harvest(urls...), "created 3 revised 0 unchanged 0 kept 0 refused 0 waiting 0 withdrawn 0")
			if x.agent != h.o.UserAgent {
				t.Errorf("asked as %q", x.agent)
			}
			got, want := h.titled("Chair Yoga"), class("Chair Yoga", "tue")
			if g, w := fmt.Sprint(got.Schedule.Repeats, got.Venue.Address, got.Cost.Pounds, got.Interests, got.Access, got.GroupName), fmt.Sprint(want.Schedule.Repeats, want.Venue.Address, 4.0, want.Interests, want.Access, "Northgate Friends"); g != w {
				t.Errorf("came as\n%s, want\n%s", g, w)
			}
			if got.Source.Name != "Next door" || got.Source.URL != urls[0] || got.Source.Retrieved != "2026-11-23" || strings.HasPrefix(c.name, "OpenActive") != (got.Source.Licence != "") {
				t.Errorf("source %+v", got.Source)
			}
			last, err := h.dir.Last(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			now.move(time.Hour)
			x.asked = nil
			h.want(h.harvest(urls...), "created 0 revised 0 unchanged 0 kept 0 refused 0 waiting 0 withdrawn 0")
			if after, _ := h.dir.Last(context.Background()); after != last {
				t.Error("nothing was new, and something was written")
			}
			if len(x.asked) > 4 {
				t.Errorf("nothing was new, and it asked %q", x.asked)
			}
			now.move(time.Hour)
			revise(t, h.dir, h.titled("Chair Yoga"), func(d *directory.Details) { d.Title = "Chair Yoga with tea" })
			x.revise(yoga, func(d *directory.Details) { d.Cost.Pounds = 5 })
			x.withdraw(pilates)
			x.publish(class("Boccia", "fri"))
			now.move(time.Hour)
			h.want(h.harvest(urls...), "created 1 revised 1 unchanged 0 kept 0 refused 0 waiting 1 withdrawn 0")
			if a := h.titled("Chair Yoga with tea"); a.Cost.Pounds != 5 {
				t.Errorf("the new price did not come: %+v", a.Cost)
			}
			now.move(6 * 24 * time.Hour)
			h.harvest(urls...)
			if got := h.titles(); got != "Boccia, Chair Yoga with tea, Pilates, Tai chi" {
				t.Errorf("in the time of grace there are %s", got)
			}
			now.move(25 * time.Hour)
			if r := h.harvest(urls...); len(r.Vanished) != 1 || r.Vanished[0].Outcome != directory.Withdrawn || r.Vanished[0].Missing != "2026-11-23" {
				t.Errorf("%+v", r.Vanished)
			}
			if got := h.titles(); got != "Boccia, Chair Yoga with tea, Tai chi" {
				t.Errorf("after it there are %s", got)
			}
			if r := h.harvest(urls...); len(r.Vanished)+len(r.Waiting) != 0 {
				t.Errorf("withdrawn twice: %+v", r.Vanished)
			}
		})
	}
}

func TestADryHarvestWritesNothing(t *testing.T) {
	now := &clock{now: opened}
	x, h := newThere(t, now), newHere(t, now)
	a := x.publish(class("Chair Yoga", "tue"))
	url := x.URL + openactive.SeriesPath
	h.o.Import.Dry = true
	for range 2 {
		h.want(h.harvest(url), "created 1 revised 0 unchanged 0 kept 0 refused 0 waiting 0 withdrawn 0")
	}
	if n := len(h.activities()); n != 0 {
		t.Fatalf("a dry run made %d activities", n)
	}
	h.o.Import.Dry = false
	h.harvest(url)
	x.withdraw(a)
	h.o.Import.Dry, h.o.Grace = true, -1
	for range 2 {
		h.want(h.harvest(url), "created 0 revised 0 unchanged 0 kept 0 refused 0 waiting 0 withdrawn 1")
	}
	if h.titles() != "Chair Yoga" {
		t.Error("a dry run withdrew")
	}
}

// Two sources that have the same class: the report says so, and nothing is
// merged.
func TestDuplicatesAreSuggested(t *testing.T) {
	now := &clock{now: opened}
	x, h := newThere(t, now), newHere(t, now)
	x.publish(class("Chair Yoga", "tue"))
	elsewhere := class("Pilates", "wed")
	x.publish(elsewhere)
	reg, err := h.dir.Register(context.Background(), admin, directory.GroupDetails{Name: "Sale Library"}, "")
	if err != nil {
		t.Fatal(err)
	}
	own, err := h.dir.Publish(context.Background(), admin, reg.Group.ID, class("Chair yoga", "tue"), "")
	if err != nil {
		t.Fatal(err)
	}
	far := class("Pilates", "wed")
	far.Venue = &directory.Venue{Address: directory.Address{Postcode: "SW1A 1AA"}}
	if _, err := h.dir.Publish(context.Background(), admin, reg.Group.ID, far, ""); err != nil {
		t.Fatal(err)
	}
	r := h.harvest(x.URL + openactive.SeriesPath)
	if ds := r.Import.Duplicates; len(ds) != 1 || ds[0].Other != own.ID || ds[0].Source != "" || ds[0].Title != "Chair Yoga" || ds[0].Metres != 0 {
		t.Errorf("%+v", ds)
	}
	if h.titles() != "Chair Yoga, Chair yoga, Pilates, Pilates" {
		t.Error(h.titles())
	}
}

// A republished file is followed like a feed.
func TestAFileIsFollowed(t *testing.T) {
	now := &clock{now: opened}
	h := newHere(t, now)
	text := "id,name,postcode\n1,Tea,M33 7DB\n2,Cake,M33 7DB\n"
	served := 0
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		tag := fmt.Sprintf(`"%d"`, len(text))
		w.Header().Set("ETag", tag)
		if r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		served++
		fmt.Fprint(w, text)
	}))
	defer s.Close()
	h.want(h.harvest(s.URL), "created 2 revised 0 unchanged 0 kept 0 refused 0 waiting 0 withdrawn 0")
	if r := h.harvest(s.URL); !r.Feeds[0].Unchanged || served != 1 {
		t.Errorf("served %d times, %+v", served, r.Feeds)
	}
	text = "id,name,postcode\n1,Tea and more,M33 7DB\n"
	h.o.Grace = -1
	h.want(h.harvest(s.URL), "created 0 revised 1 unchanged 0 kept 0 refused 0 waiting 0 withdrawn 1")
	if h.titles() != "Tea and more" {
		t.Error(h.titles())
	}
}

// page writes a page of a feed.
func page(next string, items ...map[string]any) string {
	if items == nil {
		items = []map[string]any{}
	}
	b, err := json.Marshal(map[string]any{"next": next, "items": items, "license": "https://example.org/licence"})
	if err != nil {
		panic(err)
	}
	return string(b)
}

func series(id, title string) map[string]any {
	return map[string]any{"state": "updated", "kind": "SessionSeries", "id": id, "modified": 1, "data": map[string]any{
		"@type": "SessionSeries", "@id": "https://example.org/" + id, "name": title, "location": map[string]any{"name": "Hall", "address": map[string]any{"postalCode": "M33 7DB"}},
		"eventSchedule": map[string]any{"byDay": "https://schema.org/Friday", "startTime": "10:00", "repeatFrequency": "P1W"},
	}}
}

// A feed that fails half-way is imported up to there, and the next harvest
// resumes there.
func TestAFeedIsGoneOnWithWhereItStopped(t *testing.T) {
	now := &clock{now: opened}
	h := newHere(t, now)
	broken := true
	var asked []string
	var s *httptest.Server
	s = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.String())
		switch r.URL.Query().Get("p") {
		case "":
			fmt.Fprint(w, page(s.URL+"/?p=2", series("1", "One")))
		case "2":
			if broken {
				http.Error(w, "out of order", http.StatusInternalServerError)
				return
			}
			fmt.Fprint(w, page("/?p=3", series("2", "Two")))
		default:
			fmt.Fprint(w, page(s.URL+"/?p=3"))
		}
	}))
	defer s.Close()
	r := h.harvest(s.URL + "/")
	if !r.Stopped() || h.titles() != "One" || r.Import.Created != 1 {
		t.Fatalf("%+v %s", r.Feeds, h.titles())
	}
	broken, asked = false, nil
	h.want(h.harvest(s.URL+"/"), "created 1 revised 0 unchanged 0 kept 0 refused 0 waiting 0 withdrawn 0")
	if h.titles() != "One, Two" || !slices.Equal(asked, []string{"/?p=2", "/?p=3"}) {
		t.Errorf("%s after asking %q", h.titles(), asked)
	}
	asked = nil
	h.o.Afresh = true
	h.harvest(s.URL + "/")
	if len(asked) != 3 || h.titles() != "One, Two" {
		t.Errorf("afresh: %s after asking %q", h.titles(), asked)
	}
}

// A listing without a schedule gets its times from its dated sessions, without
// cancelled ones; a session that changes causes another import of its listing.
func TestSessionsOfTwoFeedsAreJoined(t *testing.T) {
	now := &clock{now: opened}
	h := newHere(t, now)
	status := "EventScheduled"
	one := series("1", "One")
	delete(one["data"].(map[string]any), "eventSchedule")
	var s *httptest.Server
	session := func(id, start, status string) map[string]any {
		return map[string]any{"state": "updated", "kind": "ScheduledSession", "id": id, "modified": 1, "data": map[string]any{
			"@type": "ScheduledSession", "superEvent": "https://example.org/1", "startDate": start, "eventStatus": "https://schema.org/" + status}}
	}
	s = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Query().Get("end") != "" && status != "EventScheduled" && r.URL.Query().Get("end") == "1" && r.URL.Path == "/sessions":
			fmt.Fprint(w, page(s.URL+"/sessions?end=2", session("b", "2026-12-11T10:00:00Z", status)))
		case r.URL.Query().Get("end") != "":
			fmt.Fprint(w, page(s.URL+r.URL.RequestURI()))
		case r.URL.Path == "/series":
			fmt.Fprint(w, page(s.URL+"/series?end=1", one))
		default:
			fmt.Fprint(w, page(s.URL+"/sessions?end=1", session("a", "2026-12-04T10:00:00Z", status), session("b", "2026-12-11T10:00:00Z", status)))
		}
	}))
	defer s.Close()
	urls := []string{s.URL + "/series", s.URL + "/sessions"}
	h.harvest(urls...)
	if got := fmt.Sprint(h.titled("One").Schedule.Dates); got != "[{2026-12-04 10:00 } {2026-12-11 10:00 }]" {
		t.Error(got)
	}
	status = "EventCancelled"
	h.harvest(urls...)
	if got := fmt.Sprint(h.titled("One").Schedule.Dates); got != "[{2026-12-04 10:00 }]" {
		t.Error(got)
	}
}

// Two harvests of one source at once would write the same mirror: the second
// fails with ErrBusy.
func TestOneHarvestOfASourceAtATime(t *testing.T) {
	h := newHere(t, &clock{now: opened})
	var second error
	var s *httptest.Server
	s = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		o := h.o
		o.URLs = []string{s.URL}
		_, second = harvest.Harvest(context.Background(), h.dir, admin, o)
		fmt.Fprint(w, page(s.URL))
	}))
	defer s.Close()
	h.harvest(s.URL)
	if !errors.Is(second, harvest.ErrBusy) {
		t.Errorf("the second harvest: %v", second)
	}
}

// A report is readable by people and by programs.
func TestReports(t *testing.T) {
	now := &clock{now: opened}
	x, h := newThere(t, now), newHere(t, now)
	a := x.publish(class("Chair Yoga", "tue"))
	url := x.URL + openactive.SeriesPath
	h.harvest(url)
	x.withdraw(a)
	h.o.Grace = -1
	r := h.harvest(url)
	var text, b strings.Builder
	if err := errors.Join(r.WriteText(&text), r.WriteJSON(&b)); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{url + ": OpenActive feed: ", "1 deleted", "gone since 2026-11-23", ": withdrawn", "Next door: ", "1 withdrawn"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("%q is not in\n%s", want, text.String())
		}
	}
	var back harvest.Report
	if err := json.Unmarshal([]byte(b.String()), &back); err != nil || len(back.Vanished) != 1 || back.Vanished[0].ID == "" || back.Feeds[0].Deleted != 1 {
		t.Errorf("%v %s", err, b.String())
	}
}
