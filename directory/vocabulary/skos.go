package vocabulary

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The limits of an import. OpenActive's activity list has 768 concepts in half
// a megabyte; a whole library thesaurus would be no use as interests, and the
// vocabulary stays in memory as long as the program runs.
const (
	MaxImportBytes     = 32 << 20 // of the file
	MaxImportConcepts  = 20_000
	MaxImportLabel     = 150   // characters of a label or other word, so that it fits two lines of a page
	MaxImportText      = 4_000 // characters of a definition
	MaxImportWords     = 100   // other words of one concept
	MaxImportDepth     = 64    // of nested JSON, since reading it recurses
	MaxImportFaults    = 1_000
	maxImportIDBytes   = 500
	maxImportRelations = 200
)

// Options says how to read a vocabulary. The zero value reads SKOS JSON-LD
// that names its own scheme.
type Options struct {
	// Source is the URI of the vocabulary. A later import with the same
	// Source replaces this one. Empty: taken from the file, which must then
	// name it.
	Source string
	// Licence is the licence's URI or name. Empty: taken from the file.
	Licence string
	// Language is the tag of the labels used as English ones, "en" when
	// empty. Welsh ("cy") is always read too.
	Language string

	// Columns of a CSV file. Empty means "id", "label", "label_cy", "words",
	// "broader" and "definition". Only the label's column is required; without
	// ids the label is the id. Several values in a cell are separated by
	// Separator, ";" when empty. Broader may name ids or labels.
	IDColumn, LabelColumn, LabelCyColumn, WordsColumn, BroaderColumn, DefinitionColumn string
	Separator                                                                          string

	// ChildrenKey, when set, reads nested JSON: every object is a concept and
	// this key holds the narrower ones. IDKey and LabelKey are "id" and
	// "label" when empty; without an id the path of labels is the id. An id
	// found in two places is one concept with two parents.
	ChildrenKey, IDKey, LabelKey string
}

// Concept is one concept in the words of its source, after the checks.
type Concept struct {
	URI        string
	Label      string
	LabelCy    string
	Words      []string
	WordsCy    []string
	Broader    []string // URIs, every one in the same import
	Related    []string // URIs, every one in the same import
	Definition string
	Notation   string
	row        int
}

// Import is a vocabulary as read: without dangling references or cycles, in the
// order of the file.
type Import struct {
	Source   string
	Licence  string
	Concepts []Concept
}

// Fault is one problem with one row.
type Fault struct {
	Row     int    `json:"row"`               // CSV: line; JSON: place in the list, from 1; 0 for the file
	Concept string `json:"concept,omitempty"` // its id or label, where it has one
	Field   string `json:"field,omitempty"`
	Detail  string `json:"detail"`
	Fix     string `json:"fix,omitempty"`
	Refused bool   `json:"refused"` // true: the row was not imported; false: a warning
}

// Report is the result of an import.
type Report struct {
	Rows    int     `json:"rows"`    // concepts read
	Taken   int     `json:"taken"`   // concepts imported
	Refused int     `json:"refused"` // concepts not imported, each with a fault
	Faults  []Fault `json:"faults"`  // the first MaxImportFaults, in the order found
	Omitted int     `json:"omitted"` // number of faults beyond those
}

func (r *Report) add(f Fault) {
	if f.Refused {
		r.Refused++
	}
	if len(r.Faults) >= MaxImportFaults {
		r.Omitted++
		return
	}
	r.Faults = append(r.Faults, f)
}

// ErrNoSource means that neither the file nor the options name the vocabulary.
var ErrNoSource = errors.New("the vocabulary does not state its URI; set the source option")

// ErrTooLarge means that an import exceeds a limit; the message says which.
var ErrTooLarge = errors.New("the vocabulary is too large")

