// Package index keeps the index of a directory and answers searches from it.
//
// An Index has one disk index at a time (disk.go), in a folder of its own
// (folder.go): Bleve's words, and the file of packed facts. Searches read a
// snapshot of it, which publishing swaps (index.go, ask.go).
//
// A Follower reads the change log (follower.go). It applies pages of changes to the
// delta segment (write.go), or lets Rebuild build a new disk index beside the old
// one where that is empty, damaged, of another log, or of another vocabulary
// (rebuild.go, fill.go). After a failed write it lets Recover open the disk index
// again (failure.go). Compaction makes a new main segment in the background
// (compact.go). All of that takes one core while anybody searches (throttle.go).
package index
