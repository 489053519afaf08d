package complete

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// The range of names that begin with a prefix is the same as by looking at all.
func TestRangesOfNames(t *testing.T) {
	var all []string
	for i := range 700 {
		all = append(all, fmt.Sprintf("garden%c club %d", 'a'+i%5, i%37), strings.Repeat("x", i%12)+" é"+fmt.Sprint(i))
	}
	p := &completions{kind: kindGroup}
	var texts []byte
	for _, name := range all {
		texts = p.add([completionTexts]string{completionKey: name, completionText: name}, texts)
	}
	p.texts = string(texts)
	p.index()
	for _, prefix := range []string{"g", "garden", "gardena", "gardenb club 1", "gardenb club 12", "x", "xxxxxxxx", "xxxxxxxxx", "é", "é6", "zz", "0", "club", "9", "\xff", "gardene club 36 and more"} {
		from, until := p.rangeOf(prefix)
		var want []int
		for i, e := range p.sorted {
			if strings.HasPrefix(p.key(e), prefix) {
				want = append(want, i)
			}
		}
		var got []int
		for i := from; i < until; i++ {
			got = append(got, i)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: %d to %d, want %d", prefix, from, until, want)
		}
		if from == until {
			continue
		}
		// The best come first.
		last := int32(-1)
		seen := 0
		p.bestFirst(from, until, func(at int32) bool {
			if last >= 0 && p.better(at, last) {
				t.Fatalf("%q: %d comes after %d", prefix, at, last)
			}
			last = at
			seen++
			return true
		})
		if seen != until-from {
			t.Errorf("%q: %d of %d are found", prefix, seen, until-from)
		}
		for range 2 { // the second time from the cache
			var all []int32
			p.each(p.matching(prefix), func(at int32) bool {
				all = append(all, at)
				return true
			})
			if len(all) != seen || all[seen-1] != last {
				t.Errorf("%q: %d of %d are found in order", prefix, len(all), seen)
			}
		}
	}
}
