package complete

import (
	"cmp"
	"net/url"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"gather/directory"
	"gather/directory/gazetteer"
	"gather/search"
	"gather/search/language"
	"gather/search/segment"
)

// The kinds of Suggestion, in the order in which they are shown.
const (
	suggestInterest = "interest"
	suggestActivity = "activity"
	suggestGroup    = "group"
	suggestPlace    = "place"
)

// completion is one thing that can be suggested: what has the same name is one.
type completion struct {
	kind string
	text string
	cy   string
	id   string
	key  string // the folded name
	// docs are the listings of that name; an interest has none and always is.
	docs []int32
}

// sampleEvery is how many names lie between two of the sample.
const sampleEvery = 64

// rangeOf is where the names lie that begin with prefix. A sample of how they
// begin, which lies close together, says about where; few names are read.
func (p *completions) rangeOf(prefix string) (from, until int) {
	low := segment.Beginning([]byte(prefix))
	high := low
	for i := len(prefix); i < segment.KeyBytes; i++ {
		high |= 0xff << (8 * (segment.KeyBytes - 1 - i))
	}
	lo := sort.Search(len(p.sample), func(i int) bool { return p.sample[i] >= low })
	hi := lo + sort.Search(len(p.sample)-lo, func(i int) bool { return p.sample[lo+i] > high })
	// What begins like this may begin before the first of the sample that does.
	first, last := max(0, (lo-1)*sampleEvery), min(hi*sampleEvery, len(p.sorted))
	from = first + sort.Search(last-first, func(i int) bool { return p.key(p.sorted[first+i]) >= prefix })
	n := sort.Search(last-from, func(i int) bool { return !strings.HasPrefix(p.key(p.sorted[from+i]), prefix) })
	return from, from + n
}

// completionRange is some places next to each other, and the best of them.
type completionRange struct{ from, until, best int32 }

// first calls take with the places of a stretch, best first, until it answers
// false.
func (p *completions) first(from, until int, take func(at int32) bool) {
	var room [64]completionRange
	open := room[:0] // a heap: the best on top
	push := func(from, until int32) {
		if from >= until {
			return
		}
		open = append(open, completionRange{from, until, p.bestOf(int(from), int(until))})
		for i := len(open) - 1; i > 0 && p.better(open[i].best, open[(i-1)/2].best); i = (i - 1) / 2 {
			open[i], open[(i-1)/2] = open[(i-1)/2], open[i]
		}
	}
	push(int32(from), int32(until))
	for len(open) > 0 {
		s, last := open[0], len(open)-1
		open[0] = open[last]
		open = open[:last]
		for i := 0; ; {
			up := i
			for child := 2*i + 1; child <= 2*i+2 && child < last; child++ {
				if p.better(open[child].best, open[up].best) {
					up = child
				}
			}
			if up == i {
				break
			}
			open[i], open[up] = open[up], open[i]
			i = up
		}
		if !take(s.best) {
			return
		}
		push(s.from, s.best)
		push(s.best+1, s.until)
	}
}

const (
	// shortPrefix is how many bytes of a prefix are few: longer ones begin few
	// enough names.
	shortPrefix = 3
	// shortFirst is how many of the best are kept for each.
	shortFirst = 48
)

// shortList is a stretch of names, and the best of them in order.
type shortList struct {
	from, until int32
	best        []int32
}

// beginningWith is the stretch of names that begin with prefix.
func (p *completions) beginningWith(prefix string) *shortList {
	if len(prefix) <= shortPrefix {
		if have, ok := p.short.Load(prefix); ok {
			return have.(*shortList)
		}
	}
	from, until := p.rangeOf(prefix)
	list := &shortList{from: int32(from), until: int32(until)}
	if len(prefix) <= shortPrefix && from < until {
		p.first(from, until, func(at int32) bool {
			list.best = append(list.best, at)
			return len(list.best) < shortFirst
		})
		p.short.Store(strings.Clone(prefix), list)
	}
	return list
}

// each calls take with the places of a list, best first, until it answers false.
func (p *completions) each(list *shortList, take func(at int32) bool) {
	for _, at := range list.best {
		if !take(at) {
			return
		}
	}
	known := len(list.best)
	if known == int(list.until-list.from) {
		return
	}
	p.first(int(list.from), int(list.until), func(at int32) bool {
		if known--; known >= 0 {
			return true
		}
		return take(at)
	})
}

