package match

import (
	"gather/directory/vocabulary"
	"gather/search"
	"gather/search/language"
	"gather/search/segment"
	"slices"
)

// impliedFilter is a filter that the words of a query imply and that it does not
// have. It shuts nothing out: what meets it ranks higher.
type impliedFilter struct {
	filter   *filter
	audience bool
}

// impliedFilters compiles the filters that the words imply.
func (s *Search) impliedFilters() []impliedFilter {
	if s.Query.Words == "" {
		return nil
	}
	var all []impliedFilter
	for _, w := range s.Phrasing().Implied {
		for _, f := range w.Alternatives {
			have := s.Query
			if !have.Add(f) {
				continue
			}
			var q search.Query
			q.Add(f)
			if made, err := s.Compiler.filter(&q); err == nil {
				all = append(all, impliedFilter{made, f.Parameter == "for"})
			}
			break
		}
	}
	return all
}

// impliedScore is the share of the implied filters that a row meets, from 0 to 1.
func (s *Search) impliedScore(all []impliedFilter, c *segment.Columns, i int) (sum float64) {
	if len(all) == 0 {
		return 0
	}
	for _, w := range all {
		switch {
		case w.filter.fails(c, i, true, 0) != 0:
		case w.audience && w.filter.audience[0]&c.MadeFor[i] == 0:
			sum += impliedOpen
		case w.filter.aged && c.MinAge[i] == 0 && c.MaxAge[i] >= search.MaxAge:
			sum += impliedAnyAge
		default:
			sum++
		}
	}
	return sum / float64(len(all))
}

// grownUp reports whether a query has words and nothing about children.
func (s *Search) grownUp() bool {
	young := func(id string) bool {
		t, ok := s.Compiler.Vocabulary.Term(vocabulary.Audience, id)
		return ok && t.Young
	}
	if s.Query.Words == "" || s.Query.Age != nil || slices.ContainsFunc(s.Query.For, func(alternatives search.AnyOf) bool { return slices.ContainsFunc(alternatives, young) }) {
		return false
	}
	return !slices.ContainsFunc(s.Phrasing().Implied, func(w language.ImpliedFilter) bool {
		return slices.ContainsFunc(w.Alternatives, func(f search.NamedFilter) bool {
			return f.Parameter == "age" || f.Parameter == "for" && young(f.Value)
		})
	})
}
