package freetext

import (
	"gather/directory/vocabulary"
)

// accessLabels are labels for access of public lists that mean one of our
// features, folded. Labels that only come near one are not among them: they
// are kept as a note.
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

// looseAccess are words that our vocabulary has for a feature and that files
// use for less: a hoist may be the pool's, and is no Changing Places toilet.
var looseAccess = map[string]bool{
	vocabulary.Fold("Hoist"): true, vocabulary.Fold("Changing facilities"): true, vocabulary.Fold("Parking"): true,
	vocabulary.Fold("Toilets"): true, vocabulary.Fold("First aid"): true,
}

// AccessFeature is the access feature that a label means; ok is false where it
// does not mean one for sure.
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
