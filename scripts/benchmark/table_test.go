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
	one := `{"size":10000,"timings":[
		{"engine":"Gather","state":"clean","kind":"Q1","asked":1,"p50":10,"p95":20,"each":[10]},
		{"engine":"PostGIS","state":"clean","kind":"Q1","asked":1,"p50":400,"p95":900,"each":[400]}]}`
	for name, text := range map[string]string{"10k.json": one, "100k.json": strings.Replace(one, "10000", "100000", 1)} {
		if err := os.WriteFile(filepath.Join(results, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := document(results, docs); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(docs, "performance.md"))
	if err != nil {
		t.Fatal(err)
	}
	if at10, at100 := strings.Index(string(text), "### 10,000 listings"), strings.Index(string(text), "### 100,000 listings"); at10 < 0 || at100 < at10 {
		t.Errorf("sections at %d and %d", at10, at100)
	}
	if !strings.Contains(string(text), "PostGIS | 400 µs | 900 µs | 40 |") {
		t.Errorf("the ratio is not in:\n%s", text)
	}
	picture, err := os.Open(filepath.Join(docs, "performance.svg"))
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
	if lines != 2 {
		t.Errorf("%d lines in the picture, want one for each of two engines in %s", lines, questions.WordsNear)
	}
}
