package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"gather/directory"
	"gather/directory/mongostore/mongotest"
)

// world is a directory, its nodes and its writers.
type world struct {
	ctx     context.Context
	options options
	store   string // bolt or mongodb
	binary  string
	args    []string // the flags that name the store
	disk    *disk    // of the nodes' data
	mongo   *mongotest.Server
	nodes   []*node
	key     string
	groups  []string // one for each writer
	shared  []string // listings that all of them revise
	// suspect is the group that is suspended, and suspects are its listings.
	suspect  string
	suspects []string

	over    chan struct{}
	writing sync.WaitGroup
	marks   atomic.Int64
	ledger  *ledger
	report  report
	logs    io.Closer
}

// report counts the checks and what they covered.
type report struct {
	checks, revisions, public int
}

// newWorld makes a directory in a folder, with a group for each writer. The
// world has to be ended also after an error.
func newWorld(ctx context.Context, o options, binary, folder, store string) (*world, error) {
	w := &world{ctx: ctx, options: o, store: store, binary: binary, ledger: newLedger(), over: make(chan struct{})}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return w, err
	}
	var err error
	if w.disk, err = newDisk(filepath.Join(folder, "disk")); err != nil {
		return w, err
	}
	log := io.Discard
	if o.keep != "" {
		f, err := os.Create(filepath.Join(o.keep, store+".log"))
		if err != nil {
			return w, err
		}
		w.logs, log = f, &lockedWriter{w: f}
	}
	nodes := 1
	if store == "mongodb" {
		nodes = 2
		if w.mongo, err = mongotest.Launch(filepath.Join(folder, "mongodb")); err != nil {
			return w, err
		}
		w.args = []string{"--mongodb", w.mongo.URI + "/torture"}
	}
	for i := range nodes {
		addr, err := freeAddr()
		if err != nil {
			return w, err
		}
		w.nodes = append(w.nodes, &node{binary: binary, data: filepath.Join(w.disk.folder, fmt.Sprint("node-", i)), addr: addr, args: w.args, log: log})
	}
	return w, w.prepare()
}

// prepare starts the nodes and creates the key, groups and listings of the writers.
func (w *world) prepare() error {
	secret, err := w.gather("keys", "create", "--label", "torture", "--quiet", "--data", w.nodes[0].data)
	if err != nil {
		return err
	}
	w.key = strings.TrimSpace(string(secret))
	for _, n := range w.nodes {
		if err := n.start(); err != nil {
			return err
		}
		if err := n.ready(w.ctx); err != nil {
			return err
		}
	}
	for range writers {
		id, err := w.newGroup()
		if err != nil {
			return err
		}
		w.groups = append(w.groups, id)
	}
	for range 4 {
		id := w.publish(w.groups[0], w.mark("shared", 0))
		if id == "" {
			return fmt.Errorf("the first listings are refused: %v", w.ledger.wrong)
		}
		w.shared = append(w.shared, id)
	}
	return nil
}

// newGroup registers a group and trusts it.
func (w *world) newGroup() (id string, err error) {
	r, err := do(w.nodes[0].base(), "POST", "/v1/groups", w.key, map[string]any{"name": "Northgate Friends", "postcode": "M33 7DB"})
	var made directory.Registered
	if err == nil {
		err = json.Unmarshal(r.body, &made)
	}
	if err != nil || r.status != 201 {
		return "", fmt.Errorf("register a group: %d %s %v", r.status, r.body, err)
	}
	return made.Group.ID, w.setStatus(w.nodes[0], made.Group.ID, directory.GroupTrusted)
}

// setStatus trusts or suspends a group, and retries until it is acknowledged.
func (w *world) setStatus(n *node, group string, status directory.GroupStatus) error {
	for deadline := time.Now().Add(readyTime); ; time.Sleep(between) {
		r, err := do(n.base(), "PUT", "/v1/groups/"+group+"/status", w.key, map[string]any{"status": status}, "If-Match", "*")
		if err == nil && r.ok() {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("set the status of a group to %s: %d %s %v", status, r.status, r.body, err)
		}
	}
}

// gather runs a command of the program on the store and returns its output.
func (w *world) gather(args ...string) ([]byte, error) {
	cmd := exec.CommandContext(w.ctx, w.binary, append(args, w.args...)...)
	out, err := cmd.Output()
	if exit, ok := err.(*exec.ExitError); ok {
		err = fmt.Errorf("gather %s: %s", args[0], exit.Stderr)
	}
	return out, err
}

func (w *world) any() *node { return w.nodes[rand.IntN(len(w.nodes))] }

// revive waits until all nodes are ready. A node that ended by itself is a
// failure, and is started again.
func (w *world) revive() {
	for _, n := range w.nodes {
		if !n.alive() {
			w.ledger.fail("a node ended by itself")
			n.start() // ready reports if it fails
		}
		if err := n.ready(w.ctx); err != nil {
			w.ledger.fail("after a fault: %v", err)
		}
	}
}

// restart starts a node that was stopped, and waits until it is ready.
func (w *world) restart(n *node) error {
	if err := n.start(); err != nil {
		return err
	}
	return n.ready(w.ctx)
}

// end stops the writers and all processes.
func (w *world) end() {
	w.pause()
	for _, n := range w.nodes {
		if n.cmd != nil {
			n.kill()
		}
	}
	if w.mongo != nil {
		w.mongo.Kill()
	}
	if w.disk != nil {
		w.disk.close()
	}
	if w.logs != nil {
		w.logs.Close()
	}
}

// lockedWriter is a writer that several processes can log to.
type lockedWriter struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *lockedWriter) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}
