package gather_test

import (
	"path/filepath"
	"testing"

	"gather/directory/bulk"
	"gather/directory/bulk/bulktest"
)

func TestSamples(t *testing.T) {
	for _, file := range []string{"listings.jsonl", "gather_services.json"} {
		t.Run(file, func(t *testing.T) { bulktest.Sample(t, filepath.Join("testdata", file)) })
	}
}

func FuzzJSONLines(f *testing.F) { bulktest.Fuzz(f, bulk.JSONLines, "testdata/listings.jsonl") }
