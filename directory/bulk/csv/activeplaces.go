package csv

import (
	"fmt"
	"strings"

	"gather/directory/bulk/draft"
	"gather/directory/bulk/freetext"
)

// accessColumns maps columns of Sport England's Active Places to our access
// features. Every site there answers each of them, so a No is a stated no.
var accessColumns = map[string]string{
	"disabilityparking":            "blue-badge-parking",
	"disabilitytoilets":            "accessible-toilet",
	"disabilitychangingfacilities": "accessible-changing-room",
}

// accessNotes are Active Places columns about access that promise less than any
// of our features, or something else ("suitable access" is not "no step"): they
// are kept as text.
var accessNotes = []struct{ column, words string }{
	{"disabilityfindingreachingentrance", "finding and reaching the entrance"},
	{"disabilityreceptionarea", "reception"},
	{"disabilitydoorways", "doorways"},
	{"disabilityactivityarea", "activity area"},
	{"disabilitysocialareas", "social areas"},
	{"disabilityspectatorareas", "spectator areas"},
	{"disabilityemergencyexits", "emergency exits"},
}

// takeActivePlaces reads Active Places' columns about access.
func takeActivePlaces(d *draft.Draft, row row) {
	for column, id := range accessColumns {
		d.AnswerAccess(id, freetext.YesNo(row.byHeader(column)), "")
	}
	var good, bad []string
	for _, n := range accessNotes {
		switch freetext.YesNo(row.byHeader(n.column)) {
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
	d.AddGettingThere(fmt.Sprintf("The source says: %s", strings.Join(parts, "; ")))
}
