package match

import (
	"encoding/binary"
	"gather/search/language"
	"math"
)

// maxStems is how many different stems are reranked by. A question has
// 32 words at most; those beyond are expansions of the last of them.
const maxStems = 255

// maxMentions is how many mentions of one listing are read: after a thousand, more
// change nothing.
const maxMentions = 1000

// stemTable finds the stems of a query among the tokens of listings.
type stemTable struct {
	avoided [][]uint8       // what is related to what is not wanted
	maybe   [4096]bool      // by the lowest bits of numbers of stems and parts
	slots   [1024]stemEntry // open addressing by the next ten
	Stems   int             // how many there are
	Forms   []FormStems     // of the reading, in its order
	Words   int             // of the reading
	typed   []bool          // by stem: it is of a form that was typed
	of      []uint8         // by stem: the word it was typed as, or noWord
	worth   []float32       // by word: the rarity of its best form
}

const noWord = 255

type stemEntry struct {
	number uint32
	stem   uint8
	used   bool
}

// FormStems is a form of a word with its stems as numbers of a StemTable.
type FormStems struct {
	Word   int
	Weight float32
	Stems  []uint8
	Of     *language.Form
}

// mention is one place in a listing where a stem of the query stands.
type mention struct {
	Stem   uint8
	Part   language.Part
	at     uint16
	around uint32 // a number for the stems beside it
}

// begin fills the table with the stems of a query, whose sets have the rarity of
// each form, and takes over the memory of l.
func (l *stemTable) begin(r *WordQuery, sets *termSets) {
	*l = stemTable{
		Words: len(r.Words), worth: cleared(l.worth, len(r.Words)),
		Forms: l.Forms[:0], typed: l.typed[:0], of: l.of[:0], avoided: l.avoided[:0],
	}
	for p := range language.PartEnd {
		l.maybe[p] = true
	}
	n := 0
	for w, s := range r.Words {
		for i := range s.Forms {
			f := &s.Forms[i]
			weight := sets.forms[n].weight
			n++
			stems, ok := l.addAll(f)
			if !ok {
				continue
			}
			for _, at := range stems {
				if f.Weight == 1 {
					l.typed[at] = true
					if l.of[at] == noWord && w < noWord {
						l.of[at] = uint8(w)
					}
				}
			}
			form := FormStems{Word: w, Weight: weight, Stems: stems, Of: f}
			l.Forms = append(l.Forms, form)
			l.worth[w] = max(l.worth[w], weight)
		}
	}
	for i := range r.avoided {
		if stems, ok := l.addAll(&r.avoided[i]); ok {
			l.avoided = append(l.avoided, stems)
		}
	}
}

// addAll adds the stems of a form.
func (l *stemTable) addAll(f *language.Form) (stems []uint8, ok bool) {
	for _, stem := range f.Stems {
		at, ok := l.add(language.StemNumber(stem))
		if !ok {
			return nil, false
		}
		stems = append(stems, at)
	}
	return stems, len(stems) > 0
}

// add adds a stem; ok is false where the table is full.
func (l *stemTable) add(number uint32) (stem uint8, ok bool) {
	for i := number >> 12 & 1023; ; i = (i + 1) & 1023 {
		switch e := &l.slots[i]; {
		case e.used && e.number == number:
			return e.stem, true
		case e.used:
		case l.Stems == maxStems:
			return 0, false
		default:
			l.maybe[number%uint32(len(l.maybe))] = true
			*e = stemEntry{number: number, stem: uint8(l.Stems), used: true}
			l.Stems++
			l.typed, l.of = append(l.typed, false), append(l.of, noWord)
			return e.stem, true
		}
	}
}

// find is the number of a stem in the table.
func (l *stemTable) find(number uint32) (stem uint8, ok bool) {
	for i := number >> 12 & 1023; l.slots[i].used; i = (i + 1) & 1023 {
		if l.slots[i].number == number {
			return l.slots[i].stem, true
		}
	}
	return 0, false
}

// any reports whether one of four tokens may be in the table.
func (l *stemTable) any(four []byte) bool {
	_ = four[15]
	const mask = uint32(len(l.maybe) - 1)
	return l.maybe[binary.LittleEndian.Uint32(four)&mask] || l.maybe[binary.LittleEndian.Uint32(four[4:])&mask] ||
		l.maybe[binary.LittleEndian.Uint32(four[8:])&mask] || l.maybe[binary.LittleEndian.Uint32(four[12:])&mask]
}

// readTokens appends the mentions in tokens, and answers the length of each part.
func readTokens(l *stemTable, tokens []byte, into []mention) (found []mention, lengths [language.PartEnd]uint16) {
	var in language.Part
	start, first := 0, len(into)
	for rest := tokens; len(rest) >= 4; rest = rest[4:] {
		// Most are not in the table: they are skipped four at a time.
		for len(rest) >= 16 && !l.any(rest[:16]) {
			rest = rest[16:]
		}
		if len(rest) < 4 {
			break
		}
		number := binary.LittleEndian.Uint32(rest)
		if !l.maybe[number%uint32(len(l.maybe))] {
			continue
		}
		i := len(tokens) - len(rest)
		if number < language.FirstStem {
			lengths[in] = uint16(min((i-start)/4, math.MaxUint16))
			in, start = language.Part(min(number, uint32(language.PartEnd)-1)), i+4
			continue
		}
		stem, ok := l.find(number)
		if !ok || len(into)-first == maxMentions {
			continue
		}
		m := mention{Stem: stem, Part: in, at: uint16(min((i-start)/4, math.MaxUint16))}
		if in == language.PartBody || in == language.PartSummary {
			m.around = around(tokens, i)
		}
		into = append(into, m)
	}
	lengths[in] = uint16(min((len(tokens)-start)/4, math.MaxUint16))
	return into, lengths
}

// around is a hash of the two stems before and the two after the one at i.
func around[T string | []byte](tokens T, i int) (n uint32) {
	for at := i - 8; at <= i+8; at += 4 {
		n *= 0x9e3779b1
		if at >= 0 && at+4 <= len(tokens) {
			n ^= language.TokenAt(tokens, at)
		}
	}
	return n
}
