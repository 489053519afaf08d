package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"gather/directory"
	"gather/directory/mongostore"
	"gather/directory/mongostore/mongotest"
)

// TestNotStartedOnMongoDB starts the program on servers that cannot hold a
// directory, or cannot be reached: it prints one line that says what to do, and
// exits with code 1.
func TestNotStartedOnMongoDB(t *testing.T) {
	uri := mongotest.URI(t)
	disguised := func(rule func(string, bson.Raw) mongotest.Action) string {
		p := mongotest.NewProxy(t, uri)
		p.Rule(rule)
		return mongotest.WithDatabase(p.URI, "gather_test_refused")
	}
	withPassword, _ := userServer(t)
	for _, c := range []struct {
		name, uri string
		says      []string
	}{
		{"look-alike", disguised(mongotest.LookAlike), []string{"keeps the writes of a transaction that was aborted", "--replSet", "rs.initiate()"}},
		{"standalone", disguised(mongotest.Standalone), []string{"no transactions", "--replSet", "rs.initiate()"}},
		{"secondary", disguised(mongotest.Secondary), []string{"takes no writes", "replicaSet="}},
		{"wrong password", strings.Replace(withPassword, "secret", "secrets", 1), []string{"user name or password is wrong"}},
		{"unreachable", "mongodb://gather:secret@127.0.0.1:1/gather", []string{"127.0.0.1:1", "cannot be reached"}},
		{"no TLS", uri + "?tls=true", []string{"asks for TLS", "does not speak it"}},
		{"no address", "mongo.example.org", []string{"mongodb://USER:PASSWORD@HOST"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, errOut, err := command(t, "serve", "--addr", "127.0.0.1:0", "--data", t.TempDir(), "--mongodb", c.uri)
			var exit *exec.ExitError
			if !errors.As(err, &exit) || exit.ExitCode() != 1 {
				t.Errorf("ended with %v, want exit code 1", err)
			}
			for _, words := range c.says {
				if !strings.Contains(errOut, words) {
					t.Errorf("printed %q, want %q in it", errOut, words)
				}
			}
			if strings.Count(errOut, "\n") != 1 || strings.Contains(errOut, "secret") {
				t.Errorf("printed %q, want one line without the password", errOut)
			}
		})
	}
}

// rights are the privileges that a node needs in its database, as in docs/run.md.
var rights = bson.A{"find", "insert", "update", "remove", "createCollection", "createIndex", "listIndexes", "changeStream"}

// userServer starts a server with access control and a user who has only these
// rights in one database. It returns the user's URI and the server.
func userServer(t *testing.T) (uri string, server *mongotest.Server) {
	t.Helper()
	server = mongotest.Start(t)
	client, err := mongo.Connect(options.Client().ApplyURI(server.URI))
	if err != nil {
		t.Fatal(err)
	}
	for _, command := range []bson.D{
		{{Key: "createRole", Value: "gatherNode"}, {Key: "roles", Value: bson.A{}}, {Key: "privileges", Value: bson.A{bson.D{
			{Key: "resource", Value: bson.D{{Key: "db", Value: "gather"}, {Key: "collection", Value: ""}}}, {Key: "actions", Value: rights},
		}}}},
		{{Key: "createUser", Value: "gather"}, {Key: "pwd", Value: "secret"}, {Key: "roles", Value: bson.A{"gatherNode"}}},
	} {
		if err := client.Database("admin").RunCommand(t.Context(), command).Err(); err != nil {
			t.Fatal(err)
		}
	}
	if err := client.Disconnect(t.Context()); err != nil {
		t.Fatal(err)
	}
	server.Kill()
	if err := server.Restart("--auth"); err != nil {
		t.Fatal(err)
	}
	return strings.Replace(server.URI, "//", "//gather:secret@", 1) + "/gather?authSource=admin", server
}

// TestLeastRights runs the main workflow with only the rights that docs/run.md
// lists.
func TestLeastRights(t *testing.T) {
	page, err := os.ReadFile("docs/run.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, right := range rights {
		if !strings.Contains(string(page), fmt.Sprintf("%q", right)) {
			t.Errorf("docs/run.md does not name the right %s", right)
		}
	}
	uri, _ := userServer(t)
	publishAndFind(t, []string{"--mongodb", uri})
}

