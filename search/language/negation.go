package language

import "slices"

// welshStops are Welsh words that say nothing by themselves. English ones are
// left out by the analyser.
var welshStops = []string{"y", "yr", "yn", "a", "ac", "ar", "at", "am", "i", "o", "neu", "gyda", "efo", "mewn", "ein", "eich", "dros", "gan", "un"}

// The words that say that what follows is not wanted, and that it is not
// needed; the second kind only keeps it from being looked for, because who
// asks for a food bank with no voucher is well served by one that says so.
var (
	notWanted = []string{"not", "without", "isnt", "dont", "except"}
	notNeeded = []string{"no"}
	// betweenNot may stand between such a word and what it is about.
	betweenNot = []string{"a", "an", "the", "in", "near", "any", "is", "want", "like", "too", "very", "into", "about"}
)

// NonStem in a title says that what follows is not so: a "non-religious" group
// is what somebody wants who asks for one that is not religious.
const NonStem = "non"

// negated are the words that are said not to be wanted or not needed, and what
// is left. In what is not wanted one word counts: "not a talking group" is a
// group.
func negated(words []string) (wanted, unwanted, unneeded []string) {
	for i := 0; i < len(words); i++ {
		not, no := slices.Contains(notWanted, words[i]), slices.Contains(notNeeded, words[i])
		at := i + 1
		for at < len(words) && slices.Contains(betweenNot, words[at]) {
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
