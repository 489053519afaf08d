package mongostore_test

import (
	"context"
	"errors"
	"maps"
	"net/url"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"gather/directory"
	"gather/directory/mongostore"
	"gather/directory/mongostore/mongotest"
)

// refuses checks that Open fails with one line that contains all of the words.
func refuses(t *testing.T, uri string, words ...string) error {
	t.Helper()
	s, err := mongostore.Open(t.Context(), uri)
	if err == nil {
		s.Close()
		t.Fatalf("opened, want an error with %q", words)
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("error %q has no %q", err, w)
		}
	}
	if strings.Contains(err.Error(), "\n") {
		t.Errorf("the error has more than one line: %q", err)
	}
	if strings.Contains(err.Error(), "secret") {
		t.Errorf("the error contains the password: %q", err)
	}
	return err
}

// TestRefusesServers opens stores on servers that would lose data or accept no
// writes. A proxy makes the test server behave like each of them.
func TestRefusesServers(t *testing.T) {
	for _, c := range []struct {
		name  string
		rule  func(string, bson.Raw) mongotest.Action
		words []string
	}{
		{"look-alike", mongotest.LookAlike, []string{"keeps the writes of a transaction that was aborted", "--replSet", "rs.initiate()"}},
		{"standalone", mongotest.Standalone, []string{"no transactions", "--replSet", "rs.initiate()"}},
		{"secondary", mongotest.Secondary, []string{"takes no writes", "replicaSet="}},
	} {
		t.Run(c.name, func(t *testing.T) {
			direct := mongotest.URI(t)
			p := mongotest.NewProxy(t, direct)
			p.Rule(c.rule)
			err := refuses(t, mongotest.WithDatabase(p.URI, databaseOf(t, direct)), c.words...)
			if !errors.Is(err, mongostore.ErrRefused) {
				t.Errorf("error %v is not ErrRefused", err)
			}
			if n := documents(t, direct, "meta"); n != 0 {
				t.Errorf("the refused server has %d documents in meta: the probe is still there", n)
			}
		})
	}
}

func databaseOf(t *testing.T, uri string) string {
	t.Helper()
	u, err := url.Parse(uri)
	if err != nil {
		t.Fatal(err)
	}
	return u.Path[1:]
}

// database connects a test directly to the database of a store.
func database(t *testing.T, uri string) *mongo.Database {
	t.Helper()
	client, err := mongo.Connect(options.Client().ApplyURI(uri))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Disconnect(context.Background()) })
	return client.Database(databaseOf(t, uri))
}

