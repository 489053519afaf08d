package index

import (
	"context"
	"sync/atomic"
	"time"
)

// throttle lets background work use all cores while nobody searches, and one at a
// time while somebody does.
type throttle struct {
	one      chan struct{}
	searched atomic.Int64 // when somebody last did, in Unix milliseconds
}

func newThrottle() *throttle { return &throttle{one: make(chan struct{}, 1)} }

// quietFor is after how long without a search nobody searches.
const quietFor = 2 * time.Second

// noteSearch records that somebody searches now.
func (t *throttle) noteSearch() { t.searched.Store(time.Now().UnixMilli()) }

// quiet reports whether nobody searches.
func (t *throttle) quiet() bool { return time.Since(time.UnixMilli(t.searched.Load())) > quietFor }

// acquire waits until the caller may work; it calls done afterwards.
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
