package search

// form is one way in which a word is looked for: all its stems must be there.
type form struct {
	stems  []string
	weight float32 // 1 for what was typed, less for all else
	text   string  // what it is, for people
}
