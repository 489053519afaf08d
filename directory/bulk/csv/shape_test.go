package csv_test

import (
	"strings"
	"testing"

	"gather/directory"
	"gather/directory/bulk"
	"gather/directory/bulk/bulktest"
)

// Files as spreadsheets save them: each has one listing, on the line given.
func TestShapesOfFiles(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		line int
	}{
		"blank rows":             {"name,town,postcode\n,,\nDraughts,Sale,M33 7DB\n,,\n , ,\n", 3},
		"blank rows in quotes":   {"name,town,postcode\n\"\",\"\",\"\"\nDraughts,Sale,M33 7DB\n", 3},
		"blank rows, semicolons": {"name;town;postcode\r\n;;\r\nDraughts;Sale;M33 7DB\r\n;;\r\n", 3},
		"blank rows, tabs":       {"name\ttown\tpostcode\n\t\t\nDraughts\tSale\tM33 7DB\n", 3},
		"rows of spaces":         {"name,town,postcode\n  ,   ,\u00a0\nDraughts,Sale,M33 7DB\n", 3},
		"sep line":               {"sep=;\nname;postcode\nDraughts;M33 7DB\n", 3},
		"sep line in quotes":     {"\"sep=|\"\r\nname|postcode\r\nDraughts|M33 7DB\r\n", 3},
		"sep line, CR":           {"SEP=,\rname,postcode\rDraughts,M33 7DB\r", 3},
		"sep line after a BOM":   {"\ufeffsep=;\nname;postcode\nDraughts;M33 7DB\n", 3},
		"title line":             {"Clubs in spring,,\nname,town,postcode\nDraughts,Sale,M33 7DB\n", 3},
		"title lines":            {"Clubs in spring,,\n,,\nAs of March,,\n\nname,town,postcode\nDraughts,Sale,M33 7DB\n", 6},
		"title without commas":   {"Clubs in spring\nname,town,postcode\nDraughts,Sale,M33 7DB\n", 3},
		"CR":                     {"name,postcode\rDraughts,M33 7DB\r", 2},
		"CR, no last one":        {"name,postcode\rDraughts,M33 7DB", 2},
		"CR with blank rows":     {"name,postcode\r,\rDraughts,M33 7DB\r", 3},
	} {
		d := bulktest.NewDirectory(t)
		r, err := bulktest.Import(t, d, "a list", c.text, bulk.Options{Strict: true})
		if err != nil || r.Total != 1 || r.Created != 1 || r.Rows[0].Line != c.line || r.Rows[0].Title != "Draughts" {
			t.Errorf("%s: %v %+v", name, err, r)
		}
	}
}

func TestErrorsOfASheet(t *testing.T) {
	for _, e := range []string{"#NAME?", "#REF!", "#VALUE!", "#N/A", "#DIV/0!", "#num!"} {
		a, row := one(t, "description", e)
		if a.Description != "" || len(row.Warnings) != 1 {
			t.Errorf("%s became %q (%v)", e, a.Description, row.Warnings)
		}
		d := bulktest.NewDirectory(t)
		r, err := bulktest.Import(t, d, "a list", "name,postcode\n"+e+",M33 7DB\n", bulk.Options{})
		if err != nil || r.Refused != 1 || r.Rows[0].Outcome != directory.Refused || !strings.Contains(r.Rows[0].Faults[0].Field, "title") {
			t.Errorf("a listing called %s: %v %+v", e, err, r)
		}
	}
}
