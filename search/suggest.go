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
	"gather/directory/vocabulary"
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

// prompt is one thing that can be suggested, under one key that it begins
// with: its name, or its name from a later word on.
type prompt struct {
	key   string
	inner bool // the key is not the whole name
	kind  string
	text  string
	cy    string
	id    string
	at    *directory.Position
}

// suggester holds the prompts of one snapshot by key.
type suggester []prompt

func newSuggester(words *vocabulary.Vocabulary, slots []*facts) suggester {
	var all suggester
	add := func(p prompt, name string) {
		p.key = fold(name)
		all = append(all, p)
		for rest := p.key; ; {
			_, after, ok := strings.Cut(rest, " ")
			if !ok {
				return
			}
			p.key, p.inner, rest = after, true, after
			all = append(all, p)
		}
	}
	for _, t := range words.Interests() {
		p := prompt{kind: suggestInterest, text: t.Label, cy: t.LabelCy, id: t.ID}
		for _, name := range slices.Concat([]string{t.Label, t.LabelCy}, t.Words, t.WordsCy) {
			if name != "" && !t.Withdrawn {
				add(p, name)
			}
		}
	}
	groups := map[string]bool{}
	for _, f := range slots {
		if f == nil {
			continue
		}
		add(prompt{kind: suggestActivity, text: f.Item.Title, cy: f.TitleCy, id: f.Item.ID, at: f.Item.Position}, f.Item.Title)
		if f.TitleCy != "" {
			add(prompt{kind: suggestActivity, text: f.Item.Title, cy: f.TitleCy, id: f.Item.ID, at: f.Item.Position}, f.TitleCy)
		}
		if !groups[f.Item.Group] {
			groups[f.Item.Group] = true
			add(prompt{kind: suggestGroup, text: f.Item.GroupName, id: f.Item.Group}, f.Item.GroupName)
		}
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].key < all[j].key })
	return all
}

// beginning are the prompts whose key begins with prefix.
func (s suggester) beginning(prefix string) suggester {
	from := sort.Search(len(s), func(i int) bool { return s[i].key >= prefix })
	n := sort.Search(len(s)-from, func(i int) bool { return !strings.HasPrefix(s[from+i].key, prefix) })
	return s[from : from+n]
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
	v.suggesting.Do(func() { v.suggester = newSuggester(x.words, v.slots) })
	place, _, err := readPlace(Query{Near: near}, x.maker.places)
	if err != nil {
		near = ""
	}
	found := slices.Clone(v.suggester.beginning(prefix))
	slices.SortStableFunc(found, func(a, b prompt) int { return comparePrompts(a, b, place) })
	for _, loc := range x.maker.places.Places(prefix, limit) {
		found = append(found, prompt{kind: suggestPlace, text: x.maker.places.Label(loc)})
	}
	return chosen(found, near, lang, limit), ctx.Err()
}

// kindOrder is the order in which kinds are shown.
var kindOrder = []string{suggestInterest, suggestActivity, suggestGroup, suggestPlace}

// comparePrompts puts names that begin with the text before those that only
// have a word that does, then goes by kind, nearness and name.
func comparePrompts(a, b prompt, place *directory.Location) int {
	away := func(p prompt) float64 {
		if place == nil || p.at == nil {
			return MaxMiles
		}
		return min(MaxMiles, place.Miles(*p.at))
	}
	order := 0
	if a.inner != b.inner {
		order = -1
		if a.inner {
			order = 1
		}
	}
	return cmp.Or(
		order, slices.Index(kindOrder, a.kind)-slices.Index(kindOrder, b.kind),
		cmp.Compare(away(a), away(b)), cmp.Compare(a.text, b.text), cmp.Compare(a.id, b.id),
	)
}

// chosen picks up to limit of the prompts in order, none twice, at most half
// of one kind while there are others.
func chosen(found []prompt, near, lang string, limit int) []Suggestion {
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
