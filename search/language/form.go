package language

// Form is one way in which a word is looked for: all its stems must be there.
type Form struct {
	Stems  []string
	Weight float32 // 1 for what was typed, less for all else
	Text   string  // what it is, for people
}
