package mongostore

import (
	"context"
	"sync"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// A process that is killed inside a transaction leaves it open on the server,
// with the counter in it: for the minute that MongoDB gives a transaction
// nobody else could write. So each process that writes registers its session
// in meta, and one that cannot get at the counter ends the sessions of those
// that show no life. To end the session of a process that lives after all
// costs it one attempt.
const (
	// beatEvery is how often a process says that it lives, during a batch
	// that takes longer than that.
	beatEvery = 500 * time.Millisecond
	// lifeless is how much later than the asker's own a beat is missed.
	lifeless = 3 * beatEvery
	// stuck is how long a batch does not get at the counter before it looks
	// for one who has it and is dead.
	stuck = 2 * time.Second
	// registerAgain is how often a registration is renewed, should somebody
	// have taken a process for dead.
	registerAgain = time.Minute
)

// writer is the registration of a process in meta.
type writer struct {
	ID      string        `bson:"_id"`
	Session bson.Raw      `bson:"session"`
	Seen    bson.DateTime `bson:"seen"`
}

// writerPrefix begins the _id of a registration.
const writerPrefix = "writer-"

// presence is the one session that a process writes with, and its
// registration. Only the queue's run uses it, which runs once at a time.
type presence struct {
	session    *mongo.Session
	id         string
	registered time.Time
}

// begin answers the session to write with, registered.
func (s *Store) begin(ctx context.Context) (*mongo.Session, error) {
	p := &s.presence
	if p.session == nil {
		session, err := s.client.StartSession(options.Session().SetDefaultTransactionOptions(transactions()))
		if err != nil {
			return nil, err
		}
		p.session, p.id = session, writerPrefix+bson.NewObjectID().Hex()
	}
	if time.Since(p.registered) > registerAgain {
		if err := s.beat(ctx); err != nil {
			return nil, err
		}
		p.registered = time.Now()
	}
	return p.session, nil
}

// end takes the registration back. What is left of it after an error does no
// harm.
func (s *Store) end(ctx context.Context) {
	if s.presence.session != nil {
		s.presence.session.EndSession(ctx)
		s.db.Collection(meta).DeleteOne(ctx, bson.D{{Key: "_id", Value: s.presence.id}})
	}
}

// beat says that this process lives, at the time of the server.
func (s *Store) beat(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, selectTime)
	defer cancel()
	_, err := s.db.Collection(meta).UpdateOne(ctx,
		bson.D{{Key: "_id", Value: s.presence.id}},
		bson.D{
			{Key: "$set", Value: bson.D{{Key: "session", Value: s.presence.session.ID()}}},
			{Key: "$currentDate", Value: bson.D{{Key: "seen", Value: true}}},
		},
		options.UpdateOne().SetUpsert(true))
	return err
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

// endLifeless ends the sessions of processes whose beat is missed, and with
// them their transactions.
func (s *Store) endLifeless(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, selectTime)
	defer cancel()
	var all []writer
	q := query{collection: meta, filter: bson.D{{Key: "_id", Value: bson.D{
		{Key: "$gt", Value: writerPrefix}, {Key: "$lt", Value: writerPrefix + "~"}}}}}
	if err := q.run(ctx, s.db, true, &all); err != nil {
		return err
	}
	var own bson.DateTime
	for _, w := range all {
		if w.ID == s.presence.id {
			own = w.Seen
		}
	}
	var sessions bson.A
	var ids bson.A
	for _, w := range all {
		if own-w.Seen > bson.DateTime(lifeless/time.Millisecond) {
			sessions, ids = append(sessions, w.Session), append(ids, w.ID)
		}
	}
	if len(sessions) == 0 {
		return nil
	}
	if err := s.db.RunCommand(ctx, bson.D{{Key: "killSessions", Value: sessions}}).Err(); err != nil {
		return err
	}
	_, err := s.db.Collection(meta).DeleteMany(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}})
	return err
}
