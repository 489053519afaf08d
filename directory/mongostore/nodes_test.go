package mongostore_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"gather/directory"
	"gather/directory/mongostore"
	"gather/directory/mongostore/mongotest"
)

// TestTwoNodes: two stores on one database, like those of two processes, race
// for the counter and for the same records.
func TestTwoNodes(t *testing.T) {
	const writers, rounds = 8, 12
	uri := mongotest.URI(t)
	nodes := []*mongostore.Store{openStore(t, uri), openStore(t, uri)}
	var won atomic.Int64
	var all, following sync.WaitGroup
	done := make(chan struct{})
	seen := make([][]int64, len(nodes))
	for i, node := range nodes {
		following.Go(func() { seen[i] = followChanges(t, node, done) })
		for w := range writers {
			all.Go(func() {
				for round := range rounds {
					own := directory.Write{Record: directory.Record{Kind: "activity", ID: fmt.Sprint(i, "-", w, "-", round)}}
					shared := directory.Write{Record: directory.Record{Kind: "group", ID: fmt.Sprint("shared", w)}}
					if r, err := node.Get(t.Context(), "group", shared.Record.ID); err == nil {
						shared.Record.Rev = r.Rev
					} else if !errors.Is(err, directory.ErrNotFound) {
						t.Error(err)
					}
					switch _, err := node.Commit(t.Context(), []directory.Write{own, shared}); {
					case err == nil:
						won.Add(1)
					case !errors.Is(err, directory.ErrConflict):
						t.Errorf("node %d: %v", i, err)
					}
				}
			})
		}
	}
	all.Wait()
	close(done)
	following.Wait()
	log, err := nodes[0].Log(t.Context(), 0, 10_000)
	if err != nil {
		t.Fatal(err)
	}
	if len(log) != int(2*won.Load()) {
		t.Errorf("%d commits of two records won, and the log has %d revisions", won.Load(), len(log))
	}
	for i, r := range log {
		if r.Change != int64(i+1) {
			t.Fatalf("revision %d of the log has change %d: a number was lost", i, r.Change)
		}
	}
	for i := range nodes {
		if len(seen[i]) != len(log) {
			t.Errorf("follower on node %d saw %d of %d revisions", i, len(seen[i]), len(log))
		}
	}
}

// followChanges reads the log, waiting for more, until done is closed and
// nothing is left.
func followChanges(t *testing.T, s *mongostore.Store, done chan struct{}) (numbers []int64) {
	after := int64(0)
	for {
		last := false
		select {
		case <-done:
			last = true
		default:
		}
		rs, err := s.Log(t.Context(), after, 50)
		if err != nil {
			t.Error(err)
			return numbers
		}
		for _, r := range rs {
			if r.Change <= after {
				t.Errorf("change %d came after %d", r.Change, after)
			}
			after = r.Change
			numbers = append(numbers, after)
		}
		if len(rs) == 0 && last {
			return numbers
		}
		if len(rs) == 0 {
			ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
			s.Wait(ctx, after)
			cancel()
		}
	}
}

// TestWaitForOthers: a store hears of what another process wrote, with change
// streams, without them, and when they break. How soon is that of the fastest
// of a few, because a busy machine may hold up any one of them.
func TestWaitForOthers(t *testing.T) {
	const soon, hung = 2 * time.Second, time.Minute
	for name, rule := range map[string]func(string, bson.Raw) mongotest.Action{
		"streams":    nil,
		"no streams": mongotest.NoStreams,
		"history lost": func(name string, _ bson.Raw) mongotest.Action {
			if name == "getMore" {
				return mongotest.Action{Answer: mongotest.Failure(286, "ChangeStreamHistoryLost")}
			}
			return mongotest.Action{}
		},
	} {
		t.Run(name, func(t *testing.T) {
			p, s, other := behind(t)
			p.Rule(rule)
			ctx, cancel := context.WithTimeout(t.Context(), hung)
			defer cancel()
			fastest := hung
			for n := range int64(3) {
				woken := make(chan error, 1)
				go func() { woken <- waitPast(ctx, s, 2*n) }()
				time.Sleep(20 * time.Millisecond) // so that most often the wait comes first
				if _, err := other.Commit(ctx, publish(n)); err != nil {
					t.Fatal(err)
				}
				start := time.Now()
				if err := <-woken; err != nil {
					t.Fatal(err)
				}
				fastest = min(fastest, time.Since(start))
				t.Logf("heard after %v", time.Since(start))
			}
			if fastest > soon {
				t.Errorf("heard after %v at the soonest, want %v", fastest, soon)
			}
		})
	}
}

