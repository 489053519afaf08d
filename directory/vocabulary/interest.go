package vocabulary

import (
	"bytes"
	"cmp"
	_ "embed"
	"fmt"
	"slices"
	"strings"
)

// Interest is one thing an activity can be about. The concepts form a graph:
// each may have several broader ones, and none is its own ancestor.
type Interest struct {
	ID      string `json:"id"`                 // kebab-case, never changes
	Label   string `json:"label"`              // English, for people
	LabelCy string `json:"label_cy,omitempty"` // Welsh, for people; never empty in our own, often in imported ones

	Words   []string `json:"words,omitempty"`    // English words for the same thing
	WordsCy []string `json:"words_cy,omitempty"` // Welsh words for the same thing
	// LeadsHere are narrower words that should find this concept although
	// they are no synonyms of it ("panic attacks" and wellbeing): never
	// replace one with the other.
	LeadsHere []string `json:"leads_here,omitempty"`

	Broader []string `json:"broader,omitempty"` // ids that include it, most specific first
	Related []string `json:"related,omitempty"` // ids to offer as well, ranked lower

	OpenActive string `json:"openactive,omitempty"` // UUID in OpenActive's activity list

	// Imported concepts only.
	Definition string   `json:"definition,omitempty"` // as the source words it
	Source     []string `json:"source,omitempty"`     // URIs of the concepts it was read from or merged with
	Scheme     string   `json:"scheme,omitempty"`     // URI of the vocabulary it is from; empty for our own
	Licence    string   `json:"licence,omitempty"`    // of the source, a URI or a name
	Withdrawn  bool     `json:"withdrawn,omitempty"`  // missing from the latest import; kept because listings may use it
}

type interests struct {
	sorted   []Interest
	byID     map[string]int
	children map[string][]string
	byWord   map[string]string // folded label or word: id
	leadsTo  map[string]string // folded LeadsHere: id
}

//go:embed interests.csv
var interestsFile []byte

// Interests returns every concept in the order of ids, withdrawn ones included.
// The slice is the caller's; what its concepts point to must not be changed.
func (v *Vocabulary) Interests() []Interest { return slices.Clone(v.interests.sorted) }

// Interest returns the concept with exactly that id.
func (v *Vocabulary) Interest(id string) (Interest, bool) {
	i, ok := v.interests.byID[id]
	if !ok {
		return Interest{}, false
	}
	return v.interests.sorted[i], true
}

// Narrower returns id and every concept it includes at any depth, nearest first;
// nil when there is no such concept.
func (v *Vocabulary) Narrower(id string) []string {
	return v.interests.closure(id, func(id string) []string { return v.interests.children[id] })
}

// Broader returns every concept that includes id at any depth, nearest first and
// without id itself; nil when there is none or no such concept.
func (v *Vocabulary) Broader(id string) []string {
	ids := v.interests.closure(id, func(id string) []string { return v.interests.sorted[v.interests.byID[id]].Broader })
	if len(ids) < 2 {
		return nil
	}
	return ids[1:]
}

// closure walks breadth first; the graph has no cycles, but has diamonds.
func (in *interests) closure(id string, next func(string) []string) []string {
	if _, ok := in.byID[id]; !ok {
		return nil
	}
	seen := map[string]bool{id: true}
	ids := []string{id}
	for i := 0; i < len(ids); i++ {
		for _, n := range next(ids[i]) {
			if !seen[n] {
				seen[n] = true
				ids = append(ids, n)
			}
		}
	}
	return ids
}

// ByWords returns the concept whose label or other word, in English or Welsh,
// equals text once both are folded; failing that, the one with text among its
// LeadsHere. It matches whole phrases only, not parts of text.
func (v *Vocabulary) ByWords(text string) (id string, ok bool) {
	folded := Fold(text)
	if id, ok = v.interests.byWord[folded]; ok {
		return id, true
	}
	id, ok = v.interests.leadsTo[folded]
	return id, ok
}

// NearestInterest is Nearest for interests.
func (v *Vocabulary) NearestInterest(text string) (id string, ok bool) {
	if id, ok = v.ByWords(text); ok {
		return id, true
	}
	candidates := make([]candidate, len(v.interests.sorted))
	for i, t := range v.interests.sorted {
		candidates[i] = candidate{t.ID, append([]string{t.ID, t.Label, t.LabelCy}, t.Words...)}
	}
	return nearest(text, candidates)
}

