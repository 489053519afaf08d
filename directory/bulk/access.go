package bulk

import (
	"fmt"
	"regexp"
	"strings"

	"gather/directory"
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

// accessColumns are columns of Sport England's Active Places that answer one
// of our features. Every site there is asked each of them, so its No is a
// stated no.
var accessColumns = map[string]string{
	"disabilityparking":            "blue-badge-parking",
	"disabilitytoilets":            "accessible-toilet",
	"disabilitychangingfacilities": "accessible-changing-room",
}

// accessNotes are columns of Active Places about access that promise less, or
// something else, than any of our features ("suitable access" is not "no
// step"): they are kept in words.
var accessNotes = []struct{ column, words string }{
	{"disabilityfindingreachingentrance", "finding and reaching the entrance"},
	{"disabilityreceptionarea", "reception"},
	{"disabilitydoorways", "doorways"},
	{"disabilityactivityarea", "activity area"},
	{"disabilitysocialareas", "social areas"},
	{"disabilityspectatorareas", "spectator areas"},
	{"disabilityemergencyexits", "emergency exits"},
}

// looseAccess are words that our vocabulary has for a feature and that files
// use for less: a hoist may be the pool's, and is no Changing Places toilet.
var looseAccess = map[string]bool{
	vocabulary.Fold("Hoist"): true, vocabulary.Fold("Changing facilities"): true, vocabulary.Fold("Parking"): true,
	vocabulary.Fold("Toilets"): true, vocabulary.Fold("First aid"): true,
}

// feature finds the access feature that a label means, if it surely means one.
func feature(words *vocabulary.Vocabulary, label string) (string, bool) {
	label = line(label)
	if looseAccess[vocabulary.Fold(label)] {
		return "", false
	}
	if id, ok := accessLabels[vocabulary.Fold(label)]; ok {
		return id, true
	}
	t, ok := words.TermByWords(vocabulary.Access, label)
	return t.ID, ok
}

// answer notes an answer to a feature. A no never overrules a yes.
func (d *draft) answer(feature, answer, note string) {
	if answer == "" || feature == "" {
		return
	}
	if d.details.Access == nil {
		d.details.Access = map[string]directory.Answer{}
	}
	if have, ok := d.details.Access[feature]; ok && have.Answer == directory.Yes {
		return
	}
	d.details.Access[feature] = directory.Answer{Answer: answer, Note: note}
}

// accessWord parts a free text about access.
var accessWord = regexp.MustCompile(`\s*[,;.|]\s*|\s*\n\s*`)

// accessText reads a text about access: labels that mean a feature become a
// yes, with the source's words; what is left is a note about getting there.
func (d *draft) accessText(text string) {
	text = stated(text)
	if text == "" {
		return
	}
	var rest []string
	for _, part := range accessWord.Split(text, -1) {
		if part = oneSpace(part); part == "" {
			continue
		}
		if id, ok := feature(d.file.words, part); ok {
			d.answer(id, directory.Yes, "")
			continue
		}
		rest = append(rest, part)
	}
	if len(rest) > 0 {
		d.gettingThere("Access: " + strings.Join(rest, ", "))
	}
}

// gettingThere adds to the note about getting there; where there is no venue,
// to the description.
func (d *draft) gettingThere(text string) {
	if d.details.Venue == nil {
		d.details.Description = paragraph(d.details.Description, text)
		return
	}
	v := d.details.Venue
	if v.GettingThere == nil {
		v.GettingThere = &directory.GettingThere{}
	}
	v.GettingThere.Note = join(v.GettingThere.Note, text)
}

// accessOf reads Active Places' columns about access.
func accessOf(d *draft, row csvRow) {
	for column, id := range accessColumns {
		d.answer(id, yesNo(row.byHeader(column)), "")
	}
	var good, bad []string
	for _, n := range accessNotes {
		switch yesNo(row.byHeader(n.column)) {
		case "yes":
			good = append(good, n.words)
		case "no":
			bad = append(bad, n.words)
		}
	}
	if len(good)+len(bad) == 0 {
		return
	}
	var parts []string
	if len(good) > 0 {
		parts = append(parts, "suitable for disabled people: "+strings.Join(good, ", "))
	}
	if len(bad) > 0 {
		parts = append(parts, "not suitable: "+strings.Join(bad, ", "))
	}
	d.gettingThere(fmt.Sprintf("The source says: %s", strings.Join(parts, "; ")))
}
