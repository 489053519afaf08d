package feeds

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"gather/directory"
	"gather/directory/vocabulary"
)

// Text describes a in plain English for a reader who sees nothing else: what it
// is, what the first visit is like, how to get there, what it costs, how to
// join, what access it has, and whom to call. Paragraphs are separated by blank
// lines. What is not stated is left out, and so are contacts that are not public.
func (s Site) Text(a *directory.Activity) string {
	var p []string
	add := func(paragraph string) {
		if paragraph != "" {
			p = append(p, paragraph)
		}
	}
	add(a.Summary)
	add(a.Description)
	if a.Schedule != nil {
		add(a.Schedule.Note)
	}
	add(s.firstVisit(a.FirstVisit))
	add(s.gettingThere(a.Venue))
	add(titled("Cost", CostText(a.Cost)))
	add(s.joining(a.Joining))
	add(s.access(a.Access))
	add(contactsText(a.Contacts))
	add(checkedText(a.Checked))
	return Clean(strings.Join(p, "\n\n"))
}

func titled(title, text string) string {
	if text == "" {
		return ""
	}
	return title + ": " + text
}

// firstVisit describes the first visit, with one line for each fact; it is empty
// if nothing is stated.
func (s Site) firstVisit(f *directory.FirstVisit) string {
	if f == nil {
		return ""
	}
	var lines []string
	add := func(line string) {
		if line != "" {
			lines = append(lines, line)
		}
	}
	add(f.WhatToExpect)
	for _, id := range s.answered(vocabulary.FirstVisit, f.Facts, directory.Yes) {
		add("- " + withNote(s.label(vocabulary.FirstVisit, id), f.Facts[id].Note))
	}
	add(titled("Before you come", f.ContactFirst))
	switch {
	case f.GroupTypical > 0 && f.GroupMax > 0:
		add(fmt.Sprintf("Usually %d people, at most %d.", f.GroupTypical, f.GroupMax))
	case f.GroupTypical > 0:
		add(fmt.Sprintf("Usually %d people.", f.GroupTypical))
	case f.GroupMax > 0:
		add(fmt.Sprintf("At most %d people.", f.GroupMax))
	}
	add(titled("If you miss one", f.IfYouMiss))
	if len(lines) == 0 {
		return ""
	}
	return "Your first visit\n" + strings.Join(lines, "\n")
}

func withNote(text, note string) string {
	if note == "" {
		return text
	}
	return text + " (" + note + ")"
}

func (s Site) gettingThere(v *directory.Venue) string {
	if v == nil || v.GettingThere == nil {
		return ""
	}
	g := v.GettingThere
	var parts []string
	if g.Stop != "" {
		stop := "nearest stop " + g.Stop
		if g.StopMetres > 0 {
			stop += fmt.Sprintf(", %d metres", g.StopMetres)
		}
		parts = append(parts, stop)
	}
	if g.Parking != "" {
		parts = append(parts, "parking: "+g.Parking)
	}
	if g.Note != "" {
		parts = append(parts, g.Note)
	}
	return titled("Getting there", strings.Join(parts, "; "))
}

func (s Site) joining(j *directory.Joining) string {
	if j == nil {
		return ""
	}
	parts := s.labels(vocabulary.Join, j.How)
	if j.Note != "" {
		parts = append(parts, j.Note)
	}
	if j.Places != nil {
		parts = append(parts, s.label(vocabulary.Places, j.Places.Status))
	}
	if j.URL != "" {
		parts = append(parts, j.URL)
	}
	return titled("Joining", strings.Join(parts, "; "))
}

func (s Site) access(answers map[string]directory.Answer) string {
	list := func(answer string) string {
		var parts []string
		for _, id := range s.answered(vocabulary.Access, answers, answer) {
			parts = append(parts, withNote(s.label(vocabulary.Access, id), answers[id].Note))
		}
		return strings.Join(parts, "; ")
	}
	yes, no := titled("Access", list(directory.Yes)), titled("Not available", list(directory.No))
	return strings.TrimSpace(yes + "\n" + no)
}

func contactsText(contacts []directory.Contact) string {
	var lines []string
	for _, c := range contacts {
		if !c.Public {
			continue
		}
		var parts []string
		for _, part := range []string{c.Role, c.Name, c.Phone, c.Email, c.Hours} {
			if part != "" {
				parts = append(parts, part)
			}
		}
		lines = append(lines, "Contact: "+strings.Join(parts, ", "))
	}
	return strings.Join(lines, "\n")
}

