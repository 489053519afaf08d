package mongostore

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// Processes that share a database lock the counter in the order in which they
// began to wait. Without that order a process that writes batch after batch
// locks it again as soon as it has committed, and one that pauses between
// attempts finds it free only by chance: a dozen attempts are common, and some
// wait for longer than a request may take.
//
// The order is kept in the registrations and is only for fairness:
// transactions are correct in any order, and a process that cannot read the
// registrations tries at once.

// awaitTurn returns nil once no live process has waited longer for the counter
// than this one, and an error if the server cannot be reached. After
// takeoverAfter it kills the sessions of expired writers.
func (t *transaction) awaitTurn(ctx context.Context) error {
	for {
		all, err := t.store.writers(ctx)
		if err != nil && unreachable(err) {
			return err
		} else if err != nil {
			return nil
		}
		if time.Since(t.began) > takeoverAfter && time.Since(t.checked) > heartbeatEvery {
			t.checked = time.Now()
			t.store.killExpired(ctx, all) // if it fails, the next attempt fails too
		}
		if !t.store.mustYield(all) {
			return nil
		}
		if t.store.enqueue(ctx) != nil {
			return nil // others do not wait for it, so it tries at once
		}
		if !pause(ctx, contendedPause) {
			return ctx.Err()
		}
	}
}

// mustYield reports whether a live process has waited longer than this one.
func (s *Store) mustYield(all []writer) bool {
	overdue := s.overdue(all)
	var own writer
	for _, w := range all {
		if w.ID == s.registration.id {
			own = w
		}
	}
	for _, w := range all {
		if w.ID == own.ID || w.Waiting == 0 {
			continue
		}
		if _, expired := overdue(w); expired {
			continue
		}
		if own.Waiting == 0 || w.Waiting < own.Waiting || w.Waiting == own.Waiting && w.ID < own.ID {
			return true
		}
	}
	return false
}

// enqueue registers that this process waits for the counter. The time of an
// earlier call stands until dequeue.
func (s *Store) enqueue(ctx context.Context) error {
	if s.registration.waiting {
		return nil
	}
	err := s.register(ctx,
		bson.E{Key: "$set", Value: bson.D{{Key: "session", Value: s.registration.session.ID()}}},
		bson.E{Key: "$currentDate", Value: bson.D{{Key: "seen", Value: true}, {Key: "waiting", Value: true}}})
	s.registration.waiting = err == nil
	return err
}

// dequeue registers that this process no longer waits. If that fails, others
// wait for it until its heartbeats expire, and the next batch tries again.
func (s *Store) dequeue(ctx context.Context) {
	if !s.registration.waiting {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), selectTime)
	defer cancel()
	err := s.register(ctx, bson.E{Key: "$unset", Value: bson.D{{Key: "waiting", Value: ""}}})
	s.registration.waiting = err != nil
}
