package mongostore_test

import (
	"context"
	"os"
	"testing"

	"gather/directory"
	"gather/directory/mongostore"
	"gather/directory/mongostore/mongotest"
	"gather/directory/storetest"
)

var engine = storetest.Engine{
	Name: "mongostore",
	New:  mongotest.URI,
	Open: func(ctx context.Context, uri string) (directory.Store, error) { return mongostore.Open(ctx, uri) },
}

func TestMain(m *testing.M) {
	storetest.Writer(engine)
	node()
	os.Exit(mongotest.Main(m))
}

func TestContract(t *testing.T) { storetest.Run(t, engine) }

func BenchmarkStore(b *testing.B) { storetest.Benchmark(b, engine) }
