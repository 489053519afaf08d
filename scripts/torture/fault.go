package main

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"gather/directory"
)

// fault is one kind of fault.
type fault struct {
	name string
	// inject injects it for the nth time. The nodes have to recover by
	// themselves, within readyTime after it returns.
	inject func(w *world, n int) error
	// often: as often as options.kills. together: one call injects all of them.
	often, together bool
	// on is the store that it needs, or empty for any.
	on string
}

// faults are all of them, in the order in which they are injected.
var faults = []fault{
	{name: "node killed", inject: killNode, often: true},
	{name: "node stopped and continued", inject: freeze},
	{name: "database killed", inject: killDatabase, on: "mongodb"},
	{name: "body stalled", inject: stall, together: true},
	{name: "connection half closed", inject: halfClose},
	{name: "disk full", inject: fillDisk},
	{name: "index lost under a running node", inject: loseIndex},
	{name: "index lost or damaged while stopped", inject: damageIndex},
	{name: "group suspended", inject: suspend},
}

// times is how often the fault is injected, and calls how often inject is.
func (f fault) times(w *world) int {
	o := w.options
	switch {
	case f.on != "" && f.on != w.store, o.only != nil && !slices.Contains(o.only, f.name), slices.Contains(o.except, f.name):
		return 0
	case f.often:
		return o.kills
	}
	return o.each
}

func (f fault) calls(times int) int {
	if f.together {
		return min(times, 1)
	}
	return times
}

// killNode kills a node at a random moment.
func killNode(w *world, _ int) error {
	n := w.any()
	time.Sleep(rand.N(150 * time.Millisecond))
	n.kill()
	return n.start()
}

// freeze stops a process for longer than other nodes wait before they end its
// transaction.
func freeze(w *world, _ int) error {
	n := w.any()
	time.Sleep(rand.N(50 * time.Millisecond))
	n.signal(syscall.SIGSTOP)
	time.Sleep(2500 * time.Millisecond)
	n.signal(syscall.SIGCONT)
	return nil
}

func killDatabase(w *world, _ int) error {
	time.Sleep(rand.N(150 * time.Millisecond))
	w.mongo.Kill()
	return w.mongo.Restart()
}

// fillDisk leaves no room on the nodes' disk for a second, in which searches
// have to work.
func fillDisk(w *world, _ int) error {
	n := w.any()
	if err := w.disk.fill(n); err != nil {
		return err
	}
	for end := time.Now().Add(time.Second); time.Now().Before(end); time.Sleep(between) {
		if r, err := do(n.base(), "GET", "/v1/activities?q=yoga&limit=1", "", nil); err != nil || r.status != http.StatusOK {
			w.ledger.fail("while the disk is full a search has status %d: %s %v", r.status, r.body, err)
			break
		}
	}
	return w.disk.free(n)
}

// loseIndex removes the index under a running node.
func loseIndex(w *world, _ int) error {
	n := w.any()
	return os.RemoveAll(filepath.Join(n.data, "index"))
}

// damageIndex kills a node, removes its index or damages a file of it, and
// starts the node.
func damageIndex(w *world, turn int) error {
	n := w.any()
	n.kill()
	folder := filepath.Join(n.data, "index")
	var files []string
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Type().IsRegular() {
			files = append(files, path)
		}
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if turn%3 == 0 || len(files) == 0 {
		err = os.RemoveAll(folder)
	} else {
		err = damage(files[rand.IntN(len(files))], turn%3 == 1)
	}
	if err != nil {
		return err
	}
	return n.start()
}

// damage cuts a file to half, or overwrites a part of it.
func damage(path string, cut bool) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if cut {
		return os.Truncate(path, info.Size()/2)
	}
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteAt([]byte("damaged by a test, on purpose"), info.Size()/3)
	return errors.Join(err, f.Close())
}

// suspendedListings is how many listings the suspended group has.
const suspendedListings = 20

// suspend suspends a group, every other time with a kill in the middle, checks
// that none of its listings is public, and trusts it again.
func suspend(w *world, turn int) error {
	if w.suspect == "" {
		id, err := w.newGroup()
		if err != nil {
			return err
		}
		w.suspect = id
		for range suspendedListings {
			w.suspects = append(w.suspects, w.publish(id, w.mark("suspect", turn)))
		}
	}
	n := w.any()
	if turn%2 == 1 {
		go do(n.base(), "PUT", "/v1/groups/"+w.suspect+"/status", w.key, map[string]any{"status": directory.GroupSuspended}, "If-Match", "*")
		time.Sleep(rand.N(30 * time.Millisecond))
		n.kill()
		if err := w.restart(n); err != nil {
			return err
		}
	}
	if err := w.setStatus(n, w.suspect, directory.GroupSuspended); err != nil {
		return err
	}
	w.hidden(n, w.suspects, "of a suspended group")
	return w.setStatus(n, w.suspect, directory.GroupTrusted)
}

// hidden checks that the public cannot read the listings.
func (w *world) hidden(n *node, ids []string, what string) {
	for _, id := range ids {
		r, err := do(n.base(), "GET", "/v1/activities/"+id, "", nil)
		if err == nil && r.status == http.StatusOK {
			w.ledger.fail("listing %s %s is public: %s", id, what, fmt.Sprintf("%.80s", r.body))
		}
	}
}
