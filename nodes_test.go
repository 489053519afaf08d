package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gather/directory"
	"gather/directory/mongostore"
	"gather/directory/mongostore/mongotest"
)

const (
	// raceWriters is the number of writers on each node.
	raceWriters = 8
	// raceKills is how often the second node is killed, in the race with kills.
	raceKills = 5
	// raceLeast is how many publications on each node, and measurements, a race
	// goes on for, however long that takes.
	raceLeast = 120
	// raceContested is the least number of revisions of the shared activities.
	raceContested = 20
	// elsewhere is how soon, at p99, what one node acknowledged is found on
	// the other.
	elsewhere = 2 * time.Second
	// hung is how long anything may take before the test gives up.
	hung = 5 * time.Minute
)

// TestNodes has writers race over HTTP on two processes with one database.
func TestNodes(t *testing.T) {
	for name, kills := range map[string]bool{"racing": false, "racing, one killed": true} {
		t.Run(name, func(t *testing.T) { raceNodes(t, kills) })
	}
}

func raceNodes(t *testing.T, kills bool) {
	r := newRace(t, kills)
	log, changes := follow(t, r.store, r.store.Log), follow(t, r.store, r.store.Changes)
	var writing sync.WaitGroup
	for at := range r.nodes {
		for n := range raceWriters {
			w := &writer{race: r, at: at, node: r.nodes[at], other: r.nodes[1-at], group: r.groups[at*raceWriters+n], name: fmt.Sprint(at, "-", n)}
			writing.Go(w.run)
		}
	}
	for n := range raceKills {
		r.await((n + 1) * raceLeast / (raceKills + 1))
		if kills {
			r.nodes[1].restart(t)
		}
	}
	r.await(raceLeast)
	close(r.over)
	writing.Wait()
	if t.Failed() {
		t.FailNow()
	}
	read, newest := log.end(), changes.end()
	r.checkLog(read, newest)
	r.checkWinners(read)
	r.checkPublished(newest)
	r.checkIndexes(newest)
	r.checkFresh()
}

// await returns once each node has acknowledged n publications, with revisions
// of shared activities and measurements in proportion.
func (r *race) await(n int) {
	r.t.Helper()
	for deadline := time.Now().Add(hung); !r.reached(n); time.Sleep(10 * time.Millisecond) {
		if r.t.Failed() {
			return // a writer has given up
		}
		if time.Now().After(deadline) {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.t.Errorf("after %v: %v publications, %d revisions raced for, %d found elsewhere", hung, r.acks, r.contested, len(r.fresh))
			return
		}
	}
}

func (r *race) reached(n int) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.acks[0] >= n && r.acks[1] >= n && len(r.fresh) >= n && len(r.withdrawn) > 0 && r.contested >= raceContested*n/raceLeast
}

// node is a server process that can be killed and restarted, on another port.
type node struct {
	args []string
	mu   sync.Mutex
	s    *server
}

func (n *node) server() *server {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.s
}

// restart kills the process with SIGKILL and starts it again.
func (n *node) restart(t *testing.T) {
	t.Helper()
	n.server().kill9()
	s := serve(t, n.args...)
	n.mu.Lock()
	defer n.mu.Unlock()
	n.s = s
}

// revisionOf names one revision of an activity.
type revisionOf struct {
	id  string
	rev int64
}

// race is what the writers share, and what was acknowledged to them.
type race struct {
	t      *testing.T
	kills  bool
	store  *mongostore.Store // to check against, past the nodes
	key    string
	nodes  [2]*node
	groups []string // one for each writer
	shared []string // activities that all of them revise
	over   chan struct{}

	mu        sync.Mutex
	won       map[revisionOf]string // the mark by the revision that was acknowledged
	published map[string]string     // acknowledged activities: the mark by id
	acks      [2]int                // publications by node
	contested int                   // revisions of shared activities
	withdrawn map[string]bool
	fresh     []time.Duration // from the acknowledgement to found on the other node
	slowest   time.Duration   // of all acknowledgements
	repeats   int             // requests that had to be sent again
}

