package index

import (
	"context"
	"time"

	"gather/directory"
	"gather/search/segment"
)

// withheld are groups by id: true for one whose listings nobody may see. A
// group that loses its trust takes all its listings out of the index with the
// one record of the group, however many they are. The directory writes each of
// them again when the group is trusted again, so they come back by themselves.
type withheld map[string]bool

// read takes in what records say of groups. Records come in the order of the log.
// A group that cannot be read is withheld.
func (w withheld) read(s *disk, records []directory.Record) {
	for _, r := range records {
		if r.Kind != directory.KindGroup {
			continue
		}
		g, err := directory.ReadGroup(r)
		if err != nil {
			s.log.Error("search: a group cannot be read, so its listings are not found: mend or erase its record", "id", r.ID, "change", r.Change, "error", err)
		}
		w[r.ID] = err != nil || r.Gone || !g.Published()
	}
}

// from moves the activities of the groups from put to out, and adds to out what
// the index has of them.
func (w withheld) from(s *disk, put []directory.Activity, out []string) ([]directory.Activity, []string) {
	seen := map[string]bool{}
	for _, id := range out {
		seen[id] = true
	}
	kept := put[:0]
	for _, a := range put {
		if seen[a.ID] = true; w[a.Group] {
			out = append(out, a.ID)
			continue
		}
		kept = append(kept, a)
	}
	for _, id := range w.listings(s) {
		if !seen[id] {
			out = append(out, id)
		}
	}
	return kept, out
}

// take takes the listings of the groups out of an index that was filled batch
// by batch, is loaded, and is not published yet: a listing that was not written
// since its group was withheld is in an earlier batch than the group.
func (w withheld) take(ctx context.Context, s *disk, now time.Time) error {
	out := w.listings(s)
	if len(out) == 0 {
		return nil
	}
	made, err := s.write(ctx, nil, out, s.at, now)
	if err == nil {
		s.apply(made)
	}
	return err
}

// listings are the ids of the listings of the groups that are in the index.
func (w withheld) listings(s *disk) []string {
	groups := map[uint64]bool{}
	for id, yes := range w {
		if yes {
			groups[segment.GroupKey(id)] = true
		}
	}
	if len(groups) == 0 {
		return nil
	}
	v := s.view
	var ids []string
	for doc := range int32(v.Len()) {
		if c, i := v.Row(doc); groups[c.Group[i]] && !v.Deleted.Has(int(doc)) {
			ids = append(ids, v.ID(doc))
		}
	}
	return ids
}
