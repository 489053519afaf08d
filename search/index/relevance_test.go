package index_test

import (
	"context"
	"flag"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gather/directory"
	"gather/search"
	"gather/search/relevance"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// relevanceWorld is an index of the judged corpus.
func relevanceWorld(t *testing.T) (*world, *relevance.Corpus) {
	t.Helper()
	c, err := relevance.Read(filepath.Join("../testdata", "relevance"), places(t))
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, now: noon, in: t.TempDir()}
	w.index = openIndex(t, w)
	t.Cleanup(func() {
		if err := w.index.Close(); err != nil {
			t.Error(err)
		}
	})
	var records []directory.Record
	for i, a := range c.Activities {
		records = append(records, record(t, a, int64(i+1)))
	}
	if err := w.index.Apply(context.Background(), records); err != nil {
		t.Fatal(err)
	}
	return w, c
}

// The order of results, as numbers: a change of ranking is a change of the
// golden file.
func TestRelevance(t *testing.T) {
	w, corpus := relevanceWorld(t)
	sums := map[string]*relevance.Measures{}
	var names []string
	add := func(name string) *relevance.Measures {
		if sums[name] == nil {
			sums[name] = &relevance.Measures{}
			names = append(names, name)
		}
		return sums[name]
	}
	var lines []string
	for _, j := range corpus.Searches {
		values, err := url.ParseQuery(j.Query)
		if err != nil {
			t.Fatal(err)
		}
		q, err := search.ParseQuery(values, Words(t))
		if err != nil {
			t.Fatalf("%s: %v", j.ID, err)
		}
		a, err := w.index.Search(context.Background(), q)
		if err != nil {
			t.Fatalf("%s: %v", j.ID, err)
		}
		var got []string
		for _, it := range a.Items {
			got = append(got, corpus.Keys[it.ID])
		}
		set := "tuned on"
		if j.Aside {
			set = "aside"
		}
		for _, name := range []string{"all, " + set, j.Kind + ", " + set} {
			add(name)
		}
		ndcg := sums["all, "+set].Add(j, got)
		sums[j.Kind+", "+set].Add(j, got)
		if os.Getenv("GATHER_RELEVANCE") != "" && !j.Aside {
			lines = append(lines, fmt.Sprintf("%.2f %s %s -> %s", ndcg, j.ID, j.Query, strings.Join(got[:min(len(got), 6)], " ")))
		}
	}
	slices.Sort(names)
	var b strings.Builder
	for _, name := range names {
		fmt.Fprintf(&b, "%-22s %s\n", name, sums[name])
	}
	slices.Sort(lines)
	for _, l := range lines {
		t.Log(l)
	}
	golden := filepath.Join("../testdata", "relevance.golden")
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("the measures are\n%s, and were\n%s; -update rewrites them", b.String(), want)
	}
}
