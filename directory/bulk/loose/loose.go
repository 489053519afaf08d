// Package loose has types for JSON that is not as its standard says: numbers as
// texts, one object instead of a list, null for nothing.
package loose

import (
	"encoding/json"
	"strconv"
	"strings"

	"gather/directory/bulk/freetext"
)

// Text is a value that foreign files write as a text, a number or null.
type Text string

// UnmarshalJSON takes a text, a number, a truth value or null; of a list or an
// object nothing.
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

// Line is the text on one line.
func (t Text) Line() string { return freetext.Line(string(t)) }

// Number is the number that the text is, nil where it is none.
func (t Text) Number() *float64 {
	v, err := strconv.ParseFloat(strings.TrimSpace(string(t)), 64)
	if err != nil || v != v {
		return nil
	}
	return &v
}

// Elements are the elements of a list, or the value itself where b is none.
func Elements(b []byte) (raws []json.RawMessage, err error) {
	if b[0] != '[' {
		return []json.RawMessage{b}, nil
	}
	err = json.Unmarshal(b, &raws)
	return raws, err
}

// Many is a list that foreign files also write as one object or null. What in
// it has another form is left out.
type Many[T any] []T

// UnmarshalJSON takes a list, one object or null.
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

// Maybe is an object that foreign files also write as null or leave out.
type Maybe[T any] struct{ Value *T }

// UnmarshalJSON takes an object; of anything else nothing.
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

// Texts is a list of texts that foreign files also write as one, parted by
// commas.
type Texts []string

// UnmarshalJSON takes a list of texts or one text; of anything else nothing.
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

// Fault is what is wrong in words, without the names of our types.
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
