package harvest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	bolt "go.etcd.io/bbolt"

	"gather/directory/bulk"
)

// mirror stores what was fetched from one source in one file: every item,
// the listing it belongs to, and when each vanished listing was first
// missed. A page and the address to resume from are written in one transaction.
type mirror struct{ db *bolt.DB }

// The buckets of a mirror.
var (
	bucketFeeds    = []byte("feeds")    // address: feedState
	bucketItems    = []byte("items")    // address, 0, id: item
	bucketIndex    = []byte("index")    // listing, 0, key of an item: nothing
	bucketListings = []byte("listings") // listing: listingState
)

// feedState is the progress of harvesting one address.
type feedState struct {
	Kind string `json:"kind"`
	// Next is the page of a feed to resume from; ETag and Modified are those of
	// its last response.
	Next     string `json:"next,omitempty"`
	ETag     string `json:"etag,omitempty"`
	Modified string `json:"modified,omitempty"`
	// Walk counts the walks of the address from its beginning.
	Walk    int    `json:"walk"`
	Licence string `json:"licence,omitempty"`
}

// item is one fetched item.
type item struct {
	Listing string      `json:"listing"`
	Main    bool        `json:"main,omitempty"`
	Format  bulk.Format `json:"format,omitempty"`
	// Walk is the last walk that saw it. Brief is the hash of its entry in a
	// list, and ETag that of the response with the whole service.
	Walk  int             `json:"walk"`
	Brief string          `json:"brief,omitempty"`
	ETag  string          `json:"etag,omitempty"`
	Data  json.RawMessage `json:"data,omitempty"`
}

// listingState is the state of one listing.
type listingState struct {
	// Changed reports whether it has to be imported.
	Changed bool `json:"changed,omitempty"`
	// Missing is when it was first found to be gone, zero while it is there.
	// Done reports whether a listing that is gone has been dealt with.
	Missing time.Time `json:"missing,omitzero"`
	Done    bool      `json:"settled,omitempty"`
}

