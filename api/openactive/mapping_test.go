package openactive_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"gather/api/openactive"
	"gather/directory"
	"gather/directory/vocabulary"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares body, indented where it is JSON, with a file in testdata.
func golden(t *testing.T, name string, body []byte) {
	t.Helper()
	if strings.HasSuffix(name, ".json") {
		var b bytes.Buffer
		if err := json.Indent(&b, body, "", "  "); err != nil {
			t.Fatal(err)
		}
		body = b.Bytes()
	}
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, body, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(body, want) {
		t.Errorf("%s differs from what it is now; run with -update and read the diff:\n%s", file, body)
	}
}

func TestEveryMappingAsInItsGoldenFile(t *testing.T) {
	w := open(t)
	g := w.group("Northgate Friends")
	ids := map[string]string{}
	var names []string
	for name := range kinds() {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		a := w.publish(g.ID, kinds()[name])
		ids[name] = a.ID
		if name != "everything" {
			continue
		}
		for _, ch := range []directory.SessionChange{
			{Session: "2026-11-24T10:30", Status: "cancelled", Note: "Hall closed"},
			{Session: "2026-11-26T10:30", Status: "moved", To: &directory.SessionDate{Date: "2026-11-27", Start: "11:00", End: "12:15"}},
			{Session: "2026-12-08T10:30", Status: "full"},
		} {
			var err error
			if a, err = w.dir.ChangeSession(t.Context(), admin, a.ID, a.Rev, ch); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, path := range []string{openactive.SeriesPath, openactive.SessionsPath} {
		c := newClient(path)
		c.harvest(w)
		for _, name := range names {
			var all []json.RawMessage
			var keys []string
			for id := range c.has {
				if strings.HasPrefix(id, ids[name]) {
					keys = append(keys, id)
				}
			}
			sort.Strings(keys)
			for _, key := range keys[:min(8, len(keys))] {
				all = append(all, json.RawMessage(c.has[key]))
			}
			body, err := json.Marshal(all)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, strings.TrimPrefix(path, "/openactive/")+"-"+name+".json", body)
		}
	}
	page, err := w.feeds.DatasetPage()
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "dataset.html", page)
}

func TestWhatIsNotForOpenActiveIsInNeitherFeed(t *testing.T) {
	w := open(t)
	g := w.group("Northgate Friends")
	for _, d := range others() {
		w.publish(g.ID, d)
	}
	reg, err := w.dir.Register(t.Context(), directory.Principal{}, directory.GroupDetails{Name: "Newcomers"}, "")
	if err != nil {
		t.Fatal(err)
	}
	w.publish(reg.Group.ID, walk("Pending walk"))
	for _, path := range []string{openactive.SeriesPath, openactive.SessionsPath} {
		c := newClient(path)
		if c.harvest(w); c.seen != 0 {
			t.Errorf("%s shows %v", path, c.has)
		}
	}
}

// TestEveryActivityHasItsOfficialLabel: activities.csv has a label for every
// interest that is mapped.
func TestEveryActivityHasItsOfficialLabel(t *testing.T) {
	words, err := vocabulary.Default()
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile("activities.csv")
	if err != nil {
		t.Fatal(err)
	}
	mapped := 0
	for _, i := range words.Interests() {
		if i.OpenActive == "" {
			continue
		}
		if mapped++; !bytes.Contains(file, []byte("\n"+i.OpenActive+",")) {
			t.Errorf("the interest %s is OpenActive's %s, which has no label in activities.csv", i.ID, i.OpenActive)
		}
	}
	if mapped < 100 {
		t.Errorf("only %d interests are mapped", mapped)
	}
}
