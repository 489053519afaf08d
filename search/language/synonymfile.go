package language

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"sync"
	"time"

	"gather/directory"
	"gather/directory/vocabulary"
	"gather/search"
)

// Limits of a file of synonyms: far above what people write by hand, and low
// enough that a wrong file is refused before it fills the memory.
const (
	maxSynonymBytes = 4 << 20
	maxSynonymCells = 100
	maxSynonymRows  = 20_000
)

// SynonymFile is an operator's file of synonyms, in the format of the built-in
// synonyms.csv. It may change while the server runs. It is safe for concurrent
// use.
type SynonymFile struct {
	Path string // empty for none: only the built-in synonyms are used

	mu       sync.Mutex
	modified time.Time
	size     int64
	missing  bool
}

// Read reads the built-in synonyms and those of the file. The error is a
// *directory.Invalid where the file has faults: every one, by path and row.
func (f *SynonymFile) Read(words *vocabulary.Vocabulary) (*Synonyms, error) {
	if f.Path == "" {
		return newSynonyms(words, nil)
	}
	file, err := os.Open(f.Path)
	if err != nil {
		return nil, fmt.Errorf("read the synonyms: %w", err)
	}
	defer file.Close()
	if info, err := file.Stat(); err == nil {
		f.remember(info)
	}
	s, err := newSynonyms(words, file)
	var invalid *directory.Invalid
	if errors.As(err, &invalid) {
		for i := range invalid.Faults {
			invalid.Faults[i].Field = f.Path + ", " + invalid.Faults[i].Field
		}
	}
	return s, err
}

// remember makes info what Changed compares the file to.
func (f *SynonymFile) remember(info fs.FileInfo) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.modified, f.size, f.missing = info.ModTime(), info.Size(), false
}

// Changed reports whether the file has changed since Read or Changed last saw it.
// A file that was removed is an error once; then the synonyms in use stay.
func (f *SynonymFile) Changed() (bool, error) {
	if f.Path == "" {
		return false, nil
	}
	info, err := os.Stat(f.Path)
	f.mu.Lock()
	defer f.mu.Unlock()
	if err != nil {
		reported := f.missing
		if f.missing = true; reported {
			return false, nil
		}
		return false, fmt.Errorf("read the synonyms: %w", err)
	}
	if !f.missing && info.ModTime().Equal(f.modified) && info.Size() == f.size {
		return false, nil
	}
	f.modified, f.size, f.missing = info.ModTime(), info.Size(), false
	return true, nil
}

// synonymRow is one row: words, how they relate, and other words.
type synonymRow struct {
	line        int
	left, right []string
	relation    string
}

// readSynonyms reads a file in the format described in synonyms.csv. The error is a
// *directory.Invalid with every fault, by row.
func readSynonyms(r io.Reader, words *vocabulary.Vocabulary) ([]synonymRow, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxSynonymBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read the synonyms: %w", err)
	}
	if len(text) > maxSynonymBytes {
		var faults directory.Faults
		faults.Add("file", "remove rows", "is larger than %d MiB", maxSynonymBytes>>20)
		return nil, faults.Err()
	}
	in := csv.NewReader(bytes.NewReader(text))
	in.Comment, in.FieldsPerRecord = '#', -1
	var faults directory.Faults
	var rows []synonymRow
	for first := true; ; first = false {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		var wrong *csv.ParseError
		if errors.As(err, &wrong) {
			faults.Add(fmt.Sprintf("row %d", wrong.Line), `quote texts that contain a quote or a comma, and double each quote in them`, "cannot be read: %v", wrong.Err)
			break
		}
		if err != nil {
			return nil, fmt.Errorf("read the synonyms: %w", err)
		}
		line, _ := in.FieldPos(0)
		if first {
			row[0] = strings.TrimPrefix(row[0], "\ufeff")
			if len(row) != 3 || row[0] != "left" || row[1] != "relation" || row[2] != "right" {
				faults.Add(fmt.Sprintf("row %d", line), "begin with the row left,relation,right", "is not the header")
				break
			}
			continue
		}
		if len(rows) == maxSynonymRows {
			faults.Add(fmt.Sprintf("row %d", line), "remove rows", "is more than %d rows", maxSynonymRows)
			break
		}
		if read, ok := readSynonymRow(row, line, words, &faults); ok {
			rows = append(rows, read)
		}
	}
	return rows, faults.Err()
}

// readSynonymRow reads one row, or adds what is wrong with it to faults.
func readSynonymRow(row []string, line int, words *vocabulary.Vocabulary, faults *directory.Faults) (synonymRow, bool) {
	at := fmt.Sprintf("row %d", line)
	if len(row) != 3 {
		faults.Add(at, "write left,relation,right; separate words with semicolons", "has %d columns, not 3", len(row))
		return synonymRow{}, false
	}
	r := synonymRow{line: line, left: cells(row[0]), relation: strings.TrimSpace(row[1]), right: cells(row[2])}
	switch {
	case len(r.left) == 0 || len(r.right) == 0:
		faults.Add(at, "write words on both sides", "has an empty side")
	case len(r.left)+len(r.right) > maxSynonymCells:
		faults.Add(at, "split it into two rows", "has more than %d words", maxSynonymCells)
	case r.relation == "@":
		return r, filterKnown(r.right, at, words, faults)
	case r.relation != "=" && r.relation != ">" && r.relation != "~":
		faults.Add(at, "write = for the same, > for also find, ~ for related, or @ for a filter", "%q is no relation", r.relation)
	default:
		return r, true
	}
	return synonymRow{}, false
}

// filterKnown reports whether the right side of a row names one filter, or adds
// what is wrong with it to faults.
func filterKnown(right []string, at string, words *vocabulary.Vocabulary, faults *directory.Faults) bool {
	parameter, value, ok := strings.Cut(right[0], "=")
	if !ok || len(right) > 1 {
		faults.Add(at, "write one parameter and value, as for=carers", "%q names no filter", strings.Join(right, ";"))
		return false
	}
	if c := search.ChoiceNamed(parameter); c != nil {
		_, known := words.Term(c.List, value)
		if c.List == "" {
			_, known = words.Interest(value)
		}
		if !known {
			faults.Add(at, "see /v1/vocabularies for the values", "%q is not a value of %s", value, parameter)
		}
		return known
	}
	faults.Add(at, "write a parameter of a search that takes values, as for, access or delivery", "%q is no such parameter", parameter)
	return false
}

// cells splits a list at semicolons.
func cells(s string) []string {
	var out []string
	for _, c := range strings.Split(s, ";") {
		if c = strings.TrimSpace(c); c != "" {
			out = append(out, c)
		}
	}
	return out
}
