package oruk

import (
	"context"
	"errors"
	"strings"

	"gather/directory"
	"gather/directory/vocabulary"
)

// maxServices is how many services an organization includes at most. The list of
// services with organization_id has all of them.
const maxServices = 100

// OrganizationFilter selects organizations, and how much a list shows of each.
type OrganizationFilter struct {
	// Search are words that the name and description must have.
	Search string
	// Terms and Taxonomies are ids as in Filter. One service of the organization
	// must match all of them.
	Terms, Taxonomies []string
	// Full includes identifiers, attributes and brief services, FullServices
	// full services.
	Full, FullServices bool
}

// Organizations lists the trusted groups that match f, in order of id.
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

// Organization returns the trusted group with this id and its services, in brief
// or in full. It fails with directory.ErrNotFound if there is none.
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

// byGroup returns the activities by group, at most maxServices each.
func (s *snapshot) byGroup() map[string][]*entry {
	m := make(map[string][]*entry, len(s.groups))
	for _, e := range s.activities {
		if len(m[e.group]) < maxServices {
			m[e.group] = append(m[e.group], e)
		}
	}
	return m
}

// readOrganization reads a group and its services and maps them. full adds
// identifiers and attributes, and fullServices maps the services in full.
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
