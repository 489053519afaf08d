package commit

import (
	"context"
	"sync"
)

// Gate counts the running calls of a store, so that Close can wait for them.
// The zero Gate is open.
type Gate struct {
	mu     sync.Mutex
	inside sync.WaitGroup
	closed chan struct{}
	shut   bool
}

// Enter registers a call, which must call leave when it ends. After Close it
// returns an error that is directory.ErrUnavailable.
func (g *Gate) Enter() (leave func(), err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.shut {
		return nil, errClosed
	}
	g.inside.Add(1)
	return g.inside.Done, nil
}

// Closing returns a channel that is closed when Close starts.
func (g *Gate) Closing() <-chan struct{} {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed == nil {
		g.closed = make(chan struct{})
	}
	return g.closed
}

// Close refuses new calls and waits for the running ones. It reports whether
// it is the call that closed the gate.
func (g *Gate) Close() (first bool) {
	closed := g.Closing()
	g.mu.Lock()
	if first = !g.shut; first {
		g.shut = true
		close(g.closed)
	}
	g.mu.Unlock()
	<-closed
	g.inside.Wait()
	return first
}

// Signal wakes followers that wait for new change numbers. The zero Signal is
// ready to use.
type Signal struct {
	mu   sync.Mutex
	last int64
	next chan struct{}
}

// Advance wakes every Wait for a change number up to last.
func (s *Signal) Advance(last int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if last <= s.last {
		return
	}
	s.last = last
	if s.next != nil {
		close(s.next)
		s.next = nil
	}
}

// Wait returns nil once Advance was called with a number greater than after,
// the error of ctx if that ends first, or directory.ErrUnavailable if closing
// is closed first.
func (s *Signal) Wait(ctx context.Context, closing <-chan struct{}, after int64) error {
	for {
		s.mu.Lock()
		if s.last > after {
			s.mu.Unlock()
			return ctx.Err()
		}
		if s.next == nil {
			s.next = make(chan struct{})
		}
		next := s.next
		s.mu.Unlock()
		select {
		case <-next:
		case <-ctx.Done():
			return ctx.Err()
		case <-closing:
			return errClosed
		}
	}
}
