package search

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"gather/directory/gazetteer"
	"gather/directory/vocabulary"
)

// phrasing is what a text says by itself, whatever the index holds: it depends
// on the vocabulary, the gazetteer and the synonyms only, and never changes.
type phrasing struct {
	words    []Word
	unwanted []form
	avoided  []form // related to what is unwanted
	ignored  []string
	// phrases are what else to look for, by the words it is of.
	phrases []phrase
	// Implied are the filters that the words name; place is a place among the
	// words, nil where there is none.
	Implied []ImpliedFilter
	place   *placeInText
	// private is true of a text that says where somebody lives: it is not kept.
	private bool
}

// Word is one word that is looked for.
type Word struct {
	word  string
	stems []string
	// Split is a phrase that is written here without its space.
	Split string
	// next is true where the word after it follows it in the text.
	next bool
}

// phrase is what else to look for where one or more words were said.
type phrase struct {
	words []string
	said  form // the words themselves, without stems where one word says it all
	forms []form
}

// interpreter reads texts. It keeps those that it read last, in memory only and
// beside nothing that says who asked. It is safe for concurrent use.
type interpreter struct {
	vocabulary     *vocabulary.Vocabulary
	places         *gazetteer.Gazetteer
	english, plain analyser
	ordinary       *ordinaryWords
	synonyms       atomic.Pointer[synonyms]
	used           atomic.Int64 // how many synonyms were in use
	// interestStems are the names of each interest.
	interestStems func() [][]stemmedName

	mu         sync.RWMutex
	young, old map[string]*phrasing
}

// keptPhrasings is how many texts a generation of phrasings holds: two of them
// are a few megabytes, and a town asks for fewer different things in a day.
const keptPhrasings = 2048

func newInterpreter(words *vocabulary.Vocabulary, places *gazetteer.Gazetteer, english, plain analyser, s *synonyms) *interpreter {
	in := &interpreter{vocabulary: words, places: places, english: english, plain: plain, young: map[string]*phrasing{}}
	in.interestStems = sync.OnceValue(in.stemInterests)
	in.use(s)
	return in
}

// stemmedName is a name of an interest; label is true of the one it is shown by.
type stemmedName struct {
	stems []string
	label bool
}

func (in *interpreter) stemInterests() (all [][]stemmedName) {
	for _, t := range in.vocabulary.Interests() {
		var names []stemmedName
		for _, name := range slices.Concat([]string{t.Label, t.LabelCy}, t.Words, t.WordsCy) {
			if name != "" {
				names = append(names, stemmedName{in.english.stems(fold(name)), name == t.Label || name == t.LabelCy})
			}
		}
		all = append(all, names)
	}
	return all
}

// names reports whether stems name an interest, by its place in the vocabulary:
// they are among those of its label, or are one of the other words for it.
func (in *interpreter) names(interest uint16, stems []string) bool {
	among := func(some, all []string) bool {
		return !slices.ContainsFunc(some, func(stem string) bool { return !slices.Contains(all, stem) })
	}
	return slices.ContainsFunc(in.interestStems()[interest], func(name stemmedName) bool {
		return among(stems, name.stems) && (name.label || among(name.stems, stems))
	})
}

// use reads texts with other synonyms from now on.
func (in *interpreter) use(s *synonyms) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.synonyms.Store(s)
	in.used.Add(1)
	in.ordinary = newOrdinaryWords(in.vocabulary, s)
	in.young, in.old = map[string]*phrasing{}, nil
}

