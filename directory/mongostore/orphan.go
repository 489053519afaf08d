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
// with the counter locked: for the minute that MongoDB gives a transaction
// nobody else could write. So each process registers its session in meta
// before it writes, and one that cannot lock the counter ends the sessions of
// those that show no life. To end the session of a process that lives after
// all costs it one attempt. A registration outlives the end of its session:
// a process taken for dead goes on writing under the same one.
const (
	// beatEvery is how old the last beat of a process that writes may be.
	beatEvery = 500 * time.Millisecond
	// lifeless is how much later than the asker's own a beat is missed, on a
	// server that takes beats at once.
	lifeless = 3 * beatEvery
	// stuck is how long a batch does not get the counter before it ends the
	// sessions of the lifeless, and again every beatEvery.
	stuck = time.Second
	// forget is when the registration of a process without life is deleted:
	// long after any transaction of its session has ended.
	forget = 10 * time.Minute
)

// writer is the registration of a process in meta. All times are the server's.
type writer struct {
	ID      string        `bson:"_id"`
	Session bson.Raw      `bson:"session"`
	Seen    bson.DateTime `bson:"seen"`
	// Waiting is since when it has waited for the counter, 0 when it does not.
	Waiting bson.DateTime `bson:"waiting"`
}

// writerPrefix begins the _id of a registration.
const writerPrefix = "writer-"

// presence is the one session that a process writes with, and its
// registration. Only the queue's run uses it, which runs once at a time, and
// the goroutine that beats during a batch.
type presence struct {
	session *mongo.Session
	id      string
	waiting bool // registered as waiting for the counter

	mu   sync.Mutex
	last time.Time     // of the last beat
	took time.Duration // by the last beat
}

// begin answers the session to write with, registered and seen just now.
func (s *Store) begin(ctx context.Context) (*mongo.Session, error) {
	p := &s.presence
	if p.session == nil {
		session, err := s.client.StartSession(options.Session().SetDefaultTransactionOptions(transactions()))
		if err != nil {
			return nil, err
		}
		p.session, p.id = session, writerPrefix+bson.NewObjectID().Hex()
	}
	p.mu.Lock()
	due := time.Since(p.last) > beatEvery
	p.mu.Unlock()
	if due {
		if err := s.beat(ctx); err != nil {
			return nil, err
		}
	}
	return p.session, nil
}

// end takes the registration back. What is left of it after an error does no
// harm.
func (s *Store) end(ctx context.Context) {
	if s.presence.session != nil {
		s.presence.session.EndSession(ctx)
		s.registrations().DeleteOne(ctx, bson.D{{Key: "_id", Value: s.presence.id}})
	}
}

// registrations is the collection of registrations for writing. They are
// advice and need not survive an election, so one member's word is enough:
// a beat must not wait for a slow disk.
func (s *Store) registrations() *mongo.Collection {
	return s.db.Collection(meta, options.Collection().SetWriteConcern(writeconcern.W1()))
}

// register changes the registration, which is made if it is not there, and
// beats with it.
func (s *Store) register(ctx context.Context, change ...bson.E) error {
	ctx, cancel := context.WithTimeout(ctx, selectTime)
	defer cancel()
	start := time.Now()
	_, err := s.registrations().UpdateOne(ctx, bson.D{{Key: "_id", Value: s.presence.id}}, bson.D(change), options.UpdateOne().SetUpsert(true))
	if err == nil {
		s.presence.mu.Lock()
		defer s.presence.mu.Unlock()
		s.presence.last, s.presence.took = time.Now(), time.Since(start)
	}
	return err
}

// beat says that this process lives, at the time of the server.
func (s *Store) beat(ctx context.Context) error {
	return s.register(ctx,
		bson.E{Key: "$set", Value: bson.D{{Key: "session", Value: s.presence.session.ID()}}},
		bson.E{Key: "$currentDate", Value: bson.D{{Key: "seen", Value: true}}})
}

// keepBeating beats until stop is called, which waits for the last beat.
func (s *Store) keepBeating(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var beating sync.WaitGroup
	beating.Go(func() {
		ticker := time.NewTicker(beatEvery)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				s.beat(ctx) // a beat that fails is a beat missed
			case <-ctx.Done():
				return
			}
		}
	})
	return func() {
		cancel()
		beating.Wait()
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

// silence answers for how long a writer has not beaten, by the clock of the
// server, and whether that is too long. Where a beat takes long, as on a slow
// disk, those of others do too.
func (s *Store) silence(all []writer) func(writer) (time.Duration, bool) {
	var own bson.DateTime
	for _, w := range all {
		if w.ID == s.presence.id {
			own = w.Seen
		}
	}
	s.presence.mu.Lock()
	patience := lifeless + 2*s.presence.took
	s.presence.mu.Unlock()
	return func(w writer) (time.Duration, bool) {
		silent := time.Duration(own-w.Seen) * time.Millisecond
		return silent, silent > patience
	}
}

// endLifeless ends the sessions of processes whose beat is missed, and with
// them their transactions.
func (s *Store) endLifeless(ctx context.Context, all []writer) error {
	ctx, cancel := context.WithTimeout(ctx, selectTime)
	defer cancel()
	silence := s.silence(all)
	var sessions, forgotten bson.A
	for _, w := range all {
		silent, dead := silence(w)
		if dead {
			sessions = append(sessions, w.Session)
		}
		if dead && silent > forget {
			forgotten = append(forgotten, w.ID)
		}
	}
	if len(sessions) == 0 {
		return nil
	}
	if err := s.db.RunCommand(ctx, bson.D{{Key: "killSessions", Value: sessions}}).Err(); err != nil || len(forgotten) == 0 {
		return err
	}
	_, err := s.registrations().DeleteMany(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: forgotten}}}})
	return err
}
