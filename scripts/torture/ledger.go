package main

import (
	"fmt"
	"strings"
	"sync"
)

// ledger records what was acknowledged to the writers.
type ledger struct {
	mu    sync.Mutex
	acts  map[string]*writes // by id
	marks map[string]bool    // of publications without a response
	acked int
	lost  int // writes without a response, or refused
	wrong []string
	// during is the fault that is being injected.
	during string
}

// writes are the writes to one listing: the acknowledged ones, and those that may
// have happened.
type writes struct {
	group  string
	revs   map[int64]string // acknowledged: the mark by revision, withdrawn for a withdrawal
	newest int64
	maybe  map[string]bool // marks of writes without a response
}

// withdrawn is the mark of a withdrawal.
const withdrawn = "(withdrawn)"

func newLedger() *ledger { return &ledger{acts: map[string]*writes{}, marks: map[string]bool{}} }

// acknowledge records an acknowledged revision.
func (l *ledger) acknowledge(id, group string, rev int64, mark string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	t := l.acts[id]
	if t == nil {
		t = &writes{group: group, revs: map[int64]string{}, maybe: map[string]bool{}}
		l.acts[id] = t
	}
	if other, twice := t.revs[rev]; twice {
		l.wrong = append(l.wrong, fmt.Sprintf("revision %d of %s was acknowledged as %q and as %q", rev, id, other, mark))
	}
	t.revs[rev], t.newest = mark, max(t.newest, rev)
	l.acked++
}

// doubt records a write that may have happened; id is empty for a publication.
func (l *ledger) doubt(id, mark string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lost++
	if t := l.acts[id]; t != nil {
		t.maybe[mark] = true
	} else {
		l.marks[mark] = true
	}
}

func (l *ledger) fail(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	const most = 500 // bytes: a message may quote a whole response
	what := l.during + ": " + strings.Join(strings.Fields(fmt.Sprintf(format, args...)), " ")
	l.wrong = append(l.wrong, what[:min(len(what), most)])
}

// inject sets the fault that messages name.
func (l *ledger) inject(name string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.during = name
}

func (l *ledger) acknowledged() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.acked
}

func (l *ledger) doubtful() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.lost
}
