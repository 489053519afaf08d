package demo

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"gather/directory"
)

// arrivals are texts on how to arrive at each sort of place.
var arrivals = map[spot][]string{
	hall:     {"The front door of {venue} is open from a quarter of an hour before.", "Come in by the main doors of {venue}; follow the paper arrows."},
	library:  {"Walk past the desk at {venue}; we are in the room at the back.", "Ask at the desk of {venue} and somebody will walk you over."},
	park:     {"Look for the flag at {venue}.", "We gather by the notice board at {venue} from ten minutes before."},
	leisure:  {"Say at the desk of {venue} that it is your first time.", "There is a sofa inside {venue}; wait there and we will come to you."},
	cafe:     {"At {venue} we have the long table with the green cloth.", "Order or do not order at {venue}; our table has a sign."},
	church:   {"The side entrance of {venue} has a light over it; the church itself stays shut.", "Ring the bell at {venue} if the door has swung to."},
	workshop: {"Follow the sound of the saw at {venue}.", "The big doors of {venue} are open when we are."},
}

// misses are texts on what happens when somebody misses a session.
var misses = []string{
	"Come when you can. Nobody keeps a register.",
	"If you miss twice we text once to ask if all is well.",
	"We keep your place for three weeks.",
	"Some people come twice a year; that is fine.",
}

// firstVisit returns what a first visit is like; some texts are left out at random.
func (w *writer) firstVisit(k kind, v *venue, fill func(string) string, r *rand.Rand) *directory.FirstVisit {
	f := &directory.FirstVisit{
		Facts: map[string]directory.Answer{}, Structure: k.structure, Conversation: k.talk, Energy: k.energy, Commitment: k.bound,
		GroupTypical: k.group[0], GroupMax: k.group[1], After: k.after,
	}
	for _, id := range k.facts {
		f.Facts[id] = directory.Answer{Answer: directory.Yes}
	}
	if k.after != "" {
		f.Facts["move-on"] = directory.Answer{Answer: directory.Yes}
	}
	for _, id := range []string{"dogs-welcome", "children-welcome", "watch-first", "join-any-time", "collected-or-lift"} {
		if !slices.Contains(k.facts, id) && r.IntN(4) == 0 {
			f.Facts[id] = directory.Answer{Answer: directory.No}
		}
	}
	if k.ages[1] > 0 || slices.Contains(k.made, "families") {
		delete(f.Facts, "children-welcome")
	}
	if r.IntN(8) > 0 {
		text := fill(k.expect)
		if v != nil {
			text = fill(arrivals[v.spot][r.IntN(2)]) + " " + text
		}
		f.WhatToExpect = text
		f.Facts["what-to-expect"] = directory.Answer{Answer: directory.Yes}
	}
	if slices.Contains(k.facts, "call-before") || r.IntN(3) == 0 {
		f.ContactFirst = "Ring or text the host beforehand if you would like a friendly voice first."
	}
	if k.bound == "course" {
		f.NextStart = w.day(7 * (1 + r.IntN(8)))
	} else {
		f.OngoingMonths = 4 + r.IntN(150)
	}
	if r.IntN(2) == 0 {
		f.IfYouMiss = misses[r.IntN(len(misses))]
	}
	return f
}

func safeguarding(k kind, r *rand.Rand) *directory.Safeguarding {
	if !k.closed && !slices.Contains(k.facts, "trained-volunteers") && r.IntN(2) == 0 {
		return nil
	}
	return &directory.Safeguarding{
		Policy: directory.Yes, PolicyURL: "https://example.org/safeguarding", LeadRole: "Safeguarding lead",
		ChecksDone: "Everybody who leads has an enhanced DBS check.",
		Photos:     "No photographs without asking each time.",
		DataKept:   "A first name and one telephone number, for a year.",
	}
}

// welsh returns the Welsh texts of a listing.
func (w *writer) welsh(k kind, d directory.Details, fill func(string) string) *directory.Welsh {
	c := &directory.Welsh{Title: fill(k.titleCy), Summary: k.summaryCy}
	if d.FirstVisit != nil && d.FirstVisit.WhatToExpect != "" {
		parts := []string{"Bydd rhywun yno o chwarter awr cyn dechrau."}
		if _, ok := d.FirstVisit.Facts["met-on-arrival"]; ok {
			parts = append(parts, "Bydd rhywun yn cwrdd â chi wrth y drws ac yn eich cyflwyno.")
		}
		if k.talk == "low" {
			parts = append(parts, "Does dim rhaid siarad os nad ydych chi eisiau.")
		} else {
			parts = append(parts, "Bydd digon o amser i sgwrsio dros baned.")
		}
		c.WhatToExpect = strings.Join(append(parts, "Mae croeso i chi ddefnyddio'r Gymraeg neu'r Saesneg."), " ")
	}
	if v := d.Venue; v != nil && v.GettingThere != nil {
		c.GettingThere = fmt.Sprintf("Mae'r orsaf fysiau tua %d metr i ffwrdd.", v.GettingThere.StopMetres)
	}
	if d.Schedule != nil && d.Schedule.TermTime {
		c.ScheduleNote = "Yn ystod y tymor ysgol yn unig."
	}
	if d.Cost != nil && d.Cost.Kind == "donation" {
		c.CostNote = "Rhowch yr hyn a allwch; does neb yn edrych."
	}
	if d.Joining != nil && slices.Contains(d.Joining.How, "drop-in") {
		c.JoiningNote = "Dewch draw; does dim angen rhoi gwybod ymlaen llaw."
	} else if d.Joining != nil && slices.Contains(d.Joining.How, "book") {
		c.JoiningNote = "Archebwch ar y wefan, neu ffoniwch ac fe wnawn ni hynny i chi."
	}
	return c
}
