package mongostore

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"gather/directory"
	"gather/directory/commit"
)

// Limits of the retries of a transaction. commitTime limits all attempts
// together.
const (
	// ackTime is how long an attempt waits for the acknowledgement of its
	// commit. After that the commit is in doubt.
	ackTime = 5 * time.Second
	// contendedPause is the longest pause before a retry while another
	// process holds the counter, retryPause that after any other failure. The
	// pauses are random.
	contendedPause = 20 * time.Millisecond
	retryPause     = 250 * time.Millisecond
	// outageTime is how long a batch of which nothing can have been written is
	// retried while no server can be reached: as long as the driver looks for
	// one. After that the batch fails.
	outageTime = selectTime
)

// transaction writes one batch, in as many attempts as it needs.
type transaction struct {
	store   *Store
	batch   []*commit.Request
	session *mongo.Session
	began   time.Time
	checked time.Time // for expired writers
	// token identifies the batch. It is stored with every revision that the
	// batch writes.
	token bson.ObjectID
	// inDoubt has the attempts whose commit was not acknowledged.
	inDoubt []result
}

// result is the outcome of an attempt, if its commit succeeds.
type result struct {
	first, last int64 // the change numbers it assigned, 0 if none
	requests    []commit.Request
}

// run writes a batch of the queue in one transaction. It uses no caller's
// context, because the batch belongs to several callers.
func (s *Store) run(batch []*commit.Request) error {
	ctx, cancel := context.WithTimeout(context.Background(), commitTime)
	defer cancel()
	session, err := s.writeSession(ctx)
	if err != nil {
		return failed(ctx, "start a transaction", err)
	}
	defer s.keepAlive(ctx)()
	t := transaction{store: s, batch: batch, session: session, began: time.Now(), token: bson.NewObjectID()}
	defer s.dequeue(ctx)
	done, err := t.retry(ctx)
	if err != nil {
		return t.failure(err)
	}
	for i, r := range done.requests {
		batch[i].Written, batch[i].Err = r.Written, r.Err
	}
	s.signal.Advance(done.last)
	return nil
}

// failure returns the error for the callers of a batch whose last attempt
// failed with err.
func (t *transaction) failure(err error) error {
	if len(t.inDoubt) > 0 {
		return fmt.Errorf("commit: %w: it is not known whether it was written: %w", directory.ErrUnavailable, err)
	}
	if hasLabel(err, labelTransient) || errors.Is(err, context.DeadlineExceeded) || unreachable(err) {
		return fmt.Errorf("commit: %w: %w", directory.ErrUnavailable, err)
	}
	return fmt.Errorf("commit: %w", err)
}

// retry makes attempts until the batch is known to be committed or refused, or
// must be given up.
func (t *transaction) retry(ctx context.Context) (result, error) {
	for {
		done, err := t.attempt(ctx)
		switch {
		case err == nil:
			return done, nil
		case ctx.Err() != nil:
			return t.resolve(ctx, err)
		case len(t.inDoubt) > 0 || hasLabel(err, labelTransient) || unreachable(err):
			if unreachable(err) && len(t.inDoubt) == 0 && time.Since(t.began) > outageTime {
				return result{}, err
			}
		default:
			return result{}, err
		}
		bound := retryPause
		if hasCode(err, codeWriteConflict) {
			bound = contendedPause
			t.store.enqueue(ctx) // if this fails, a retry may still find the counter free
		}
		if !pause(ctx, bound) {
			return t.resolve(ctx, err)
		}
	}
}

// resolve checks once more whether an attempt in doubt was committed, when
// there is no time left for another attempt.
func (t *transaction) resolve(ctx context.Context, err error) (result, error) {
	if len(t.inDoubt) == 0 {
		return result{}, err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), selectTime)
	defer cancel()
	if t.session.StartTransaction() != nil {
		return result{}, err
	}
	defer t.abort(ctx)
	in := mongo.NewSessionContext(ctx, t.session)
	if _, lockErr := t.store.lockCounter(in, t.token); lockErr != nil {
		return result{}, err
	}
	if done, found, findErr := t.findCommitted(in); findErr == nil && found {
		return done, nil
	} else if findErr == nil {
		t.inDoubt = nil
	}
	return result{}, err
}

