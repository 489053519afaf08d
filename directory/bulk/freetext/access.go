package freetext

import (
	"gather/directory/vocabulary"
)

// accessLabels are folded labels of public lists that mean one of our access
// features. Labels that only come close are left out; they become a note.
var accessLabels = map[string]string{
	vocabulary.Fold("Accessible toilet facilities"):   "accessible-toilet",
	vocabulary.Fold("Wheelchair accessible entrance"): "step-free",
	vocabulary.Fold("Disabled car parking space"):     "blue-badge-parking",
	vocabulary.Fold("Building has lift"):              "lift",
	vocabulary.Fold("Bus stop nearby"):                "near-bus-stop",
	vocabulary.Fold("British sign language (bsl)"):    "bsl-interpreter",
	vocabulary.Fold("Accessible changing area"):       "accessible-changing-room",
	vocabulary.Fold("Ramps available"):                "ramp",
	vocabulary.Fold("Portable ramp"):                  "ramp",
	vocabulary.Fold("Ramps"):                          "ramp",
	vocabulary.Fold("Induction loop"):                 "hearing-loop",
}

// looseAccess are words of our vocabulary that files use in a wider sense: a hoist
// may be the pool's, and not in a Changing Places toilet.
var looseAccess = map[string]bool{
	vocabulary.Fold("Hoist"): true, vocabulary.Fold("Changing facilities"): true, vocabulary.Fold("Parking"): true,
	vocabulary.Fold("Toilets"): true, vocabulary.Fold("First aid"): true,
}

// AccessFeature returns the id of the access feature that a label means; ok is
// false if that is not certain.
func AccessFeature(words *vocabulary.Vocabulary, label string) (string, bool) {
	label = Line(label)
	if looseAccess[vocabulary.Fold(label)] {
		return "", false
	}
	if id, ok := accessLabels[vocabulary.Fold(label)]; ok {
		return id, true
	}
	t, ok := words.TermByWords(vocabulary.Access, label)
	return t.ID, ok
}
