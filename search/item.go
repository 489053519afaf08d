package search

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"

	"gather/directory"
	"gather/directory/vocabulary"
)

// maxAsk is how many questions an item carries: what can be asked in one
// phone call without a list.
const maxAsk = 4

// usefulToAsk are the questions that decide most often whether somebody can
// come and dares to, for when a listing says nothing of them; those about the
// place only where there is one. The order is the link workers' in the
// research behind the first-visit facts.
var usefulToAsk = []struct {
	list, id  string
	venueOnly bool // nobody is met at the door of a phone call
}{
	{vocabulary.FirstVisit, "met-on-arrival", true},
	{vocabulary.Access, "step-free", true},
	{vocabulary.FirstVisit, "companion-welcome", true},
	{vocabulary.Access, "accessible-toilet", true},
}

// item is one match as it is shown.
func (s *searching) item(r ranked) (Item, error) {
	f, err := s.facts(r.slot)
	if err != nil {
		return Item{}, err
	}
	c, i := s.row(r.slot)
	it := f.Item
	it.Trust = s.trust(f)
	if s.welsh() {
		it.Title, it.Summary = either(f.TitleCy, it.Title), either(f.SummaryCy, it.Summary)
	}
	for _, id := range f.Interests {
		it.Interests = append(it.Interests, Labelled{id, s.interestLabel(id)})
	}
	if o, ok := nextOf(f.Sessions, s.wall); ok {
		session := o.session(f.changes(o))
		it.NextSession = &session
	}
	if miles, ok := s.miles(f); ok {
		rounded := math.Round(miles*10) / 10
		it.DistanceMiles, it.DistanceAbout = &rounded, s.roughly(f)
	}
	it.Why, it.Ask = s.allWhy(r.slot, f, it), s.ask(f)
	if s.query.Explain {
		score := r.score
		if score == nil {
			rough := s.score(c, i, s.roughWords(r.slot))
			score = &rough
		}
		it.Score = score
	}
	return it, nil
}

// changes are the listing's session changes, which only a session that has one
// needs.
func (f *facts) changes(o occurrence) []directory.SessionChange {
	if o[2] < 0 {
		return nil
	}
	var p plan
	// It was written by us, and its checksum was right when the index was opened.
	if err := json.Unmarshal([]byte(f.Plan), &p); err != nil {
		return nil
	}
	return p.Changes
}

// miles is the exact distance from the place asked for to the venue.
func (s *searching) miles(f *facts) (float64, bool) {
	if s.place == nil || !f.HasVenue {
		return 0, false
	}
	return s.place.Miles(f.At), true
}

func either(first, second string) string {
	if first != "" {
		return first
	}
	return second
}

func (s *searching) trust(f *facts) directory.Trust {
	a := directory.Activity{Checked: f.Checked}
	return a.Trust(s.now)
}

// roughly reports whether the distance to f is only about right.
func (s *searching) roughly(f *facts) bool {
	return !f.Precise || s.place.Precision != directory.PrecisionPoint && s.place.Precision != directory.PrecisionUnit
}

func (s *searching) welsh() bool { return s.query.Lang == "cy" }

// say picks the text in the language asked for; a missing Welsh one falls back
// to English.
func (s *searching) say(english, welsh string) string {
	if s.welsh() && welsh != "" {
		return welsh
	}
	return english
}

// why says in plain words how f fits the question: only what was asked for.
func (s *searching) why(f *facts, it Item) []string {
	var why []string
	add := func(english, welsh string) {
		if text := s.say(english, welsh); text != "" && !slices.Contains(why, text) {
			why = append(why, text)
		}
	}
	term := func(list, id string) {
		t, _ := s.compiler.vocabulary.Term(list, id)
		add(t.Why, t.WhyCy)
	}
	s.whyReached(f, it, add, term)
	for _, any := range s.query.Interest {
		s.whyInterest(f, any, add)
	}
	for _, asked := range []struct {
		list    string
		choices []AnyOf
		has     []string
	}{
		{vocabulary.Access, s.query.Access, f.Item.Access.Yes},
		{vocabulary.FirstVisit, s.query.FirstVisit, f.Item.FirstVisit.Yes},
		{vocabulary.Commitment, s.query.Commitment, []string{f.Item.FirstVisit.Commitment}},
		{vocabulary.Language, s.query.Language, f.Item.Languages},
		{vocabulary.Delivery, s.query.Delivery, f.Item.Delivery},
	} {
		for _, id := range asked.has {
			if !has(asked.choices, id) {
				continue
			}
			if t, ok := s.compiler.vocabulary.Term(asked.list, id); ok && t.Why == "" {
				add(t.Label, t.LabelCy)
				continue
			}
			term(asked.list, id)
		}
	}
	if len(s.query.For) > 0 {
		if made := s.madeForWhom(f); made != "" {
			term(vocabulary.Audience, made)
		} else {
			add("open to all", "agored i bawb")
		}
	}
	if s.query.Cost != nil {
		s.whyCost(f, add, term)
	}
	if n := f.groupSize(); s.query.GroupMax > 0 && n > 0 {
		add("at most "+strconv.Itoa(n)+" people", "hyd at "+strconv.Itoa(n)+" o bobl")
	}
	if s.query.PlacesNow {
		term(vocabulary.Places, f.Item.Places)
	}
	if s.query.CheckedMonths > 0 {
		add("checked "+months(it.Trust.CheckedMonths), "gwiriwyd o fewn "+strconv.Itoa(it.Trust.CheckedMonths+1)+" mis")
	}
	if datesAsked(s.query) {
		if o, ok := s.nextFitting(f.Sessions); ok {
			add(sayWhen(o), sayWhenWelsh(o))
		}
	}
	return why
}

