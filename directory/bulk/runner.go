package bulk

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"gather/directory"
	"gather/directory/bulk/draft"
)

// runner writes drafts to a directory in batches, one group at a time.
type runner struct {
	dir    *directory.Directory
	by     directory.Principal
	f      *draft.File
	o      Options
	report Report

	groups map[string]groupAnswer // by key at the source
	held   map[string][]heldRow   // by group id
	count  int
	seen   map[string]earlier

	candidates []candidate
}

type groupAnswer struct {
	id  string
	err error
}

type heldRow struct {
	row     int // index in the report
	listing directory.Listing
}

type earlier struct {
	line int
	hash [sha256.Size]byte
}

func newRunner(dir *directory.Directory, by directory.Principal, f *draft.File, o Options) *runner {
	if o.Dry {
		// A dry run creates its groups only in memory.
		dir = dir.Trial()
	}
	return &runner{
		dir: dir, by: by, f: f, o: o, report: Report{Dry: o.Dry},
		groups: map[string]groupAnswer{}, held: map[string][]heldRow{}, seen: map[string]earlier{},
	}
}

// take adds d to the report and queues it to be written.
func (r *runner) take(ctx context.Context, d *draft.Draft) error {
	if d.Item > draft.MaxRows {
		return directory.InvalidField("", "split the file", "has more than %d rows", draft.MaxRows)
	}
	i := len(r.report.Rows)
	r.report.Rows = append(r.report.Rows, Row{
		Line: d.Line, Item: d.Item, ID: d.SourceID(), Title: d.Details.Title, Outcome: draft.NotWritten, Faults: d.Faults, Warnings: d.Warnings,
	})
	row := &r.report.Rows[i]
	if d.Placeless {
		r.report.Placeless++
	}
	if len(d.Faults) > 0 {
		row.Outcome = directory.Refused
		return nil
	}
	if d.Outcome != "" {
		row.Outcome = d.Outcome
		return nil
	}
	if c, ok := candidateOf(d); ok {
		c.row = i
		r.candidates = append(r.candidates, c)
	}
	if again, err := r.again(d, row); again || err != nil {
		return err
	}
	if kept, err := r.isOwn(ctx, d, row); kept || err != nil {
		return err
	}
	group, err := r.group(ctx, d)
	if err != nil {
		var bad *directory.Invalid
		if !errors.As(err, &bad) && !errors.Is(err, directory.ErrForbidden) {
			return err
		}
		row.Outcome, row.Faults = directory.Refused, draft.FaultsOf(err)
		for i := range row.Faults {
			if f := &row.Faults[i]; f.Field != "group" {
				f.Field = strings.TrimSuffix("group."+f.Field, ".")
			}
		}
		return nil
	}
	r.held[group] = append(r.held[group], heldRow{i, directory.Listing{Details: d.Details, Confirmed: d.Confirmed}})
	r.count++
	switch {
	case len(r.held[group]) == directory.MaxImport:
		return r.write(ctx, group)
	case r.count >= maxHeld:
		return r.flush(ctx)
	}
	return nil
}

// again reports whether d appeared earlier in the file, either as the same
// listing or as a different one with the same id, which is refused.
func (r *runner) again(d *draft.Draft, row *Row) (bool, error) {
	key := d.Details.Source.Name + "\n" + d.SourceID()
	b, err := json.Marshal(d.Details)
	if err != nil {
		return false, fmt.Errorf("compare line %d: %w", d.Line, err)
	}
	hash := sha256.Sum256(b)
	first, ok := r.seen[key]
	switch {
	case !ok:
		r.seen[key] = earlier{d.Line, hash}
		return false, nil
	case first.hash == hash:
		row.Outcome = draft.Repeated
		row.Warnings = append(row.Warnings, draft.Remark{Field: "source.id", Value: directory.Clip(d.SourceID(), draft.MaxValue), What: fmt.Sprintf("is the same listing as on line %d", first.line)})
	default:
		row.Outcome = directory.Refused
		row.Faults = []draft.Remark{{Field: "source.id", Value: directory.Clip(d.SourceID(), draft.MaxValue), What: fmt.Sprintf("came earlier, on line %d, with another listing", first.line), Fix: "give each listing an id of its own"}}
	}
	return true, nil
}

