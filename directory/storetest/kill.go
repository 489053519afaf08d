package storetest

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"gather/directory"
)

// writerAddress makes a test binary a writer at that address, see Writer.
const writerAddress = "GATHER_STORETEST_WRITER"

// How the killed writer works: several goroutines, so that commits are shared
// when the kill comes, each commit of several records.
const (
	killRounds    = 5
	writerThreads = 4
	recordsEach   = 3
	shortestLife  = 20 * time.Millisecond
	longestLife   = 300 * time.Millisecond
)

// Writer must be the first call in the TestMain of a package that calls Run.
// The suite starts the test binary again as a writer that it kills: in that
// process Writer writes to a store of e and never returns. In any other it
// does nothing.
func Writer(e Engine) {
	address := os.Getenv(writerAddress)
	if address == "" {
		return
	}
	fmt.Fprintln(os.Stderr, writeForEver(e, address))
	os.Exit(1)
}

// writeForEver commits new revisions of the same records, and tells of each
// acknowledged one on standard output: its thread and its revision.
func writeForEver(e Engine, address string) error {
	ctx := context.Background()
	s, err := e.Open(ctx, address)
	if err != nil {
		return err
	}
	failed := make(chan error, writerThreads)
	for thread := range writerThreads {
		go func() { failed <- writeThread(ctx, s, thread) }()
	}
	return <-failed
}

func writeThread(ctx context.Context, s directory.Store, thread int) error {
	have, err := s.Get(ctx, directory.KindActivity, killID(thread, 0))
	if err != nil && !errors.Is(err, directory.ErrNotFound) {
		return err
	}
	for rev := have.Rev; ; rev++ {
		if _, err := s.Commit(ctx, killWrites(thread, rev)); err != nil {
			return err
		}
		if _, err := fmt.Printf("%d %d\n", thread, rev+1); err != nil {
			return err
		}
	}
}

func killID(thread, i int) string { return fmt.Sprintf("t%d-%d", thread, i) }

func killWrites(thread int, rev int64) []directory.Write {
	var rs []directory.Record
	for i := range recordsEach {
		r := activity(killID(thread, i), rev, "g")
		r.Doc = json.RawMessage(fmt.Sprintf(`{"rev":%d,"fill":%q}`, rev+1, strings.Repeat("x", 500)))
		rs = append(rs, r)
	}
	return writes(rs...)
}

func killed(t *testing.T, s *store) {
	said := make([]int64, writerThreads)
	for round := range killRounds {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		before := said[0]
		killWriter(t, s.address, said)
		s.open()
		for thread := range writerThreads {
			checkThread(t, s, thread, said[thread])
		}
		if said[0] == before {
			t.Errorf("round %d: the writer was told of nothing", round)
		}
		checkLog(t, s)
	}
	s.commit(activity("after", 0, "g")) // a dead writer keeps nobody out
}

// killWriter starts a writer, lets it live for a while, kills it, and keeps
// in said the newest revision that it was told is written, for each thread.
func killWriter(t *testing.T, address string, said []int64) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), writerAddress+"="+address)
	var complaint strings.Builder
	cmd.Stderr = &complaint
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var reading sync.WaitGroup
	first := make(chan struct{})
	reading.Go(func() { readSaid(out, said, first) })
	select {
	case <-first:
		time.Sleep(shortestLife + rand.N(longestLife-shortestLife))
	case <-time.After(patience):
		t.Error("the writer wrote nothing")
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Errorf("kill: %v", err)
	}
	reading.Wait()
	if cmd.Wait(); complaint.Len() > 0 {
		t.Errorf("the writer failed before it was killed: %s", complaint.String())
	}
}

// readSaid reads whole lines only: the kill may cut the last one.
func readSaid(out io.Reader, said []int64, first chan struct{}) {
	lines := bufio.NewReader(out)
	told := map[int]bool{}
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return
		}
		var thread int
		var rev int64
		if _, err := fmt.Sscanf(line, "%d %d", &thread, &rev); err != nil {
			continue
		}
		said[thread], told[thread] = rev, true
		if len(told) == writerThreads && first != nil {
			close(first)
			first = nil
		}
	}
}

// checkThread checks that the records of a thread stand together at one
// revision, not older than the acknowledged one, with all their history.
func checkThread(t *testing.T, s *store, thread int, said int64) {
	t.Helper()
	rev := s.get(directory.KindActivity, killID(thread, 0)).Rev
	if rev < said || rev > said+1 {
		t.Errorf("thread %d was told of revision %d, the store has %d", thread, said, rev)
	}
	for i := range recordsEach {
		r := s.get(directory.KindActivity, killID(thread, i))
		if r.Rev != rev {
			t.Errorf("thread %d: record %d is at revision %d, record 0 at %d: half a commit", thread, i, r.Rev, rev)
		}
		if want := killWrites(thread, r.Rev-1)[i].Record.Doc; string(r.Doc) != string(want) {
			t.Errorf("thread %d: record %d holds %.60s", thread, i, r.Doc)
		}
	}
}

// checkLog checks that the log holds every revision of every record once, in
// order, and that the newest ones are those of Changes.
func checkLog(t *testing.T, s *store) {
	t.Helper()
	revs := map[string]int64{}
	after := int64(0)
	for _, r := range s.all(s.Log, directory.MaxWrites) {
		if r.Change <= after || r.Rev != revs[r.ID]+1 {
			t.Fatalf("Log: %q revision %d, change %d, after revision %d, change %d", r.ID, r.Rev, r.Change, revs[r.ID], after)
		}
		after, revs[r.ID] = r.Change, r.Rev
	}
	newest := s.all(s.Changes, directory.MaxWrites)
	for _, r := range newest {
		if r.Rev != revs[r.ID] {
			t.Errorf("Changes: %q at revision %d, Log at %d", r.ID, r.Rev, revs[r.ID])
		}
	}
	if len(newest) != len(revs) || after != s.last() {
		t.Errorf("Changes has %d records and Log %d; Log ends at %d and Last is %d", len(newest), len(revs), after, s.last())
	}
}