// read is what a text says.
func (in *interpreter) read(text string) *phrasing {
	in.mu.RLock()
	p, young := in.young[text]
	if p == nil {
		p = in.old[text]
	}
	s, ordinary := in.synonyms.Load(), in.ordinary
	in.mu.RUnlock()
	if young {
		return p
	}
	if p == nil {
		p = in.phrase(text, s, ordinary)
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	// Else the synonyms are of yesterday, or the text says where somebody lives.
	if in.synonyms.Load() == s && !p.private {
		in.keep(text, p)
	}
	return p
}

// keep keeps a phrasing until some thousand others were asked for. in.mu is
// held.
func (in *interpreter) keep(text string, p *phrasing) {
	if len(in.young) >= keptPhrasings {
		in.young, in.old = map[string]*phrasing{}, in.young
	}
	in.young[text] = p
}

// phrase reads a text afresh.
func (in *interpreter) phrase(text string, s *synonyms, ordinary *ordinaryWords) *phrasing {
	p := &phrasing{place: in.placeIn(text, ordinary), private: mayHoldPostcode(text)}
	said := in.plain.stems(fold(spellPlus(text)))
	wanted, unwanted, unneeded := negated(said)
	p.ignored = append(p.ignored, unneeded...)
	for _, word := range unwanted {
		if stems := in.english.stems(word); len(stems) > 0 {
			p.unwanted = append(p.unwanted, form{stems: stems, weight: 1, text: word})
		}
		// Who wants to be without drink is well served by what is about drink.
		if !slices.Contains(said, "without") {
			p.avoided = append(p.avoided, in.formsOf(s.expansions[vocabulary.Fold(word)])...)
		}
		p.ignored = append(p.ignored, word)
	}
	ages := agesIn(wanted)
	in.phrases(p, s, wanted)
	telling := in.informative(p, wanted, ages)
	p.phrases = slices.DeleteFunc(p.phrases, func(ph phrase) bool { return !telling(ph.words) })
	for i, word := range wanted {
		if slices.Contains(wanted[:i], word) {
			continue
		}
		stems := in.english.stems(word)
		if len(stems) == 0 || slices.Contains(welshStops, word) || !telling(wanted[i:i+1]) {
			p.ignored = append(p.ignored, word)
			continue
		}
		said := Word{word: word, stems: stems, Split: s.joined[vocabulary.Fold(word)]}
		if said.Split != "" {
			in.parted(p, s, word, said.Split)
		}
		p.words = append(p.words, said)
	}
	for i := range p.words {
		p.words[i].next = i+1 < len(p.words) && followsIn(wanted, p.words[i].word, p.words[i+1].word)
	}
	p.Implied = in.implied(s, ordinary, wanted, ages, telling)
	return p
}

func followsIn(words []string, a, b string) bool {
	at := slices.Index(words, a)
	return at >= 0 && at+1 < len(words) && words[at+1] == b
}

// phrases finds what else to look for.
func (in *interpreter) phrases(p *phrasing, s *synonyms, words []string) {
	s.expand(words, func(said []string, also []expansion) {
		if slices.ContainsFunc(p.phrases, func(ph phrase) bool { return slices.Equal(ph.words, said) }) {
			return // said twice
		}
		ph := phrase{words: said, forms: in.formsOf(also)}
		if stems := in.english.stems(strings.Join(said, " ")); len(said) > 1 && len(stems) > 1 {
			ph.said = form{stems: stems, weight: 1, text: strings.Join(said, " ")}
		}
		p.phrases = append(p.phrases, ph)
	})
}

// parted adds what else to look for where a phrase is written as one word.
func (in *interpreter) parted(p *phrasing, s *synonyms, word, parted string) {
	if also := s.expansions[vocabulary.Fold(parted)]; also != nil {
		p.phrases = append(p.phrases, phrase{words: []string{word}, forms: in.formsOf(also)})
	}
}

func (in *interpreter) formsOf(also []expansion) []form {
	var forms []form
	for _, e := range also {
		if stems := in.english.stems(e.words); len(stems) > 0 {
			forms = append(forms, form{stems: stems, weight: e.weight, text: e.text})
		}
	}
	return forms
}

// spellPlus writes out a plus sign after a digit: "50+" is "50 plus".
func spellPlus(text string) string {
	var b strings.Builder
	digit := false
	for _, r := range text {
		if r == '+' && digit {
			b.WriteString(" plus ")
		} else {
			b.WriteRune(r)
		}
		digit = r >= '0' && r <= '9'
	}
	return b.String()
}

// longSentence is how many words a text has when those that tell little are
// left out: in few words each is meant.
const longSentence = 4

// Words of sentences that tell little of what is looked for, and those for
// people whom a sentence is about. Both are looked for when nothing else is.
var (
	uninformativeWords = wordSet(`something someone somebody somewhere anything anyone anybody anywhere looking look want wants wanting
		wanted would like likes need needs needing feel feels feeling really rather quite bit get gets getting go goes going
		im ive id please find know thing things could can cant old year years yr yrs aged age recently just also
		who live lives lives living near nearby there make take come comes coming use see try lot much many way maybe else
		dont doesnt isnt not am be been limited love loves enjoy enjoys middle so very one two`)
	relatives = wordSet(`mum mums mother dad father wife husband partner son daughter nan gran grandma granddad grandad
		grandmother grandfather sister brother aunt uncle neighbour client patient lady gentleman mam nain taid`)
	// whose stands before a relative who is the one looked for.
	whose = wordSet(`my his her our their fy`)
)

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(words) {
		set[w] = true
	}
	return set
}

// informative says which words of a sentence tell what is looked for. Of a short
// one, and of one without any that do, all count.
func (in *interpreter) informative(p *phrasing, words []string, ages []ageInText) func(phrase []string) bool {
	if len(words) < longSentence {
		return func([]string) bool { return true }
	}
	little := map[string]bool{}
	rest := 0
	for i, w := range words {
		switch {
		case slices.ContainsFunc(p.phrases, func(ph phrase) bool { return len(ph.words) > 1 && slices.Contains(ph.words, w) }):
		case uninformativeWords[w], relatives[w] && (i > 0 && whose[words[i-1]] || len(ages) > 0),
			slices.ContainsFunc(ages, func(a ageInText) bool { return a.bare && i >= a.from && i < a.until }):
			little[w] = true
			continue
		}
		if len(in.english.stems(w)) > 0 && !slices.Contains(welshStops, w) {
			rest++
		}
	}
	if rest == 0 {
		return func([]string) bool { return true }
	}
	return func(phrase []string) bool { return len(phrase) != 1 || !little[phrase[0]] }
}
