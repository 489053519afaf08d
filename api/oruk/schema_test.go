package oruk_test

import (
	"bufio"
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"gather/api/oruk"
	"gather/directory"
)

// schemas are the compiled JSON Schemas of the UK profile, by file name. They are
// in a folder next to the project's. Without it the test is skipped, except in
// CI, where it fails.
func schemas(t *testing.T) map[string]*jsonschema.Schema {
	t.Helper()
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
			break
		}
		if filepath.Dir(root) == root {
			t.Fatal("there is no go.mod above the test")
		}
		root = filepath.Dir(root)
	}
	folder := filepath.Join(root, "..", "shared", "schemas", "oruk-v3")
	if _, err := os.Stat(folder); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("the schemas of Open Referral UK are missing: %v", err)
		}
		t.Skipf("the schemas of Open Referral UK are missing: %v", err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	compiler.AssertFormat()
	out := map[string]*jsonschema.Schema{}
	for _, name := range []string{"api_details", "service", "service_list", "service_at_location", "service_at_location_list",
		"organization", "organization_list", "taxonomy", "taxonomy_list", "taxonomy_term", "taxonomy_term_list"} {
		s, err := compiler.Compile(filepath.Join(folder, name+".json"))
		if err != nil {
			t.Fatal(err)
		}
		out[name] = s
	}
	return out
}

// check validates body, and wants no null anywhere in it.
func check(t *testing.T, what string, s *jsonschema.Schema, body []byte) {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	if err := s.Validate(v); err != nil {
		t.Errorf("%s: %v\n%.2000s", what, err, body)
	}
	if at := null(v, ""); at != "" {
		t.Errorf("%s: %s is null", what, at)
	}
}

func null(v any, path string) string {
	switch v := v.(type) {
	case nil:
		return path
	case map[string]any:
		for k, x := range v {
			if at := null(x, path+"."+k); at != "" {
				return at
			}
		}
	case []any:
		for i, x := range v {
			if at := null(x, fmt.Sprintf("%s[%d]", path, i)); at != "" {
				return at
			}
		}
	}
	return ""
}

// TestTheSchemasRefuse checks that the compiled schemas refuse wrong bodies.
func TestTheSchemasRefuse(t *testing.T) {
	all := schemas(t)
	for _, x := range []struct{ schema, body string }{
		{"service", `{"id":"6d0c…","name":"x","status":"active"}`},
		{"service", `{"id":"00000000-0000-4000-8000-000000000001","name":"x","status":"open"}`},
		{"service", `{"id":"00000000-0000-4000-8000-000000000001","name":"x","status":"active","url":null}`},
		{"service_list", `{"contents":[{"id":"00000000-0000-4000-8000-000000000001","name":"x"}]}`},
		{"organization", `{"id":"00000000-0000-4000-8000-000000000001","name":"x"}`},
		{"service", `{"id":"00000000-0000-4000-8000-000000000001","name":"x","status":"active","last_modified":"yesterday"}`},
	} {
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader([]byte(x.body)))
		if err != nil {
			t.Fatal(err)
		}
		if all[x.schema].Validate(v) == nil {
			t.Errorf("%s accepts %s", x.schema, x.body)
		}
	}
}

// TestEveryBodyIsValid reads everything twice: while sessions are changed and a
// pause is on, and years later, when dates and pauses are past.
func TestEveryBodyIsValid(t *testing.T) {
	w, byName := full(t)
	valid(t, w, byName)
	w.serve(w.store, opened.AddDate(3, 6, 0))
	valid(t, w, byName)
}

func valid(t *testing.T, w *world, byName map[string]directory.Activity) {
	t.Helper()
	all := schemas(t)
	check(t, "root", all["api_details"], w.get("", http.StatusOK))
	check(t, "root/", all["api_details"], w.get("/", http.StatusOK))
	for _, x := range []struct{ path, schema string }{
		{"/services", "service"}, {"/service_at_locations", "service_at_location"}, {"/organizations", "organization"},
		{"/taxonomies", "taxonomy"}, {"/taxonomy_terms", "taxonomy_term"},
	} {
		for _, query := range []string{"", "?full=true", "?minimal=true", "?page=2&per_page=3"} {
			if query == "?full=true" && x.schema[:3] == "tax" || query == "?minimal=true" && x.schema != "service" && x.schema != "service_at_location" {
				continue
			}
			body := w.get(x.path+query, http.StatusOK)
			if x.schema == "organization" { // by mistake, that schema describes one organization
				continue
			}
			check(t, x.path+query, all[x.schema+"_list"], body)
		}
		var ids oruk.Page[struct {
			ID string `json:"id"`
		}]
		w.read(x.path+"?per_page=100", &ids)
		if len(ids.Contents) == 0 {
			t.Errorf("%s is empty", x.path)
		}
		for _, id := range ids.Contents {
			check(t, x.path+"/"+id.ID, all[x.schema], w.get(x.path+"/"+id.ID, http.StatusOK))
		}
		for _, line := range lines(t, w.get(x.path+"?format=ndjson", http.StatusOK)) {
			check(t, x.path+" ndjson", all[x.schema], line)
		}
	}
	for _, name := range []string{"full", "full_service"} {
		for _, line := range lines(t, w.get("/organizations?format=ndjson&"+name+"=true", http.StatusOK)) {
			check(t, "organizations "+name, all["organization"], line)
		}
	}
	for _, line := range lines(t, w.get("/services?format=ndjson&full=true", http.StatusOK)) {
		check(t, "services", all["service"], line)
	}
	check(t, "organization", all["organization"], w.get("/organizations/"+byName["least"].Group+"?full_service=true", http.StatusOK))
}

func lines(t *testing.T, body []byte) [][]byte {
	t.Helper()
	var out [][]byte
	in := bufio.NewScanner(bytes.NewReader(body))
	in.Buffer(nil, 1<<20)
	for in.Scan() {
		out = append(out, bytes.Clone(in.Bytes()))
	}
	if in.Err() != nil {
		t.Fatal(in.Err())
	}
	return out
}

// TestAStreamOfTenThousand imports listings and reads all of them back in one
// stream.
func TestAStreamOfTenThousand(t *testing.T) {
	const n = 10_000
	w := open(t)
	g := w.group(northgate())
	samples := kinds()
	var listings []directory.Listing
	for i := range n {
		d := samples[i%len(samples)].Details
		d.Title = fmt.Sprintf("%s %05d", d.Title, i)
		d.Source = &directory.Source{Name: "test", ID: fmt.Sprint(i)}
		listings = append(listings, directory.Listing{Details: d})
	}
	for len(listings) > 0 {
		k := min(len(listings), directory.MaxImport)
		done, err := w.dir.Import(t.Context(), admin, g.ID, listings[:k], false)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range done {
			if x.Outcome != directory.Created {
				t.Fatalf("%+v", x)
			}
		}
		listings = listings[k:]
	}
	service := schemas(t)["service"]
	seen := map[string]bool{}
	for _, line := range lines(t, w.get("/services?format=ndjson&full=true", http.StatusOK)) {
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader(line))
		if err != nil {
			t.Fatal(err)
		}
		id := v.(map[string]any)["id"].(string)
		if seen[id] {
			t.Fatalf("%s is in the stream twice", id)
		}
		seen[id] = true
		if err := service.Validate(v); err != nil {
			t.Fatalf("%v\n%s", err, line)
		}
	}
	if len(seen) != n {
		t.Errorf("%d of %d are in the stream", len(seen), n)
	}
}
