// Package csv reads listings from tables with a header line. Columns are
// matched by their headers.
package csv

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"gather/directory"
	"gather/directory/bulk/draft"
)

// maxRecordLines is how many lines one record of a CSV may have: the longest
// text with line breaks in the files we read has 9. A quote that is never
// closed would otherwise swallow the rest of the file.
const maxRecordLines = 200

// maxHeader is how much of a file is searched for the delimiter.
const maxHeader = 64 << 10

// records reads records line by line, so that a broken quote costs only its own
// record.
type records struct {
	r       *bufio.Reader
	line    int // of the last line read, from 1
	comma   rune
	end     byte     // ends a line: "\r" in files of old programs, else "\n"
	pending []string // lines read ahead and returned to the input
	err     error
}

// record is one record of a CSV, or why it could not be read.
type record struct {
	line    int
	fields  []string
	latin   bool // was not UTF-8 and was read as Windows-1252
	trouble string
}

func newRecords(r io.Reader, comma rune) *records {
	return &records{r: bufio.NewReaderSize(r, 64<<10), comma: comma, end: '\n'}
}

// next returns the next line without its line ending, or io.EOF after the last.
func (c *records) next() (string, error) {
	if len(c.pending) > 0 {
		l := c.pending[0]
		c.pending = c.pending[1:]
		c.line++
		return l, nil
	}
	var b []byte
	for {
		part, err := c.r.ReadSlice(c.end)
		if len(b) <= draft.MaxRow {
			b = append(b, part...)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return "", fmt.Errorf("read line %d: %w", c.line+1, err)
		}
		if len(b) == 0 && err != nil {
			return "", io.EOF
		}
		c.line++
		return strings.TrimSuffix(strings.TrimSuffix(string(b), string(c.end)), "\r"), nil
	}
}

// read returns the next record that is not empty, or io.EOF after the last.
func (c *records) read() (record, error) {
	for {
		l, err := c.next()
		if err != nil {
			return record{}, err
		}
		if strings.Trim(l, " \t\r\"\u00a0"+string(c.comma)) != "" { // a row of ",,," is empty too
			return c.recordFrom(l)
		}
	}
}

// recordFrom reads the record that begins with the line l, and as many further
// lines as its quotes require.
func (c *records) recordFrom(l string) (record, error) {
	rec := record{line: c.line}
	lines := []string{l}
	quotes, size := strings.Count(l, `"`), len(l)
	for quotes%2 == 1 && len(lines) < maxRecordLines && size <= draft.MaxRow {
		more, err := c.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return record{}, err
		}
		lines = append(lines, more)
		quotes += strings.Count(more, `"`)
		size += len(more)
	}
	text := strings.Join(lines, "\n")
	switch {
	case size > draft.MaxRow:
		rec.trouble = fmt.Sprintf("is longer than %d bytes", draft.MaxRow)
		return rec, nil
	case strings.ContainsRune(text, 0):
		rec.trouble = "has a NUL character in it"
	case quotes%2 == 1:
		rec.trouble = "opens a quote that is not closed"
	default:
		if !utf8.ValidString(text) {
			// Spreadsheets on Windows save in this encoding. Every byte has a
			// meaning in it, so decoding text cannot fail.
			decoded, err := charmap.Windows1252.NewDecoder().String(text)
			if err != nil {
				rec.trouble = "is neither UTF-8 nor Windows-1252"
				break
			}
			text, rec.latin = decoded, true
		}
		r := csv.NewReader(strings.NewReader(text))
		r.Comma, r.FieldsPerRecord = c.comma, -1
		fields, err := r.Read()
		if err == nil {
			rec.fields = fields
			return rec, nil
		}
		var bad *csv.ParseError
		rec.trouble = "cannot be read: " + err.Error()
		if errors.As(err, &bad) {
			rec.trouble = "cannot be read: " + bad.Err.Error()
		}
	}
	if len(lines) > 1 { // only the first line is at fault; the others may be good
		c.line -= len(lines) - 1
		c.pending = append(append([]string{}, lines[1:]...), c.pending...)
	}
	return rec, nil
}

// delimiter detects what separates the fields of a header line.
func delimiter(head []byte) rune {
	line, _, _ := bytes.Cut(bytes.TrimLeft(head, "\r\n \t"), []byte("\n"))
	best, most := ',', 0
	for _, d := range ",;\t|" {
		if n := bytes.Count(line, []byte(string(d))); n > most {
			best, most = d, n
		}
	}
	return best
}

