package hsds_test

import (
	"path/filepath"
	"testing"

	"gather/directory/bulk"
	"gather/directory/bulk/bulktest"
)

func TestSamples(t *testing.T) {
	for _, file := range []string{"hsds_page.json", "oruk1_page.json", "nested_organisations.json", "tables"} {
		t.Run(file, func(t *testing.T) { bulktest.Sample(t, filepath.Join("testdata", file)) })
	}
}

func FuzzHSDS(f *testing.F) {
	bulktest.Fuzz(f, bulk.HSDS, "testdata/hsds_page.json", "testdata/nested_organisations.json", "../gather/testdata/gather_services.json")
}

func FuzzOpenReferral1(f *testing.F) { bulktest.Fuzz(f, bulk.ORUK1, "testdata/oruk1_page.json") }
