package freetext

import (
	"regexp"
	"slices"
	"strings"

	"gather/directory/vocabulary"
)

// longestPhrase is the most words of a title that are looked up together: no
// interest has a longer name.
const longestPhrase = 6

// listed separates the items of a label that lists several: "Cricket, Tennis".
var listed = regexp.MustCompile(`\s*[,;/|]\s*`)

// Parts returns the items that a label lists, or the whole label.
func Parts(label string) []string { return listed.Split(label, -1) }

// LabelInterests returns the interests that labels name: each by the whole label,
// or else by its parts.
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

// otherLabels are folded labels of public lists that are too general for the
// vocabulary, with the interest that they mean there: Active Places' kinds of
// facility and Open Data's kinds of club.
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

// notInTitles are words of the vocabulary that are often part of a name in titles
// of imported listings: Bowling Green Lane, the Band of Hope, Sale Art Deco.
var notInTitles = map[string]bool{
	"art": true, "band": true, "card": true, "game": true, "pool": true, "talk": true, "faith": true, "church": true,
	"learning": true, "community": true, "family": true, "advice": true, "social": true, "park": true, "english": true,
	"outing": true, "housing": true, "rainbow": true, "forum": true, "senior": true, "veteran": true, "lady": true, "young people": true,
	"centre": true, "hub": true, "support": true, "health": true, "wellbeing": true, "food": true, "outdoor": true, "volunteer": true, "transport": true, "gate": true, "bridge": true, "recovery": true, "history": true,
	"child": true, "children": true, "sleep": true, "lift": true, "making": true, "loss": true, "stroke": true, "women": true,
	"men": true, "asylum": true, "horse": true, "green": true, "nature": true, "dog": true, "animal": true,
}

// Interests returns the interests that a text names with certainty. Longer phrases
// win, and phrases do not overlap.
func Interests(words *vocabulary.Vocabulary, text string) []string {
	typed := strings.Fields(vocabulary.Fold(text))
	const most = 40 // words; a title has at most 120 characters
	typed = typed[:min(len(typed), most)]
	used := make([]bool, len(typed))
	var out []string
	for n := min(longestPhrase, len(typed)); n >= 1; n-- {
		for i := 0; i+n <= len(typed); i++ {
			if slices.Contains(used[i:i+n], true) {
				continue
			}
			phrase := strings.Join(typed[i:i+n], " ")
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

// Narrowest removes duplicates, and ids that are broader than another one.
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