// whyReached says how one gets to f: how far it is, or that one need not go.
func (s *searching) whyReached(f *facts, it Item, add func(en, cy string), term func(list, id string)) {
	if s.place == nil {
		return
	}
	if it.DistanceMiles != nil {
		add(sayMiles(*it.DistanceMiles, it.DistanceAbout), sayMilesWelsh(*it.DistanceMiles, it.DistanceAbout))
	}
	if miles, ok := s.miles(f); s.query.Box == nil && (!ok || miles > s.query.Miles()) {
		for _, d := range f.Item.Delivery {
			if slices.Contains(remote, d) {
				term(vocabulary.Delivery, d)
			}
		}
	}
	if f.Catchment {
		add("takes people from where you are", "yn derbyn pobl o'ch ardal chi")
	}
}

// whyInterest says which interest of f answers those asked for, and how.
func (s *searching) whyInterest(f *facts, any AnyOf, add func(en, cy string)) {
	for _, asked := range any {
		for _, own := range f.Interests {
			a, _ := s.compiler.vocabulary.Interest(asked)
			o, _ := s.compiler.vocabulary.Interest(own)
			switch {
			case own == asked:
				add(o.Label, o.LabelCy)
				return
			case slices.Contains(s.compiler.vocabulary.Broader(own), asked):
				add(o.Label+" is part of "+a.Label, either(o.LabelCy, o.Label)+" (rhan o "+either(a.LabelCy, a.Label)+")")
				return
			}
		}
	}
}

func (s *searching) whyCost(f *facts, add func(en, cy string), term func(list, id string)) {
	c := f.Item.Cost
	if c == nil {
		return
	}
	if c.Kind == "fixed" {
		add(pounds(c.Pounds), pounds(c.Pounds))
		return
	}
	term(vocabulary.Cost, c.Kind)
}

// ask says what to ask first: what was asked for and is not stated, then what
// is most useful to know.
func (s *searching) ask(f *facts) []string {
	var ask []string
	add := func(english, welsh string) {
		if text := s.say(english, welsh); text != "" && len(ask) < maxAsk && !slices.Contains(ask, text) {
			ask = append(ask, text)
		}
	}
	question := func(list, id string) {
		t, _ := s.compiler.vocabulary.Term(list, id)
		add(t.Question, t.QuestionCy)
	}
	for _, any := range s.query.Access {
		for _, id := range any {
			if !f.says(vocabulary.Access, id) && !s.answered(f, any) {
				question(vocabulary.Access, id)
			}
		}
	}
	if slices.Contains(f.Item.Delivery, "home") && !f.Catchment {
		add("Do they visit where you live?", "Ydyn nhw'n ymweld â'ch ardal chi?")
	}
	if f.Item.Cost == nil {
		question(vocabulary.Cost, "free")
	}
	for _, u := range usefulToAsk {
		if !f.says(u.list, u.id) && !(u.venueOnly && f.Item.Venue == nil) {
			question(u.list, u.id)
		}
	}
	return ask
}

// answered reports whether f says yes to one of the features.
func (s *searching) answered(f *facts, any AnyOf) bool {
	return slices.ContainsFunc(any, func(id string) bool { return slices.Contains(f.Item.Access.Yes, id) })
}

// says reports whether f says yes or no to an access feature or first-visit fact.
func (f *facts) says(list, id string) bool {
	said := f.Item.Access
	if list == vocabulary.FirstVisit {
		said = f.Item.FirstVisit.Said
	}
	return slices.Contains(said.Yes, id) || slices.Contains(said.No, id)
}

// madeForWhom is the audience asked for that a listing was made for, or empty.
func (s *searching) madeForWhom(f *facts) string {
	if f.Item.Audience == nil {
		return ""
	}
	for _, id := range s.audiences {
		if slices.Contains(f.Item.Audience.MadeFor, id) {
			return id
		}
	}
	return ""
}
