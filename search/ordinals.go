package search

import (
	"gather/directory/vocabulary"
	"slices"
)

// ordinals are the places of ids in the vocabulary, which are the bits and
// numbers of columns.
type ordinals struct {
	access, first, audience, commitment map[string]int
	interest                            map[string]uint16
	rolled                              [][]uint16 // an interest and all broader ones

	// The vocabulary itself, so that no answer copies it.
	interests []vocabulary.Interest
	lists     map[string][]vocabulary.Term
	wider     []uint64 // of each audience, it and those it belongs to
	parts     [][]clockRange
}

func (o *ordinals) list(name string) []vocabulary.Term { return o.lists[name] }

func newOrdinals(words *vocabulary.Vocabulary) *ordinals {
	o := &ordinals{
		access: orderOf(words, vocabulary.Access), first: orderOf(words, vocabulary.FirstVisit),
		audience: orderOf(words, vocabulary.Audience), commitment: orderOf(words, vocabulary.Commitment),
		interest: map[string]uint16{}, lists: map[string][]vocabulary.Term{},
	}
	for _, name := range vocabulary.Names() {
		o.lists[name] = words.List(name)
	}
	all := words.Interests()
	o.interests = all
	for i, t := range all {
		o.interest[t.ID] = uint16(i)
	}
	for _, t := range all {
		rolled := []uint16{o.interest[t.ID]}
		for _, b := range words.Broader(t.ID) {
			rolled = append(rolled, o.interest[b])
		}
		o.rolled = append(o.rolled, rolled)
	}
	for _, t := range o.list(vocabulary.Audience) {
		o.wider = append(o.wider, bitsOf(o.audience, belongsTo(words, AnyOf{t.ID})))
	}
	for _, t := range o.list(vocabulary.TimeOfDay) {
		o.parts = append(o.parts, timesOfDay(AnyOf{t.ID}, words))
	}
	return o
}

func belongsTo(words *vocabulary.Vocabulary, alternatives AnyOf) AnyOf {
	all := slices.Clone(alternatives)
	for i := 0; i < len(all); i++ {
		t, _ := words.Term(vocabulary.Audience, all[i])
		for _, wider := range t.Broader {
			if !slices.Contains(all, wider) {
				all = append(all, wider)
			}
		}
	}
	return all
}

// bitsOf are the places of ids in a closed list, as bits; ids that are not in
// it are left out.
func bitsOf(order map[string]int, ids []string) (mask uint64) {
	for _, id := range ids {
		if at, ok := order[id]; ok {
			mask |= 1 << at
		}
	}
	return mask
}

// orderOf are the places of the ids of a closed list.
func orderOf(words *vocabulary.Vocabulary, list string) map[string]int {
	order := map[string]int{}
	for i, t := range words.List(list) {
		order[t.ID] = i
	}
	return order
}
