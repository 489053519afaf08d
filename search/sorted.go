package search

import (
	"bytes"
	"cmp"
	"slices"
)

// keyed is a number with the beginning of its text, by which most are told
// apart without a look at the rest.
type keyed struct {
	key uint64
	n   int32
}

// sortKeyed sorts by keys, and by numbers where they are the same.
func sortKeyed(list []keyed) {
	slices.SortFunc(list, func(a, b keyed) int {
		if a.key != b.key {
			if a.key < b.key {
				return -1
			}
			return 1
		}
		return int(a.n - b.n)
	})
}

// sortTexts puts numbers in the order of their texts; then decides between
// those whose texts are the same.
func sortTexts(all []int32, text func(n int32) []byte, then func(a, b int32) int) {
	list := make([]keyed, len(all))
	for i, n := range all {
		list[i].n = n
	}
	sortFrom(list, 0, text, then)
	for i := range list {
		all[i] = list[i].n
	}
}

const (
	// keyBytes is how much of a text a key holds.
	keyBytes = 8
	// fewTexts is how many are compared as they are.
	fewTexts = 24
	// deepest is how many bytes are looked at key by key: names that begin with
	// as many in common are rare.
	deepest = 64
)

// sortFrom sorts by what comes after from bytes, which all have in common.
func sortFrom(list []keyed, from int, text func(n int32) []byte, then func(a, b int32) int) {
	rest := func(n int32) []byte {
		t := text(n)
		return t[min(from, len(t)):]
	}
	if len(list) <= fewTexts || from >= deepest {
		sortWhole(list, text, then)
		return
	}
	for i := range list {
		list[i].key = beginning(rest(list[i].n))
	}
	slices.SortFunc(list, func(a, b keyed) int { return cmp.Compare(a.key, b.key) })
	for i := 0; i < len(list); {
		j := i + 1
		for j < len(list) && list[j].key == list[i].key {
			j++
		}
		if j-i > 1 {
			// A key does not tell a text's end from a zero byte: those that
			// are over are compared as they are.
			if over := func(k keyed) bool { return len(rest(k.n)) < keyBytes }; slices.ContainsFunc(list[i:j], over) {
				sortWhole(list[i:j], text, then)
			} else {
				sortFrom(list[i:j], from+keyBytes, text, then)
			}
		}
		i = j
	}
}

func sortWhole(list []keyed, text func(n int32) []byte, then func(a, b int32) int) {
	slices.SortFunc(list, func(a, b keyed) int {
		if c := bytes.Compare(text(a.n), text(b.n)); c != 0 {
			return c
		}
		return then(a.n, b.n)
	})
}

// arena holds texts one after the other, so that a million are one thing to
// the garbage collector.
type arena struct {
	bytes []byte
	ends  []int
}

func (a *arena) add(text string) {
	a.bytes = append(a.bytes, text...)
	a.ends = append(a.ends, len(a.bytes))
}

func (a *arena) len() int { return len(a.ends) }

func (a *arena) text(i int32) []byte {
	from := 0
	if i > 0 {
		from = a.ends[i-1]
	}
	return a.bytes[from:a.ends[i]]
}

func (a *arena) absorb(o *arena) {
	before := len(a.bytes)
	a.bytes = slices.Concat(a.bytes, o.bytes)
	for _, end := range o.ends {
		a.ends = append(a.ends, before+end)
	}
}

// beginning is a number that stands in the order of texts by their first eight
// bytes.
func beginning(text []byte) (n uint64) {
	for i := range 8 {
		n <<= 8
		if i < len(text) {
			n |= uint64(text[i])
		}
	}
	return n
}

func picked[T any](column []T, which []int32) []T {
	out := make([]T, len(which))
	for at, i := range which {
		out[at] = column[i]
	}
	return out
}