func checkedText(c directory.Checked) string {
	if c.At.IsZero() {
		return ""
	}
	return "Last checked " + c.At.In(directory.London()).Format("2 January 2006") + "."
}

// CostText is the cost as text: "Free", "£3.50 a session (£2 for over 60s)". It is
// empty if the cost is not stated.
func CostText(k *directory.Cost) string {
	if k == nil {
		return ""
	}
	per := " a session"
	if k.Per != "" {
		per = " a " + k.Per
	}
	var text string
	switch {
	case k.Kind == "free":
		text = "Free"
	case k.Kind == "donation" && k.Pounds > 0:
		text = "By donation, " + directory.Pounds(k.Pounds) + " suggested"
	case k.Kind == "donation":
		text = "By donation"
	case k.PoundsTo > k.Pounds:
		text = directory.Pounds(k.Pounds) + " to " + directory.Pounds(k.PoundsTo) + per
	default:
		text = directory.Pounds(k.Pounds) + per
	}
	if k.ConcessionPounds != nil {
		who := k.ConcessionFor
		if who == "" {
			who = "concessions"
		}
		text += " (" + directory.Pounds(*k.ConcessionPounds) + " for " + who + ")"
	}
	for _, e := range k.Extras {
		text += "; " + e.What
		if e.Pounds > 0 {
			text += " " + directory.Pounds(e.Pounds)
		}
		if e.Optional {
			text += " if you like"
		}
	}
	if k.HelpWithCost == directory.Yes {
		text += "; help with the cost is there, ask"
	}
	if k.Note != "" {
		text += "; " + k.Note
	}
	return text
}

// AddressLine is the venue and its address on one line, without empty or repeated
// parts; it is empty without a venue. If only the area is known it ends in
// "somewhere in Bristol".
func AddressLine(v *directory.Venue) string {
	if v == nil {
		return ""
	}
	var parts []string
	for _, part := range []string{v.Name, v.Address.Street, v.Address.Locality, v.Address.Town, v.Address.County, v.Address.Postcode} {
		if part = strings.TrimSpace(part); part != "" && !slices.Contains(parts, part) {
			parts = append(parts, part)
		}
	}
	if v.Area != nil {
		english, _ := v.Area.Somewhere()
		if len(parts) == 0 {
			english = strings.ToUpper(english[:1]) + english[1:]
		}
		parts = append(parts, english)
	}
	return Clean(strings.Join(parts, ", "))
}

// WhenText is the schedule as text: "Every 2
// weeks on Tuesday, 10:00 to 11:30; First and last Wednesday of the month, 19:00".
func (s Site) WhenText(sched *directory.Schedule) string {
	if sched == nil {
		return ""
	}
	var parts []string
	for _, r := range sched.Repeats {
		parts = append(parts, s.repeatText(r))
	}
	const shown = 5 // dates; calendars have the rest
	for i, d := range sched.Dates {
		if i == shown {
			parts = append(parts, fmt.Sprintf("and %d more dates", len(sched.Dates)-shown))
			break
		}
		if day, err := time.Parse(directory.DateLayout, d.Date); err == nil {
			parts = append(parts, day.Format("Monday 2 January 2006")+" "+fromTo(d.Start, d.End))
		}
	}
	if sched.Note != "" {
		parts = append(parts, sched.Note)
	}
	return Clean(strings.Join(parts, "; "))
}

// ordinals name the Nth values of a Repeat.
var ordinals = map[int]string{1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last"}

func (s Site) repeatText(r directory.Repeat) string {
	days := and(s.labels(vocabulary.Day, r.Days))
	var text string
	switch {
	case r.Every == "month":
		var nth []string
		for _, n := range r.Nth {
			nth = append(nth, ordinals[n])
		}
		text = capital(and(nth)) + " " + days
		if r.Interval > 1 {
			text += fmt.Sprintf(", every %d months", r.Interval)
		} else {
			text += " of the month"
		}
	case r.Interval > 1:
		text = fmt.Sprintf("Every %d weeks on %s", r.Interval, days)
	default:
		text = "Every " + days
	}
	return text + ", " + fromTo(r.Start, r.End)
}

func capital(text string) string {
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

func and(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

func fromTo(start, end string) string {
	if end == "" {
		return start
	}
	return start + " to " + end
}