func newRace(t *testing.T, kills bool) *race {
	uri := mongotest.URI(t)
	store, err := mongostore.Open(t.Context(), uri)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	r := &race{
		t: t, kills: kills, store: store, over: make(chan struct{}),
		won: map[revisionOf]string{}, published: map[string]string{}, withdrawn: map[string]bool{},
	}
	r.key = strings.TrimSpace(gather(t, "keys", "create", "--label", "race", "--quiet", "--mongodb", uri, "--data", t.TempDir()))
	for i := range r.nodes {
		args := []string{"--mongodb", uri, "--data", t.TempDir(), "--rate-limit", "0", "--log-level", "warn"}
		r.nodes[i] = &node{args: args, s: serve(t, args...)}
	}
	s := r.nodes[0].s
	for range len(r.nodes) * raceWriters {
		r.groups = append(r.groups, trustedGroup(t, s, r.key))
	}
	shared := trustedGroup(t, s, r.key)
	for i := range 4 {
		var a directory.Activity
		s.ask("POST", "/v1/activities", r.key, listing(shared, fmt.Sprint("shared ", i))).want(t, 201, &a)
		r.shared = append(r.shared, a.ID)
		r.published[a.ID] = fmt.Sprint("shared ", i)
	}
	return r
}

// trustedGroup registers a group and trusts it.
func trustedGroup(t *testing.T, s *server, admin string) string {
	t.Helper()
	var made directory.Registered
	a := s.ask("POST", "/v1/groups", admin, map[string]any{"name": "Northgate Friends", "postcode": "M33 7DB"}).want(t, 201, &made)
	s.ask("PUT", "/v1/groups/"+made.Group.ID+"/status", admin, map[string]any{"status": "trusted"}, "If-Match", a.header.Get("ETag")).want(t, 200, nil)
	return made.Group.ID
}

// listing is a listing with a mark in its title and summary.
func listing(group, mark string) map[string]any {
	return map[string]any{
		"group": group, "title": "Chair Yoga " + mark, "summary": mark, "interests": []string{"chair-yoga"}, "delivery": []string{"venue"},
		"venue":    map[string]any{"name": "St Mary's Hall", "address": map[string]any{"town": "Sale", "postcode": "M33 7DB"}},
		"schedule": map[string]any{"repeats": []any{map[string]any{"every": "week", "days": []string{"tue"}, "start": "10:00", "end": "11:30"}}},
	}
}

// writer is one client of a node.
type writer struct {
	*race
	at          int
	node, other *node
	group, name string
}

func (w *writer) run() {
	for n := 0; ; n++ {
		select {
		case <-w.over:
			return
		default:
		}
		mark := fmt.Sprint(w.name, "-", n)
		a, ok := w.publish(mark)
		if !ok {
			return
		}
		w.find(a)
		w.revise(w.shared[n%len(w.shared)], mark)
		switch n % 4 {
		case 1:
			w.revise(a.ID, mark+" again")
		case 3:
			w.withdraw(a.ID)
		}
	}
}

// publish sends an activity until it is acknowledged.
func (w *writer) publish(mark string) (a directory.Activity, ok bool) {
	deadline := time.Now().Add(hung)
	for {
		start := time.Now()
		r, err := try(w.node.server().base, "POST", "/v1/activities", w.key, listing(w.group, mark), "Idempotency-Key", "race-writer-"+mark)
		if err == nil && r.status == http.StatusCreated {
			if err := json.Unmarshal(r.body, &a); err != nil {
				w.t.Errorf("publish %s: %v", mark, err)
				return a, false
			}
			w.mu.Lock()
			defer w.mu.Unlock()
			if as, twice := w.published[a.ID]; twice {
				w.t.Errorf("%s was published as %s already", mark, as)
			}
			w.published[a.ID] = mark
			w.acks[w.at]++
			w.slowest = max(w.slowest, time.Since(start))
			return a, true
		}
		if !w.again("publish "+mark, r, err) || time.Now().After(deadline) {
			w.t.Errorf("publish %s: %d %s %v", mark, r.status, r.body, err)
			return a, false
		}
	}
}

