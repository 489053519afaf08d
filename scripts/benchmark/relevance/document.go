package relevance

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"gather/search/relevance"
)

// introduction is the text before the tables: what is judged and how.
//
//go:embed introduction.md
var introduction string

// kinds are the kinds of search, "all" first.
var kinds = []string{"all", "link-worker", "resident", "name", "hard"}

// sets are the searches that weights were tuned on, and the held-out ones.
var sets = []struct{ name, title, short string }{
	{"tuned on", "Searches that weights were chosen with", "weights were chosen with"},
	{"aside", "Searches kept aside", "kept aside"},
}

func document(c *relevance.Corpus, all []outcome) string {
	var b strings.Builder
	b.WriteString(introduction)
	for _, set := range sets {
		fmt.Fprintf(&b, "\n## %s\n\n%s", set.title, head)
		for _, kind := range kinds {
			for _, o := range all {
				b.WriteString(row(o, kind, set.name))
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

const head = "| searches | engine | nDCG@10 | MRR | recall@20 | empty |\n|---|---|---|---|---|---|\n"

// row returns the measures of an engine over the searches of a kind; empty without
// such searches.
func row(o outcome, kind, set string) string {
	m := o.sums[kind+", "+set]
	if m == nil {
		return ""
	}
	return fmt.Sprintf("| %s (%d) | %s | %.3f | %.3f | %.3f | %d |\n", kind, m.Searches, o.engine, m.NDCG(), m.MRR(), m.Recall(), m.Empty)
}

// totals returns the table of each engine's measures over all searches.
func totals(all []outcome) string {
	var b strings.Builder
	b.WriteString(head)
	for _, set := range sets {
		for _, o := range all {
			b.WriteString(strings.Replace(row(o, "all", set.name), "all (", set.short+" (", 1))
		}
	}
	return b.String()
}
