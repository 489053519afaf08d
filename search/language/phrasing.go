package language

import (
	"slices"
	"strings"

	"gather/search"
)

// Phrasing is what a text asks for, whatever the index holds. It is shared
// between searches and never changes.
type Phrasing struct {
	// Words are looked for, in the order of the text, each once.
	Words []Word
	// Unwanted rule a listing out that has them in its title or labels.
	Unwanted []Form
	// Avoided are related to what is unwanted: listings that have them rank lower.
	Avoided []Form
	// Ignored are the words that are not looked for.
	Ignored []string
	// Phrases are what else to look for.
	Phrases []Phrase
	// Implied are the filters that the words imply, at most maxImplied.
	Implied []ImpliedFilter
	// Place is a place among the words, nil where there is none.
	Place *PlaceInText

	// private is true of a text that may say where somebody lives: it is never
	// cached.
	private bool
}

// Word is one word that is looked for.
type Word struct {
	Text  string
	Stems []string // never empty
	// Split is the phrase that the word is written for without its space
	// ("bookclub"), empty for most words.
	Split string
	// Adjacent is true where the next of Phrasing.Words follows it in the text.
	Adjacent bool
}

// Phrase is one or more words of a text and what else to look for because of
// them.
type Phrase struct {
	Words []string
	// Typed is the words as one form; without stems where there is one word only.
	Typed Form
	Forms []Form // none of them with a weight of 1 or more
}

// Form is one way to look for a word: a listing has it that has all its stems.
type Form struct {
	Stems  []string
	Weight float32 // 1 for what was typed, less for anything else
	Text   string  // the form as people write it
}

// interpret reads a text.
func (in *Interpreter) interpret(text string, s *Synonyms) *Phrasing {
	p := &Phrasing{Place: in.placeIn(text, s), private: mayHoldPostcode(text)}
	typed := in.plain.Stems(Fold(spellPlus(text)))
	wanted, unwanted, unneeded := splitNegated(typed)
	p.Ignored = append(p.Ignored, unneeded...)
	in.addUnwanted(p, s, typed, unwanted)
	ages := agesIn(wanted)
	in.addPhrases(p, s, wanted)
	informative := in.informative(p, wanted, ages)
	p.Phrases = slices.DeleteFunc(p.Phrases, func(ph Phrase) bool { return !informative(ph.Words) })
	in.addWords(p, s, wanted, informative)
	p.Implied = in.impliedFilters(s, wanted, ages, informative)
	return p
}

// addWords adds the words to look for.
func (in *Interpreter) addWords(p *Phrasing, s *Synonyms, wanted []string, informative func([]string) bool) {
	for i, text := range wanted {
		if slices.Contains(wanted[:i], text) {
			continue
		}
		stems := in.english.Stems(text)
		if len(stems) == 0 || welshStopWords[text] || !informative(wanted[i:i+1]) {
			p.Ignored = append(p.Ignored, text)
			continue
		}
		word := Word{Text: text, Stems: stems, Split: s.splitOf(text)}
		if also := s.expansionsOf(word.Split); word.Split != "" && also != nil {
			p.Phrases = append(p.Phrases, Phrase{Words: []string{text}, Forms: in.forms(also)})
		}
		p.Words = append(p.Words, word)
	}
	for i := range p.Words {
		p.Words[i].Adjacent = i+1 < len(p.Words) && adjacent(wanted, p.Words[i].Text, p.Words[i+1].Text)
	}
}

// adjacent reports whether b follows the first a.
func adjacent(words []string, a, b string) bool {
	at := slices.Index(words, a)
	return at >= 0 && at+1 < len(words) && words[at+1] == b
}

// addPhrases adds what the synonyms say to look for too.
func (in *Interpreter) addPhrases(p *Phrasing, s *Synonyms, words []string) {
	s.expand(words, func(phrase []string, also []expansion) {
		if slices.ContainsFunc(p.Phrases, func(ph Phrase) bool { return slices.Equal(ph.Words, phrase) }) {
			return
		}
		ph := Phrase{Words: phrase, Forms: in.forms(also)}
		if stems := in.english.Stems(strings.Join(phrase, " ")); len(phrase) > 1 && len(stems) > 1 {
			ph.Typed = Form{Stems: stems, Weight: 1, Text: strings.Join(phrase, " ")}
		}
		p.Phrases = append(p.Phrases, ph)
	})
}

// forms are the forms of expansions that are not stop words only.
func (in *Interpreter) forms(also []expansion) []Form {
	var forms []Form
	for _, e := range also {
		if stems := in.english.Stems(e.words); len(stems) > 0 {
			forms = append(forms, Form{Stems: stems, Weight: e.weight, Text: e.text})
		}
	}
	return forms
}

// spellPlus spells out a plus sign after a digit: "50+" becomes "50 plus".
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

// Locate moves a place among the words of q from them to near, and returns that
// place. It returns nil and leaves q as it is where the words hold none, or q has a
// place already or is to be read literally.
func (in *Interpreter) Locate(q *search.Query) *PlaceInText {
	if q.Words == "" || q.Near != "" || q.Box != nil || q.Literal {
		return nil
	}
	p := in.Read(q.Words).Place
	if p != nil {
		q.Words, q.Near = p.Rest, p.name
	}
	return p
}
