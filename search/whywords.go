package search

import (
	"slices"
)

// maxWordsSaid is how many of the words an item says where it has them: the
// rest can be seen.
const maxWordsSaid = 2

// allWhy says how f fits the question: its words first, then all else.
func (s *searching) allWhy(slot int32, f *facts, it Item) []string {
	why := s.whyWords(slot, f)
	for _, text := range s.why(f, it) {
		if !slices.Contains(why, text) {
			why = append(why, text)
		}
	}
	return why
}

// saysLittle are stems that tell nobody why something was found.
var saysLittle = wordSet(`group club class session activ meet peopl event support help`)

// wordFound is a form that a listing has, and the best part in which it does.
type wordFound struct {
	form  *lexicalForm
	part  part
	worth float32
}

// whyWords says where a listing has the words, the most telling first.
func (s *searching) whyWords(slot int32, f *facts) []string {
	if s.reading == nil || s.sets == nil || len(s.reading.words) == 0 {
		return nil
	}
	var why []string
	var said []uint8
	for _, found := range s.wordsFound(slot) {
		if !slices.ContainsFunc(found.form.of.stems, func(stem string) bool { return !saysLittle[stem] }) {
			continue
		}
		fresh := slices.ContainsFunc(found.form.stems, func(stem uint8) bool { return !slices.Contains(said, stem) })
		if !fresh {
			continue
		}
		text := s.sayFound(found, f)
		if text == "" {
			continue
		}
		said = append(said, found.form.stems...)
		if !slices.Contains(why, text) {
			why = append(why, text)
		}
		if len(why) == maxWordsSaid {
			break
		}
	}
	return why
}

// wordsFound are the best forms of the words that a listing has in one part.
func (s *searching) wordsFound(slot int32) []wordFound {
	l := s.theLexicon()
	own, _ := s.mentions(l, slot, nil)
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

// sayFound says where a word is found.
func (s *searching) sayFound(found wordFound, f *facts) string {
	word := "“" + found.form.of.text + "”"
	switch found.part {
	case partTitle:
		return s.say(word+" is in the title", "mae "+word+" yn y teitl")
	case partLabels, partOthers, partBroader:
		return s.sayInterest(found, f)
	case partGroup:
		return s.say(word+" is in the name of the group", "mae "+word+" yn enw'r grŵp")
	case partVenue:
		return s.say(word+" is in the address", "mae "+word+" yn y cyfeiriad")
	}
	return s.say("mentions "+word, "yn sôn am "+word)
}

// sayInterest says which interest a word is of: "Knitting is part of Crafts".
// One that only has the word among other words for it is not named.
func (s *searching) sayInterest(found wordFound, f *facts) string {
	has := func(stems, all []string) bool {
		return !slices.ContainsFunc(all, func(stem string) bool { return !slices.Contains(stems, stem) })
	}
	names := func(id string) bool {
		t, ok := s.compiler.vocabulary.Interest(id)
		return ok && slices.ContainsFunc(slices.Concat([]string{t.Label, t.LabelCy}, t.Words, t.WordsCy), func(name string) bool {
			stems := s.maker.english.stems(fold(name))
			whole := has(found.form.of.stems, stems) || name == t.Label || name == t.LabelCy
			return whole && has(stems, found.form.of.stems)
		})
	}
	if at := slices.IndexFunc(f.Interests, names); at >= 0 {
		return s.interestLabel(f.Interests[at])
	}
	for _, own := range f.Interests {
		broader := s.compiler.vocabulary.Broader(own)
		if at := slices.IndexFunc(broader, names); at >= 0 {
			a, b := s.interestLabel(own), s.interestLabel(broader[at])
			return s.say(a+" is part of "+b, a+" (rhan o "+b+")")
		}
	}
	return ""
}
