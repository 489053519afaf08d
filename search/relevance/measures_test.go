package relevance_test

import (
	"math"
	"testing"

	"gather/search/relevance"
)

func TestMeasures(t *testing.T) {
	j := &relevance.Search{Grades: map[string]int{"a": 3, "b": 2, "c": 1}}
	for _, c := range []struct {
		name              string
		keys              []string
		gain, rank, found float64
	}{
		{"the best order", []string{"a", "b", "c"}, 1, 1, 1},
		{"one missing, one late", []string{"x", "b"}, 3 / math.Log2(3) / (7 + 3/math.Log2(3) + 1/math.Log2(4)), 0.5, 0.5},
		{"nothing good", []string{"c"}, 1 / (7 + 3/math.Log2(3) + 1/math.Log2(4)), 0, 0},
	} {
		m := &relevance.Measures{}
		m.Add(j, c.keys)
		if math.Abs(m.NDCG()-c.gain) > 1e-9 || m.MRR() != c.rank || m.Recall() != c.found {
			t.Errorf("%s: gain %v, rank %v, found %v; want %v, %v, %v", c.name, m.NDCG(), m.MRR(), m.Recall(), c.gain, c.rank, c.found)
		}
	}
	m := &relevance.Measures{}
	m.Add(&relevance.Search{Unmet: true}, nil)
	m.Add(j, nil)
	if m.Searches != 2 || m.Judged != 1 || m.Empty != 1 {
		t.Errorf("%+v", m)
	}
}
