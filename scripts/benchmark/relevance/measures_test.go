package relevance

import (
	"math"
	"slices"
	"testing"
)

func TestMeasure(t *testing.T) {
	j := &judged{grades: map[string]int{"a": 3, "b": 2, "c": 1}}
	for _, c := range []struct {
		name              string
		keys              []string
		gain, rank, found float64
	}{
		{"the best order", []string{"a", "b", "c"}, 1, 1, 1},
		{"one missing, one late", []string{"x", "b"}, 3 / math.Log2(3) / (7 + 3/math.Log2(3) + 1/math.Log2(4)), 0.5, 0.5},
		{"nothing good", []string{"c"}, 1 / (7 + 3/math.Log2(3) + 1/math.Log2(4)), 0, 0},
	} {
		m := &measures{}
		m.measure(j, c.keys)
		if math.Abs(m.gain-c.gain) > 1e-9 || m.rank != c.rank || m.found != c.found {
			t.Errorf("%s: gain %v, rank %v, found %v; want %v, %v, %v", c.name, m.gain, m.rank, m.found, c.gain, c.rank, c.found)
		}
	}
	m := &measures{}
	m.measure(&judged{Unmet: true}, nil)
	m.measure(j, nil)
	if m.n != 2 || m.judged != 1 || m.empty != 1 {
		t.Errorf("%+v", m)
	}
}

func TestMend(t *testing.T) {
	d := dictionary{"choir": 5, "choirs": 1, "friends": 3}
	for _, c := range []struct{ in, want []string }{
		{[]string{"choir"}, []string{"choir"}}, {[]string{"chior"}, []string{"choir"}}, {[]string{"freinds", "m33"}, []string{"friends", "m33"}},
		{[]string{"choirr"}, []string{"choir", "choirs"}}, {[]string{"cho"}, []string{"cho"}},
	} {
		if got := d.mend(c.in); !slices.Equal(got, c.want) {
			t.Errorf("mend(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}
