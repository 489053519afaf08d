// Package commit is what the store's engines share of writing: the queue in
// which waiting writers share one transaction, the checks of a write against
// what is stored, and the signal that wakes those who follow the log.
package commit

import (
	"context"
	"fmt"
	"sync"

	"gather/directory"
)

// maxShared is the most bytes of documents in a shared transaction. One
// request may be larger and then has a transaction to itself. MongoDB holds
// an open transaction in its cache, and a retry sends all of it again.
const maxShared = 8 << 20

// Request is one caller's part of a transaction: writes to be checked and
// numbered, or revisions to be restored as they are.
type Request struct {
	Writes  []directory.Write
	Restore []directory.Record

	// Written is the answer to Writes and Err the reason why nothing of this
	// request was written. Plan.Add sets them.
	Written []directory.Record
	Err     error

	done chan struct{}
}

// size is the number of writes in r and of bytes in their documents.
func (r *Request) size() (writes, bytes int) {
	for _, w := range r.Writes {
		bytes += len(w.Record.Doc)
	}
	for _, rec := range r.Restore {
		bytes += len(rec.Doc)
	}
	return len(r.Writes) + len(r.Restore), bytes
}

// Queue is a group commit: while one transaction is on its way to the disk,
// the writers that arrive wait, and go into the next one together.
type Queue struct {
	run func([]*Request) error

	mu      sync.Mutex
	waiting []*Request
	running bool
	closed  bool
	runner  sync.WaitGroup
}

// NewQueue returns a queue whose batches are written by run, one batch at a
// time. Run answers each request by its Written or Err; an error that it
// returns is the answer to all of them. Run must end by itself: it gets no
// context, because the batch belongs to several callers.
func NewQueue(run func([]*Request) error) *Queue { return &Queue{run: run} }

// Do waits its turn and answers r. When ctx ends first, Do returns its error:
// a request still in the queue is taken out and nothing of it is written; one
// already in a transaction is written wholly or not at all, and the caller
// must not change its documents.
func (q *Queue) Do(ctx context.Context, r *Request) ([]directory.Record, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	r.done = make(chan struct{})
	if err := q.join(r); err != nil {
		return nil, err
	}
	select {
	case <-r.done:
		return r.Written, r.Err
	case <-ctx.Done():
		q.leave(r)
		return nil, ctx.Err()
	}
}

// Close refuses new requests and waits until those in the queue are answered.
func (q *Queue) Close() {
	q.mu.Lock()
	q.closed = true
	q.mu.Unlock()
	q.runner.Wait()
}

func (q *Queue) join(r *Request) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return errClosed
	}
	q.waiting = append(q.waiting, r)
	if !q.running {
		q.running = true
		q.runner.Go(q.drain)
	}
	return nil
}

func (q *Queue) leave(r *Request) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for i, w := range q.waiting {
		if w == r {
			q.waiting = append(q.waiting[:i], q.waiting[i+1:]...)
			return
		}
	}
}

// drain runs batches until nobody waits.
func (q *Queue) drain() {
	for batch := q.take(); batch != nil; batch = q.take() {
		err := q.run(batch)
		for _, r := range batch {
			if err != nil {
				r.Written, r.Err = nil, err
			}
			close(r.done)
		}
	}
}

// take removes the next batch from the queue, in order of arrival, as many as
// fit a shared transaction. It is nil when the queue is empty, and then the
// next writer starts a new drain.
func (q *Queue) take() []*Request {
	q.mu.Lock()
	defer q.mu.Unlock()
	n, writes, bytes := 0, 0, 0
	for _, r := range q.waiting {
		w, b := r.size()
		if n > 0 && (writes+w > directory.MaxWrites || bytes+b > maxShared) {
			break
		}
		n, writes, bytes = n+1, writes+w, bytes+b
	}
	if n == 0 {
		q.waiting, q.running = nil, false
		return nil
	}
	batch := append([]*Request(nil), q.waiting[:n]...)
	q.waiting = append(q.waiting[:0], q.waiting[n:]...)
	return batch
}

// errClosed is the answer to every call after Close.
var errClosed = fmt.Errorf("the store is closed: %w", directory.ErrUnavailable)
