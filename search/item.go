package search

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"time"

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
func (s *search_) item(r ranked) (Item, error) {
	f, err := s.matcher.view.facts(r.slot)
	if err != nil {
		return Item{}, err
	}
	c, i := s.matcher.view.row(r.slot)
	it := f.Item
	it.Trust = f.trust(s.now)
	if s.welsh() {
		it.Title, it.Summary = either(f.TitleCy, it.Title), either(f.SummaryCy, it.Summary)
	}
	it.Interests = s.matcher.view.encoder.labelled(f.Interests, s.welsh())
	if o, ok := nextOf(f.Sessions, s.wall); ok {
		session := o.session(f.changes(o))
		it.NextSession = &session
	}
	if miles, ok := s.miles(c, i); ok {
		rounded := tenth(miles)
		it.DistanceMiles, it.DistanceAbout = &rounded, s.roughly(c, i)
	}
	it.Why, it.Ask = s.why(c, i, r.slot), s.ask(c, i)
	if s.query.Explain {
		score := s.explained(r.slot)
		it.Score = &score
	}
	return it, nil
}

func tenth(miles float64) float64 { return math.Round(miles*10) / 10 }

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
func (s *search_) miles(c *columns, i int) (float64, bool) {
	if s.place == nil || c.flags[i]&flagVenue == 0 {
		return 0, false
	}
	return s.place.Miles(c.position(i)), true
}

func either(first, second string) string {
	if first != "" {
		return first
	}
	return second
}

// trust is how far f can be relied on at a time.
func (f *facts) trust(now time.Time) directory.Trust {
	a := directory.Activity{Checked: f.Checked}
	return a.Trust(now)
}

// roughly reports whether the distance to a row is only about right.
func (s *search_) roughly(c *columns, i int) bool {
	return c.flags[i]&flagPrecise == 0 || s.place.Precision != directory.PrecisionPoint && s.place.Precision != directory.PrecisionUnit
}

func (s *search_) welsh() bool { return s.query.Lang == "cy" }

// say picks the text in the language asked for; a missing Welsh one falls back
// to English.
func (s *search_) say(english, welsh string) string {
	if s.welsh() && welsh != "" {
		return welsh
	}
	return english
}

// reasons collects short texts in the language of a search.
type reasons struct {
	searching *search_
	texts     []string
	most      int // 0: any number
}

func (t *reasons) add(english, welsh string) {
	text := t.searching.say(english, welsh)
	if text != "" && (t.most == 0 || len(t.texts) < t.most) && !slices.Contains(t.texts, text) {
		t.texts = append(t.texts, text)
	}
}

// why adds how a term says why, and its label where it does not.
func (t *reasons) why(term *vocabulary.Term) {
	if term.Why == "" {
		t.add(term.Label, term.LabelCy)
		return
	}
	t.add(term.Why, term.WhyCy)
}

// named adds why by the id of a term.
func (t *reasons) named(list, id string) {
	if term, ok := t.searching.compiler.vocabulary.Term(list, id); ok {
		t.add(term.Why, term.WhyCy)
	}
}

// each adds why for every term of a list that a row has and that was asked for.
func (t *reasons) each(list string, choices []AnyOf, yes uint64) {
	if len(choices) == 0 {
		return
	}
	for n, terms := 0, t.searching.matcher.view.ordinals.list(list); n < len(terms); n++ {
		if yes>>n&1 != 0 && has(choices, terms[n].ID) {
			t.why(&terms[n])
		}
	}
}

// why says in plain words how a row fits the question, its words first: only
// what was asked for.
func (s *search_) why(c *columns, i int, doc int32) []string {
	t := &reasons{searching: s}
	q, flags := &s.query, c.flags[i]
	t.words(c, i, doc)
	t.reached(c, i)
	for _, alternatives := range q.Interest {
		t.interest(c, i, alternatives)
	}
	t.each(vocabulary.Access, q.Access, c.accessYes[i])
	t.each(vocabulary.FirstVisit, q.FirstVisit, c.firstYes[i])
	if at := flags >> commitmentShift & 7; at > 0 {
		t.each(vocabulary.Commitment, q.Commitment, 1<<(at-1))
	}
	if len(q.Language) > 0 {
		for _, id := range s.matcher.view.tables.languages[c.language[i]] {
			if term, ok := s.compiler.vocabulary.Term(vocabulary.Language, id); ok && has(q.Language, id) {
				t.why(&term)
			}
		}
	}
	if len(q.Delivery) > 0 {
		for n, way := range allWays {
			if term, ok := s.compiler.vocabulary.Term(vocabulary.Delivery, way); ok && flags>>n&1 != 0 && has(q.Delivery, way) {
				t.why(&term)
			}
		}
	}
	if len(q.For) > 0 {
		t.madeFor(c.madeFor[i])
	}
	if q.Cost != nil {
		t.cost(c, i)
	}
	if n := int(c.size[i]); q.GroupMax > 0 && n > 0 {
		t.add("at most "+strconv.Itoa(n)+" people", "hyd at "+strconv.Itoa(n)+" o bobl")
	}
	if q.PlacesNow && flags&flagPlacesNow != 0 {
		t.named(vocabulary.Places, map[bool]string{true: "few", false: "open"}[flags&flagFewPlaces != 0])
	}
	if q.CheckedMonths > 0 {
		n := s.trustIn(c, i).CheckedMonths
		t.add("checked "+monthsText(n), "gwiriwyd o fewn "+strconv.Itoa(n+1)+" mis")
	}
	if datesAsked(s.query) {
		if o, ok := s.nextFitting(c.sessionsOf(i)); ok {
			t.add(whenText(o), whenTextWelsh(o))
		}
	}
	return t.texts
}

