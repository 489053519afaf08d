package main

import (
	"encoding/xml"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"benchmark/questions"
)

func TestPercentile(t *testing.T) {
	for _, c := range []struct {
		values []float64
		p      float64
		want   float64
	}{
		{[]float64{3, 1, 2}, 50, 2}, {[]float64{4, 3, 2, 1}, 50, 2}, {[]float64{1, 2, 3, 4}, 95, 4}, {[]float64{7}, 99, 7}, {[]float64{2, 1}, 0, 1},
	} {
		if got := percentile(c.values, c.p); got != c.want {
			t.Errorf("percentile(%v, %v) = %v, want %v", c.values, c.p, got, c.want)
		}
	}
}

func TestRatioIsTheGeometricMean(t *testing.T) {
	base, other := &Timing{Each: []float64{1, 10}}, &Timing{Each: []float64{4, 90}}
	if got := other.ratio(base); math.Abs(got-6) > 1e-9 {
		t.Errorf("ratio %v, want 6", got)
	}
	if got := other.ratio(nil); !math.IsNaN(got) {
		t.Errorf("ratio to nothing is %v", got)
	}
}

func TestShort(t *testing.T) {
	for v, want := range map[float64]string{0.1234: "0.123", 12.34: "12.3", 1234.5: "1,235", 1e6: "1,000,000", 7: "7", 999: "999"} {
		if got := short(v); got != want {
			t.Errorf("short(%v) = %q, want %q", v, got, want)
		}
	}
}

func TestDocument(t *testing.T) {
	results, docs := t.TempDir(), t.TempDir()
	one := `{"size":10000,"engines":["gather","postgres"],"kinds":["Q1","Q2"],"plans":["auto"],"timings":[
		{"engine":"Gather","state":"clean","kind":"Q1","asked":1,"p50":10,"p95":20,"each":[10]},
		{"engine":"PostGIS","state":"clean","kind":"Q1","asked":1,"p50":400,"p95":900,"each":[400]}]}`
	for name, text := range map[string]string{"10k.json": one, "100k.json": strings.Replace(one, "10000", "100000", 1)} {
		if err := os.WriteFile(filepath.Join(results, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	const before, after = "# Performance\n\n<!-- numbers: written by a program -->\n", "<!-- end of numbers -->\n\nMore.\n"
	if err := document(results, docs); err == nil {
		t.Error("a missing page is no error")
	}
	if err := os.WriteFile(filepath.Join(docs, "performance.md"), []byte(before+"outdated\n"+after), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := document(results, docs); err != nil {
		t.Fatal(err)
	}
	read := func(name string) string {
		t.Helper()
		b, err := os.ReadFile(filepath.Join(docs, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	text := read("measurements/10k.md")
	for name, title := range map[string]string{"10k": "# 10,000 listings\n", "100k": "# 100,000 listings\n"} {
		if got := read("measurements/" + name + ".md"); !strings.HasPrefix(got, title) {
			t.Errorf("the page of %s begins with %.40q", name, got)
		}
	}
	if !strings.Contains(text, "PostGIS | 400 µs | 900 µs | 40 |") {
		t.Errorf("the ratio is not in:\n%s", text)
	}
	for _, said := range []string{
		"engines gather, postgres, kinds Q1, Q2, plans auto. Load", "Kinds of question not measured at this size: Q1n, Q2, Q2b, Q3, Q4, Q5, Q6.\n",
	} {
		if !strings.Contains(text, said) {
			t.Errorf("%q is not in:\n%s", said, text)
		}
	}
	picture, err := os.Open(filepath.Join(docs, "measurements", "performance.svg"))
	if err != nil {
		t.Fatal(err)
	}
	defer picture.Close()
	lines := 0
	for d := xml.NewDecoder(picture); ; {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatalf("the picture is not XML: %v", err)
		}
		if e, ok := token.(xml.StartElement); ok && e.Name.Local == "polyline" {
			lines++
		}
	}
	text = read("performance.md")
	if !strings.HasPrefix(text, before+"| what |") || !strings.HasSuffix(text, "|\n"+after) || strings.Contains(text, "outdated") {
		t.Errorf("the page of the numbers is\n%s", text)
	}
	for _, row := range []string{
		"| words, 5 miles, facets | 20 times faster at 1M, 40 at 100k | 40 times: holds | not measured |",
		"| suggestions, 95 in 100 | under 20 µs | not measured | not measured |",
	} {
		if !strings.Contains(text, row+"\n") {
			t.Errorf("the row %q is not in:\n%s", row, text)
		}
	}
	if lines != 2 {
		t.Errorf("%d lines in the picture, want one for each of two engines in %s", lines, questions.WordsNear)
	}
}

// TestTargetsNameFactsThatAreMeasured checks the names of facts: a target that
// reads a misspelt name would always be "not measured".
func TestTargetsNameFactsThatAreMeasured(t *testing.T) {
	r := &Result{Size: 1_000_000}
	for _, engine := range []string{"Gather", "PostGIS"} {
		for _, state := range []string{clean, updated} {
			for _, k := range questions.Kinds {
				r.Timings = append(r.Timings, Timing{Engine: engine, State: state, Kind: k.Kind, P50: 1, P95: 1, Each: []float64{1}})
			}
		}
	}
	for _, f := range []Fact{
		{"HTTP", "published to found, 99 in 100", 1, "ms"}, {"nodes", "published on one to found on the other, 99 in 100", 1, "ms"},
		{"HTTP", "Q1, 64 connections", 1, ""}, {"HTTP", "Q1, 64 connections, 99 in 100", 1, "ms"}, {"HTTP", "memory of the server, all", 1, "MiB"},
		{"gather", "rebuild the index from the store", 1, "s"}, {"Gather", "open the index", 1, "ms"}, {"HTTP", "start and answer the first search", 1, "s"},
		{"Gather", "Q1 during a rebuild, 95 in 100, against quiet", 1, "times"}, {"Gather", "Q2 during a rebuild, 95 in 100, against quiet", 1, "times"},
		{"Gather", "Q1 during writes and a compaction, 95 in 100, against quiet", 1, "times"}, {"Gather", "Q2 during writes and a compaction, 95 in 100, against quiet", 1, "times"},
	} {
		r.Facts = append(r.Facts, f)
	}
	if text := numbers([]*Result{r}); strings.Count(text, "not measured") != len(rows(targets)) {
		t.Errorf("at 1M something is not measured:\n%s", text)
	}
}
