package segment

import (
	"testing"

	"gather/directory/vocabulary"
	"gather/search"
)

// The bits of all choices fit into one column, apart from each other.
func TestChoicesShareOneColumn(t *testing.T) {
	words, err := vocabulary.Default()
	if err != nil {
		t.Fatal(err)
	}
	var taken uint64
	choices := NewOrdinals(words).Choices
	for _, b := range choices {
		if b.All == 0 || b.Unstated == 0 || b.All&taken != 0 {
			t.Errorf("%s has the bits %b, of which %b are taken", b.Choice.Name, b.All, b.All&taken)
		}
		taken |= b.All
		for n, term := range words.List(b.Choice.List) {
			if got := b.Of([]string{term.ID}); got != 1<<(b.First+n) || got&b.All == 0 || got == b.Unstated {
				t.Errorf("%s=%s is %b", b.Choice.Name, term.ID, got)
			}
		}
		if b.Of([]string{search.NotStated, "no such id"}) != b.Unstated {
			t.Errorf("%s: what is not stated is not its last bit", b.Choice.Name)
		}
	}
	if len(choices) == 0 {
		t.Error("there are no choices")
	}
}
