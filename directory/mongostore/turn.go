package mongostore

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// Processes that share a database take turns at the counter, in the order in
// which they began to wait. Without turns a process that writes batch after
// batch asks for the counter again as soon as it has committed, and one that
// pauses between attempts finds it free only by chance: a dozen attempts are
// common, and some wait for longer than a request may take.
//
// The order is advice, kept in the registrations: a transaction is right in
// any order, and one that the server does not let read them tries at once.

// takeTurn returns nil once no living process has waited longer for the
// counter than this one, and an error when the server is away. It ends the
// sessions of the lifeless when the batch is stuck.
func (t *transaction) takeTurn(ctx context.Context) error {
	for {
		all, err := t.store.writers(ctx)
		if err != nil && unreachable(err) {
			return err
		} else if err != nil {
			return nil
		}
		if time.Since(t.began) > stuck && time.Since(t.looked) > beatEvery {
			t.looked = time.Now()
			t.store.endLifeless(ctx, all) // a failure shows as the next attempt's
		}
		if !t.store.behind(all) {
			return nil
		}
		if t.store.wait(ctx) != nil {
			return nil // who is not registered is passed over: it tries its luck
		}
		if !pause(ctx, turnPause) {
			return ctx.Err()
		}
	}
}

// behind reports whether a living process has waited longer than this one.
func (s *Store) behind(all []writer) bool {
	silence := s.silence(all)
	var own writer
	for _, w := range all {
		if w.ID == s.presence.id {
			own = w
		}
	}
	for _, w := range all {
		if w.ID == own.ID || w.Waiting == 0 {
			continue
		}
		if _, dead := silence(w); dead {
			continue
		}
		if own.Waiting == 0 || w.Waiting < own.Waiting || w.Waiting == own.Waiting && w.ID < own.ID {
			return true
		}
	}
	return false
}

// wait registers that this process waits for the counter, from now unless it
// did already.
func (s *Store) wait(ctx context.Context) error {
	if s.presence.waiting {
		return nil
	}
	err := s.register(ctx,
		bson.E{Key: "$set", Value: bson.D{{Key: "session", Value: s.presence.session.ID()}}},
		bson.E{Key: "$currentDate", Value: bson.D{{Key: "seen", Value: true}, {Key: "waiting", Value: true}}})
	s.presence.waiting = err == nil
	return err
}

// pass lets the next one have its turn. Should it fail, others pass over this
// process once its beats end, and the next batch tries again.
func (s *Store) pass(ctx context.Context) {
	if !s.presence.waiting {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), selectTime)
	defer cancel()
	err := s.register(ctx, bson.E{Key: "$unset", Value: bson.D{{Key: "waiting", Value: ""}}})
	s.presence.waiting = err != nil
}
