package boltstore

// Syncs reports whether bbolt waits for the disk with every commit, and with
// every growth of the file.
func (s *Store) Syncs() bool { return !s.db.NoSync && !s.db.NoGrowSync }

// Unwritten is the error of a commit that the disk would not take.
func Unwritten(err error) error { return unwritten(err) }
