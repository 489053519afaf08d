package bulk_test

import (
	"testing"

	"gather/directory/bulk"
	"gather/directory/bulk/bulktest"
)

func FuzzAnyFormat(f *testing.F) {
	bulktest.Fuzz(f, bulk.Auto, "csv/testdata/sports_clubs.csv", "hsds/testdata/hsds_page.json", "outpost/testdata/outpost_page.json", "gather/testdata/listings.jsonl", "hsds/testdata/oruk1_page.json", "openactive/testdata/openactive_old.json", "openactive/testdata/openactive_feed.json", "hsds/testdata/nested_organisations.json")
}
