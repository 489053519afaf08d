package relevance

import (
	"fmt"
	"math"
	"slices"
)

// Measures are sums over searches. NDCG, MRR and Recall are their means.
type Measures struct {
	// Searches counts the searches, Judged those with grades, and Empty those
	// that found nothing although there is something to find.
	Searches, Judged, Empty int
	gain, rank, found       float64
}

// How far down an answer is judged: by its order as far as a page is read, by
// what it found as far as a page is skimmed.
const (
	// GainDepth is how many results count for NDCG.
	GainDepth = 10
	// FoundDepth is how many results count for MRR and Recall.
	FoundDepth = 20
)

// Add adds the answer to a search, the keys of listings in order, and returns
// its NDCG; NaN for a search without grades.
func (m *Measures) Add(s *Search, keys []string) (ndcg float64) {
	m.Searches++
	if len(keys) == 0 && !s.Unmet {
		m.Empty++
	}
	if len(s.Grades) == 0 {
		return math.NaN()
	}
	m.Judged++
	discounted := func(at, grade int) float64 { return (math.Exp2(float64(grade)) - 1) / math.Log2(float64(at)+2) }
	var gain, ideal, good, rank, found float64
	for at, key := range keys[:min(len(keys), FoundDepth)] {
		grade := s.Grades[key]
		if at < GainDepth {
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
	for _, g := range s.Grades {
		grades = append(grades, g)
		if g >= 2 {
			good++
		}
	}
	slices.SortFunc(grades, func(a, b int) int { return b - a })
	for at, g := range grades[:min(len(grades), GainDepth)] {
		ideal += discounted(at, g)
	}
	if good == 0 {
		found, good, rank = 1, 1, 1 // nothing good is there to be missed
	}
	m.gain, m.rank, m.found = m.gain+gain/ideal, m.rank+rank, m.found+found/good
	return gain / ideal
}

// NDCG is the mean normalised discounted cumulative gain of the first GainDepth
// results, with gains of 2^grade-1.
func (m *Measures) NDCG() float64 { return m.mean(m.gain) }

// MRR is the mean reciprocal rank of the first result with a grade of 2 or 3.
func (m *Measures) MRR() float64 { return m.mean(m.rank) }

// Recall is the mean share of the listings with a grade of 2 or 3 that are
// among the first FoundDepth results.
func (m *Measures) Recall() float64 { return m.mean(m.found) }

func (m *Measures) mean(sum float64) float64 { return sum / float64(max(m.Judged, 1)) }

// String is one line of a golden file.
func (m *Measures) String() string {
	return fmt.Sprintf("%3d searches  nDCG@10 %.3f  MRR %.3f  recall@20 %.3f  empty %d", m.Searches, m.NDCG(), m.MRR(), m.Recall(), m.Empty)
}
