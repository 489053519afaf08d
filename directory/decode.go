package directory

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"
)

// MaxDepth is how deep arrays and objects may be nested in a request. The
// deepest field of a listing is at depth 5.
const MaxDepth = 20

// MaxList is how many entries a list may have in a request: twice the longest
// that the rules allow. Without this limit the lists that fit into a body of
// 1 MiB would take a hundred times as much memory before a rule counts them.
const MaxList = 1000

// Decode reads one JSON value into v, a pointer to a struct, and finds every
// fault of its form at once: unknown and repeated fields, wrong types, nesting
// beyond MaxDepth, lists longer than MaxList, text that is not UTF-8, anything
// after the value. The error is an *Invalid; v then holds what could be read, so
// that its rules can be checked too: nothing, where there is a fault of no field.
// Field names are matched exactly.
func Decode(data []byte, v any) error {
	var fs Faults
	if !utf8.Valid(data) {
		fs.Add("", "send UTF-8", "is not valid UTF-8")
		return fs.Err()
	}
	if at := loneSurrogate(data); at >= 0 {
		fs.Add("", "send the character itself, in UTF-8", "has half of a character at byte %d: %s", at, data[at:at+len(`\ud800`)])
		return fs.Err()
	}
	if len(bytes.TrimSpace(data)) == 0 {
		fs.Add("", "send one JSON object", "is empty")
		return fs.Err()
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	r := shapeReader{dec: dec, root: reflect.TypeOf(v).Elem(), faults: &fs}
	err := r.value("", r.root, 0)
	if err == nil {
		if _, err = dec.Token(); err == nil {
			err = errors.New("there is something after the first value")
		} else if errors.Is(err, io.EOF) {
			err = nil
		}
	}
	if err != nil && !errors.Is(err, errStopped) {
		fs.Add("", "send one complete JSON object", "is not JSON that can be read: %s", jsonTrouble(err, dec.InputOffset()))
	}
	if err != nil {
		return fs.Err()
	}
	if err := json.Unmarshal(data, v); err != nil && len(fs) == 0 {
		fs.Add("", "send the documented types", "cannot be read: %s", strings.TrimPrefix(err.Error(), "json: "))
	}
	return fs.Err()
}

// loneSurrogate returns the offset of an escape that is half of a surrogate pair
// (\ud800) without the other half, or -1. Package json would read it as U+FFFD.
func loneSurrogate(data []byte) int {
	unit := func(i int) (rune, bool) {
		if i+6 > len(data) || data[i] != '\\' || data[i+1] != 'u' {
			return 0, false
		}
		n, err := strconv.ParseUint(string(data[i+2:i+6]), 16, 16)
		return rune(n), err == nil
	}
	for i := 0; i < len(data); i++ {
		if data[i] != '\\' {
			continue
		}
		if r, ok := unit(i); ok && utf16.IsSurrogate(r) {
			low, _ := unit(i + 6)
			if utf16.DecodeRune(r, low) == utf8.RuneError {
				return i
			}
			i += 6
		}
		i++ // what is escaped
	}
	return -1
}

// Writable reports whether t can be written as RFC 3339 in UTC: its year has four
// digits.
func Writable(t time.Time) bool { year := t.UTC().Year(); return year >= 1 && year <= 9999 }

func jsonTrouble(err error, offset int64) string {
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return "it ends too early"
	}
	return fmt.Sprintf("%s (near byte %d)", err, offset)
}

// errStopped means that faults already say why nothing more was read.
var errStopped = errors.New("too many faults")

// shapeReader compares JSON tokens with a Go type.
type shapeReader struct {
	dec    *json.Decoder
	root   reflect.Type
	faults *Faults
	// guesses counts the searches for a likely field, as in check.
	guesses int
}

func (r *shapeReader) fault(field, fix, format string, args ...any) error {
	r.faults.Add(field, fix, format, args...)
	if r.faults.full() {
		return errStopped
	}
	return nil
}

