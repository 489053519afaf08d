package oruk

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"gather/directory"
	"gather/directory/vocabulary"
)

// Source is the change log that the catalogue follows and the records that it
// reads. A directory.Directory is one.
type Source interface {
	PublicChanges(ctx context.Context, after int64, limit int) ([]directory.PublicChange, error)
	PublicActivity(ctx context.Context, id string) (directory.PublicChange, error)
	PublicGroup(ctx context.Context, id string) (directory.PublicChange, error)
}

// Options are what a Catalogue needs. All of them are required.
type Options struct {
	// BaseURL is the public address of the directory, without a slash at its
	// end.
	BaseURL    string
	Vocabulary *vocabulary.Vocabulary
	Places     directory.Gazetteer
	// Now is the clock.
	Now func() time.Time
}

// Catalogue holds in memory what filters need to know about every published
// activity and trusted group, about 350 bytes each. It follows the change log;
// readers work on an immutable snapshot. It is safe for concurrent use.
type Catalogue struct {
	source     Source
	places     directory.Gazetteer
	taxonomies *Taxonomies
	clock      func() time.Time

	turn   chan struct{} // a lock with one token, held while catching up
	cursor int64
	now    atomic.Pointer[snapshot]

	locMu     sync.RWMutex
	locations map[uuid.UUID]string // the activity by the id of a service_at_location
}

// snapshot is the catalogue at one moment, each list in order of id.
type snapshot struct {
	activities []*entry
	groups     []*groupEntry
}

// groupEntry is what filters need to know about a trusted group.
type groupEntry struct {
	id   string
	text string // name and description, folded for search
	at   int64  // when last written, in milliseconds since 1970
}

func (g *groupEntry) key() string { return g.id }

// New makes a Catalogue of source. It reads nothing: the first list does, or
// CatchUp.
func New(source Source, o Options) *Catalogue {
	c := &Catalogue{
		source: source, places: o.Places, taxonomies: NewTaxonomies(o.Vocabulary, o.BaseURL), clock: o.Now,
		turn: make(chan struct{}, 1), locations: map[uuid.UUID]string{},
	}
	c.turn <- struct{}{}
	c.now.Store(&snapshot{})
	return c
}

// catchUpPage is how many changes are read at once: enough that round trips do
// not matter, few enough that a page is a few megabytes.
const catchUpPage = 1000

// CatchUp applies all changes so far. Every list does this first; calling it at
// start saves the first list the wait. What was read before an error is kept, so
// that the next call continues from there.
func (c *Catalogue) CatchUp(ctx context.Context) error {
	select {
	case <-c.turn:
		defer func() { c.turn <- struct{}{} }()
	case <-ctx.Done():
		return fmt.Errorf("open referral catalogue: %w", ctx.Err())
	}
	activities, groups := map[string]*entry{}, map[string]*groupEntry{}
	defer func() {
		if len(activities)+len(groups) == 0 {
			return
		}
		old := c.now.Load()
		// The activities of a group that is no longer public are removed. When it
		// is public again, each of them has a new change.
		removed := func(e *entry) bool { g, changed := groups[e.group]; return changed && g == nil }
		c.now.Store(&snapshot{
			activities: slices.DeleteFunc(merge(old.activities, activities), removed), groups: merge(old.groups, groups),
		})
	}()
	for {
		ps, err := c.source.PublicChanges(ctx, c.cursor, catchUpPage)
		if err != nil {
			return fmt.Errorf("open referral catalogue: %w", err)
		}
		for _, p := range ps {
			switch p.Kind {
			case directory.KindActivity:
				activities[p.ID] = c.entry(p)
			case directory.KindGroup:
				groups[p.ID] = group(p)
			}
			c.cursor = p.Change
		}
		if len(ps) < catchUpPage {
			return nil
		}
	}
}

// entry makes the entry of an activity, nil for one that is not public.
func (c *Catalogue) entry(p directory.PublicChange) *entry {
	a := p.Activity
	if a == nil {
		return nil
	}
	e := newEntry(a, p.At.UnixMilli(), c.taxonomies, c.places)
	c.locMu.Lock()
	defer c.locMu.Unlock()
	for i, way := range ways {
		if e.ways&(1<<i) != 0 {
			c.locations[uuid.MustParse(locationID(a.ID, way))] = e.id
		}
	}
	return e
}

// group makes the entry of a group, nil for one that is not public.
func group(p directory.PublicChange) *groupEntry {
	g := p.Group
	if g == nil {
		return nil
	}
	return &groupEntry{id: g.ID, text: vocabulary.Fold(g.Name + " " + g.Description), at: p.At.UnixMilli()}
}

// activityAt returns the activity that a service_at_location belongs, or once
// belonged, to.
func (c *Catalogue) activityAt(location string) (string, bool) {
	id, err := uuid.Parse(location)
	if err != nil {
		return "", false
	}
	c.locMu.RLock()
	defer c.locMu.RUnlock()
	activity, ok := c.locations[id]
	return activity, ok
}

// snapshot is the catalogue with all changes applied.
func (c *Catalogue) snapshot(ctx context.Context) (*snapshot, error) {
	if err := c.CatchUp(ctx); err != nil {
		return nil, err
	}
	return c.now.Load(), nil
}

func (c *Catalogue) mapping() *Mapping {
	return &Mapping{Taxonomies: c.taxonomies, Places: c.places, Now: c.clock()}
}

// groupAt is when a group was last written, 0 if it is not trusted.
func (s *snapshot) groupAt(id string) int64 {
	if i, ok := find(s.groups, id); ok {
		return s.groups[i].at
	}
	return 0
}

type keyed interface{ key() string }

func find[T keyed](sorted []T, id string) (int, bool) {
	return slices.BinarySearchFunc(sorted, id, func(x T, id string) int { return strings.Compare(x.key(), id) })
}

// merge returns a new sorted list: old, with entries replaced by those in changed
// with the same id, and without those that are nil in changed.
func merge[T any, P interface {
	*T
	keyed
}](old []P, changed map[string]P) []P {
	ids := sortedKeys(changed)
	out := make([]P, 0, len(old)+len(ids))
	for len(old) > 0 || len(ids) > 0 {
		if len(ids) == 0 || (len(old) > 0 && old[0].key() < ids[0]) {
			out, old = append(out, old[0]), old[1:]
			continue
		}
		if len(old) > 0 && old[0].key() == ids[0] {
			old = old[1:]
		}
		if x := changed[ids[0]]; x != nil {
			out = append(out, x)
		}
		ids = ids[1:]
	}
	return out
}
