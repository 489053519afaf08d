package language

import "slices"

// sentenceWords is how many words make a text a sentence, of which uninformative
// words are ignored. In fewer words each counts.
const sentenceWords = 4

var (
	uninformativeWords = wordList("uninformative")
	relatives          = wordList("relatives")
	// possessives before a relative show that the sentence is about that person.
	possessives = wordSet("my", "his", "her", "our", "their", "fy")
)

// informative returns which phrases of a text to look for: all of a short one,
// and of one that has nothing but uninformative words; else all but those words.
func (in *Interpreter) informative(p *Phrasing, words []string, ages []ageInText) func(phrase []string) bool {
	if len(words) < sentenceWords {
		return func([]string) bool { return true }
	}
	uninformative := map[string]bool{}
	rest := 0
	for i, w := range words {
		switch {
		case slices.ContainsFunc(p.Phrases, func(ph Phrase) bool { return len(ph.Words) > 1 && slices.Contains(ph.Words, w) }):
		case uninformativeWords[w], relatives[w] && (i > 0 && possessives[words[i-1]] || len(ages) > 0),
			slices.ContainsFunc(ages, func(a ageInText) bool { return a.personal && i >= a.from && i < a.until }):
			uninformative[w] = true
			continue
		}
		if len(in.english.Stems(w)) > 0 && !welshStopWords[w] {
			rest++
		}
	}
	if rest == 0 {
		return func([]string) bool { return true }
	}
	return func(phrase []string) bool { return len(phrase) != 1 || !uninformative[phrase[0]] }
}
