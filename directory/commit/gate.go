package commit

import (
	"context"
	"sync"
)

// Gate counts the calls inside a store, so that Close can wait for them. The
// zero Gate is open.
type Gate struct {
	mu     sync.Mutex
	inside sync.WaitGroup
	closed chan struct{}
	shut   bool
}

// Enter lets a call in; the call ends with leave. After Close it answers an
// error that is directory.ErrUnavailable.
func (g *Gate) Enter() (leave func(), err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.shut {
		return nil, errClosed
	}
	g.inside.Add(1)
	return g.inside.Done, nil
}

// Closing is closed once Close has begun.
func (g *Gate) Closing() <-chan struct{} {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed == nil {
		g.closed = make(chan struct{})
	}
	return g.closed
}

// Close lets nobody in any more and waits for the calls inside. It reports
// whether it was the first to close the gate.
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

// Signal tells waiting followers of new change numbers. The zero Signal is
// ready for use.
type Signal struct {
	mu   sync.Mutex
	last int64
	next chan struct{}
}

// Advance wakes everybody who waits for a change number up to last.
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

// Wait returns nil once Advance was told of a number greater than after, the
// error of ctx, or, once closing is closed, one that is
// directory.ErrUnavailable.
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
