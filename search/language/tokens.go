package language

import (
	"encoding/binary"
	"hash/fnv"
)

// FirstStem is the lowest number of a stem in tokens. Lower ones are parts.
const FirstStem = 16

// StemNumber is the number of a stem in tokens, a hash: FirstStem or higher. Two
// stems of one number are rare, and only change a score, never what matches.
func StemNumber(stem string) uint32 {
	h := fnv.New32a()
	h.Write([]byte(stem))
	return max(h.Sum32(), FirstStem)
}

// EncodeTokens returns the tokens of a listing, which the rerank reads: each part
// that has stems as the number of the part and then those of its stems in
// order, four bytes a number, the lowest byte first.
func EncodeTokens(all *[PartEnd]Passage) string {
	n := 0
	for p := PartTitle; p < PartEnd; p++ {
		n += 1 + len(all[p].Stems)
	}
	b := make([]byte, 0, 4*n)
	for p := PartTitle; p < PartEnd; p++ {
		if len(all[p].Stems) == 0 {
			continue
		}
		b = binary.LittleEndian.AppendUint32(b, uint32(p))
		for _, s := range all[p].Stems {
			b = binary.LittleEndian.AppendUint32(b, s.number)
		}
	}
	return string(b)
}

// TokenAt is the number that begins at byte i of tokens.
func TokenAt[T string | []byte](tokens T, i int) uint32 {
	return uint32(tokens[i]) | uint32(tokens[i+1])<<8 | uint32(tokens[i+2])<<16 | uint32(tokens[i+3])<<24
}
