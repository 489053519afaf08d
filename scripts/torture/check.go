package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"gather/directory"
)

// check pauses the writers and compares what is stored with what was
// acknowledged: every acknowledged write has its body and revision, nothing is
// half written, the change log has no gap, searches equal the store, and nothing
// is public that should not be.
func (w *world) check() {
	w.pause()
	w.revive()
	log, err := w.log()
	if err != nil {
		w.ledger.fail("read the store: %v", err)
	} else {
		s := w.checkLog(log)
		for i, n := range w.nodes {
			w.checkSearch(fmt.Sprint("node ", i), n, s)
			w.checkFeed(fmt.Sprint("node ", i), n, s)
		}
		w.hidden(w.any(), some(s.private, 50), "that is withdrawn or of a suspended group")
		w.report.revisions, w.report.public = len(log), len(s.public)
	}
	w.report.checks++
	w.write()
}

// log reads every revision from an archive. To export the embedded store it
// stops the node.
func (w *world) log() ([]directory.Record, error) {
	data := filepath.Join(w.disk.folder, "export")
	if w.store == "bolt" {
		data = w.nodes[0].data
		if err := w.nodes[0].stop(); err != nil {
			return nil, err
		}
		defer w.restart(w.nodes[0]) // the search that follows reports if it failed
	}
	archive, err := w.gather("export", "--all", "-", "--data", data)
	if err != nil {
		return nil, err
	}
	var all []directory.Record
	lines := bufio.NewScanner(bytes.NewReader(archive))
	lines.Buffer(nil, 4*directory.MaxDoc)
	for lines.Scan() {
		var r directory.Record
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			return nil, err
		}
		if r.Kind != "" { // the first and last lines are no records
			all = append(all, r)
		}
	}
	return all, lines.Err()
}

// state is the result of the whole log.
type state struct {
	last    int64
	public  map[string]string // the mark of each public listing
	private []string          // the other listings
}

// checkLog checks the log itself, and against the ledger.
func (w *world) checkLog(log []directory.Record) state {
	l := w.ledger
	newest := map[string]directory.Record{}
	found := map[string]int64{} // acknowledged revisions by listing
	for i, r := range log {
		key := string(r.Kind) + "/" + r.ID
		if r.Change != int64(i+1) {
			l.fail("change %d of the log is at position %d", r.Change, i+1)
			return state{}
		}
		if was := newest[key].Rev; r.Rev != was+1 {
			l.fail("revision %d of %s comes after %d", r.Rev, key, was)
		}
		newest[key] = r
		if r.Kind == directory.KindActivity {
			w.checkRevision(r, found)
		}
	}
	l.mu.Lock()
	for id, t := range l.acts {
		if int(found[id]) != len(t.revs) {
			l.wrong = append(l.wrong, fmt.Sprintf("of %d acknowledged revisions of %s, %d are stored", len(t.revs), id, found[id]))
		}
	}
	l.mu.Unlock()
	return stateOf(newest, int64(len(log)), l)
}

