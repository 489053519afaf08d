package complete

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func TestTipsAreInOrderHoweverTheyCome(t *testing.T) {
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
		before := all.beginning("", 1<<20)
		all = all.With(fresh)
		if got := len(all.beginning("", 1<<20)); got != len(before)+len(fresh) {
			t.Fatalf("%d tips and %d more are %d", len(before), len(fresh), got)
		}
	}
	slices.Sort(keys)
	for _, prefix := range []string{"", "a", "b1", "d29", "e"} {
		want := slices.DeleteFunc(slices.Clone(keys), func(k string) bool { return !strings.HasPrefix(k, prefix) })
		var got []string
		for _, tip := range all.beginning(prefix, 1<<20) {
			got = append(got, tip.key)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q begins %d tips, not %d", prefix, len(got), len(want))
		}
	}
	if len(all) > 12 {
		t.Errorf("%d tips lie in %d runs", len(keys), len(all))
	}
	for _, tip := range all.After(390, func(doc int) int32 { return int32(doc - 390) }).beginning("", 1<<20) {
		if tip.completion.docs[0] < 0 || tip.completion.docs[0] >= 10 {
			t.Errorf("a tip of slot %d is left", tip.completion.docs[0])
		}
	}
}
