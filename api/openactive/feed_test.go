package openactive_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"sync"
	"testing"
	"time"

	"gather/api/openactive"
	"gather/directory"
)

// state is what the feeds should hold, made from the store's records and the
// mappings.
func (w *world) state() (series, sessions map[string]string) {
	w.t.Helper()
	m, err := openactive.NewMapping(w.dir.Words, base, func(id string) string { return base + "/v1/activities/" + id })
	if err != nil {
		w.t.Fatal(err)
	}
	today := w.clock().In(directory.London())
	today = time.Date(today.Year(), today.Month(), today.Day(), 0, 0, 0, 0, directory.London())
	series, sessions = map[string]string{}, map[string]string{}
	text := func(v any) string {
		b, err := json.Marshal(v)
		if err != nil {
			w.t.Fatal(err)
		}
		return string(b)
	}
	rs, err := w.dir.Changes(w.t.Context(), 0, 1<<20)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, r := range rs {
		if r.Kind != directory.KindActivity {
			continue
		}
		a, err := directory.ReadActivity(r)
		if err != nil {
			w.t.Fatal(err)
		}
		s, ok := m.Series(&a, r.At)
		if !ok {
			continue
		}
		series[a.ID] = text(s)
		for _, x := range a.Sessions(today, r.At.Add(directory.TrustHalfLife), 0) {
			if until := r.At.Add(directory.TrustHalfLife - 24*time.Hour); x.Start.After(until) {
				continue // left out: the last day of the window is not whole
			}
			sessions[a.ID+"/"+x.Key] = text(m.Session(&a, x))
		}
	}
	return series, sessions
}

// compare compares what a client has with the store. A client of dated sessions
// may also have some of the last day.
func compare(t *testing.T, what string, got, want map[string]string) {
	t.Helper()
	for id, data := range want {
		if got[id] != data {
			t.Errorf("%s: %s is\n%s\nwant\n%s", what, id, got[id], data)
		}
	}
	if len(got) > len(want) && what == openactive.SeriesPath {
		t.Errorf("%s: %d items, want %d", what, len(got), len(want))
	}
}

// TestAClientAmongWritersEndsWithTheStoresState has two clients harvest while
// eight writers publish, revise, cancel and withdraw.
func TestAClientAmongWritersEndsWithTheStoresState(t *testing.T) {
	const writers, writes = 8, 40
	w := open(t)
	g := w.group("Northgate Friends")
	var writing, reading sync.WaitGroup
	done := make(chan struct{})
	for i := range writers {
		writing.Go(func() { w.write(g.ID, i, writes) })
	}
	clients := map[string]*client{}
	for _, path := range []string{openactive.SeriesPath, openactive.SessionsPath} {
		c := newClient(path + "?limit=7")
		clients[path] = c
		reading.Go(func() {
			for {
				c.harvest(w)
				select {
				case <-done:
					c.harvest(w)
					return
				default:
				}
			}
		})
	}
	writing.Wait()
	close(done)
	reading.Wait()
	series, sessions := w.state()
	if len(series) < writers || len(sessions) < 20*writers {
		t.Fatalf("the writers left %d series and %d sessions", len(series), len(sessions))
	}
	compare(t, openactive.SeriesPath, clients[openactive.SeriesPath].has, series)
	compare(t, openactive.SessionsPath, clients[openactive.SessionsPath].has, sessions)
	for _, path := range []string{openactive.SeriesPath, openactive.SessionsPath} {
		fresh := newClient(path)
		fresh.harvest(w)
		if !reflect.DeepEqual(fresh.has, clients[path].has) {
			t.Errorf("%s: a new client has %d items, one that followed from the start %d", path, len(fresh.has), len(clients[path].has))
		}
	}
}

// write is one writer: it publishes listings, revises them to be for OpenActive or
// not, cancels or moves sessions, and withdraws listings.
func (w *world) write(group string, writer, writes int) {
	random := rand.New(rand.NewPCG(uint64(writer), 7))
	days := []string{"mon", "tue", "wed", "thu", "fri"}
	var mine []directory.Activity
	for i := range writes {
		d := walk(fmt.Sprintf("Walk %d of %d", i, writer))
		d.Schedule.Repeats[0].Days = []string{days[random.IntN(len(days))]}
		if random.IntN(5) == 0 {
			d.Interests = []string{"quiz"}
		}
		if len(mine) < 4 || random.IntN(4) == 0 {
			mine = append(mine, w.publish(group, d))
			continue
		}
		k := random.IntN(len(mine))
		a, err := mine[k], error(nil)
		switch random.IntN(4) {
		case 0:
			if len(mine) > 2 {
				_, err = w.dir.Withdraw(w.t.Context(), admin, a.ID, a.Rev)
				mine = append(mine[:k], mine[k+1:]...)
				break
			}
			fallthrough
		case 1:
			mine[k], err = w.dir.Revise(w.t.Context(), admin, a.ID, a.Rev, d)
		default:
			next, ok := a.NextSession(w.clock())
			if !ok {
				break
			}
			ch := directory.SessionChange{Session: next.Key, Status: "cancelled"}
			if random.IntN(2) == 0 {
				ch = directory.SessionChange{Session: next.Key, Status: "moved", To: &directory.SessionDate{Date: "2026-12-25", Start: "09:00"}}
			}
			mine[k], err = w.dir.ChangeSession(w.t.Context(), admin, a.ID, a.Rev, ch)
		}
		if err != nil && !errors.Is(err, directory.ErrConflict) {
			w.t.Errorf("writer %d: %v", writer, err)
			return
		}
	}
}