// bestOf is the place of the best in a stretch that is not empty.
func (p *completions) bestOf(from, until int) int32 {
	n := len(p.sorted)
	best := int32(from)
	for lo, hi := from+n, until+n; lo < hi; lo, hi = lo/2, hi/2 {
		if lo&1 == 1 {
			if w := p.winner(lo); p.better(w, best) {
				best = w
			}
			lo++
		}
		if hi&1 == 1 {
			hi--
			if w := p.winner(hi); p.better(w, best) {
				best = w
			}
		}
	}
	return best
}

// completionsOf are the prompts of one listing.
func completionsOf(f *segment.Facts) []completion {
	out := []completion{{kind: suggestActivity, text: f.Title, cy: f.TitleCy, id: f.ID, key: f.SortTitle}}
	if f.TitleCy != "" {
		out = append(out, completion{kind: suggestActivity, text: f.Title, cy: f.TitleCy, id: f.ID, key: language.Fold(f.TitleCy)})
	}
	return append(out, completion{kind: suggestGroup, text: f.GroupName, id: f.Group, key: language.Fold(f.GroupName)})
}

// RecentCompletion is a prompt of the tail under its name from some word on.
type RecentCompletion struct {
	key        string
	inner      bool
	completion completion
}

// RecentOf are the tips of a listing in a slot.
func RecentOf(f *segment.Facts, doc int32) (out []RecentCompletion) {
	for _, p := range completionsOf(f) {
		p.docs = []int32{doc}
		rest, inner := p.key, false
		for {
			out = append(out, RecentCompletion{rest, inner, p})
			_, after, ok := strings.Cut(rest, " ")
			if !ok {
				break
			}
			rest, inner = after, true
		}
	}
	return out
}

// Completer completes what is typed, from one state of the index.
type Completer struct {
	View   *segment.View
	Sets   *CompletionSets // of the main segment
	Recent RecentCompletions
	Places *gazetteer.Gazetteer
}

// Suggest answers up to limit ways to go on with what has been typed, as
// Index.Suggest describes them.
func (c *Completer) Suggest(text, near, lang string, limit int) []search.Suggestion {
	if limit <= 0 {
		limit = search.DefaultSuggestions
	}
	limit = min(limit, search.MaxSuggestions)
	prefix := strings.Join(strings.Fields(language.Fold(text)), " ")
	if prefix == "" || utf8.RuneCountInString(text) > search.MaxSuggestLength {
		return []search.Suggestion{}
	}
	place, _, err := language.ReadPlace(search.Query{Near: near}, c.Places)
	if err != nil {
		near = ""
	}
	labels := c.Places.Labels(prefix, limit)
	// Half of the answer is the most that one kind has as a rule, and some are
	// of one name, of which one is shown: more are looked for where that is not
	// enough.
	for most := limit/2 + 2; ; most = 2 * limit {
		found, all := c.beginning(prefix, most, place)
		for _, label := range labels {
			found = append(found, candidate{kind: kindPlace, text: label})
		}
		if out := chosen(found, near, lang, limit); len(out) == limit || all || most > limit {
			return out
		}
	}
}

// candidate is a prompt that begins with what was typed, or has a word that
// does; away is how far its nearest listing is, in miles.
type candidate struct {
	of    *completions      // nil: of the tail, or a place
	at    int32             // in of
	tip   *RecentCompletion // of the tail
	kind  uint8
	inner bool
	count int32
	away  float32
	text  string
}

// The kinds in the order in which they are shown.
const (
	kindInterest = iota
	kindActivity
	kindGroup
	kindPlace
	kindCount
)

var kindNames = [kindCount]string{suggestInterest, suggestActivity, suggestGroup, suggestPlace}

// nearestOf is how many names are compared by nearness, of those that begin
// with what was typed: so many that a short beginning does not cost more.
const nearestOf = 400

