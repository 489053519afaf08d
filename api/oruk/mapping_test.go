package oruk_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gather/api/oruk"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares body, indented, with a file below testdata.
func golden(t *testing.T, name string, body []byte) {
	t.Helper()
	var got bytes.Buffer
	if err := json.Indent(&got, body, "", "  "); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join("testdata", name+".json")
	if *update {
		if err := os.WriteFile(file, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Bytes(), want) {
		t.Errorf("%s differs; run with -update and read the diff\n%s", file, got.Bytes())
	}
}

func TestEveryMappingAsInItsGoldenFile(t *testing.T) {
	w, byName := full(t)
	for _, k := range kinds() {
		golden(t, "service-"+k.name, w.get("/services/"+byName[k.name].ID, http.StatusOK))
	}
	for _, path := range []string{
		"/services?per_page=2&search=yoga", "/services?minimal=true", "/service_at_locations?per_page=3", "/organizations",
		"/organizations?full=true&search=northgate", "/taxonomies", "/taxonomy_terms?search=hearing",
	} {
		golden(t, "list-"+strings.Trim(strings.NewReplacer("/", "", "?", "-", "&", "-", "=", "-").Replace(path), "-"), w.get(path, http.StatusOK))
	}
	golden(t, "root", w.get("", http.StatusOK))
	var places oruk.Page[oruk.ServiceAtLocation]
	w.read("/service_at_locations?search=quiz", &places)
	golden(t, "service_at_location-online", w.get("/service_at_locations/"+places.Contents[0].ID, http.StatusOK))
	golden(t, "organization", w.get("/organizations/"+byName["everything"].Group, http.StatusOK))
}

func TestNothingPrivateIsShown(t *testing.T) {
	w, _ := full(t)
	for _, path := range []string{"/services?full=true", "/services?format=ndjson&full=true", "/service_at_locations?full=true", "/organizations?full_service=true&full=true"} {
		body := w.get(path, http.StatusOK)
		for _, secret := range []string{"private", "Treasurer", "496 0009", "chair@", "Pending class", "Withdrawn class", "Newcomers", ":null"} {
			if bytes.Contains(body, []byte(secret)) {
				t.Errorf("GET %s shows %q", path, secret)
			}
		}
	}
}
