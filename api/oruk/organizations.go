package oruk

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"gather/directory"
	"gather/directory/vocabulary"
)

// maxServices is how many services an organization carries inside it; the
// rest are in the list of services with organization_id.
const maxServices = 100

func (h *Handler) organizations(w http.ResponseWriter, r *http.Request) error {
	p := newParams(r, "search", "page", "per_page", "format", "full", "full_service", "taxonomy_term_id", "taxonomy_id")
	l, search := p.listing(), p.search()
	f := &filter{start: -1, end: -1}
	h.taxonomies.filter(p, f)
	if err := p.Err(); err != nil {
		return err
	}
	if err := h.CatchUp(r.Context()); err != nil {
		return err
	}
	snap := h.catalogue.now.Load()
	var having map[string]bool // groups with an activity of these terms
	if len(f.terms) > 0 {
		having = map[string]bool{}
		f.each(snap, func(e *entry) bool { having[e.group] = true; return true })
	}
	words := strings.Fields(vocabulary.Fold(search))
	walk := func(visit func(*groupEntry) bool) {
		for _, g := range snap.groups {
			if (having == nil || having[g.id]) && holds(g.text, words) && !visit(g) {
				return
			}
		}
	}
	services := map[string][]*entry{}
	if l.full || l.fullService {
		services = snap.byGroup()
	}
	return answer(w, r, l, walk, func(page []*groupEntry) ([]Organization, error) {
		out := make([]Organization, 0, len(page))
		for _, g := range page {
			o, err := h.readOrganization(r.Context(), g.id, services[g.id], l.full, l.fullService)
			if errors.Is(err, directory.ErrNotFound) {
				continue
			}
			if err != nil {
				return nil, err
			}
			out = append(out, o)
		}
		return out, nil
	})
}

// holds reports whether a folded text has all words.
func holds(text string, words []string) bool {
	for _, word := range words {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

func (h *Handler) organization(w http.ResponseWriter, r *http.Request) error {
	p := newParams(r, "full_service")
	full := p.flag("full_service")
	if err := p.Err(); err != nil {
		return err
	}
	if err := h.CatchUp(r.Context()); err != nil {
		return err
	}
	id := r.PathValue("id")
	var services []*entry
	(&filter{group: id, start: -1, end: -1}).each(h.catalogue.now.Load(), func(e *entry) bool {
		services = append(services, e)
		return len(services) < maxServices
	})
	o, err := h.readOrganization(r.Context(), id, services, true, full)
	if err != nil {
		return err
	}
	return send(w, r, o)
}

// byGroup answers the activities of every group, at most maxServices each.
func (s *snapshot) byGroup() map[string][]*entry {
	m := make(map[string][]*entry, len(s.groups))
	for _, e := range s.activities {
		if len(m[e.group]) < maxServices {
			m[e.group] = append(m[e.group], e)
		}
	}
	return m
}

// readOrganization reads a group and maps it: with identifiers and attributes
// when full, and with these services, those in full when asked.
func (h *Handler) readOrganization(ctx context.Context, id string, services []*entry, full, fullServices bool) (Organization, error) {
	g, _, err := h.group(ctx, id)
	if err != nil {
		return Organization{}, err
	}
	m := h.mapping()
	o := m.BriefOrganization(&g)
	if full {
		o = m.Organization(&g)
	}
	activities, err := h.load(ctx, services)
	for i := range activities {
		x := &activities[i]
		if fullServices {
			o.Services = append(o.Services, m.Service(&x.activity, nil, x.modified))
			continue
		}
		o.Services = append(o.Services, m.Brief(&x.activity, nil, x.modified))
	}
	return o, err
}
