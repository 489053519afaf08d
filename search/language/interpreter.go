package language

import (
	"slices"
	"sync"

	"gather/directory/gazetteer"
	"gather/directory/vocabulary"
)

// Interpreter reads the texts of questions. It caches the last few thousand, in
// memory only and without anything about who asked, and none that may say where
// somebody lives. It is safe for concurrent use.
type Interpreter struct {
	vocabulary     *vocabulary.Vocabulary
	places         *gazetteer.Gazetteer
	english, plain Analyser
	// interestNames are the stemmed names of each interest, by its place in the
	// vocabulary.
	interestNames func() [][]stemmedName

	mu       sync.RWMutex
	synonyms *Synonyms
	version  int64
	// Texts asked for since recent was last full are in recent, others in older.
	recent, older map[string]*Phrasing
}

// maxRecent is how many texts recent holds before it becomes older: both are a
// few megabytes, and a town asks for fewer different things in a day.
const maxRecent = 2048

// NewInterpreter returns an Interpreter that reads with these synonyms, which
// were read for the same vocabulary, until Use.
func NewInterpreter(words *vocabulary.Vocabulary, places *gazetteer.Gazetteer, english, plain Analyser, s *Synonyms) *Interpreter {
	in := &Interpreter{vocabulary: words, places: places, english: english, plain: plain}
	in.interestNames = sync.OnceValue(in.stemInterests)
	in.Use(s)
	return in
}

// Vocabulary is the one that texts are read with.
func (in *Interpreter) Vocabulary() *vocabulary.Vocabulary { return in.vocabulary }

// Stems are the English stems of a folded text.
func (in *Interpreter) Stems(folded string) []string { return in.english.Stems(folded) }

// Use reads texts with other synonyms from now on, for the same vocabulary.
func (in *Interpreter) Use(s *Synonyms) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.synonyms = s
	in.version++
	in.recent, in.older = map[string]*Phrasing{}, nil
}

// Version counts the synonyms that were used so far: two answers of different
// versions may differ though nothing was written.
func (in *Interpreter) Version() int64 {
	in.mu.RLock()
	defer in.mu.RUnlock()
	return in.version
}

// Read returns what a text asks for.
func (in *Interpreter) Read(text string) *Phrasing {
	in.mu.RLock()
	p, recent := in.recent[text]
	if p == nil {
		p = in.older[text]
	}
	s := in.synonyms
	in.mu.RUnlock()
	if recent {
		return p
	}
	if p == nil {
		p = in.interpret(text, s)
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	// What was read with other synonyms must not outlive them.
	if in.synonyms == s && !p.private {
		in.cache(text, p)
	}
	return p
}

// cache remembers a phrasing for at least maxRecent other texts. in.mu is held.
func (in *Interpreter) cache(text string, p *Phrasing) {
	if len(in.recent) >= maxRecent {
		in.recent, in.older = map[string]*Phrasing{}, in.recent
	}
	in.recent[text] = p
}

// Expansions are what else to look for where a word or phrase is asked for.
func (in *Interpreter) Expansions(word string) []Form {
	in.mu.RLock()
	s := in.synonyms
	in.mu.RUnlock()
	return in.forms(s.expansionsOf(word))
}

// stemmedName is a name of an interest; label is true of its label in English or
// Welsh.
type stemmedName struct {
	stems []string
	label bool
}

func (in *Interpreter) stemInterests() (all [][]stemmedName) {
	for _, t := range in.vocabulary.Interests() {
		var names []stemmedName
		for _, name := range slices.Concat([]string{t.Label, t.LabelCy}, t.Words, t.WordsCy) {
			if name != "" {
				names = append(names, stemmedName{in.english.Stems(Fold(name)), name == t.Label || name == t.LabelCy})
			}
		}
		all = append(all, names)
	}
	return all
}

// Names reports whether stems name an interest, given by its place in the
// vocabulary: they are among those of its label, or are all of another word for
// it.
func (in *Interpreter) Names(interest uint16, stems []string) bool {
	among := func(some, all []string) bool {
		return !slices.ContainsFunc(some, func(stem string) bool { return !slices.Contains(all, stem) })
	}
	return slices.ContainsFunc(in.interestNames()[interest], func(name stemmedName) bool {
		return among(stems, name.stems) && (name.label || among(name.stems, stems))
	})
}
