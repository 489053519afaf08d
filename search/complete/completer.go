package complete

import (
	"slices"
	"strings"
	"unicode/utf8"

	"gather/directory"
	"gather/directory/gazetteer"
	"gather/search"
	"gather/search/language"
	"gather/search/segment"
)

// Completer completes what is typed, from one state of the index.
type Completer struct {
	View   *segment.View
	Sets   *Sets             // of the main segment of View
	Recent RecentCompletions // of its delta segment
	Places *gazetteer.Gazetteer
}

// Suggest returns up to limit completions of what was typed, as Index.Suggest
// promises.
func (c *Completer) Suggest(text, near, lang string, limit int) []search.Suggestion {
	if limit <= 0 {
		limit = search.DefaultSuggestions
	}
	limit = min(limit, search.MaxSuggestions)
	prefix := strings.Join(strings.Fields(language.Fold(text)), " ")
	if prefix == "" || utf8.RuneCountInString(text) > search.MaxSuggestLength {
		return []search.Suggestion{}
	}
	place, _, err := language.ReadPlace(&search.Query{Near: near}, c.Places)
	if err != nil {
		near = ""
	}
	labels := c.Places.Labels(prefix, limit)
	// One kind fills half of the answer as a rule. Where some of it is left out,
	// because it is of a name that is there already, more are looked for.
	for most := limit/2 + 2; ; most = 2 * limit {
		found, all := c.candidates(prefix, most, place)
		for _, label := range labels {
			found = append(found, candidate{kind: kindPlace, text: label})
		}
		if out := chosen(found, near, lang, limit); len(out) == limit || all || most > limit {
			return out
		}
	}
}

// maxCompared is how many titles are compared by distance, so that a short prefix
// costs no more than another.
const maxCompared = 400

// candidates returns the best completions of prefix in order, at most limit of a
// kind, but for titles near a place. all is true where there are no more.
func (c *Completer) candidates(prefix string, limit int, place *directory.Location) (found []candidate, all bool) {
	found, all = make([]candidate, 0, 4*limit), true
	for _, p := range [...]*completions{c.Sets.interests, c.Sets.activities, c.Sets.groups} {
		most, looked := limit, 0
		if place != nil && p.kind == kindActivity {
			most = maxCompared
		}
		list := p.matching(prefix)
		take := func(at int32) bool {
			e := p.sorted[at]
			docs := p.docsOf(e.completion)
			if away, live := nearest(c.View, docs, place); live {
				found = append(found, candidate{
					of: p, at: e.completion, kind: p.kind, inner: e.from > 0, count: int32(len(docs)), away: away, text: p.text(e.completion, completionText),
				})
				most--
			}
			looked++
			if most > 0 && looked < maxCompared {
				return true
			}
			all = all && int(list.until-list.from) == looked
			return false
		}
		p.each(list, take)
	}
	recent := c.Recent.matching(prefix, maxOfRun)
	for i := range recent {
		r := &recent[i]
		if away, live := nearest(c.View, r.completion.docs, place); live {
			found = append(found, candidate{recent: r, kind: r.completion.kind, inner: r.inner, count: int32(len(r.completion.docs)), away: away, text: r.completion.text})
		}
	}
	slices.SortStableFunc(found, compareCandidates)
	return found, all
}
