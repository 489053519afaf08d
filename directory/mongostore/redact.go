package mongostore

import (
	"context"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"gather/directory"
	"gather/directory/commit"
)

// Redact replaces the documents and lookups of superseded revisions. It does
// not lock the counter, because it assigns no change number and a superseded
// revision never becomes the newest again.
//
// The server's oplog and free space contain the old content until the server
// overwrites them.
func (s *Store) Redact(ctx context.Context, rs []directory.Record) error {
	if err := commit.CheckRedact(rs); err != nil {
		return err
	}
	leave, err := s.gate.Enter()
	if err != nil {
		return err
	}
	defer leave()
	if len(rs) == 0 || ctx.Err() != nil {
		return ctx.Err()
	}
	within, cancel := context.WithTimeout(ctx, commitTime)
	defer cancel()
	session, err := s.client.StartSession(options.Session().SetDefaultTransactionOptions(transactionOptions()))
	if err != nil {
		return failed(within, "start a transaction", err)
	}
	defer session.EndSession(context.WithoutCancel(ctx))
	_, err = session.WithTransaction(within, func(in context.Context) (any, error) { return nil, s.redact(in, rs) })
	if errors.Is(err, directory.ErrConflict) || errors.Is(err, directory.ErrNotFound) {
		return err
	}
	return failed(within, "redact", err)
}

func (s *Store) redact(in context.Context, rs []directory.Record) error {
	keys := make([]string, len(rs))
	for i, r := range rs {
		keys[i] = recordKey(r.Kind, r.ID)
	}
	var heads []newest
	q := query{
		collection: records, filter: bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: keys}}}},
		project: bson.D{{Key: "doc", Value: 0}, {Key: "text", Value: 0}},
	}
	if err := q.run(in, s.db, false, &heads); err != nil {
		return err
	}
	newestRev := map[string]int64{}
	for _, h := range heads {
		newestRev[h.Key] = h.Revision.Rev
	}
	models := make([]mongo.WriteModel, len(rs))
	for i, r := range rs {
		if newestRev[keys[i]] == r.Rev {
			return fmt.Errorf("redact %s %q: revision %d is the newest: %w", r.Kind, r.ID, r.Rev, directory.ErrConflict)
		}
		models[i] = redaction(r)
	}
	done, err := s.db.Collection(history).BulkWrite(in, models)
	if err != nil {
		return err
	}
	if done.MatchedCount != int64(len(rs)) {
		return fmt.Errorf("redact: %d of %d revisions are not there: %w", int64(len(rs))-done.MatchedCount, len(rs), directory.ErrNotFound)
	}
	return nil
}

// redaction replaces the document and the lookups of one revision.
func redaction(r directory.Record) mongo.WriteModel {
	v := toRevision(r)
	set, unset := bson.D{}, bson.D{}
	put := func(field string, value any, there bool) {
		if there {
			set = append(set, bson.E{Key: field, Value: value})
		} else {
			unset = append(unset, bson.E{Key: field, Value: ""})
		}
	}
	put("doc", v.Doc, v.Doc != nil)
	put("plain", v.Plain, v.Plain)
	put("text", v.Text, v.Text != "")
	put("lookups", v.Lookups, len(v.Lookups) > 0)
	var update bson.D
	if len(set) > 0 {
		update = append(update, bson.E{Key: "$set", Value: set})
	}
	if len(unset) > 0 {
		update = append(update, bson.E{Key: "$unset", Value: unset})
	}
	return mongo.NewUpdateOneModel().SetUpdate(update).SetFilter(bson.D{
		{Key: "_id", Value: r.Change}, {Key: "kind", Value: r.Kind}, {Key: "id", Value: r.ID}, {Key: "rev", Value: r.Rev},
	})
}
