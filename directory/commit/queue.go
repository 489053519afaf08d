// Package commit has the write path that all stores share: the queue that
// groups concurrent writers into one transaction, the checks of a write
// against the stored revisions, and the signal that wakes followers of the
// log.
package commit

import (
	"context"
	"fmt"
	"sync"

	"gather/directory"
)

// maxShared is the most bytes of documents in a shared transaction. A larger
// request gets a transaction to itself. The limit exists because MongoDB keeps
// an open transaction in its cache, and a retry sends all of it again.
const maxShared = 8 << 20

// Request is one caller's part of a transaction: either writes to check and
// number, or revisions to restore unchanged.
type Request struct {
	Writes  []directory.Write
	Restore []directory.Record

	// Written is the result of Writes, or Err is why nothing of this request
	// was written. Plan.Add sets both.
	Written []directory.Record
	Err     error

	done chan struct{}
}

// size returns the number of writes in r and the bytes of their documents.
func (r *Request) size() (writes, bytes int) {
	for _, w := range r.Writes {
		bytes += len(w.Record.Doc)
	}
	for _, rec := range r.Restore {
		bytes += len(rec.Doc)
	}
	return len(r.Writes) + len(r.Restore), bytes
}

// Queue implements group commit: writers that arrive while one transaction is
// being written wait, and share the next one.
type Queue struct {
	run func([]*Request) error

	mu      sync.Mutex
	waiting []*Request
	running bool
	closed  bool
	runner  sync.WaitGroup
}

// NewQueue returns a queue that passes its batches to run, one at a time. Run
// sets Written or Err of each request; an error that it returns becomes the
// error of all of them. Run must limit its own time: it gets no context,
// because a batch belongs to several callers.
func NewQueue(run func([]*Request) error) *Queue { return &Queue{run: run} }

// Do queues r and returns its result. If ctx ends first, Do returns its error:
// a request that is still queued is removed and nothing of it is written; one
// that is already in a transaction may still be written, but only as a whole,
// and the caller must not change its documents.
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

// Close refuses new requests and waits until the queued ones are done.
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

// drain runs batches until the queue is empty.
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

// take removes the next batch from the queue: requests in order of arrival, as
// many as fit a shared transaction. It returns nil if the queue is empty; the
// next writer then starts a new drain.
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

// errClosed is the error of every call after Close.
var errClosed = fmt.Errorf("the store is closed: %w", directory.ErrUnavailable)
