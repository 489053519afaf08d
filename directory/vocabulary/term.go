package vocabulary

import (
	"bytes"
	"embed"
	"fmt"
	"slices"
	"strconv"
)

// Term is one value of a closed list. Label, LabelCy and Meaning are never
// empty; the rest is empty where the list has no use for it.
type Term struct {
	ID      string `json:"id"`       // kebab-case, stable for ever; for Language an ISO 639 code
	Label   string `json:"label"`    // English, for people
	LabelCy string `json:"label_cy"` // Welsh, for people
	Meaning string `json:"meaning"`  // what a listing promises by it; for Language the standard the code is from

	Question   string `json:"question,omitempty"`    // what to ask when a listing says nothing
	QuestionCy string `json:"question_cy,omitempty"` // the same in Welsh
	Why        string `json:"why,omitempty"`         // short phrase for a search result it matched
	WhyCy      string `json:"why_cy,omitempty"`      // the same in Welsh

	Words      []string `json:"words,omitempty"`      // other words for the same, English and Welsh
	Broader    []string `json:"broader,omitempty"`    // ids in the same list that include it
	OpenActive []string `json:"openactive,omitempty"` // UUIDs in OpenActive's accessibility-support list
	From       string   `json:"from,omitempty"`       // TimeOfDay: first start time, HH:MM
	Until      string   `json:"until,omitempty"`      // TimeOfDay: first time past it, HH:MM, at most 24:00

	// What search knows of a term beside what a listing says by it; not published.

	Young      bool      `json:"-"` // Audience: children, or grown-ups who come with or as the young
	FromAge    int       `json:"-"` // Audience: all people of so many years and older, 0 for any other
	AskFirst   int       `json:"-"` // Access, FirstVisit: its place in AskedFirst, from 1, 0 for none
	PriceSteps []float64 `json:"-"` // Cost: the prices in pounds that search counts up to, rising
}

type list struct {
	terms  []Term
	byID   map[string]int
	byWord map[string]int // folded id, label or word
}

//go:embed lists/*.csv
var listFiles embed.FS

// List is the terms of a closed list in the order to show them, or nil when
// there is no list of that name. The slice is the caller's; what its terms
// point to must not be changed.
func (v *Vocabulary) List(name string) []Term {
	l := v.lists[name]
	if l == nil {
		return nil
	}
	return slices.Clone(l.terms)
}

// Term is the term of a closed list with exactly that id.
func (v *Vocabulary) Term(name, id string) (Term, bool) {
	l := v.lists[name]
	if l == nil {
		return Term{}, false
	}
	i, ok := l.byID[id]
	if !ok {
		return Term{}, false
	}
	return l.terms[i], true
}

// TermByWords is the term of a closed list whose id, label or other word, in
// English or Welsh, is text once both are folded.
func (v *Vocabulary) TermByWords(name, text string) (Term, bool) {
	l := v.lists[name]
	if l == nil {
		return Term{}, false
	}
	i, ok := l.byWord[Fold(text)]
	if !ok {
		return Term{}, false
	}
	return l.terms[i], true
}

// Asked is a term of a closed list and the name of that list.
type Asked struct {
	List string
	Term Term
}

// AskedFirst is what decides most often whether somebody can come and dares to,
// in the order in which link workers ask: the questions to show first where a
// listing with a venue does not answer them. The slice must not be changed.
func (v *Vocabulary) AskedFirst() []Asked { return v.askedFirst }

// AudienceFrom is the audience of people of so many years and older: of several,
// the one that begins latest. It is empty below all of them.
func (v *Vocabulary) AudienceFrom(years int) (id string) {
	from := 0
	for _, t := range v.lists[Audience].terms {
		if t.FromAge > from && t.FromAge <= years {
			id, from = t.ID, t.FromAge
		}
	}
	return id
}