// value reads one value where a t is expected; a nil t means that any will do.
func (r *shapeReader) value(path string, t reflect.Type, depth int) error {
	tok, err := r.dec.Token()
	if err != nil {
		return err
	}
	if depth > MaxDepth {
		return fmt.Errorf("it is nested more than %d deep", MaxDepth)
	}
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if d, ok := tok.(json.Delim); ok {
		if d == '{' {
			return r.object(path, t, depth)
		}
		return r.array(path, t, depth)
	}
	return r.scalar(path, t, tok)
}

func (r *shapeReader) object(path string, t reflect.Type, depth int) error {
	var fields map[string]reflect.Type
	var element reflect.Type
	switch {
	case t == nil:
	case t.Kind() == reflect.Struct && t != timeType:
		fields = jsonFields(t)
	case t.Kind() == reflect.Map:
		element = t.Elem()
	default:
		if err := r.fault(path, "send "+wanted(t), "is an object"); err != nil {
			return err
		}
		t = nil
	}
	seen := map[string]bool{}
	for r.dec.More() {
		tok, err := r.dec.Token()
		if err != nil {
			return err
		}
		name, _ := tok.(string)
		field := at(path, name)
		if seen[name] {
			if err := r.fault(Quote(field), "send it once", "is there twice"); err != nil {
				return err
			}
		}
		seen[name] = true
		inner := element
		if fields != nil {
			known, ok := fields[name]
			if !ok {
				if err := r.fault(Quote(field), r.unknownFix(name, fields), "is not a field that can be sent here"); err != nil {
					return err
				}
			}
			inner = known
		}
		if err := r.value(field, inner, depth+1); err != nil {
			return err
		}
	}
	_, err := r.dec.Token()
	return err
}

func (r *shapeReader) array(path string, t reflect.Type, depth int) error {
	var inner reflect.Type
	switch {
	case t == nil:
	case t.Kind() == reflect.Slice:
		inner = t.Elem()
	default:
		if err := r.fault(path, "send "+wanted(t), "is a list"); err != nil {
			return err
		}
	}
	for i := 0; r.dec.More(); i++ {
		if i == MaxList {
			r.faults.Add("", fmt.Sprintf("send at most %d entries in a list", MaxList), "%s is longer", listName(path))
			return errStopped
		}
		if err := r.value(nth(path, i), inner, depth+1); err != nil {
			return err
		}
	}
	_, err := r.dec.Token()
	return err
}

// listName returns the name of a list for a sentence.
func listName(path string) string {
	if path == "" {
		return "the list"
	}
	return Quote(path)
}

func (r *shapeReader) scalar(path string, t reflect.Type, tok json.Token) error {
	if t == nil {
		return nil
	}
	switch tok := tok.(type) {
	case nil:
		return r.fault(path, "leave it out when there is nothing to say", "is null")
	case string:
		if t == timeType {
			if at, err := time.Parse(time.RFC3339, tok); err != nil || !Writable(at) {
				return r.fault(path, "send a date and time with its offset, such as 2026-12-01T10:00:00Z", "%q is not a date and time", Quote(tok))
			}
			return nil
		}
		if t.Kind() != reflect.String {
			return r.fault(path, "send "+wanted(t), "is a text")
		}
	case bool:
		if t.Kind() != reflect.Bool {
			return r.fault(path, "send "+wanted(t), "is %v", tok)
		}
	case json.Number:
		switch t.Kind() {
		case reflect.Float64:
			if _, err := tok.Float64(); err != nil {
				return r.fault(path, "send a smaller number", "is out of range")
			}
		case reflect.Int, reflect.Int64:
			if _, err := strconv.ParseInt(tok.String(), 10, 32); err != nil {
				return r.fault(path, "send a whole number within two thousand million", "is %s", Quote(tok.String()))
			}
		default:
			return r.fault(path, "send "+wanted(t), "is a number")
		}
	}
	return nil
}
