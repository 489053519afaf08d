package segment

import (
	"bytes"
	"cmp"
	"slices"
)

// keyed is a number with the first bytes of its text, by which most are ordered
// without reading the rest.
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

// SortTexts sorts numbers by their texts, and by then where texts are equal.
func SortTexts(all []int32, text func(n int32) []byte, then func(a, b int32) int) {
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
	// KeyBytes is how much of a text a key holds.
	KeyBytes = 8
	// fewTexts is how many are compared as whole texts.
	fewTexts = 24
	// deepest is how many bytes are compared key by key: names with as many in
	// common are rare.
	deepest = 64
)

// sortFrom sorts texts that have their first from bytes in common.
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
		list[i].key = Beginning(rest(list[i].n))
	}
	slices.SortFunc(list, func(a, b keyed) int { return cmp.Compare(a.key, b.key) })
	for i := 0; i < len(list); {
		j := i + 1
		for j < len(list) && list[j].key == list[i].key {
			j++
		}
		if j-i > 1 {
			// A key does not tell a text's end from a zero byte: texts that have
			// ended are compared whole.
			if ended := func(k keyed) bool { return len(rest(k.n)) < KeyBytes }; slices.ContainsFunc(list[i:j], ended) {
				sortWhole(list[i:j], text, then)
			} else {
				sortFrom(list[i:j], from+KeyBytes, text, then)
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

// Arena holds texts in one piece of memory, so that a million are one object to
// the garbage collector.
type Arena struct {
	Bytes []byte
	Ends  []int
}

// Add appends a text.
func (a *Arena) Add(text string) {
	a.Bytes = append(a.Bytes, text...)
	a.Ends = append(a.Ends, len(a.Bytes))
}

// Len is the number of texts.
func (a *Arena) Len() int { return len(a.Ends) }

// Text is the i-th text, which shares the memory of a.
func (a *Arena) Text(i int32) []byte {
	from := 0
	if i > 0 {
		from = a.Ends[i-1]
	}
	return a.Bytes[from:a.Ends[i]]
}

// Absorb appends all texts of another arena.
func (a *Arena) Absorb(o *Arena) {
	before := len(a.Bytes)
	a.Bytes = slices.Concat(a.Bytes, o.Bytes)
	for _, end := range o.Ends {
		a.Ends = append(a.Ends, before+end)
	}
}

// Beginning is the first eight bytes of a text as a number that is ordered like
// texts.
func Beginning(text []byte) (n uint64) {
	for i := range 8 {
		n <<= 8
		if i < len(text) {
			n |= uint64(text[i])
		}
	}
	return n
}

// Picked are the values of a column for some rows, in their order.
func Picked[T any](column []T, which []int32) []T {
	out := make([]T, len(which))
	for at, i := range which {
		out[at] = column[i]
	}
	return out
}
