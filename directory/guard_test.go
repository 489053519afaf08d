package directory_test

import (
	"context"
	"errors"
	"testing"

	"gather/directory"
	"gather/directory/boltstore"
)

// interrupted is a store that runs something once, between what a writer reads
// and its commit.
type interrupted struct {
	directory.Store
	before func()
}

func (s *interrupted) Commit(ctx context.Context, ws []directory.Write) ([]directory.Record, error) {
	if now := s.before; now != nil {
		s.before = nil
		now()
	}
	return s.Store.Commit(ctx, ws)
}

// Every write of a listing guards its group. Here a pending group is suspended
// while its own key writes. Its listings do not change, so only the guard can
// refuse the write.
func TestEveryWriteOfAListingGuardsItsGroup(t *testing.T) {
	imported := directory.Listing{Details: choir()}
	imported.Details.Source = &directory.Source{Name: "test", ID: "1"}
	for _, c := range []struct {
		name  string
		write func(d *directory.Directory, by directory.Principal, a directory.Activity) error
	}{
		{"publish", func(d *directory.Directory, by directory.Principal, a directory.Activity) error {
			_, err := d.Publish(t.Context(), by, "", choir(), "")
			return err
		}},
		{"import", func(d *directory.Directory, by directory.Principal, a directory.Activity) error {
			_, err := d.Import(t.Context(), by, by.Group, []directory.Listing{imported}, false)
			return err
		}},
		{"revise", func(d *directory.Directory, by directory.Principal, a directory.Activity) error {
			_, err := d.Revise(t.Context(), by, a.ID, a.Rev, choir())
			return err
		}},
		{"withdraw", func(d *directory.Directory, by directory.Principal, a directory.Activity) error {
			_, err := d.Withdraw(t.Context(), by, a.ID, a.Rev)
			return err
		}},
		{"check", func(d *directory.Directory, by directory.Principal, a directory.Activity) error {
			_, err := d.Check(t.Context(), by, a.ID, a.Rev, "owner")
			return err
		}},
		{"change a session", func(d *directory.Directory, by directory.Principal, a directory.Activity) error {
			_, err := d.ChangeSession(t.Context(), by, a.ID, a.Rev, directory.SessionChange{Session: "2026-11-24T19:00", Status: directory.SessionFull})
			return err
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			kept, err := boltstore.Open(t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { kept.Close() })
			store := &interrupted{Store: kept}
			d := over(t, store)
			ctx := t.Context()
			reg, err := d.Register(ctx, directory.Principal{}, directory.GroupDetails{Name: "Northgate Friends"}, "")
			if err != nil {
				t.Fatal(err)
			}
			by, err := d.Authenticate(ctx, reg.Key)
			if err != nil {
				t.Fatal(err)
			}
			a, err := d.Publish(ctx, by, "", choir(), "")
			if err != nil {
				t.Fatal(err)
			}
			after := int64(0)
			store.before = func() {
				g, err := d.SetGroupStatus(ctx, admin, reg.Group.ID, reg.Group.Rev, directory.GroupSuspended)
				if err != nil {
					t.Error(err)
				}
				after = g.Change
			}
			if err := c.write(d, by, a); !errors.Is(err, directory.ErrConflict) && !errors.Is(err, directory.ErrForbidden) {
				t.Errorf("written for a group that was suspended meanwhile: %v", err)
			}
			if last, _ := d.Last(ctx); after == 0 || last != after {
				t.Errorf("the group was suspended by change %d, and the newest is %d", after, last)
			}
		})
	}
}
