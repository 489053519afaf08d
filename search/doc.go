// Package search is the contract of a search: what can be asked, and what is
// answered. It knows nothing of how: no Bleve, no files.
//
// A Query is a value. ParseQuery reads it from URL parameters, DecodeQuery from a
// JSON body, Query.String prints it. Parameters and Choices declare what can be
// asked, each once: parsing, printing, matching, facets, reasons and the reference
// are fed from there. An Answer is what comes back, and a Cursor continues it.
//
// # The pipeline
//
// A question goes from top to bottom, a written listing from bottom to top:
//
//	index     Index and Follower: what is open, followed, compacted and rebuilt
//	present   the answer as JSON: reasons, questions to ask, wider questions
//	match     which listings match, facets, the first pass and the rerank
//	complete  suggestions while somebody types
//	segment   what is kept of listings: columns, packed facts, postings
//	language  what words mean by themselves: stems, synonyms, places, negation
//	search    this package
//	calendar  when sessions take place
//
// Imports go down this list only, which the test of imports at the root holds.
//
//  1. api asks index.Index, which takes the current snapshot and resolves the
//     place and the cursor (match.New).
//  2. language.Interpreter reads the words into a Phrasing; match.Resolve corrects
//     what no listing has and looks up postings.
//  3. match compiles the other parameters into a filter, finds what matches from
//     postings or columns, and counts facets in the same pass.
//  4. match ranks: a first pass over all, then a rerank of the best 200.
//  5. present appends the answer: the brief of each listing, which is JSON already,
//     and what depends on the question.
//
// # Where to look
//
//	a typing error is corrected     match/spelling.go
//	a facet is counted              match/facets.go
//	a filter is declared            choices.go
//	a weight is set                 match/weights.go
//	a listing is packed             segment/codec.go, from the facts of facts.go
//	a reason is worded              present/reasons.go
//	a rebuild begins                index/follower.go decides, index/rebuild.go does
//
// # Glossary
//
//	doc             the number of a listing in a view; row is that in a segment
//	main segment    most listings, mapped from the disk, ordered by place
//	delta segment   what was written since the main segment was made
//	deleted         docs that were written again or withdrawn since
//	compaction      making a new main segment of both, in the background
//	snapshot        what searches see; publishing swaps it
//	disk index      a folder with Bleve's words and the file of packed facts
//	posting         a row that has a stem, and whether in its title or labels
//	form            one way to look for a word: as typed, corrected, a synonym
//	implied filter  a filter that words seem to ask for: it ranks, never excludes
//	unstated        what a listing does not say: never a no, a question to ask
//	brief           a listing as an item shows it, whatever is asked
//
// Nothing about a query is logged, or kept beside who asked. Words and texts that
// were asked for stay in memory for a while, without postcodes.
package search
