package engines

import (
	"context"
	"strings"

	"benchmark/listings"

	"gather/directory"
)

// completion is a suggestion under one of its keys, as in Gather: its name, or its
// name from a later word on.
type completion struct {
	key    string
	inside bool
	kind   int
	text   string
}

// The kinds of completion, in the order in which they are shown.
const (
	completionInterest = iota
	completionActivity
	completionGroup
)

// completions returns the distinct completions of a corpus.
func completions(ctx context.Context, c *listings.Corpus) ([]completion, error) {
	var all []completion
	seen := map[completion]bool{}
	add := func(kind int, name, text string) {
		words := listings.Split(name)
		for i := range words {
			p := completion{strings.Join(words[i:], " "), i > 0, kind, text}
			if !seen[p] {
				seen[p] = true
				all = append(all, p)
			}
		}
	}
	for _, t := range c.Words.Interests() {
		for _, name := range append([]string{t.Label, t.LabelCy}, t.Words...) {
			add(completionInterest, name, t.Label)
		}
	}
	err := listings.InOrder(ctx, c.Size, Workers, c.Listing, func(a directory.Activity) error {
		add(completionActivity, a.Title, a.Title)
		add(completionGroup, a.GroupName, a.GroupName)
		return nil
	})
	return all, err
}

// slips returns a word and all its forms with one letter deleted: two words one
// edit apart have one of these in common.
func slips(word string) []string {
	letters := []rune(word)
	all := []string{word}
	for i := range letters {
		if i > 0 && letters[i] == letters[i-1] {
			continue // the same as the one before
		}
		all = append(all, string(letters[:i])+string(letters[i+1:]))
	}
	return all
}
