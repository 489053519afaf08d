package mongotest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// The environment variables.
const (
	// URIVariable has the URI of a server to test against. Main sets it for the
	// tests if it has started one.
	URIVariable = "GATHER_TEST_MONGODB_URI"
	// whyVariable tells the tests why Main has no server.
	whyVariable = "GATHER_TEST_MONGODB_SKIPPED"
	// ownVariable is set if Main started the server.
	ownVariable = "GATHER_TEST_MONGODB_OWN"
)

// Main runs the tests of a package with a server and returns the exit code. It
// prints which server and version that is, or why there is none; then the tests
// that need one are skipped, or fail if CI=true.
func Main(m *testing.M) int {
	ctx, cancel := context.WithTimeout(context.Background(), startTime)
	defer cancel()
	if uri := os.Getenv(URIVariable); uri != "" {
		v, err := version(ctx, uri)
		fmt.Println("MongoDB server for the tests: that of", URIVariable, v, problem(err))
		return m.Run()
	}
	folder, err := os.MkdirTemp("", "gather-mongo-test-")
	if err != nil {
		fmt.Println(err)
		return 1
	}
	defer os.RemoveAll(folder)
	server, err := start(folder)
	if err != nil {
		fmt.Println("MongoDB server for the tests: SKIPPED:", err)
		os.Setenv(whyVariable, err.Error())
		return m.Run()
	}
	defer server.Kill()
	v, err := version(ctx, server.URI)
	if err != nil {
		fmt.Println("MongoDB server for the tests:", err)
		return 1
	}
	fmt.Println("MongoDB server for the tests:", server.Name(), v)
	os.Setenv(URIVariable, server.URI)
	os.Setenv(ownVariable, "true")
	return m.Run()
}

func problem(err error) string {
	if err == nil {
		return ""
	}
	return "(" + err.Error() + ")"
}

// Name returns the server's program and, for SecantusDB, its version.
func (s *Server) Name() string {
	if s.mongod() {
		return "mongod"
	}
	return filepath.Base(s.program) + " (SecantusDB " + secantusDB + "), as MongoDB"
}

// URI returns the URI of a new database on the server of Main. It is dropped
// when the test ends, unless Main ends the whole server. Without a server it
// skips the test, or fails it if CI=true.
func URI(t testing.TB) string {
	t.Helper()
	base := os.Getenv(URIVariable)
	if base == "" {
		Without(t, os.Getenv(whyVariable))
	}
	name := "gather_test_" + bson.NewObjectID().Hex()
	if os.Getenv(ownVariable) == "" {
		t.Cleanup(func() { drop(t, base, name) })
	}
	return WithDatabase(base, name)
}

// Without skips a test because there is no server, or fails it if CI=true.
func Without(t testing.TB, why string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf("CI must test against MongoDB: %s", why)
	}
	t.Skipf("SKIPPED, no MongoDB: %s", why)
}

func drop(t testing.TB, base, name string) {
	ctx, cancel := context.WithTimeout(context.Background(), startTime)
	defer cancel()
	client, err := mongo.Connect(options.Client().ApplyURI(base))
	if err != nil {
		t.Error(err)
		return
	}
	defer client.Disconnect(ctx)
	if err := client.Database(name).Drop(ctx); err != nil {
		t.Errorf("drop %s: %v", name, err)
	}
}

// WithDatabase adds the name of a database to the URI of a server, which must
// not have one.
func WithDatabase(base, name string) string {
	address, terms, found := strings.Cut(base, "?")
	uri := strings.TrimRight(address, "/") + "/" + name
	if found {
		uri += "?" + terms
	}
	return uri
}

// Launch starts a server, with its data in folder, for a program that is not a
// test. It ends with Kill, or with the program.
func Launch(folder string, args ...string) (*Server, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	return start(folder, args...)
}

// Start starts a server for one test. Server and data are gone when the test
// ends. The arguments are added to those that every test server has.
func Start(t testing.TB, args ...string) *Server {
	t.Helper()
	s, err := start(t.TempDir(), args...)
	if err != nil {
		Without(t, err.Error())
	}
	t.Cleanup(s.Kill)
	return s
}
