package bulk

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"gather/directory"
)

// input is a file that can be read from its beginning more than once.
type input struct {
	file io.ReadSeeker
	size int64
	head []byte // the first bytes, enough to know the format
	temp *os.File
}

// headBytes is enough to see a header line and the first fields of a document.
const headBytes = 64 << 10

// openInput makes src, of at most most bytes, readable more than once: what
// cannot seek is kept in a temporary file.
func openInput(src io.Reader, most int64) (*input, error) {
	f := &input{}
	if s, ok := src.(io.ReadSeeker); ok {
		if _, err := s.Seek(0, io.SeekCurrent); err == nil { // a pipe cannot
			f.file = s
		}
	}
	if f.file == nil {
		if err := f.spool(src, most); err != nil {
			return nil, err
		}
	}
	size, err := f.file.Seek(0, io.SeekEnd)
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("measure the file: %w", err)
	}
	if size > most {
		f.Close()
		return nil, directory.InvalidField("", "split it, or export it in parts", "is %d bytes long, and %d is the most", size, most)
	}
	f.size = size
	f.head = make([]byte, min(size, headBytes))
	if err := f.rewind(); err != nil {
		f.Close()
		return nil, err
	}
	if _, err := io.ReadFull(f.file, f.head); err != nil {
		f.Close()
		return nil, fmt.Errorf("read the file: %w", err)
	}
	if bytes.HasPrefix(f.head, []byte{0xff, 0xfe}) || bytes.HasPrefix(f.head, []byte{0xfe, 0xff}) {
		f.Close()
		return nil, directory.InvalidField("", `save it as UTF-8 ("CSV UTF-8" in a spreadsheet)`, "is in UTF-16")
	}
	if len(bytes.TrimSpace(f.head)) == 0 {
		f.Close()
		return nil, directory.InvalidField("", "give a file with listings in it", "is empty")
	}
	return f, nil
}

func (f *input) spool(src io.Reader, most int64) error {
	t, err := os.CreateTemp("", "gather-import-*")
	if err != nil {
		return fmt.Errorf("keep the file while it is checked: %w", err)
	}
	f.temp, f.file = t, t
	if _, err := io.Copy(t, io.LimitReader(src, most+1)); err != nil {
		f.Close()
		return fmt.Errorf("read the file: %w", err)
	}
	return nil
}

func (f *input) rewind() error {
	if _, err := f.file.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("go back to the beginning of the file: %w", err)
	}
	return nil
}

// Close removes the temporary file, if there is one. What was given to be read
// stays open.
func (f *input) Close() {
	if f.temp != nil {
		f.temp.Close()
		os.Remove(f.temp.Name())
	}
}

// checkForm reads a JSON document to its end, so that one that is cut off is
// refused before any of it is written. Rows of the other formats stand by
// themselves.
func (f *input) checkForm(format Format) error {
	if !format.isJSON() {
		return nil
	}
	if err := f.rewind(); err != nil {
		return err
	}
	dec := json.NewDecoder(skipBOM(f.file))
	depth := 0
	for {
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) && depth == 0 && dec.InputOffset() > 0 {
			return nil
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return directory.InvalidField("", "get the whole file again: nothing was imported", "is cut off: the JSON ends too early, at byte %d", dec.InputOffset())
		}
		if err != nil {
			return directory.InvalidField("", "mend it or get it again: nothing was imported", "is not JSON that can be read: %v (near byte %d)", err, dec.InputOffset())
		}
		switch tok {
		case json.Delim('{'), json.Delim('['):
			if depth++; depth > directory.MaxDepth {
				return directory.InvalidField("", "send the documented form", "is nested more than %d deep", directory.MaxDepth)
			}
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
	}
}

var bom = []byte("\uFEFF")

// skipBOM leaves out the mark that some programs put before UTF-8.
func skipBOM(r io.Reader) io.Reader {
	head := make([]byte, len(bom))
	n, err := io.ReadFull(r, head)
	head = head[:n]
	if err != nil {
		return bytes.NewReader(bytes.TrimPrefix(head, bom))
	}
	return io.MultiReader(bytes.NewReader(bytes.TrimPrefix(head, bom)), r)
}
