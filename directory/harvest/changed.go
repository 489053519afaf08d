package harvest

import (
	"encoding/json"
	"slices"
	"time"

	bolt "go.etcd.io/bbolt"

	"gather/directory/bulk"
)

// batch is a set of changed listings, with their items.
type batch struct {
	listings []string
	items    map[bulk.Format][][]byte
}

// part holds the items of one format.
type part struct {
	format bulk.Format
	items  [][]byte
}

func (b batch) parts() []part {
	var out []part
	for _, f := range bulk.Formats() {
		out = append(out, part{f, b.items[f]})
	}
	return out
}

// maxBatch is the most bytes of items in a batch.
const maxBatch = 64 << 20

// changed returns up to limit listings that have to be imported.
func (m *mirror) changed(limit int) (batch, error) {
	out := batch{items: map[bulk.Format][][]byte{}}
	size := 0
	err := m.view(func(tx *bolt.Tx) error {
		c := tx.Bucket(bucketListings).Cursor()
		for k, v := c.First(); k != nil && len(out.listings) < limit && size < maxBatch; k, v = c.Next() {
			var l listingState
			if err := json.Unmarshal(v, &l); err != nil {
				return err
			}
			if !l.Changed {
				continue
			}
			out.listings = append(out.listings, string(k))
			described := false
			var items []item
			err := itemsOf(tx, string(k), func(x item) error {
				described = described || x.Main
				items = append(items, x)
				return nil
			})
			if err != nil {
				return err
			}
			for _, x := range items {
				if described && x.Data != nil {
					out.items[x.Format] = append(out.items[x.Format], slices.Clone(x.Data))
					size += len(x.Data)
				}
			}
		}
		return nil
	})
	return out, err
}

// taken records that listings were imported.
func (m *mirror) taken(listings []string) error {
	return m.update(func(tx *bolt.Tx) error {
		for _, id := range listings {
			var l listingState
			if _, err := get(tx, bucketListings, []byte(id), &l); err != nil {
				return err
			}
			l.Changed = false
			if err := put(tx, bucketListings, []byte(id), l); err != nil {
				return err
			}
		}
		return nil
	})
}

// gone is a listing that no item describes any more.
type gone struct {
	listing string
	state   listingState
}

// missing returns the listings that are gone. It records now for those that are
// newly gone, and clears the date of those that are back.
func (m *mirror) missing(now time.Time) (out []gone, err error) {
	err = m.update(func(tx *bolt.Tx) error {
		changed := map[string]listingState{}
		err := tx.Bucket(bucketListings).ForEach(func(k, v []byte) error {
			var l listingState
			if err := json.Unmarshal(v, &l); err != nil {
				return err
			}
			there := false
			if err := itemsOf(tx, string(k), func(x item) error { there = there || x.Main; return nil }); err != nil {
				return err
			}
			switch {
			case there && !l.Missing.IsZero():
				l.Missing, l.Done = time.Time{}, false
				changed[string(k)] = l
			case !there:
				if l.Missing.IsZero() {
					l.Missing = now
					changed[string(k)] = l
				}
				if !l.Done {
					out = append(out, gone{string(k), l})
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		for k, l := range changed {
			if err := put(tx, bucketListings, []byte(k), l); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

// markDone records that a listing that is gone needs nothing more.
func (m *mirror) markDone(g gone) error {
	g.state.Done = true
	return m.update(func(tx *bolt.Tx) error { return put(tx, bucketListings, []byte(g.listing), g.state) })
}
