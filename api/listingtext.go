package api

import (
	"cmp"
	"fmt"
	"html/template"
	"strings"

	"gather/directory"
	"gather/directory/vocabulary"
)

// nonEmpty returns texts without the empty ones.
func nonEmpty(texts ...string) []string {
	var out []string
	for _, t := range texts {
		if t != "" {
			out = append(out, t)
		}
	}
	return out
}

// labels returns the English labels of terms of a closed list.
func (s *server) labels(list string, ids []string) []string {
	out := make([]string, 0, len(ids))
	for _, id := range ids {
		t, _ := s.Vocabulary.Term(list, id)
		out = append(out, cmp.Or(t.Label, id))
	}
	return out
}

// answers splits the terms of a closed list by what a listing says of them: all that
// are answered, those answered yes, and the questions to ask about the rest.
func (s *server) answers(list string, said map[string]directory.Answer) (all, yes []saidView, ask []string) {
	for _, t := range s.Vocabulary.List(list) {
		switch a := said[t.ID]; a.Answer {
		case directory.Yes:
			yes = append(yes, saidView{t.Label, "Yes", a.Note})
			all = append(all, yes[len(yes)-1])
		case directory.No:
			all = append(all, saidView{t.Label, "No", a.Note})
		default:
			ask = append(ask, cmp.Or(t.Question, t.Label+"?"))
		}
	}
	return all, yes, ask
}

func (s *server) addFirstVisit(v *activityView, f *directory.FirstVisit) {
	if f == nil {
		f = &directory.FirstVisit{}
	}
	all, yes, ask := s.answers(vocabulary.FirstVisit, f.Facts)
	v.FirstYes, v.FirstAsk, v.Expect = yes, ask, paragraphs(f.WhatToExpect)
	for _, x := range all {
		if x.Answer == "No" {
			v.FirstNo = append(v.FirstNo, x)
		}
	}
	people := ""
	switch {
	case f.GroupTypical > 0 && f.GroupMax > 0:
		people = fmt.Sprintf("Usually %d people, at most %d.", f.GroupTypical, f.GroupMax)
	case f.GroupTypical > 0:
		people = fmt.Sprintf("Usually %d people.", f.GroupTypical)
	case f.GroupMax > 0:
		people = fmt.Sprintf("At most %d people.", f.GroupMax)
	}
	term := func(about, list, id string) string {
		return lead(about, strings.Join(s.labels(list, nonEmpty(id)), ""))
	}
	v.FirstMore = nonEmpty(
		lead("Before you come", f.ContactFirst), people,
		term("What people do", vocabulary.Structure, f.Structure), term("Talking", vocabulary.Conversation, f.Conversation),
		term("How hard it is on the body", vocabulary.Energy, f.Energy), term("How often to come", vocabulary.Commitment, f.Commitment),
		lead("If you miss one", f.IfYouMiss), lead("Afterwards", f.After),
	)
}

// lead returns "about: text", or nothing for an empty text.
func lead(about, text string) string {
	if text == "" {
		return ""
	}
	return about + ": " + text
}

// ways says how to take part other than at the venue.
func ways(a *directory.Activity) []string {
	var out []string
	if o := a.Online; o != nil {
		out = append(out, lead("Online", strings.Join(nonEmpty(o.Platform, o.URL, o.Note), ", ")))
	} else if a.Has("online") {
		out = append(out, "Online.")
	}
	if a.Has("phone") {
		out = append(out, "By telephone.")
	}
	if a.Has("home") {
		out = append(out, "They come to you.")
	}
	return nonEmpty(out...)
}

func gettingThere(v *directory.Venue) []string {
	if v == nil || v.GettingThere == nil {
		return nil
	}
	g := v.GettingThere
	stop := g.Stop
	if stop != "" && g.StopMetres > 0 {
		stop += fmt.Sprintf(", %d metres", g.StopMetres)
	}
	return nonEmpty(lead("Nearest stop", stop), lead("Step-free route", g.StepFreeRoute), lead("Community transport", g.CommunityTransport),
		lead("Lit after dark", g.LitAfterDark), lead("Parking", g.Parking), g.Note)
}

