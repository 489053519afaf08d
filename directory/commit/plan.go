package commit

import (
	"fmt"
	"slices"
	"time"

	"gather/directory"
)

// Head is the part of a record's newest revision that a write is checked
// against. The zero Head is a record that does not exist.
type Head struct {
	Rev, Change int64
	Gone        bool
	Lookups     []directory.Lookup
}

// State reads the store inside a transaction, before the transaction writes.
type State interface {
	// Head returns the newest revision of a record, or the zero Head.
	Head(kind directory.Kind, id string) (Head, error)
	// Owner returns the id of the record that has the unique lookup, or "".
	Owner(kind directory.Kind, name, value string) (string, error)
}

// Step is one revision to write, and the revision that it supersedes.
type Step struct {
	Record directory.Record
	Was    Head
}

// Plan collects what one transaction writes for several callers. Each caller's
// writes are checked as if those of the callers before it were stored. A
// caller that fails leaves nothing in the plan: no write, no change number.
type Plan struct {
	// Steps are the revisions to write, in order of Change.
	Steps []Step
	// Last is the newest change number once Steps are written.
	Last int64
	// Restoring is set once a restore has started. It must be stored together
	// with Steps, and all writes are refused until it is cleared.
	Restoring bool

	state State
	seen  view
}

// NewPlan returns an empty plan for a transaction that reads state, where last
// is the newest change number and restoring is set during a restore.
func NewPlan(state State, last int64, restoring bool) *Plan {
	return &Plan{Last: last, Restoring: restoring, state: state, seen: newView()}
}

// Add checks r. If all of it passes, r joins the plan and gets its Written;
// otherwise r gets its Err. Add itself returns only errors of State.
func (p *Plan) Add(r *Request) error {
	d := draft{plan: p, seen: newView(), last: p.Last}
	var refused, err error
	switch {
	case r.Restore != nil:
		refused, err = d.restore(r.Restore)
	case p.Restoring:
		refused = directory.ErrUnfinished
	default:
		refused, err = d.write(r.Writes)
	}
	if err != nil {
		return err
	}
	if r.Written, r.Err = nil, refused; refused != nil {
		return nil
	}
	p.seen.merge(d.seen)
	p.Steps, p.Last = append(p.Steps, d.steps...), d.last
	p.Restoring = p.Restoring || r.Restore != nil
	if r.Restore == nil {
		for _, s := range d.steps {
			r.Written = append(r.Written, s.Record)
		}
	}
	return nil
}

// view holds what the transaction's own writes change in the state.
type view struct {
	heads  map[recordKey]Head
	owners map[lookupKey]string
}

type recordKey struct {
	kind directory.Kind
	id   string
}

type lookupKey struct {
	kind        directory.Kind
	name, value string
}

func newView() view {
	return view{map[recordKey]Head{}, map[lookupKey]string{}}
}

func (v view) merge(w view) {
	for k, h := range w.heads {
		v.heads[k] = h
	}
	for k, id := range w.owners {
		v.owners[k] = id
	}
}

// draft is one caller's part of a plan while it is being checked.
type draft struct {
	plan  *Plan
	seen  view
	steps []Step
	last  int64
}

func (d *draft) write(ws []directory.Write) (refused, err error) {
	for _, w := range ws {
		r := w.Record
		was, err := d.head(recordKey{r.Kind, r.ID})
		if err != nil {
			return nil, err
		}
		if was.Rev != r.Rev {
			return fmt.Errorf("%s %q is at revision %d, not %d: %w", r.Kind, r.ID, was.Rev, r.Rev, directory.ErrConflict), nil
		}
		if w.Guard {
			continue
		}
		r.Rev++
		r.Change = d.last + 1
		if refused, err := d.put(r, was); refused != nil || err != nil {
			return refused, err
		}
	}
	return nil, nil
}

func (d *draft) restore(rs []directory.Record) (refused, err error) {
	for _, r := range rs {
		if r.Change <= d.last {
			return fmt.Errorf("restore %s %q: change %d is not newer than %d, the newest in the store: %w",
				r.Kind, r.ID, r.Change, d.last, directory.ErrConflict), nil
		}
		was, err := d.head(recordKey{r.Kind, r.ID})
		if err != nil {
			return nil, err
		}
		if was.Rev+1 != r.Rev {
			return fmt.Errorf("restore %s %q: revision %d cannot follow %d: %w", r.Kind, r.ID, r.Rev, was.Rev, directory.ErrConflict), nil
		}
		if refused, err := d.put(r, was); refused != nil || err != nil {
			return refused, err
		}
	}
	return nil, nil
}

// put adds r, which supersedes was, if no other record has its unique lookups.
func (d *draft) put(r directory.Record, was Head) (refused, err error) {
	for _, l := range was.Lookups {
		if l.Unique && !was.Gone {
			d.seen.owners[lookupKey{r.Kind, l.Name, l.Value}] = ""
		}
	}
	for _, l := range r.Lookups {
		if !l.Unique || r.Gone {
			continue
		}
		key := lookupKey{r.Kind, l.Name, l.Value}
		owner, err := d.owner(key)
		if err != nil {
			return nil, err
		}
		if owner != "" && owner != r.ID {
			return fmt.Errorf("%s %q: %s %q belongs to %q: %w", r.Kind, r.ID, l.Name, l.Value, owner, directory.ErrTaken), nil
		}
		d.seen.owners[key] = r.ID
	}
	r = normal(r)
	d.seen.heads[recordKey{r.Kind, r.ID}] = Head{r.Rev, r.Change, r.Gone, r.Lookups}
	d.steps = append(d.steps, Step{r, was})
	d.last = r.Change
	return nil, nil
}

func (d *draft) head(k recordKey) (Head, error) {
	if h, ok := d.seen.heads[k]; ok {
		return h, nil
	}
	if h, ok := d.plan.seen.heads[k]; ok {
		return h, nil
	}
	return d.plan.state.Head(k.kind, k.id)
}

func (d *draft) owner(k lookupKey) (string, error) {
	if id, ok := d.seen.owners[k]; ok {
		return id, nil
	}
	if id, ok := d.plan.seen.owners[k]; ok {
		return id, nil
	}
	return d.plan.state.Owner(k.kind, k.name, k.value)
}

// normal returns r as a store returns it later: the time in UTC to the
// millisecond, nil instead of empty, and no memory shared with the caller.
func normal(r directory.Record) directory.Record {
	r.At = time.UnixMilli(r.At.UnixMilli()).UTC()
	if r.Lookups = slices.Clone(r.Lookups); len(r.Lookups) == 0 {
		r.Lookups = nil
	}
	if r.Doc = slices.Clone(r.Doc); len(r.Doc) == 0 {
		r.Doc = nil
	}
	return r
}
