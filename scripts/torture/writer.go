package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"

	"gather/directory"
)

const (
	// writers is the number of concurrent writers. Each has its own listings, and
	// all revise the shared ones.
	writers = 6
	// between is the pause between two writes of a writer. It keeps the directory
	// small in long runs.
	between = 200 * time.Millisecond
)

// listing has its mark in two fields, so that a half-written one is noticed.
func listing(group, mark string) map[string]any {
	return map[string]any{
		"group": group, "title": "Chair Yoga " + mark, "summary": mark, "interests": []string{"chair-yoga"}, "delivery": []string{"venue"}, "cost": map[string]any{"kind": "free"},
		"venue":    map[string]any{"name": "St Mary's Hall", "address": map[string]any{"town": "Sale", "postcode": "M33 7DB"}},
		"schedule": map[string]any{"repeats": []any{map[string]any{"every": "week", "days": []string{"tue"}, "start": "10:00", "end": "11:30"}}},
	}
}

func revision(mark string) map[string]any {
	return map[string]any{"title": "Chair Yoga " + mark, "summary": mark}
}

// write starts the writers, which run until pause.
func (w *world) write() {
	w.over = make(chan struct{})
	for n := range writers {
		w.writing.Go(func() {
			for {
				select {
				case <-w.over:
					return
				case <-time.After(between):
					w.step(n)
				}
			}
		})
	}
}

// pause stops the writers and returns once all of them have stopped.
func (w *world) pause() {
	select {
	case <-w.over:
	default:
		close(w.over)
	}
	w.writing.Wait()
}

// await returns once n more writes were acknowledged.
func (w *world) await(n int) {
	had := w.ledger.acknowledged()
	for deadline := time.Now().Add(readyTime); w.ledger.acknowledged() < had+n; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			w.ledger.fail("no write was acknowledged for %v after a fault", readyTime)
			return
		}
	}
}

// step publishes a listing, revises a shared one, and may revise or withdraw the
// new one.
func (w *world) step(writer int) {
	mark := w.mark("w", writer)
	id := w.publish(w.groups[writer], mark)
	w.revise(w.shared[rand.IntN(len(w.shared))], mark)
	if id == "" {
		return
	}
	switch rand.IntN(4) {
	case 0:
		w.revise(id, mark+" again")
	case 1:
		w.withdraw(id)
	}
}

func (w *world) mark(what string, n int) string {
	return fmt.Sprint(what, "-", n, "-", w.marks.Add(1))
}

// publish sends a listing to any node, with the same Idempotency-Key each time,
// until it is acknowledged or the writers are paused.
func (w *world) publish(group, mark string) (id string) {
	for {
		r, err := do(w.any().base(), "POST", "/v1/activities", w.key, listing(group, mark), "Idempotency-Key", "torture-of-gather-"+mark)
		switch {
		case err == nil && r.status == http.StatusCreated:
			return w.acknowledge(r, group, mark)
		case err == nil && !mayRetry(r.status):
			w.ledger.fail("publish %s: %d %s", mark, r.status, r.body)
			return ""
		}
		select {
		case <-w.over:
			w.ledger.doubt("", mark)
			return ""
		case <-time.After(between):
		}
	}
}

// mayRetry reports whether a status asks the client to repeat the request.
func mayRetry(status int) bool {
	return status == http.StatusServiceUnavailable || status == http.StatusInsufficientStorage
}

func (w *world) acknowledge(r answer, group, mark string) string {
	var a directory.Activity
	if err := json.Unmarshal(r.body, &a); err != nil || a.ID == "" || a.Rev == 0 {
		w.ledger.fail("the response to %s has status %d, but its body is no listing: %q", mark, r.status, r.body)
		return ""
	}
	w.ledger.acknowledge(a.ID, group, a.Rev, mark)
	return a.ID
}

// revise reads a listing and tries once to write a mark to it.
func (w *world) revise(id, mark string) {
	w.change(id, mark, http.StatusOK, func(base, etag string) (answer, error) {
		return do(base, "PATCH", "/v1/activities/"+id, w.key, revision(mark), "If-Match", etag)
	})
}

// withdraw reads a listing and tries once to withdraw it.
func (w *world) withdraw(id string) {
	w.change(id, withdrawn, http.StatusOK, func(base, etag string) (answer, error) {
		return do(base, "DELETE", "/v1/activities/"+id, w.key, nil, "If-Match", etag)
	})
}

func (w *world) change(id, mark string, want int, send func(base, etag string) (answer, error)) {
	base := w.any().base()
	r, err := do(base, "GET", "/v1/activities/"+id, w.key, nil)
	if err != nil || r.status != http.StatusOK {
		return // nothing was sent
	}
	r, err = send(base, r.etag)
	switch {
	case err != nil || mayRetry(r.status):
		w.ledger.doubt(id, mark)
	case r.status == want:
		w.acknowledge(r, "", mark)
	case r.status != http.StatusPreconditionFailed:
		w.ledger.fail("write %s to %s: %d %s", mark, id, r.status, r.body)
	}
}
