package segment

import (
	"gather/directory"
	"gather/search"
)

// ChoiceBits are the bits of one choice in Columns.Choices: one for each id of
// its list, in its order, and the last for a listing that states none of them.
type ChoiceBits struct {
	Choice *search.Choice
	Number int // its place in Ordinals.Choices
	// First is the bit of the first id, All are all bits of the choice.
	First         int
	All, Unstated uint64
	order         map[string]int
}

// Of are the bits of ids, of search.NotStated too. Ids that are not in the list
// have none.
func (b *ChoiceBits) Of(ids []string) uint64 {
	bits := BitsOf(b.order, ids) << b.First
	for _, id := range ids {
		if id == search.NotStated {
			bits |= b.Unstated
		}
	}
	return bits
}

// newChoiceBits gives each choice that is matched by its ids alone its bits.
// There are fewer than 64 in all, which a test holds.
func newChoiceBits(order func(list string) map[string]int) (all []ChoiceBits) {
	next := 0
	for i := range search.Choices {
		c := &search.Choices[i]
		if c.Stated == nil {
			continue
		}
		b := ChoiceBits{Choice: c, Number: len(all), First: next, order: order(c.List)}
		next += len(b.order)
		b.Unstated = 1 << next
		next++
		b.All = 1<<next - 1<<b.First
		all = append(all, b)
	}
	return all
}

// statedChoices are what a listing states of the choices that are matched by
// their ids alone, each as its name and id: so what is packed means the same in
// whatever order the lists are.
func statedChoices(a *directory.Activity) (stated []string) {
	for i := range search.Choices {
		c := &search.Choices[i]
		if c.Stated == nil {
			continue
		}
		for _, id := range c.Stated(a) {
			if id != "" {
				stated = append(stated, c.Name, id)
			}
		}
	}
	return stated
}

// choiceBits are the bits of what statedChoices answered.
func (o *Ordinals) choiceBits(stated []string) (bits uint64) {
	for i := range o.Choices {
		b := &o.Choices[i]
		of := uint64(0)
		for n := 0; n+1 < len(stated); n += 2 {
			if at, ok := b.order[stated[n+1]]; ok && stated[n] == b.Choice.Name {
				of |= 1 << (b.First + at)
			}
		}
		if of == 0 {
			of = b.Unstated
		}
		bits |= of
	}
	return bits
}
