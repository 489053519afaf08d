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
	"unicode/utf8"
)

// MaxDepth is how deep arrays and objects may be nested in what is sent. The
// deepest field of a listing is at depth 5.
const MaxDepth = 20

// MaxList is how many entries a list may have in what is sent: twice the longest
// that the rules let through. Without it the lists that fit into a body of 1 MiB
// would take a hundred times as much memory before a rule could count them.
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
	if len(bytes.TrimSpace(data)) == 0 {
		fs.Add("", "send one JSON object", "is empty")
		return fs.Err()
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	r := shapeReader{dec: dec, faults: &fs}
	err := r.value("", reflect.TypeOf(v).Elem(), 0)
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

func jsonTrouble(err error, offset int64) string {
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return "it ends too early"
	}
	return fmt.Sprintf("%s (near byte %d)", err, offset)
}

var errStopped = errors.New("the faults say why no more was read")

// shapeReader walks JSON tokens beside a Go type.
type shapeReader struct {
	dec    *json.Decoder
	faults *Faults
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
				if err := r.fault(Quote(field), unknownFix(name, fields), "is not a field that can be sent here"); err != nil {
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

// listName is a list as a sentence names it.
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
			if _, err := time.Parse(time.RFC3339, tok); err != nil {
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

// wanted names a type in plain words.
func wanted(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "a text in quotes"
	case reflect.Bool:
		return "true or false"
	case reflect.Float64:
		return "a number"
	case reflect.Int, reflect.Int64:
		return "a whole number"
	case reflect.Slice:
		return "a list"
	}
	if t == timeType {
		return "a date and time in quotes"
	}
	return "an object"
}

// readOnly are the fields of an Activity or Group that only the directory
// sets; people send them back when they edit what they read.
var readOnly = []string{"id", "group", "group_name", "rev", "change", "status", "created", "updated", "checked", "located", "session_changes", "edited_here", "outcode", "district", "district_name"}

func unknownFix(name string, fields map[string]reflect.Type) string {
	for _, r := range readOnly {
		if r == name {
			return "leave it out: only the directory sets it"
		}
	}
	for known := range fields {
		if strings.EqualFold(known, name) || strings.EqualFold(strings.ReplaceAll(known, "_", ""), strings.ReplaceAll(name, "-", "")) {
			return "write " + known
		}
	}
	return "leave it out"
}

// timeType is a struct whose fields are not JSON's: it is a text there.
var timeType = reflect.TypeFor[time.Time]()

// jsonFields are the fields of a struct by their JSON names, those of embedded
// structs among them.
func jsonFields(t reflect.Type) map[string]reflect.Type {
	fields := map[string]reflect.Type{}
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if !f.IsExported() || f.Anonymous || name == "" || name == "-" {
			continue
		}
		fields[name] = f.Type
	}
	return fields
}
