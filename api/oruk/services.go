package oruk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"gather/directory"
)

// MinimalService is a service with minimal=true: enough to see what is new. HSDS
// asks only for id and last_modified; name and status are included because the
// UK profile's schema requires them of every service.
type MinimalService struct {
	ID           string `json:"id"`
	Name         string `json:"name,omitempty"`
	Status       string `json:"status,omitempty"`
	LastModified string `json:"last_modified"`
}

// Shown is how much a list shows of each service.
type Shown int

// Brief is a service without its collections, Minimal a MinimalService, and Full
// a service with everything.
const (
	Brief Shown = iota
	Minimal
	Full
)

// show returns as much of x as how says.
func (m *Mapping) show(x *loadedActivity, how Shown) any {
	switch how {
	case Minimal:
		s := m.Brief(&x.activity, nil, x.modified)
		return MinimalService{ID: s.ID, Name: s.Name, Status: s.Status, LastModified: s.LastModified}
	case Full:
		return m.Service(&x.activity, x.group, x.modified)
	}
	return m.Brief(&x.activity, x.group, x.modified)
}

// Services lists the services that match f.
func (c *Catalogue) Services(ctx context.Context, f Filter, how Shown) (List, error) {
	snap, err := c.snapshot(ctx)
	if err != nil {
		return List{}, err
	}
	m := c.mapping()
	return newList(c.query(f, snap).each, func(ctx context.Context, page []*entry) ([]any, error) {
		activities, err := c.load(ctx, page)
		out := make([]any, len(activities))
		for i := range activities {
			out[i] = m.show(&activities[i], how)
		}
		return out, err
	}), nil
}

// Service returns the published activity with this id. It fails with
// directory.ErrGone if it was withdrawn, and with directory.ErrNotFound if there
// is none or it is not public.
func (c *Catalogue) Service(ctx context.Context, id string) (Service, error) {
	x, err := c.one(ctx, id)
	if err != nil {
		return Service{}, err
	}
	return c.mapping().Service(&x.activity, x.group, x.modified), nil
}

// at is one place of one activity.
type at struct {
	entry *entry
	way   string
}

// ServicesAtLocations lists the places of the services that match f.
func (c *Catalogue) ServicesAtLocations(ctx context.Context, f Filter, how Shown) (List, error) {
	snap, err := c.snapshot(ctx)
	if err != nil {
		return List{}, err
	}
	m, services := c.mapping(), c.query(f, snap)
	walk := func(visit func(at) bool) {
		services.each(func(e *entry) bool {
			for i, way := range ways {
				// A search near a place matches venues only.
				if e.ways&(1<<i) != 0 && (f.Near == nil || way == "venue") && !visit(at{e, way}) {
					return false
				}
			}
			return true
		})
	}
	return newList(walk, func(ctx context.Context, page []at) ([]any, error) {
		places, err := c.loadPlaces(ctx, m, page, how == Full)
		out := make([]any, len(places))
		for i, s := range places {
			out[i] = s
			if how == Minimal {
				out[i] = MinimalService{ID: s.ID, LastModified: s.Service.LastModified}
			}
		}
		return out, err
	}), nil
}

// loadPlaces reads the activities of page, each once, and maps them at their
// places.
func (c *Catalogue) loadPlaces(ctx context.Context, m *Mapping, page []at, full bool) ([]ServiceAtLocation, error) {
	entries := make([]*entry, 0, len(page))
	for i, x := range page {
		if i == 0 || page[i-1].entry != x.entry {
			entries = append(entries, x.entry)
		}
	}
	activities, err := c.load(ctx, entries)
	if err != nil {
		return nil, err
	}
	byID := make(map[string]*loadedActivity, len(activities))
	for i := range activities {
		byID[activities[i].activity.ID] = &activities[i]
	}
	var out []ServiceAtLocation
	for _, x := range page {
		a := byID[x.entry.id]
		if a == nil {
			continue
		}
		if s, ok := m.at(a, locationID(x.entry.id, x.way), full); ok {
			out = append(out, s)
		}
	}
	return out, nil
}

