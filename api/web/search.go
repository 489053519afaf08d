package web

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"time"

	"gather/directory"
	"gather/search"
)

// Search is what a page of results is made from.
type Search struct {
	Language Language
	// Path is the address of the page without its parameters: / or /embed/search.
	Path string
	// Question are the parameters that were searched with, as Question returns them.
	Question url.Values
	// Answer is what was found; nil where Faults say why nothing could be searched.
	Answer *search.Answer
	Faults []directory.Fault
	// Now is the moment of the answer.
	Now time.Time
	// Framed is true for a page inside another site's page: it has no header and
	// footer, and its links to listings open outside of the frame.
	Framed bool
	// PlaceKnown reports whether a place of that name can be searched near; only
	// such are offered to browse.
	PlaceKnown func(name string) bool
}

// Search makes the page of a search, as UTF-8 HTML.
func (p *Pages) Search(s Search) ([]byte, error) {
	v := searchView{
		Language: s.Language, Site: p.Site, Attribution: p.Attribution, Path: s.Path, Framed: s.Framed,
		Q: s.Question.Get("q"), Near: s.Question.Get("near"), Started: started(s.Question),
		Within: distances(s.Language, s.Question), Orders: orders(s.Language, s.Question),
		Chips: p.chips(s.Language, s.Path, s.Question), Faults: faults(s.Language, s.Faults),
		Other: address(s.Path, with(s.Question, "lang", string(s.Language.Other()))), OtherLanguage: s.Language.Other(),
		Clear: address(s.Path, kept(s.Question, "q", "near", "within", "lang")),
		Home:  address(s.Path, kept(s.Question, "lang")), Outside: address("/", s.Question),
		Lang: s.Question.Get("lang"), Age: s.Question.Get("age"), From: s.Question.Get("from"), To: s.Question.Get("to"),
		Unknown: s.Question.Get("access_unknown") == "include", Keep: hidden(s.Question),
	}
	if a := s.Answer; a != nil {
		p.fill(&v, s, a)
	}
	v.Head = v.head()
	v.Count = cmp.Or(v.Count, s.Language.say("results.not"))
	return p.render("search", v)
}

// searchView is what the template of a search is given.
type searchView struct {
	Language                           Language
	Head, Site, Attribution, Path      string
	Framed, Started, Unknown           bool
	Q, Near, Lang, Age, From, To       string
	Within, Orders                     []option
	Filters                            []filter
	Chips                              []chip
	Faults                             []faultView
	Keep                               []pair
	Count                              string
	Results                            []result
	Notes                              []note
	Rescue, Suggested                  []link
	More, First, Unstated, UnstatedURL string
	Interests, Places                  []link
	Clear, Home, Outside, Other        string
	OtherLanguage                      Language
}

// link is a link with its text, note a sentence with a way to undo what it says.
type link struct{ Text, Link string }

type note struct{ Text, Undo, Link string }

// pair is a parameter that the page has no field for, and keeps.
type pair struct{ Name, Value string }

// faultView is a fault with the id of the field that it is in.
type faultView struct{ Field, Text string }

// Say returns a text of the page, for the template.
func (v searchView) Say(key string) string { return v.Language.say(key) }

// SayOf returns a text with a value in it.
func (v searchView) SayOf(key, value string) string { return v.Language.say(key, value) }

// SayList is SayOf with values separated by commas.
func (v searchView) SayList(key string, values []string) string {
	return v.Language.say(key, strings.Join(values, ", "))
}

// With returns a result and the page that it is on, for the template of a result.
func (v searchView) With(r result) onPage { return onPage{v, r} }

type onPage struct {
	Page searchView
	Item result
}

// Bad returns what is wrong with a field, empty where nothing is.
func (v searchView) Bad(field string) string {
	for _, f := range v.Faults {
		if f.Field == field {
			return f.Text
		}
	}
	return ""
}

// head is the title of the page: what is wrong first, then what was searched.
func (v searchView) head() string {
	parts := []string{v.Language.say("title")}
	if what := strings.TrimSpace(v.Q + " " + v.Near); what != "" {
		parts = []string{what}
		if v.Count != "" {
			parts = []string{what, v.Count}
		}
	}
	title := strings.Join(append(parts, v.Site), " – ")
	if len(v.Faults) > 0 {
		title = v.Language.say("error.prefix") + title
	}
	return title
}

// started reports whether anything is searched for: if not, the page is a start
// page.
func started(q url.Values) bool {
	for name := range q {
		if !slices.Contains([]string{"facets", "limit", "lang", "sort"}, name) {
			return true
		}
	}
	return false
}