// again reports whether a request that failed may be repeated, which is only so
// in the race with kills. It pauses first.
func (w *writer) again(what string, r answer, err error) bool {
	if !w.kills || err == nil && r.status != http.StatusServiceUnavailable {
		return false
	}
	if err == nil && r.header.Get("Retry-After") == "" {
		w.t.Errorf("%s: 503 without Retry-After: %s", what, r.body)
	}
	w.mu.Lock()
	w.repeats++
	w.mu.Unlock()
	time.Sleep(20 * time.Millisecond)
	return true
}

// find measures how long the other node takes to find the group's newest
// activity. The node that is killed is not measured.
func (w *writer) find(a directory.Activity) {
	if w.kills && w.other == w.nodes[1] {
		return
	}
	start := time.Now()
	query := url.Values{"q": {"yoga"}, "group": {w.group}, "sort": {"updated"}, "limit": {"1"}, "after_change": {fmt.Sprint(a.Change)}}
	r, err := try(w.other.server().base, "GET", "/v1/activities?"+query.Encode(), "", nil)
	var f found
	if err == nil && r.status == http.StatusOK {
		err = json.Unmarshal(r.body, &f)
	}
	if err != nil || len(f.Items) != 1 || f.Items[0].ID != a.ID {
		w.t.Errorf("%s is not found on the other node: %d %s %v", a.Title, r.status, r.body, err)
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.fresh = append(w.fresh, time.Since(start))
}

// revise reads an activity and tries once to write a mark to it.
func (w *writer) revise(id, mark string) {
	base := w.node.server().base
	r, err := try(base, "GET", "/v1/activities/"+id, w.key, nil)
	if err != nil || r.status != http.StatusOK {
		if !w.again("read "+id, r, err) {
			w.t.Errorf("read %s: %d %s %v", id, r.status, r.body, err)
		}
		return
	}
	r, err = try(base, "PATCH", "/v1/activities/"+id, w.key, map[string]any{"summary": mark}, "If-Match", r.header.Get("ETag"))
	switch {
	case err == nil && r.status == http.StatusPreconditionFailed:
		// another writer was first
	case err == nil && r.status == http.StatusOK:
		var a directory.Activity
		if err := json.Unmarshal(r.body, &a); err != nil {
			w.t.Errorf("revise %s: %v", id, err)
			return
		}
		w.mu.Lock()
		defer w.mu.Unlock()
		if other, twice := w.won[revisionOf{id, a.Rev}]; twice {
			w.t.Errorf("revision %d of %s was acknowledged to %s and to %s", a.Rev, id, other, mark)
		}
		w.won[revisionOf{id, a.Rev}] = mark
		if slices.Contains(w.shared, id) {
			w.contested++
		}
	case !w.again("revise "+id, r, err):
		w.t.Errorf("revise %s: %d %s %v", id, r.status, r.body, err)
	}
}

// withdraw tries once to withdraw an activity.
func (w *writer) withdraw(id string) {
	r, err := try(w.node.server().base, "DELETE", "/v1/activities/"+id, w.key, nil, "If-Match", "*")
	if err == nil && r.status == http.StatusOK {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.withdrawn[id] = true
	} else if !w.again("withdraw "+id, r, err) {
		w.t.Errorf("withdraw %s: %d %s %v", id, r.status, r.body, err)
	}
}

func percentile(ds []time.Duration, p int) time.Duration {
	ds = slices.Sorted(slices.Values(ds))
	return ds[min(len(ds)-1, len(ds)*p/100)]
}