func openMirror(file string) (*mirror, error) {
	db, err := bolt.Open(file, 0o600, &bolt.Options{Timeout: time.Second})
	if errors.Is(err, bolt.ErrTimeout) {
		return nil, fmt.Errorf("open %s: %w", file, ErrBusy)
	}
	if err != nil {
		return nil, fmt.Errorf("open the mirror %s: %w", file, err)
	}
	m := &mirror{db}
	err = m.update(func(tx *bolt.Tx) error {
		for _, b := range [][]byte{bucketFeeds, bucketItems, bucketIndex, bucketListings} {
			if _, err := tx.CreateBucketIfNotExists(b); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return m, nil
}

func (m *mirror) close() error {
	if err := m.db.Close(); err != nil {
		return fmt.Errorf("close the mirror: %w", err)
	}
	return nil
}

func (m *mirror) update(change func(*bolt.Tx) error) error {
	if err := m.db.Update(change); err != nil {
		return fmt.Errorf("write the mirror: %w", err)
	}
	return nil
}

func (m *mirror) view(look func(*bolt.Tx) error) error {
	if err := m.db.View(look); err != nil {
		return fmt.Errorf("read the mirror: %w", err)
	}
	return nil
}

// copyOf copies a mirror to a temporary file for a dry run, or creates an empty
// one, and returns its path.
func copyOf(file string) (string, error) {
	out, err := os.CreateTemp("", "gather-harvest-*.db")
	if err != nil {
		return "", fmt.Errorf("copy the mirror: %w", err)
	}
	in, err := os.Open(file)
	if err == nil {
		_, err = io.Copy(out, in)
		err = errors.Join(err, in.Close())
	} else if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	if err = errors.Join(err, out.Close()); err != nil {
		return "", errors.Join(fmt.Errorf("copy the mirror: %w", err), os.Remove(out.Name()))
	}
	return out.Name(), nil
}

// get reads a value of a bucket into v; it returns false where there is none.
func get(tx *bolt.Tx, bucket, key []byte, v any) (bool, error) {
	b := tx.Bucket(bucket).Get(key)
	if b == nil {
		return false, nil
	}
	return true, json.Unmarshal(b, v)
}

func put(tx *bolt.Tx, bucket, key []byte, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return tx.Bucket(bucket).Put(key, b)
}

// feed returns the progress of harvesting an address.
func (m *mirror) feed(address string) (s feedState, err error) {
	err = m.view(func(tx *bolt.Tx) error {
		_, err := get(tx, bucketFeeds, []byte(address), &s)
		return err
	})
	return s, err
}

// licence returns the licence that one of the feeds names.
func (m *mirror) licence() (licence string, err error) {
	err = m.view(func(tx *bolt.Tx) error {
		return tx.Bucket(bucketFeeds).ForEach(func(_, b []byte) error {
			var s feedState
			err := json.Unmarshal(b, &s)
			if s.Licence != "" {
				licence = s.Licence
			}
			return err
		})
	})
	return licence, err
}

func pair(a, b string) []byte { return []byte(a + "\x00" + b) }

// item returns an item of the mirror; the zero value where there is none.
func (m *mirror) item(address, id string) (x item, err error) {
	err = m.view(func(tx *bolt.Tx) error {
		_, err := get(tx, bucketItems, pair(address, id), &x)
		return err
	})
	return x, err
}

// putItem writes an item. If it is new or its data differ, it marks its listing,
// and the one it belonged to before, as changed.
func putItem(tx *bolt.Tx, address, id string, x item) error {
	key := pair(address, id)
	var was item
	known, err := get(tx, bucketItems, key, &was)
	if err != nil {
		return err
	}
	if known && was.Listing != x.Listing {
		if err := dropItem(tx, address, id); err != nil {
			return err
		}
		known = false
	}
	if err := put(tx, bucketItems, key, x); err != nil {
		return err
	}
	if err := tx.Bucket(bucketIndex).Put(pair(x.Listing, string(key)), nil); err != nil {
		return err
	}
	if known && was.Main == x.Main && bytes.Equal(was.Data, x.Data) {
		return nil
	}
	return markChanged(tx, x.Listing)
}

// dropItem removes an item that is gone.
func dropItem(tx *bolt.Tx, address, id string) error {
	key := pair(address, id)
	var was item
	if known, err := get(tx, bucketItems, key, &was); err != nil || !known {
		return err
	}
	if err := tx.Bucket(bucketItems).Delete(key); err != nil {
		return err
	}
	if err := tx.Bucket(bucketIndex).Delete(pair(was.Listing, string(key))); err != nil {
		return err
	}
	return markChanged(tx, was.Listing)
}

func markChanged(tx *bolt.Tx, listing string) error {
	var l listingState
	if _, err := get(tx, bucketListings, []byte(listing), &l); err != nil || l.Changed || listing == "" {
		return err
	}
	l.Changed = true
	return put(tx, bucketListings, []byte(listing), l)
}

// keep writes the progress of harvesting an address, and what change writes, in
// one transaction.
func (m *mirror) keep(address string, s feedState, change func(*bolt.Tx) error) error {
	return m.update(func(tx *bolt.Tx) error {
		if change != nil {
			if err := change(tx); err != nil {
				return err
			}
		}
		return put(tx, bucketFeeds, []byte(address), s)
	})
}

// sweep removes the items of an address that its newest walk, which must be
// complete, did not see.
func sweep(tx *bolt.Tx, address string, walk int) error {
	prefix := pair(address, "")
	var gone []string
	c := tx.Bucket(bucketItems).Cursor()
	for k, v := c.Seek(prefix); bytes.HasPrefix(k, prefix); k, v = c.Next() {
		var x item
		if err := json.Unmarshal(v, &x); err != nil {
			return err
		}
		if x.Walk != walk {
			gone = append(gone, string(k[len(prefix):]))
		}
	}
	for _, id := range gone {
		if err := dropItem(tx, address, id); err != nil {
			return err
		}
	}
	return nil
}

// itemsOf calls each for the items that belong to a listing.
func itemsOf(tx *bolt.Tx, listing string, each func(item) error) error {
	prefix := pair(listing, "")
	c := tx.Bucket(bucketIndex).Cursor()
	for k, _ := c.Seek(prefix); bytes.HasPrefix(k, prefix); k, _ = c.Next() {
		var x item
		if known, err := get(tx, bucketItems, k[len(prefix):], &x); err != nil || !known {
			return errors.Join(err, fmt.Errorf("the index names an item that is not there"))
		}
		if err := each(x); err != nil {
			return err
		}
	}
	return nil
}
