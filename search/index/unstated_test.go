package index_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"gather/directory"
)

// What says nothing of access that was asked for comes after what says yes in
// every order, and on every page: here it would come first in all of them.
func TestUnstatedAccessComesLastInEveryOrder(t *testing.T) {
	var listings []directory.Details
	for i, title := range []string{"X yes", "Y yes", "Z yes", "A silent", "B silent", "C silent"} {
		d := directory.Details{
			Title: title + " walk", Delivery: []string{"venue"}, Venue: venue("M33 7DB"), Schedule: weekly("tue", "09:00", "10:00"),
		}
		if strings.HasSuffix(title, "yes") {
			d.Venue, d.Schedule = venue("M31 4QN"), weekly("fri", fmt.Sprintf("1%d:00", i), "20:00")
			d.Access = yes("step-free")
		}
		listings = append(listings, d)
	}
	w := newWorld(t, listings[:3]...)
	w.at(noon.Add(time.Hour)) // what is silent was written last
	for _, d := range listings[3:] {
		w.publish(d)
	}
	w.catchUp()
	pages := func(question string) (all []string) {
		q := w.query(question)
		for {
			a, err := w.index.Search(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, strings.Fields(titles(a))...)
			if q.Cursor = a.Next; a.Next == "" {
				return all
			}
		}
	}
	for _, main := range []bool{false, true} {
		if main {
			if err := w.index.Close(); err != nil {
				t.Fatal(err)
			}
			w.index = openIndex(t, w)
		}
		for _, sort := range []string{"best", "title", "updated", "soonest", "distance"} {
			question := "near=M33+7DB&within=10&q=walk&sort=" + sort
			if first := titles(w.search(question)); !slices.Contains([]string{"A", "B", "C"}, first[:1]) {
				t.Fatalf("by %s, whatever is said of access, %q: nothing is tested", sort, first)
			}
			for _, limit := range []int{1, 2, 4, 20} {
				got := pages(fmt.Sprintf("%s&access=step-free&access_unknown=include&limit=%d", question, limit))
				said, silent := slices.Sorted(slices.Values(got[:min(3, len(got))])), slices.Sorted(slices.Values(got[min(3, len(got)):]))
				if strings.Join(said, "") != "XYZ" || strings.Join(silent, "") != "ABC" {
					t.Errorf("main segment %v, by %s, %d a page: %q", main, sort, limit, got)
				}
			}
		}
	}
}

// The first pass keeps the best few hundred for the rerank: what says yes is
// among them, however much better the rest fits.
func TestUnstatedAccessComesLastAmongMany(t *testing.T) {
	w := newWorld(t,
		directory.Details{Title: "X yes walk", Delivery: []string{"venue"}, Venue: venue("M31 4QN"), Access: yes("step-free")},
		directory.Details{Title: "A silent walk", Delivery: []string{"venue"}, Venue: venue("M33 7DB")},
	)
	var many []directory.Record
	for i := range 300 {
		a := w.as["A silent walk"]
		a.ID = fmt.Sprintf("00000000-0000-4000-9000-%012d", i)
		many = append(many, record(t, a, w.index.Cursor()+int64(i)+1))
	}
	if err := w.index.Apply(t.Context(), many); err != nil {
		t.Fatal(err)
	}
	a := w.search("near=M33+7DB&within=10&q=walk&access=step-free&access_unknown=include&limit=2")
	if got := titles(a); got != "X A" || a.Total != 302 {
		t.Errorf("of %d, the first are %q", a.Total, got)
	}
}
