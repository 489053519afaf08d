package oruk

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"gather/directory"
)

// Minimal is what minimal=true answers: enough to see what is new. HSDS asks
// for id and last_modified only; name and status are there because the UK
// profile's schema demands them of every service.
type Minimal struct {
	ID           string `json:"id"`
	Name         string `json:"name,omitempty"`
	Status       string `json:"status,omitempty"`
	LastModified string `json:"last_modified"`
}

// serviceParams are the parameters of lists of services: those of HSDS 3.0 and
// of the UK profile together.
var serviceParams = []string{"search", "page", "per_page", "format", "taxonomy_term_id", "taxonomy_id", "organization_id",
	"modified_after", "minimal", "full", "minimum_age", "maximum_age", "start_time", "end_time", "day", "postcode", "proximity"}

// asked reads what a list of services is asked for, with the catalogue caught
// up to answer it.
func (h *Handler) asked(r *http.Request) (listing, *filter, error) {
	p := newParams(r, serviceParams...)
	l, f := p.listing(), h.filter(p)
	if err := h.find(r.Context(), p, f); err != nil {
		return l, f, err
	}
	return l, f, h.CatchUp(r.Context())
}

func (h *Handler) services(w http.ResponseWriter, r *http.Request) error {
	l, f, err := h.asked(r)
	if err != nil {
		return err
	}
	snap, m := h.catalogue.now.Load(), h.mapping()
	walk := func(visit func(*entry) bool) { f.each(snap, visit) }
	if l.minimal {
		return answer(w, r, l, walk, loaded(r.Context(), h, func(x *loadedActivity) Minimal {
			s := m.Brief(&x.activity, nil, x.modified)
			return Minimal{ID: s.ID, Name: s.Name, Status: s.Status, LastModified: s.LastModified}
		}))
	}
	return answer(w, r, l, walk, loaded(r.Context(), h, func(x *loadedActivity) Service {
		if l.full {
			return m.Service(&x.activity, x.group, x.modified)
		}
		return m.Brief(&x.activity, x.group, x.modified)
	}))
}

