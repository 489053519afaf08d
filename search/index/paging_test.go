package index_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"gather/directory"
)

// TestPagesWhileWriting writes between any two pages: better matches than all
// there were, rarer and commoner words, copies of a group's text, changes and
// withdrawals. What is not written to is on one page, in every order.
func TestPagesWhileWriting(t *testing.T) {
	for _, question := range []string{"", "q=friendly+group+tea", "near=M33+7DB&within=20", "q=friendly+group+tea&near=M33+7DB&within=20",
		"q=comunity+gruop&access=step-free&access_unknown=include"} {
		for _, sort := range []string{"best", "distance", "soonest", "updated", "title"} {
			if sort == "distance" && !strings.Contains(question, "near") {
				continue
			}
			t.Run(question+" by "+sort, func(t *testing.T) { pagesWhileWriting(t, question, sort) })
		}
	}
}

func pagesWhileWriting(t *testing.T, question, sort string) {
	const listings, limit = 400, 30
	w := invented(t, listings)
	q := w.query(fmt.Sprintf("%s&sort=%s&limit=%d", question, sort, limit))
	unchanged := map[string]bool{}
	ids, err := w.index.Matches(context.Background(), q)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range ids {
		unchanged[id] = true
	}
	r, change := newInventor(t, 2), int64(listings)
	seen := map[string]int{}
	for pages := 1; ; pages++ {
		f, err := w.index.Find(context.Background(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range f.IDs {
			seen[id]++
		}
		if f.Next == "" {
			break
		}
		q.Cursor = f.Next
		q = w.query(q.String()) // as it comes back in a URL
		if pages > 100 {
			t.Fatal("the pages have no end")
		}
		var records []directory.Record
		write := func(a directory.Activity) {
			change++
			delete(unchanged, a.ID)
			records = append(records, record(t, a, change))
		}
		for n := range 6 { // new and better than all
			a := r.activity(listings+10*pages+n, noon)
			a.Title, a.Summary = "Friendly group tea", strings.Repeat("Friendly group tea. ", n)
			a.Group, a.GroupName = fmt.Sprintf("00000000-0000-4000-9000-%012d", n), "Friendly group tea"
			write(a)
		}
		for range 4 { // changed, and one of them withdrawn
			a := r.activity(r.IntN(listings), noon)
			a.Title = "Gardening club " + a.Title
			if len(records) == 9 {
				a.Status = directory.StatusWithdrawn
			}
			write(a)
		}
		if err := w.index.Apply(context.Background(), records); err != nil {
			t.Fatal(err)
		}
		if pages == 3 { // what was added is now in the main segment
			if err := w.index.Close(); err != nil {
				t.Fatal(err)
			}
			w.index = openIndex(t, w)
		}
	}
	if len(unchanged) < limit {
		t.Errorf("only %d of %d matches stay as they were", len(unchanged), len(ids))
	}
	twice, missed := 0, 0
	for id := range unchanged {
		switch n := seen[id]; {
		case n > 1:
			twice++
		case n == 0:
			missed++
		}
	}
	if twice+missed > 0 {
		t.Errorf("of %d unchanged listings %d are there twice and %d are missing", len(unchanged), twice, missed)
	}
}
