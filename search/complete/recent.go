package complete

import (
	"slices"
	"sort"
	"strings"
)

// RecentCompletions are those of a tail, in runs that are each in the order of their keys
// and at least twice as long as the next: what is added is put in order with
// few of the rest. A run never changes, so a copy of tips goes on seeing what
// it saw.
type RecentCompletions [][]RecentCompletion

// With is t with more tips.
func (t RecentCompletions) With(fresh []RecentCompletion) RecentCompletions {
	if len(fresh) == 0 {
		return t
	}
	run := slices.Clone(fresh)
	slices.SortStableFunc(run, func(a, b RecentCompletion) int { return strings.Compare(a.key, b.key) })
	n := len(t)
	for ; n > 0 && len(t[n-1]) < 2*len(run); n-- {
		run = mergeRecent(t[n-1], run)
	}
	return append(slices.Clone(t[:n]), run)
}

// mergeRecent are the tips of two runs in order, those of a first where keys
// are the same.
func mergeRecent(a, b []RecentCompletion) []RecentCompletion {
	out := make([]RecentCompletion, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if a[0].key <= b[0].key {
			out, a = append(out, a[0]), a[1:]
		} else {
			out, b = append(out, b[0]), b[1:]
		}
	}
	return append(append(out, a...), b...)
}

// maxOfRun is how many tips of a run are looked at: the first in the alphabet
// stand for all until a new base weighs them.
const maxOfRun = 64

// beginning are the tips whose key begins with prefix, in order, at most so many
// of each run.
func (t RecentCompletions) beginning(prefix string, most int) (found []RecentCompletion) {
	for _, run := range t {
		from := sort.Search(len(run), func(i int) bool { return run[i].key >= prefix })
		until := from
		for until < min(len(run), from+most) && strings.HasPrefix(run[until].key, prefix) {
			until++
		}
		found = mergeRecent(found, run[from:until])
	}
	return found
}

// After are the tips of the slots from one on, in the slots that place says.
func (t RecentCompletions) After(first int, place func(doc int) int32) RecentCompletions {
	var later []RecentCompletion
	for _, run := range t {
		for _, tip := range run {
			if doc := int(tip.completion.docs[0]); doc >= first {
				tip.completion.docs = []int32{place(doc)}
				later = append(later, tip)
			}
		}
	}
	return RecentCompletions(nil).With(later)
}
