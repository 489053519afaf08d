package boltstore_test

import (
	"context"
	"os"
	"testing"

	"gather/directory"
	"gather/directory/boltstore"
	"gather/directory/storetest"
)

var engine = storetest.Engine{
	Name: "boltstore",
	New:  func(t testing.TB) string { return t.TempDir() },
	Open: func(_ context.Context, folder string) (directory.Store, error) { return boltstore.Open(folder) },
}

func TestMain(m *testing.M) {
	storetest.Writer(engine)
	os.Exit(m.Run())
}

func TestContract(t *testing.T) { storetest.Run(t, engine) }

func BenchmarkStore(b *testing.B) { storetest.Benchmark(b, engine) }