// at returns the service at one location; false if x is no longer there.
func (m *Mapping) at(x *loadedActivity, id string, full bool) (ServiceAtLocation, bool) {
	for _, s := range m.Locations(&x.activity) {
		if s.ID != id {
			continue
		}
		service := m.Brief(&x.activity, x.group, x.modified)
		if full {
			service = m.Service(&x.activity, x.group, x.modified)
			service.ServiceAtLocations = nil // it is inside one of them
		}
		s.Service = &service
		return s, true
	}
	return ServiceAtLocation{}, false
}

// ServiceAtLocation returns one place of one service. It fails as Service does.
func (c *Catalogue) ServiceAtLocation(ctx context.Context, id string) (ServiceAtLocation, error) {
	if err := c.CatchUp(ctx); err != nil {
		return ServiceAtLocation{}, err
	}
	activity, ok := c.activityAt(id)
	if !ok {
		return ServiceAtLocation{}, fmt.Errorf("service at location %s: %w", id, directory.ErrNotFound)
	}
	x, err := c.one(ctx, activity)
	if err != nil {
		return ServiceAtLocation{}, err
	}
	s, ok := c.mapping().at(&x, id, true)
	if !ok {
		return ServiceAtLocation{}, fmt.Errorf("service at location %s: %w", id, directory.ErrNotFound)
	}
	return s, nil
}

// loadedActivity is an activity with its group, as the store has them now.
type loadedActivity struct {
	activity directory.Activity
	group    *directory.Group
	modified time.Time
}

// one reads a public activity: ErrGone if it was withdrawn, ErrNotFound if there
// is none or it is not public.
func (c *Catalogue) one(ctx context.Context, id string) (loadedActivity, error) {
	a, at, err := c.activity(ctx, id)
	if err != nil {
		return loadedActivity{}, err
	}
	x := loadedActivity{activity: a, modified: at}
	g, groupAt, err := c.group(ctx, a.Group)
	if err != nil && !errors.Is(err, directory.ErrNotFound) {
		return x, err
	}
	if err == nil {
		x.join(&g, groupAt)
	}
	return x, nil
}

// join adds the group. The later write counts, as the service shows both.
func (x *loadedActivity) join(g *directory.Group, at time.Time) {
	x.group = g
	if at.After(x.modified) {
		x.modified = at
	}
}

func (c *Catalogue) activity(ctx context.Context, id string) (directory.Activity, time.Time, error) {
	p, err := c.source.PublicActivity(ctx, id)
	if err != nil {
		return directory.Activity{}, p.At, err
	}
	return *p.Activity, p.At, nil
}

func (c *Catalogue) group(ctx context.Context, id string) (directory.Group, time.Time, error) {
	p, err := c.source.PublicGroup(ctx, id)
	if err != nil {
		return directory.Group{}, p.At, err
	}
	return *p.Group, p.At, nil
}

// readers is how many records are read concurrently, to hide the round trips to
// a store over the network.
const readers = 8

// load reads the activities of entries, in order, without those that are no
// longer public.
func (c *Catalogue) load(ctx context.Context, entries []*entry) ([]loadedActivity, error) {
	all, gone := make([]loadedActivity, len(entries)), make([]bool, len(entries))
	groups := map[string]*loadedGroup{}
	work, inner := errgroup.WithContext(ctx)
	work.SetLimit(readers)
	for i, e := range entries {
		groups[e.group] = &loadedGroup{}
		work.Go(func() (err error) {
			all[i].activity, all[i].modified, err = c.activity(inner, e.id)
			if errors.Is(err, directory.ErrNotFound) || errors.Is(err, directory.ErrGone) {
				gone[i], err = true, nil
			}
			return err
		})
	}
	for id, g := range groups {
		work.Go(func() (err error) {
			g.Group, g.at, err = c.group(inner, id)
			if errors.Is(err, directory.ErrNotFound) {
				g.missing, err = true, nil
			}
			return err
		})
	}
	if err := work.Wait(); err != nil {
		return nil, err
	}
	kept := all[:0]
	for i := range all {
		if gone[i] {
			continue
		}
		if g := groups[all[i].activity.Group]; g != nil && !g.missing {
			all[i].join(&g.Group, g.at)
		}
		kept = append(kept, all[i])
	}
	return kept, nil
}

type loadedGroup struct {
	directory.Group
	at      time.Time
	missing bool
}
