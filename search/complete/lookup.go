package complete

import (
	"sort"
	"strings"

	"gather/search/segment"
)

// sampleEvery is how many key starts lie between two of the sample.
const sampleEvery = 64

// rangeOf is the range of sorted that begins with prefix. The sample narrows it
// down first, so that few names are read.
func (p *completions) rangeOf(prefix string) (from, until int) {
	low := segment.Beginning([]byte(prefix))
	high := low
	for i := len(prefix); i < segment.KeyBytes; i++ {
		high |= 0xff << (8 * (segment.KeyBytes - 1 - i))
	}
	lo := sort.Search(len(p.sample), func(i int) bool { return p.sample[i] >= low })
	hi := lo + sort.Search(len(p.sample)-lo, func(i int) bool { return p.sample[lo+i] > high })
	// The range may begin before the first of the sample that is in it.
	first, last := max(0, (lo-1)*sampleEvery), min(hi*sampleEvery, len(p.sorted))
	from = first + sort.Search(last-first, func(i int) bool { return p.key(p.sorted[first+i]) >= prefix })
	n := sort.Search(last-from, func(i int) bool { return !strings.HasPrefix(p.key(p.sorted[from+i]), prefix) })
	return from, from + n
}

// keyRange is a range of sorted, and the best in it.
type keyRange struct{ from, until, best int32 }

// bestFirst calls take with the indexes of a range of sorted, best first, until
// take returns false.
func (p *completions) bestFirst(from, until int, take func(at int32) bool) {
	var stack [64]keyRange
	open := stack[:0] // a heap: the range with the best is on top
	push := func(from, until int32) {
		if from >= until {
			return
		}
		open = append(open, keyRange{from, until, p.bestOf(int(from), int(until))})
		for i := len(open) - 1; i > 0 && p.better(open[i].best, open[(i-1)/2].best); i = (i - 1) / 2 {
			open[i], open[(i-1)/2] = open[(i-1)/2], open[i]
		}
	}
	push(int32(from), int32(until))
	for len(open) > 0 {
		s, last := open[0], len(open)-1
		open[0] = open[last]
		open = open[:last]
		for i := 0; ; {
			up := i
			for child := 2*i + 1; child <= 2*i+2 && child < last; child++ {
				if p.better(open[child].best, open[up].best) {
					up = child
				}
			}
			if up == i {
				break
			}
			open[i], open[up] = open[up], open[i]
			i = up
		}
		if !take(s.best) {
			return
		}
		push(s.from, s.best)
		push(s.best+1, s.until)
	}
}

const (
	// shortPrefix is the longest prefix, in bytes, whose best are cached: longer
	// ones have few names.
	shortPrefix = 3
	// shortBest is how many of the best are cached for each.
	shortBest = 48
)

// matches is the range of sorted that begins with a prefix, and the best of it in
// order; it never changes.
type matches struct {
	from, until int32
	best        []int32
}

// matching finds what begins with prefix.
func (p *completions) matching(prefix string) *matches {
	if len(prefix) <= shortPrefix {
		if have, ok := p.short.Load(prefix); ok {
			return have.(*matches)
		}
	}
	from, until := p.rangeOf(prefix)
	list := &matches{from: int32(from), until: int32(until)}
	if len(prefix) <= shortPrefix && from < until {
		p.bestFirst(from, until, func(at int32) bool {
			list.best = append(list.best, at)
			return len(list.best) < shortBest
		})
		p.short.Store(strings.Clone(prefix), list)
	}
	return list
}

// each calls take with the indexes of matches, best first, until take returns
// false.
func (p *completions) each(list *matches, take func(at int32) bool) {
	for _, at := range list.best {
		if !take(at) {
			return
		}
	}
	known := len(list.best)
	if known == int(list.until-list.from) {
		return
	}
	p.bestFirst(int(list.from), int(list.until), func(at int32) bool {
		if known--; known >= 0 {
			return true
		}
		return take(at)
	})
}

// bestOf is the index of the best in a range of sorted that is not empty.
func (p *completions) bestOf(from, until int) int32 {
	n := len(p.sorted)
	best := int32(from)
	for lo, hi := from+n, until+n; lo < hi; lo, hi = lo/2, hi/2 {
		if lo&1 == 1 {
			if w := p.winner(lo); p.better(w, best) {
				best = w
			}
			lo++
		}
		if hi&1 == 1 {
			hi--
			if w := p.winner(hi); p.better(w, best) {
				best = w
			}
		}
	}
	return best
}
