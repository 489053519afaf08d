package mongostore

import (
	"context"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// index is an index that the store needs.
type index struct {
	collection, name string
	keys             bson.D
	unique, sparse   bool
}

var indexes = []index{
	// The log: each record once, at its newest.
	{records, "gather_change", bson.D{{Key: "change", Value: 1}}, true, false},
	// Find, in order of id.
	{records, "gather_lookup", bson.D{{Key: "kind", Value: 1}, {Key: "keys", Value: 1}, {Key: "id", Value: 1}}, false, false},
	// A safeguard: commit.Plan already checks who owns a unique lookup.
	{records, "gather_unique", bson.D{{Key: "unique", Value: 1}}, true, true},
	// History, newest first; unique as a safeguard of revisions.
	{history, "gather_history", bson.D{{Key: "kind", Value: 1}, {Key: "id", Value: 1}, {Key: "rev", Value: -1}}, true, false},
}

// found is an index as the server lists it.
type found struct {
	Name    string   `bson:"name"`
	Key     bson.Raw `bson:"key"`
	Unique  bool     `bson:"unique"`
	Sparse  bool     `bson:"sparse"`
	Partial bson.Raw `bson:"partialFilterExpression"`
	TTL     *float64 `bson:"expireAfterSeconds"`
}

// ensureIndexes creates the indexes that are missing, and fails if one of the
// same name has another definition. It leaves all others alone.
func ensureIndexes(ctx context.Context, db *mongo.Database) error {
	for _, name := range []string{records, history} {
		if err := db.CreateCollection(ctx, name); err != nil && !hasCode(err, codeNamespaceExists) {
			return failed(ctx, "create collection "+name, err)
		}
		have, err := listIndexes(ctx, db.Collection(name))
		if err != nil {
			return failed(ctx, "list the indexes of "+name, err)
		}
		for _, want := range indexes {
			if want.collection != name {
				continue
			}
			if err := want.ensure(ctx, db, have); err != nil {
				return err
			}
		}
	}
	return nil
}

func listIndexes(ctx context.Context, c *mongo.Collection) (map[string]found, error) {
	cursor, err := c.Indexes().List(ctx)
	if err != nil {
		return nil, err
	}
	var all []found
	if err := cursor.All(ctx, &all); err != nil {
		return nil, err
	}
	byName := map[string]found{}
	for _, f := range all {
		byName[f.Name] = f
	}
	return byName, nil
}

func (x index) ensure(ctx context.Context, db *mongo.Database, have map[string]found) error {
	if f, ok := have[x.name]; ok {
		if !x.same(f) {
			return fmt.Errorf("index %s of %s.%s is %s and must be %s; Gather never drops an index: drop it with db.%s.dropIndex(%q), and start again",
				x.name, db.Name(), x.collection, f, x, x.collection, x.name)
		}
		return nil
	}
	opts := options.Index().SetName(x.name)
	if x.unique {
		opts.SetUnique(true)
	}
	if x.sparse {
		opts.SetSparse(true)
	}
	_, err := db.Collection(x.collection).Indexes().CreateOne(ctx, mongo.IndexModel{Keys: x.keys, Options: opts})
	return failed(ctx, fmt.Sprintf("create index %s of %s", x.name, x.collection), err)
}

func (x index) same(f found) bool {
	elements, err := f.Key.Elements()
	if err != nil || len(elements) != len(x.keys) {
		return false
	}
	for i, e := range elements {
		n, ok := e.Value().AsInt64OK()
		if !ok || e.Key() != x.keys[i].Key || int(n) != x.keys[i].Value.(int) {
			return false
		}
	}
	return f.Unique == x.unique && f.Sparse == x.sparse && f.Partial == nil && f.TTL == nil
}

func (x index) String() string {
	return describe(fmt.Sprint(x.keys), x.unique, x.sparse)
}

func (f found) String() string {
	s := describe(f.Key.String(), f.Unique, f.Sparse)
	if f.Partial != nil {
		s += " partial " + f.Partial.String()
	}
	if f.TTL != nil {
		s += fmt.Sprintf(" expiring after %v s", *f.TTL)
	}
	return s
}

func describe(keys string, unique, sparse bool) string {
	if unique {
		keys += " unique"
	}
	if sparse {
		keys += " sparse"
	}
	return keys
}
