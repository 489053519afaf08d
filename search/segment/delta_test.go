package segment

import (
	"slices"
	"testing"
)

// written is a delta segment to which rows with terms are added.
type written struct{ Delta }

func (w *written) add(id string, stems ...termAt) {
	w.Columns.Flags = append(w.Columns.Flags, 0)
	w.index(w.Len()-1, id, docTerms{stems: stems})
}

// A search sees the delta segment as it was when the search began, whatever is
// written meanwhile.
func TestDeltaListsEndWhereASearchBegan(t *testing.T) {
	var now written
	now.add("a", termAt{"tea", InTitle}, termAt{"club", 0})
	now.add("b", termAt{"tea", 0})
	before := now.Delta
	now.add("a", termAt{"tea", InLabels}, termAt{"club", InTitle}, termAt{"new", 0})
	at := func(row int, where Posting) Posting { return Posting(row)<<WhereBits | where }
	for _, c := range []struct {
		state *Delta
		stems []string
		want  []Posting
	}{
		{&before, []string{"tea"}, []Posting{at(0, InTitle), at(1, 0)}},
		{&now.Delta, []string{"tea"}, []Posting{at(0, InTitle), at(1, 0), at(2, InLabels)}},
		{&before, []string{"tea", "club"}, []Posting{at(0, 0)}},
		{&now.Delta, []string{"tea", "club"}, []Posting{at(0, 0), at(2, 0)}},
		{&before, []string{"new"}, nil},
		{&now.Delta, []string{"none"}, nil},
	} {
		if got := c.state.postings(c.stems); !slices.Equal(got, c.want) {
			t.Errorf("%v among %d rows are %v, want %v", c.stems, c.state.Len(), got, c.want)
		}
	}
	for _, c := range []struct {
		state *Delta
		id    string
		want  int32
		found bool
	}{{&before, "a", 0, true}, {&now.Delta, "a", 2, true}, {&now.Delta, "b", 1, true}, {&now.Delta, "c", 0, false}} {
		if row, ok := c.state.Find(c.id); row != c.want || ok != c.found {
			t.Errorf("%q among %d rows is %d, %v; want %d, %v", c.id, c.state.Len(), row, ok, c.want, c.found)
		}
	}
}

// A new main segment has the postings that the old one had in memory, as a
// look-up would find them.
func TestCompactionCarriesPostings(t *testing.T) {
	from := &Main{Columns: Columns{Flags: make([]uint32, 3)}}
	from.postings.put("tea", []Posting{0<<WhereBits | InTitle, 2 << WhereBits})
	from.postings.put("nowhere", nil)
	var added written
	added.add("d", termAt{"tea", InLabels}, termAt{"nowhere", 0})
	made := &Main{Columns: Columns{Flags: make([]uint32, 3)}}
	c := &Compaction{Main: made, from: &View{Main: from, Delta: added.Delta}, moved: []int32{2, 1, -1, 0}} // the third was deleted
	c.carryPostings()
	for stem, want := range map[string][]Posting{
		"tea": {0<<WhereBits | InLabels, 2<<WhereBits | InTitle}, "nowhere": {0},
	} {
		if got, ok := made.postings.get(stem); !ok || !slices.Equal(got, want) {
			t.Errorf("%s is carried as %v, %v; want %v", stem, got, ok, want)
		}
	}
}