// isOwn reports whether d is a copy of an activity of this directory: an export
// imported into the directory it came from must not duplicate it.
func (r *runner) isOwn(ctx context.Context, d *draft.Draft, row *Row) (bool, error) {
	if d.Own == "" {
		return false, nil
	}
	a, err := r.dir.Activity(ctx, r.by, d.Own)
	switch {
	case errors.Is(err, directory.ErrNotFound):
		return false, nil
	case errors.Is(err, directory.ErrGone):
	case err != nil:
		return false, err
	case a.Source != nil && a.Source.Name == d.Details.Source.Name && a.Source.ID == d.Details.Source.ID:
		return false, nil
	}
	row.Outcome, row.Activity = directory.Kept, d.Own
	row.Warnings = append(row.Warnings, draft.Remark{Field: "id", Value: d.Own, What: "is a listing of this directory; it is revised here, not by import"})
	return true, nil
}

// group returns the id of d's group, creating the group if necessary.
func (r *runner) group(ctx context.Context, d *draft.Draft) (string, error) {
	key, details := d.GroupKey, d.Group
	if key == "" {
		key, details = r.f.FileGroup()
	}
	if known, ok := r.groups[key]; ok {
		return known.id, known.err
	}
	id, err := r.findGroup(ctx, key, details)
	r.groups[key] = groupAnswer{id, err}
	if err == nil {
		r.report.Groups++
	}
	return id, err
}

func (r *runner) findGroup(ctx context.Context, key string, details directory.GroupDetails) (string, error) {
	if directory.IsUUID(details.Name) {
		g, err := r.dir.Group(ctx, r.by, details.Name)
		if errors.Is(err, directory.ErrNotFound) {
			return "", directory.InvalidField("group", "register it first, or give a name", "there is no group %s", details.Name)
		}
		return g.ID, err
	}
	g, err := r.dir.EnsureGroup(ctx, r.by, r.f.Source.Name, key, details)
	var bad *directory.Invalid
	if errors.As(err, &bad) && details.Name != "" {
		// An invalid group description must not cost the group its listings.
		g, err = r.dir.EnsureGroup(ctx, r.by, r.f.Source.Name, key, directory.GroupDetails{Name: details.Name})
		r.report.Notes = append(r.report.Notes, fmt.Sprintf("of the group %q only the name was taken: %v", directory.Quote(details.Name), bad))
	}
	return g.ID, err
}

// flush writes all queued rows.
func (r *runner) flush(ctx context.Context) error {
	for _, group := range slices.Sorted(maps.Keys(r.held)) {
		if err := r.write(ctx, group); err != nil {
			return err
		}
	}
	return nil
}

// write imports the queued rows of one group.
func (r *runner) write(ctx context.Context, group string) error {
	rows := r.held[group]
	listings := make([]directory.Listing, len(rows))
	for i, h := range rows {
		listings[i] = h.listing
	}
	done, err := r.dir.Import(ctx, r.by, group, listings, r.o.Dry)
	var bad *directory.Invalid
	switch {
	case errors.As(err, &bad), errors.Is(err, directory.ErrForbidden):
		for _, h := range rows { // the group was refused, not its rows
			r.report.Rows[h.row].Outcome = directory.Refused
			r.report.Rows[h.row].Faults = draft.FaultsOf(err)
		}
	case err != nil:
		return err
	default:
		for i, h := range rows {
			row := &r.report.Rows[h.row]
			row.Outcome, row.Activity = done[i].Outcome, done[i].ID
			row.Faults = append(row.Faults, draft.Remarks(done[i].Faults)...)
			row.keep(done[i])
		}
	}
	delete(r.held, group)
	r.count -= len(rows)
	return nil
}
