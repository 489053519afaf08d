package oruk

import (
	"context"
	"errors"
	"strings"

	"gather/directory"
	"gather/directory/vocabulary"
)

// maxServices is how many services an organization carries inside it; the
// rest are in the list of services with organization_id.
const maxServices = 100

// OrganizationFilter is what a list of organizations is asked for, and how much
// is shown of each.
type OrganizationFilter struct {
	// Search are words of the name or description.
	Search string
	// Terms and Taxonomies are ids as in Filter: of one service of the
	// organization, all must hold.
	Terms, Taxonomies []string
	// Full shows identifiers, attributes and services in brief, FullServices
	// all there is to say of the services.
	Full, FullServices bool
}

// Organizations lists the trusted groups that f asks for, in order of id.
func (c *Catalogue) Organizations(ctx context.Context, f OrganizationFilter) (List, error) {
	snap, err := c.snapshot(ctx)
	if err != nil {
		return List{}, err
	}
	var having map[string]bool // groups with an activity of these terms
	if len(f.Terms)+len(f.Taxonomies) > 0 {
		having = map[string]bool{}
		c.query(Filter{Terms: f.Terms, Taxonomies: f.Taxonomies}, snap).each(func(e *entry) bool { having[e.group] = true; return true })
	}
	services := map[string][]*entry{}
	if f.Full || f.FullServices {
		services = snap.byGroup()
	}
	words := strings.Fields(vocabulary.Fold(f.Search))
	walk := func(visit func(*groupEntry) bool) {
		for _, g := range snap.groups {
			if (having == nil || having[g.id]) && holds(g.text, words) && !visit(g) {
				return
			}
		}
	}
	return newList(walk, func(ctx context.Context, page []*groupEntry) ([]any, error) {
		out := make([]any, 0, len(page))
		for _, g := range page {
			o, err := c.readOrganization(ctx, g.id, services[g.id], f.Full, f.FullServices)
			if errors.Is(err, directory.ErrNotFound) {
				continue
			}
			if err != nil {
				return nil, err
			}
			out = append(out, o)
		}
		return out, nil
	}), nil
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

// Organization is the trusted group with this id, with its services: in brief,
// or with all there is to say. It is directory.ErrNotFound when there is none.
func (c *Catalogue) Organization(ctx context.Context, id string, fullServices bool) (Organization, error) {
	snap, err := c.snapshot(ctx)
	if err != nil {
		return Organization{}, err
	}
	var services []*entry
	c.query(Filter{Organization: id}, snap).each(func(e *entry) bool {
		services = append(services, e)
		return len(services) < maxServices
	})
	return c.readOrganization(ctx, id, services, true, fullServices)
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
func (c *Catalogue) readOrganization(ctx context.Context, id string, services []*entry, full, fullServices bool) (Organization, error) {
	g, _, err := c.group(ctx, id)
	if err != nil {
		return Organization{}, err
	}
	m := c.mapping()
	o := m.BriefOrganization(&g)
	if full {
		o = m.Organization(&g)
	}
	activities, err := c.load(ctx, services)
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
