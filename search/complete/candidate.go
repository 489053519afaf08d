package complete

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"gather/directory"
	"gather/search"
	"gather/search/segment"
)

// candidate is a completion of which a word begins with what was typed.
type candidate struct {
	of     *completions      // nil for one of the delta segment and for a place
	at     int32             // in of
	recent *RecentCompletion // nil for any but one of the delta segment
	kind   kind
	inner  bool    // the word is not the first
	count  int32   // of listings
	away   float32 // miles to the nearest of them
	text   string
}

// completion is the completion that c is.
func (c *candidate) completion() completion {
	switch {
	case c.of != nil:
		return c.of.completion(c.at)
	case c.recent != nil:
		return c.recent.completion
	}
	return completion{kind: kindPlace, text: c.text}
}

// nearest is how far the nearest of docs is from a place, in miles, and whether
// any of them is not deleted. Only the first few are measured. What has no docs,
// an interest, is far and never deleted.
func nearest(v *segment.View, docs []int32, place *directory.Location) (miles float32, live bool) {
	if docs == nil {
		return search.MaxMiles, true
	}
	miles = search.MaxMiles
	const mostMeasured = 20
	measured := 0
	for _, doc := range docs {
		if v.Deleted.Has(int(doc)) {
			continue
		}
		live = true
		if measured++; place == nil || measured > mostMeasured {
			break
		}
		if c, i := v.Row(doc); c.Flags[i]&segment.FlagVenue != 0 {
			miles = min(miles, float32(place.Miles(c.Position(i))))
		}
	}
	return miles, live
}

// compareCandidates orders by whether the first word begins with what was typed,
// then by kind, distance, number of listings, and name.
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

// chosen picks up to limit candidates in their order, none twice, at most half of
// one kind while there are others.
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

// suggestion is c as it is shown. It shares no memory with the index.
func (c *candidate) suggestion(near, lang string) search.Suggestion {
	p := c.completion()
	s := search.Suggestion{Kind: p.kind.String(), Text: strings.Clone(p.text), ID: strings.Clone(p.id)}
	if lang == "cy" && p.cy != "" {
		s.Text = strings.Clone(p.cy)
	}
	parameter := func(name, value string) string { return name + "=" + url.QueryEscape(value) }
	switch p.kind { // in the order in which Query.String has them
	case kindPlace:
		s.Query = parameter("near", p.text)
		return s
	case kindInterest:
		s.Query = parameter("interest", p.id)
	case kindGroup:
		s.Query = parameter("group", p.id)
	default: // a place in a title is part of the title
		s.Query = parameter("q", s.Text) + "&words=literal"
	}
	switch {
	case near == "":
	case p.kind == kindActivity:
		s.Query = parameter("near", near) + "&" + s.Query
	default:
		s.Query += "&" + parameter("near", near)
	}
	return s
}