// waitPast waits until the store's log goes past a number: Wait may return
// early.
func waitPast(ctx context.Context, s *mongostore.Store, after int64) error {
	for {
		if err := s.Wait(ctx, after); err != nil {
			return err
		}
		if last, err := s.Last(ctx); err != nil || last > after {
			return err
		}
	}
}

// TestServerKilled kills the server itself, with kill -9, while writers write.
// They continue after its restart, and nothing that was acknowledged is lost.
func TestServerKilled(t *testing.T) {
	server := mongotest.Start(t)
	uri := server.URI + "/killed"
	s := openStore(t, uri)
	const writers, kills = 6, 3
	acked := make([]atomic.Int64, writers)
	acks := make(chan struct{}, 1000)
	stop := make(chan struct{})
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() { writeThrough(t, s, w, &acked[w], acks, stop) })
	}
	for range kills {
		for range 40 { // commits between kills
			<-acks
		}
		server.Kill()
		if err := server.Restart(); err != nil {
			t.Fatal(err)
		}
	}
	for range 40 {
		<-acks
	}
	close(stop)
	all.Wait()
	for w := range writers {
		first, err := s.Get(t.Context(), "activity", fmt.Sprint(w, "a"))
		if err != nil {
			t.Fatal(err)
		}
		second, err := s.Get(t.Context(), "activity", fmt.Sprint(w, "b"))
		if err != nil {
			t.Fatal(err)
		}
		if first.Rev < acked[w].Load() || first.Rev != second.Rev {
			t.Errorf("writer %d: revision %d was acknowledged; the store has %d and %d", w, acked[w].Load(), first.Rev, second.Rev)
		}
		revs, err := s.History(t.Context(), "activity", fmt.Sprint(w, "a"), 0, 1000)
		if err != nil || int64(len(revs)) != first.Rev {
			t.Errorf("writer %d: %d revisions in history, want %d, %v", w, len(revs), first.Rev, err)
		}
	}
}

// writeThrough revises two records in one commit until stop is closed, also
// while the server is down.
func writeThrough(t *testing.T, s *mongostore.Store, w int, acked *atomic.Int64, acks chan<- struct{}, stop <-chan struct{}) {
	for rev := int64(0); ; {
		select {
		case <-stop:
			return
		default:
		}
		_, err := s.Commit(t.Context(), []directory.Write{
			{Record: directory.Record{Kind: "activity", ID: fmt.Sprint(w, "a"), Rev: rev}},
			{Record: directory.Record{Kind: "activity", ID: fmt.Sprint(w, "b"), Rev: rev}},
		})
		switch {
		case err == nil:
			rev++
			acked.Store(rev)
			select {
			case acks <- struct{}{}:
			case <-stop:
			}
		case errors.Is(err, directory.ErrUnavailable), errors.Is(err, directory.ErrConflict):
			if r, err := s.Get(t.Context(), "activity", fmt.Sprint(w, "a")); err == nil {
				rev = r.Rev // an unacknowledged commit may be written
			}
		default:
			t.Errorf("writer %d: %v", w, err)
			return
		}
	}
}

// TestOrphan: a process has left a transaction open that holds the counter.
// Another process takes over if the heartbeat of the first has expired, and
// waits if it has not.
func TestOrphan(t *testing.T) {
	for name, c := range map[string]struct {
		seen  time.Time
		dead  bool
		limit time.Duration
	}{
		"dead":  {time.Now().Add(-time.Minute), true, 20 * time.Second},
		"alive": {time.Now().Add(time.Minute), false, 5 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			// A database each: a commit that was cut off in one row may hold
			// the counter for a moment longer.
			uri := mongotest.URI(t)
			s := openStore(t, uri)
			db := database(t, uri)
			session, err := db.Client().StartSession()
			if err != nil {
				t.Fatal(err)
			}
			defer session.EndSession(context.Background())
			defer db.Collection("meta").DeleteOne(context.Background(), bson.D{{Key: "_id", Value: "writer-" + name}})
			_, err = db.Collection("meta").InsertOne(t.Context(), bson.D{
				{Key: "_id", Value: "writer-" + name}, {Key: "session", Value: session.ID()}, {Key: "seen", Value: c.seen}})
			if err != nil {
				t.Fatal(err)
			}
			if err := session.StartTransaction(); err != nil {
				t.Fatal(err)
			}
			in := mongo.NewSessionContext(t.Context(), session)
			if _, err := db.Collection("meta").UpdateByID(in, "changes", bson.D{{Key: "$set", Value: bson.D{{Key: "by", Value: name}}}}); err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), c.limit)
			defer cancel()
			_, err = s.Commit(ctx, []directory.Write{{Record: directory.Record{Kind: "activity", ID: name}}})
			if c.dead && err != nil {
				t.Errorf("Commit after a process died: %v", err)
			}
			if !c.dead && !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("Commit while a live process holds the counter: %v, want it to wait", err)
			}
			if err := session.CommitTransaction(t.Context()); (err != nil) != c.dead {
				t.Errorf("the transaction of the %s process: %v", name, err)
			}
		})
	}
}

