package draft

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"unicode/utf8"

	"gather/directory"
)

// ReadJSON reads the rows of a JSON file: one object, a list of them, a page
// with a list of them under one of these names, or several of those
// concatenated, as in an ndjson stream. The caller has already checked the
// syntax.
func (f *File) ReadJSON(r io.Reader, page []string, row func(*Draft, []byte), take func(*Draft) error) error {
	c := &lineCounter{r: r}
	w := &jsonWalk{file: f, lines: c, dec: json.NewDecoder(c), page: page, row: row, take: take}
	for {
		tok, err := w.dec.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read the document: %w", err)
		}
		switch tok {
		case json.Delim('['):
			err = w.list()
		case json.Delim('{'):
			err = w.object()
		default:
			err = directory.InvalidField("", "give an object or a list of them", "has something that is neither a JSON object nor a list")
		}
		if err != nil {
			return err
		}
	}
}

// jsonWalk streams a JSON file, holding one row in memory.
type jsonWalk struct {
	file  *File
	lines *lineCounter
	dec   *json.Decoder
	page  []string
	row   func(*Draft, []byte)
	take  func(*Draft) error
	item  int
	// owner is the organisation whose nested services are being read, nil if
	// there is none.
	owner json.RawMessage
}

// give passes on one list element, which began at this byte: a row, or an
// organisation with nested rows.
func (w *jsonWalk) give(raw []byte, start int64) error {
	line := w.lines.line(start)
	owner, services := w.owner, []json.RawMessage(nil)
	if len(raw) <= MaxRow {
		if services = servicesIn(raw); services != nil {
			owner = raw
		}
	}
	if services == nil {
		services = []json.RawMessage{raw}
	}
	for _, service := range services {
		w.item++
		d := w.file.Draft(line, w.item)
		if owner != nil && len(service) <= MaxRow {
			service = withOwner(service, owner)
		}
		JSONRow(d, service, w.row)
		if err := w.take(d); err != nil {
			return err
		}
	}
	return nil
}

// list reads the rows of a list whose opening bracket was already read.
func (w *jsonWalk) list() error {
	for w.dec.More() {
		var raw json.RawMessage
		if err := w.dec.Decode(&raw); err != nil {
			return fmt.Errorf("read item %d: %w", w.item+1, err)
		}
		if err := w.give(raw, w.dec.InputOffset()-int64(len(raw))); err != nil {
			return err
		}
	}
	if _, err := w.dec.Token(); err != nil {
		return fmt.Errorf("read the end of a list: %w", err)
	}
	return nil
}

// object reads an object whose opening brace was already read: either a page,
// whose other members come before or after its list, or one row.
func (w *jsonWalk) object() error {
	start := w.dec.InputOffset() - 1
	single := map[string]json.RawMessage{}
	paged := false
	for w.dec.More() {
		key, err := w.dec.Token()
		if err != nil {
			return fmt.Errorf("read the document: %w", err)
		}
		name, _ := key.(string)
		if slices.Contains(w.page, name) {
			if tok, err := w.dec.Token(); err != nil || tok != json.Delim('[') {
				return directory.InvalidField(name, "give a list", "is not a list")
			}
			paged = true
			if name == "services" && single["name"] != nil {
				if w.owner, err = json.Marshal(single); err != nil {
					return fmt.Errorf("read the document: %w", err)
				}
			}
			err := w.list()
			if w.owner = nil; err != nil {
				return err
			}
			continue
		}
		var raw json.RawMessage
		if err := w.dec.Decode(&raw); err != nil {
			return fmt.Errorf("read %s: %w", directory.Quote(name), err)
		}
		if len(raw) <= MaxRow {
			single[name] = raw
		}
	}
	if _, err := w.dec.Token(); err != nil {
		return fmt.Errorf("read the end of an object: %w", err)
	}
	if paged {
		return nil
	}
	raw, err := json.Marshal(single)
	if err != nil {
		return fmt.Errorf("read the document: %w", err)
	}
	return w.give(raw, start)
}

// JSONRow passes one row to its format. A row larger than MaxRow, or one that
// is not a JSON object, is a fault instead.
func JSONRow(d *Draft, raw []byte, row func(*Draft, []byte)) {
	switch {
	case len(raw) > MaxRow:
		d.Fault("", "", "leave out what does not belong in a listing", "is %d bytes long, and %d is the most", len(raw), MaxRow)
	case !utf8.Valid(raw):
		d.Fault("", "", "save the file as UTF-8", "is not valid UTF-8")
	case raw[0] != '{':
		d.Fault("", string(raw), "give an object", "is not a JSON object")
	default:
		row(d, raw)
	}
}

// lineCounter maps byte offsets of what was read through it to line numbers.
type lineCounter struct {
	r      io.Reader
	offset int64
	breaks []int64
}

func (c *lineCounter) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	for i, from := 0, b[:n]; ; {
		j := bytes.IndexByte(from[i:], '\n')
		if j < 0 {
			break
		}
		i += j + 1
		c.breaks = append(c.breaks, c.offset+int64(i))
	}
	c.offset += int64(n)
	return n, err
}

func (c *lineCounter) line(offset int64) int {
	lo, hi := 0, len(c.breaks)
	for lo < hi {
		if mid := (lo + hi) / 2; c.breaks[mid] <= offset {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo + 1
}
