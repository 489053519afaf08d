package mongostore

import (
	"context"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"gather/directory"
	"gather/directory/commit"
)

// Commit writes all of ws in one transaction, or nothing. If the connection
// breaks during the commit it finds out which; if it cannot, the error is
// directory.ErrUnavailable.
func (s *Store) Commit(ctx context.Context, ws []directory.Write) ([]directory.Record, error) {
	if err := commit.Check(ws); err != nil {
		return nil, err
	}
	if len(ws) == 0 {
		return nil, ctx.Err()
	}
	return s.do(ctx, &commit.Request{Writes: ws})
}

// Restore writes revisions as Log returned them.
func (s *Store) Restore(ctx context.Context, rs []directory.Record) error {
	if err := commit.CheckRestore(rs); err != nil {
		return err
	}
	if len(rs) == 0 {
		return ctx.Err()
	}
	_, err := s.do(ctx, &commit.Request{Restore: rs})
	return err
}

// FinishRestore opens the store for reads and writes after a restore.
func (s *Store) FinishRestore(ctx context.Context) error {
	leave, err := s.gate.Enter()
	if err != nil {
		return err
	}
	defer leave()
	within, cancel := context.WithTimeout(ctx, commitTime)
	defer cancel()
	_, err = s.db.Collection(meta).UpdateOne(within,
		bson.D{{Key: "_id", Value: counterID}},
		bson.D{{Key: "$unset", Value: bson.D{{Key: "restoring", Value: ""}}}})
	return failed(ctx, "finish a restore", err)
}

func (s *Store) do(ctx context.Context, r *commit.Request) ([]directory.Record, error) {
	leave, err := s.gate.Enter()
	if err != nil {
		return nil, err
	}
	defer leave()
	return s.queue.Do(ctx, r)
}

// lockCounter writes token to the counter document and returns the counter as
// it was. The write locks the document until the transaction ends: every other
// transaction fails at this step. So transactions run one after the other, and
// each reads all that the ones before it wrote.
func (s *Store) lockCounter(in context.Context, token bson.ObjectID) (was counter, err error) {
	err = s.db.Collection(meta).FindOneAndUpdate(in,
		bson.D{{Key: "_id", Value: counterID}},
		bson.D{{Key: "$set", Value: bson.D{{Key: "commit", Value: token}}}},
		options.FindOneAndUpdate().SetReturnDocument(options.Before),
	).Decode(&was)
	return was, err
}

// state is the commit.State of a whole batch, read with one or two queries.
type state struct {
	heads  map[string]commit.Head
	owners map[string]string
}

// Head returns the newest revision of a record.
func (s state) Head(kind directory.Kind, id string) (commit.Head, error) {
	return s.heads[recordKey(kind, id)], nil
}

// Owner returns the id of the record that has a unique lookup.
func (s state) Owner(kind directory.Kind, name, value string) (string, error) {
	return s.owners[uniqueKey(kind, name, value)], nil
}

// readState reads the state of all records that a batch writes, and of those
// that have the unique lookups it writes.
func (s *Store) readState(in context.Context, batch []*commit.Request) (state, error) {
	keys, uniques := keysOf(batch)
	filter := bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: keys}}}}
	project := bson.D{{Key: "doc", Value: 0}, {Key: "text", Value: 0}}
	var byKey, byUnique []newest
	if err := (query{collection: records, filter: filter, project: project}).run(in, s.db, false, &byKey); err != nil {
		return state{}, err
	}
	if len(uniques) > 0 {
		filter = bson.D{{Key: "unique", Value: bson.D{{Key: "$in", Value: uniques}}}}
		if err := (query{collection: records, filter: filter, project: project}).run(in, s.db, false, &byUnique); err != nil {
			return state{}, err
		}
	}
	st := state{map[string]commit.Head{}, map[string]string{}}
	for _, n := range append(byKey, byUnique...) {
		st.heads[n.Key] = n.head()
		for _, u := range n.Unique {
			st.owners[u] = n.Revision.ID
		}
	}
	return st, nil
}

// keysOf returns the keys and the unique lookups of all records in a batch.
func keysOf(batch []*commit.Request) (keys, uniques []string) {
	collect := func(r directory.Record) {
		keys = append(keys, recordKey(r.Kind, r.ID))
		for _, l := range r.Lookups {
			if l.Unique {
				uniques = append(uniques, uniqueKey(r.Kind, l.Name, l.Value))
			}
		}
	}
	for _, r := range batch {
		for _, w := range r.Writes {
			collect(w.Record)
		}
		for _, rec := range r.Restore {
			collect(rec)
		}
	}
	return keys, uniques
}

// update is what all steps of a plan together do to one record.
type update struct {
	was commit.Head // before the first step
	now newest      // after the last
}

// apply writes the steps of a plan: all of them to history, and the last one
// of each record to records.
func (s *Store) apply(in context.Context, plan *commit.Plan, token bson.ObjectID) error {
	entries := make([]any, len(plan.Steps))
	var order []string
	updates := map[string]update{}
	for i, step := range plan.Steps {
		v := toRevision(step.Record)
		entries[i] = entry{v.Change, v, token}
		n := toNewest(v)
		c, seen := updates[n.Key]
		if !seen {
			c.was = step.Was
			order = append(order, n.Key)
		}
		c.now = n
		updates[n.Key] = c
	}
	if _, err := s.db.Collection(history).InsertMany(in, entries); err != nil {
		return err
	}
	if err := s.replace(in, order, updates); err != nil {
		return err
	}
	set := bson.D{{Key: "last", Value: plan.Last}}
	if plan.Restoring {
		set = append(set, bson.E{Key: "restoring", Value: true})
	}
	_, err := s.db.Collection(meta).UpdateOne(in, bson.D{{Key: "_id", Value: counterID}}, bson.D{{Key: "$set", Value: set}})
	return err
}

// replace writes the newest revisions. It removes released unique lookups
// first, because another record in the same plan may take them.
func (s *Store) replace(in context.Context, order []string, updates map[string]update) error {
	var released []string
	var replaced []mongo.WriteModel
	var added []any
	for _, key := range order {
		c := updates[key]
		if c.was.Rev == 0 {
			added = append(added, c.now)
			continue
		}
		if c.releasesUnique() {
			released = append(released, key)
		}
		replaced = append(replaced, mongo.NewReplaceOneModel().
			SetFilter(bson.D{{Key: "_id", Value: key}}).SetReplacement(c.now))
	}
	col := s.db.Collection(records)
	if len(released) > 0 {
		_, err := col.UpdateMany(in, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: released}}}},
			bson.D{{Key: "$unset", Value: bson.D{{Key: "unique", Value: ""}}}})
		if err != nil {
			return err
		}
	}
	if len(replaced) > 0 {
		if _, err := col.BulkWrite(in, replaced); err != nil {
			return err
		}
	}
	if len(added) > 0 {
		if _, err := col.InsertMany(in, added); err != nil {
			return err
		}
	}
	return nil
}

// releasesUnique reports whether the record loses a unique lookup.
func (c update) releasesUnique() bool {
	for _, l := range c.was.Lookups {
		if l.Unique && !c.was.Gone && !slices.Contains(c.now.Unique, uniqueKey(c.now.Revision.Kind, l.Name, l.Value)) {
			return true
		}
	}
	return false
}
