package vocabulary

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
)

// row is one line of a table with a header: cells by column name.
type row struct {
	line    int // where it starts in the file, from 1
	columns map[string]int
	cells   []string
}

// text returns the trimmed cell of a column, empty when there is no such column.
func (r row) text(column string) string {
	i, ok := r.columns[column]
	if !ok || i >= len(r.cells) {
		return ""
	}
	return strings.TrimSpace(r.cells[i])
}

// many splits a cell at semicolons and drops blank parts.
func (r row) many(column string) []string { return splitCell(r.text(column), ";") }

func splitCell(cell, separator string) []string {
	var parts []string
	for _, p := range strings.Split(cell, separator) {
		if p = strings.TrimSpace(p); p != "" {
			parts = append(parts, p)
		}
	}
	return parts
}

// readTable reads CSV with a header. Every required column must be present, and
// every row must have as many cells as the header.
func readTable(r io.Reader, required ...string) ([]row, error) {
	reader := csv.NewReader(r)
	header, err := reader.Read()
	if err != nil {
		return nil, fmt.Errorf("reading the header: %w", err)
	}
	columns := make(map[string]int)
	for i, name := range header {
		columns[strings.TrimSpace(name)] = i
	}
	for _, name := range required {
		if _, ok := columns[name]; !ok {
			return nil, fmt.Errorf("there is no column %q", name)
		}
	}
	var rows []row
	for {
		cells, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, err
		}
		line, _ := reader.FieldPos(0)
		rows = append(rows, row{line: line, columns: columns, cells: cells})
	}
}
