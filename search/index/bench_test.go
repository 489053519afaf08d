package index_test

import (
	"context"
	"testing"

	"gather/directory"
)

// benchListings is a county's worth of listings.
const benchListings = 10_000

func benchSearch(b *testing.B, question string) {
	w := invented(b, benchListings)
	q := w.query(question)
	total := 0
	for b.Loop() {
		a, err := w.index.Search(context.Background(), q)
		if total = a.Total; err != nil || total == 0 {
			b.Fatalf("%s finds %d, %v", question, total, err)
		}
	}
	b.ReportMetric(float64(total), "matches")
}

func BenchmarkWordsNearWithFacets(b *testing.B) {
	benchSearch(b, "q=gentle+group&near=M33+7DB&within=5&facets=interest,access,day,cost")
}

func BenchmarkFiltersWithFacets(b *testing.B) {
	benchSearch(b, "near=M33+7DB&within=10&access=accessible-toilet&cost=free&day=tue&facets=interest,access,day,cost")
}

func BenchmarkEverythingWithAllFacets(b *testing.B) { benchSearch(b, "facets=all") }

func BenchmarkInterestInBox(b *testing.B) {
	benchSearch(b, "interest=crafts&bbox=-2.6,53.2,-1.2,54&sort=updated")
}

func BenchmarkTypoNationwide(b *testing.B) { benchSearch(b, "q=badmington+comunity") }

func BenchmarkTitleDeepPage(b *testing.B) {
	w := invented(b, benchListings)
	q := w.query("sort=title&limit=100")
	for range 50 {
		a, err := w.index.Search(context.Background(), q)
		if err != nil || a.Next == "" {
			b.Fatal(a.Next, err)
		}
		q.Cursor = a.Next
	}
	for b.Loop() {
		if _, err := w.index.Search(context.Background(), q); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSuggest(b *testing.B) {
	w := invented(b, benchListings)
	for b.Loop() {
		if got, err := w.index.Suggest(context.Background(), "gar", "", "", 8); err != nil || len(got) == 0 {
			b.Fatal(got, err)
		}
	}
}

// BenchmarkApply reports documents a second beside the time of a page.
func BenchmarkApply(b *testing.B) {
	w := invented(b, 0)
	r := newInventor(b, 1)
	const page = 1000
	change := int64(0)
	for b.Loop() {
		b.StopTimer()
		var records []directory.Record
		for i := range page {
			change++
			records = append(records, record(b, r.activity(i, noon), change))
		}
		b.StartTimer()
		if err := w.index.Apply(context.Background(), records); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(page*b.N)/b.Elapsed().Seconds(), "docs/s")
}

// BenchmarkPublishToFound is one listing applied and found, with the rest
// there already.
func BenchmarkPublishToFound(b *testing.B) {
	w := invented(b, benchListings)
	r := newInventor(b, 2)
	q := w.query("q=friendly&near=M33+7DB")
	change := int64(benchListings)
	for b.Loop() {
		change++
		if err := w.index.Apply(context.Background(), []directory.Record{record(b, r.activity(int(change)%100, noon), change)}); err != nil {
			b.Fatal(err)
		}
		if _, err := w.index.Search(context.Background(), q); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkOpen opens an index of a county's listings.
func BenchmarkOpen(b *testing.B) {
	w := invented(b, benchListings)
	for b.Loop() {
		if err := w.index.Close(); err != nil {
			b.Fatal(err)
		}
		w.index = openIndex(b, w)
	}
}