func documents(t *testing.T, uri, collection string) int64 {
	t.Helper()
	n, err := database(t, uri).Collection(collection).CountDocuments(t.Context(), bson.D{})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestRefusesAddresses(t *testing.T) {
	direct := mongotest.URI(t)
	refuses(t, "mongodb://127.0.0.1:1/", "127.0.0.1:1", "cannot be reached", "check that it runs")
	refuses(t, "mongodb://nowhere.invalid/", "nowhere.invalid", "no such host")
	refuses(t, "http://user:secret@127.0.0.1/", "mongodb://USER:PASSWORD@HOST")
	refuses(t, "mongodb://user:secret%@127.0.0.1/", "%XX")
	refuses(t, "mongodb+srv://user:secret@nowhere.invalid/", "SRV record")
	refuses(t, direct+"?tls=true", "asks for TLS", "does not speak it")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := mongostore.Open(ctx, direct); !errors.Is(err, context.Canceled) {
		t.Errorf("Open with a cancelled context: %v", err)
	}
}

func TestRefusesUsers(t *testing.T) {
	server := mongotest.Start(t)
	admin := database(t, mongotest.WithDatabase(server.URI, "admin"))
	for name, role := range map[string]string{"writer": "readWrite", "reader": "read"} {
		err := admin.RunCommand(t.Context(), bson.D{
			{Key: "createUser", Value: name}, {Key: "pwd", Value: "secret"},
			{Key: "roles", Value: bson.A{bson.D{{Key: "role", Value: role}, {Key: "db", Value: "gather"}}}},
		}).Err()
		if err != nil {
			t.Fatal(err)
		}
	}
	server.Kill()
	if err := server.Restart("--auth"); err != nil {
		t.Fatal(err)
	}
	as := func(user, password string) string {
		return strings.Replace(server.URI, "//", "//"+user+":"+password+"@", 1) + "/gather?authSource=admin"
	}
	refuses(t, as("writer", "secretly"), "user name or password")
	refuses(t, as("nobody", "secret"), "user name or password")
	refuses(t, as("reader", "secret"), "may not read and write", "readWrite")
	refuses(t, server.URI+"/gather", "readWrite")
	s, err := mongostore.Open(t.Context(), as("writer", "secret"))
	if err != nil {
		t.Fatalf("with the right password: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// TestRefusesIndexes opens stores on databases in which an index has another
// definition.
func TestRefusesIndexes(t *testing.T) {
	for _, c := range []struct {
		name, collection, index string
		model                   mongo.IndexModel
	}{
		{"other keys", "records", "gather_lookup", mongo.IndexModel{Keys: bson.D{{Key: "kind", Value: 1}}}},
		{"other order", "history", "gather_history", mongo.IndexModel{
			Keys: bson.D{{Key: "kind", Value: 1}, {Key: "id", Value: 1}, {Key: "rev", Value: 1}}, Options: options.Index().SetUnique(true)}},
		{"not unique", "records", "gather_unique", mongo.IndexModel{
			Keys: bson.D{{Key: "unique", Value: 1}}, Options: options.Index().SetSparse(true)}},
		{"not sparse", "records", "gather_unique", mongo.IndexModel{
			Keys: bson.D{{Key: "unique", Value: 1}}, Options: options.Index().SetUnique(true)}},
	} {
		t.Run(c.name, func(t *testing.T) {
			uri := mongotest.URI(t)
			if c.model.Options == nil {
				c.model.Options = options.Index()
			}
			c.model.Options.SetName(c.index)
			view := database(t, uri).Collection(c.collection).Indexes()
			if _, err := view.CreateOne(t.Context(), c.model); err != nil {
				t.Fatal(err)
			}
			before := listed(t, view)[c.index]
			refuses(t, uri, "index "+c.index, "must be", "dropIndex")
			if after := listed(t, view)[c.index]; after != before {
				t.Errorf("the index was %s, is %s", before, after)
			}
		})
	}
}

// listed returns every index of a collection, by name, as the server lists it.
func listed(t *testing.T, view mongo.IndexView) map[string]string {
	t.Helper()
	cursor, err := view.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var all []bson.Raw
	if err := cursor.All(t.Context(), &all); err != nil {
		t.Fatal(err)
	}
	names := map[string]string{}
	for _, x := range all {
		names[x.Lookup("name").StringValue()] = x.String()
	}
	return names
}

// TestKeepsIndexes: a second start changes nothing, and indexes that an
// operator added stay.
func TestKeepsIndexes(t *testing.T) {
	uri := mongotest.URI(t)
	openStore(t, uri)
	view := database(t, uri).Collection("records").Indexes()
	if _, err := view.CreateOne(t.Context(), mongo.IndexModel{Keys: bson.D{{Key: "doc.title", Value: 1}}}); err != nil {
		t.Fatal(err)
	}
	before := listed(t, view)
	openStore(t, uri)
	if after := listed(t, view); !maps.Equal(after, before) {
		t.Errorf("indexes were %s, are %s", before, after)
	}
}

func TestRefusesFormat(t *testing.T) {
	uri := mongotest.URI(t)
	openStore(t, uri)
	_, err := database(t, uri).Collection("meta").UpdateByID(t.Context(), "format", bson.D{{Key: "$set", Value: bson.D{{Key: "version", Value: 2}}}})
	if err != nil {
		t.Fatal(err)
	}
	refuses(t, uri, "format 2", "export")
}

// TestCounterDeleted: somebody emptied the database of a running store.
func TestCounterDeleted(t *testing.T) {
	uri := mongotest.URI(t)
	s := openStore(t, uri)
	if _, err := database(t, uri).Collection("meta").DeleteOne(t.Context(), bson.D{{Key: "_id", Value: "changes"}}); err != nil {
		t.Fatal(err)
	}
	_, commitErr := s.Commit(t.Context(), publish(0))
	_, lastErr := s.Last(t.Context())
	for what, err := range map[string]error{"Commit": commitErr, "Last": lastErr} {
		if err == nil || errors.Is(err, directory.ErrUnavailable) || !strings.Contains(err.Error(), "backup") {
			t.Errorf("%s: %v, want an error that says what to do, and not ErrUnavailable", what, err)
		}
	}
}
