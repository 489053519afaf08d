package segment

import (
	"gather/directory"
	"gather/directory/vocabulary"
	"gather/search"
	"gather/search/calendar"
	"slices"
)

// Ordinals are the positions of ids in the vocabulary, which columns use as bits
// and numbers.
type Ordinals struct {
	Access, First, Audience map[string]int
	Choices                 []ChoiceBits // of what is matched by its ids alone
	Interest                map[string]uint16
	Rolled                  [][]uint16 // an interest and all broader ones

	// The vocabulary itself, so that no search copies it.
	Interests []vocabulary.Interest
	lists     map[string][]vocabulary.Term
	Wider     []uint64 // of each audience, it and those it belongs to
	Parts     [][]calendar.ClockRange
	CostSteps []CostStep
}

// CostStep is a price that the cost facet counts up to, and its label.
type CostStep struct {
	Price          search.Price
	Label, LabelCy string
}

// List is a closed list of the vocabulary. The caller must not change it.
func (o *Ordinals) List(name string) []vocabulary.Term { return o.lists[name] }

// NewOrdinals numbers the ids of a vocabulary.
func NewOrdinals(words *vocabulary.Vocabulary) *Ordinals {
	o := &Ordinals{
		Access: orderOf(words, vocabulary.Access), First: orderOf(words, vocabulary.FirstVisit),
		Audience: orderOf(words, vocabulary.Audience),
		Choices:  newChoiceBits(func(list string) map[string]int { return orderOf(words, list) }),
		Interest: map[string]uint16{}, lists: map[string][]vocabulary.Term{},
	}
	for _, name := range vocabulary.Names() {
		o.lists[name] = words.List(name)
	}
	all := words.Interests()
	o.Interests = all
	for i, t := range all {
		o.Interest[t.ID] = uint16(i)
	}
	for _, t := range all {
		rolled := []uint16{o.Interest[t.ID]}
		for _, b := range words.Broader(t.ID) {
			rolled = append(rolled, o.Interest[b])
		}
		o.Rolled = append(o.Rolled, rolled)
	}
	for _, t := range o.List(vocabulary.Audience) {
		o.Wider = append(o.Wider, BitsOf(o.Audience, BelongsTo(words, search.AnyOf{t.ID})))
	}
	for _, t := range o.List(vocabulary.TimeOfDay) {
		o.Parts = append(o.Parts, calendar.TimesOfDay(search.AnyOf{t.ID}, words))
	}
	o.CostSteps = costSteps(words)
	return o
}

// costSteps are the steps of the cost facet, rising: what is free, and the
// prices that the vocabulary names for a set price.
func costSteps(words *vocabulary.Vocabulary) []CostStep {
	free, _ := words.Term(vocabulary.Cost, "free")
	fixed, _ := words.Term(vocabulary.Cost, "fixed")
	steps := []CostStep{{search.Price{Free: true}, free.Label, free.LabelCy}}
	for _, pounds := range fixed.PriceSteps {
		most := directory.Pounds(pounds)
		steps = append(steps, CostStep{search.Price{Most: pounds}, "Up to " + most, "Hyd at " + most})
	}
	return steps
}

// BelongsTo are audiences and all wider ones that they belong to.
func BelongsTo(words *vocabulary.Vocabulary, alternatives search.AnyOf) search.AnyOf {
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

// BitsOf are the positions of ids in a closed list, as bits; ids that are not in
// it are left out.
func BitsOf(order map[string]int, ids []string) (mask uint64) {
	for _, id := range ids {
		if at, ok := order[id]; ok {
			mask |= 1 << at
		}
	}
	return mask
}

// orderOf are the positions of the ids of a closed list.
func orderOf(words *vocabulary.Vocabulary, list string) map[string]int {
	order := map[string]int{}
	for i, t := range words.List(list) {
		order[t.ID] = i
	}
	return order
}
