package segment

import "slices"

// DocSet is a set of slots in pages that are copied before they are changed,
// so that a copy of the struct goes on seeing what it saw.
type DocSet struct{ pages []*[pageWords]uint64 }

// pageWords words of 64 bits are a page: half a kilobyte, what changing one
// slot costs.
const pageWords = 64

func (s DocSet) Has(doc int) bool {
	page := doc / (pageWords * 64)
	return page < len(s.pages) && s.pages[page] != nil && s.pages[page][doc/64%pageWords]>>(doc%64)&1 != 0
}

// With is s with slots added.
func (s DocSet) With(docs []int32) DocSet {
	if len(docs) == 0 {
		return s
	}
	pages := slices.Clone(s.pages)
	fresh := map[int]bool{}
	for _, doc := range docs {
		n := int(doc) / (pageWords * 64)
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
		pages[n][doc/64%pageWords] |= 1 << (doc % 64)
	}
	return DocSet{pages}
}

// Since are the slots of s that are not in an earlier state of it. Pages that
// are the same were not written to.
func (s DocSet) Since(before DocSet) (fresh []int32) {
	for n, page := range s.pages {
		if page == nil || n < len(before.pages) && before.pages[n] == page {
			continue
		}
		for i := range pageWords * 64 {
			if doc := n*pageWords*64 + i; s.Has(doc) && !before.Has(doc) {
				fresh = append(fresh, int32(doc))
			}
		}
	}
	return fresh
}
