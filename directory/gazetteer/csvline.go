package gazetteer

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// maxLineBytes is the most bytes of a row. The widest official one, of OS Open
// Names, is under 2 kB.
const maxLineBytes = 64 << 10

// lineReader reads a file a line at a time, with at most maxLineBytes of it in
// memory.
type lineReader struct {
	r    *bufio.Reader
	line int   // number of the line last read, from 1
	read int64 // bytes read so far
}

func newLineReader(r io.Reader) *lineReader {
	return &lineReader{r: bufio.NewReaderSize(r, maxLineBytes)}
}

var errLongLine = errors.New("line too long")

// next returns the next line without its line ending, valid until the next call.
// The error is io.EOF, errLongLine for a line that was skipped, or a read error.
func (l *lineReader) next() ([]byte, error) {
	line, err := l.r.ReadSlice('\n')
	l.line++
	l.read += int64(len(line))
	if errors.Is(err, bufio.ErrBufferFull) {
		for errors.Is(err, bufio.ErrBufferFull) {
			line, err = l.r.ReadSlice('\n')
			l.read += int64(len(line))
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		return nil, errLongLine
	}
	if errors.Is(err, io.EOF) && len(line) > 0 {
		err = nil
	}
	if err != nil {
		return nil, err
	}
	if l.line == 1 {
		line = bytes.TrimPrefix(line, []byte("\ufeff"))
	}
	return bytes.TrimRight(line, "\r\n"), nil
}

// splitRow splits a line of CSV into its fields, without quotes and the spaces
// around them; it reuses fields. The official files have no line breaks inside
// quotes, so a line is a row. It returns false when a quote is not closed or has
// text after it.
func splitRow(line []byte, fields [][]byte) ([][]byte, bool) {
	fields = fields[:0]
	for {
		field, rest, more, ok := nextField(line)
		if !ok {
			return fields, false
		}
		fields = append(fields, field)
		if !more {
			return fields, true
		}
		line = rest
	}
}

// nextField splits the first field off a line; more reports whether another
// follows.
func nextField(line []byte) (field, rest []byte, more, ok bool) {
	line = bytes.TrimLeft(line, " \t")
	if len(line) == 0 || line[0] != '"' {
		field, rest, more = bytes.Cut(line, []byte(","))
		return bytes.TrimSpace(field), rest, more, true
	}
	end, doubled := closingQuote(line)
	if end < 0 {
		return nil, nil, false, false
	}
	field = line[1:end]
	if doubled {
		field = bytes.ReplaceAll(field, []byte(`""`), []byte(`"`))
	}
	rest = bytes.TrimLeft(line[end+1:], " \t")
	if len(rest) == 0 {
		return bytes.TrimSpace(field), nil, false, true
	}
	if rest[0] != ',' {
		return nil, nil, false, false
	}
	return bytes.TrimSpace(field), rest[1:], true, true
}

// closingQuote returns the index of the quote that closes the one line begins
// with, or -1, and whether there are doubled quotes between them.
func closingQuote(line []byte) (end int, doubled bool) {
	for i := 1; i < len(line); i++ {
		if line[i] != '"' {
			continue
		}
		if i+1 < len(line) && line[i+1] == '"' {
			doubled = true
			i++
			continue
		}
		return i, doubled
	}
	return -1, doubled
}
