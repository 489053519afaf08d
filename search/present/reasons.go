package present

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"time"

	"gather/directory"
	"gather/directory/vocabulary"
	"gather/search"
	"gather/search/match"
	"gather/search/segment"
)

// maxAsk is how many questions an item carries: what can be asked in one
// phone call without a list.
const maxAsk = 4

// Presenter writes the answer of a search as JSON.
type Presenter struct {
	Search *match.Search
	Change int64 // up to which the index has seen the log
}

func tenth(miles float64) float64 { return math.Round(miles*10) / 10 }

// miles is the exact distance from the place asked for to the venue.
func (p *Presenter) miles(c *segment.Columns, i int) (float64, bool) {
	if p.Search.Place == nil || c.Flags[i]&segment.FlagVenue == 0 {
		return 0, false
	}
	return p.Search.Place.Miles(c.Position(i)), true
}

// roughly reports whether the distance to a row is approximate, because the
// venue or the place asked from is known only roughly.
func (p *Presenter) roughly(c *segment.Columns, i int) bool {
	return c.Flags[i]&segment.FlagPrecise == 0 || p.Search.Place.Precision != directory.PrecisionPoint && p.Search.Place.Precision != directory.PrecisionUnit
}

func (p *Presenter) welsh() bool { return p.Search.Query.Lang == "cy" }

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

// why adds the reason of a term, or its label where it has none.
func (t *reasons) why(term *vocabulary.Term) {
	if term.Why == "" {
		t.add(term.Label, term.LabelCy)
		return
	}
	t.add(term.Why, term.WhyCy)
}

// named adds the reason of the term with an id.
func (t *reasons) named(list, id string) {
	if term, ok := t.presenter.Search.Compiler.Vocabulary.Term(list, id); ok {
		t.add(term.Why, term.WhyCy)
	}
}

// each adds the reason of every term of a list that was asked for and that a row
// has.
func (t *reasons) each(list string, choices []search.AnyOf, yes uint64) {
	if len(choices) == 0 {
		return
	}
	for n, terms := 0, t.presenter.Search.View.Ordinals.List(list); n < len(terms); n++ {
		if yes>>n&1 != 0 && search.Has(choices, terms[n].ID) {
			t.why(&terms[n])
		}
	}
}

// why is how a row fits the query in plain words, its words first, and nothing
// that was not asked for.
func (p *Presenter) why(c *segment.Columns, i int, doc int32) []string {
	t := &reasons{presenter: p}
	q, flags := &p.Search.Query, c.Flags[i]
	t.words(c, i, doc)
	t.reached(c, i)
	for _, alternatives := range q.Interest {
		t.interest(c, i, alternatives)
	}
	t.each(vocabulary.Access, q.Access, c.AccessYes[i])
	t.each(vocabulary.FirstVisit, q.FirstVisit, c.FirstYes[i])
	for k := range p.Search.View.Ordinals.Choices {
		bits := &p.Search.View.Ordinals.Choices[k]
		t.each(bits.Choice.List, *bits.Choice.Of(q), c.Choices[i]>>bits.First)
	}
	if len(q.Language) > 0 {
		for _, id := range p.Search.View.Tables.Languages[c.Language[i]] {
			if term, ok := p.Search.Compiler.Vocabulary.Term(vocabulary.Language, id); ok && search.Has(q.Language, id) {
				t.why(&term)
			}
		}
	}
	if len(q.Delivery) > 0 {
		for n, way := range segment.AllWays {
			if term, ok := p.Search.Compiler.Vocabulary.Term(vocabulary.Delivery, way); ok && flags>>n&1 != 0 && search.Has(q.Delivery, way) {
				t.why(&term)
			}
		}
	}
	if len(q.For) > 0 {
		t.madeFor(c.MadeFor[i])
	}
	if q.Cost != nil {
		t.cost(c, i)
	}
	if n := int(c.Size[i]); q.GroupMax > 0 && n > 0 {
		t.add("at most "+strconv.Itoa(n)+" people", "hyd at "+strconv.Itoa(n)+" o bobl")
	}
	if q.PlacesNow && flags&segment.FlagPlacesNow != 0 {
		t.named(vocabulary.Places, map[bool]string{true: "few", false: "open"}[flags&segment.FlagFewPlaces != 0])
	}
	if q.CheckedMonths > 0 {
		n := p.trustIn(c, i).CheckedMonths
		t.add("checked "+monthsText(n), "gwiriwyd o fewn "+strconv.Itoa(n+1)+" mis")
	}
	if match.DatesAsked(&p.Search.Query) {
		if o, ok := p.Search.NextFitting(c.SessionsOf(i)); ok {
			t.add(whenText(o), whenTextWelsh(o))
		}
	}
	return t.texts
}

// trustIn is the trust of a row.
func (p *Presenter) trustIn(c *segment.Columns, i int) directory.Trust {
	a := directory.Activity{Checked: directory.Checked{At: time.UnixMilli(c.Checked[i]), How: p.Search.View.Tables.How[c.How[i]]}}
	return a.Trust(p.Search.Now)
}