// trustIn is how far a row can be relied on.
func (s *search_) trustIn(c *columns, i int) directory.Trust {
	a := directory.Activity{Checked: directory.Checked{At: time.UnixMilli(c.checked[i]), How: s.matcher.view.tables.how[c.how[i]]}}
	return a.Trust(s.now)
}

// reached says how one gets to a row: how far it is, or that one need not go.
func (t *reasons) reached(c *columns, i int) {
	if t.searching.place == nil {
		return
	}
	flags := c.flags[i]
	miles, ok := t.searching.miles(c, i)
	if ok {
		far, about := tenth(miles), t.searching.roughly(c, i)
		t.add(milesText(far, about), milesTextWelsh(far, about))
	}
	if t.searching.query.Box == nil && (!ok || miles > t.searching.query.Miles()) {
		for n, way := range allWays {
			if flags&flagsRemote>>n&1 != 0 {
				t.named(vocabulary.Delivery, way)
			}
		}
	}
	if flags&flagCatchment != 0 {
		t.add("takes people from where you are", "yn derbyn pobl o'ch ardal chi")
	}
}

// interest says which interest of a row answers those asked for, and how.
func (t *reasons) interest(c *columns, i int, alternatives AnyOf) {
	for _, id := range alternatives {
		asked, ok := t.searching.matcher.view.ordinals.interest[id]
		if !ok {
			continue
		}
		for _, own := range c.interestsOf(i)[:c.own[i]] {
			o, a := &t.searching.matcher.view.ordinals.interests[own], &t.searching.matcher.view.ordinals.interests[asked]
			if own == asked {
				t.add(o.Label, o.LabelCy)
				return
			}
			if slices.Contains(t.searching.matcher.view.ordinals.rolled[own], asked) {
				t.add(o.Label+" is part of "+a.Label, either(o.LabelCy, o.Label)+" (rhan o "+either(a.LabelCy, a.Label)+")")
				return
			}
		}
	}
}

// madeFor says for whom that was asked for a row was made.
func (t *reasons) madeFor(made uint64) {
	for _, id := range t.searching.audiences {
		if n, ok := t.searching.matcher.view.ordinals.audience[id]; ok && made>>n&1 != 0 {
			t.add(t.searching.matcher.view.ordinals.list(vocabulary.Audience)[n].Why, t.searching.matcher.view.ordinals.list(vocabulary.Audience)[n].WhyCy)
			return
		}
	}
	t.add("open to all", "agored i bawb")
}

func (t *reasons) cost(c *columns, i int) {
	switch price := c.price[i]; {
	case math.IsNaN(price):
	case c.flags[i]&flagDonation != 0:
		t.named(vocabulary.Cost, "donation")
	case c.flags[i]&flagFixed != 0:
		t.add(poundsText(price), poundsText(price))
	default:
		t.named(vocabulary.Cost, "free")
	}
}

// ask says what to ask first: what was asked for and is not stated, then what
// is most useful to know.
func (s *search_) ask(c *columns, i int) []string {
	t := &reasons{searching: s, most: maxAsk}
	access := s.matcher.view.ordinals.list(vocabulary.Access)
	stated := c.accessYes[i] | c.accessNo[i]
	for _, alternatives := range s.query.Access {
		if bitsOf(s.matcher.view.ordinals.access, alternatives)&c.accessYes[i] != 0 {
			continue
		}
		for _, id := range alternatives {
			if n, ok := s.matcher.view.ordinals.access[id]; ok && stated>>n&1 == 0 {
				t.add(access[n].Question, access[n].QuestionCy)
			}
		}
	}
	if c.flags[i]&flagHomeWay != 0 && c.flags[i]&flagCatchment == 0 {
		t.add("Do they visit where you live?", "Ydyn nhw'n ymweld â'ch ardal chi?")
	}
	if math.IsNaN(c.price[i]) {
		if term, ok := s.compiler.vocabulary.Term(vocabulary.Cost, "free"); ok {
			t.add(term.Question, term.QuestionCy)
		}
	}
	for _, u := range usefulToAsk {
		if u.venueOnly && c.flags[i]&flagHall == 0 {
			continue
		}
		said, order := stated, s.matcher.view.ordinals.access
		if u.list == vocabulary.FirstVisit {
			said, order = c.firstYes[i]|c.firstNo[i], s.matcher.view.ordinals.first
		}
		if n, ok := order[u.id]; ok && said>>n&1 == 0 {
			term := &s.matcher.view.ordinals.list(u.list)[n]
			t.add(term.Question, term.QuestionCy)
		}
	}
	return t.texts
}
