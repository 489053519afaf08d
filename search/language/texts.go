package language

import (
	"encoding/binary"
	"hash/fnv"
	"slices"
	"strings"

	"gather/directory"
	"gather/directory/vocabulary"
)

// A part of a listing's words, by where they stand. Its number stands before
// its stems in tokens, so the parts are part of the schema.
type Part uint8

const (
	PartTitle Part = iota + 1
	PartLabels
	PartOthers  // other words for interests
	PartBroader // labels of broader interests
	PartGroup
	PartSummary
	PartVenue
	PartWelsh
	PartBody // description and what to expect
	PartEnd
)

// Texts are the words of a listing by part, folded.
func Texts(words *vocabulary.Vocabulary, a *directory.Activity) [PartEnd]string {
	texts := ownTexts(a)
	for i, text := range interestTexts(words, a.Interests) {
		texts[interestParts[i]] = text
	}
	return texts
}

// interestParts are the parts that depend on nothing but a listing's interests.
var interestParts = [...]Part{PartLabels, PartOthers, PartBroader}

// joinTexts joins and folds texts. A full stop between them keeps them apart as
// sentences would be.
func joinTexts(texts ...string) string { return Fold(strings.Join(texts, " . ")) }

// interestTexts are the texts of interestParts.
func interestTexts(words *vocabulary.Vocabulary, interests []string) [len(interestParts)]string {
	var labels, others, broader []string
	for _, id := range interests {
		if t, ok := words.Interest(id); ok {
			labels = append(labels, t.Label, t.LabelCy)
			others = append(others, slices.Concat(t.Words, t.WordsCy)...)
		}
	}
	for _, id := range Rollup(words, interests) {
		if t, ok := words.Interest(id); ok && !slices.Contains(interests, id) {
			broader = append(broader, t.Label, t.LabelCy)
		}
	}
	return [...]string{joinTexts(labels...), joinTexts(others...), joinTexts(broader...)}
}

// ownTexts are the texts of all other parts.
func ownTexts(a *directory.Activity) [PartEnd]string {
	var venue, welsh []string
	if v := a.Venue; v != nil {
		venue = []string{v.Name, v.Address.Street, v.Address.Locality, v.Address.Town}
	}
	if cy := a.Welsh; cy != nil {
		welsh = []string{cy.Title, cy.Summary, cy.Description, cy.WhatToExpect}
	}
	body := []string{a.Description}
	if a.FirstVisit != nil {
		body = append(body, a.FirstVisit.WhatToExpect)
	}
	return [PartEnd]string{
		PartTitle: joinTexts(a.Title), PartGroup: joinTexts(a.GroupName), PartSummary: joinTexts(a.Summary),
		PartVenue: joinTexts(venue...), PartWelsh: joinTexts(welsh...), PartBody: joinTexts(body...),
	}
}

// FirstStem is the least number of a stem in tokens: those below are of parts.
const FirstStem = 16

// StemNumber is the number of a stem in tokens. Two stems share one only by
// rare chance, which may blur a rank but never decides what matches.
func StemNumber(stem string) uint32 {
	h := fnv.New32a()
	h.Write([]byte(stem))
	return max(h.Sum32(), FirstStem)
}

// EncodeTokens are the numbers of all stems of a listing in order, each part after
// the part's own number, four bytes each.
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

// Rollup answers interests and all broader ones, each once.
func Rollup(words *vocabulary.Vocabulary, interests []string) []string {
	var all []string
	for _, id := range interests {
		for _, id := range append([]string{id}, words.Broader(id)...) {
			if !slices.Contains(all, id) {
				all = append(all, id)
			}
		}
	}
	return all
}

func TokenAt[T string | []byte](tokens T, i int) uint32 {
	return uint32(tokens[i]) | uint32(tokens[i+1])<<8 | uint32(tokens[i+2])<<16 | uint32(tokens[i+3])<<24
}
