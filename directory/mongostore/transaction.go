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

// How often and how long a transaction is repeated. The time of all attempts
// is bounded by commitTime.
const (
	// answerTime is how long a commit is asked for its answer before the
	// store looks for itself.
	answerTime = 5 * time.Second
	// turnPause and awayPause bound the pauses between attempts, each of
	// which is a random part of its bound: while another process has the
	// counter, and after any other failure.
	turnPause = 20 * time.Millisecond
	awayPause = 250 * time.Millisecond
	// rideOut is how long a batch waits for a server that is away, when
	// nothing of it can have been written: as long as the driver looks for
	// one. Then its callers are told, and the next batch finds out for itself.
	rideOut = selectTime
)

// transaction is one batch on its way through as many attempts as it takes.
type transaction struct {
	store   *Store
	batch   []*commit.Request
	session *mongo.Session
	began   time.Time
	looked  time.Time // for lifeless processes
	// token is in every revision that the batch writes.
	token bson.ObjectID
	// doubts are the attempts whose commit got no answer.
	doubts []answer
}

// answer is what an attempt would tell the callers.
type answer struct {
	first, last int64 // the change numbers that it drew, 0 for none
	requests    []commit.Request
}

// run writes a batch of the queue in one transaction. The context of no
// caller bounds it, because it belongs to several.
func (s *Store) run(batch []*commit.Request) error {
	ctx, cancel := context.WithTimeout(context.Background(), commitTime)
	defer cancel()
	session, err := s.begin(ctx)
	if err != nil {
		return failed(ctx, "start a transaction", err)
	}
	defer s.keepBeating(ctx)()
	t := transaction{store: s, batch: batch, session: session, began: time.Now(), token: bson.NewObjectID()}
	defer s.pass(ctx)
	done, err := t.repeat(ctx)
	if err != nil {
		return t.give(err)
	}
	for i, r := range done.requests {
		batch[i].Written, batch[i].Err = r.Written, r.Err
	}
	s.signal.Advance(done.last)
	return nil
}

// give is the error of a batch that came to nothing, as far as is known.
func (t *transaction) give(err error) error {
	if len(t.doubts) > 0 {
		return fmt.Errorf("commit: %w: it is not known whether it was written: %w", directory.ErrUnavailable, err)
	}
	if hasLabel(err, labelTransient) || errors.Is(err, context.DeadlineExceeded) || unreachable(err) {
		return fmt.Errorf("commit: %w: %w", directory.ErrUnavailable, err)
	}
	return fmt.Errorf("commit: %w", err)
}

// repeat tries until an attempt is certain to be written, or to be refused.
func (t *transaction) repeat(ctx context.Context) (answer, error) {
	for {
		done, err := t.attempt(ctx)
		switch {
		case err == nil:
			return done, nil
		case ctx.Err() != nil:
			return t.resolve(ctx, err)
		case len(t.doubts) > 0 || hasLabel(err, labelTransient) || unreachable(err):
			if unreachable(err) && len(t.doubts) == 0 && time.Since(t.began) > rideOut {
				return answer{}, err
			}
		default:
			return answer{}, err
		}
		bound := awayPause
		if hasCode(err, codeWriteConflict) {
			bound = turnPause
			t.store.wait(ctx) // unregistered, it still gets the counter by chance
		}
		if !pause(ctx, bound) {
			return t.resolve(ctx, err)
		}
	}
}

// resolve looks once more for what an attempt in doubt has written, when there
// is no time left to write.
func (t *transaction) resolve(ctx context.Context, err error) (answer, error) {
	if len(t.doubts) == 0 {
		return answer{}, err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), selectTime)
	defer cancel()
	if t.session.StartTransaction() != nil {
		return answer{}, err
	}
	defer t.abort(ctx)
	in := mongo.NewSessionContext(ctx, t.session)
	if _, drawErr := t.store.draw(in, t.token); drawErr != nil {
		return answer{}, err
	}
	if done, found, lookErr := t.written(in); lookErr == nil && found {
		return done, nil
	} else if lookErr == nil {
		t.doubts = nil
	}
	return answer{}, err
}

// attempt runs the batch once, in its turn.
func (t *transaction) attempt(ctx context.Context) (answer, error) {
	if err := t.takeTurn(ctx); err != nil {
		return answer{}, err
	}
	if err := t.session.StartTransaction(); err != nil {
		return answer{}, err
	}
	done, steps, err := t.write(mongo.NewSessionContext(ctx, t.session))
	if err != nil || steps == 0 {
		t.abort(ctx)
		return done, err
	}
	return done, t.commit(ctx, done)
}

// abort gives the counter back, even after ctx has ended: a server would hold
// it for a minute. An error is of no use to anybody, since the server ends the
// transaction anyway, only later.
func (t *transaction) abort(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), selectTime)
	defer cancel()
	t.session.AbortTransaction(ctx)
}

// write does everything of an attempt but the commit, and answers how many
// steps there are to commit. There are none when an earlier attempt turns out
// to be written, or when every request is refused.
func (t *transaction) write(in context.Context) (done answer, steps int, err error) {
	was, err := t.store.draw(in, t.token)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return answer{}, 0, errNoCounter
	} else if err != nil {
		return answer{}, 0, err
	}
	if done, found, err := t.written(in); found || err != nil {
		return done, 0, err
	}
	t.doubts = nil // none of them is written, and none can be any more
	st, err := t.store.look(in, t.batch)
	if err != nil {
		return answer{}, 0, err
	}
	plan := commit.NewPlan(st, was.Last, was.Restoring)
	for _, r := range t.batch {
		r := commit.Request{Writes: r.Writes, Restore: r.Restore}
		if err := plan.Add(&r); err != nil {
			return answer{}, 0, err
		}
		done.requests = append(done.requests, r)
	}
	if len(plan.Steps) == 0 {
		return done, 0, nil
	}
	done.first, done.last = plan.Steps[0].Record.Change, plan.Last
	return done, len(plan.Steps), t.store.apply(in, plan, t.token)
}

// written answers the attempt in doubt that was written after all. It must be
// asked by a transaction that holds the counter: an earlier one of this batch
// held it too, so it has by now ended, one way or the other.
func (t *transaction) written(in context.Context) (done answer, found bool, err error) {
	for _, a := range t.doubts {
		var entries []entry
		q := query{
			collection: history,
			filter:     bson.D{{Key: "_id", Value: a.first}, {Key: "commit", Value: t.token}},
			project:    bson.D{{Key: "commit", Value: 1}},
			limit:      1,
		}
		if err := q.run(in, t.store.db, false, &entries); err != nil {
			return answer{}, false, err
		}
		if len(entries) > 0 {
			t.doubts = nil
			return a, true, nil
		}
	}
	return answer{}, false, nil
}

// commit ends an attempt. Where the answer is lost the driver asks again,
// which is safe: a server commits a transaction once. After an error the
// attempt is in doubt, whatever the error says: it may be about the second
// asking. The next attempt finds out.
func (t *transaction) commit(ctx context.Context, done answer) error {
	within, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	err := t.session.CommitTransaction(within)
	if err != nil {
		t.doubts = append(t.doubts, done)
		t.abort(ctx) // one that was not committed would keep the counter
	}
	return err
}

// pause waits for a random time up to bound, so that processes do not meet
// again at the same moment, and reports whether ctx lives on.
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
