package csv_test

import (
	"path/filepath"
	"testing"

	"gather/directory/bulk"
	"gather/directory/bulk/bulktest"
)

func TestSamples(t *testing.T) {
	for _, file := range []string{"sports_clubs.csv", "facilities.csv", "food_banks.csv", "latin1.csv"} {
		t.Run(file, func(t *testing.T) { bulktest.Sample(t, filepath.Join("testdata", file)) })
	}
}

func FuzzCSV(f *testing.F) {
	bulktest.Fuzz(f, bulk.CSV, "testdata/sports_clubs.csv", "testdata/facilities.csv", "testdata/food_banks.csv", "testdata/latin1.csv")
}