func TestWithdrawnSessionsAreDeleted(t *testing.T) {
	w := open(t)
	g := w.group("Northgate Friends")
	series, sessions := newClient(openactive.SeriesPath), newClient(openactive.SessionsPath)
	harvest := func(what string, wantSeries, wantSessions int) {
		t.Helper()
		series.harvest(w)
		sessions.harvest(w)
		if len(series.has) != wantSeries || len(sessions.has) != wantSessions {
			t.Errorf("%s: %d series and %d sessions, want %d and %d", what, len(series.has), len(sessions.has), wantSeries, wantSessions)
		}
	}
	a := w.publish(g.ID, walk("Tuesday walk"))
	harvest("published", 1, 26)
	twice := walk("Tuesday and Thursday walk")
	twice.Schedule.Repeats[0].Days = []string{"tue", "thu"}
	a, err := w.dir.Revise(t.Context(), admin, a.ID, a.Rev, twice)
	if err != nil {
		t.Fatal(err)
	}
	harvest("twice a week", 1, 52)
	w.later(28 * 24 * time.Hour)
	late := walk("Thursday walk")
	late.Schedule.Repeats[0].Days = []string{"thu"}
	if a, err = w.dir.Revise(t.Context(), admin, a.ID, a.Rev, late); err != nil {
		t.Fatal(err)
	}
	// A client keeps past sessions that it had: four Tuesdays and four Thursdays.
	harvest("four weeks later, Thursdays only", 1, 26+4+4)
	quiz := late
	quiz.Interests = []string{"quiz"}
	if a, err = w.dir.Revise(t.Context(), admin, a.ID, a.Rev, quiz); err != nil {
		t.Fatal(err)
	}
	harvest("no activity of the list any more", 0, 4+4)
	if a, err = w.dir.Revise(t.Context(), admin, a.ID, a.Rev, late); err != nil {
		t.Fatal(err)
	}
	harvest("one again", 1, 26+4+4)
	if _, err = w.dir.Withdraw(t.Context(), admin, a.ID, a.Rev); err != nil {
		t.Fatal(err)
	}
	harvest("withdrawn", 0, 4+4)
	fresh := newClient(openactive.SessionsPath)
	fresh.harvest(w)
	if len(fresh.has) != 0 || fresh.seen == 0 {
		t.Errorf("a new client has %d sessions and saw %d items", len(fresh.has), fresh.seen)
	}
	w.later(400 * 24 * time.Hour)
	fresh = newClient(openactive.SessionsPath)
	if fresh.harvest(w); fresh.seen != 0 {
		t.Errorf("a year later a client still sees %d items", fresh.seen)
	}
}

func TestPastSessionsAreDeletedForAWeek(t *testing.T) {
	w := open(t)
	w.publish(w.group("Northgate Friends").ID, walk("Tuesday walk"))
	for _, c := range []struct {
		days                   int
		wantHas, wantDeletions int
	}{{0, 26, 0}, {1, 26, 0}, {2, 25, 1}, {8, 25, 1}, {9, 24, 1}, {16, 23, 1}} {
		w.later(time.Duration(c.days)*24*time.Hour - w.clock().Sub(opened))
		client := newClient(openactive.SessionsPath)
		client.harvest(w)
		if got := client.seen - len(client.has); len(client.has) != c.wantHas || got != c.wantDeletions {
			t.Errorf("after %d days: %d sessions and %d deletions, want %d and %d", c.days, len(client.has), got, c.wantHas, c.wantDeletions)
		}
	}
}

func TestPages(t *testing.T) {
	w := open(t)
	g := w.group("Northgate Friends")
	for i := range 30 {
		w.publish(g.ID, walk(fmt.Sprintf("Walk %d", i)))
	}
	whole := map[string]*client{}
	for _, path := range []string{openactive.SeriesPath, openactive.SessionsPath} {
		whole[path] = newClient(path)
		whole[path].harvest(w)
	}
	if n := len(whole[openactive.SessionsPath].has); n != 30*26 {
		t.Fatalf("%d sessions", n)
	}
	for path, want := range whole {
		for _, limit := range []string{"1", "25", "26", "27", "999"} {
			c := newClient(path + "?limit=" + limit)
			c.harvest(w)
			if !reflect.DeepEqual(c.has, want.has) {
				t.Errorf("%s by %s: %d items, want %d", path, limit, len(c.has), len(want.has))
			}
		}
	}
	p := w.page(base + openactive.SessionsPath)
	if len(p.Items) != 500 || p.License != "https://creativecommons.org/licenses/by/4.0/" {
		t.Errorf("the first page has %d items, licence %q", len(p.Items), p.License)
	}
	if again := w.page(base + openactive.SessionsPath); !reflect.DeepEqual(p, again) {
		t.Error("the same page again differs")
	}
	if want := fmt.Sprintf("%s%s?afterChangeNumber=%d", base, openactive.SessionsPath, p.Items[499].Modified); p.Next != want {
		t.Errorf("next is %s, want %s", p.Next, want)
	}
}

func TestThePagePastTheEnd(t *testing.T) {
	w := open(t)
	for _, path := range []string{openactive.SeriesPath, openactive.SessionsPath} {
		for _, query := range []string{"", "?afterChangeNumber=9007199254740991", "?afterChangeNumber=9223372036854775807", "?afterChangeNumber=1&limit=5"} {
			if p := w.page(base + path + query); len(p.Items) != 0 || p.Items == nil || p.Next != base+path+query {
				t.Errorf("%s%s in an empty store: %+v", path, query, p)
			}
		}
	}
	w.publish(w.group("Northgate Friends").ID, walk("Tuesday walk"))
	for _, path := range []string{openactive.SeriesPath, openactive.SessionsPath} {
		probe := base + path + "?afterChangeNumber=9007199254740991"
		if p := w.page(probe); len(p.Items) != 0 || p.Next != probe {
			t.Errorf("%s: %+v", probe, p)
		}
	}
}