func (h *Handler) service(w http.ResponseWriter, r *http.Request) error {
	if err := newParams(r).Err(); err != nil {
		return err
	}
	x, err := h.one(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	return send(w, r, h.mapping().Service(&x.activity, x.group, x.modified))
}

// at is one place of one activity.
type at struct {
	*entry
	way string
}

func (h *Handler) locations(w http.ResponseWriter, r *http.Request) error {
	l, f, err := h.asked(r)
	if err != nil {
		return err
	}
	snap, m := h.catalogue.now.Load(), h.mapping()
	walk := func(visit func(at) bool) {
		f.each(snap, func(e *entry) bool {
			for i, way := range ways {
				// Near a place, only what is at a place.
				if e.ways&(1<<i) != 0 && (f.near == nil || way == "venue") && !visit(at{e, way}) {
					return false
				}
			}
			return true
		})
	}
	load := func(page []at) ([]ServiceAtLocation, error) { return h.loadPlaces(r.Context(), m, page, l.full) }
	if l.minimal {
		return answer(w, r, l, walk, func(page []at) ([]Minimal, error) {
			full, err := load(page)
			out := make([]Minimal, len(full))
			for i, s := range full {
				out[i] = Minimal{ID: s.ID, LastModified: s.Service.LastModified}
			}
			return out, err
		})
	}
	return answer(w, r, l, walk, load)
}

// loadPlaces reads the activities of page, each once, and shows them at their
// places.
func (h *Handler) loadPlaces(ctx context.Context, m *Mapping, page []at, full bool) ([]ServiceAtLocation, error) {
	entries := make([]*entry, 0, len(page))
	for i, x := range page {
		if i == 0 || page[i-1].entry != x.entry {
			entries = append(entries, x.entry)
		}
	}
	activities, err := h.load(ctx, entries)
	if err != nil {
		return nil, err
	}
	byID := make(map[string]*loadedActivity, len(activities))
	for i := range activities {
		byID[activities[i].activity.ID] = &activities[i]
	}
	var out []ServiceAtLocation
	for _, x := range page {
		a := byID[x.id]
		if a == nil {
			continue
		}
		if s, ok := m.at(a, locationID(x.id, x.way), full); ok {
			out = append(out, s)
		}
	}
	return out, nil
}

// at answers the service at one location; false when x is there no more.
func (m *Mapping) at(x *loadedActivity, id string, full bool) (ServiceAtLocation, bool) {
	for _, s := range m.Locations(&x.activity) {
		if s.ID != id {
			continue
		}
		service := m.Brief(&x.activity, x.group, x.modified)
		if full {
			service = m.Service(&x.activity, x.group, x.modified)
			service.ServiceAtLocations = nil // it stands inside one of them
		}
		s.Service = &service
		return s, true
	}
	return ServiceAtLocation{}, false
}

func (h *Handler) location(w http.ResponseWriter, r *http.Request) error {
	if err := newParams(r).Err(); err != nil {
		return err
	}
	if err := h.CatchUp(r.Context()); err != nil {
		return err
	}
	id := r.PathValue("id")
	activity, ok := h.catalogue.activityAt(id)
	if !ok {
		return fmt.Errorf("service at location %q: %w", clip(id), directory.ErrNotFound)
	}
	x, err := h.one(r.Context(), activity)
	if err != nil {
		return err
	}
	s, ok := h.mapping().at(&x, id, true)
	if !ok {
		return fmt.Errorf("service at location %s: %w", id, directory.ErrNotFound)
	}
	return send(w, r, s)
}

// loadedActivity is an activity with its group, as the store has them now.
type loadedActivity struct {
	activity directory.Activity
	group    *directory.Group
	modified time.Time
}

// one reads an activity that anyone may see: ErrGone when it was withdrawn,
// ErrNotFound when there is none, or it is not public.
func (h *Handler) one(ctx context.Context, id string) (loadedActivity, error) {
	a, at, err := h.activity(ctx, id)
	if err != nil {
		return loadedActivity{}, err
	}
	x := loadedActivity{activity: a, modified: at}
	g, groupAt, err := h.group(ctx, a.Group)
	if err != nil && !errors.Is(err, directory.ErrNotFound) {
		return x, err
	}
	if err == nil {
		x.join(&g, groupAt)
	}
	return x, nil
}

// join adds the group. What was written last counts: the service shows both.
func (x *loadedActivity) join(g *directory.Group, at time.Time) {
	x.group = g
	if at.After(x.modified) {
		x.modified = at
	}
}

func (h *Handler) activity(ctx context.Context, id string) (directory.Activity, time.Time, error) {
	p, err := h.source.PublicActivity(ctx, id)
	if err != nil {
		return directory.Activity{}, p.At, err
	}
	return *p.Activity, p.At, nil
}

func (h *Handler) group(ctx context.Context, id string) (directory.Group, time.Time, error) {
	p, err := h.source.PublicGroup(ctx, id)
	if err != nil {
		return directory.Group{}, p.At, err
	}
	return *p.Group, p.At, nil
}

// readers is how many records are read from the store at once, which hides
// the round trips to a store over the network.
const readers = 8

// load reads the activities of entries, in order, without those that are not
// public any more.
func (h *Handler) load(ctx context.Context, entries []*entry) ([]loadedActivity, error) {
	all, gone := make([]loadedActivity, len(entries)), make([]bool, len(entries))
	groups := map[string]*loadedGroup{}
	work, inner := errgroup.WithContext(ctx)
	work.SetLimit(readers)
	for i, e := range entries {
		groups[e.group] = &loadedGroup{}
		work.Go(func() (err error) {
			all[i].activity, all[i].modified, err = h.activity(inner, e.id)
			if errors.Is(err, directory.ErrNotFound) || errors.Is(err, directory.ErrGone) {
				gone[i], err = true, nil
			}
			return err
		})
	}
	for id, g := range groups {
		work.Go(func() (err error) {
			g.Group, g.at, err = h.group(inner, id)
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

// loaded answers a loader that reads activities and shows each as show does.
func loaded[T any](ctx context.Context, h *Handler, show func(*loadedActivity) T) func([]*entry) ([]T, error) {
	return func(page []*entry) ([]T, error) {
		activities, err := h.load(ctx, page)
		out := make([]T, len(activities))
		for i := range activities {
			out[i] = show(&activities[i])
		}
		return out, err
	}
}
