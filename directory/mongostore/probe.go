package mongostore

import (
	"context"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/readconcern"
	"go.mongodb.org/mongo-driver/v2/mongo/readpref"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"
)

// useReplicaSet says what to do about a server without transactions.
const useReplicaSet = `start mongod with --replSet rs0 and run rs.initiate() once in mongosh (one node is enough), or use Atlas`

// transactionOptions are those of every transaction: it reads one snapshot of
// majority-committed data, and is acknowledged by a majority.
func transactionOptions() *options.TransactionOptionsBuilder {
	return options.Transaction().
		SetReadConcern(readconcern.Snapshot()).
		SetWriteConcern(writeconcern.Majority()).
		SetReadPreference(readpref.Primary())
}

// checkTransactions writes in a transaction, aborts it, and fails if the write
// is still there. Some servers that speak MongoDB's protocol accept the
// commands of a transaction, but apply each write at once: on those a crash
// leaves half a commit.
func checkTransactions(ctx context.Context, db *mongo.Database) error {
	if err := db.CreateCollection(ctx, meta); err != nil && !hasCode(err, codeNamespaceExists) {
		return failed(ctx, "create collection "+meta, err)
	}
	probe := bson.D{{Key: "_id", Value: "probe-" + bson.NewObjectID().Hex()}}
	seen, err := insertAndAbort(ctx, db.Collection(meta), probe)
	switch {
	case hasCode(err, codeIllegalOperation), hasCode(err, codeNoTransactions):
		return fmt.Errorf("%w: it has no transactions; %s", ErrRefused, useReplicaSet)
	case err != nil:
		return failed(ctx, "try a transaction", err)
	case !seen:
		return fmt.Errorf("%w: a transaction does not see its own write; %s", ErrRefused, useReplicaSet)
	}
	deleted, err := db.Collection(meta).DeleteOne(ctx, probe)
	switch {
	case err != nil:
		return failed(ctx, "check that an aborted transaction left nothing", err)
	case deleted.DeletedCount > 0:
		return fmt.Errorf("%w: it keeps the writes of a transaction that was aborted; %s", ErrRefused, useReplicaSet)
	}
	return nil
}

// insertAndAbort inserts probe in a transaction, aborts it, and reports whether
// the transaction could read probe.
func insertAndAbort(ctx context.Context, c *mongo.Collection, probe bson.D) (seen bool, err error) {
	session, err := c.Database().Client().StartSession()
	if err != nil {
		return false, err
	}
	defer session.EndSession(ctx)
	if err := session.StartTransaction(transactionOptions()); err != nil {
		return false, err
	}
	in := mongo.NewSessionContext(ctx, session)
	if _, err = c.InsertOne(in, probe); err == nil {
		err = c.FindOne(in, probe).Err()
		seen = err == nil
		if errors.Is(err, mongo.ErrNoDocuments) {
			err = nil
		}
	}
	if err != nil {
		session.AbortTransaction(ctx) // the first error is the one to report
		return seen, err
	}
	return seen, session.AbortTransaction(ctx)
}
