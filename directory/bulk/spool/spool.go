// Package spool makes a stream readable more than once.
package spool

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"gather/directory"
)

// File is a file that can be read from its beginning more than once.
type File struct {
	File io.ReadSeeker
	Size int64  // in bytes
	Head []byte // the first bytes, enough to detect the format
	temp *os.File
}

// headBytes is enough for a header line or the first fields of a document.
const headBytes = 64 << 10

// Open makes src, of at most most bytes, readable more than once. It copies a src
// that cannot seek to a temporary file, which Close removes. It fails with a
// directory.Invalid if src is too large, empty or in UTF-16.
func Open(src io.Reader, most int64) (*File, error) {
	f := &File{}
	if s, ok := src.(io.ReadSeeker); ok {
		if _, err := s.Seek(0, io.SeekCurrent); err == nil { // it fails for a pipe
			f.File = s
		}
	}
	if f.File == nil {
		if err := f.spool(src, most); err != nil {
			return nil, err
		}
	}
	size, err := f.File.Seek(0, io.SeekEnd)
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("get the size of the file: %w", err)
	}
	if size > most {
		f.Close()
		return nil, directory.InvalidField("", "split it, or export it in parts", "is %d bytes long, and %d is the most", size, most)
	}
	f.Size = size
	f.Head = make([]byte, min(size, headBytes))
	if err := f.Rewind(); err != nil {
		f.Close()
		return nil, err
	}
	if _, err := io.ReadFull(f.File, f.Head); err != nil {
		f.Close()
		return nil, fmt.Errorf("read the file: %w", err)
	}
	if bytes.HasPrefix(f.Head, []byte{0xff, 0xfe}) || bytes.HasPrefix(f.Head, []byte{0xfe, 0xff}) {
		f.Close()
		return nil, directory.InvalidField("", `save it as UTF-8 ("CSV UTF-8" in a spreadsheet)`, "is in UTF-16")
	}
	if len(bytes.TrimSpace(f.Head)) == 0 {
		f.Close()
		return nil, directory.InvalidField("", "give a file with listings in it", "is empty")
	}
	return f, nil
}

func (f *File) spool(src io.Reader, most int64) error {
	t, err := os.CreateTemp("", "gather-import-*")
	if err != nil {
		return fmt.Errorf("create a temporary file: %w", err)
	}
	f.temp, f.File = t, t
	if _, err := io.Copy(t, io.LimitReader(src, most+1)); err != nil {
		f.Close()
		return fmt.Errorf("read the file: %w", err)
	}
	return nil
}

// Rewind goes back to the beginning of the file.
func (f *File) Rewind() error {
	if _, err := f.File.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("go back to the beginning of the file: %w", err)
	}
	return nil
}

// Close removes the temporary file, if there is one. It does not close src.
func (f *File) Close() {
	if f.temp != nil {
		f.temp.Close()
		os.Remove(f.temp.Name())
	}
}

var bom = []byte("\uFEFF")

// TrimBOM returns b without a UTF-8 byte order mark at its start.
func TrimBOM(b []byte) []byte { return bytes.TrimPrefix(b, bom) }

// SkipBOM returns a reader of r without a UTF-8 byte order mark at its start.
func SkipBOM(r io.Reader) io.Reader {
	head := make([]byte, len(bom))
	n, err := io.ReadFull(r, head)
	head = head[:n]
	if err != nil {
		return bytes.NewReader(bytes.TrimPrefix(head, bom))
	}
	return io.MultiReader(bytes.NewReader(bytes.TrimPrefix(head, bom)), r)
}

// seekerAt is a ReaderAt that seeks. It is not safe for concurrent use.
type seekerAt struct{ io.ReadSeeker }

func (s seekerAt) ReadAt(b []byte, off int64) (int, error) {
	if _, err := s.Seek(off, io.SeekStart); err != nil {
		return 0, err
	}
	n, err := io.ReadFull(s.ReadSeeker, b)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = io.EOF
	}
	return n, err
}

// ReaderAt returns r as a ReaderAt, which may not be safe for concurrent use.
func ReaderAt(r io.ReadSeeker) io.ReaderAt {
	if at, ok := r.(io.ReaderAt); ok {
		return at
	}
	return seekerAt{r}
}
