package main

import (
	"fmt"
	"testing"

	"gather/directory"
	"gather/directory/boltstore"
	"gather/directory/gazetteer"
	"gather/directory/mongostore"
	"gather/directory/mongostore/mongotest"
	"gather/directory/vocabulary"
)

// TestALargeGroupIsSuspendedOnBothStores suspends and trusts a group with more
// listings than fit into a transaction, before and after their records are
// updated.
func TestALargeGroupIsSuspendedOnBothStores(t *testing.T) {
	for name, open := range map[string]func() (directory.Store, error){
		"bolt":    func() (directory.Store, error) { return boltstore.Open(t.TempDir()) },
		"mongodb": func() (directory.Store, error) { return mongostore.Open(t.Context(), mongotest.URI(t)) },
	} {
		t.Run(name, func(t *testing.T) {
			must := func(err error) {
				t.Helper()
				if err != nil {
					t.Fatal(err)
				}
			}
			store, err := open()
			must(err)
			t.Cleanup(func() { must(store.Close()) })
			words, err := vocabulary.Default()
			must(err)
			places, err := gazetteer.Open("")
			must(err)
			ctx, d := t.Context(), directory.New(store, words, places)
			g, err := d.EnsureGroup(ctx, operator, "A council", "1", directory.GroupDetails{Name: "Northgate Friends"})
			must(err)
			var ids []string
			for len(ids) < directory.MaxWrites+1 {
				var ls []directory.Listing
				for range min(directory.MaxImport, directory.MaxWrites+1-len(ids)) {
					ls = append(ls, directory.Listing{Details: directory.Details{
						Title: "Tea", Delivery: []string{"phone"}, Source: &directory.Source{Name: "A council", ID: fmt.Sprint(len(ids) + len(ls))},
					}})
				}
				done, err := d.Import(ctx, operator, g.ID, ls, false)
				must(err)
				for _, i := range done {
					ids = append(ids, i.ID)
				}
			}
			public := func() (n int) {
				t.Helper()
				as, err := d.PublicActivities(ctx, ids)
				must(err)
				for _, a := range as {
					if a != nil {
						n++
					}
				}
				return n
			}
			for _, step := range []struct {
				status directory.GroupStatus
				public int
			}{{directory.GroupSuspended, 0}, {directory.GroupTrusted, len(ids)}} {
				g, err = d.SetGroupStatus(ctx, operator, g.ID, g.Rev, step.status)
				must(err)
				for _, when := range []string{"at once", "after the update of the listings"} {
					if n := public(); n != step.public {
						t.Errorf("%s, %s: %d of %d listings are public", step.status, when, n, len(ids))
					}
					must(d.FinishCascades(ctx))
				}
				for after := int64(0); ; {
					rs, err := d.Changes(ctx, after, 1000)
					must(err)
					for _, r := range rs {
						if after = r.Change; r.Kind == directory.KindActivity && r.Change < g.Change {
							t.Fatalf("%s: listing %s was not updated", step.status, r.ID)
						}
					}
					if len(rs) < 1000 {
						break
					}
				}
			}
		})
	}
}
