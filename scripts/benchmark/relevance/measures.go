package relevance

import (
	"math"
	"slices"
)

// measures are sums over searches, of the same formulae as in
// search/relevance_test.go.
type measures struct {
	n, judged, empty  int
	gain, rank, found float64
}

// depth is how far down answers are looked at for the gain, and for what is
// found at all: a page that is read, and one that is glanced at.
const (
	gainDepth  = 10
	foundDepth = 20
)

// measure adds one answer: normalised discounted cumulative gain with gains of
// 2^grade-1, the reciprocal rank of the first grade of 2 or 3, and the share
// of those that were found.
func (m *measures) measure(j *judged, keys []string) {
	m.n++
	if len(keys) == 0 && !j.Unmet {
		m.empty++
	}
	if len(j.grades) == 0 {
		return
	}
	m.judged++
	discounted := func(at, grade int) float64 { return (math.Exp2(float64(grade)) - 1) / math.Log2(float64(at)+2) }
	var gain, ideal, good, rank, found float64
	for at, key := range keys[:min(len(keys), foundDepth)] {
		grade := j.grades[key]
		if at < gainDepth {
			gain += discounted(at, grade)
		}
		if grade >= 2 {
			found++
			if rank == 0 {
				rank = 1 / float64(at+1)
			}
		}
	}
	var grades []int
	for _, g := range j.grades {
		grades = append(grades, g)
		if g >= 2 {
			good++
		}
	}
	slices.SortFunc(grades, func(a, b int) int { return b - a })
	for at, g := range grades[:min(len(grades), gainDepth)] {
		ideal += discounted(at, g)
	}
	if good == 0 {
		found, good, rank = 1, 1, 1 // nothing good is there to be missed
	}
	m.gain, m.rank, m.found = m.gain+gain/ideal, m.rank+rank, m.found+found/good
}

// mean is a sum as a mean over the searches with grades.
func (m *measures) mean(sum float64) float64 { return sum / float64(max(m.judged, 1)) }