// importRows imports n activities of one group.
func importRows(t *testing.T, n int, store ...string) {
	t.Helper()
	var rows strings.Builder
	for i := range n {
		row := listing("", fmt.Sprint("row ", i))
		delete(row, "group")
		row["source"] = map[string]any{"name": "rows", "id": fmt.Sprint(i)}
		line, err := json.Marshal(row)
		if err != nil {
			t.Fatal(err)
		}
		rows.Write(append(line, '\n'))
	}
	file := filepath.Join(t.TempDir(), "rows.jsonl")
	if err := os.WriteFile(file, []byte(rows.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	gather(t, append([]string{"import", "--group", "Northgate Friends", "--source", "rows", file}, store...)...)
}

// TestNewNode starts a node with an empty index next to one that serves, and
// rebuilds an index while both run.
func TestNewNode(t *testing.T) {
	const rows = 2000
	uri := mongotest.URI(t)
	importRows(t, rows, "--mongodb", uri, "--data", t.TempDir())
	folder := t.TempDir()
	old := serve(t, "--mongodb", uri, "--data", folder, "--rate-limit", "0")
	if n := old.search(url.Values{}).Total; n != rows {
		t.Fatalf("%d activities are found, want %d", n, rows)
	}

	young := listening(t, "--mongodb", uri, "--data", t.TempDir(), "--rate-limit", "0")
	if got := young.readiness(); got != http.StatusServiceUnavailable {
		t.Errorf("/readyz of an empty index is %d, want 503", got)
	}
	if n := young.search(url.Values{}).Total; n == rows {
		t.Error("the index was complete at once: the test did not see it being built")
	}
	for deadline := time.Now().Add(time.Minute); young.readiness() != http.StatusOK; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not ready after a minute:\n%s", young.log)
		}
	}
	if n := young.search(url.Values{}).Total; n != rows {
		t.Errorf("ready with %d activities, want %d", n, rows)
	}

	reindexDuring(t, old, rows, "--mongodb", uri)
	if _, errOut, err := command(t, "reindex", "--mongodb", uri, "--data", folder); err == nil || !strings.Contains(errOut, "another process has it open") {
		t.Errorf("reindex in the folder of a running node: %v, printed %q", err, errOut)
	}
	if n := old.search(url.Values{}).Total; n != rows || old.readiness() != http.StatusOK {
		t.Errorf("after that the running node finds %d activities, want %d", n, rows)
	}
	old.stop()
	young.stop()
}

// reindexDuring rebuilds an index in its own folder, and checks that a server
// answers searches and stays ready meanwhile.
func reindexDuring(t *testing.T, s *server, rows int, store ...string) {
	t.Helper()
	over := make(chan struct{})
	var asking sync.WaitGroup
	asked := 0
	asking.Go(func() {
		for ; ; asked++ {
			select {
			case <-over:
				return
			default:
			}
			var f found
			r, err := try(s.base, "GET", "/v1/activities?q=yoga&limit=1", "", nil)
			if err == nil {
				err = json.Unmarshal(r.body, &f)
			}
			if err != nil || f.Total != rows || s.readiness() != http.StatusOK {
				t.Errorf("during a reindex a search has status %d, %d found, /readyz %d, %v", r.status, f.Total, s.readiness(), err)
				return
			}
		}
	})
	out := gather(t, append([]string{"reindex", "--data", t.TempDir()}, store...)...)
	close(over)
	asking.Wait()
	if !strings.Contains(out, fmt.Sprintf("Indexed %d activities", rows)) {
		t.Errorf("reindex printed %q", out)
	}
	if asked == 0 {
		t.Error("no search was sent meanwhile")
	}
}

// TestMongoDBKilled kills the database server twice while writers run, and
// restarts it on the same port and data. The node is never restarted.
func TestMongoDBKilled(t *testing.T) {
	const writers, kills, between = 6, 2, 30
	database := mongotest.Start(t)
	uri := database.URI + "/killed"
	key := strings.TrimSpace(gather(t, "keys", "create", "--label", "killed", "--quiet", "--mongodb", uri, "--data", t.TempDir()))
	s := serve(t, "--mongodb", uri, "--data", t.TempDir(), "--rate-limit", "0")
	w := &retryingWriters{t: t, s: s, key: key, group: trustedGroup(t, s, key), over: make(chan struct{}), acked: make(chan struct{}, 10_000), marks: map[string]string{}}
	var writing sync.WaitGroup
	for n := range writers {
		writing.Go(func() { w.run(n) })
	}
	for range kills {
		w.await(between)
		database.Kill()
		whileDown(t, s, key, w.group)
		if err := database.Restart(); err != nil {
			t.Fatal(err)
		}
	}
	w.await(between)
	close(w.over)
	writing.Wait()
	if t.Failed() {
		t.FailNow()
	}
	w.check(uri)
	s.stop()
}

