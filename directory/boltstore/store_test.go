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

// What is acknowledged is on the disk, not only with the system: no test can
// pull the plug, so the settings that bbolt obeys are read.
func TestEveryCommitWaitsForTheDisk(t *testing.T) {
	s, err := boltstore.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if !s.Syncs() {
		t.Error("bbolt acknowledges commits that are not on the disk")
	}
}

func BenchmarkStore(b *testing.B) { storetest.Benchmark(b, engine) }
