package segment

import (
	"cmp"
	"slices"

	"github.com/google/uuid"
)

// idKeys are the first bytes of ids in order, by which nearly all are found
// without reading the file that holds them.
type idKeys struct {
	keys []uint64
	// hex is true where all ids are UUIDs as they are usually written, of which
	// a key then holds sixteen digits: hardly any two of a million share as many.
	hex bool
}

// newIDKeys are the keys of the ids of rows, which are sorted by them.
func newIDKeys(docs []int32, id func(doc int32) []byte) idKeys {
	k := idKeys{keys: make([]uint64, len(docs)), hex: true}
	for i, doc := range docs {
		if k.keys[i], k.hex = hexBeginning(id(doc)); !k.hex {
			break
		}
	}
	if !k.hex {
		for i, doc := range docs {
			k.keys[i] = Beginning(id(doc))
		}
	}
	return k
}

// span is the range of the keys that are equal to that of id.
func (k *idKeys) span(id []byte) (from, until int) {
	key := Beginning(id)
	if k.hex {
		var ok bool
		if key, ok = hexBeginning(id); !ok {
			return 0, 0
		}
	}
	from, ok := slices.BinarySearch(k.keys, key)
	if !ok {
		return from, from
	}
	for until = from + 1; until < len(k.keys) && k.keys[until] == key; until++ {
		if until-from > fewTexts { // many alike: find their end by halving
			n, _ := slices.BinarySearchFunc(k.keys[until:], key, func(have, key uint64) int {
				if have <= key {
					return -1
				}
				return cmp.Compare(have, key)
			})
			return from, until + n
		}
	}
	return from, until
}

// UuidBytes is how long a UUID is as it is usually written.
const UuidBytes = 36

// hexBeginning is a number that is ordered like UUIDs, by their first
// sixteen digits; ok is false for other texts.
func hexBeginning(id []byte) (n uint64, ok bool) {
	if len(id) != UuidBytes {
		return 0, false
	}
	digits := 0
	for i, c := range id {
		dash := i == 8 || i == 13 || i == 18 || i == 23
		var digit byte
		switch {
		case dash && c == '-':
			continue
		case !dash && '0' <= c && c <= '9':
			digit = c - '0'
		case !dash && 'a' <= c && c <= 'f':
			digit = c - 'a' + 10
		default:
			return 0, false
		}
		if digits++; digits <= 16 {
			n = n<<4 | uint64(digit)
		}
	}
	return n, true
}

// docIDs are the ids of rows where all are UUIDs, as their sixteen bytes:
// nearly every search sorts by them, and reading them would page in parts of the
// file that nothing else needs. Otherwise it is nil.
type docIDs []uuid.UUID

func newDocIDs(n int, id func(doc int32) []byte) docIDs {
	all := make(docIDs, n)
	for doc := range all {
		text := id(int32(doc))
		if _, ok := hexBeginning(text); !ok {
			return nil
		}
		parsed, err := uuid.ParseBytes(text)
		if err != nil {
			return nil
		}
		all[doc] = parsed
	}
	return all
}
