package search

import (
	"cmp"
	"hash/fnv"
	"slices"
)

// tail is what was written since the base was made, in the order in which it
// was. Entries are only added at the end, so a copy of the struct goes on
// seeing what it saw.
type tail struct {
	columns
	bodies []string
	at     []int64
	stems  []stemSet
	words  [][]string // unstemmed, for what a misspelt word may be
}

// stemSet are the stems of a listing. bits has one for each of the stems, by
// chance more than one for the same: most listings are told not to have a stem
// without a look at the rest.
type stemSet struct {
	bits  [4]uint64
	stems []tailStem
}

// tailStem is a stem, as a number that no two share but by a chance of one in
// 2^64, and where it stands.
type tailStem struct {
	stem  uint64
	where uint8
}

const (
	inTitle = 1 << iota
	inLabels
)

func stemKey(stem string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(stem))
	// The last bytes hardly reach the high bits of FNV.
	n := h.Sum64()
	n ^= n >> 32
	return n * 0x9e3779b97f4a7c15
}

// newStemSet makes the set of all stems, of which some are in the title and
// some among the labels.
func newStemSet(all, title, labels []string) stemSet {
	where := map[string]uint8{}
	for _, s := range all {
		where[s] |= 0
	}
	for _, s := range title {
		where[s] |= inTitle
	}
	for _, s := range labels {
		where[s] |= inLabels
	}
	var set stemSet
	for s, w := range where {
		key := stemKey(s)
		set.bits[key>>62] |= 1 << (key >> 56 & 63)
		set.stems = append(set.stems, tailStem{key, w})
	}
	slices.SortFunc(set.stems, func(a, b tailStem) int { return cmp.Compare(a.stem, b.stem) })
	return set
}

// find reports whether the set has a stem, and where.
func (s *stemSet) find(key uint64) (where uint8, ok bool) {
	if s.bits[key>>62]>>(key>>56&63)&1 == 0 {
		return 0, false
	}
	at, ok := slices.BinarySearchFunc(s.stems, key, func(t tailStem, key uint64) int { return cmp.Compare(t.stem, key) })
	if !ok {
		return 0, false
	}
	return s.stems[at].where, true
}

// slotSet is a set of slots in pages that are copied before they are changed,
// so that a copy of the struct goes on seeing what it saw.
type slotSet struct{ pages []*[pageWords]uint64 }

// pageWords words of 64 bits are a page: half a kilobyte, what changing one
// slot costs.
const pageWords = 64

func (s slotSet) has(slot int) bool {
	page := slot / (pageWords * 64)
	return page < len(s.pages) && s.pages[page] != nil && s.pages[page][slot/64%pageWords]>>(slot%64)&1 != 0
}

// with is s with slots added.
func (s slotSet) with(slots []int32) slotSet {
	if len(slots) == 0 {
		return s
	}
	pages := slices.Clone(s.pages)
	fresh := map[int]bool{}
	for _, slot := range slots {
		n := int(slot) / (pageWords * 64)
		for len(pages) <= n {
			pages = append(pages, nil)
		}
		if !fresh[n] {
			fresh[n] = true
			page := new([pageWords]uint64)
			if pages[n] != nil {
				*page = *pages[n]
			}
			pages[n] = page
		}
		pages[n][slot/64%pageWords] |= 1 << (slot % 64)
	}
	return slotSet{pages}
}
