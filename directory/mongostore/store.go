// Package mongostore stores a directory in MongoDB: a replica set of any size,
// or Atlas. Any number of processes may share one database.
package mongostore

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"gather/directory"
	"gather/directory/commit"
)

// Time limits. The driver passes each one to the server too (maxTimeMS), so
// that the server does no work for a caller that has given up.
const (
	// readTime is for one page of at most a thousand records by an index.
	readTime = 10 * time.Second
	// commitTime is for one transaction of a thousand records with all its
	// retries. It is well inside the 60 s after which MongoDB aborts one.
	commitTime = 30 * time.Second
	// selectTime is how long a call looks for a server. An election takes
	// longer: the call then fails with directory.ErrUnavailable.
	selectTime = 3 * time.Second
	// monitorEvery is how often the driver checks a server that it considers
	// down. It is shorter than selectTime, so that a short outage fails no
	// call.
	monitorEvery = time.Second
	// closeTime is how long Close waits for connections to end.
	closeTime = 5 * time.Second
)

// Store is a directory.Store in one MongoDB database. Commits are
// acknowledged by a majority of the replica set.
type Store struct {
	client *mongo.Client
	db     *mongo.Database
	queue  *commit.Queue
	gate   commit.Gate
	signal commit.Signal
	id     string

	registration registration

	watching  sync.Once
	watcher   sync.WaitGroup
	stopWatch context.CancelFunc
	watch     context.Context
}

var _ directory.Store = (*Store)(nil)

// Open connects to the database that uri names ("gather" if it names none),
// creates missing collections and indexes, and checks that the server has
// transactions. It fails, with one line that says what to do, for a server
// without transactions, wrong credentials, a member that accepts no writes,
// and another format or other definitions of the indexes. It never drops
// anything. ctx limits only Open itself.
func Open(ctx context.Context, uri string) (*Store, error) {
	client, db, err := connect(ctx, uri)
	if err != nil {
		return nil, err
	}
	s := &Store{client: client, db: db}
	s.queue = commit.NewQueue(s.run)
	s.watch, s.stopWatch = context.WithCancel(context.Background())
	if err := s.prepare(ctx); err != nil {
		s.Close() // its error would hide why the database was refused
		if hasCode(err, codeUnauthorized) {
			return nil, fmt.Errorf("open database %s of MongoDB: %s", db.Name(), missingRole)
		}
		return nil, err
	}
	return s, nil
}

// prepare sets up an empty database, or checks one that is set up.
func (s *Store) prepare(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, commitTime)
	defer cancel()
	if err := checkTransactions(ctx, s.db); err != nil {
		return err
	}
	if err := ensureIndexes(ctx, s.db); err != nil {
		return err
	}
	if err := s.ensureMeta(ctx); err != nil {
		return fmt.Errorf("prepare database %s: %w", s.db.Name(), err)
	}
	last, err := s.readLast(ctx)
	if errors.Is(err, directory.ErrUnfinished) {
		return fmt.Errorf("open database %[1]s: %[2]w, or is under way; wait for it, or drop the database (use %[1]s; db.dropDatabase()) and restore again", s.db.Name(), err)
	} else if err != nil {
		return fmt.Errorf("prepare database %s: %w", s.db.Name(), err)
	}
	s.signal.Advance(last)
	return nil
}

// ensureMeta writes the counter, the format and the store's id if they are
// missing, checks the format and reads the id.
func (s *Store) ensureMeta(ctx context.Context) error {
	var have struct {
		Version int `bson:"version"`
	}
	var store struct {
		UUID string `bson:"uuid"`
	}
	c := s.db.Collection(meta)
	for _, doc := range []any{
		counter{ID: counterID},
		bson.D{{Key: "_id", Value: formatID}, {Key: "version", Value: format}},
		bson.D{{Key: "_id", Value: storeID}, {Key: "uuid", Value: directory.NewUUID()}},
	} {
		if _, err := c.InsertOne(ctx, doc); err != nil && !mongo.IsDuplicateKeyError(err) {
			return err
		}
	}
	if err := c.FindOne(ctx, bson.D{{Key: "_id", Value: formatID}}).Decode(&have); err != nil {
		return err
	}
	if err := c.FindOne(ctx, bson.D{{Key: "_id", Value: storeID}}).Decode(&store); err != nil {
		return err
	}
	s.id = store.UUID
	if have.Version != format {
		return fmt.Errorf("it has format %d and this program reads %d; use the version that wrote it to export, and this one to import",
			have.Version, format)
	}
	return nil
}

// ID returns the unique id of this store.
func (s *Store) ID() string { return s.id }

// Ping returns nil if the primary can read majority-committed data.
func (s *Store) Ping(ctx context.Context) error {
	_, err := s.Last(ctx)
	return err
}

// Close waits for running calls and ends the connections. A second Close does
// nothing.
func (s *Store) Close() error {
	s.stopWatch()
	if !s.gate.Close() {
		return nil
	}
	s.queue.Close()
	s.watching.Do(func() {}) // no watcher starts after this
	s.watcher.Wait()
	ctx, cancel := context.WithTimeout(context.Background(), closeTime)
	defer cancel()
	s.deregister(ctx)
	if err := s.client.Disconnect(ctx); err != nil {
		return fmt.Errorf("disconnect from MongoDB: %w", err)
	}
	return nil
}
