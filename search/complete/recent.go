package complete

import (
	"slices"
	"sort"
	"strings"

	"gather/search/language"
	"gather/search/segment"
)

// completionsOf are the completions of one listing.
func completionsOf(f *segment.Facts) []completion {
	out := []completion{{kind: kindActivity, text: f.Title, cy: f.TitleCy, id: f.ID, key: f.SortTitle}}
	if f.TitleCy != "" {
		out = append(out, completion{kind: kindActivity, text: f.Title, cy: f.TitleCy, id: f.ID, key: language.Fold(f.TitleCy)})
	}
	return append(out, completion{kind: kindGroup, text: f.GroupName, id: f.Group, key: language.Fold(f.GroupName)})
}

// RecentCompletion is a completion of the delta segment under its key from the
// start of one of its words on.
type RecentCompletion struct {
	key        string
	inner      bool // it does not start with the first word
	completion completion
}

// RecentOf returns the completions of a listing that is doc.
func RecentOf(f *segment.Facts, doc int32) (out []RecentCompletion) {
	for _, p := range completionsOf(f) {
		p.docs = []int32{doc}
		rest, inner := p.key, false
		for {
			out = append(out, RecentCompletion{rest, inner, p})
			_, after, ok := strings.Cut(rest, " ")
			if !ok {
				break
			}
			rest, inner = after, true
		}
	}
	return out
}

// RecentCompletions are those of a delta segment, in runs. A run is sorted by key,
// at least twice as long as the next, and never changes: With sorts few of the
// old ones again, and a search goes on with the runs it began with.
type RecentCompletions [][]RecentCompletion

// With returns t with more completions. It leaves t as it is.
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

// mergeRecent merges two sorted runs. Of equal keys those of a come first.
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

// maxOfRun is how many completions of a run are looked at: the first in the
// alphabet, until a compaction ranks them all.
const maxOfRun = 64

// matching returns what begins with prefix, sorted by key, at most so many of each
// run.
func (t RecentCompletions) matching(prefix string, most int) (found []RecentCompletion) {
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

// After returns the completions of the docs from first on, with each doc moved to
// the one that moved returns.
func (t RecentCompletions) After(first int, moved func(doc int) int32) RecentCompletions {
	var later []RecentCompletion
	for _, run := range t {
		for _, c := range run {
			if doc := int(c.completion.docs[0]); doc >= first {
				c.completion.docs = []int32{moved(doc)}
				later = append(later, c)
			}
		}
	}
	return RecentCompletions(nil).With(later)
}