// askedFirst puts the terms with a place in the column ask_first in order.
func askedFirst(lists map[string]*list) ([]Asked, error) {
	var all []Asked
	for _, name := range Names() {
		for _, t := range lists[name].terms {
			if t.AskFirst > 0 {
				all = append(all, Asked{name, t})
			}
		}
	}
	slices.SortFunc(all, func(a, b Asked) int { return a.Term.AskFirst - b.Term.AskFirst })
	for i, a := range all {
		if a.Term.AskFirst != i+1 || a.Term.Question == "" {
			return nil, fmt.Errorf("%s/%s: ask_first is %d: the numbers of all lists run from 1 without a gap, and each has a question", a.List, a.Term.ID, a.Term.AskFirst)
		}
	}
	return all, nil
}

func readLists() (map[string]*list, error) {
	lists := make(map[string]*list)
	for _, name := range Names() {
		data, err := listFiles.ReadFile("lists/" + name + ".csv")
		if err != nil {
			return nil, err
		}
		rows, err := readTable(bytes.NewReader(data), "id", "label", "label_cy", "meaning")
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		l, err := newList(rows)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		lists[name] = l
	}
	return lists, nil
}

func newList(rows []row) (*list, error) {
	l := &list{byID: make(map[string]int), byWord: make(map[string]int)}
	for i, r := range rows {
		t := Term{
			ID: r.text("id"), Label: r.text("label"), LabelCy: r.text("label_cy"), Meaning: r.text("meaning"),
			Question: r.text("question"), QuestionCy: r.text("question_cy"), Why: r.text("why"), WhyCy: r.text("why_cy"),
			Words: r.many("words"), Broader: r.many("broader"), OpenActive: r.many("openactive"),
			From: r.text("from"), Until: r.text("until"),
		}
		if !kebab(t.ID) || t.Label == "" || t.LabelCy == "" || t.Meaning == "" {
			return nil, fmt.Errorf("line %d: id, both labels and the meaning are required, and the id in kebab-case", r.line)
		}
		if err := t.readUses(r); err != nil {
			return nil, fmt.Errorf("line %d: %w", r.line, err)
		}
		if _, taken := l.byID[t.ID]; taken {
			return nil, fmt.Errorf("line %d: the id %q is taken", r.line, t.ID)
		}
		l.byID[t.ID] = i
		for _, w := range append([]string{t.ID, t.Label, t.LabelCy}, t.Words...) {
			f := Fold(w)
			if j, taken := l.byWord[f]; taken && j != i {
				return nil, fmt.Errorf("line %d: %q already means %q", r.line, w, l.terms[j].ID)
			}
			l.byWord[f] = i
		}
		l.terms = append(l.terms, t)
	}
	for _, t := range l.terms {
		for _, b := range t.Broader {
			if _, ok := l.byID[b]; !ok || b == t.ID {
				return nil, fmt.Errorf("%q names %q as broader, which is not another id of the list", t.ID, b)
			}
		}
	}
	return l, nil
}

// readUses reads the columns young, from_age, ask_first and price_steps.
func (t *Term) readUses(r row) error {
	switch young := r.text("young"); young {
	case "", "yes":
		t.Young = young == "yes"
	default:
		return fmt.Errorf("young is %q, not yes or nothing", young)
	}
	for column, n := range map[string]*int{"from_age": &t.FromAge, "ask_first": &t.AskFirst} {
		text := r.text(column)
		if text == "" {
			continue
		}
		var err error
		if *n, err = strconv.Atoi(text); err != nil || *n < 1 {
			return fmt.Errorf("%s is %q, not a number from 1", column, text)
		}
	}
	last := 0.0
	for _, text := range r.many("price_steps") {
		pounds, err := strconv.ParseFloat(text, 64)
		if err != nil || pounds <= last {
			return fmt.Errorf("price_steps: %q is not a price above the one before", text)
		}
		t.PriceSteps, last = append(t.PriceSteps, pounds), pounds
	}
	return nil
}

// kebab reports whether id is lower-case ASCII letters and digits in parts
// joined by single hyphens.
func kebab(id string) bool {
	previous := byte('-')
	for i := range len(id) {
		c := id[i]
		switch {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
		case c == '-' && previous != '-':
		default:
			return false
		}
		previous = c
	}
	return previous != '-'
}