// who says whom an activity is for.
func (s *server) who(a *directory.Activity) []string {
	var out []string
	if x := a.Audience; x != nil {
		switch {
		case x.MinAge != nil && x.MaxAge != nil:
			out = append(out, fmt.Sprintf("Ages %d to %d.", *x.MinAge, *x.MaxAge))
		case x.MinAge != nil:
			out = append(out, fmt.Sprintf("Ages %d and over.", *x.MinAge))
		case x.MaxAge != nil:
			out = append(out, fmt.Sprintf("Ages up to %d.", *x.MaxAge))
		}
		made := lead("Made for", strings.Join(s.labels(vocabulary.Audience, x.MadeFor), ", "))
		if made != "" && x.Open() {
			made += "; open to all"
		}
		out = append(out, made)
	}
	out = append(out, lead("Languages", strings.Join(s.labels(vocabulary.Language, a.Languages), ", ")))
	if c := a.Catchment; c != nil {
		switch {
		case c.Nationwide:
			out = append(out, "For people anywhere in the United Kingdom.")
		case len(c.Outcodes) > 0:
			out = append(out, lead("For people who live in", strings.Join(c.Outcodes, ", ")))
		case len(c.Districts) > 0:
			var names []string
			for _, code := range c.Districts {
				name, _ := s.Places.District(code)
				names = append(names, cmp.Or(name, code))
			}
			out = append(out, lead("For people who live in", strings.Join(names, ", ")))
		case c.RadiusMiles > 0:
			out = append(out, fmt.Sprintf("For people who live within %g miles.", c.RadiusMiles))
		}
	}
	return nonEmpty(out...)
}

// joining says how to join.
func (s *server) joining(j *directory.Joining) []string {
	if j == nil {
		return nil
	}
	places := ""
	if j.Places != nil {
		places = s.labels(vocabulary.Places, []string{j.Places.Status})[0]
	}
	return nonEmpty(strings.Join(s.labels(vocabulary.Join, j.How), ", "), lead("Referral", strings.Join(s.labels(vocabulary.Referral, j.Referral), ", ")),
		lead("A form is needed", j.NeedsForm), lead("Proof of identity is needed", j.NeedsID), lead("Places", places), lead("Book", j.URL), j.Note)
}

func contactViews(cs []directory.Contact) []contactView {
	var out []contactView
	for _, c := range cs {
		v := contactView{Who: strings.Join(nonEmpty(c.Role, c.Name), ", "), Email: c.Email, Hours: c.Hours}
		if c.Phone != "" {
			v.Phone = &phoneView{c.Phone, telephone(c.Phone)}
		}
		out = append(out, v)
	}
	return out
}

// telephone returns a tel: link. It contains only digits and plus signs, so it is
// safe to use unescaped.
func telephone(number string) template.URL {
	return template.URL("tel:" + strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '+' {
			return r
		}
		return -1
	}, number))
}

// welsh returns the Welsh texts of a listing, in the order of the page.
func welsh(w *directory.Welsh) []string {
	if w == nil {
		return nil
	}
	out := []string{w.Title, w.Summary}
	out = append(out, paragraphs(w.Description)...)
	out = append(out, w.ScheduleNote, w.GettingThere)
	out = append(out, paragraphs(w.WhatToExpect)...)
	return nonEmpty(append(out, w.CostNote, w.JoiningNote)...)
}

// whenText returns the date and time of a session in words.
func whenText(x directory.Session) string {
	text := x.Start.Format("Monday 2 January 2006, 15:04")
	if x.End != nil {
		text += " to " + x.End.Format("15:04")
	}
	return text
}

func (s *server) sessionView(a *directory.Activity, x directory.Session) sessionView {
	v := sessionView{Link: "/activities/" + a.ID + "/sessions/" + x.Key, When: whenText(x), Note: x.Note}
	switch x.Status {
	case directory.SessionCancelled:
		v.Status = "Cancelled"
	case directory.SessionMoved:
		v.Status = "Moved"
	case directory.SessionFull:
		v.Status = "Full"
	}
	return v
}
