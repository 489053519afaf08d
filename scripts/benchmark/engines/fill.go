package engines

import (
	"context"
	"encoding/json"
	"errors"
	"path/filepath"

	"benchmark/listings"

	"gather/directory"
	"gather/directory/boltstore"
)

// Fill writes the corpus to the server's empty store like the restore of an
// archive, which takes a fraction of the time of an import since listings are not
// validated again. It writes in the order of ids, so that the store writes each of
// its pages once.
func (s *Server) Fill(ctx context.Context) (err error) {
	store, err := boltstore.Open(filepath.Join(s.data, "store"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	var batch []directory.Record
	var change int64
	write := func(r directory.Record) error {
		change++
		r.Change = change
		if batch = append(batch, r); len(batch) < directory.MaxWrites {
			return nil
		}
		err := store.Restore(ctx, batch)
		batch = batch[:0]
		return err
	}
	group, order := "", s.corpus.InIDs(s.corpus.Size)
	if err := listings.InOrder(ctx, s.corpus.Size, Workers, func(i int) (kept, error) { return s.kept(order[i]) }, func(k kept) error {
		if k.group.ID != group {
			group = k.group.ID
			if err := write(k.group); err != nil {
				return err
			}
		}
		return write(k.listing)
	}); err != nil {
		return err
	}
	if err := store.Restore(ctx, batch); err != nil {
		return err
	}
	return store.FinishRestore(ctx)
}

// kept is the stored records of a listing and its group.
type kept struct{ listing, group directory.Record }

func (s *Server) kept(n int) (k kept, err error) {
	a, err := s.corpus.Listing(n)
	if err != nil {
		return k, err
	}
	if k.listing, err = s.corpus.Record(n, 0); err != nil {
		return k, err
	}
	k.listing.Lookups = []directory.Lookup{{Name: "group", Value: a.Group}}
	g := directory.Group{ID: a.Group, Status: directory.GroupTrusted, Created: listings.Now, Updated: listings.Now,
		GroupDetails: directory.GroupDetails{Name: a.GroupName}}
	doc, err := json.Marshal(g)
	k.group = directory.Record{Kind: directory.KindGroup, ID: g.ID, Rev: 1, At: listings.Now, Action: "register",
		Lookups: []directory.Lookup{{Name: "status", Value: string(g.Status)}}, Doc: doc}
	return k, err
}
