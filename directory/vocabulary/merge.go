package vocabulary

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// openActiveList is what the URIs of OpenActive's activity list start with,
// before the UUID.
const openActiveList = "https://openactive.io/activity-list#"

// maxIDBytes keeps ids made from labels short enough for a URL.
const maxIDBytes = 60

// Merge merges the import into v, the vocabulary without imports, and returns
// what to pass to With and to Store from now on. stored is what an earlier call
// returned, empty the first time.
//
// A concept that v already has, by its OpenActive id or because its label is
// one of v's labels or words, is merged with v's concept, which gains its URI
// and other words and keeps its place in the graph. Any other becomes a new
// interest below those of its broader concepts. An id is never reused for
// another concept, so a concept keeps its first id; and a stored concept of the
// same source that the import no longer has is kept, marked withdrawn.
//
// The error is a *CycleError when this import and the stored ones together form
// a cycle.
func (v *Vocabulary) Merge(stored []Interest, imp Import) ([]Interest, error) {
	var others, before []Interest
	for _, s := range stored {
		if len(s.Source) == 0 {
			return nil, errNoOrigin(s)
		}
		if s.Scheme == imp.Source {
			before = append(before, s)
		} else {
			others = append(others, s)
		}
	}
	base, err := v.With(others)
	if err != nil {
		return nil, fmt.Errorf("merging the stored interests: %w", err)
	}
	ids := base.assignIDs(before, imp.Concepts)
	merged := others
	here := make(map[string]bool, len(imp.Concepts))
	for _, c := range imp.Concepts {
		here[c.URI] = true
		merged = append(merged, c.interest(imp, ids))
	}
	for _, b := range before {
		if !here[b.Source[0]] {
			b.Withdrawn = true
			merged = append(merged, b)
		}
	}
	if _, err := v.With(merged); err != nil {
		return nil, fmt.Errorf("merging %s into the interests: %w", imp.Source, err)
	}
	return merged, nil
}

// assignIDs returns an id for every concept's URI: the one it had, else that of
// the interest it is merged with, else a new one.
func (v *Vocabulary) assignIDs(before []Interest, concepts []Concept) map[string]string {
	ids := make(map[string]string, len(concepts))
	taken := make(map[string]bool)
	for _, b := range before {
		ids[b.Source[0]] = b.ID
		taken[b.ID] = true
	}
	byOpenActive := make(map[string]string)
	for _, t := range v.interests.sorted {
		taken[t.ID] = true
		if t.OpenActive != "" && byOpenActive[t.OpenActive] == "" {
			byOpenActive[t.OpenActive] = t.ID
		}
	}
	for _, c := range concepts {
		if ids[c.URI] != "" {
			continue
		}
		id := byOpenActive[c.openActive()]
		if id == "" {
			id = v.interests.byWord[Fold(c.Label)]
		}
		if id == "" {
			id = newID(c, taken)
		}
		ids[c.URI] = id
		taken[id] = true
	}
	return ids
}

// newID derives an id from the label. When that is taken, or the label has no
// ASCII letters or digits, part of the URI's hash makes it unique.
func newID(c Concept, taken map[string]bool) string {
	var b strings.Builder
	for _, r := range strings.ToLower(norm.NFD.String(c.Label)) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case r == '\'' || r == '’' || r >= 0x300 && r <= 0x36f: // dropped: apostrophes and accents do not split words
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
		if b.Len() >= maxIDBytes {
			break
		}
	}
	id := strings.Trim(b.String(), "-")
	if id != "" && !taken[id] {
		return id
	}
	sum := sha256.Sum256([]byte(c.URI))
	digest := hex.EncodeToString(sum[:])
	for n := 6; n < len(digest); n++ {
		if tried := strings.TrimPrefix(id+"-"+digest[:n], "-"); !taken[tried] {
			return tried
		}
	}
	return digest
}

func (c Concept) openActive() string {
	id, ok := strings.CutPrefix(c.URI, openActiveList)
	if !ok {
		return ""
	}
	return id
}

func (c Concept) interest(imp Import, ids map[string]string) Interest {
	mapped := func(uris []string) []string {
		var out []string
		for _, uri := range uris {
			if id := ids[uri]; id != "" && id != ids[c.URI] {
				out = addOnce(out, id)
			}
		}
		return out
	}
	return Interest{
		ID: ids[c.URI], Label: c.Label, LabelCy: c.LabelCy, Words: c.Words, WordsCy: c.WordsCy,
		Broader: mapped(c.Broader), Related: mapped(c.Related), OpenActive: c.openActive(),
		Definition: c.Definition, Source: []string{c.URI}, Scheme: imp.Source, Licence: imp.Licence,
	}
}

// With returns v with extra merged into it: the result of Merge, one entry for
// each imported concept. An entry with the id of a built-in concept adds its
// words, definition and source to that concept; imported entries with the same
// id become one concept with the parents of all. The error is a *CycleError, or
// says which entry is malformed or refers to an unknown interest.
func (v *Vocabulary) With(extra []Interest) (*Vocabulary, error) {
	all := v.Interests()
	at := make(map[string]int, len(all)+len(extra))
	for i, t := range all {
		at[t.ID] = i
	}
	for _, e := range extra {
		if len(e.Source) == 0 || e.Scheme == "" {
			return nil, errNoOrigin(e)
		}
		i, there := at[e.ID]
		if !there {
			at[e.ID] = len(all)
			all = append(all, e.clone())
			continue
		}
		if e.Withdrawn && all[i].Scheme == "" {
			continue // a built-in concept does not depend on what was merged with it
		}
		all[i] = v.combine(all[i].clone(), e)
	}
	in, err := newInterests(all)
	if err != nil {
		return nil, fmt.Errorf("vocabulary: %w", err)
	}
	return &Vocabulary{lists: v.lists, interests: in, askedFirst: v.askedFirst}, nil
}

func errNoOrigin(t Interest) error {
	return fmt.Errorf("interest %q: an added interest must name its source and scheme", t.ID)
}

// combine adds the words and facts of e to t. Built-in concepts (without a
// scheme) keep their place in the graph, so that no import can rearrange it.
func (v *Vocabulary) combine(t, e Interest) Interest {
	free := func(words []string) []string {
		var out []string
		for _, w := range words {
			owner, taken := v.interests.byWord[Fold(w)]
			if !(taken && owner != t.ID) && !slices.ContainsFunc(t.names(), func(n string) bool { return Fold(n) == Fold(w) }) {
				out = append(out, w)
			}
		}
		return out
	}
	t.Words = append(t.Words, free(append([]string{e.Label}, e.Words...))...)
	t.WordsCy = append(t.WordsCy, free(e.WordsCy)...)
	if t.LabelCy == "" {
		t.LabelCy = e.LabelCy
	}
	t.Source = addOnce(t.Source, e.Source...)
	t.Licence, t.Definition = firstOf(t.Licence, e.Licence), firstOf(t.Definition, e.Definition)
	if t.Scheme != "" {
		t.Broader, t.Related = addOnce(t.Broader, e.Broader...), addOnce(t.Related, e.Related...)
		t.Withdrawn = t.Withdrawn && e.Withdrawn
	}
	return t
}

func (t Interest) clone() Interest {
	t.Words, t.WordsCy = slices.Clone(t.Words), slices.Clone(t.WordsCy)
	t.Broader, t.Related, t.Source = slices.Clone(t.Broader), slices.Clone(t.Related), slices.Clone(t.Source)
	return t
}
