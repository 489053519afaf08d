package language

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"gather/directory/gazetteer"
	"gather/directory/vocabulary"
)

// Phrasing is what a text says by itself, whatever the index holds: it depends
// on the vocabulary, the gazetteer and the synonyms only, and never changes.
type Phrasing struct {
	Words    []Word
	Unwanted []Form
	Avoided  []Form // related to what is unwanted
	Ignored  []string
	// Phrases are what else to look for, by the words it is of.
	Phrases []Phrase
	// Implied are the filters that the words name; place is a place among the
	// words, nil where there is none.
	Implied []ImpliedFilter
	Place   *PlaceInText
	// private is true of a text that says where somebody lives: it is not kept.
	private bool
}

// Word is one word that is looked for.
type Word struct {
	Word  string
	Stems []string
	// Split is a phrase that is written here without its space.
	Split string
	// Next is true where the word after it follows it in the text.
	Next bool
}

// Phrase is what else to look for where one or more words were said.
type Phrase struct {
	Words []string
	Said  Form // the words themselves, without stems where one word says it all
	Forms []Form
}

// Interpreter reads texts. It keeps those that it read last, in memory only and
// beside nothing that says who asked. It is safe for concurrent use.
type Interpreter struct {
	Vocabulary     *vocabulary.Vocabulary
	places         *gazetteer.Gazetteer
	English, plain Analyser
	ordinary       *ordinaryWords
	Synonyms       atomic.Pointer[synonyms]
	Used           atomic.Int64 // how many synonyms were in use
	// interestStems are the names of each interest.
	interestStems func() [][]stemmedName

	mu         sync.RWMutex
	young, old map[string]*Phrasing
}

// keptPhrasings is how many texts a generation of phrasings holds: two of them
// are a few megabytes, and a town asks for fewer different things in a day.
const keptPhrasings = 2048

func NewInterpreter(words *vocabulary.Vocabulary, places *gazetteer.Gazetteer, english, plain Analyser, s *synonyms) *Interpreter {
	in := &Interpreter{Vocabulary: words, places: places, English: english, plain: plain, young: map[string]*Phrasing{}}
	in.interestStems = sync.OnceValue(in.stemInterests)
	in.Use(s)
	return in
}

// stemmedName is a name of an interest; label is true of the one it is shown by.
type stemmedName struct {
	stems []string
	label bool
}

func (in *Interpreter) stemInterests() (all [][]stemmedName) {
	for _, t := range in.Vocabulary.Interests() {
		var names []stemmedName
		for _, name := range slices.Concat([]string{t.Label, t.LabelCy}, t.Words, t.WordsCy) {
			if name != "" {
				names = append(names, stemmedName{in.English.Stems(Fold(name)), name == t.Label || name == t.LabelCy})
			}
		}
		all = append(all, names)
	}
	return all
}

// Names reports whether stems name an interest, by its place in the vocabulary:
// they are among those of its label, or are one of the other words for it.
func (in *Interpreter) Names(interest uint16, stems []string) bool {
	among := func(some, all []string) bool {
		return !slices.ContainsFunc(some, func(stem string) bool { return !slices.Contains(all, stem) })
	}
	return slices.ContainsFunc(in.interestStems()[interest], func(name stemmedName) bool {
		return among(stems, name.stems) && (name.label || among(name.stems, stems))
	})
}

// Use reads texts with other synonyms from now on.
func (in *Interpreter) Use(s *synonyms) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.Synonyms.Store(s)
	in.Used.Add(1)
	in.ordinary = newOrdinaryWords(in.Vocabulary, s)
	in.young, in.old = map[string]*Phrasing{}, nil
}

// Read is what a text says.
func (in *Interpreter) Read(text string) *Phrasing {
	in.mu.RLock()
	p, young := in.young[text]
	if p == nil {
		p = in.old[text]
	}
	s, ordinary := in.Synonyms.Load(), in.ordinary
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
	if in.Synonyms.Load() == s && !p.private {
		in.keep(text, p)
	}
	return p
}

// keep keeps a phrasing until some thousand others were asked for. in.mu is
// held.
func (in *Interpreter) keep(text string, p *Phrasing) {
	if len(in.young) >= keptPhrasings {
		in.young, in.old = map[string]*Phrasing{}, in.young
	}
	in.young[text] = p
}

