package relevance

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"gather/search/relevance"
)

// introduction says what is judged and how; the tables follow it.
//
//go:embed introduction.md
var introduction string

// kinds are the kinds of search, all first.
var kinds = []string{"all", "link-worker", "resident", "name", "hard"}

func document(c *relevance.Corpus, all []outcome) string {
	var b strings.Builder
	b.WriteString(introduction)
	for _, set := range []struct{ name, title string }{{"tuned on", "Searches that weights were chosen with"}, {"aside", "Searches kept aside"}} {
		fmt.Fprintf(&b, "\n## %s\n\n| searches | engine | nDCG@10 | MRR | recall@20 | empty |\n|---|---|---|---|---|---|\n", set.title)
		for _, kind := range kinds {
			for _, o := range all {
				m := o.sums[kind+", "+set.name]
				if m == nil {
					continue
				}
				fmt.Fprintf(&b, "| %s (%d) | %s | %.3f | %.3f | %.3f | %d |\n", kind, m.Searches, o.engine, m.NDCG(), m.MRR(), m.Recall(), m.Empty)
			}
		}
	}
	fmt.Fprintf(&b, "\n## How the databases were set\n\n| engine | the best | of settings tried |\n|---|---|---|\n")
	for _, o := range slices.DeleteFunc(slices.Clone(all), func(o outcome) bool { return o.set == "" }) {
		fmt.Fprintf(&b, "| %s | %s | %d |\n", o.engine, o.set, o.tried)
	}
	fmt.Fprintf(&b, "\n%d listings, %d searches.\n", len(c.Activities), len(c.Searches))
	return b.String()
}