// separator returns the delimiter that a first line such as "sep=;" names, 0 if
// there is no such line.
func separator(head []byte) rune {
	line, _, _ := bytes.Cut(head, []byte("\n"))
	if said, ok := strings.CutPrefix(strings.ToLower(strings.Trim(string(line), "\"\r ")), "sep="); ok && utf8.RuneCountInString(said) == 1 {
		r, _ := utf8.DecodeRuneInString(said)
		return r
	}
	return 0
}

// maxTitleLines is how many lines above the header are looked past: the title of
// a sheet, its date, a line of thanks.
const maxTitleLines = 10

// headerLine returns the header: the first line, or the first one below it that
// has a column for the title if the first has none.
func (c *Reader) headerLine(r *records) (record, error) {
	first, err := r.read()
	if err != nil || first.trouble != "" || len(c.Columns) > 0 || hasTitle(first.fields) {
		return first, err
	}
	var above []string
	line := first.line
	for range maxTitleLines {
		l, err := r.next()
		if err != nil {
			break
		}
		above = append(above, l)
		rec, err := newRecords(strings.NewReader(l), r.comma).read()
		if err == nil && len(rec.fields) > 1 && hasTitle(rec.fields) {
			rec.line = r.line
			c.File.Notes = append(c.File.Notes, fmt.Sprintf("the header was found on line %d; the lines above it were left out", rec.line))
			return rec, nil
		}
	}
	r.pending = append(above, r.pending...)
	r.line = line
	return first, nil
}

// hasTitle reports whether one of these headers is that of a title.
func hasTitle(headers []string) bool {
	for _, h := range headers {
		if slices.Contains(strings.Fields(fields[0].headers), header(h)) {
			return true
		}
	}
	return false
}

// Reader reads one CSV file.
type Reader struct {
	File *draft.File
	// Columns overrides how columns are matched: our field name (see Fields) to
	// the header of its column.
	Columns map[string]string
	// Delimiter separates the fields; 0 detects it.
	Delimiter rune
	// Taken lists the columns, in order, and the field each was matched to.
	Taken []Column
}

// Read reads the rows of a CSV.
func (c *Reader) Read(r io.Reader, take func(*draft.Draft) error) error {
	b := bufio.NewReaderSize(r, maxHeader)
	head, err := b.Peek(maxHeader)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) {
		return fmt.Errorf("read the header: %w", err)
	}
	comma := c.Delimiter
	records := newRecords(b, comma)
	if !bytes.ContainsRune(head, '\n') && bytes.ContainsRune(head, '\r') {
		records.end = '\r'
		head = bytes.ReplaceAll(head, []byte("\r"), []byte("\n"))
	}
	if said := separator(head); said != 0 {
		if _, err := records.next(); err != nil {
			return err
		}
		comma = cmp.Or(comma, said)
	}
	if comma == 0 {
		comma = delimiter(head)
	}
	records.comma = comma
	first, err := c.headerLine(records)
	if errors.Is(err, io.EOF) {
		return directory.InvalidField("", "give a file with a header line and rows", "has no header line")
	}
	if err != nil {
		return err
	}
	if first.trouble != "" {
		return directory.InvalidField("", "mend the header line", "the header, line %d, %s", first.line, first.trouble)
	}
	t, err := c.newTable(first.fields)
	if err != nil {
		return err
	}
	for item := 1; ; item++ {
		rec, err := records.read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		d := c.File.Draft(rec.line, item)
		takeRecord(d, t, rec)
		if err := take(d); err != nil {
			return err
		}
	}
}

func takeRecord(d *draft.Draft, t *table, rec record) {
	for len(rec.fields) > t.width && strings.TrimSpace(rec.fields[len(rec.fields)-1]) == "" {
		rec.fields = rec.fields[:len(rec.fields)-1]
	}
	switch {
	case rec.trouble != "":
		d.Fault("", "", "mend this line of the file", "%s", rec.trouble)
		return
	case len(rec.fields) != t.width:
		d.Fault("", "", "put quotes around a field that has the delimiter in it; a short last line means that the file is cut off",
			"has %d fields, and the header has %d", len(rec.fields), t.width)
		return
	case rec.latin:
		d.Warn("", "", "is not UTF-8; it was read as Windows-1252")
	}
	takeRow(d, row{t, rec.fields})
}
