package search

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"gather/directory"
)

// Limits of Suggest.
const (
	// MaxSuggestLength is the most characters that are looked at: who has
	// typed more than a title needs no suggestion.
	MaxSuggestLength = 100
	// MaxSuggestions is the most that are answered: a list that is longer is
	// not read while typing.
	MaxSuggestions = 20
	// DefaultSuggestions is how many are answered when no limit is given.
	DefaultSuggestions = 8
)

// The kinds of Suggestion, in the order in which they are shown.
const (
	suggestInterest = "interest"
	suggestActivity = "activity"
	suggestGroup    = "group"
	suggestPlace    = "place"
)

// prompt is one thing that can be suggested: what has the same name is one.
type prompt struct {
	kind string
	text string
	cy   string
	id   string
	key  string // the folded name
	// slots are the listings of that name; an interest has none and always is.
	slots []int32
}

// stretch is where the names lie that begin with prefix.
func (p *prompts) stretch(prefix string) (from, until int) {
	from = sort.Search(len(p.sorted), func(i int) bool { return p.key(p.sorted[i]) >= prefix })
	n := sort.Search(len(p.sorted)-from, func(i int) bool { return !strings.HasPrefix(p.key(p.sorted[from+i]), prefix) })
	return from, from + n
}

// first calls take with the prompts of a stretch, best first, until it answers
// false.
func (p *prompts) first(from, until int, take func(p *prompt, inner bool) bool) {
	type stretch struct{ from, until, best int32 }
	better := func(a, b stretch) int {
		if a.best == b.best {
			return 0
		}
		if p.better(a.best, b.best) {
			return -1
		}
		return 1
	}
	var open []stretch // in order, best first
	push := func(from, until int32) {
		if from < until {
			s := stretch{from, until, p.bestOf(int(from), int(until))}
			at, _ := slices.BinarySearchFunc(open, s, better)
			open = slices.Insert(open, at, s)
		}
	}
	push(int32(from), int32(until))
	for len(open) > 0 {
		s := open[0]
		open = slices.Delete(open, 0, 1)
		e := p.sorted[s.best]
		shown := p.prompt(e.prompt)
		if !take(&shown, e.from > 0) {
			return
		}
		push(s.from, s.best)
		push(s.best+1, s.until)
	}
}

// bestOf is the place of the best in a stretch that is not empty.
func (p *prompts) bestOf(from, until int) int32 {
	n := len(p.sorted)
	best := int32(from)
	for lo, hi := from+n, until+n; lo < hi; lo, hi = lo/2, hi/2 {
		if lo&1 == 1 {
			if p.better(p.best[lo], best) {
				best = p.best[lo]
			}
			lo++
		}
		if hi&1 == 1 {
			hi--
			if p.better(p.best[hi], best) {
				best = p.best[hi]
			}
		}
	}
	return best
}

// promptsOf are the prompts of one listing.
func promptsOf(f *facts) []prompt {
	out := []prompt{{kind: suggestActivity, text: f.Item.Title, cy: f.TitleCy, id: f.Item.ID, key: f.SortTitle}}
	if f.TitleCy != "" {
		out = append(out, prompt{kind: suggestActivity, text: f.Item.Title, cy: f.TitleCy, id: f.Item.ID, key: fold(f.TitleCy)})
	}
	return append(out, prompt{kind: suggestGroup, text: f.Item.GroupName, id: f.Item.Group, key: fold(f.Item.GroupName)})
}

// tip is a prompt of the tail under its name from some word on.
type tip struct {
	key   string
	inner bool
	prompt
}

// tipsOf are the tips of a listing in a slot.
func tipsOf(f *facts, slot int32) (out []tip) {
	for _, p := range promptsOf(f) {
		p.slots = []int32{slot}
		rest, inner := p.key, false
		for {
			out = append(out, tip{rest, inner, p})
			_, after, ok := strings.Cut(rest, " ")
			if !ok {
				break
			}
			rest, inner = after, true
		}
	}
	return out
}

// Suggest answers up to limit ways to go on with what has been typed:
// interests, titles, groups and places that begin with it, or have a word that
// does. near, a place as in a Query, puts activities near it first and may be
// empty; a place that is not known counts as none. No kind takes more than
// half of the answer while there are others. A limit of 0 means
// DefaultSuggestions, one over MaxSuggestions that many. Lang is cy for Welsh
// names.
func (x *Index) Suggest(ctx context.Context, text, near, lang string, limit int) ([]Suggestion, error) {
	if limit <= 0 {
		limit = DefaultSuggestions
	}
	limit = min(limit, MaxSuggestions)
	prefix := strings.Join(strings.Fields(fold(text)), " ")
	if prefix == "" || utf8.RuneCountInString(text) > MaxSuggestLength {
		return []Suggestion{}, nil
	}
	v, err := x.acquire()
	if err != nil {
		return nil, fmt.Errorf("suggest: %w", err)
	}
	defer x.release(v)
	place, _, err := readPlace(Query{Near: near}, x.maker.places)
	if err != nil {
		near = ""
	}
	found := v.beginning(prefix, limit, place)
	for _, loc := range x.maker.places.Places(prefix, limit) {
		found = append(found, candidate{prompt: prompt{kind: suggestPlace, text: x.maker.places.Label(loc)}})
	}
	return chosen(found, near, lang, limit), ctx.Err()
}

