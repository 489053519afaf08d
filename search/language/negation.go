package language

import "slices"

// welshStopWords are never looked for.
var welshStopWords = wordList("welsh-stop-words")

// The words that negate the next. After a word of notNeeded the next is not
// looked for, but listings that have it are still found: who asks for a food
// bank with no voucher is well served by one that says "no voucher needed".
var (
	notWanted = wordSet("not", "without", "isnt", "dont", "except")
	notNeeded = wordSet("no")
	// betweenNot may stand between a negation and what it negates.
	betweenNot = wordSet("a", "an", "the", "in", "near", "any", "is", "want", "like", "too", "very", "into", "about")
)

// NonStem in a title negates what follows: a "non-religious" group answers a
// question for one that is not religious.
const NonStem = "non"

// splitNegated splits words into what is wanted, what is not wanted and what is
// not needed. A negation takes one word only: "not a talking group" asks for a
// group.
func splitNegated(words []string) (wanted, unwanted, unneeded []string) {
	for i := 0; i < len(words); i++ {
		not, no := notWanted[words[i]], notNeeded[words[i]]
		at := i + 1
		for at < len(words) && betweenNot[words[at]] {
			at++
		}
		switch {
		case !not && !no || at == len(words) || words[at] == "just" || words[at] == "only":
			wanted = append(wanted, words[i])
		case not:
			unwanted, i = append(unwanted, words[at]), at
		default:
			unneeded, i = append(unneeded, words[at]), at
		}
	}
	return wanted, unwanted, unneeded
}

// addUnwanted adds what the words of a question rule out.
func (in *Interpreter) addUnwanted(p *Phrasing, s *Synonyms, typed, unwanted []string) {
	for _, word := range unwanted {
		if stems := in.english.Stems(word); len(stems) > 0 {
			p.Unwanted = append(p.Unwanted, Form{Stems: stems, Weight: 1, Text: word})
		}
		// A listing about alcohol is a good answer to "without alcohol", so only
		// other negations rank what is related to the word lower.
		if !slices.Contains(typed, "without") {
			p.Avoided = append(p.Avoided, in.forms(s.expansionsOf(word))...)
		}
		p.Ignored = append(p.Ignored, word)
	}
}
