package bulk

import (
	"encoding/json"
	"strconv"
	"strings"
)

// text is a value that foreign files write as a text, a number or null.
type text string

// UnmarshalJSON takes a text, a number, a truth value or null; of a list or an
// object nothing.
func (t *text) UnmarshalJSON(b []byte) error {
	switch b[0] {
	case '"':
		var s string
		if err := json.Unmarshal(b, &s); err != nil {
			return err
		}
		*t = text(stated(s))
	case '{', '[', 'n':
		*t = ""
	default:
		*t = text(b)
	}
	return nil
}

func (t text) String() string { return string(t) }

// line is the text on one line.
func (t text) line() string { return line(string(t)) }

// number is the number that the text is, nil where it is none.
func (t text) number() *float64 {
	v, err := strconv.ParseFloat(strings.TrimSpace(string(t)), 64)
	if err != nil || v != v {
		return nil
	}
	return &v
}

// elements are the elements of a list, or the value itself where b is none.
func elements(b []byte) (raws []json.RawMessage, err error) {
	if b[0] != '[' {
		return []json.RawMessage{b}, nil
	}
	err = json.Unmarshal(b, &raws)
	return raws, err
}

// many is a list that foreign files also write as one object or null. What in
// it has another form is left out.
type many[T any] []T

// UnmarshalJSON takes a list, one object or null.
func (l *many[T]) UnmarshalJSON(b []byte) error {
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

// maybe is an object that foreign files also write as null or leave out.
type maybe[T any] struct{ value *T }

// UnmarshalJSON takes an object; of anything else nothing.
func (o *maybe[T]) UnmarshalJSON(b []byte) error {
	if b[0] != '{' {
		return nil
	}
	var v T
	if err := json.Unmarshal(b, &v); err != nil {
		return err
	}
	o.value = &v
	return nil
}

// texts is a list of texts that foreign files also write as one, parted by
// commas.
type texts []string

// UnmarshalJSON takes a list of texts or one text; of anything else nothing.
func (t *texts) UnmarshalJSON(b []byte) error {
	raws, err := elements(b)
	if err != nil {
		return err
	}
	for _, raw := range raws {
		var one text
		if err := json.Unmarshal(raw, &one); err != nil {
			return err
		}
		for _, part := range strings.Split(string(one), ",") {
			if part = line(part); part != "" {
				*t = append(*t, part)
			}
		}
	}
	return nil
}

// jsonFault is what is wrong in words, without the names of our types.
func jsonFault(err error) string {
	s := err.Error()
	if _, after, ok := strings.Cut(s, "json: "); ok {
		s = after
	}
	if i := strings.Index(s, " into Go"); i > 0 {
		s = s[:i]
	}
	return s
}
