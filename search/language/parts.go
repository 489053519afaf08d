package language

import (
	"slices"
	"strings"

	"gather/directory"
	"gather/directory/vocabulary"
)

// Part is where in a listing words are. Parts are stored in tokens, see
// EncodeTokens: another number is another form of the index.
type Part uint8

// The parts of a listing, see Texts.
const (
	PartTitle   Part = iota + 1
	PartLabels       // labels of its interests, English and Welsh
	PartOthers       // other words for its interests
	PartBroader      // labels of broader interests
	PartGroup        // name of the group
	PartSummary
	PartVenue // name and address
	PartWelsh // all Welsh texts
	PartBody  // description and what to expect of a first visit
	PartEnd   // one more than the last
)

// Texts returns the words of a listing by part, folded.
func Texts(words *vocabulary.Vocabulary, a *directory.Activity) [PartEnd]string {
	texts := ownTexts(a)
	for i, text := range interestTexts(words, a.Interests) {
		texts[interestParts[i]] = text
	}
	return texts
}

// interestParts depend on the interests of a listing only.
var interestParts = [...]Part{PartLabels, PartOthers, PartBroader}

// joinTexts joins and folds texts, as sentences: a phrase does not go from one
// into the next.
func joinTexts(texts ...string) string { return Fold(strings.Join(texts, " . ")) }

// interestTexts are the texts of interestParts, in their order.
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

// ownTexts are the texts of the other parts.
func ownTexts(a *directory.Activity) [PartEnd]string {
	var venue, welsh []string
	if v := a.Venue; v != nil {
		venue = []string{v.Name, v.Address.Street, v.Address.Locality, v.Address.Town}
		if v.Area != nil {
			venue = append(venue, v.Area.Name)
		}
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

// Rollup returns interests and all broader ones, each once.
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
