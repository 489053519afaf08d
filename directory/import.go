package directory

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Listing is one activity as a file or feed has it.
type Listing struct {
	// Details carry a Source with a Name and an ID: they decide which
	// activity of the directory this is.
	Details Details
	// Confirmed is when the source last confirmed it; zero: when it was read.
	Confirmed time.Time
}

// Outcome is the result of importing a Listing.
type Outcome string

// The outcomes of an import.
const (
	// Created: the directory did not have it.
	Created Outcome = "created"
	// Revised: the directory had an older one.
	Revised Outcome = "revised"
	// Unchanged: the directory had the same.
	Unchanged Outcome = "unchanged"
	// Kept: it differs from the source only in what was changed here, or it
	// was withdrawn here, or it belongs to another group here; the import left
	// it alone.
	Kept Outcome = "kept"
	// Refused: it breaks a rule.
	Refused Outcome = "refused"
	// Withdrawn: its source no longer has it.
	Withdrawn Outcome = "withdrawn"
)

// Imported is the result of importing one Listing.
type Imported struct {
	Outcome Outcome
	// ID of the activity; empty when it was refused.
	ID string
	// Faults say why it was refused.
	Faults []Fault
	// Fields are those that keep the value they were given here.
	Fields []KeptField
	// Why says in plain words why the whole listing was left alone, if it was.
	Why string
}

// MaxImport is the most listings in one call of Import. With the guard of their
// group, and one for the previous group of each, they fit one transaction.
const MaxImport = (MaxWrites - 1) / 2

// Import creates or revises the activities that listings describe, for one
// group, in one transaction, and returns the result of each, in order. A
// listing that breaks a rule is refused by itself; the others are imported. The
// same listings again change nothing. With dry nothing is written, and the
// results say what would have happened.
//
// What somebody changed here since the last import stays, field by field; the
// rest of such a listing follows its source. So does its group, if both groups
// were made by imports (see stays). A listing that a person withdrew here stays
// withdrawn; one that was withdrawn because it disappeared from its source
// (Vanish) comes back, with its id. Of two confirmations the better counts (see
// Checked.better); a later one of an otherwise unchanged listing is a revision
// of its own.
func (d *Directory) Import(ctx context.Context, by Principal, group string, listings []Listing, dry bool) ([]Imported, error) {
	if len(listings) > MaxImport {
		return nil, fmt.Errorf("import %d listings at once, and %d is the most", len(listings), MaxImport)
	}
	for try := 1; ; try++ {
		done, err := d.importOnce(ctx, by, group, listings, dry)
		if !errors.Is(err, ErrConflict) || try == guardTries {
			return done, err
		}
	}
}

// importing is one transaction of an import.
type importing struct {
	d      *Directory
	by     Principal
	group  Group
	seen   map[string]bool  // keys of listings that came already
	others map[string]Group // groups that listings belonged to before, by id
	left   map[string]bool  // ids of the groups that listings are moved out of
}

func (d *Directory) importOnce(ctx context.Context, by Principal, group string, listings []Listing, dry bool) ([]Imported, error) {
	g, err := d.writableGroup(ctx, by, group)
	if err != nil {
		return nil, err
	}
	m := &importing{d: d, by: by, group: g, seen: map[string]bool{}, others: map[string]Group{}, left: map[string]bool{}}
	done := make([]Imported, len(listings))
	writes := []Write{guard(KindGroup, g.ID, g.Rev)}
	for i, l := range listings {
		w, result, err := m.listing(ctx, l)
		if err != nil {
			return nil, err
		}
		if done[i] = result; result.Outcome == Created || result.Outcome == Revised {
			writes = append(writes, w)
		}
	}
	if dry || len(writes) == 1 {
		return done, nil
	}
	for id := range m.left {
		writes = append(writes, guard(KindGroup, id, m.others[id].Rev))
	}
	if _, err := d.store.Commit(ctx, writes); err != nil {
		return nil, fmt.Errorf("import: %w", err)
	}
	return done, nil
}

