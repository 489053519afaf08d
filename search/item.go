package search

import (
	"cmp"
	"context"
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

// Presenter writes the answer of a search.
type Presenter struct {
	search *Search
	change int64 // up to which the index has seen the log
}

// item is one match as it is shown.
func (p *Presenter) item(r ranked) (Item, error) {
	f, err := p.search.view.facts(r.doc)
	if err != nil {
		return Item{}, err
	}
	c, i := p.search.view.row(r.doc)
	it := f.Item
	it.Trust = f.trust(p.search.now)
	if p.welsh() {
		it.Title, it.Summary = cmp.Or(f.TitleCy, it.Title), cmp.Or(f.SummaryCy, it.Summary)
	}
	it.Interests = labelled(p.search.compiler.vocabulary, f.Interests, p.welsh())
	if o, ok := nextOf(f.Sessions, p.search.wall); ok {
		session := o.session(f.changes(o))
		it.NextSession = &session
	}
	if miles, ok := p.miles(c, i); ok {
		rounded := tenth(miles)
		it.DistanceMiles, it.DistanceAbout = &rounded, p.roughly(c, i)
	}
	it.Why, it.Ask = p.why(c, i, r.doc), p.ask(c, i)
	if p.search.query.Explain {
		score := p.search.explained(r.doc)
		it.Score = &score
	}
	return it, nil
}

func tenth(miles float64) float64 { return math.Round(miles*10) / 10 }

// miles is the exact distance from the place asked for to the venue.
func (p *Presenter) miles(c *columns, i int) (float64, bool) {
	if p.search.place == nil || c.flags[i]&flagVenue == 0 {
		return 0, false
	}
	return p.search.place.Miles(c.position(i)), true
}

// roughly reports whether the distance to a row is only about right.
func (p *Presenter) roughly(c *columns, i int) bool {
	return c.flags[i]&flagPrecise == 0 || p.search.place.Precision != directory.PrecisionPoint && p.search.place.Precision != directory.PrecisionUnit
}

func (p *Presenter) welsh() bool { return p.search.query.Lang == "cy" }

// say picks the text in the language asked for; a missing Welsh one falls back
// to English.
func (p *Presenter) say(english, welsh string) string {
	if p.welsh() && welsh != "" {
		return welsh
	}
	return english
}

// reasons collects short texts in the language of a search.
type reasons struct {
	presenter *Presenter
	texts     []string
	most      int // 0: any number
}

func (t *reasons) add(english, welsh string) {
	text := t.presenter.say(english, welsh)
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
	if term, ok := t.presenter.search.compiler.vocabulary.Term(list, id); ok {
		t.add(term.Why, term.WhyCy)
	}
}

// each adds why for every term of a list that a row has and that was asked for.
func (t *reasons) each(list string, choices []AnyOf, yes uint64) {
	if len(choices) == 0 {
		return
	}
	for n, terms := 0, t.presenter.search.view.ordinals.list(list); n < len(terms); n++ {
		if yes>>n&1 != 0 && has(choices, terms[n].ID) {
			t.why(&terms[n])
		}
	}
}

// why says in plain words how a row fits the question, its words first: only
// what was asked for.
func (p *Presenter) why(c *columns, i int, doc int32) []string {
	t := &reasons{presenter: p}
	q, flags := &p.search.query, c.flags[i]
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
		for _, id := range p.search.view.tables.languages[c.language[i]] {
			if term, ok := p.search.compiler.vocabulary.Term(vocabulary.Language, id); ok && has(q.Language, id) {
				t.why(&term)
			}
		}
	}
	if len(q.Delivery) > 0 {
		for n, way := range allWays {
			if term, ok := p.search.compiler.vocabulary.Term(vocabulary.Delivery, way); ok && flags>>n&1 != 0 && has(q.Delivery, way) {
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
		n := p.trustIn(c, i).CheckedMonths
		t.add("checked "+monthsText(n), "gwiriwyd o fewn "+strconv.Itoa(n+1)+" mis")
	}
	if datesAsked(p.search.query) {
		if o, ok := p.search.nextFitting(c.sessionsOf(i)); ok {
			t.add(whenText(o), whenTextWelsh(o))
		}
	}
	return t.texts
}

// trustIn is how far a row can be relied on.
func (p *Presenter) trustIn(c *columns, i int) directory.Trust {
	a := directory.Activity{Checked: directory.Checked{At: time.UnixMilli(c.checked[i]), How: p.search.view.tables.how[c.how[i]]}}
	return a.Trust(p.search.now)
}

// reached says how one gets to a row: how far it is, or that one need not go.
func (t *reasons) reached(c *columns, i int) {
	if t.presenter.search.place == nil {
		return
	}
	flags := c.flags[i]
	miles, ok := t.presenter.miles(c, i)
	if ok {
		far, about := tenth(miles), t.presenter.roughly(c, i)
		t.add(milesText(far, about), milesTextWelsh(far, about))
	}
	if t.presenter.search.query.Box == nil && (!ok || miles > t.presenter.search.query.Miles()) {
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
		asked, ok := t.presenter.search.view.ordinals.interest[id]
		if !ok {
			continue
		}
		for _, own := range c.interestsOf(i)[:c.own[i]] {
			o, a := &t.presenter.search.view.ordinals.interests[own], &t.presenter.search.view.ordinals.interests[asked]
			if own == asked {
				t.add(o.Label, o.LabelCy)
				return
			}
			if slices.Contains(t.presenter.search.view.ordinals.rolled[own], asked) {
				t.add(o.Label+" is part of "+a.Label, cmp.Or(o.LabelCy, o.Label)+" (rhan o "+cmp.Or(a.LabelCy, a.Label)+")")
				return
			}
		}
	}
}

// madeFor says for whom that was asked for a row was made.
func (t *reasons) madeFor(made uint64) {
	for _, id := range t.presenter.search.audiences {
		if n, ok := t.presenter.search.view.ordinals.audience[id]; ok && made>>n&1 != 0 {
			t.add(t.presenter.search.view.ordinals.list(vocabulary.Audience)[n].Why, t.presenter.search.view.ordinals.list(vocabulary.Audience)[n].WhyCy)
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
func (p *Presenter) ask(c *columns, i int) []string {
	t := &reasons{presenter: p, most: maxAsk}
	access := p.search.view.ordinals.list(vocabulary.Access)
	stated := c.accessYes[i] | c.accessNo[i]
	for _, alternatives := range p.search.query.Access {
		if bitsOf(p.search.view.ordinals.access, alternatives)&c.accessYes[i] != 0 {
			continue
		}
		for _, id := range alternatives {
			if n, ok := p.search.view.ordinals.access[id]; ok && stated>>n&1 == 0 {
				t.add(access[n].Question, access[n].QuestionCy)
			}
		}
	}
	if c.flags[i]&flagHomeWay != 0 && c.flags[i]&flagCatchment == 0 {
		t.add("Do they visit where you live?", "Ydyn nhw'n ymweld â'ch ardal chi?")
	}
	if math.IsNaN(c.price[i]) {
		if term, ok := p.search.compiler.vocabulary.Term(vocabulary.Cost, "free"); ok {
			t.add(term.Question, term.QuestionCy)
		}
	}
	for _, u := range usefulToAsk {
		if u.venueOnly && c.flags[i]&flagHall == 0 {
			continue
		}
		said, order := stated, p.search.view.ordinals.access
		if u.list == vocabulary.FirstVisit {
			said, order = c.firstYes[i]|c.firstNo[i], p.search.view.ordinals.first
		}
		if n, ok := order[u.id]; ok && said>>n&1 == 0 {
			term := &p.search.view.ordinals.list(u.list)[n]
			t.add(term.Question, term.QuestionCy)
		}
	}
	return t.texts
}

// answer tells what was found.
func (p *Presenter) answer(ctx context.Context) (Answer, error) {
	a := Answer{
		Total: p.search.matcher.total, Items: make([]Item, 0, len(p.search.found)), Next: p.search.next, Facets: p.search.counted, Interpreted: p.interpreted(),
		Unstated: p.unstatedMore(), AsOf: AsOf{Change: p.change, Time: p.search.now},
	}
	for _, r := range p.search.found {
		it, err := p.item(r)
		if err != nil {
			return Answer{}, err
		}
		a.Items = append(a.Items, it)
	}
	var err error
	a.Rescue, err = p.rescue(ctx)
	return a, err
}