// whileDown checks what a server promises while its database is down.
func whileDown(t *testing.T, s *server, key, group string) {
	t.Helper()
	if f := s.search(url.Values{"q": {"yoga"}, "near": {"M33 7DB"}, "limit": {"1"}}); f.Total == 0 {
		t.Error("while the database is down a search finds nothing")
	}
	for deadline := time.Now().Add(30 * time.Second); s.readiness() != http.StatusServiceUnavailable; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("while the database is down the server says that it is ready")
		}
	}
	if r := s.ask("GET", "/healthz", "", nil); r.status != http.StatusOK {
		t.Errorf("while the database is down /healthz has status %d: the process would be restarted", r.status)
	}
	r := s.ask("POST", "/v1/activities", key, listing(group, "while down"))
	if r.status != http.StatusServiceUnavailable || r.header.Get("Retry-After") == "" {
		t.Errorf("while the database is down a write has status %d, Retry-After %q: %s", r.status, r.header.Get("Retry-After"), r.body)
	}
}

// retryingWriters repeat a request, with its Idempotency-Key, until it is
// acknowledged.
type retryingWriters struct {
	t          *testing.T
	s          *server
	key, group string
	over       chan struct{}
	acked      chan struct{} // one for each acknowledgement

	mu      sync.Mutex
	marks   map[string]string // the id by mark, as acknowledged
	repeats int
}

func (p *retryingWriters) run(name int) {
	for n := 0; ; n++ {
		select {
		case <-p.over:
			return
		default:
		}
		if !p.publish(fmt.Sprint(name, "-", n)) {
			return
		}
	}
}

func (p *retryingWriters) publish(mark string) bool {
	once := "retrying-writer-" + mark
	for deadline := time.Now().Add(time.Minute); ; {
		r, err := try(p.s.base, "POST", "/v1/activities", p.key, listing(p.group, mark), "Idempotency-Key", once)
		var a directory.Activity
		switch {
		case err == nil && r.status == http.StatusCreated:
			if err := json.Unmarshal(r.body, &a); err != nil {
				p.t.Errorf("publish %s: %v", mark, err)
				return false
			}
			p.mu.Lock()
			defer p.mu.Unlock()
			p.marks[mark] = a.ID
			p.acked <- struct{}{}
			return true
		case err == nil && r.status == http.StatusServiceUnavailable && r.header.Get("Retry-After") != "" && time.Now().Before(deadline):
			p.mu.Lock()
			p.repeats++
			p.mu.Unlock()
			time.Sleep(20 * time.Millisecond)
		default:
			p.t.Errorf("publish %s: %d %s %v", mark, r.status, r.body, err)
			return false
		}
	}
}

// await returns after n more acknowledgements.
func (p *retryingWriters) await(n int) {
	p.t.Helper()
	timeout := time.After(time.Minute)
	for range n {
		select {
		case <-p.acked:
		case <-timeout:
			p.t.Fatalf("a minute without %d acknowledgements\n%s", n, p.s.log)
		}
	}
}

// check wants every acknowledged activity exactly once, unchanged, in the store
// and in searches.
func (p *retryingWriters) check(uri string) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	store, err := mongostore.Open(ctx, uri)
	if err != nil {
		p.t.Fatal(err)
	}
	defer store.Close()
	changes := everyChange(p.t, store)
	want, last := published(p.t, changes)
	for mark, id := range p.marks {
		if got, ok := want[id]; !ok || got.Title != "Chair Yoga "+mark {
			p.t.Errorf("%s was acknowledged as %s; the store has %+v, %v", mark, id, got, ok)
		}
		if revs, err := store.History(ctx, directory.KindActivity, id, 0, 10); err != nil || len(revs) != 1 {
			p.t.Errorf("%s has %d revisions, want 1, %v", mark, len(revs), err)
		}
	}
	unsure := 0
	for id, b := range want {
		if b.Summary == "while down" {
			unsure++ // after a 503 it may or may not have been written
		} else if p.marks[b.Summary] != id {
			p.t.Errorf("%q is stored as %s, but was acknowledged as %s", b.Title, id, p.marks[b.Summary])
		}
	}
	sameBriefs(p.t, "the node", everythingFound(p.t, p.s, last), want)
	p.t.Logf("%d activities acknowledged, %d requests repeated, %d of the writes that were refused while the database was down are stored",
		len(p.marks), p.repeats, unsure)
}