// phrase reads a text afresh.
func (in *Interpreter) phrase(text string, s *synonyms, ordinary *ordinaryWords) *Phrasing {
	p := &Phrasing{Place: in.placeIn(text, ordinary), private: mayHoldPostcode(text)}
	said := in.plain.Stems(Fold(spellPlus(text)))
	wanted, unwanted, unneeded := negated(said)
	p.Ignored = append(p.Ignored, unneeded...)
	for _, word := range unwanted {
		if stems := in.English.Stems(word); len(stems) > 0 {
			p.Unwanted = append(p.Unwanted, Form{Stems: stems, Weight: 1, Text: word})
		}
		// Who wants to be without drink is well served by what is about drink.
		if !slices.Contains(said, "without") {
			p.Avoided = append(p.Avoided, in.FormsOf(s.Expansions[vocabulary.Fold(word)])...)
		}
		p.Ignored = append(p.Ignored, word)
	}
	ages := agesIn(wanted)
	in.phrases(p, s, wanted)
	telling := in.informative(p, wanted, ages)
	p.Phrases = slices.DeleteFunc(p.Phrases, func(ph Phrase) bool { return !telling(ph.Words) })
	for i, word := range wanted {
		if slices.Contains(wanted[:i], word) {
			continue
		}
		stems := in.English.Stems(word)
		if len(stems) == 0 || slices.Contains(welshStops, word) || !telling(wanted[i:i+1]) {
			p.Ignored = append(p.Ignored, word)
			continue
		}
		said := Word{Word: word, Stems: stems, Split: s.joined[vocabulary.Fold(word)]}
		if said.Split != "" {
			in.parted(p, s, word, said.Split)
		}
		p.Words = append(p.Words, said)
	}
	for i := range p.Words {
		p.Words[i].Next = i+1 < len(p.Words) && followsIn(wanted, p.Words[i].Word, p.Words[i+1].Word)
	}
	p.Implied = in.implied(s, ordinary, wanted, ages, telling)
	return p
}

func followsIn(words []string, a, b string) bool {
	at := slices.Index(words, a)
	return at >= 0 && at+1 < len(words) && words[at+1] == b
}

// phrases finds what else to look for.
func (in *Interpreter) phrases(p *Phrasing, s *synonyms, words []string) {
	s.expand(words, func(said []string, also []expansion) {
		if slices.ContainsFunc(p.Phrases, func(ph Phrase) bool { return slices.Equal(ph.Words, said) }) {
			return // said twice
		}
		ph := Phrase{Words: said, Forms: in.FormsOf(also)}
		if stems := in.English.Stems(strings.Join(said, " ")); len(said) > 1 && len(stems) > 1 {
			ph.Said = Form{Stems: stems, Weight: 1, Text: strings.Join(said, " ")}
		}
		p.Phrases = append(p.Phrases, ph)
	})
}

// parted adds what else to look for where a phrase is written as one word.
func (in *Interpreter) parted(p *Phrasing, s *synonyms, word, parted string) {
	if also := s.Expansions[vocabulary.Fold(parted)]; also != nil {
		p.Phrases = append(p.Phrases, Phrase{Words: []string{word}, Forms: in.FormsOf(also)})
	}
}

func (in *Interpreter) FormsOf(also []expansion) []Form {
	var forms []Form
	for _, e := range also {
		if stems := in.English.Stems(e.words); len(stems) > 0 {
			forms = append(forms, Form{Stems: stems, Weight: e.weight, Text: e.text})
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
	uninformativeWords = WordSet(`something someone somebody somewhere anything anyone anybody anywhere looking look want wants wanting
		wanted would like likes need needs needing feel feels feeling really rather quite bit get gets getting go goes going
		im ive id please find know thing things could can cant old year years yr yrs aged age recently just also
		who live lives lives living near nearby there make take come comes coming use see try lot much many way maybe else
		dont doesnt isnt not am be been limited love loves enjoy enjoys middle so very one two`)
	relatives = WordSet(`mum mums mother dad father wife husband partner son daughter nan gran grandma granddad grandad
		grandmother grandfather sister brother aunt uncle neighbour client patient lady gentleman mam nain taid`)
	// whose stands before a relative who is the one looked for.
	whose = WordSet(`my his her our their fy`)
)

func WordSet(words string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(words) {
		set[w] = true
	}
	return set
}

// informative says which words of a sentence tell what is looked for. Of a short
// one, and of one without any that do, all count.
func (in *Interpreter) informative(p *Phrasing, words []string, ages []ageInText) func(phrase []string) bool {
	if len(words) < longSentence {
		return func([]string) bool { return true }
	}
	little := map[string]bool{}
	rest := 0
	for i, w := range words {
		switch {
		case slices.ContainsFunc(p.Phrases, func(ph Phrase) bool { return len(ph.Words) > 1 && slices.Contains(ph.Words, w) }):
		case uninformativeWords[w], relatives[w] && (i > 0 && whose[words[i-1]] || len(ages) > 0),
			slices.ContainsFunc(ages, func(a ageInText) bool { return a.bare && i >= a.from && i < a.until }):
			little[w] = true
			continue
		}
		if len(in.English.Stems(w)) > 0 && !slices.Contains(welshStops, w) {
			rest++
		}
	}
	if rest == 0 {
		return func([]string) bool { return true }
	}
	return func(phrase []string) bool { return len(phrase) != 1 || !little[phrase[0]] }
}
