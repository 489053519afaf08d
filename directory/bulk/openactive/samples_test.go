package openactive_test

import (
	"path/filepath"
	"testing"

	"gather/directory/bulk"
	"gather/directory/bulk/bulktest"
)

func TestSamples(t *testing.T) {
	for _, file := range []string{"openactive_old.json", "openactive_feed.json"} {
		t.Run(file, func(t *testing.T) { bulktest.Sample(t, filepath.Join("testdata", file)) })
	}
}

func FuzzOpenActive(f *testing.F) {
	bulktest.Fuzz(f, bulk.OpenActive, "testdata/openactive_old.json", "testdata/openactive_feed.json")
}
