// Package segment holds the listings of an index as searches read them.
//
// A listing becomes Facts (facts.go), which are packed (codec.go) into one file of
// all listings (listings.go), with its brief in JSON (brief.go), and a document of
// words for Bleve (document.go). Its facts are also a row of Columns (columns.go,
// builder.go), which filters, facets and orders scan.
//
// There are two segments with the same methods, see Segment: Main is mapped from
// the disk and sorted by place, Delta is in memory and holds what was written
// since. A View is one state of both: it alone divides docs among them. Apply
// makes the next view of written listings; Compact makes a new main segment of
// both (compact.go). Postings are the rows that have a stem (postings.go).
package segment
