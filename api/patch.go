package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	jsonpatch "github.com/evanphx/json-patch/v5"

	"gather/directory"
)

// merge returns d with a merge patch (RFC 7396) applied. Its error holds the faults in
// the form of the patch and those that the rules find, all at once.
func (s *server) merge(d directory.Details, patch []byte) (directory.Details, error) {
	form := patchForm(patch)
	for _, f := range faultsOf(form) {
		if f.Field == "" { // not an object that could be merged
			return directory.Details{}, unformed(form)
		}
	}
	now, err := json.Marshal(d)
	if err != nil {
		return directory.Details{}, fmt.Errorf("write the listing as JSON: %w", err)
	}
	merged, err := jsonpatch.MergePatch(now, patch)
	if err != nil {
		return directory.Details{}, fmt.Errorf("merge a patch that was checked: %w", err)
	}
	var out directory.Details
	all := directory.Faults(faultsOf(form))
	all = append(all, faultsOf(directory.Decode(merged, &out))...)
	return out, s.alsoRules(all.Err(), &out)
}

// patchForm checks what merging would hide: a patch must be one JSON object in UTF-8,
// without repeated fields and not nested too deep.
func patchForm(patch []byte) error {
	var fs directory.Faults
	const fix = "send one complete JSON object in UTF-8"
	if !utf8.Valid(patch) {
		fs.Add("", fix, "is not valid UTF-8")
		return fs.Err()
	}
	dec := json.NewDecoder(bytes.NewReader(patch))
	if first, err := dec.Token(); err != nil || first != json.Delim('{') {
		fs.Add("", fix, "is not a JSON object")
		return fs.Err()
	}
	if err := members(dec, "", 1, &fs); err != nil {
		fs.Add("", fix, "is not JSON that can be read: %s", err)
		return fs.Err()
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		fs.Add("", fix, "goes on after the first object")
	}
	return fs.Err()
}

// maxRepeated bounds how many repeated fields are reported.
const maxRepeated = 20

// members reads the rest of an object and adds a fault for each repeated field.
func members(dec *json.Decoder, path string, depth int, fs *directory.Faults) error {
	seen := map[string]bool{}
	for dec.More() {
		tok, err := dec.Token()
		if err != nil {
			return cut(err)
		}
		name, _ := tok.(string)
		field := name
		if path != "" {
			field = path + "." + name
		}
		if seen[name] && len(*fs) < maxRepeated {
			fs.Add(directory.Quote(field), "send it once", "is there twice")
		}
		seen[name] = true
		if err := member(dec, field, depth, fs); err != nil {
			return err
		}
	}
	_, err := dec.Token()
	return cut(err)
}

// member reads one value.
func member(dec *json.Decoder, path string, depth int, fs *directory.Faults) error {
	tok, err := dec.Token()
	switch {
	case err != nil:
		return cut(err)
	case depth > directory.MaxDepth:
		return fmt.Errorf("it is nested more than %d deep", directory.MaxDepth)
	case tok == json.Delim('{'):
		return members(dec, path, depth+1, fs)
	case tok == json.Delim('['):
		for i := 0; dec.More(); i++ {
			if err := member(dec, fmt.Sprintf("%s[%d]", path, i), depth+1, fs); err != nil {
				return err
			}
		}
		_, err := dec.Token()
		return cut(err)
	}
	return nil
}

func cut(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("it ends too early")
	}
	return err
}
