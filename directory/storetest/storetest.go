// Package storetest tests the contract of directory.Store. Every engine runs
// all tests, each on a store of its own.
package storetest

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"gather/directory"
)

// CountsFile is the environment variable that names a file to which Run adds
// a line, "N of M store tests ran on NAME", so that a script can check that the
// whole suite was run.
const CountsFile = "GATHER_TEST_COUNTS"

// hungAfter is how long a test may take before it counts as hung.
const hungAfter = 3 * time.Minute

// Engine is a kind of store, and how the suite gets one.
type Engine struct {
	// Name is what the counts call the engine.
	Name string
	// New returns the address of a new, empty store: text that another process
	// can open too.
	New func(t testing.TB) (address string)
	// Open opens the store at an address.
	Open func(ctx context.Context, address string) (directory.Store, error)
}

var tests = []struct {
	name string
	run  func(*testing.T, *store)
}{
	{"a full record comes back as it was written", fullRecord},
	{"an empty record comes back as it was written", emptyRecord},
	{"documents come back byte for byte", documents},
	{"odd ids are kept apart", oddIDs},
	{"kinds are kept apart", kinds},
	{"times are UTC to the millisecond", times},
	{"a result shares no memory with what was written", ownMemory},
	{"what was never written is not found", notFound},
	{"many records are read at once, in the order asked for", getMany},
	{"a stale revision is a conflict", stale},
	{"one of many racing writers wins", racingWriters},
	{"a failing write takes its whole commit with it", allOrNothing},
	{"a refused writer leaves nothing for those who share its transaction", refusedShared},
	{"one record may be written twice in a commit", twice},
	{"guards hold a revision", guards},
	{"guards stop write skew", writeSkew},
	{"a unique lookup has one owner", unique},
	{"racing owners of a unique lookup", racingOwners},
	{"a tombstone releases its lookups", tombstoneLookups},
	{"a changed lookup is found by its new value only", movedLookups},
	{"find goes page by page in order of id", findPages},
	{"history goes page by page, newest first", history},
	{"tombstones stay in the log and can be revived", tombstones},
	{"changes give each record once, at its newest", changes},
	{"a follower misses nothing under racing writers", follower},
	{"a cancelled context ends every call", cancelled},
	{"a commit that is cancelled is there wholly or not at all", cutOff},
	{"limits are errors and write nothing", limits},
	{"the largest commit and document fit", largest},
	{"reopening finds everything", reopen},
	{"log and restore make an equal store", restore},
	{"restore refuses what is not newer", restoreRefuses},
	{"superseded revisions can be redacted", redacted},
	{"redact refuses the newest and what is not there", redactRefuses},
	{"a redacted log makes an equal store", redactedRestore},
	{"a restore that was not finished is refused", restoreUnfinished},
	{"a store has an id of its own and keeps it", storeID},
	{"a mark is held only by its own log", marks},
	{"wait wakes and times out", wait},
	{"close waits and then refuses", closing},
	{"a killed writer loses nothing that was acknowledged", killed},
}

// Run runs the whole contract on e.
func Run(t *testing.T, e Engine) {
	ran, skipped := 0, 0
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			defer func() {
				if t.Skipped() { // by e.New, which says why
					skipped++
				}
			}()
			test.run(t, open(t, e))
			ran++
		})
	}
	filtered := strings.Contains(flag.Lookup("test.run").Value.String(), "/")
	if ran+skipped != len(tests) && !filtered && !t.Failed() {
		t.Errorf("%d of %d tests finished", ran, len(tests))
	}
	line := fmt.Sprintf("%d of %d store tests ran on %s", ran, len(tests), e.Name)
	if skipped > 0 {
		line += fmt.Sprintf(", %d SKIPPED", skipped)
	}
	count(t, line)
}

func count(t *testing.T, line string) {
	t.Log(line)
	name := os.Getenv(CountsFile)
	if name == "" {
		return
	}
	f, err := os.OpenFile(name, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatalf("%s: %v", CountsFile, err)
	}
	if _, err := fmt.Fprintln(f, line); err != nil {
		t.Errorf("%s: %v", CountsFile, err)
	}
	if err := f.Close(); err != nil {
		t.Errorf("%s: %v", CountsFile, err)
	}
}

// store is the store under test, with methods that fail the test when the store
// returns an error.
type store struct {
	directory.Store
	t       *testing.T
	ctx     context.Context
	engine  Engine
	address string
}

// open makes a new store that is closed when the test ends.
func open(t *testing.T, e Engine) *store {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), hungAfter)
	t.Cleanup(cancel)
	s := &store{t: t, ctx: ctx, engine: e, address: e.New(t)}
	s.open()
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return s
}

func (s *store) open() {
	s.t.Helper()
	st, err := s.engine.Open(s.ctx, s.address)
	if err != nil {
		s.t.Fatalf("open: %v", err)
	}
	s.Store = st
}

func (s *store) reopen() {
	s.t.Helper()
	if err := s.Close(); err != nil {
		s.t.Fatalf("Close: %v", err)
	}
	s.open()
}

// commit writes records at the revisions they carry.
func (s *store) commit(rs ...directory.Record) []directory.Record {
	s.t.Helper()
	written, err := s.Commit(s.ctx, writes(rs...))
	if err != nil {
		s.t.Fatalf("Commit: %v", err)
	}
	return written
}

func (s *store) get(kind directory.Kind, id string) directory.Record {
	s.t.Helper()
	r, err := s.Get(s.ctx, kind, id)
	if err != nil {
		s.t.Fatalf("Get(%s, %q): %v", kind, id, err)
	}
	return r
}

func (s *store) last() int64 {
	s.t.Helper()
	n, err := s.Last(s.ctx)
	if err != nil {
		s.t.Fatalf("Last: %v", err)
	}
	return n
}

// all reads a whole log in pages.
func (s *store) all(read func(context.Context, int64, int) ([]directory.Record, error), page int) []directory.Record {
	s.t.Helper()
	var all []directory.Record
	after := int64(0)
	for {
		rs, err := read(s.ctx, after, page)
		if err != nil {
			s.t.Fatalf("read after %d: %v", after, err)
		}
		if len(rs) == 0 {
			return all
		}
		all, after = append(all, rs...), rs[len(rs)-1].Change
	}
}

func (s *store) find(kind directory.Kind, name, value string) []string {
	s.t.Helper()
	rs, err := s.Find(s.ctx, kind, name, value, "", directory.MaxWrites)
	if err != nil {
		s.t.Fatalf("Find(%s, %s, %q): %v", kind, name, value, err)
	}
	return ids(rs)
}