// attempt runs the batch once, when it is this process's turn.
func (t *transaction) attempt(ctx context.Context) (result, error) {
	if err := t.awaitTurn(ctx); err != nil {
		return result{}, err
	}
	if err := t.session.StartTransaction(); err != nil {
		return result{}, err
	}
	done, steps, err := t.write(mongo.NewSessionContext(ctx, t.session))
	if err != nil || steps == 0 {
		t.abort(ctx)
		return done, err
	}
	return done, t.commit(ctx, done)
}

// abort releases the counter, even after ctx has ended: the server would hold
// its lock for a minute. Errors are ignored, because the server then aborts
// the transaction itself.
func (t *transaction) abort(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), selectTime)
	defer cancel()
	t.session.AbortTransaction(ctx)
}

// write does everything in an attempt except the commit. It returns the number
// of steps to commit: 0 if an earlier attempt turns out to be committed, or if
// every request is refused.
func (t *transaction) write(in context.Context) (done result, steps int, err error) {
	was, err := t.store.lockCounter(in, t.token)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return result{}, 0, errNoCounter
	} else if err != nil {
		return result{}, 0, err
	}
	if done, found, err := t.findCommitted(in); found || err != nil {
		return done, 0, err
	}
	t.inDoubt = nil // none was committed, and none can be from here on
	st, err := t.store.readState(in, t.batch)
	if err != nil {
		return result{}, 0, err
	}
	plan := commit.NewPlan(st, was.Last, was.Restoring)
	for _, r := range t.batch {
		r := commit.Request{Writes: r.Writes, Restore: r.Restore}
		if err := plan.Add(&r); err != nil {
			return result{}, 0, err
		}
		done.requests = append(done.requests, r)
	}
	if len(plan.Steps) == 0 {
		return done, 0, nil
	}
	done.first, done.last = plan.Steps[0].Record.Change, plan.Last
	return done, len(plan.Steps), t.store.apply(in, plan, t.token)
}

// findCommitted returns the attempt in doubt that was committed, if one was.
// Its caller must hold the counter: every earlier attempt held it too, so each
// of them has ended.
func (t *transaction) findCommitted(in context.Context) (done result, found bool, err error) {
	for _, a := range t.inDoubt {
		var entries []entry
		q := query{
			collection: history,
			filter:     bson.D{{Key: "_id", Value: a.first}, {Key: "commit", Value: t.token}},
			project:    bson.D{{Key: "commit", Value: 1}},
			limit:      1,
		}
		if err := q.run(in, t.store.db, false, &entries); err != nil {
			return result{}, false, err
		}
		if len(entries) > 0 {
			t.inDoubt = nil
			return a, true, nil
		}
	}
	return result{}, false, nil
}

// commit commits an attempt. If the reply is lost the driver sends the commit
// again, which is safe: a server commits a transaction once. After any error
// the attempt is in doubt, because the error may be that of the second commit.
// The next attempt resolves it.
func (t *transaction) commit(ctx context.Context, done result) error {
	within, cancel := context.WithTimeout(ctx, ackTime)
	defer cancel()
	err := t.session.CommitTransaction(within)
	if err != nil {
		t.inDoubt = append(t.inDoubt, done)
		t.abort(ctx) // in case it was not committed, to release the counter
	}
	return err
}

// pause waits for a random time up to bound, so that processes do not retry in
// step. It returns false if ctx ends first.
func pause(ctx context.Context, bound time.Duration) bool {
	timer := time.NewTimer(rand.N(bound) + time.Millisecond)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
