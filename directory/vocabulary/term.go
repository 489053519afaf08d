package vocabulary

import (
	"bytes"
	"embed"
	"fmt"
	"slices"
	"strconv"
)

// Term is one value of a closed list. Label, LabelCy and Meaning are never
// empty; other fields are empty in lists that do not use them.
type Term struct {
	ID      string `json:"id"`       // kebab-case, never changes; for Language an ISO 639 code
	Label   string `json:"label"`    // English, for people
	LabelCy string `json:"label_cy"` // Welsh, for people
	Meaning string `json:"meaning"`  // what a listing promises by it; for Language the standard the code is from

	Question   string `json:"question,omitempty"`    // what to ask when a listing says nothing
	QuestionCy string `json:"question_cy,omitempty"` // the same in Welsh
	Why        string `json:"why,omitempty"`         // short reason shown with a search result that matched it
	WhyCy      string `json:"why_cy,omitempty"`      // the same in Welsh

	Words      []string `json:"words,omitempty"`      // synonyms, English and Welsh
	Broader    []string `json:"broader,omitempty"`    // ids in the same list that include it
	OpenActive []string `json:"openactive,omitempty"` // UUIDs in OpenActive's accessibility-support list
	From       string   `json:"from,omitempty"`       // TimeOfDay: first start time, HH:MM
	Until      string   `json:"until,omitempty"`      // TimeOfDay: first time past it, HH:MM, at most 24:00

	// How search uses the term; not published.

	Young      bool      `json:"-"` // Audience: children and young people, or adults who come with them
	FromAge    int       `json:"-"` // Audience: everybody of this age in years and older; 0 for other audiences
	AskFirst   int       `json:"-"` // Access, FirstVisit: position in AskedFirst, from 1; 0 when not in it
	PriceSteps []float64 `json:"-"` // Cost: upper bounds in pounds of the price facet, ascending
}

type list struct {
	terms  []Term
	byID   map[string]int
	byWord map[string]int // folded id, label or word
}

//go:embed lists/*.csv
var listFiles embed.FS

// List returns the terms of a closed list in the order to show them, or nil when
// there is no list of that name. The slice is the caller's; what its terms
// point to must not be changed.
func (v *Vocabulary) List(name string) []Term {
	l := v.lists[name]
	if l == nil {
		return nil
	}
	return slices.Clone(l.terms)
}

// Term returns the term of a closed list with exactly that id.
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

// TermByWords returns the term of a closed list whose id, label or synonym, in
// English or Welsh, equals text once both are folded.
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

// AskedFirst returns the terms that most often decide whether somebody can and
// will come, in the order in which link workers ask: the questions to show
// first where a listing with a venue leaves them open. The slice must not be
// changed.
func (v *Vocabulary) AskedFirst() []Asked { return v.askedFirst }

// AudienceFrom returns the audience of people of this age in years and older: of
// several, the one with the highest age. It is empty below all of them.
func (v *Vocabulary) AudienceFrom(years int) (id string) {
	from := 0
	for _, t := range v.lists[Audience].terms {
		if t.FromAge > from && t.FromAge <= years {
			id, from = t.ID, t.FromAge
		}
	}
	return id
}

// askedFirst returns the terms with a number in the column ask_first, sorted by
// it.
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
			return nil, fmt.Errorf("line %d: the id %q is used twice", r.line, t.ID)
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
		return fmt.Errorf("young is %q; want yes or an empty cell", young)
	}
	for column, n := range map[string]*int{"from_age": &t.FromAge, "ask_first": &t.AskFirst} {
		text := r.text(column)
		if text == "" {
			continue
		}
		var err error
		if *n, err = strconv.Atoi(text); err != nil || *n < 1 {
			return fmt.Errorf("%s is %q; want a whole number from 1", column, text)
		}
	}
	last := 0.0
	for _, text := range r.many("price_steps") {
		pounds, err := strconv.ParseFloat(text, 64)
		if err != nil || pounds <= last {
			return fmt.Errorf("price_steps: %q is not a price higher than the one before", text)
		}
		t.PriceSteps, last = append(t.PriceSteps, pounds), pounds
	}
	return nil
}

// kebab reports whether id is parts of lower-case ASCII letters and digits,
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
