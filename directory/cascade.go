package directory

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// A cascade writes a group's new name and status into its listings, if there
// are more than fit one transaction. What anybody may see does not wait for it:
// reads use the group as it is now (see follow), and an index removes a group's
// listings when it reads that nobody may see the group. The cascade is for
// followers of the log: it gives every listing a new change.
//
// It is a record of its own, written in the transaction of the group and with
// the group's id, so that an interrupted cascade is resumed. It stays open
// until every listing was written after it; then it becomes a tombstone.

// KindCascade is the kind of the records of cascades.
const KindCascade Kind = "cascade"

const (
	// cascadeBatch is how many listings a cascade writes in one transaction.
	// Other writers wait for one batch at most.
	cascadeBatch = 200
	// cascadePoll is how often a directory looks for cascades that another
	// process on the same store did not finish.
	cascadePoll = time.Minute
)

// openCascade returns the Write that opens the cascade of a group, or restarts
// one that is open.
func (d *Directory) openCascade(ctx context.Context, by Principal, group string) (Write, error) {
	r, err := d.store.Get(ctx, KindCascade, group)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return Write{}, fmt.Errorf("read cascade %s: %w", group, err)
	}
	return d.write(KindCascade, group, r.Rev, by, "open", struct{}{}, false, Lookup{Name: "state", Value: "open"})
}

// RunCascades finishes cascades as they are opened, and at once those that were
// left open, until ctx ends. It calls failed with each error, and retries after
// at most a minute.
func (d *Directory) RunCascades(ctx context.Context, failed func(error)) {
	again := time.NewTicker(cascadePoll)
	defer again.Stop()
	for {
		if err := d.FinishCascades(ctx); err != nil && ctx.Err() == nil {
			failed(err)
		}
		select {
		case <-ctx.Done():
			return
		case <-d.opened:
		case <-again.C:
		}
	}
}

// FinishCascades writes all listings that do not follow their group yet, and
// returns when there are none.
func (d *Directory) FinishCascades(ctx context.Context) error {
	for {
		open, err := d.store.Find(ctx, KindCascade, "state", "open", "", cascadeBatch)
		if err != nil {
			return fmt.Errorf("open cascades: %w", err)
		}
		if len(open) == 0 {
			return nil
		}
		for _, r := range open {
			if err := d.finish(ctx, r); err != nil {
				return fmt.Errorf("cascade of group %s: %w", r.ID, err)
			}
		}
	}
}

// finish runs one cascade. Another process may run it at the same time: then
// each writes the listings that the other has not.
func (d *Directory) finish(ctx context.Context, r Record) error {
	by := Principal{Key: r.By}
	if err := d.updateActivities(ctx, by, r.ID, r.Change); err != nil {
		return err
	}
	closed, err := d.write(KindCascade, r.ID, r.Rev, by, "close", struct{}{}, true)
	if err != nil {
		return err
	}
	_, err = d.store.Commit(ctx, []Write{closed})
	if errors.Is(err, ErrConflict) {
		return nil // it was opened again, or closed by another process
	}
	return err
}

// updateActivities writes the current name and status of a group into those of
// its listings that were last written before a change, a batch at a time.
func (d *Directory) updateActivities(ctx context.Context, by Principal, group string, before int64) error {
	for after := ""; ; {
		g, err := d.group(ctx, group)
		if err != nil {
			return err
		}
		rs, err := d.store.Find(ctx, KindActivity, "group", group, after, cascadeBatch)
		if err != nil {
			return fmt.Errorf("activities of group %s: %w", group, err)
		}
		writes := []Write{guard(KindGroup, g.ID, g.Rev)}
		for _, r := range rs {
			if r.Change >= before {
				continue
			}
			w, err := d.followWrite(&g, r, by)
			if err != nil {
				return err
			}
			writes = append(writes, w)
		}
		if len(writes) > 1 {
			_, err := d.store.Commit(ctx, writes)
			if errors.Is(err, ErrConflict) {
				continue // the group, or one of its listings, was written just now
			}
			if err != nil {
				return fmt.Errorf("activities of group %s: %w", group, err)
			}
		}
		if len(rs) < cascadeBatch {
			return nil
		}
		after = rs[len(rs)-1].ID
	}
}

// followWrite returns the Write of the listing in r with the name and status
// from g.
func (d *Directory) followWrite(g *Group, r Record, by Principal) (Write, error) {
	a, err := readActivity(r)
	if err != nil {
		return Write{}, err
	}
	return d.activityWrite(g, &a, r.Rev, by, "follow group")
}
