package index

import (
	"context"
	"sync/atomic"
	"time"
)

// throttle lets what runs in the background use all cores while nobody searches,
// and only one at a time while somebody does.
type throttle struct {
	one      chan struct{}
	searched atomic.Int64 // when somebody last did, in Unix milliseconds
}

func newThrottle() *throttle { return &throttle{one: make(chan struct{}, 1)} }

// quietFor is how long nobody must have searched.
const quietFor = 2 * time.Second

// noteSearch notes that somebody searches.
func (t *throttle) noteSearch() { t.searched.Store(time.Now().UnixMilli()) }

// quiet reports whether nobody searches.
func (t *throttle) quiet() bool { return time.Since(time.UnixMilli(t.searched.Load())) > quietFor }

// acquire waits until it is one's turn; the caller calls done afterwards.
func (t *throttle) acquire(ctx context.Context) (done func(), err error) {
	if t.quiet() {
		return func() {}, ctx.Err()
	}
	select {
	case t.one <- struct{}{}:
		return func() { <-t.one }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
