package index_test

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"gather/directory"
	"gather/search"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// judged is a search with what it should find, see testdata/relevance.
type judged struct {
	ID, Kind, Query string
	Aside, Unmet    bool
	grades          map[string]int
}

// readLines reads one JSON value a line.
func readLines[T any](t *testing.T, name string) (all []T) {
	t.Helper()
	f, err := os.Open(filepath.Join("../testdata", "relevance", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var one T
		if err := json.Unmarshal(lines.Bytes(), &one); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		all = append(all, one)
	}
	if err := lines.Err(); err != nil || len(all) == 0 {
		t.Fatal(name, len(all), err)
	}
	return all
}

// relevanceWorld is an index of the corpus; the ids of its listings carry
// their place in it.
func relevanceWorld(t *testing.T) (w *world, keys map[string]string) {
	t.Helper()
	type line struct {
		Key, Group, Confirmed string
		directory.Details
	}
	w = &world{t: t, now: noon, in: t.TempDir()}
	w.index = openIndex(t, w)
	t.Cleanup(func() {
		if err := w.index.Close(); err != nil {
			t.Error(err)
		}
	})
	keys = map[string]string{}
	groups := map[string]string{}
	var records []directory.Record
	for i, l := range readLines[line](t, "corpus.jsonl") {
		confirmed, err := time.Parse(time.DateOnly, l.Confirmed)
		if err != nil {
			t.Fatal(err)
		}
		if groups[l.Group] == "" {
			groups[l.Group] = fmt.Sprintf("00000000-0000-4000-9000-%012d", len(groups))
		}
		a := directory.Activity{
			ID: fmt.Sprintf("00000000-0000-4000-8000-%012d", i), Group: groups[l.Group], GroupName: l.Group, Status: directory.StatusPublished,
			Created: confirmed, Updated: confirmed, Checked: directory.Checked{At: confirmed, By: "publisher", How: "owner"}, Details: l.Details,
		}
		if v := a.Venue; v != nil {
			at, err := places(t).Postcode(v.Address.Postcode)
			if err != nil {
				t.Fatalf("%s: %v", l.Key, err)
			}
			a.Located = &at
		}
		keys[a.ID] = l.Key
		records = append(records, record(t, a, int64(i+1)))
	}
	if err := w.index.Apply(context.Background(), records); err != nil {
		t.Fatal(err)
	}
	return w, keys
}

func judgedSearches(t *testing.T) []*judged {
	t.Helper()
	all := readLines[*judged](t, "queries.jsonl")
	byID := map[string]*judged{}
	for _, j := range all {
		j.grades = map[string]int{}
		byID[j.ID] = j
	}
	f, err := os.Open(filepath.Join("../testdata", "relevance", "judgements.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		grade, err := strconv.Atoi(row[2])
		if err != nil || byID[row[0]] == nil {
			t.Fatal(row, err)
		}
		byID[row[0]].grades[row[1]] = grade
	}
	return all
}

// measures are sums over searches.
type measures struct {
	n, judged, empty  int
	gain, rank, found float64
}

// depth is how far down answers are looked at for the gain, and for what is
// found at all: a page that is read, and one that is glanced at.
const (
	gainDepth  = 10
	foundDepth = 20
)

// measure adds one answer: normalised discounted cumulative gain with gains of
// 2^grade-1, the reciprocal rank of the first grade of 2 or 3, and the share
// of those that were found.
func (m *measures) measure(j *judged, keys []string) (ndcg float64) {
	m.n++
	if len(keys) == 0 && !j.Unmet {
		m.empty++
	}
	if len(j.grades) == 0 {
		return math.NaN()
	}
	m.judged++
	discounted := func(at, grade int) float64 { return (math.Exp2(float64(grade)) - 1) / math.Log2(float64(at)+2) }
	var gain, ideal, good, rank, found float64
	for at, key := range keys[:min(len(keys), foundDepth)] {
		grade := j.grades[key]
		if at < gainDepth {
			gain += discounted(at, grade)
		}
		if grade >= 2 {
			found++
			if rank == 0 {
				rank = 1 / float64(at+1)
			}
		}
	}
	var grades []int
	for _, g := range j.grades {
		grades = append(grades, g)
		if g >= 2 {
			good++
		}
	}
	slices.SortFunc(grades, func(a, b int) int { return b - a })
	for at, g := range grades[:min(len(grades), gainDepth)] {
		ideal += discounted(at, g)
	}
	if good == 0 {
		found, good, rank = 1, 1, 1 // nothing good is there to be missed
	}
	m.gain, m.rank, m.found = m.gain+gain/ideal, m.rank+rank, m.found+found/good
	return gain / ideal
}

func (m *measures) String() string {
	n := float64(max(m.judged, 1))
	return fmt.Sprintf("%3d searches  nDCG@10 %.3f  MRR %.3f  recall@20 %.3f  empty %d", m.n, m.gain/n, m.rank/n, m.found/n, m.empty)
}

// The order of results, as numbers: a change of ranking is a change of the
// golden file.
func TestRelevance(t *testing.T) {
	w, keys := relevanceWorld(t)
	sums := map[string]*measures{}
	var names []string
	add := func(name string) *measures {
		if sums[name] == nil {
			sums[name] = &measures{}
			names = append(names, name)
		}
		return sums[name]
	}
	var lines []string
	for _, j := range judgedSearches(t) {
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
			got = append(got, keys[it.ID])
		}
		set := "tuned on"
		if j.Aside {
			set = "aside"
		}
		for _, name := range []string{"all, " + set, j.Kind + ", " + set} {
			add(name)
		}
		ndcg := sums["all, "+set].measure(j, got)
		sums[j.Kind+", "+set].measure(j, got)
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