// reached adds how far away a row is, or that one need not go there.
func (t *reasons) reached(c *segment.Columns, i int) {
	if t.presenter.Search.Place == nil {
		return
	}
	flags := c.Flags[i]
	miles, ok := t.presenter.miles(c, i)
	if ok {
		far, about := tenth(miles), t.presenter.roughly(c, i)
		t.add(milesText(far, about), milesTextWelsh(far, about))
	}
	if flags&segment.FlagArea != 0 {
		area := directory.VenueArea{Name: t.presenter.Search.View.Tables.Areas[c.Area[i]].Name}
		t.add(area.Somewhere())
	}
	if t.presenter.Search.Query.Box == nil && (!ok || miles > t.presenter.Search.Query.Miles()) && !t.presenter.Search.InArea(c, i) {
		for n, way := range segment.AllWays {
			if flags&segment.FlagsRemote>>n&1 != 0 {
				t.named(vocabulary.Delivery, way)
			}
		}
	}
	if flags&segment.FlagCatchment != 0 {
		t.add("takes people from where you are", "yn derbyn pobl o'ch ardal chi")
	}
}

// interest adds which interest of a row is, or is part of, one asked for.
func (t *reasons) interest(c *segment.Columns, i int, alternatives search.AnyOf) {
	for _, id := range alternatives {
		asked, ok := t.presenter.Search.View.Ordinals.Interest[id]
		if !ok {
			continue
		}
		for _, own := range c.InterestsOf(i)[:c.Own[i]] {
			o, a := &t.presenter.Search.View.Ordinals.Interests[own], &t.presenter.Search.View.Ordinals.Interests[asked]
			if own == asked {
				t.add(o.Label, o.LabelCy)
				return
			}
			if slices.Contains(t.presenter.Search.View.Ordinals.Rolled[own], asked) {
				t.add(o.Label+" is part of "+a.Label, cmp.Or(o.LabelCy, o.Label)+" (rhan o "+cmp.Or(a.LabelCy, a.Label)+")")
				return
			}
		}
	}
}

// madeFor adds the audience asked for that a row was made for, or that it is open
// to all.
func (t *reasons) madeFor(made uint64) {
	for _, id := range t.presenter.Search.Audiences {
		if n, ok := t.presenter.Search.View.Ordinals.Audience[id]; ok && made>>n&1 != 0 {
			t.add(t.presenter.Search.View.Ordinals.List(vocabulary.Audience)[n].Why, t.presenter.Search.View.Ordinals.List(vocabulary.Audience)[n].WhyCy)
			return
		}
	}
	t.add("open to all", "agored i bawb")
}

func (t *reasons) cost(c *segment.Columns, i int) {
	switch price := c.Price[i]; {
	case math.IsNaN(price):
	case c.Flags[i]&segment.FlagDonation != 0:
		t.named(vocabulary.Cost, "donation")
	case c.Flags[i]&segment.FlagFixed != 0:
		t.add(directory.Pounds(price), directory.Pounds(price))
	default:
		t.named(vocabulary.Cost, "free")
	}
}

// ask are the questions to ask first: about what was asked for and is not stated,
// then about what the vocabulary puts first.
func (p *Presenter) ask(c *segment.Columns, i int) []string {
	t := &reasons{presenter: p, most: maxAsk}
	access := p.Search.View.Ordinals.List(vocabulary.Access)
	stated := c.AccessYes[i] | c.AccessNo[i]
	for _, alternatives := range p.Search.Query.Access {
		if segment.BitsOf(p.Search.View.Ordinals.Access, alternatives)&c.AccessYes[i] != 0 {
			continue
		}
		for _, id := range alternatives {
			if n, ok := p.Search.View.Ordinals.Access[id]; ok && stated>>n&1 == 0 {
				t.add(access[n].Question, access[n].QuestionCy)
			}
		}
	}
	p.askChoices(t, c, i)
	if c.Flags[i]&(segment.FlagHall|segment.FlagArea) == segment.FlagArea {
		t.add("Where does it take place?", "Ble mae'n cael ei gynnal?")
	}
	if c.Flags[i]&segment.FlagHomeWay != 0 && c.Flags[i]&segment.FlagCatchment == 0 {
		t.add("Do they visit where you live?", "Ydyn nhw'n ymweld â'ch ardal chi?")
	}
	if math.IsNaN(c.Price[i]) {
		if term, ok := p.Search.Compiler.Vocabulary.Term(vocabulary.Cost, "free"); ok {
			t.add(term.Question, term.QuestionCy)
		}
	}
	if c.Flags[i]&(segment.FlagHall|segment.FlagArea) == 0 {
		return t.texts // nobody is met at the door of a phone call
	}
	asked := p.Search.Compiler.Vocabulary.AskedFirst()
	for n := range asked {
		term, said, order := &asked[n].Term, stated, p.Search.View.Ordinals.Access
		if asked[n].List == vocabulary.FirstVisit {
			said, order = c.FirstYes[i]|c.FirstNo[i], p.Search.View.Ordinals.First
		}
		if at, ok := order[term.ID]; ok && said>>at&1 == 0 {
			t.add(term.Question, term.QuestionCy)
		}
	}
	return t.texts
}

// askChoices adds the questions about choices that were asked for and of which a
// row states nothing.
func (p *Presenter) askChoices(t *reasons, c *segment.Columns, i int) {
	for k := range p.Search.View.Ordinals.Choices {
		bits := &p.Search.View.Ordinals.Choices[k]
		if !bits.Choice.Asked || c.Choices[i]&bits.Unstated == 0 {
			continue
		}
		asked := *bits.Choice.Of(&p.Search.Query)
		if len(asked) == 0 {
			continue
		}
		terms := p.Search.View.Ordinals.List(bits.Choice.List)
		for n := range terms {
			if search.Has(asked, terms[n].ID) {
				t.add(terms[n].Question, terms[n].QuestionCy)
			}
		}
	}
}
