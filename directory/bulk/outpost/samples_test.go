package outpost_test

import (
	"path/filepath"
	"testing"

	"gather/directory/bulk"
	"gather/directory/bulk/bulktest"
)

func TestSamples(t *testing.T) {
	for _, file := range []string{"outpost_page.json"} {
		t.Run(file, func(t *testing.T) { bulktest.Sample(t, filepath.Join("testdata", file)) })
	}
}

func FuzzOutpost(f *testing.F) { bulktest.Fuzz(f, bulk.Outpost, "testdata/outpost_page.json") }