// ImportVocabulary reads a vocabulary: SKOS as JSON or JSON-LD ("concept" or
// "@graph", or a bare list), nested JSON when o.ChildrenKey is set, else CSV.
// Invalid rows and dangling references are in the report and do not stop the
// import. The error is for what makes the whole import fail: unreadable input,
// ErrNoSource, ErrTooLarge, or a *CycleError with the URIs.
func ImportVocabulary(r io.Reader, o Options) (Import, Report, error) {
	var report Report
	data, err := io.ReadAll(io.LimitReader(r, MaxImportBytes+1))
	if err != nil {
		return Import{}, report, fmt.Errorf("reading the vocabulary: %w", err)
	}
	if len(data) > MaxImportBytes {
		return Import{}, report, fmt.Errorf("%w: more than %d bytes", ErrTooLarge, MaxImportBytes)
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	read := readCSV
	switch first := bytes.TrimLeft(data, " \t\r\n"); {
	case o.ChildrenKey != "":
		read = readTree
	case len(first) > 0 && (first[0] == '{' || first[0] == '['):
		read = readSKOS
	}
	raw, err := read(data, o, &report)
	if err != nil {
		return Import{}, report, fmt.Errorf("reading the vocabulary: %w", err)
	}
	raw.Source, raw.Licence = firstOf(o.Source, raw.Source), firstOf(o.Licence, raw.Licence)
	if raw.Source == "" {
		return Import{}, report, ErrNoSource
	}
	if raw.Licence == "" {
		report.add(Fault{Field: "licence", Detail: "the vocabulary does not state its licence", Fix: "set the licence option"})
	}
	for i := range raw.Concepts {
		if c := &raw.Concepts[i]; raw.local {
			c.URI = absolute(raw.Source, c.URI)
		}
	}
	imported := Import{Source: raw.Source, Licence: raw.Licence, Concepts: checkConcepts(raw.Concepts, &report)}
	link(&imported, raw, &report)
	report.Taken = len(imported.Concepts)
	if cycle := importCycle(imported.Concepts); cycle != nil {
		return Import{}, report, fmt.Errorf("reading the vocabulary: %w", &CycleError{IDs: cycle})
	}
	return imported, report, nil
}

// rawImport is what a format's reader found, before any check. Its concepts'
// relations are as written; link turns narrower ones into broader ones.
type rawImport struct {
	Source, Licence string
	Concepts        []Concept
	narrower        map[string][]string // URI as written: narrower URIs as written
	local           bool                // ids are not URIs: they get the source as prefix
	byLabel         bool                // broader may name labels
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if t = strings.TrimSpace(t); t != "" {
			return t
		}
	}
	return ""
}

// absolute returns id as a URI, prefixed with the source unless it is one already.
func absolute(source, id string) string {
	if id == "" || strings.Contains(id, "://") || strings.HasPrefix(id, "urn:") {
		return id
	}
	return strings.TrimSuffix(source, "#") + "#" + id
}

// checkConcepts returns the valid concepts, those with a unique id and a label
// within the limits, and reports the others.
func checkConcepts(all []Concept, report *Report) []Concept {
	taken := make([]Concept, 0, len(all))
	seen := make(map[string]bool, len(all))
	for _, c := range all {
		name := firstOf(c.URI, c.Label)
		refuse := func(field, detail, fix string) {
			report.add(Fault{Row: c.row, Concept: clip(name), Field: field, Detail: detail, Fix: fix, Refused: true})
		}
		switch {
		case c.URI == "":
			refuse("id", "the concept has no id", "give it one that stays the same")
		case len(c.URI) > maxImportIDBytes || !plain(c.URI):
			refuse("id", "the id is too long or has control characters", fmt.Sprintf("use at most %d bytes of plain text", maxImportIDBytes))
		case seen[c.URI]:
			refuse("id", "an earlier concept has the same id", "give every concept its own id")
		case c.Label == "":
			refuse("label", "the concept has no label", "give it a label in English or without a language")
		case utf8.RuneCountInString(c.Label) > MaxImportLabel || !plain(c.Label):
			refuse("label", "the label is too long or has control characters", fmt.Sprintf("use at most %d characters of plain text", MaxImportLabel))
		default:
			seen[c.URI] = true
			taken = append(taken, trimConcept(c, report))
		}
	}
	return taken
}

