package present

import (
	"cmp"
	"gather/search/language"
	"gather/search/match"
	"gather/search/segment"
	"slices"
)

// maxWordsSaid is how many words an item explains.
const maxWordsSaid = 2

// wordFound is a form that a listing has, and the best part in which it does.
type wordFound struct {
	form  *match.FormStems
	part  language.Part
	worth float32
}

// words adds where a listing has the words, the rarest first.
func (t *reasons) words(c *segment.Columns, i int, doc int32) {
	if t.presenter.Search.Words == nil || t.presenter.Search.TermSets == nil || len(t.presenter.Search.Words.Words) == 0 {
		return
	}
	var said []uint8
	for _, found := range t.presenter.wordsFound(doc) {
		if !slices.ContainsFunc(found.form.Of.Stems, func(stem string) bool { return !language.Generic(stem) }) {
			continue
		}
		fresh := slices.ContainsFunc(found.form.Stems, func(stem uint8) bool { return !slices.Contains(said, stem) })
		if fresh && t.found(found, c, i) {
			said = append(said, found.form.Stems...)
		}
		if len(t.texts) == maxWordsSaid {
			return
		}
	}
}

// wordsFound are the best forms of the words that a listing has in one part.
func (p *Presenter) wordsFound(doc int32) []wordFound {
	l := p.Search.StemTable()
	own, _ := match.Mentions(p.Search.View, l, doc, nil)
	parts := make([]uint16, l.Stems)
	for _, m := range own {
		parts[m.Stem] |= 1 << m.Part
	}
	best := make([]wordFound, l.Words)
	for i := range l.Forms {
		f := &l.Forms[i]
		shared := ^uint16(0)
		for _, stem := range f.Stems {
			shared &= parts[stem]
		}
		for p := language.PartTitle; p < language.PartEnd; p++ {
			worth := f.Weight * match.PartWeights[p] / (match.PartWeights[p] + match.Saturation)
			if shared>>p&1 == 0 || len(f.Stems) > 1 && !slices.ContainsFunc(match.PhrasedIn(f.Stems, own), func(q language.Part) bool { return p == q }) {
				continue
			}
			if worth > best[f.Word].worth {
				best[f.Word] = wordFound{f, p, worth}
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

// found adds where a word was found, and reports whether there is anything to
// say.
func (t *reasons) found(found wordFound, c *segment.Columns, i int) bool {
	word := "“" + found.form.Of.Text + "”"
	switch found.part {
	case language.PartTitle:
		t.add(word+" is in the title", "mae "+word+" yn y teitl")
	case language.PartLabels, language.PartOthers, language.PartBroader:
		return t.interestNamed(found, c, i)
	case language.PartGroup:
		t.add(word+" is in the name of the group", "mae "+word+" yn enw'r grŵp")
	case language.PartVenue:
		t.add(word+" is in the address", "mae "+word+" yn y cyfeiriad")
	default:
		t.add("mentions "+word, "yn sôn am "+word)
	}
	return true
}

// interestNamed adds which interest a word is of: "Knitting is part of Crafts".
// One that has the word only among its other names is not mentioned.
func (t *reasons) interestNamed(found wordFound, c *segment.Columns, i int) bool {
	names := func(n uint16) bool { return t.presenter.Search.Language.Names(n, found.form.Of.Stems) }
	own := c.InterestsOf(i)[:c.Own[i]]
	if at := slices.IndexFunc(own, names); at >= 0 {
		o := &t.presenter.Search.View.Ordinals.Interests[own[at]]
		t.add(o.Label, o.LabelCy)
		return true
	}
	for _, n := range own {
		broader := t.presenter.Search.View.Ordinals.Rolled[n][1:]
		if at := slices.IndexFunc(broader, names); at >= 0 {
			o, b := &t.presenter.Search.View.Ordinals.Interests[n], &t.presenter.Search.View.Ordinals.Interests[broader[at]]
			t.add(o.Label+" is part of "+b.Label, cmp.Or(o.LabelCy, o.Label)+" (rhan o "+cmp.Or(b.LabelCy, b.Label)+")")
			return true
		}
	}
	return false
}
