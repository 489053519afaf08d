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

// replicaSet is what to do about a server without transactions.
const replicaSet = `start mongod with --replSet rs0 and run rs.initiate() once in mongosh (one node is enough), or use Atlas`

// transactions are the terms of every transaction: it sees one moment that a
// majority has, and is acknowledged when a majority has it.
func transactions() *options.TransactionOptionsBuilder {
	return options.Transaction().
		SetReadConcern(readconcern.Snapshot()).
		SetWriteConcern(writeconcern.Majority()).
		SetReadPreference(readpref.Primary())
}

// prove writes in a transaction, aborts it, and looks whether anything stayed.
// Some servers that speak MongoDB's protocol take the words of a transaction
// and keep each write at once: on those a crash leaves half a commit.
func prove(ctx context.Context, db *mongo.Database) error {
	if err := db.CreateCollection(ctx, meta); err != nil && !hasCode(err, codeNamespaceExists) {
		return failed(ctx, "make collection "+meta, err)
	}
	probe := bson.D{{Key: "_id", Value: "probe-" + bson.NewObjectID().Hex()}}
	seen, err := abandon(ctx, db.Collection(meta), probe)
	switch {
	case hasCode(err, codeIllegalOperation), hasCode(err, codeNoTransactions):
		return fmt.Errorf("%w: it has no transactions; %s", ErrRefused, replicaSet)
	case err != nil:
		return failed(ctx, "try a transaction", err)
	case !seen:
		return fmt.Errorf("%w: a transaction does not see its own write; %s", ErrRefused, replicaSet)
	}
	left, err := db.Collection(meta).DeleteOne(ctx, probe)
	switch {
	case err != nil:
		return failed(ctx, "look for what an aborted transaction left", err)
	case left.DeletedCount > 0:
		return fmt.Errorf("%w: it keeps the writes of a transaction that was aborted; %s", ErrRefused, replicaSet)
	}
	return nil
}

// abandon inserts probe in a transaction that it aborts, and reports whether
// the transaction saw it.
func abandon(ctx context.Context, c *mongo.Collection, probe bson.D) (seen bool, err error) {
	session, err := c.Database().Client().StartSession()
	if err != nil {
		return false, err
	}
	defer session.EndSession(ctx)
	if err := session.StartTransaction(transactions()); err != nil {
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
		session.AbortTransaction(ctx) // the first error is the one to tell
		return seen, err
	}
	return seen, session.AbortTransaction(ctx)
}
