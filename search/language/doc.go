// Package language reads text: the words of a listing for the index, and the
// words of a question for a search.
//
// A TokenCache splits the texts of a listing into words and stems, part by part
// (title, labels of interests, summary and so on, see Part).
//
// An Interpreter reads a question into a Phrasing. It depends on the vocabulary,
// the gazetteer and the synonyms only, never on what is indexed, so it is cached
// by text. The steps, each in a file of its own:
//
//	placeintext.go  a place among the words: "yoga in Leith"
//	negation.go     what is not wanted: "not religious", "no voucher"
//	ages.go         ages: "over 70", "mum who is 82"
//	synonyms.go     what else to look for, from synonyms.csv and an operator's file
//	informative.go  which words of a sentence to look for at all
//	implied.go      filters that the words imply: for=carers, day=tue
//
// What depends on the index, such as correcting a misspelt word, is done by
// package match.
package language