// trimConcept drops from a concept what exceeds the limits, with a warning for
// each field.
func trimConcept(c Concept, report *Report) Concept {
	warn := func(field, detail string) {
		report.add(Fault{Row: c.row, Concept: clip(c.URI), Field: field, Detail: detail})
	}
	words := func(field string, in []string) []string {
		var out []string
		for _, w := range in {
			if utf8.RuneCountInString(w) <= MaxImportLabel && plain(w) && len(out) < MaxImportWords {
				out = append(out, w)
			}
		}
		if len(out) < len(in) {
			warn(field, fmt.Sprintf("%d words were left out: too many, too long or with control characters", len(in)-len(out)))
		}
		return out
	}
	c.Words, c.WordsCy = words("words", c.Words), words("words_cy", c.WordsCy)
	if utf8.RuneCountInString(c.LabelCy) > MaxImportLabel || !plain(c.LabelCy) {
		warn("label_cy", "the Welsh label was left out: too long or with control characters")
		c.LabelCy = ""
	}
	if utf8.RuneCountInString(c.Definition) > MaxImportText || !utf8.ValidString(c.Definition) {
		warn("definition", "the definition was left out: too long or not UTF-8")
		c.Definition = ""
	}
	if len(c.Broader) > maxImportRelations || len(c.Related) > maxImportRelations {
		warn("broader", fmt.Sprintf("only the first %d relations were kept", maxImportRelations))
		c.Broader, c.Related = firstN(c.Broader), firstN(c.Related)
	}
	return c
}

func firstN(s []string) []string { return s[:min(len(s), maxImportRelations)] }

// plain reports whether s is UTF-8 without control characters.
func plain(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
}

// clip shortens a text that a report quotes, and makes it valid UTF-8.
func clip(s string) string {
	s = strings.ToValidUTF8(s, "\ufffd")
	if r := []rune(s); len(r) > MaxImportLabel {
		return string(r[:MaxImportLabel]) + "…"
	}
	return s
}

// link resolves relations to references between the imported concepts, adds
// those written as narrower on the parent, and warns of dangling ones.
func link(imported *Import, raw rawImport, report *Report) {
	at := make(map[string]int, len(imported.Concepts))
	byLabel := make(map[string]string)
	for i, c := range imported.Concepts {
		at[c.URI] = i
		if raw.byLabel && byLabel[Fold(c.Label)] == "" {
			byLabel[Fold(c.Label)] = c.URI
		}
	}
	resolve := func(ref string) (string, bool) {
		if raw.local {
			if uri := absolute(imported.Source, ref); inMap(at, uri) {
				return uri, true
			}
		} else if inMap(at, ref) {
			return ref, true
		}
		uri, ok := byLabel[Fold(ref)]
		return uri, ok
	}
	for i := range imported.Concepts {
		c := &imported.Concepts[i]
		keep := func(field string, refs []string) []string {
			var kept []string
			seen := make(map[string]bool)
			for _, ref := range refs {
				uri, ok := resolve(ref)
				if !ok {
					report.add(Fault{Row: c.row, Concept: clip(c.URI), Field: field,
						Detail: fmt.Sprintf("%q is not in the vocabulary; the relation was left out", clip(ref))})
				} else if !seen[uri] {
					seen[uri] = true
					kept = append(kept, uri)
				}
			}
			return kept
		}
		c.Broader, c.Related = keep("broader", c.Broader), keep("related", c.Related)
	}
	for i := range imported.Concepts {
		c := &imported.Concepts[i]
		for _, ref := range raw.narrower[c.URI] {
			uri, ok := resolve(ref)
			if !ok {
				report.add(Fault{Row: c.row, Concept: clip(c.URI), Field: "narrower",
					Detail: fmt.Sprintf("%q is not in the vocabulary; the relation was left out", clip(ref))})
				continue
			}
			child := &imported.Concepts[at[uri]]
			child.Broader = addOnce(child.Broader, c.URI)
		}
	}
}

func inMap(m map[string]int, key string) bool { _, ok := m[key]; return ok }

func addOnce(list []string, items ...string) []string {
	for _, item := range items {
		found := false
		for _, l := range list {
			found = found || l == item
		}
		if !found {
			list = append(list, item)
		}
	}
	return list
}

func importCycle(concepts []Concept) []string {
	graph := make([]Interest, len(concepts))
	for i, c := range concepts {
		graph[i] = Interest{ID: c.URI, Broader: c.Broader}
	}
	return findCycle(graph)
}
