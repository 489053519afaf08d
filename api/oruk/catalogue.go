package oruk

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/google/uuid"

	"gather/directory"
	"gather/directory/vocabulary"
)

// Source is what the catalogue follows and bodies are read from. A
// directory.Store is one.
type Source interface {
	Changes(ctx context.Context, after int64, limit int) ([]directory.Record, error)
	Get(ctx context.Context, kind directory.Kind, id string) (directory.Record, error)
}

// catalogue holds, in memory, what filters ask of every published activity and
// trusted group: about 350 bytes each. It follows the change log; readers work
// on a snapshot that never changes.
type catalogue struct {
	source     Source
	places     directory.Gazetteer
	taxonomies *Taxonomies

	turn   chan struct{} // holds one token: whoever has it is catching up
	cursor int64
	now    atomic.Pointer[snapshot]

	locMu     sync.RWMutex
	locations map[uuid.UUID]string // id of a service_at_location: its activity
}

// snapshot is the catalogue at one moment, each list in order of id.
type snapshot struct {
	activities []*entry
	groups     []*groupEntry
}

// groupEntry is what is kept of a trusted group.
type groupEntry struct {
	id   string
	text string // name and description, folded for search
	at   int64  // when last written, in milliseconds since 1970
}

func (g *groupEntry) key() string { return g.id }

func newCatalogue(source Source, places directory.Gazetteer, t *Taxonomies) *catalogue {
	c := &catalogue{source: source, places: places, taxonomies: t, turn: make(chan struct{}, 1), locations: map[uuid.UUID]string{}}
	c.turn <- struct{}{}
	c.now.Store(&snapshot{})
	return c
}

// catchUpPage is how many changes are read at once: enough that the round
// trips do not count, few enough that a page stays at some megabytes.
const catchUpPage = 1000

// catchUp applies all changes there are. What was read before an error is
// kept, so that a first reading that runs out of time goes on where it was.
func (c *catalogue) catchUp(ctx context.Context) error {
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
		c.now.Store(&snapshot{activities: merge(old.activities, activities), groups: merge(old.groups, groups)})
	}()
	for {
		rs, err := c.source.Changes(ctx, c.cursor, catchUpPage)
		if err != nil {
			return fmt.Errorf("open referral catalogue after change %d: %w", c.cursor, err)
		}
		for _, r := range rs {
			switch r.Kind {
			case directory.KindActivity:
				e, err := c.entry(r)
				if err != nil {
					return err
				}
				activities[r.ID] = e
			case directory.KindGroup:
				g, err := group(r)
				if err != nil {
					return err
				}
				groups[r.ID] = g
			}
			c.cursor = r.Change
		}
		if len(rs) < catchUpPage {
			return nil
		}
	}
}

// entry answers what is kept of an activity, nil for one that is not public.
func (c *catalogue) entry(r directory.Record) (*entry, error) {
	a, err := directory.ReadActivity(r)
	if err != nil || a.Status != directory.StatusPublished || r.Gone {
		return nil, err
	}
	e := newEntry(&a, r.At.UnixMilli(), c.taxonomies, c.places)
	c.locMu.Lock()
	defer c.locMu.Unlock()
	for i, way := range ways {
		if e.ways&(1<<i) != 0 {
			c.locations[uuid.MustParse(locationID(a.ID, way))] = e.id
		}
	}
	return e, nil
}

// group answers what is kept of a group, nil for one that is not trusted.
func group(r directory.Record) (*groupEntry, error) {
	g, err := readGroup(r)
	if err != nil || g.Status != directory.GroupTrusted || r.Gone {
		return nil, err
	}
	return &groupEntry{id: g.ID, text: vocabulary.Fold(g.Name + " " + g.Description), at: r.At.UnixMilli()}, nil
}

func readGroup(r directory.Record) (directory.Group, error) {
	var g directory.Group
	if err := json.Unmarshal(r.Doc, &g); err != nil {
		return g, fmt.Errorf("read group %q: %w", r.ID, err)
	}
	return g.Public(), nil
}

// activityAt answers the activity that a service_at_location belongs, or once
// belonged, to.
func (c *catalogue) activityAt(location string) (string, bool) {
	id, err := uuid.Parse(location)
	if err != nil {
		return "", false
	}
	c.locMu.RLock()
	defer c.locMu.RUnlock()
	activity, ok := c.locations[id]
	return activity, ok
}

// groupAt is when a group was last written, 0 for one that is not trusted.
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

// merge answers a new sorted list: old, with changed in place of what has the
// same id, and without those that changed has as nil.
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