// beginning are the best prompts for what was typed, at most so many of a kind,
// in order; all is true where there are no more.
func (c *Completer) beginning(prefix string, limit int, place *directory.Location) (found []candidate, all bool) {
	found, all = make([]candidate, 0, 4*limit), true
	for kind, p := range [...]*completions{c.Sets.interests, c.Sets.activities, c.Sets.groups} {
		most, looked := limit, 0
		if place != nil && kind == kindActivity {
			most = nearestOf
		}
		list := p.beginningWith(prefix)
		take := func(at int32) bool {
			e := p.sorted[at]
			docs := p.docsOf(e.prompt)
			if away, alive := away(c.View, docs, place); alive {
				found = append(found, candidate{
					of: p, at: e.prompt, kind: uint8(kind), inner: e.from > 0, count: int32(len(docs)), away: away, text: p.text(e.prompt, completionText),
				})
				most--
			}
			looked++
			if most > 0 && looked < nearestOf {
				return true
			}
			all = all && int(list.until-list.from) == looked
			return false
		}
		p.each(list, take)
	}
	tips := c.Recent.beginning(prefix, maxOfRun)
	for i := range tips {
		t := &tips[i]
		if away, alive := away(c.View, t.completion.docs, place); alive {
			kind := slices.Index(kindNames[:], t.completion.kind)
			found = append(found, candidate{tip: t, kind: uint8(kind), inner: t.inner, count: int32(len(t.completion.docs)), away: away, text: t.completion.text})
		}
	}
	slices.SortStableFunc(found, compareCandidates)
	return found, all
}

// prompt is what c stands for.
func (c *candidate) prompt() completion {
	switch {
	case c.of != nil:
		return c.of.completion(c.at)
	case c.tip != nil:
		return c.tip.completion
	}
	return completion{kind: suggestPlace, text: c.text}
}

// away is how far the nearest listing of a prompt is, and whether any is left.
// The first few stand for all. What has no listings is always there.
func away(v *segment.View, docs []int32, place *directory.Location) (miles float32, alive bool) {
	if docs == nil {
		return search.MaxMiles, true
	}
	miles = search.MaxMiles
	const few = 20
	looked := 0
	for _, doc := range docs {
		if v.Deleted.Has(int(doc)) {
			continue
		}
		alive = true
		if looked++; place == nil || looked > few {
			break
		}
		if c, i := v.Row(doc); c.Flags[i]&segment.FlagVenue != 0 {
			miles = min(miles, float32(place.Miles(c.Position(i))))
		}
	}
	return miles, alive
}

// compareCandidates puts names that begin with the text before those that only
// have a word that does, then goes by kind, nearness, how many listings are
// called so, and name.
func compareCandidates(a, b candidate) int {
	switch {
	case a.inner != b.inner && b.inner:
		return -1
	case a.inner != b.inner:
		return 1
	case a.kind != b.kind:
		return int(a.kind) - int(b.kind)
	case a.away != b.away:
		return cmp.Compare(a.away, b.away)
	case a.count != b.count:
		return int(b.count) - int(a.count)
	}
	return strings.Compare(a.text, b.text)
}

// chosen picks up to limit of the prompts in order, none twice, at most half
// of one kind while there are others.
func chosen(found []candidate, near, lang string, limit int) []search.Suggestion {
	var ofKind [kindCount]int
	var out, spare []int
	for i := range found {
		if len(out) == limit {
			break
		}
		c := &found[i]
		same := func(j int) bool { return found[j].kind == c.kind && found[j].text == c.text }
		if slices.ContainsFunc(out, same) || slices.ContainsFunc(spare, same) {
			continue
		}
		if ofKind[c.kind]++; ofKind[c.kind] > (limit+1)/2 {
			spare = append(spare, i)
		} else {
			out = append(out, i)
		}
	}
	out = append(out, spare...)
	suggestions := make([]search.Suggestion, min(len(out), limit))
	for n := range suggestions {
		suggestions[n] = found[out[n]].suggestion(near, lang)
	}
	return suggestions
}

// suggestion is c as it is shown, with texts of its own.
func (c *candidate) suggestion(near, lang string) search.Suggestion {
	p := c.prompt()
	s := search.Suggestion{Kind: p.kind, Text: strings.Clone(p.text), ID: strings.Clone(p.id)}
	if lang == "cy" && p.cy != "" {
		s.Text = strings.Clone(p.cy)
	}
	asked := func(name, value string) string { return name + "=" + url.QueryEscape(value) }
	switch p.kind { // in the order in which Query.String has them
	case suggestPlace:
		s.Query = asked("near", p.text)
		return s
	case suggestInterest:
		s.Query = asked("interest", p.id)
	case suggestGroup:
		s.Query = asked("group", p.id)
	default: // a title that names a place is meant as it is
		s.Query = asked("q", s.Text) + "&words=literal"
	}
	switch {
	case near == "":
	case p.kind == suggestActivity:
		s.Query = asked("near", near) + "&" + s.Query
	default:
		s.Query += "&" + asked("near", near)
	}
	return s
}
