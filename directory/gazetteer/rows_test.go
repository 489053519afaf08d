package gazetteer

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// FuzzRows reads files of every format in memory, since imports from disk would
// run only a few times a second. It is inside the package for that reason alone.
func FuzzRows(f *testing.F) {
	for _, name := range []string{"onspd-2018.csv", "nspl-2025.csv", "code-point-open.csv", "os-open-names.csv", "plain.csv"} {
		text, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add([]byte("LAD25CD,LAD25NM\nN09000003,Belfast\n"))
	known, err := Open("")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		im := freshImporter(known, Options{IncludeNI: true})
		if err := im.readFile(t.Context(), "fuzz.csv", bytes.NewReader(text), true); err != nil {
			t.Fatalf("reading from memory: %v", err)
		}
		r := im.report
		rows, left := r.Files[0].Rows, 0
		for _, n := range r.Skipped {
			left += n
		}
		if taken := r.Units + r.Places + r.Districts; taken+left != rows {
			t.Errorf("%d taken and %d left of %d rows", taken, left, rows)
		}
		if faults := len(r.Faults) + r.MoreFaults; faults < r.Skipped[SkipFault] {
			t.Errorf("%d faults told of %d", faults, r.Skipped[SkipFault])
		}
		if im.builder.Len() != r.Units {
			t.Errorf("%d postcodes kept of %d taken", im.builder.Len(), r.Units)
		}
		for _, fault := range r.Faults {
			if fault.What == "" || fault.Fix == "" {
				t.Errorf("fault %+v", fault)
			}
		}
	})
}
