package mongostore

import (
	"context"
	"errors"
	"fmt"
	"math"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"gather/directory"
)

// query is a find command for one page of a collection.
type query struct {
	collection string
	filter     bson.D
	sort       bson.D
	project    bson.D
	limit      int
}

// Get returns the newest revision of a record, or directory.ErrNotFound.
func (s *Store) Get(ctx context.Context, kind directory.Kind, id string) (directory.Record, error) {
	rs, err := s.page(ctx, query{collection: records, filter: bson.D{{Key: "_id", Value: recordKey(kind, id)}}, limit: 1})
	if err != nil {
		return directory.Record{}, err
	}
	if len(rs) == 0 {
		return directory.Record{}, fmt.Errorf("%s %q: %w", kind, id, directory.ErrNotFound)
	}
	return rs[0], nil
}

// GetMany returns the newest revisions of those ids that exist, in the order
// of ids.
func (s *Store) GetMany(ctx context.Context, kind directory.Kind, ids []string) ([]directory.Record, error) {
	keys := make(bson.A, len(ids))
	for i, id := range ids {
		keys[i] = recordKey(kind, id)
	}
	found, err := s.page(ctx, query{
		collection: records, filter: bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: keys}}}}, limit: len(ids),
	})
	byID := make(map[string]directory.Record, len(found))
	for _, r := range found {
		byID[r.ID] = r
	}
	rs := make([]directory.Record, 0, len(found))
	for _, id := range ids {
		if r, ok := byID[id]; ok {
			rs = append(rs, r)
		}
	}
	return rs, err
}

// Find returns the newest revisions that have a lookup, in order of id.
func (s *Store) Find(ctx context.Context, kind directory.Kind, name, value, after string, limit int) ([]directory.Record, error) {
	return s.page(ctx, query{
		collection: records,
		filter: bson.D{
			{Key: "kind", Value: kind},
			{Key: "keys", Value: lookupKey(name, value)},
			{Key: "id", Value: bson.D{{Key: "$gt", Value: after}}},
		},
		sort:  bson.D{{Key: "id", Value: 1}},
		limit: limit,
	})
}

// History returns revisions of a record, newest first.
func (s *Store) History(ctx context.Context, kind directory.Kind, id string, before int64, limit int) ([]directory.Record, error) {
	if before <= 0 {
		before = math.MaxInt64
	}
	return s.page(ctx, query{
		collection: history,
		filter: bson.D{
			{Key: "kind", Value: kind},
			{Key: "id", Value: id},
			{Key: "rev", Value: bson.D{{Key: "$lt", Value: before}}},
		},
		sort:  bson.D{{Key: "rev", Value: -1}},
		limit: limit,
	})
}

// Changes returns records by their newest change, oldest first.
func (s *Store) Changes(ctx context.Context, after int64, limit int) ([]directory.Record, error) {
	return s.follow(ctx, records, "change", after, limit)
}

// Log returns all revisions by change, oldest first.
func (s *Store) Log(ctx context.Context, after int64, limit int) ([]directory.Record, error) {
	return s.follow(ctx, history, "_id", after, limit)
}

func (s *Store) follow(ctx context.Context, collection, field string, after int64, limit int) ([]directory.Record, error) {
	return s.page(ctx, query{
		collection: collection,
		filter:     bson.D{{Key: field, Value: bson.D{{Key: "$gt", Value: after}}}},
		sort:       bson.D{{Key: field, Value: 1}},
		limit:      limit,
	})
}

// Last returns the newest change number.
func (s *Store) Last(ctx context.Context) (int64, error) {
	leave, err := s.gate.Enter()
	if err != nil {
		return 0, err
	}
	defer leave()
	n, err := s.readLast(ctx)
	if errors.Is(err, directory.ErrUnfinished) {
		return 0, err
	}
	return n, failed(ctx, "read the newest change", err)
}

func (s *Store) readLast(ctx context.Context) (int64, error) {
	var found []counter
	err := s.read(ctx, query{collection: meta, filter: bson.D{{Key: "_id", Value: counterID}}, limit: 1}, &found)
	if err != nil {
		return 0, err
	}
	if len(found) == 0 {
		return 0, errNoCounter
	}
	if found[0].Restoring {
		return 0, directory.ErrUnfinished
	}
	return found[0].Last, nil
}

// errNoCounter means that somebody deleted the counter, or dropped the
// database, while the store was open.
var errNoCounter = errors.New("the change counter is missing from the database; restore a backup, or start with an empty database")

// page reads records.
func (s *Store) page(ctx context.Context, q query) ([]directory.Record, error) {
	leave, err := s.gate.Enter()
	if err != nil {
		return nil, err
	}
	defer leave()
	if err := ctx.Err(); err != nil || q.limit <= 0 {
		return nil, err
	}
	var found []revision
	if err := s.read(ctx, q, &found); err != nil {
		return nil, failed(ctx, "read "+q.collection, err)
	}
	rs := make([]directory.Record, len(found))
	for i, v := range found {
		if rs[i], err = v.record(); err != nil {
			return nil, err
		}
	}
	return rs, nil
}

// read fills into, a pointer to a slice, with majority-committed documents. It
// retries once if the connection breaks.
func (s *Store) read(ctx context.Context, q query, into any) error {
	ctx, cancel := context.WithTimeout(ctx, readTime)
	defer cancel()
	err := q.run(ctx, s.db, true, into)
	if err != nil && ctx.Err() == nil && mongo.IsNetworkError(err) {
		err = q.run(ctx, s.db, true, into)
	}
	return err
}

// run sends the query as a command: unlike the driver's Find, a command also
// passes the time limit to the server. Inside a transaction, which has its own
// read concern, majority must be false.
func (q query) run(ctx context.Context, db *mongo.Database, majority bool, into any) error {
	command := bson.D{{Key: "find", Value: q.collection}, {Key: "filter", Value: q.filter}}
	if q.sort != nil {
		command = append(command, bson.E{Key: "sort", Value: q.sort})
	}
	if q.project != nil {
		command = append(command, bson.E{Key: "projection", Value: q.project})
	}
	if q.limit > 0 {
		command = append(command, bson.E{Key: "limit", Value: int64(q.limit)}, bson.E{Key: "batchSize", Value: int64(q.limit)})
	}
	if majority {
		command = append(command, bson.E{Key: "readConcern", Value: bson.D{{Key: "level", Value: "majority"}}})
	}
	cursor, err := db.RunCommandCursor(ctx, command)
	if err != nil {
		return err
	}
	return cursor.All(ctx, into)
}
