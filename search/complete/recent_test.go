package complete

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func TestRecentCompletionsAreSorted(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	var all RecentCompletions
	var keys []string
	for n := range 400 {
		var fresh []RecentCompletion
		for range r.IntN(6) {
			key := fmt.Sprintf("%c%d", 'a'+rune(r.IntN(4)), r.IntN(300))
			keys = append(keys, key)
			fresh = append(fresh, RecentCompletion{key: key, completion: completion{docs: []int32{int32(n)}}})
		}
		before := all.matching("", 1<<20)
		all = all.With(fresh)
		if got := len(all.matching("", 1<<20)); got != len(before)+len(fresh) {
			t.Fatalf("%d completions and %d more are %d", len(before), len(fresh), got)
		}
	}
	slices.Sort(keys)
	for _, prefix := range []string{"", "a", "b1", "d29", "e"} {
		want := slices.DeleteFunc(slices.Clone(keys), func(k string) bool { return !strings.HasPrefix(k, prefix) })
		var got []string
		for _, c := range all.matching(prefix, 1<<20) {
			got = append(got, c.key)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q begins %d completions, not %d", prefix, len(got), len(want))
		}
	}
	if len(all) > 12 {
		t.Errorf("%d completions are in %d runs", len(keys), len(all))
	}
	for _, c := range all.After(390, func(doc int) int32 { return int32(doc - 390) }).matching("", 1<<20) {
		if c.completion.docs[0] < 0 || c.completion.docs[0] >= 10 {
			t.Errorf("a completion of doc %d is left", c.completion.docs[0])
		}
	}
}