// TestTakenForDead: a process that only pauses may be taken for dead. It must
// stay registered, so that others can take over from it if it dies later.
func TestTakenForDead(t *testing.T) {
	uri := mongotest.URI(t)
	pausing, other := openStore(t, uri), openStore(t, uri)
	if _, err := pausing.Commit(t.Context(), publish(0)); err != nil {
		t.Fatal(err)
	}
	meta := database(t, uri).Collection("meta")
	registered := bson.D{{Key: "_id", Value: bson.D{{Key: "$regex", Value: "^writer-"}}}}
	var before struct {
		ID      string   `bson:"_id"`
		Session bson.Raw `bson:"session"`
	}
	if err := meta.FindOne(t.Context(), registered).Decode(&before); err != nil {
		t.Fatal(err)
	}
	long := bson.D{{Key: "$set", Value: bson.D{{Key: "seen", Value: time.Now().Add(-time.Minute)}}}}
	if _, err := meta.UpdateByID(t.Context(), before.ID, long); err != nil {
		t.Fatal(err)
	}
	release := holdCounter(t, uri) // until other takes pausing for dead
	defer release()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
	defer cancel()
	if _, err := other.Commit(ctx, publish(1)); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("Commit while the counter is held: %v, want %v", err, context.DeadlineExceeded)
	}
	release()
	if err := meta.FindOne(t.Context(), bson.D{{Key: "_id", Value: before.ID}, {Key: "session", Value: before.Session}}).Err(); err != nil {
		t.Errorf("the registration of the process that paused: %v", err)
	}
	if _, err := pausing.Commit(t.Context(), publish(1)); err != nil && !errors.Is(err, directory.ErrConflict) {
		t.Errorf("Commit after that: %v", err)
	}
}

// holdCounter locks the counter in a transaction until release is called.
func holdCounter(t *testing.T, uri string) (release func()) {
	t.Helper()
	db := database(t, uri)
	session, err := db.Client().StartSession()
	if err != nil {
		t.Fatal(err)
	}
	if err := session.StartTransaction(); err != nil {
		t.Fatal(err)
	}
	in := mongo.NewSessionContext(t.Context(), session)
	if _, err := db.Collection("meta").UpdateByID(in, "changes", bson.D{{Key: "$set", Value: bson.D{{Key: "by", Value: "test"}}}}); err != nil {
		t.Fatal(err)
	}
	return func() { session.EndSession(context.Background()) }
}

// TestTurns: while all nodes write as fast as they can, none starves. The test
// counts how many writes of others come between a call of Commit and its write,
// which does not depend on the speed of the machine.
func TestTurns(t *testing.T) {
	const nodes, writers, rounds = 3, 4, 40
	// A batch holds one write of each writer of a node. Waiting for the batch
	// on its way, each other node may be served a few times before this one
	// has registered, and once after it.
	const most = 6 * nodes * writers
	uri := mongotest.URI(t)
	var all sync.WaitGroup
	var worst atomic.Int64
	for node := range nodes {
		s := openStore(t, uri)
		for w := range writers {
			all.Go(func() {
				for round := range rounds {
					before, err := s.Last(t.Context())
					if err != nil {
						t.Error(err)
						return
					}
					id := fmt.Sprint(node, "-", w, "-", round)
					written, err := s.Commit(t.Context(), []directory.Write{{Record: directory.Record{Kind: directory.KindActivity, ID: id}}})
					if err != nil {
						t.Error(err)
						return
					}
					passed := written[0].Change - before
					for was := worst.Load(); passed > was && !worst.CompareAndSwap(was, passed); was = worst.Load() {
					}
				}
			})
		}
	}
	all.Wait()
	t.Logf("at most %d writes came between a call of Commit and its write", worst.Load())
	if worst.Load() > most {
		t.Errorf("%d writes came between a call of Commit and its write, want at most %d", worst.Load(), most)
	}
}