func readInterests() (*interests, error) {
	rows, err := readTable(bytes.NewReader(interestsFile), "id", "label", "label_cy", "words", "words_cy", "broader", "related", "openactive", "leads_here")
	if err != nil {
		return nil, err
	}
	all := make([]Interest, len(rows))
	for i, r := range rows {
		all[i] = Interest{
			ID: r.text("id"), Label: r.text("label"), LabelCy: r.text("label_cy"),
			Words: r.many("words"), WordsCy: r.many("words_cy"), LeadsHere: r.many("leads_here"),
			Broader: r.many("broader"), Related: r.many("related"), OpenActive: r.text("openactive"),
		}
		if all[i].LabelCy == "" {
			return nil, fmt.Errorf("line %d: %q has no Welsh label", r.line, all[i].ID)
		}
	}
	return newInterests(all)
}

// names returns the labels and synonyms of t, in the order of precedence.
func (t Interest) names() []string {
	return slices.Concat([]string{t.Label, t.LabelCy}, t.Words, t.WordsCy)
}

// newInterests builds the graph and checks it. Two concepts may not claim the
// same word; only an imported one (which has a Scheme) gives way to a concept
// before it in all.
func newInterests(all []Interest) (*interests, error) {
	in := &interests{
		sorted:   slices.SortedStableFunc(slices.Values(all), func(a, b Interest) int { return strings.Compare(a.ID, b.ID) }),
		byID:     make(map[string]int),
		children: make(map[string][]string),
		byWord:   make(map[string]string),
		leadsTo:  make(map[string]string),
	}
	for i, t := range in.sorted {
		if !kebab(t.ID) || t.Label == "" {
			return nil, fmt.Errorf("interest %q: the id must be in kebab-case and the label not empty", t.ID)
		}
		if _, taken := in.byID[t.ID]; taken {
			return nil, fmt.Errorf("interest %q: the id is used twice", t.ID)
		}
		in.byID[t.ID] = i
	}
	for _, t := range in.sorted {
		for _, other := range slices.Concat(t.Broader, t.Related) {
			if _, ok := in.byID[other]; !ok || other == t.ID {
				return nil, fmt.Errorf("interest %q: %q is not the id of another interest", t.ID, other)
			}
		}
		for _, b := range t.Broader {
			in.children[b] = append(in.children[b], t.ID)
		}
	}
	if err := in.claimWords(all); err != nil {
		return nil, err
	}
	if cycle := findCycle(in.sorted); cycle != nil {
		return nil, &CycleError{IDs: cycle}
	}
	return in, nil
}

func (in *interests) claimWords(all []Interest) error {
	// Withdrawn concepts come last: a live one may need their words.
	live := slices.SortedStableFunc(slices.Values(all), func(a, b Interest) int {
		return cmp.Compare(withdrawnLast(a), withdrawnLast(b))
	})
	for _, t := range live {
		for _, w := range t.names() {
			folded := Fold(w)
			owner, taken := in.byWord[folded]
			switch {
			case folded == "" || taken && owner == t.ID:
			case !taken:
				in.byWord[folded] = t.ID
			case t.Scheme == "":
				return fmt.Errorf("interest %q: %q already means %q", t.ID, w, owner)
			}
		}
		for _, w := range t.LeadsHere {
			if folded := Fold(w); in.leadsTo[folded] == "" {
				in.leadsTo[folded] = t.ID
			}
		}
	}
	return nil
}

func withdrawnLast(t Interest) int {
	if t.Withdrawn {
		return 1
	}
	return 0
}

// CycleError reports a cycle: concepts that are broader than themselves, directly
// or through others.
type CycleError struct {
	IDs []string // each is broader than the one before; the last repeats the first
}

func (e *CycleError) Error() string {
	return "these concepts are broader than themselves: " + strings.Join(e.IDs, " → ")
}

// findCycle returns the first cycle of broader concepts, or nil. It keeps its own
// stack instead of recursing, since a chain may be as long as the import.
func findCycle(concepts []Interest) []string {
	broader := make(map[string][]string, len(concepts))
	for _, c := range concepts {
		broader[c.ID] = c.Broader
	}
	type step struct {
		id   string
		next int // which broader concept to try
	}
	const onPath, done = 1, 2
	state := make(map[string]int, len(concepts))
	for _, c := range concepts {
		if state[c.ID] == done {
			continue
		}
		path := []step{{id: c.ID}}
		state[c.ID] = onPath
		for len(path) > 0 {
			top := &path[len(path)-1]
			if top.next == len(broader[top.id]) {
				state[top.id] = done
				path = path[:len(path)-1]
				continue
			}
			up := broader[top.id][top.next]
			top.next++
			switch state[up] {
			case onPath:
				var ids []string
				for i := slices.IndexFunc(path, func(s step) bool { return s.id == up }); i < len(path); i++ {
					ids = append(ids, path[i].id)
				}
				return append(ids, up)
			case done:
			default:
				state[up] = onPath
				path = append(path, step{id: up})
			}
		}
	}
	return nil
}