// listing decides the outcome of l, and returns the Write if there is one.
func (m *importing) listing(ctx context.Context, l Listing) (Write, Imported, error) {
	// The rules change what they check. They get a copy, so that a retry
	// starts from the same listing.
	details, err := copyDetails(l.Details)
	if err != nil {
		return Write{}, Imported{}, err
	}
	c := m.d.check()
	where := c.details(&details)
	key := details.Source.sourceKey()
	switch {
	case key == "":
		c.Add("source.id", "give every listing the id that it has at its source", "is missing")
	case m.seen[key]:
		c.Add("source.id", "give each listing an id of its own", "%q came earlier in the same import", details.Source.ID)
	}
	m.seen[key] = true
	if len(c.Faults) > 0 {
		return Write{}, Imported{Outcome: Refused, Faults: c.Faults}, nil
	}
	a, rev, err := m.d.imported(ctx, key)
	now := m.d.now()
	result := Imported{Outcome: Created, ID: importedID(key)}
	switch {
	case errors.Is(err, ErrNotFound):
		a = Activity{ID: result.ID, Group: m.group.ID, Created: now}
	case err != nil:
		return Write{}, Imported{}, err
	default:
		if result, err = m.againstHere(ctx, &a, &details, l.confirmed(now)); err != nil || result.Outcome != Revised {
			return Write{}, result, err
		}
		if len(result.Fields) > 0 {
			where = m.d.check().details(&details)
		}
	}
	if checked := (Checked{At: l.readAt(now), By: m.by.actor(), How: howImport}); result.Outcome == Created || checked.better(a.Checked) {
		a.Checked = checked
	}
	a.Updated = now
	if a.Status == StatusWithdrawn {
		a.Status = StatusPending // activityWrite publishes it if its group is trusted
	}
	a.Details, a.Located, a.EditedHere = details, where, len(result.Fields) > 0
	w, err := m.d.activityWrite(&m.group, &a, rev, m.by, actionImport)
	return w, result, err
}

// confirmed returns when the source says that it confirmed l; the zero time if
// it does not say, or names a time in the future.
func (l *Listing) confirmed(now time.Time) time.Time {
	if !l.Confirmed.Before(now) {
		return time.Time{}
	}
	return l.Confirmed.UTC().Truncate(time.Millisecond)
}

// readAt returns the time of the confirmation that writing l is.
func (l *Listing) readAt(now time.Time) time.Time {
	if at := l.confirmed(now); !at.IsZero() {
		return at
	}
	return now
}

// The actions of revisions that decide what the next import may do.
const (
	actionImport = "import"
	actionVanish = "vanish"
)

// importedID returns the id of the activity that an import makes of a listing.
// It depends only on key, so that one that was withdrawn is found again.
func importedID(key string) string {
	return idFor(Principal{}, KindActivity, "import\x00"+key)
}

// imported finds the activity that an import made of the listing with this
// key, withdrawn or not, and its revision; ErrNotFound where there is none.
func (d *Directory) imported(ctx context.Context, key string) (Activity, int64, error) {
	rs, err := d.store.Find(ctx, KindActivity, "source", key, "", 1)
	if err != nil {
		return Activity{}, 0, fmt.Errorf("look a listing up by its source: %w", err)
	}
	if len(rs) == 0 {
		r, err := d.store.Get(ctx, KindActivity, importedID(key))
		if err != nil {
			return Activity{}, 0, fmt.Errorf("look a listing up by its source: %w", err)
		}
		rs = append(rs, r)
	}
	a, err := readActivity(rs[0])
	return a, rs[0].Rev, err
}

// againstHere decides the outcome for a listing that the directory has as a, now
// that its source has details and confirmed them at a time, if at any: first to
// which group it belongs, then what it says. It moves a to that group, and
// copies into details what was changed here.
func (m *importing) againstHere(ctx context.Context, a *Activity, details *Details, confirmed time.Time) (Imported, error) {
	result := Imported{ID: a.ID, Outcome: Kept}
	moved := a.Group != m.group.ID
	if moved {
		why, err := m.stays(ctx, a)
		if err != nil || why != "" {
			result.Why = why
			return result, err
		}
	}
	if a.Status == StatusWithdrawn {
		rs, err := m.d.store.History(ctx, KindActivity, a.ID, 0, 1)
		if err != nil {
			return result, fmt.Errorf("read who withdrew activity %s: %w", a.ID, err)
		}
		if len(rs) == 0 || rs[0].Action != actionVanish {
			result.Why = "was withdrawn here"
			return result, nil
		}
		result.Outcome = Revised
	} else if err := m.mergeInto(ctx, a, details, &result); err != nil {
		return result, err
	}
	fresher := !confirmed.IsZero() && Checked{At: confirmed, How: howImport}.better(a.Checked)
	if moved {
		m.left[a.Group] = true
		a.Group = m.group.ID
	}
	if moved || fresher {
		result.Outcome = Revised
	}
	return result, nil
}

