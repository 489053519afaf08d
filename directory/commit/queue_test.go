package commit_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"

	"gather/directory"
	"gather/directory/commit"
)

// gatedRun holds each batch until it is let go, and remembers what was in it.
type gatedRun struct {
	batches [][]string
	next    chan error
}

func (g *gatedRun) run(batch []*commit.Request) error {
	var names []string
	for _, r := range batch {
		names = append(names, r.Writes[0].Record.ID)
	}
	g.batches = append(g.batches, names)
	return <-g.next
}

func request(id string, writes, bytes int) *commit.Request {
	r := &commit.Request{Writes: make([]directory.Write, writes)}
	r.Writes[0].Record = directory.Record{ID: id, Doc: make([]byte, bytes)}
	return r
}

func TestQueueShares(t *testing.T) {
	for _, c := range []struct {
		name   string
		behind []*commit.Request // those that wait while "first" is written
		want   [][]string
	}{
		{"all that wait", []*commit.Request{request("a", 1, 0), request("b", 9, 9), request("c", 1, 0)},
			[][]string{{"first"}, {"a", "b", "c"}}},
		{"no more than a transaction holds", []*commit.Request{request("a", 600, 0), request("b", 400, 0), request("c", 1, 0), request("d", 1, 0)},
			[][]string{{"first"}, {"a", "b"}, {"c", "d"}}},
		{"no more bytes than 8 MiB, but one of any size", []*commit.Request{request("a", 1, 5<<20), request("b", 1, 9<<20), request("c", 1, 3<<20), request("d", 1, 5<<20)},
			[][]string{{"first"}, {"a"}, {"b"}, {"c", "d"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g := gatedRun{next: make(chan error)}
				q := commit.NewQueue(g.run)
				for _, r := range append([]*commit.Request{request("first", 1, 0)}, c.behind...) {
					go q.Do(t.Context(), r)
					synctest.Wait() // in this order
				}
				for range c.want {
					g.next <- nil
					synctest.Wait()
				}
				q.Close()
				if !slices.EqualFunc(g.batches, c.want, slices.Equal) {
					t.Errorf("batches %q, want %q", g.batches, c.want)
				}
			})
		})
	}
}

func TestQueueCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := gatedRun{next: make(chan error)}
		q := commit.NewQueue(g.run)
		ctx, cancel := context.WithCancel(t.Context())
		errs := map[string]chan error{}
		for _, r := range []struct {
			id  string
			ctx context.Context
		}{{"taken", ctx}, {"waiting", ctx}, {"patient", t.Context()}} {
			answer := make(chan error, 1)
			errs[r.id] = answer
			go func() { _, err := q.Do(r.ctx, request(r.id, 1, 0)); answer <- err }()
			synctest.Wait()
		}
		cancel()
		for _, id := range []string{"taken", "waiting"} {
			if err := <-errs[id]; !errors.Is(err, context.Canceled) {
				t.Errorf("%s: error %v, want %v", id, err, context.Canceled)
			}
		}
		failed := errors.New("the disk is full")
		g.next <- nil
		g.next <- failed
		if err := <-errs["patient"]; !errors.Is(err, failed) {
			t.Errorf("patient: error %v, want that of its batch", err)
		}
		q.Close()
		if want := [][]string{{"taken"}, {"patient"}}; !slices.EqualFunc(g.batches, want, slices.Equal) {
			t.Errorf("batches %q, want %q: one who left the queue is not written", g.batches, want)
		}
		if _, err := q.Do(t.Context(), request("late", 1, 0)); !errors.Is(err, directory.ErrUnavailable) {
			t.Errorf("after Close: %v", err)
		}
	})
}
