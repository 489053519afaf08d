// Package loose has types for JSON that departs from its standard: numbers as
// strings, one object instead of a list, null for an empty value.
package loose

import (
	"encoding/json"
	"strconv"
	"strings"

	"gather/directory/bulk/freetext"
)

// Text is a value that files write as a string, a number or null.
type Text string

// UnmarshalJSON accepts a string, a number, a boolean or null. A list or an object
// becomes an empty Text.
func (t *Text) UnmarshalJSON(b []byte) error {
	switch b[0] {
	case '"':
		var s string
		if err := json.Unmarshal(b, &s); err != nil {
			return err
		}
		*t = Text(freetext.Stated(s))
	case '{', '[', 'n':
		*t = ""
	default:
		*t = Text(b)
	}
	return nil
}

func (t Text) String() string { return string(t) }

// Line returns the text on one line.
func (t Text) Line() string { return freetext.Line(string(t)) }

// Number returns the number in the text, nil if it is none.
func (t Text) Number() *float64 {
	v, err := strconv.ParseFloat(strings.TrimSpace(string(t)), 64)
	if err != nil || v != v {
		return nil
	}
	return &v
}

// Elements returns the elements of a list, or the value itself if b is not a list.
func Elements(b []byte) (raws []json.RawMessage, err error) {
	if b[0] != '[' {
		return []json.RawMessage{b}, nil
	}
	err = json.Unmarshal(b, &raws)
	return raws, err
}

// Many is a list that files also write as one object or null. Elements of another
// form are left out.
type Many[T any] []T

// UnmarshalJSON accepts a list, one object or null.
func (l *Many[T]) UnmarshalJSON(b []byte) error {
	var raws []json.RawMessage
	if b[0] == '[' {
		if err := json.Unmarshal(b, &raws); err != nil {
			return err
		}
	} else if b[0] == '{' {
		raws = []json.RawMessage{b}
	}
	for _, raw := range raws {
		var v T
		if json.Unmarshal(raw, &v) == nil {
			*l = append(*l, v)
		}
	}
	return nil
}

// Maybe is an object that files also write as null or leave out.
type Maybe[T any] struct{ Value *T }

// UnmarshalJSON accepts an object, and ignores anything else.
func (o *Maybe[T]) UnmarshalJSON(b []byte) error {
	if b[0] != '{' {
		return nil
	}
	var v T
	if err := json.Unmarshal(b, &v); err != nil {
		return err
	}
	o.Value = &v
	return nil
}

// Texts is a list of strings that files also write as one string, separated by
// commas.
type Texts []string

// UnmarshalJSON accepts a list of strings or one string, and ignores anything else.
func (t *Texts) UnmarshalJSON(b []byte) error {
	raws, err := Elements(b)
	if err != nil {
		return err
	}
	for _, raw := range raws {
		var one Text
		if err := json.Unmarshal(raw, &one); err != nil {
			return err
		}
		for _, part := range strings.Split(string(one), ",") {
			if part = freetext.Line(part); part != "" {
				*t = append(*t, part)
			}
		}
	}
	return nil
}

// Fault is the text of an error of encoding/json without names of Go types.
func Fault(err error) string {
	s := err.Error()
	if _, after, ok := strings.Cut(s, "json: "); ok {
		s = after
	}
	if i := strings.Index(s, " into Go"); i > 0 {
		s = s[:i]
	}
	return s
}
