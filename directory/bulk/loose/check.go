package loose

import (
	"encoding/json"
	"errors"
	"io"

	"gather/directory"
)

// Check reads JSON documents to their end, to refuse a damaged file before any of
// it is imported. The error is a *directory.Invalid for a file that is cut off,
// not JSON, or nested deeper than directory.MaxDepth.
func Check(r io.Reader) error {
	dec := json.NewDecoder(r)
	depth := 0
	for {
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) && depth == 0 && dec.InputOffset() > 0 {
			return nil
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return directory.InvalidField("", "download the whole file again: nothing was imported", "is cut off: the JSON ends too early, at byte %d", dec.InputOffset())
		}
		if err != nil {
			return directory.InvalidField("", "correct it or download it again: nothing was imported", "is not JSON that can be read: %v (near byte %d)", err, dec.InputOffset())
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