func (p *Pages) fill(v *searchView, s Search, a *search.Answer) {
	l := s.Language
	v.Filters = p.filters(l, s.Question, a.Facets)
	if !v.Started {
		v.Interests, v.Places = p.browse(s, a.Facets)
		return
	}
	v.Count = l.count("results", a.Total)
	if a.Total == 0 {
		v.Count = l.say("results.none")
	}
	for i := range a.Items {
		v.Results = append(v.Results, p.result(l, &a.Items[i], s.Now))
	}
	if a.Next != "" {
		v.More = address(s.Path, with(s.Question, "cursor", a.Next))
	}
	if s.Question.Has("cursor") {
		v.First = address(s.Path, with(s.Question, "cursor", ""))
	}
	if u := a.Unstated; u != nil {
		v.Unstated, v.UnstatedURL = l.say("unstated", u.Count), s.follow(u.Query)
	}
	for _, r := range a.Rescue {
		v.Rescue = append(v.Rescue, link{l.say("rescue.count", r.Label, r.Count), s.follow(r.Query)})
	}
	for _, x := range a.Interpreted.Suggested {
		v.Suggested = append(v.Suggested, link{x.Label, s.follow(x.Query)})
	}
	v.Notes = notes(s, &a.Interpreted)
}

// follow is the page of a question that an answer offers.
func (s Search) follow(query string) string {
	q, err := url.ParseQuery(query)
	if err != nil {
		return s.Path
	}
	q.Del("cursor")
	if lang := s.Question.Get("lang"); lang != "" {
		q.Set("lang", lang)
	}
	return address(s.Path, q)
}

// notes say how the question was read, so that a wrong guess can be undone.
func notes(s Search, in *search.Interpreted) []note {
	l := s.Language
	var out []note
	switch w := in.PlaceInWords; {
	case w != nil && in.Place != nil:
		out = append(out, note{l.say("read.place", in.Place.Name, w.Text), l.say("read.undo"), s.follow(w.Undo)})
	case in.Place != nil && !strings.EqualFold(in.Place.Name, in.Place.Text):
		out = append(out, note{Text: l.say("read.near", in.Place.Name)})
	}
	if in.Place != nil {
		for _, o := range in.Place.Others {
			out = append(out, note{l.say("read.others"), o.Name, s.follow(o.Query)})
		}
	}
	if w := in.Words; w != nil {
		for _, r := range w.Repaired {
			literal := address(s.Path, with(with(s.Question, "words", "literal"), "cursor", ""))
			out = append(out, note{l.say("read.repaired", strings.Join(r.As, ", "), r.Word), l.say("read.undo"), literal})
		}
		for _, word := range w.Unknown {
			out = append(out, note{Text: l.say("read.unknown", word)})
		}
	}
	return out
}

// mostPlaces is how many places the start page offers: those with most listings.
const mostPlaces = 12

// browse returns links to what there is, for who does not know what to search for.
func (p *Pages) browse(s Search, f *search.Facets) (interests, places []link) {
	if f == nil {
		return nil, nil
	}
	lang := kept(s.Question, "lang")
	for _, c := range f.Interest[:min(len(f.Interest), mostInterests)] {
		interests = append(interests, link{c.Label, address("/interests/"+url.PathEscape(c.ID), lang)})
	}
	for _, c := range f.District {
		if len(places) < mostPlaces && s.PlaceKnown != nil && s.PlaceKnown(c.Label) {
			places = append(places, link{c.Label, address("/near/"+url.PathEscape(c.Label), lang)})
		}
	}
	return interests, places
}

// with returns q with a parameter set, or without it where value is empty.
func with(q url.Values, name, value string) url.Values {
	out := url.Values{}
	for n, all := range q {
		out[n] = all
	}
	if out.Set(name, value); value == "" {
		out.Del(name)
	}
	if name != "cursor" {
		out.Del("cursor")
	}
	return out
}

// kept returns only the named parameters of q.
func kept(q url.Values, names ...string) url.Values {
	out := url.Values{}
	for _, n := range names {
		if q.Has(n) {
			out[n] = q[n]
		}
	}
	return out
}

// fields are the parameters that the page's form has fields for.
var fields = []string{"q", "near", "within", "sort", "cost", "age", "from", "to", "access_unknown", "interest", "lang"}

// hidden are the parameters of q that the form keeps without showing a field.
func hidden(q url.Values) []pair {
	var out []pair
	for _, par := range search.Parameters() {
		shown := slices.ContainsFunc(filterList, func(f struct{ name, legend string }) bool { return f.name == par.Name })
		if shown || slices.Contains(fields, par.Name) || slices.Contains([]string{"cursor", "facets", "limit"}, par.Name) {
			continue
		}
		for _, v := range q[par.Name] {
			out = append(out, pair{par.Name, v})
		}
	}
	if lang := q.Get("lang"); lang != "" {
		out = append(out, pair{"lang", lang})
	}
	return out
}

// faults says what is wrong with a question, by the field to look at.
func faults(l Language, bad []directory.Fault) []faultView {
	var out []faultView
	for _, f := range bad {
		text := f.Detail
		if text != "" && !strings.HasSuffix(text, ".") {
			text = strings.TrimSpace(f.Field+" "+text) + "."
		}
		if fix := f.Fix; fix != "" {
			text += " " + strings.ToUpper(fix[:1]) + strings.TrimSuffix(fix[1:], ".") + "."
		}
		out = append(out, faultView{f.Field, text})
	}
	return out
}
