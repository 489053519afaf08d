// Package relevance judges how Gather and the databases rank the results of the
// searches in search/testdata/relevance.
package relevance

import (
	"strings"
	"time"

	"gather/directory"
	"gather/directory/vocabulary"
)

// now is the current time in the corpus.
var now = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// texts are the texts of a listing for a database, the one with most weight first:
// the title, the labels and synonyms of its interests, the short texts, and the
// rest.
func texts(a directory.Activity, words *vocabulary.Vocabulary) [4]string {
	var labels []string
	for _, id := range a.Interests {
		if t, ok := words.Interest(id); ok {
			labels = append(append(append(labels, t.Label, t.LabelCy), t.Words...), t.WordsCy...)
		}
	}
	brief := a.Summary + " " + a.GroupName
	if v := a.Venue; v != nil {
		brief += " " + strings.Join([]string{v.Name, v.Address.Street, v.Address.Locality, v.Address.Town}, " ")
	}
	title, body := a.Title, a.Description
	if w := a.Welsh; w != nil {
		title, brief, body = title+" "+w.Title, brief+" "+w.Summary, body+" "+w.Description
	}
	if v := a.FirstVisit; v != nil {
		body += " " + v.WhatToExpect
	}
	return [4]string{title, strings.Join(labels, " "), brief, body}
}
