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

// writerAddress is the environment variable that makes a test binary a writer to
// the store at that address, see Writer.
const writerAddress = "GATHER_STORETEST_WRITER"

// The writer that is killed has several goroutines, so that they share
// transactions, and writes several records in each commit.
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

// writeForEver commits new revisions of the same records, and prints the thread
// and the revision of each acknowledged one.
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
	acked := make([]int64, writerThreads)
	for round := range killRounds {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		before := acked[0]
		killWriter(t, s.address, acked)
		s.open()
		for thread := range writerThreads {
			checkThread(t, s, thread, acked[thread])
		}
		if acked[0] == before {
			t.Errorf("round %d: no write was acknowledged", round)
		}
		checkLog(t, s)
	}
	s.commit(activity("after", 0, "g")) // the killed writer blocks nobody
}

// killWriter starts a writer, kills it after a while, and keeps in acked the
// newest acknowledged revision of each thread.
func killWriter(t *testing.T, address string, acked []int64) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), writerAddress+"="+address)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var reading sync.WaitGroup
	first := make(chan struct{})
	reading.Go(func() { readAcked(out, acked, first) })
	select {
	case <-first:
		time.Sleep(shortestLife + rand.N(longestLife-shortestLife))
	case <-time.After(hungAfter):
		t.Error("the writer wrote nothing")
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Errorf("kill: %v", err)
	}
	reading.Wait()
	if cmd.Wait(); stderr.Len() > 0 {
		t.Errorf("the writer failed before it was killed: %s", stderr.String())
	}
}

// readAcked reads complete lines only, because the kill may cut the last one. It
// closes first once every thread has an acknowledgement.
func readAcked(out io.Reader, acked []int64, first chan struct{}) {
	lines := bufio.NewReader(out)
	seen := map[int]bool{}
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
		acked[thread], seen[thread] = rev, true
		if len(seen) == writerThreads && first != nil {
			close(first)
			first = nil
		}
	}
}

// checkThread checks that the records of a thread are at the same revision, not
// older than the acknowledged one, with its content.
func checkThread(t *testing.T, s *store, thread int, acked int64) {
	t.Helper()
	rev := s.get(directory.KindActivity, killID(thread, 0)).Rev
	if rev < acked || rev > acked+1 {
		t.Errorf("thread %d: revision %d was acknowledged, the store has %d", thread, acked, rev)
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
