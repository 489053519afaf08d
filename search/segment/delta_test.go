package segment

import (
	"slices"
	"testing"
)

// A search sees of the tail what was there when it began, whatever is written
// meanwhile.
func TestTailListsEndWhereASearchBegan(t *testing.T) {
	var tail Delta
	tail.Terms = &DeltaTerms{}
	at := func(doc int, where Posting) Posting { return Posting(doc)<<WhereBits | where }
	tail.Index(7, docTerms{stems: []termAt{{"tea", InTitle}, {"club", 0}}})
	tail.Index(8, docTerms{stems: []termAt{{"tea", 0}}})
	before := tail
	tail.Index(9, docTerms{stems: []termAt{{"tea", InLabels}, {"club", InTitle}, {"new", 0}}})
	for _, c := range []struct {
		stems []string
		end   int
		want  []Posting
	}{
		{[]string{"tea"}, 9, []Posting{at(7, InTitle), at(8, 0)}},
		{[]string{"tea"}, 10, []Posting{at(7, InTitle), at(8, 0), at(9, InLabels)}},
		{[]string{"tea", "club"}, 9, []Posting{at(7, 0)}},
		{[]string{"tea", "club"}, 10, []Posting{at(7, 0), at(9, 0)}},
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
	old := &Main{Columns: Columns{Flags: make([]uint32, 3)}}
	old.postings.put("tea", []Posting{0<<WhereBits | InTitle, 2 << WhereBits})
	old.postings.put("nowhere", nil)
	v := &View{Main: old, Delta: Delta{Columns: Columns{Flags: make([]uint32, 1)}, Terms: &DeltaTerms{}}}
	v.Delta.Index(3, docTerms{stems: []termAt{{"tea", InLabels}, {"nowhere", 0}}})
	made := &Main{Columns: Columns{Flags: make([]uint32, 3)}}
	made.CarryPostings(v, []int32{2, 1, -1, 0}) // the third was taken out
	for stem, want := range map[string][]Posting{
		"tea": {0<<WhereBits | InLabels, 2<<WhereBits | InTitle}, "nowhere": {0},
	} {
		if got, ok := made.postings.get(stem); !ok || !slices.Equal(got, want) {
			t.Errorf("%s goes along as %v, %v; want %v", stem, got, ok, want)
		}
	}
}
