package match

import (
	"gather/search/language"
	"slices"
	"strings"
)

// withoutNegatedTitle drops, from an index on, the mentions in the negated part of
// a title: "Not line dancing: Latin and ballroom".
func (s *Search) withoutNegatedTitle(doc int32, all []mention, from int) []mention {
	if !slices.ContainsFunc(all[from:], func(m mention) bool { return m.Part == language.PartTitle }) {
		return all
	}
	before, denied := s.negatedTitle(doc)
	if denied == 0 {
		return all
	}
	kept := slices.DeleteFunc(all[from:], func(m mention) bool {
		return m.Part == language.PartTitle && int(m.at) >= before && int(m.at) < before+denied
	})
	return all[:from+len(kept)]
}

// negatedTitle finds the stems after "not" in a title, up to the next stop: how
// many stand before them, and how many they are.
func (s *Search) negatedTitle(doc int32) (before, denied int) {
	title := s.View.TitleContaining(doc, "not ")
	at := strings.Index(" "+title, " not ") // not the end of "knot"
	if at < 0 {
		return 0, 0
	}
	first, rest := title[:at], title[at+len("not "):]
	if next, _, _ := strings.Cut(rest, " "); next == "just" || next == "only" || next == "for" {
		return 0, 0
	}
	if end := strings.IndexAny(rest, ":;,.!?–—-("); end >= 0 {
		rest = rest[:end]
	}
	return len(s.Language.Stems(first)), len(s.Language.Stems(rest))
}
