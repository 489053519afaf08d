package search

import (
	"cmp"
	"slices"
)

// maxWordsSaid is how many of the words an item says where it has them: the
// rest can be seen.
const maxWordsSaid = 2

// uninformative are stems that tell nobody why something was found.
var uninformative = wordSet(`group club class session activ meet peopl event support help`)

// wordFound is a form that a listing has, and the best part in which it does.
type wordFound struct {
	form  *formStems
	part  part
	worth float32
}

// words says where a listing has the words, the most telling first.
func (t *reasons) words(c *columns, i int, doc int32) {
	if t.presenter.search.words == nil || t.presenter.search.termSets == nil || len(t.presenter.search.words.words) == 0 {
		return
	}
	var said []uint8
	for _, found := range t.presenter.wordsFound(doc) {
		if !slices.ContainsFunc(found.form.of.stems, func(stem string) bool { return !uninformative[stem] }) {
			continue
		}
		fresh := slices.ContainsFunc(found.form.stems, func(stem uint8) bool { return !slices.Contains(said, stem) })
		if fresh && t.found(found, c, i) {
			said = append(said, found.form.stems...)
		}
		if len(t.texts) == maxWordsSaid {
			return
		}
	}
}

// wordsFound are the best forms of the words that a listing has in one part.
func (p *Presenter) wordsFound(doc int32) []wordFound {
	l := p.search.stemTable()
	own, _ := mentions(p.search.view, l, doc, nil)
	parts := make([]uint16, l.stems)
	for _, m := range own {
		parts[m.stem] |= 1 << m.part
	}
	best := make([]wordFound, l.words)
	for i := range l.forms {
		f := &l.forms[i]
		shared := ^uint16(0)
		for _, stem := range f.stems {
			shared &= parts[stem]
		}
		for p := partTitle; p < partEnd; p++ {
			worth := f.weight * partWeights[p] / (partWeights[p] + saturation)
			if shared>>p&1 == 0 || len(f.stems) > 1 && !slices.ContainsFunc(phrasedIn(f.stems, own), func(q part) bool { return p == q }) {
				continue
			}
			if worth > best[f.word].worth {
				best[f.word] = wordFound{f, p, worth}
			}
		}
	}
	best = slices.DeleteFunc(best, func(w wordFound) bool { return w.form == nil })
	slices.SortStableFunc(best, func(a, b wordFound) int {
		switch {
		case a.worth > b.worth:
			return -1
		case a.worth < b.worth:
			return 1
		}
		return 0
	})
	return best
}

// found says where a word is found, and reports whether there is anything to
// say.
func (t *reasons) found(found wordFound, c *columns, i int) bool {
	word := "“" + found.form.of.text + "”"
	switch found.part {
	case partTitle:
		t.add(word+" is in the title", "mae "+word+" yn y teitl")
	case partLabels, partOthers, partBroader:
		return t.interestNamed(found, c, i)
	case partGroup:
		t.add(word+" is in the name of the group", "mae "+word+" yn enw'r grŵp")
	case partVenue:
		t.add(word+" is in the address", "mae "+word+" yn y cyfeiriad")
	default:
		t.add("mentions "+word, "yn sôn am "+word)
	}
	return true
}

// interestNamed says which interest a word is of: "Knitting is part of Crafts".
// One that only has the word among other words for it is not named.
func (t *reasons) interestNamed(found wordFound, c *columns, i int) bool {
	names := func(n uint16) bool { return t.presenter.search.language.names(n, found.form.of.stems) }
	own := c.interestsOf(i)[:c.own[i]]
	if at := slices.IndexFunc(own, names); at >= 0 {
		o := &t.presenter.search.view.ordinals.interests[own[at]]
		t.add(o.Label, o.LabelCy)
		return true
	}
	for _, n := range own {
		broader := t.presenter.search.view.ordinals.rolled[n][1:]
		if at := slices.IndexFunc(broader, names); at >= 0 {
			o, b := &t.presenter.search.view.ordinals.interests[n], &t.presenter.search.view.ordinals.interests[broader[at]]
			t.add(o.Label+" is part of "+b.Label, cmp.Or(o.LabelCy, o.Label)+" (rhan o "+cmp.Or(b.LabelCy, b.Label)+")")
			return true
		}
	}
	return false
}
