package search

import (
	"slices"
	"testing"
)

// A search sees of the tail what was there when it began, whatever is written
// meanwhile.
func TestTailListsEndWhereASearchBegan(t *testing.T) {
	var tail delta
	tail.terms = &deltaTerms{}
	at := func(doc int, where posting) posting { return posting(doc)<<whereBits | where }
	tail.index(7, docTerms{stems: []termAt{{"tea", inTitle}, {"club", 0}}})
	tail.index(8, docTerms{stems: []termAt{{"tea", 0}}})
	before := tail
	tail.index(9, docTerms{stems: []termAt{{"tea", inLabels}, {"club", inTitle}, {"new", 0}}})
	for _, c := range []struct {
		stems []string
		end   int
		want  []posting
	}{
		{[]string{"tea"}, 9, []posting{at(7, inTitle), at(8, 0)}},
		{[]string{"tea"}, 10, []posting{at(7, inTitle), at(8, 0), at(9, inLabels)}},
		{[]string{"tea", "club"}, 9, []posting{at(7, 0)}},
		{[]string{"tea", "club"}, 10, []posting{at(7, 0), at(9, 0)}},
		{[]string{"new"}, 9, nil},
		{[]string{"none"}, 10, nil},
	} {
		if got := before.postings(c.stems, c.end); !slices.Equal(got, c.want) {
			t.Errorf("%v before %d are %v, want %v", c.stems, c.end, got, c.want)
		}
	}
}

// What is known of words goes along to a new base as it would be looked up there.
func TestPostingsGoAlong(t *testing.T) {
	old := &main{columns: columns{flags: make([]uint32, 3)}}
	old.postings.put("tea", []posting{0<<whereBits | inTitle, 2 << whereBits})
	old.postings.put("nowhere", nil)
	v := &view{main: old, delta: delta{columns: columns{flags: make([]uint32, 1)}, terms: &deltaTerms{}}}
	v.delta.index(3, docTerms{stems: []termAt{{"tea", inLabels}, {"nowhere", 0}}})
	made := &main{columns: columns{flags: make([]uint32, 3)}}
	made.carryPostings(v, []int32{2, 1, -1, 0}) // the third was taken out
	for stem, want := range map[string][]posting{
		"tea": {0<<whereBits | inLabels, 2<<whereBits | inTitle}, "nowhere": {0},
	} {
		if got, ok := made.postings.get(stem); !ok || !slices.Equal(got, want) {
			t.Errorf("%s goes along as %v, %v; want %v", stem, got, ok, want)
		}
	}
}
