// Package match finds the listings that answer a question, counts their facets
// and puts them in order.
//
// A Search runs a question on a view of the segments. The words are resolved
// against what listings have (words.go, spelling.go, joined.go), all other parameters
// are compiled into a filter (filter.go), and the matcher starts from whichever side
// leaves fewest rows to test: postings (block.go), an interest's list, or ranges of
// places (matcher.go, circle.go). Facets are counted in the same pass (facets.go).
//
// The best are ranked in two passes, with the weights of weights.go: the first
// scores every match from its columns (rank.go), the rerank reads the stems of the
// best in order (rerank.go, stems.go, tokens.go). Other orders compare numbers
// (order.go).
package match
