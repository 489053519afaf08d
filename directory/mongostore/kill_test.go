package mongostore_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"gather/directory"
	"gather/directory/mongostore"
	"gather/directory/mongostore/mongotest"
)

const (
	// nodeURI is the environment variable that makes the test binary a node that
	// writes to this database until it is killed, see node.
	nodeURI = "GATHER_MONGOSTORE_NODE"
	// nodeWriters is the number of writers in each node.
	nodeWriters = 4
	// mostBlocked is how long a killed node may keep the others from writing,
	// as docs/run.md promises.
	mostBlocked = 10 * time.Second
)

// node writes for ever, and prints how long each acknowledgement took, in
// microseconds.
func node() {
	uri := os.Getenv(nodeURI)
	if uri == "" {
		return
	}
	s, err := mongostore.Open(context.Background(), uri)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	for n := range nodeWriters {
		go func() {
			for i := 0; ; i++ {
				start := time.Now()
				_, err := s.Commit(context.Background(), []directory.Write{{Record: directory.Record{
					Kind: directory.KindActivity, ID: fmt.Sprint(os.Getpid(), "-", n, "-", i), Doc: []byte(`{"title":"Chair Yoga"}`)}}})
				if err != nil {
					fmt.Fprintln(os.Stderr, time.Since(start), err)
					i--
					continue
				}
				fmt.Println(time.Since(start).Microseconds())
			}
		}()
	}
	select {}
}

// process is a node, and what it printed.
type process struct {
	cmd *exec.Cmd

	mu     sync.Mutex
	acks   int
	worst  time.Duration // since the last call of slowest
	reader sync.WaitGroup
}

func startNode(t *testing.T, uri string) *process {
	t.Helper()
	p := &process{cmd: exec.Command(os.Args[0])}
	p.cmd.Env = append(os.Environ(), nodeURI+"="+uri)
	p.cmd.Stderr = os.Stderr
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p.reader.Go(func() { p.read(out) })
	return p
}

func (p *process) read(out io.Reader) {
	for lines := bufio.NewScanner(out); lines.Scan(); {
		took, err := strconv.Atoi(lines.Text())
		if err != nil {
			continue // cut off by the kill
		}
		p.mu.Lock()
		p.acks++
		p.worst = max(p.worst, time.Duration(took)*time.Microsecond)
		p.mu.Unlock()
	}
}

func (p *process) kill() {
	p.cmd.Process.Kill()
	p.reader.Wait()
	p.cmd.Wait()
}

func (p *process) acknowledged() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.acks
}

// slowest returns the longest acknowledgement since the last call.
func (p *process) slowest() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	worst := p.worst
	p.worst = 0
	return worst
}

// await returns once every process has n more acknowledgements.
func await(t *testing.T, ps []*process, n int) {
	t.Helper()
	deadline := time.Now().Add(3 * time.Minute)
	for _, p := range ps {
		for had := p.acknowledged(); p.acknowledged() < had+n; time.Sleep(time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("a node wrote %d times in three minutes, want %d", p.acknowledged()-had, n)
			}
		}
	}
}

// TestNodeKilled kills one of three nodes, again and again, while all write. The
// others must not be blocked for longer than mostBlocked: they take over from
// the dead node, which may have left a transaction open on the server.
func TestNodeKilled(t *testing.T) {
	kills := 3
	if os.Getenv("GATHER_FULL") != "" {
		kills = 50
	}
	server := mongotest.Start(t)
	uri := server.URI + "/killed"
	openStore(t, uri)
	nodes := make([]*process, 3)
	for i := range nodes {
		nodes[i] = startNode(t, uri)
	}
	defer func() {
		for _, p := range nodes {
			p.kill()
		}
	}()
	var waits, calm []time.Duration
	start, acks := time.Now(), 0
	for range kills {
		await(t, nodes, 2*nodeWriters)
		for _, p := range nodes {
			calm = append(calm, p.slowest())
		}
		time.Sleep(rand.N(100 * time.Millisecond)) // to kill at any step of a transaction
		victim := rand.IntN(len(nodes))
		nodes[victim].kill()
		acks += nodes[victim].acknowledged()
		rest := slices.Delete(slices.Clone(nodes), victim, victim+1)
		for _, p := range rest {
			p.slowest()
		}
		await(t, rest, 2*nodeWriters)
		worst := time.Duration(0)
		for _, p := range rest {
			worst = max(worst, p.slowest())
		}
		waits = append(waits, worst)
		nodes[victim] = startNode(t, uri)
	}
	for _, p := range nodes {
		acks += p.acknowledged()
	}
	slices.Sort(waits)
	slices.Sort(calm)
	p99 := waits[(len(waits)*99+99)/100-1]
	t.Logf("%d kills in %v with %d writes: the slowest acknowledgement on another node took %v at the median, %v at p99; without a kill at most %v",
		kills, time.Since(start).Round(time.Second), acks, waits[len(waits)/2], p99, calm[len(calm)-1])
	if p99 > mostBlocked {
		t.Errorf("a killed node kept others from writing for %v, want at most %v", p99, mostBlocked)
	}
}
