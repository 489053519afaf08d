package mongostore_test

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"sync/atomic"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"gather/directory"
	"gather/directory/mongostore"
	"gather/directory/mongostore/mongotest"
)

// behind opens a store on a new database through a proxy, and a second store
// that is connected to the same database directly.
func behind(t *testing.T) (*mongotest.Proxy, *mongostore.Store, *mongostore.Store) {
	t.Helper()
	direct := mongotest.URI(t)
	u, err := url.Parse(direct)
	if err != nil {
		t.Fatal(err)
	}
	p := mongotest.NewProxy(t, direct)
	return p, openStore(t, mongotest.WithDatabase(p.URI, u.Path[1:])), openStore(t, direct)
}

func openStore(t testing.TB, uri string) *mongostore.Store {
	t.Helper()
	s, err := mongostore.Open(context.Background(), uri)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// publish returns writes that use every command of a commit: a new record, a
// revised one, a unique lookup released and one taken.
func publish(n int64) []directory.Write {
	doc := []byte(fmt.Sprintf(`{"n":%d}`, n))
	return []directory.Write{
		{Record: directory.Record{Kind: directory.KindGroup, ID: "g", Rev: n, Doc: doc, Lookups: []directory.Lookup{{Name: "slug", Value: fmt.Sprint(n), Unique: true}}}},
		{Record: directory.Record{Kind: directory.KindActivity, ID: fmt.Sprint("a", n), Doc: doc, Lookups: []directory.Lookup{{Name: "group", Value: "g"}}}},
	}
}

// there reports whether publish(n) was written. If it was written in part, it
// fails the test.
func there(t *testing.T, s directory.Store, n int64) bool {
	t.Helper()
	g, err := s.Get(t.Context(), directory.KindGroup, "g")
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Get(t.Context(), directory.KindActivity, fmt.Sprint("a", n))
	if err != nil && !errors.Is(err, directory.ErrNotFound) {
		t.Fatal(err)
	}
	log, logErr := s.Log(t.Context(), 0, 1000)
	if logErr != nil {
		t.Fatal(logErr)
	}
	times := 0
	for _, r := range log {
		if r.ID == fmt.Sprint("a", n) {
			times++
		}
	}
	if first, second := g.Rev == n+1, err == nil; first != second || times > 1 || second != (times == 1) {
		t.Fatalf("publish %d was written in part: group at revision %d, activity %v, %d times in the log", n, g.Rev, err, times)
	}
	return err == nil
}

// commitCommands are all commands of a commit.
var commitCommands = []string{"findAndModify", "find", "insert", "update", "commitTransaction"}

// TestBrokenCommands breaks each command of a commit, once and twice. The store
// must retry until it is written, and never write a part.
func TestBrokenCommands(t *testing.T) {
	p, s, direct := behind(t)
	n := int64(0)
	if _, err := s.Commit(t.Context(), publish(n)); err != nil {
		t.Fatal(err)
	}
	breaks := []struct {
		name   string
		action mongotest.Action
		// fatal means that the server refuses the command, so that nothing is
		// written, unless it was the commit itself, which is retried.
		fatal bool
	}{
		{"closed before", mongotest.Action{Cut: mongotest.CutBefore}, false},
		{"closed after", mongotest.Action{Cut: mongotest.CutAfter}, false},
		{"conflict", mongotest.Action{Answer: mongotest.Failure(112, "WriteConflict", "TransientTransactionError")}, false},
		{"too slow", mongotest.Action{Answer: mongotest.Failure(50, "MaxTimeMSExpired")}, false},
		{"refused", mongotest.Action{Answer: mongotest.Failure(2, "BadValue")}, true},
	}
	for _, command := range commitCommands {
		for _, b := range breaks {
			for times := 1; times <= 2; times++ {
				t.Run(fmt.Sprint(command, " ", b.name, " x", times), func(t *testing.T) {
					n++
					var hits atomic.Int64
					p.Rule(func(name string, body bson.Raw) mongotest.Action {
						_, err := body.LookupErr("autocommit")
						if name == command && err == nil && hits.Add(1) <= int64(times) {
							return b.action
						}
						return mongotest.Action{}
					})
					_, err := s.Commit(t.Context(), publish(n))
					p.Rule(nil)
					if hits.Load() < int64(times) && !b.fatal {
						t.Errorf("the command was sent %d times, to be broken %d times", hits.Load(), times)
					}
					is := there(t, direct, n)
					switch {
					case b.fatal && command != "commitTransaction":
						if err == nil || errors.Is(err, directory.ErrUnavailable) || is {
							t.Errorf("error %v, written: %v; want the server's refusal, and nothing written", err, is)
						}
					case err != nil || !is:
						t.Errorf("error %v, written: %v; want a retry that succeeds", err, is)
					}
					if !is {
						n-- // the next one starts from the same revision
					}
				})
			}
		}
	}
}

// TestCommitReplyAlwaysLost: the server runs every commit, and no reply arrives.
func TestCommitReplyAlwaysLost(t *testing.T) {
	p, s, direct := behind(t)
	if _, err := s.Commit(t.Context(), publish(0)); err != nil {
		t.Fatal(err)
	}
	p.Rule(func(name string, _ bson.Raw) mongotest.Action {
		if name == "commitTransaction" {
			return mongotest.Action{Cut: mongotest.CutAfter}
		}
		return mongotest.Action{}
	})
	written, err := s.Commit(t.Context(), publish(1))
	p.Rule(nil)
	if err != nil || !there(t, direct, 1) {
		t.Fatalf("error %v: the store should have found out that it was written", err)
	}
	for _, r := range written {
		got, err := direct.Get(t.Context(), r.Kind, r.ID)
		if err != nil || got.Change != r.Change || got.Rev != r.Rev {
			t.Errorf("Commit returned %s at change %d, and it is %d (%v)", r.ID, r.Change, got.Change, err)
		}
	}
}

// TestServerLost: the server becomes unreachable and comes back. Reads and
// writes fail with ErrUnavailable, and then work again on the same store.
func TestServerLost(t *testing.T) {
	p, s, direct := behind(t)
	if _, err := s.Commit(t.Context(), publish(0)); err != nil {
		t.Fatal(err)
	}
	p.Rule(func(string, bson.Raw) mongotest.Action { return mongotest.Action{Cut: mongotest.CutBefore} })
	p.Break()
	start := time.Now()
	_, err := s.Get(t.Context(), directory.KindGroup, "g")
	if !errors.Is(err, directory.ErrUnavailable) {
		t.Errorf("Get: %v, want %v", err, directory.ErrUnavailable)
	}
	if err := s.Ping(t.Context()); !errors.Is(err, directory.ErrUnavailable) {
		t.Errorf("Ping: %v, want %v", err, directory.ErrUnavailable)
	}
	if _, err := s.Commit(t.Context(), publish(1)); !errors.Is(err, directory.ErrUnavailable) {
		t.Errorf("Commit: %v, want %v", err, directory.ErrUnavailable)
	}
	short, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := s.Commit(short, publish(1)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Commit with a deadline: %v, want %v", err, context.DeadlineExceeded)
	}
	t.Logf("all failed after %v", time.Since(start))
	p.Rule(nil)
	for {
		_, err := s.Commit(t.Context(), publish(1))
		if err == nil || errors.Is(err, directory.ErrConflict) { // the one with the deadline may have been written
			break
		}
		if !errors.Is(err, directory.ErrUnavailable) || time.Since(start) > time.Minute {
			t.Fatalf("after the server came back: %v", err)
		}
	}
	if !there(t, direct, 1) {
		t.Error("what was acknowledged is not there")
	}
}

// TestPrimarySteppedDown: the primary steps down, and soon is primary again.
func TestPrimarySteppedDown(t *testing.T) {
	p, s, direct := behind(t)
	if _, err := s.Commit(t.Context(), publish(0)); err != nil {
		t.Fatal(err)
	}
	var down atomic.Bool
	down.Store(true)
	p.Rule(func(name string, _ bson.Raw) mongotest.Action {
		if name == "insert" && down.Swap(false) {
			return mongotest.Action{Answer: mongotest.Failure(189, "PrimarySteppedDown")}
		}
		return mongotest.Action{}
	})
	if _, err := s.Commit(t.Context(), publish(1)); err != nil || !there(t, direct, 1) {
		t.Errorf("error %v, want a retry that succeeds", err)
	}
}

// TestServersOwnFailures makes commits fail with the server's fail points, whose
// errors have the labels of real ones.
func TestServersOwnFailures(t *testing.T) {
	p, s, direct := behind(t)
	admin := database(t, mongotest.URI(t)).Client().Database("admin")
	n := int64(0)
	if _, err := s.Commit(t.Context(), publish(n)); err != nil {
		t.Fatal(err)
	}
	for _, command := range commitCommands {
		for name, data := range map[string]bson.D{
			"closed":              {{Key: "closeConnection", Value: true}},
			"conflict":            {{Key: "errorCode", Value: 112}},
			"shutdown":            {{Key: "errorCode", Value: 91}},
			"no such transaction": {{Key: "errorCode", Value: 251}},
		} {
			t.Run(command+" "+name, func(t *testing.T) {
				n++
				var attempts atomic.Int64
				p.Rule(onlyTransactions(command, &attempts))
				failOnce(t, admin, command, data)
				_, err := s.Commit(t.Context(), publish(n))
				p.Rule(nil)
				failPoint(t, admin, bson.E{Key: "mode", Value: "off"})
				is := there(t, direct, n)
				if err != nil || !is {
					t.Errorf("error %v, written: %v; want a retry that succeeds", err, is)
				}
				if err == nil && attempts.Load() < 2 {
					t.Errorf("%d attempts: nothing of the transaction failed", attempts.Load())
				}
				if !is {
					n-- // the next one starts from the same revision
				}
			})
		}
	}
}

// failOnce makes the server fail the next command of that name that a store
// sends.
func failOnce(t *testing.T, admin *mongo.Database, command string, how bson.D) {
	t.Helper()
	data := bson.D{{Key: "failCommands", Value: bson.A{command}}, {Key: "appName", Value: "gather"}}
	failPoint(t, admin,
		bson.E{Key: "mode", Value: bson.D{{Key: "times", Value: 1}}},
		bson.E{Key: "data", Value: append(data, how...)})
}

func failPoint(t *testing.T, admin *mongo.Database, settings ...bson.E) {
	t.Helper()
	command := append(bson.D{{Key: "configureFailPoint", Value: "failCommand"}}, settings...)
	if err := admin.RunCommand(t.Context(), command).Err(); err != nil {
		t.Fatal(err)
	}
}

// onlyTransactions replies instead of the server to commands of that name
// outside a transaction: a store updates its registration and reads those of
// others as often as a slow machine makes it. So a failure that is set for one
// command always hits the transaction. It counts the attempts: every transaction
// starts with findAndModify, and only commitTransaction is ever sent again by
// itself.
func onlyTransactions(command string, attempts *atomic.Int64) func(string, bson.Raw) mongotest.Action {
	counted := "findAndModify"
	if command == "commitTransaction" {
		counted = command
	}
	return func(name string, body bson.Raw) mongotest.Action {
		_, err := body.LookupErr("autocommit")
		inside := err == nil
		switch {
		case inside && name == counted:
			attempts.Add(1)
		case !inside && name == command && name == "update":
			return mongotest.Action{Answer: bson.D{{Key: "ok", Value: 1}, {Key: "n", Value: 1}}}
		case !inside && name == command && name == "find":
			none := bson.D{{Key: "id", Value: int64(0)}, {Key: "ns", Value: "gather.meta"}, {Key: "firstBatch", Value: bson.A{}}}
			return mongotest.Action{Answer: bson.D{{Key: "ok", Value: 1}, {Key: "cursor", Value: none}}}
		}
		return mongotest.Action{}
	}
}
