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

// Outcome is what became of a Listing.
type Outcome string

// The outcomes of an import.
const (
	// Created: the directory did not have it.
	Created Outcome = "created"
	// Revised: the directory had an older one.
	Revised Outcome = "revised"
	// Unchanged: the directory had just this.
	Unchanged Outcome = "unchanged"
	// Kept: somebody changed it here since; the import left it alone.
	Kept Outcome = "kept"
	// Refused: it breaks a rule.
	Refused Outcome = "refused"
)

// Imported says what became of one Listing.
type Imported struct {
	Outcome Outcome
	// ID of the activity; empty when it was refused.
	ID string
	// Faults say why it was refused.
	Faults []Fault
}

// MaxImport is the most listings in one call of Import: with the group's guard
// they fit one transaction.
const MaxImport = MaxWrites - 1

// Import creates or revises the activities that listings describe, for one
// group, in one transaction, and answers what became of each, in order. A
// listing that breaks a rule is refused by itself; the others go in. The same
// listings again change nothing. With dry nothing is written, and the answer
// is what would have become of them.
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

func (d *Directory) importOnce(ctx context.Context, by Principal, group string, listings []Listing, dry bool) ([]Imported, error) {
	g, err := d.writableGroup(ctx, by, group)
	if err != nil {
		return nil, err
	}
	done := make([]Imported, len(listings))
	seen := map[string]bool{}
	writes := []Write{guard(KindGroup, g.ID, g.Rev)}
	for i, l := range listings {
		w, result, err := d.importListing(ctx, by, g, l, seen)
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
	if _, err := d.Store.Commit(ctx, writes); err != nil {
		return nil, fmt.Errorf("import: %w", err)
	}
	return done, nil
}

// importListing decides what becomes of l, and makes the Write if there is one.
func (d *Directory) importListing(ctx context.Context, by Principal, g Group, l Listing, seen map[string]bool) (Write, Imported, error) {
	// The rules clean what they check; the caller's listing stays as it is,
	// so that a second try sees the same.
	details, err := copyDetails(l.Details)
	if err != nil {
		return Write{}, Imported{}, err
	}
	c := d.check()
	where := c.details(&details)
	key := details.Source.sourceKey()
	switch {
	case key == "":
		c.Add("source.id", "give every listing the id that it has at its source", "is missing")
	case seen[key]:
		c.Add("source.id", "give each listing an id of its own", "%q came earlier in the same import", clip(details.Source.ID))
	}
	seen[key] = true
	if len(c.Faults) > 0 {
		return Write{}, Imported{Outcome: Refused, Faults: c.Faults}, nil
	}
	a, rev, outcome, err := d.importedBefore(ctx, g, key, details)
	if err != nil {
		return Write{}, Imported{}, err
	}
	if outcome == Unchanged || outcome == Kept {
		return Write{}, Imported{Outcome: outcome, ID: a.ID}, nil
	}
	now := d.now()
	if outcome == Created {
		a = Activity{ID: d.NewID(), Group: g.ID, Created: now}
	}
	a.GroupName, a.Status, a.Updated = g.Name, g.activityStatus(), now
	a.Details, a.Located = details, where
	a.Checked = Checked{At: now, By: by.actor(), How: "import"}
	if !l.Confirmed.IsZero() && l.Confirmed.Before(now) {
		a.Checked.At = l.Confirmed.UTC().Truncate(time.Millisecond)
	}
	w, err := d.activityWrite(a, rev, by, "import")
	return w, Imported{Outcome: outcome, ID: a.ID}, err
}

// importedBefore finds the activity that an earlier import made of a listing,
// and what is to become of it now.
func (d *Directory) importedBefore(ctx context.Context, g Group, key string, details Details) (Activity, int64, Outcome, error) {
	rs, err := d.Store.Find(ctx, KindActivity, "source", key, "", 1)
	if err != nil {
		return Activity{}, 0, "", fmt.Errorf("look a listing up by its source: %w", err)
	}
	if len(rs) == 0 {
		return Activity{}, 0, Created, nil
	}
	a, err := readActivity(rs[0])
	if err != nil {
		return Activity{}, 0, "", err
	}
	old := a.Details
	if old.Source != nil && details.Source != nil {
		source := *old.Source
		source.Retrieved = details.Source.Retrieved
		old.Source = &source
	}
	switch {
	case sameDetails(old, details) && a.Group == g.ID:
		return a, rs[0].Rev, Unchanged, nil
	case a.Group != g.ID, a.EditedHere:
		return a, rs[0].Rev, Kept, nil
	}
	return a, rs[0].Rev, Revised, nil
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

// EnsureGroup answers the group that an import of this source made under this
// name, or makes it. key is the group's id at the source. A group made here is
// trusted when by may trust it.
func (d *Directory) EnsureGroup(ctx context.Context, by Principal, source, key string, details GroupDetails) (Group, error) {
	idempotency := "import\x00" + source + "\x00" + key
	g, err := d.group(ctx, idFor(Principal{}, KindGroup, idempotency))
	if err == nil || !errors.Is(err, ErrNotFound) {
		return g, err
	}
	c := d.check()
	where := c.group(&details)
	if err := c.Err(); err != nil {
		return Group{}, err
	}
	g = Group{ID: idFor(Principal{}, KindGroup, idempotency), Status: GroupPending, Created: d.now(), Updated: d.now(), GroupDetails: details}
	g.place(where)
	if !by.mayTrust(where) {
		return Group{}, fmt.Errorf("make a group for an import: %w", ErrForbidden)
	}
	g.Status = GroupTrusted
	w, err := d.groupWrite(g, 0, by, "import")
	if err != nil {
		return Group{}, err
	}
	rs, err := d.Store.Commit(ctx, []Write{w})
	if errors.Is(err, ErrConflict) { // another import made it just now
		return d.group(ctx, g.ID)
	}
	if err != nil {
		return Group{}, fmt.Errorf("make a group for an import: %w", err)
	}
	g.Rev, g.Change = rs[0].Rev, rs[0].Change
	return g, nil
}
