package search

import "math/bits"

// set is a set of document numbers of one snapshot.
type set []uint64

func newSet(n int) set { return make(set, (n+63)/64) }

func (s set) add(i int)      { s[i/64] |= 1 << (i % 64) }
func (s set) has(i int) bool { return s[i/64]&(1<<(i%64)) != 0 }

// and keeps what is in o too. Both are of the same snapshot.
func (s set) and(o set) {
	for i := range s {
		s[i] &= o[i]
	}
}

func (s set) clone() set { return append(set(nil), s...) }

func (s set) count() int {
	n := 0
	for _, w := range s {
		n += bits.OnesCount64(w)
	}
	return n
}

// countAnd is how many are in both.
func (s set) countAnd(o set) int {
	n := 0
	for i, w := range s {
		n += bits.OnesCount64(w & o[i])
	}
	return n
}

// each calls do for every number in s, smallest first.
func (s set) each(do func(int)) {
	for i, w := range s {
		for ; w != 0; w &= w - 1 {
			do(i*64 + bits.TrailingZeros64(w))
		}
	}
}
