package freetext

import (
	"regexp"
	"slices"
	"strings"

	"gather/directory/vocabulary"
)

// longestPhrase is how many words of a title are tried together: no interest
// has a name of more.
const longestPhrase = 6

// listed parts a label that lists several things: "Cricket, Tennis".
var listed = regexp.MustCompile(`\s*[,;/|]\s*`)

// Parts are the things that a label lists; the whole of one that lists none.
func Parts(label string) []string { return listed.Split(label, -1) }

// LabelInterests are the interests that labels of a file name: a whole label,
// or else each part of one that lists several.
func LabelInterests(words *vocabulary.Vocabulary, texts ...string) []string {
	var out []string
	for _, text := range texts {
		text = Line(Stated(text))
		if id, ok := words.ByWords(text); ok {
			out = append(out, id)
			continue
		}
		if id, ok := otherLabels[vocabulary.Fold(text)]; ok {
			out = append(out, id)
			continue
		}
		for _, part := range Parts(text) {
			if id, ok := words.ByWords(part); ok {
				out = append(out, id)
			}
		}
	}
	return Narrowest(words, out)
}

// otherLabels are labels of public lists whose words are too loose for the
// vocabulary, folded, with the interest they mean there: Active Places' kinds
// of facility and Open Data's kinds of club.
var otherLabels = map[string]string{
	vocabulary.Fold("Athletic"):                                            "athletics",
	vocabulary.Fold("Swimming pools"):                                      "swimming",
	vocabulary.Fold("Outdoor tennis courts"):                               "tennis",
	vocabulary.Fold("Indoor tennis courts"):                                "tennis",
	vocabulary.Fold("Squash courts"):                                       "squash",
	vocabulary.Fold("Ski slopes"):                                          "skiing",
	vocabulary.Fold("Ice rinks"):                                           "ice-skating",
	vocabulary.Fold("Health and fitness gym stations"):                     "gym",
	vocabulary.Fold("Riding"):                                              "horse-riding",
	vocabulary.Fold("Trampoline"):                                          "trampolining",
	vocabulary.Fold("Weights"):                                             "weight-training",
	vocabulary.Fold("Sports halls"):                                        "sport",
	vocabulary.Fold("Grass pitches"):                                       "sport",
	vocabulary.Fold("Artificial grass pitches"):                            "sport",
	vocabulary.Fold("Sports and fitness"):                                  "sport",
	vocabulary.Fold("Nurseries, creches, pre schools and nursery classes"): "children-and-young-people",
	vocabulary.Fold("Mental and emotional health"):                         "mental-health-support",
	vocabulary.Fold("Dance, drama and music"):                              "arts",
	vocabulary.Fold("Childcare and Early Years"):                           "children-and-young-people",
}

// notInTitles are words of the vocabulary that in the title of a foreign file
// are as often part of a name: Bowling Green Lane, the Band of Hope, Sale Art
// Deco.
var notInTitles = map[string]bool{
	"art": true, "band": true, "card": true, "game": true, "pool": true, "talk": true, "faith": true, "church": true,
	"learning": true, "community": true, "family": true, "advice": true, "social": true, "park": true, "english": true,
	"outing": true, "housing": true, "rainbow": true, "forum": true, "senior": true, "veteran": true, "lady": true, "young people": true,
	"centre": true, "hub": true, "support": true, "health": true, "wellbeing": true, "food": true, "outdoor": true, "volunteer": true, "transport": true, "gate": true, "bridge": true, "recovery": true, "history": true,
	"child": true, "children": true, "sleep": true, "lift": true, "making": true, "loss": true, "stroke": true, "women": true,
	"men": true, "asylum": true, "horse": true, "green": true, "nature": true, "dog": true, "animal": true,
}

// Interests answers the interests that the words of a text name for sure:
// the longest phrases first, none inside another.
func Interests(words *vocabulary.Vocabulary, text string) []string {
	said := strings.Fields(vocabulary.Fold(text))
	const most = 40 // words; a title has at most 120 characters
	said = said[:min(len(said), most)]
	used := make([]bool, len(said))
	var out []string
	for n := min(longestPhrase, len(said)); n >= 1; n-- {
		for i := 0; i+n <= len(said); i++ {
			if slices.Contains(used[i:i+n], true) {
				continue
			}
			phrase := strings.Join(said[i:i+n], " ")
			if notInTitles[phrase] || n == 1 && len(phrase) < 4 {
				continue
			}
			if id, ok := words.ByWords(phrase); ok {
				out = append(out, id)
				for j := i; j < i+n; j++ {
					used[j] = true
				}
			}
		}
	}
	return Narrowest(words, out)
}

// Narrowest leaves out what is there twice, and what another one narrows.
func Narrowest(words *vocabulary.Vocabulary, ids []string) []string {
	var out []string
	for _, id := range ids {
		if slices.Contains(out, id) {
			continue
		}
		narrowed := false
		for _, other := range ids {
			if other != id && slices.Contains(words.Broader(other), id) {
				narrowed = true
			}
		}
		if !narrowed {
			out = append(out, id)
		}
	}
	return out
}
