package index_test

import (
	"slices"
	"strings"
	"testing"

	"gather/directory"
	"gather/search"
)

// stated says how a listing states a value of each choice that may be asked
// about.
var stated = []struct {
	choice string
	set    func(d *directory.Details, id string)
}{
	{"structure", func(d *directory.Details, id string) { d.FirstVisit = &directory.FirstVisit{Structure: id} }},
	{"conversation", func(d *directory.Details, id string) { d.FirstVisit = &directory.FirstVisit{Conversation: id} }},
	{"energy", func(d *directory.Details, id string) { d.FirstVisit = &directory.FirstVisit{Energy: id} }},
	{"referral", func(d *directory.Details, id string) { d.Joining = &directory.Joining{Referral: []string{id}} }},
	// rows end
}

// A choice that may be asked about finds what states it; what says nothing is
// counted, comes after the rest where it is asked for, and is a question to ask;
// what states something else never comes.
func TestStatedChoices(t *testing.T) {
	for _, s := range stated {
		t.Run(s.choice, func(t *testing.T) {
			choice := search.ChoiceNamed(s.choice)
			terms := Words(t).List(choice.List)
			listing := func(title, id string) directory.Details {
				d := directory.Details{Title: title + " walk", Delivery: []string{"venue"}, Venue: venue("M33 7DB"), Schedule: weekly("tue", "10:00", "11:00")}
				if id != "" {
					s.set(&d, id)
				}
				return d
			}
			w := newWorld(t, listing("Asked", terms[0].ID), listing("Other", terms[1].ID), listing("Silent", ""))
			a := w.search(s.choice + "=" + terms[0].ID + "&facets=" + s.choice)
			if titles(a) != "Asked" {
				t.Fatalf("found %q", titles(a))
			}
			if why := item(t, a, "Asked").Why; !slices.Contains(why, terms[0].Why) {
				t.Errorf("why is %q", why)
			}
			counts := *choice.Counts(a.Facets)
			if len(counts) != 2 || counts[0].ID != terms[0].ID || counts[0].Count != 1 || counts[1].Count != 1 {
				t.Errorf("the facet is %+v", counts)
			}
			if a.Unstated == nil || a.Unstated.Count != 1 {
				t.Fatalf("unstated is %+v", a.Unstated)
			}
			more := w.search(a.Unstated.Query)
			if titles(more) != "Asked Silent" {
				t.Errorf("%s finds %q", a.Unstated.Query, titles(more))
			}
			if ask := item(t, more, "Silent").Ask; terms[0].Question == "" || !slices.Contains(ask, terms[0].Question) {
				t.Errorf("to ask: %q, without %q", ask, terms[0].Question)
			}
			if ask := item(t, more, "Asked").Ask; slices.Contains(ask, terms[0].Question) {
				t.Errorf("what is stated is asked: %q", ask)
			}
			var labels []string
			for _, r := range a.Rescue {
				labels = append(labels, r.Label)
			}
			if said := strings.Join(labels, "; "); !strings.Contains(said, "Where to ask about: "+terms[0].Label) || !strings.Contains(said, "Whether or not: "+terms[0].Label) {
				t.Errorf("wider questions are %q", said)
			}
			if title := titles(w.search(s.choice + "=" + search.NotStated)); title != "Silent" {
				t.Errorf("what says nothing is %q", title)
			}
		})
	}
}

// Every choice that may be asked about has its row above, and all its values a
// question.
func TestEveryAskedChoiceIsTried(t *testing.T) {
	for _, c := range search.Choices {
		if !c.Asked {
			continue
		}
		tried := false
		for _, s := range stated {
			tried = tried || s.choice == c.Name
		}
		if !tried {
			t.Errorf("%s is not tried", c.Name)
		}
		for _, term := range Words(t).List(c.List) {
			if term.Question == "" || term.QuestionCy == "" || term.Why == "" {
				t.Errorf("%s has no question or reason for %s", c.Name, term.ID)
			}
		}
	}
}
