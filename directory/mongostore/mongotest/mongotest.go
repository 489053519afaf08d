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

// The variables of the environment.
const (
	// URIVariable names a server to test against. Main sets it for the tests
	// when it has started one.
	URIVariable = "GATHER_TEST_MONGODB_URI"
	// whyVariable is why there is none, from Main to the tests.
	whyVariable = "GATHER_TEST_MONGODB_SKIPPED"
	// ownVariable is set when the server is one that Main started.
	ownVariable = "GATHER_TEST_MONGODB_OWN"
)

// Main runs the tests of a package with a server and answers the exit code.
// It says on standard output which server and version that is, or why there is
// none; then the tests that need one are skipped, and fail where CI=true.
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

// Name is the server's program and, for one of our own choosing, its version.
func (s *Server) Name() string {
	if s.mongod() {
		return "mongod"
	}
	return filepath.Base(s.program) + " (SecantusDB " + secantusDB + "), as MongoDB"
}

// URI answers the address of a new database on the server of Main. On a
// server that outlives the tests it is dropped when the test ends. Without a
// server it skips the test, and fails it where CI=true.
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

// Without skips a test for want of a server, and fails it where CI=true.
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

// WithDatabase is the URI of a server, which must not name a database, with
// one.
func WithDatabase(base, name string) string {
	address, terms, found := strings.Cut(base, "?")
	uri := strings.TrimRight(address, "/") + "/" + name
	if found {
		uri += "?" + terms
	}
	return uri
}

// Launch starts a server, with its data in folder, for a program that is no
// test. Kill ends it; it also ends with the program.
func Launch(folder string, args ...string) (*Server, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	return start(folder, args...)
}

// Start starts a server of the test's own, which ends with the test, with
// its data in a folder that does not outlive it. The arguments are added to
// those that every test server has.
func Start(t testing.TB, args ...string) *Server {
	t.Helper()
	s, err := start(t.TempDir(), args...)
	if err != nil {
		Without(t, err.Error())
	}
	t.Cleanup(s.Kill)
	return s
}
