package search

import "slices"

// wished is a filter that the words suggest and the question does not have.
// Unlike a filter it shuts nothing out: what answers it stands higher.
type wished struct {
	filter   *filter
	audience bool
}

// wished are the filters that the words suggest.
func (s *searching) wished() []wished {
	if s.query.Words == "" {
		return nil
	}
	var all []wished
	for _, w := range s.phrasing().wishes {
		for _, f := range w.any {
			have := s.query
			if _, ok := s.wish(&have, f); !ok {
				continue
			}
			var q Query
			s.wish(&q, f)
			if made, err := s.compiler.filter(q); err == nil {
				all = append(all, wished{made, f.parameter == "for"})
			}
			break
		}
	}
	return all
}

// grants is how far a listing answers them all, from 0 to 1.
func (s *searching) grants(all []wished, c *columns, i int) (sum float64) {
	if len(all) == 0 {
		return 0
	}
	for _, w := range all {
		switch {
		case w.filter.fails(c, i, true, 0) != 0:
		case w.audience && w.filter.audience[0]&c.madeFor[i] == 0:
			sum += wishOpen
		case w.filter.aged && c.minAge[i] == 0 && c.maxAge[i] >= MaxAge:
			sum += wishAnyAge
		default:
			sum++
		}
	}
	return sum / float64(len(all))
}

// youth are the audiences that are children, or come with them.
var youth = []string{
	"parents-and-toddlers", "new-parents", "families", "children", "young-people", "young-carers", "parent-carers", "send", "young-adults", "single-parents",
}

// grownUp reports whether the question has words, and nothing in it is about
// children.
func (s *searching) grownUp() bool {
	if s.query.Age != nil || slices.ContainsFunc(youth, func(id string) bool { return has(s.query.For, id) }) {
		return false
	}
	return s.query.Words != "" && !slices.ContainsFunc(s.phrasing().wishes, func(w wish) bool {
		return slices.ContainsFunc(w.any, func(f filterNamed) bool {
			return f.parameter == "age" || f.parameter == "for" && slices.Contains(youth, f.value)
		})
	})
}
