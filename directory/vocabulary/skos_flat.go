package vocabulary

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// readCSV reads one concept from each line, by the columns of the options.
func readCSV(data []byte, o Options, report *Report) (rawImport, error) {
	raw := rawImport{local: true, byLabel: true}
	reader := csv.NewReader(bytes.NewReader(data))
	reader.FieldsPerRecord = -1 // spreadsheets leave out empty cells at the end
	header, err := reader.Read()
	if err != nil {
		return raw, fmt.Errorf("reading the header: %w", err)
	}
	columns := make(map[string]int, len(header))
	for i, name := range header {
		name = Fold(name)
		if _, twice := columns[name]; !twice {
			columns[name] = i
		}
	}
	if err := checkColumns(columns, header, o); err != nil {
		return raw, err
	}
	separator := firstOf(o.Separator, ";")
	for {
		cells, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return raw, nil
		}
		if err != nil {
			return raw, err
		}
		if report.Rows++; report.Rows > MaxImportConcepts {
			return raw, fmt.Errorf("%w: more than %d concepts", ErrTooLarge, MaxImportConcepts)
		}
		line, _ := reader.FieldPos(0)
		cell := func(chosen, usual string) string {
			return row{columns: columns, cells: cells}.text(Fold(firstOf(chosen, usual)))
		}
		c := Concept{
			Label: cell(o.LabelColumn, "label"), LabelCy: cell(o.LabelCyColumn, "label_cy"),
			Words:      splitCell(cell(o.WordsColumn, "words"), separator),
			Broader:    splitCell(cell(o.BroaderColumn, "broader"), separator),
			Definition: cell(o.DefinitionColumn, "definition"), row: line,
		}
		c.URI = cell(o.IDColumn, "id")
		if _, hasIDs := columns[Fold(firstOf(o.IDColumn, "id"))]; !hasIDs {
			c.URI = dashed(c.Label)
		}
		raw.Concepts = append(raw.Concepts, c)
	}
}

// checkColumns returns an error for a file without the label's column, or
// without a column that the options name.
func checkColumns(columns map[string]int, header []string, o Options) error {
	for _, name := range []string{firstOf(o.LabelColumn, "label"), o.IDColumn, o.LabelCyColumn, o.WordsColumn, o.BroaderColumn, o.DefinitionColumn} {
		if _, ok := columns[Fold(name)]; !ok && name != "" {
			return fmt.Errorf("there is no column %q; the file has %s", name, clip(strings.Join(header, ", ")))
		}
	}
	return nil
}

// treeReader reads nested JSON, where the enclosing object is the broader concept.
type treeReader struct {
	children, id, label string
	raw                 rawImport
	at                  map[string]int // id: index in raw.Concepts
	report              *Report
}

func readTree(data []byte, o Options, report *Report) (rawImport, error) {
	document, err := decodeJSON(data)
	if err != nil {
		return rawImport{}, err
	}
	t := &treeReader{children: o.ChildrenKey, id: firstOf(o.IDKey, "id"), label: firstOf(o.LabelKey, "label"),
		raw: rawImport{local: true}, at: make(map[string]int), report: report}
	items, isList := document.([]any)
	if !isList {
		items = []any{document}
		// An object without a label of its own only wraps the list.
		if object, ok := document.(map[string]any); ok && t.text(object, t.label) == "" {
			items, _ = object[t.children].([]any)
		}
	}
	for _, item := range items {
		if err := t.read(item, "", "", 1); err != nil {
			return t.raw, err
		}
	}
	return t.raw, nil
}

// read adds one node and those below it. path is the labels above it.
func (t *treeReader) read(v any, parent, path string, depth int) error {
	if depth > MaxImportDepth {
		return fmt.Errorf("%w: nested more than %d deep", ErrTooLarge, MaxImportDepth)
	}
	if t.report.Rows++; t.report.Rows > MaxImportConcepts {
		return fmt.Errorf("%w: more than %d concepts", ErrTooLarge, MaxImportConcepts)
	}
	c := Concept{row: t.report.Rows}
	var below []any
	switch v := v.(type) {
	case string: // a leaf may be its label alone
		c.Label = strings.TrimSpace(v)
	case map[string]any:
		c.Label, c.URI = t.text(v, t.label), t.text(v, t.id)
		below, _ = v[t.children].([]any)
	}
	if c.Label == "" {
		t.report.add(Fault{Row: c.row, Concept: clip(c.URI), Field: t.label, Detail: "the concept has no label; it and what is below it were left out", Refused: true})
		return nil
	}
	path = strings.TrimPrefix(path+"/"+dashed(c.Label), "/")
	c.URI = firstOf(c.URI, path)
	if i, again := t.at[c.URI]; again {
		t.raw.Concepts[i].Broader = addOnce(t.raw.Concepts[i].Broader, parent)
	} else {
		if parent != "" {
			c.Broader = []string{parent}
		}
		t.at[c.URI] = len(t.raw.Concepts)
		t.raw.Concepts = append(t.raw.Concepts, c)
	}
	for _, child := range below {
		if err := t.read(child, c.URI, path, depth+1); err != nil {
			return err
		}
	}
	return nil
}

func (t *treeReader) text(object map[string]any, key string) string {
	switch v := object[key].(type) {
	case string:
		return strings.TrimSpace(v)
	case json.Number:
		return v.String()
	}
	return ""
}

// dashed returns an id made from a label, for sources without ids.
func dashed(label string) string { return strings.ReplaceAll(Fold(label), " ", "-") }
