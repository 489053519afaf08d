package mongostore

import (
	"context"
	"sync"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"
)

// A process that is killed inside a transaction leaves it open on the server,
// with the counter locked: nobody else could write until MongoDB times the
// transaction out, after a minute. So each process registers its session in
// meta before it writes, and keeps the registration alive with heartbeats. A
// process that cannot lock the counter kills the sessions whose heartbeats
// have stopped. If a killed session belongs to a process that is only slow,
// that process loses one attempt. It keeps its registration, and goes on
// writing under the same one.
const (
	// heartbeatEvery is the interval between heartbeats of a process that
	// writes.
	heartbeatEvery = 500 * time.Millisecond
	// expireAfter is how much older than this process's own heartbeat that of
	// another may be before it is taken for dead, on a server without delay.
	expireAfter = 3 * heartbeatEvery
	// takeoverAfter is how long a batch waits for the counter before it kills
	// the sessions of expired writers, and again every heartbeatEvery.
	takeoverAfter = time.Second
	// deleteAfter is the age of its last heartbeat at which a registration is
	// deleted: long after any transaction of its session has ended.
	deleteAfter = 10 * time.Minute
)

// writer is the registration of a process in meta. All times are the server's.
type writer struct {
	ID      string        `bson:"_id"`
	Session bson.Raw      `bson:"session"`
	Seen    bson.DateTime `bson:"seen"`
	// Waiting is when it began to wait for the counter, 0 if it does not wait.
	Waiting bson.DateTime `bson:"waiting"`
}

// writerPrefix is the prefix of the _id of a writer.
const writerPrefix = "writer-"

// registration is the session that this process writes with, and the state of
// its document in meta. It is used by run, of which there is one at a time,
// and by the goroutine that sends heartbeats during a batch.
type registration struct {
	session *mongo.Session
	id      string
	waiting bool // registered as waiting for the counter

	mu   sync.Mutex
	last time.Time     // of the last heartbeat
	took time.Duration // by the last heartbeat
}

// writeSession returns the session to write with, registered and with a
// current heartbeat.
func (s *Store) writeSession(ctx context.Context) (*mongo.Session, error) {
	p := &s.registration
	if p.session == nil {
		session, err := s.client.StartSession(options.Session().SetDefaultTransactionOptions(transactionOptions()))
		if err != nil {
			return nil, err
		}
		p.session, p.id = session, writerPrefix+bson.NewObjectID().Hex()
	}
	p.mu.Lock()
	due := time.Since(p.last) > heartbeatEvery
	p.mu.Unlock()
	if due {
		if err := s.heartbeat(ctx); err != nil {
			return nil, err
		}
	}
	return p.session, nil
}

// deregister ends the session and deletes its registration. Errors are
// ignored: a registration that is left over expires.
func (s *Store) deregister(ctx context.Context) {
	if s.registration.session != nil {
		s.registration.session.EndSession(ctx)
		s.registrations().DeleteOne(ctx, bson.D{{Key: "_id", Value: s.registration.id}})
	}
}

// registrations returns the collection of the registrations, to write to.
// Correctness does not depend on them, and they need not survive an election,
// so one member's acknowledgement is enough: a heartbeat must not wait for a
// slow disk.
func (s *Store) registrations() *mongo.Collection {
	return s.db.Collection(meta, options.Collection().SetWriteConcern(writeconcern.W1()))
}

// register applies change to the registration, and creates it if it does not
// exist. Each call counts as a heartbeat.
func (s *Store) register(ctx context.Context, change ...bson.E) error {
	ctx, cancel := context.WithTimeout(ctx, selectTime)
	defer cancel()
	start := time.Now()
	_, err := s.registrations().UpdateOne(ctx, bson.D{{Key: "_id", Value: s.registration.id}}, bson.D(change), options.UpdateOne().SetUpsert(true))
	if err == nil {
		s.registration.mu.Lock()
		defer s.registration.mu.Unlock()
		s.registration.last, s.registration.took = time.Now(), time.Since(start)
	}
	return err
}

// heartbeat updates the registration with the server's time.
func (s *Store) heartbeat(ctx context.Context) error {
	return s.register(ctx,
		bson.E{Key: "$set", Value: bson.D{{Key: "session", Value: s.registration.session.ID()}}},
		bson.E{Key: "$currentDate", Value: bson.D{{Key: "seen", Value: true}}})
}

// keepAlive sends heartbeats until stop is called. stop waits for the last
// one.
func (s *Store) keepAlive(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var running sync.WaitGroup
	running.Go(func() {
		ticker := time.NewTicker(heartbeatEvery)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				s.heartbeat(ctx) // one that fails counts as missed
			case <-ctx.Done():
				return
			}
		}
	})
	return func() {
		cancel()
		running.Wait()
	}
}

// writers reads all registrations.
func (s *Store) writers(ctx context.Context) ([]writer, error) {
	ctx, cancel := context.WithTimeout(ctx, selectTime)
	defer cancel()
	var all []writer
	q := query{collection: meta, filter: bson.D{{Key: "_id", Value: bson.D{
		{Key: "$gt", Value: writerPrefix}, {Key: "$lt", Value: writerPrefix + "~"}}}}}
	err := q.run(ctx, s.db, false, &all)
	return all, err
}

// overdue returns a function that reports how much older the heartbeat of a
// writer is than this process's own, by the server's clock, and whether the
// writer has expired. The limit grows with the time that the own heartbeat
// took, because those of others are then slow too.
func (s *Store) overdue(all []writer) func(writer) (by time.Duration, expired bool) {
	var own bson.DateTime
	for _, w := range all {
		if w.ID == s.registration.id {
			own = w.Seen
		}
	}
	s.registration.mu.Lock()
	limit := expireAfter + 2*s.registration.took
	s.registration.mu.Unlock()
	return func(w writer) (by time.Duration, expired bool) {
		by = time.Duration(own-w.Seen) * time.Millisecond
		return by, by > limit
	}
}

// killExpired kills the sessions of expired writers, which aborts their
// transactions.
func (s *Store) killExpired(ctx context.Context, all []writer) error {
	ctx, cancel := context.WithTimeout(ctx, selectTime)
	defer cancel()
	overdue := s.overdue(all)
	var sessions, stale bson.A
	for _, w := range all {
		by, expired := overdue(w)
		if expired {
			sessions = append(sessions, w.Session)
		}
		if expired && by > deleteAfter {
			stale = append(stale, w.ID)
		}
	}
	if len(sessions) == 0 {
		return nil
	}
	if err := s.db.RunCommand(ctx, bson.D{{Key: "killSessions", Value: sessions}}).Err(); err != nil || len(stale) == 0 {
		return err
	}
	_, err := s.registrations().DeleteMany(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: stale}}}})
	return err
}