// checkRevision wants a revision of a listing to be one that a writer sent.
func (w *world) checkRevision(r directory.Record, found map[string]int64) {
	l := w.ledger
	mark := withdrawn
	a, err := directory.ReadActivity(r)
	if err != nil {
		l.fail("revision %d of %s: %v", r.Rev, r.ID, err)
		return
	}
	if !r.Gone {
		mark = a.Summary
		if a.Title != "Chair Yoga "+mark || a.Group == "" || a.Venue == nil {
			l.fail("revision %d of %s is half written: title %q, summary %q", r.Rev, r.ID, a.Title, a.Summary)
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	t := l.acts[r.ID]
	sent, acknowledged := "", false
	if t != nil {
		sent, acknowledged = t.revs[r.Rev]
	}
	switch {
	case acknowledged && sent == mark:
		found[r.ID]++
	case acknowledged:
		l.wrong = append(l.wrong, fmt.Sprintf("revision %d of %s was acknowledged as %q, but is %q", r.Rev, r.ID, sent, mark))
	case t != nil && (t.maybe[mark] || l.marks[mark]), t == nil && l.marks[mark]:
		// its writer had no response
	case slices.Contains([]string{"suspend", "trust", "update"}, r.Action) || strings.HasPrefix(mark, "suspect-"):
		// written after its group was suspended or trusted
	default:
		l.wrong = append(l.wrong, fmt.Sprintf("revision %d of %s is %q (%s), which no writer sent, or whose writer was told that it failed", r.Rev, r.ID, mark, r.Action))
	}
}

func stateOf(newest map[string]directory.Record, last int64, l *ledger) state {
	s := state{last: last, public: map[string]string{}}
	trusted := map[string]bool{}
	for _, r := range newest {
		if r.Kind != directory.KindGroup {
			continue
		}
		var g directory.Group
		if err := json.Unmarshal(r.Doc, &g); err != nil {
			l.fail("group %s: %v", r.ID, err)
		}
		trusted[r.ID] = g.Published()
	}
	for _, r := range newest {
		if r.Kind != directory.KindActivity {
			continue
		}
		a, err := directory.ReadActivity(r)
		if err == nil && !r.Gone && a.Published() && trusted[a.Group] {
			s.public[r.ID] = a.Summary
		} else {
			s.private = append(s.private, r.ID)
		}
	}
	return s
}

// checkSearch compares what a node finds with what is public in the store.
func (w *world) checkSearch(where string, n *node, s state) {
	found := map[string]string{}
	query := url.Values{"sort": {"title"}, "limit": {"100"}, "after_change": {fmt.Sprint(s.last)}}
	for {
		var page struct {
			Items []struct{ ID, Summary string }
			Next  string
		}
		if err := w.read(n, "/v1/activities?"+query.Encode(), &page); err != nil {
			w.ledger.fail("%s: search: %v", where, err)
			return
		}
		for _, item := range page.Items {
			if _, twice := found[item.ID]; twice {
				w.ledger.fail("%s lists %s twice", where, item.ID)
			}
			found[item.ID] = item.Summary
		}
		if page.Next == "" {
			break
		}
		query.Set("cursor", page.Next)
	}
	if !maps.Equal(found, s.public) {
		w.ledger.fail("%s finds %d listings, but %d are public; %s", where, len(found), len(s.public), difference(found, s.public))
	}
}

// difference describes one listing that differs between a search and the store.
func difference(found, public map[string]string) string {
	for id, mark := range public {
		if got, ok := found[id]; !ok || got != mark {
			return fmt.Sprintf("%s is %q, but is found as %q", id, mark, got)
		}
	}
	for id, mark := range found {
		if _, ok := public[id]; !ok {
			return fmt.Sprintf("%s (%q) is found, but is not public", id, mark)
		}
	}
	return "they are the same"
}

// checkFeed checks that the open data feed holds exactly what is public.
func (w *world) checkFeed(where string, n *node, s state) {
	state := map[string]string{}
	for path := "/openactive/session-series?limit=500"; ; {
		var page struct {
			Items []struct{ ID, State string }
			Next  string
		}
		if err := w.read(n, path, &page); err != nil {
			w.ledger.fail("%s: feed: %v", where, err)
			return
		}
		for _, item := range page.Items {
			state[item.ID] = item.State
		}
		next, err := url.Parse(page.Next)
		if err != nil || len(page.Items) == 0 {
			break
		}
		path = next.RequestURI()
	}
	for id := range s.public {
		if state[id] != "updated" {
			w.ledger.fail("%s: in the feed the public listing %s is %q", where, id, state[id])
			return
		}
	}
	for _, id := range s.private {
		if state[id] == "updated" {
			w.ledger.fail("%s: the feed shows %s, which is not public", where, id)
			return
		}
	}
}

// read gets a public JSON document, and retries for up to readyTime.
func (w *world) read(n *node, path string, into any) error {
	for deadline := time.Now().Add(readyTime); ; time.Sleep(between) {
		r, err := do(n.base(), "GET", path, "", nil)
		if err == nil && r.status == http.StatusOK {
			return json.Unmarshal(r.body, into)
		}
		if w.ctx.Err() != nil || !n.alive() || time.Now().After(deadline) {
			return fmt.Errorf("%s: %d %s %v", path, r.status, r.body, err)
		}
	}
}

func some(ids []string, most int) []string {
	ids = slices.Clone(ids)
	rand.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
	return ids[:min(len(ids), most)]
}