// candidate is a prompt that begins with what was typed, or has a word that
// does; away is how far its nearest listing is, in miles.
type candidate struct {
	prompt
	inner bool
	away  float64
}

// nearestOf is how many names are compared by nearness, of those that begin
// with what was typed: so many that a short beginning does not cost more.
const nearestOf = 400

// beginning are the best prompts for what was typed, in order.
func (v *view) beginning(prefix string, limit int, place *directory.Location) []candidate {
	var found []candidate
	add := func(p *prompt, inner bool) bool {
		away, alive := v.away(p, place)
		if alive {
			found = append(found, candidate{*p, inner, away})
		}
		return alive
	}
	for _, kind := range []*prompts{v.prompts.interests, v.prompts.activities, v.prompts.groups} {
		most, looked := 2*limit, 0
		if place != nil && kind == v.prompts.activities {
			most = nearestOf
		}
		from, until := kind.stretch(prefix)
		kind.first(from, until, func(p *prompt, inner bool) bool {
			if add(p, inner) {
				most--
			}
			looked++
			return most > 0 && looked < nearestOf
		})
	}
	for _, t := range v.tips.beginning(prefix) {
		add(&t.prompt, t.inner)
	}
	slices.SortStableFunc(found, compareCandidates)
	return found
}

// away is how far the nearest listing of a prompt is, and whether any is left.
// The first few stand for all.
func (v *view) away(p *prompt, place *directory.Location) (miles float64, alive bool) {
	if p.slots == nil {
		return MaxMiles, true
	}
	miles = MaxMiles
	const few = 20
	looked := 0
	for _, slot := range p.slots {
		if v.dead.has(int(slot)) {
			continue
		}
		alive = true
		if looked++; place == nil || looked > few {
			break
		}
		if c, i := v.row(slot); c.flags[i]&flagVenue != 0 {
			miles = min(miles, place.Miles(c.position(i)))
		}
	}
	return miles, alive
}

// kindOrder is the order in which kinds are shown.
var kindOrder = []string{suggestInterest, suggestActivity, suggestGroup, suggestPlace}

// compareCandidates puts names that begin with the text before those that only
// have a word that does, then goes by kind, nearness, how many listings are
// called so, and name.
func compareCandidates(a, b candidate) int {
	order := 0
	if a.inner != b.inner {
		order = -1
		if a.inner {
			order = 1
		}
	}
	return cmp.Or(
		order, slices.Index(kindOrder, a.kind)-slices.Index(kindOrder, b.kind),
		cmp.Compare(a.away, b.away), len(b.slots)-len(a.slots), cmp.Compare(a.text, b.text), cmp.Compare(a.id, b.id),
	)
}

// chosen picks up to limit of the prompts in order, none twice, at most half
// of one kind while there are others.
func chosen(found []candidate, near, lang string, limit int) []Suggestion {
	seen := map[[2]string]bool{}
	ofKind := map[string]int{}
	out, spare := []Suggestion{}, []Suggestion{}
	for _, p := range found {
		name := [2]string{p.kind, p.text}
		if seen[name] {
			continue
		}
		seen[name] = true
		s := p.suggestion(near, lang)
		if ofKind[p.kind]++; ofKind[p.kind] > (limit+1)/2 {
			spare = append(spare, s)
			continue
		}
		out = append(out, s)
	}
	out = append(out, spare...)
	return out[:min(len(out), limit)]
}

func (p prompt) suggestion(near, lang string) Suggestion {
	s := Suggestion{Kind: p.kind, Text: p.text, ID: p.id}
	if lang == "cy" && p.cy != "" {
		s.Text = p.cy
	}
	v := url.Values{}
	if near != "" {
		v.Set("near", near)
	}
	switch p.kind {
	case suggestInterest:
		v.Set("interest", p.id)
	case suggestGroup:
		v.Set("group", p.id)
	case suggestPlace:
		v.Set("near", p.text)
	default:
		v.Set("q", s.Text)
	}
	s.Query = v.Encode()
	return s
}