// mergeInto compares a with what its source says now, and copies into details
// what was changed here.
func (m *importing) mergeInto(ctx context.Context, a *Activity, details *Details, result *Imported) error {
	old := a.Details
	if old.Source != nil && details.Source != nil {
		source := *old.Source
		source.Retrieved = details.Source.Retrieved
		old.Source = &source
	}
	switch {
	case sameDetails(old, *details):
		result.Outcome = Unchanged
		return nil
	case !a.EditedHere:
		result.Outcome = Revised
		return nil
	}
	merged, err := m.d.mergeHere(ctx, *a, *details)
	if err != nil {
		return err
	}
	*details, result.Fields, result.Outcome = merged.details, merged.kept, Revised
	if sameDetails(old, *details) {
		result.Outcome = Kept
	}
	return nil
}

// historyPage is how many revisions are read at a time.
const historyPage = 100

// mergeHere merges what the source of a says now into what a says here. If the
// merged fields break a rule, it merges whole outermost fields, and if that
// breaks one too, a stays as it is.
func (d *Directory) mergeHere(ctx context.Context, a Activity, theirs Details) (merged, error) {
	var revisions []revision
	for before := int64(0); ; {
		rs, err := d.store.History(ctx, KindActivity, a.ID, before, historyPage)
		if err != nil {
			return merged{}, fmt.Errorf("history of activity %s: %w", a.ID, err)
		}
		for _, r := range rs {
			old, err := readActivity(r)
			if err != nil {
				return merged{}, err
			}
			said, err := asObject(old.Details)
			if err != nil {
				return merged{}, err
			}
			revisions = append(revisions, revision{said, r.Action == actionImport})
			before = r.Rev
		}
		if len(rs) < historyPage {
			break
		}
	}
	base := baseOf(revisions)
	for _, whole := range []bool{false, true} {
		m, err := merge(base, a.Details, theirs, whole)
		if err != nil {
			return merged{}, err
		}
		c := d.check()
		c.details(&m.details)
		if len(c.Faults) == 0 {
			return m, nil
		}
	}
	m, err := merge(nil, a.Details, theirs, true)
	ours := a.Details
	ours.Source = theirs.Source
	m.details = ours
	return m, err
}

// Vanish withdraws the activity that imports of this source made of the
// listing with this id, because its source no longer has it. The outcome is
// Withdrawn, or Kept for one that somebody changed here since, who may want to
// keep it. The error is ErrNotFound or ErrGone if there is none. With dry
// nothing is written.
func (d *Directory) Vanish(ctx context.Context, by Principal, source, id string, dry bool) (Imported, error) {
	key := (&Source{Name: source, ID: id}).sourceKey()
	a, rev, err := d.imported(ctx, key)
	if err != nil {
		return Imported{}, err
	}
	result := Imported{ID: a.ID, Outcome: Withdrawn}
	switch {
	case a.Status == StatusWithdrawn:
		return result, fmt.Errorf("activity %s: %w", a.ID, ErrGone)
	case a.EditedHere:
		result.Outcome, result.Why = Kept, "was changed here since"
		return result, nil
	case dry:
		return result, nil
	}
	_, err = d.change(ctx, by, a.ID, rev, actionVanish, func(a *Activity) error {
		a.Status = StatusWithdrawn
		return nil
	})
	return result, err
}

func copyDetails(d Details) (Details, error) {
	var c Details
	b, err := json.Marshal(d)
	if err == nil {
		err = json.Unmarshal(b, &c)
	}
	if err != nil {
		return Details{}, fmt.Errorf("copy a listing: %w", err)
	}
	return c, nil
}
